"""The rulebook as a regulation: whole, in words, and honest about what the source doesn't say."""

import pytest

from pioneer.rulebook.regulation import Article, Row, chapters
from pioneer.scoring import load_text
from tests.rulebook.conftest import TEXT, changed

pytestmark = pytest.mark.pure


def read(text: str = TEXT):
    rulebook = load_text(text).rulebook
    assert rulebook is not None
    return rulebook, chapters(rulebook)


def rows(text: str = TEXT) -> dict[str, Row]:
    return {row.code: row for chapter in read(text)[1] for article in chapter.articles for row in article.rows}


def articles(text: str = TEXT) -> list[Article]:
    return [article for chapter in read(text)[1] for article in chapter.articles]


def test_it_has_the_chapters_of_a_regulation() -> None:
    assert [f"{one.number} {one.title}" for one in read()[1]] == [
        "第一章 总则",
        "第二章 正向指数",
        "第三章 反向指数",
        "第四章 清零指数",
        "第五章 等次",
        "第六章 程序",
    ]


def test_every_indicator_stands_in_it_with_its_marks() -> None:
    rulebook, _ = read()
    found = rows()
    assert list(found) == list(rulebook.indicators)
    for code, row in found.items():
        assert row.item_assumed == (rulebook.indicators[code].provenance == "assumed")
        assert row.value_assumed == (rulebook.indicators[code].points_provenance == "assumed")


def test_every_parameter_of_the_procedure_is_told() -> None:
    rulebook, _ = read()
    said = "".join(sentence.text for article in articles() for sentence in article.sentences)
    for name in rulebook.procedure.__dataclass_fields__:
        parameter = getattr(rulebook.procedure, name)
        assert str(parameter.value) in said and (
            parameter.name in said or name in ("education_validity", "zeroing_answer")
        )


@pytest.mark.parametrize(
    ("code", "value", "caps"),
    [
        ("A1", "每次0.5分", "每月最多2分，每周期最多8分"),
        ("A5", "每次2至5分，写明理由后确定", "每周期最多10分"),
        ("A6", "村/社区1分，乡镇/街道2分，区3分，市4分，省及以上5分；同一件事就高计一次", "每周期最多10分"),
        ("B2", "每小时0.5分，不足的按比例计，一次最多2分", "每月最多4分，每周期最多12分"),
        ("C2", "每户2分，按整数计", "每周期最多8分"),
        ("N7", "每次减0.5分", ""),
        ("Z1", "", ""),
    ],
)
def test_a_value_reads_in_words(code: str, value: str, caps: str) -> None:
    assert (rows()[code].value, rows()[code].caps) == (value, caps)


def test_conditions_are_told() -> None:
    assert rows()["N1"].conditions[:3] == ("须先有教育记录", "须经支部委员会决定", "须记录原话")
    assert rows()["N11"].conditions[:1] == ("须先有提醒记录",)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ('{ shape = "fixed", points = 1, by_track = { rural = 2 } }', "农村2分"),
        (
            '{ shape = "cumulative", unit = "小时", steps = [{ from = 10, points = 2 }, { from = 50, points = 10 }] }',
            "累计满10小时2分，满50小时10分；达到高一档的，替换而不累加",
        ),
        (
            '{ shape = "brackets", unit = "元", steps = [{ from = 100, points = 1 }, { from = 500, points = 3 }] }',
            "满100元1分，满500元3分",
        ),
    ],
)
def test_other_shapes_read_in_words(shape: str, said: str) -> None:
    text = changed(('value = { shape = "fixed", points = 0.5 }', f"value = {shape}"))
    outcome = load_text(text)
    assert outcome.rulebook is not None, outcome.mistakes
    assert said in rows(text)["A1"].value


def test_a_deduction_by_its_time_reads_in_words() -> None:
    text = changed(
        ('shape = "fixed", points = 2 }\nwording = "无故', 'shape = "nth", points = [1, 2] }\nwording = "无故')
    )
    assert rows(text)["N2"].value == "第1次减1分，第2次减2分，此后同末次"


def test_other_rules_read_in_words() -> None:
    text = changed(
        ("points = 70", "points = 70\nby_track = { rural = 60 }\ninherited_share = 0.2\ninherited_without = 14"),
        ('name = "正向指数"', 'name = "正向指数"\ncap = 40'),
        ('repeat = "none"', 'repeat = "double"'),
    )
    said = "".join(sentence.text for article in articles(text) for sentence in article.sentences)
    for words in ("农村60分，其余70分，另加上一周期得分的20%", "全部加分每周期最多计40分", "加倍扣分"):
        assert words in said
