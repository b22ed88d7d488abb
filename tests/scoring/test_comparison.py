"""Two rulebooks side by side: every key of the format speaks when it changes, in plain words, and nothing else does."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pioneer.scoring import schema
from pioneer.scoring.comparison import Difference, compare
from pioneer.scoring.writing import format_text, read_content
from tests.scoring.conftest import RULEBOOK, changed
from tests.scoring.everything import SHIPPED, contents
from tests.scoring.test_schema import tables

pytestmark = pytest.mark.pure


def sentences(*replacements: tuple[str, str]) -> list[str]:
    """What a change of the shipped rulebook reads like."""
    return [row.sentence for row in compare(read_content(RULEBOOK.read_bytes()), read_content(changed(*replacements)))]


def test_a_change_reads_as_a_sentence() -> None:
    assert sentences(
        ("months = 12\n", "months = 6\n"),
        ("points = 70\n", "points = 60\nby_track = { rural = 65 }\n"),
        ('caps = { year = 10 }\nwording = "参加急难险重任务"', 'caps = { year = 8 }\nwording = "急难险重任务"'),
        ('"per_unit", points = 2, unit = "个月", whole = true, default = 1 }', '"fixed", points = 2 }'),
        ('{ code = "city", name = "市", points = 4', '{ code = "city", name = "市", points = 4.5'),
        ("lower = 90\n", "lower = 88.5\n"),
        ('name = "公示期"\nvalue = 5\nunit = "working_days"', 'name = "公示期"\nvalue = 7\nunit = "days"'),
    ) == [
        "周期 月数 12个月 → 6个月",
        "基本指数 基本分 70分 → 60分",
        "基本指数 分类别基本分 没有 → 农村65分",
        "A5 每年上限 10分 → 8分",
        "A5 公示用语 “参加急难险重任务” → “急难险重任务”",
        "A6 级别“市” 该级分值 4分 → 4.5分",
        "N4 分值形式 每个月2分，数量须为整数，不写数量按1个月计 → 每次2分",
        "等次“90分及以上” 下限 90分 → 88.5分",
        "公示期 数值 5个工作日 → 7天",
        "公示期 单位 个工作日 → 天",
    ]  # fmt: skip


def test_rows_that_come_and_go_are_told_whole() -> None:
    old = read_content(RULEBOOK.read_bytes())
    new = read_content(RULEBOOK.read_bytes())
    (gone,) = [row for row in new["reverse"] if row["code"] == "N12"]
    new["reverse"].remove(gone)
    new["positive"].append({**new["positive"][8], "code": "C7", "name": "夜间巡逻"})
    come, left = compare(old, new)
    assert come.sort == "added" and come.chapter == "正向指标"
    assert come.sentence.startswith(
        "新增正向指标 C7“夜间巡逻”：方面“带头联系服务群众”；分值 每小时0.5分，一次最多2分；封顶 每月最多4分"
    )
    assert left.sort == "removed" and left.sentence.startswith("删去反向指标 N12“大操大办、铺张浪费”：分值 每次3分；")
    new["tiers"].reverse()
    assert compare(old, new)[-1].what == "等次的次序"


def test_what_means_the_same_is_no_difference() -> None:
    for file in SHIPPED:
        content = read_content(file.read_bytes())
        assert compare(content, read_content(format_text(content))) == ()
    old, new = contents()[0], contents()[0]
    new["tiers"][2]["consequence"] = ""
    new["quotas"][1]["of"] = "full"
    new["aspects"][1] |= {"cap_on": "additions", "cap_provenance": "source"}
    new["positive"][1]["caps"] = {"year": Decimal("12.0"), "month": 4}
    new["positive"][0]["tracks"].reverse()
    new["people"]["untiered"].reverse()
    assert compare(old, new) == ()


def other(key: schema.Key, value: Any) -> Any:
    """Another value of the same kind."""
    if key.kind in ("points", "whole"):
        return value + 1
    if key.kind == "flag":
        return not value
    if key.kind == "day":
        return value + timedelta(days=1)
    if key.kind in ("choice", "choices"):
        words = [choice.word for choice in key.choices]
        return [words[-1]] if key.kind == "choices" else next((word for word in words if word != value), "other")
    if key.kind in ("words", "references"):
        return [*value, "别的"]
    if key.kind == "points_list":
        return [*value, 9]
    if key.kind == "points_by_track":
        return {name: amount + 1 for name, amount in value.items()}
    return "2/3" if key.kind == "share" else f"{value}X"


def lines(old: dict[str, Any], new: dict[str, Any]) -> tuple[Difference, ...]:
    """The differences, each with something to say."""
    found = compare(old, new)
    for row in found:
        assert row.sentence and row.before != row.after, row
    return found


PARTS = ("code", "name", "tier", "end", "shape", "cycle", "from", "caps")  # told by the row or the windows they make


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("number", [0, 1])
def test_every_key_of_the_schema_appears_when_it_changes_or_goes(number: int, gone: bool) -> None:
    seen = set()
    for path, table in tables(contents()[number]):
        for key in schema.keys_of(path, contents()[number]):
            if key.name not in table:
                continue
            new = contents()[number]
            here: Any = new
            for part in path:
                here = here[part]
            if gone:
                del here[key.name]
            elif key.kind in ("value", "rows", "points_by_window"):
                here[key.name] = {} if key.kind != "rows" else []
            else:
                here[key.name] = other(key, here[key.name])
            found = lines(contents()[number], new)
            if gone and (key.follows or table[key.name] == key.default):
                continue
            assert found and found[0].chapter, (path, key.name)
            seen.add(key.name)
            said = " ".join(row.sentence for row in found)
            assert key.label in said or key.name in PARTS, (path, key.name, said)
    assert seen >= {"cap", "untiered", "every", "share", "factor", "aliases", "deductions", "valid_to", "unit"}


def test_tables_that_come_and_go_and_strangers_are_told() -> None:
    old, new = contents()[0], contents()[0]
    del new["supplement"]
    new["procedure"]["novelty"] = {"value": 1}
    new["novel"] = 1
    new["meta"]["odd"] = 1
    said = [row.sentence for row in lines(old, new)]
    assert said[0] == "办法 odd 没有 → 1"
    assert said[1].startswith("删去支部补充：指标数 3个；一次最多 2分；合计封顶 每日最多2分、每周最多2分")
    assert said[2:] == ["procedure.novelty 没有 → {'value': 1}", "novel 没有 → 1"]


def test_contents_with_mistakes_are_compared_too() -> None:
    old, new = contents()[0], contents()[0]
    old["positive"][0]["value"] = 3
    old["positive"].append(old["positive"][0])
    new["meta"]["valid_from"] = "soon"
    new["meta"]["name"] = 7
    new["tracks"] = 1
    new["positive"][1]["caps"] = []
    new["positive"][3]["value"]["steps"] = [1, {"points": "x"}]
    new["quotas"][0]["share"] = [date(2026, 1, 1)]
    assert lines(old, new)
