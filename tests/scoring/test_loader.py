"""The loader: the shipped rulebook word for word, every mistake as a sentence, and never a traceback."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from pioneer.scoring import Mistake, Rulebook, load_path, load_text, show
from tests.scoring.conftest import RULEBOOK, changed

pytestmark = pytest.mark.pure

B5 = 'name = "为群众办好事实事"\naspect = "B"\nvalue = { shape = "fixed", points = 1 }\ncaps = { month = 3, year = 12 }'


FIXED = 'value = { shape = "fixed", points = 1 }\n'


def b5(new: str) -> tuple[str, str]:
    return (B5, f'name = "为群众办好事实事"\naspect = "B"\n{new}')


def test_the_shipped_rulebook_has_neither_mistakes_nor_traps() -> None:
    outcome = load_path(RULEBOOK.parent)
    assert (outcome.mistakes, outcome.warnings) == ((), ())
    assert outcome == load_path(RULEBOOK) == load_text(RULEBOOK.read_bytes())


def test_the_shipped_rulebook_is_the_table(rulebook: Rulebook) -> None:
    assert [len(rulebook.of_index(index)) for index in ("positive", "reverse", "zeroing")] == [20, 13, 5]
    assert (rulebook.opening.points, rulebook.clamp.floor, rulebook.clamp.ceiling) == (7000, 0, None)
    assert [(tier.code, tier.lower) for tier in rulebook.tiers] == [
        ("t90", 9000),
        ("t80", 8000),
        ("t60", 6000),
        ("t0", 0),
    ]
    assert [aspect.cap for aspect in rulebook.aspects] == [2000, 2000, 2000]
    from_source = {row.code for row in rulebook.indicators.values() if row.provenance == "source"}
    assert from_source == {
        *("B5", "C1", "C2", "C3", "C4", "C5", "C6", "N1", "N2", "N3", "N4", "N5", "N6", "N10", "Z1", "Z2", "Z3"),
    }
    assert {row.points_provenance for row in rulebook.indicators.values() if row.index != "zeroing"} == {"assumed"}
    assert rulebook.procedure.publication_window.value == 5
    assert (rulebook.cadence.declaration.every, rulebook.cadence.announcement.by) == ("week", "community")
    assert all(row.wording and row.clause for row in rulebook.indicators.values())


MISTAKES = [
    (("points = 70\n", ""), "opening.points", "缺少“points”，请补填"),
    (("points = 70\n", "points = 70.005\n"), "opening.points", "“70.005”超过两位小数"),
    (("points = 70\n", "points = -70\n"), "opening.points", "不能为负数"),
    (("points = 70\n", 'points = "70"\n'), "opening.points", "须为数字，不加引号"),
    (("points = 70\n", "points = inf\n"), "opening.points", "不是数字"),
    (("points = 70\n", "points = 70\nbonus = 1\n"), "opening.bonus", "不认识“bonus”这一项"),
    (("points = 70\n", "points = 70\nby_track = { city = 1 }\n"), "opening.by_track.city", "没有类别“city”"),
    (("points = 70\n", "points = 70\ninherited_share = 20\n"), "opening.inherited_share", "须在0至1之间"),
    (("floor = 0\n", "floor = 80\n"), "opening.points", "基本分70分低于最低分80分"),
    (("floor = 0\n", "floor = 0\nceiling = 60\n"), "opening.points", "基本分70分高于最高分60分"),
    (("valid_from = 2019-01-01", 'valid_from = "2019-01-01"'), "meta.valid_from", "须为日期"),
    (("valid_from = 2019-01-01", "valid_from = 2019-01-01\nvalid_to = 2018-12-31"), "meta.valid_to", "早于起始日"),
    (("months = 12\n", "months = 5\n"), "cycle.months", "周期须为3、6或12个月"),
    (("start_month = 1\n", "start_month = 13\n"), "cycle.start_month", "不在1至12之间"),
    (('code = "community"\nname = "社区"', 'code = "rural"\nname = "社区"'), "tracks[2].code", "编号“rural”写了两次"),
    (b5('value = { shape = "fixed" }'), "positive[12].value.points", "缺少“points”"),
    (b5('value = { shape = "star", points = 1 }'), "positive[12].value.shape", "须为以下之一：fixed、per_unit"),
    (b5('value = { shape = "fixed", points = 1, max = 2 }'), "positive[12].value.max", "不认识“max”这一项"),
    (b5('value = { shape = "range", min = 5, max = 5 }'), "positive[12].value.max", "最高值须大于最低值"),
    (b5('value = { shape = "ladder", steps = [] }'), "positive[12].value.steps", "至少要有一项"),
    (b5('value = { shape = "nth", points = 3 }'), "positive[12].value.points", "须为每次分值的列表"),
    (
        b5('value = { shape = "brackets", unit = "元", steps = [{ from = 5, points = 1 }, { from = 5, points = 2 }] }'),
        "positive[12].value.steps[2].from",
        "由小到大",
    ),
    (
        b5('value = { shape = "cumulative", unit = "时", steps = [{from = 1, points = 2}, {from = 2, points = 1}] }'),
        "positive[12].value.steps[2].points",
        "逐档升高",
    ),
    (b5(FIXED + 'caps = { month = 0.5 }'), "positive[12].caps", "一次也计不满"),
    (b5(FIXED + 'caps = { month = 9, year = 8 }'), "positive[12].caps", "永远不会起作用"),
    (b5(FIXED + 'caps = { moon = 9 }'), "positive[12].caps.moon", "不认识时段“moon”"),
    (b5(FIXED + 'caps = { year = 9, cycle = 9 }'), "positive[12].caps.cycle", "同一时段"),
    (b5(FIXED + 'tracks = ["moon"]'), "positive[12].tracks", "没有类别“moon”"),
    (b5(FIXED + 'prior = "sermon"'), "positive[12].prior", "education、reminder"),
    (b5(FIXED + 'decision = 1'), "positive[12].decision", "须为 true 或 false"),
    (('code = "B6"', 'code = "B5"'), "positive[13].code", "编号“B5”已用于“为群众办好事实事”"),
    (('code = "B6"', 'code = "六"'), "positive[13].code", "须以英文字母开头"),
    (('name = "参与赌博"\n', 'name = "参与赌博"\npool = "morals"\n'), "reverse[5].pool", "没有分池“morals”"),
    (('name = "参与赌博"\n', 'name = "参与赌博"\naspect = "D"\n'), "reverse[5].aspect", "没有方面“D”"),
    (('name = "参与赌博"\n', ""), "reverse[5].name", "缺少“name”"),
    (
        ('name = "参与赌博"\n', 'name = "参与赌博"\ntier_at_most = "t70"\n'),
        "reverse[5].tier_at_most",
        "没有等次“t70”",
    ),
    (("lower = 80\n", "lower = 95\n"), "tiers[2].lower", "由高到低"),
    (("lower = 0\n", "lower = 10\n"), "tiers[4].lower", "0至10分之间没有等次"),
    (("[people]", "[somebody]"), "people", "缺少“people”"),
    (("[people]", "[people]\n[people.more]\n[pools]"), "pools", "写作 [[pools]]"),
    (('"deceased"]', '"deceased", "tired"]'), "people.untiered", "不认识身份“tired”"),
    (("value = 5\nunit = \"years\"", 'value = 5\nunit = "days"'), "procedure.erasure.unit", "须为以下之一：years"),
    (('every = "week"', 'every = "fortnight"'), "cadence.declaration.every", "week、month"),
    (("[procedure.similar_text]", "[procedure.similar_texts]"), "procedure.similar_text", "缺少“similar_text”"),
    (("[people]", '[[groups]]\ncode = "g"\nname = "组"\nindicators = ["B5", "N5"]\ncaps = { year = 3 }\nclause = "x"\n'
      'provenance = "assumed"\n\n[people]'), "groups[1].indicators", "须同属正向指数，或同属反向指数"),
    (("[people]", '[[groups]]\ncode = "g"\nname = "组"\nindicators = ["B5", "B9"]\ncaps = { year = 3 }\nclause = "x"\n'
      'provenance = "assumed"\n\n[people]'), "groups[1].indicators", "没有指标“B9”"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "sentence"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_is_said_with_its_place_and_line(change: tuple[str, str], place: str, sentence: str) -> None:
    text = changed(change)
    outcome = load_text(text)
    assert outcome.rulebook is None
    found = [mistake for mistake in outcome.mistakes if mistake.place == place and sentence in mistake.message]
    assert found, [str(mistake) for mistake in outcome.mistakes]
    assert 0 <= found[0].line <= text.count("\n") + 1


def test_the_line_is_the_line_in_the_file() -> None:
    text = changed(('name = "参与赌博"\n', 'name = "参与赌博"\npool = "morals"\n'))
    (mistake,) = load_text(text).mistakes
    assert text.split("\n")[mistake.line - 1] == 'pool = "morals"'
    assert str(mistake) == f"第{mistake.line}行 reverse[5].pool：没有分池“morals”，请先在 [[pools]] 写明或改正"


def test_all_mistakes_come_in_one_run_in_the_order_of_lines() -> None:
    text = changed(("points = 70\n", "points = 70.001\n"), ("lower = 80\n", "lower = -80\n"), ("[people]", "[persons]"))
    mistakes = load_text(text).mistakes
    places = [mistake.place for mistake in mistakes]
    assert {"opening.points", "tiers[2].lower", "people", "persons"} <= set(places)
    assert [mistake.line for mistake in mistakes] == sorted(mistake.line for mistake in mistakes)


@pytest.mark.parametrize(
    "change",
    [
        ('provenance = "source"\n\n[opening]', 'provenance = "heard"\n\n[opening]'),
        ('note = "侧重网格治理、服务居民。"\n\n[opening]', "\n[opening]"),
    ],
)
def test_provenance_is_never_guessed(change: tuple[str, str]) -> None:
    text = RULEBOOK.read_text(encoding="utf-8").replace('provenance = "source"\nnote = "侧重网格', 'note = "侧重网格')
    (mistake,) = load_text(text).mistakes
    assert mistake.place == "tracks[2].provenance" and "请注明 source" in mistake.message


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        (b"\xff\xfe\x00", 1, "不是UTF-8文字"),
        (b'[meta]\nname = "a\n', 2, "请改正后再试"),
        (b"a = 1\na = 2\n", 2, "写了两次"),
        (b"[meta", 1, "不合TOML写法"),
        ("﻿[meta]\n".encode(), 1, "缺少“code”"),
        (b"a = " + b"[" * 5000, 0, ""),
        (b"a = 1" + b"0" * 5000, 0, ""),
        (b"meta = 1\ntracks = 3\nindices = []\npositive = [1]", 1, "须为一张表"),
    ],
)
def test_bytes_that_are_no_rulebook(content: bytes, line: int, sentence: str) -> None:
    mistakes = load_text(content).mistakes
    assert any(sentence in mistake.message and mistake.line == line for mistake in mistakes), mistakes[:3]


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    (mistake,) = load_path(tmp_path).mistakes
    assert "请核对路径" in mistake.message


def test_mutated_files_never_raise() -> None:
    chance = random.Random(7)
    whole = RULEBOOK.read_bytes()
    lines = whole.split(b"\n")
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        load_text(bytes(content))
        kept = lines[:]
        place = chance.randrange(len(kept))
        key = kept[place].split(b"=")[0]
        kept[place] = key + b"= " + chance.choice([b"[]", b"{}", b"1", b'"x"', b"true", b"nan", b"[[1]]", b"1e400"])
        load_text(b"\n".join(kept))
        del kept[chance.randrange(len(kept))]
        outcome = load_text(b"\n".join(kept))
        assert outcome.rulebook is not None or outcome.mistakes


def warnings_of(*changes: tuple[str, str]) -> list[Mistake]:
    outcome = load_text(changed(*changes))
    assert outcome.rulebook is not None, [str(mistake) for mistake in outcome.mistakes]
    return list(outcome.warnings)


def test_traps_in_the_numbers() -> None:
    sixty = [str(row) for row in warnings_of(("points = 70\n", "points = 60\n"))]
    assert any("没有申报、只有一次N7“组织生活迟到、早退”的农村类党员得59.5分，会落入最低等次" in row for row in sixty)
    fifty = [str(row) for row in warnings_of(("points = 70\n", "points = 50\n"))]
    assert any("没有申报、没有扣分的社区类党员得50分，会落入最低等次" in row for row in fifty)
    low = warnings_of(('name = "正向指数"\n', 'name = "正向指数"\ncap = 19\n'))
    assert any("加满也只有89分，达不到最高等次“90分及以上”" in row.message for row in low)
    idle = warnings_of(b5(FIXED + "caps = { month = 1, year = 13 }"))
    assert any("每周期上限13分永远达不到" in row.message for row in idle)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("越级上访", "信访、上访"), ("恶意投诉", "投诉、举报"), ("提出异议", "提出异议"), ("多次申诉", "申诉"),
        ("不安装学习软件", "拒绝使用手机应用"), ("不按时打卡", "拒绝使用手机应用"), ("子女违法", "亲属的行为"),
        ("家属闹事", "亲属的行为"), ("参加宗教活动", "合法的宗教活动或习俗"),
    ],
)  # fmt: skip
def test_forbidden_indicators_are_warned_of_until_answered(name: str, what: str) -> None:
    change = ('name = "大操大办、铺张浪费"\n', f'name = "{name}"\n')
    (warning,) = warnings_of(change)
    assert what in warning.message and warning.place == "reverse[12]" and warning.line > 0
    assert warning.level == "warning"
    answered = (change[0], change[1] + 'answer = "经区委研究，不属此类。"\n')
    assert warnings_of(answered) == []


def test_points_are_shown_without_trailing_zeros() -> None:
    assert [show(points) for points in (0, 50, 150, 155, -200, -5, 10000)] == [
        "0",
        "0.5",
        "1.5",
        "1.55",
        "-2",
        "-0.05",
        "100",
    ]


def test_validity_dates(rulebook: Rulebook) -> None:
    assert rulebook.meta.valid_from == date(2019, 1, 1) and rulebook.meta.valid_to is None
