"""Drafts that differ from the shipped rulebook in everything a dry run must cope with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pioneer.scoring import Rulebook, load_text
from pioneer.scoring.writing import format_text, read_content
from tests.scoring.conftest import RULEBOOK

Content = dict[str, Any]


def row(content: Content, code: str) -> Content:
    for index in ("positive", "reverse", "zeroing"):
        for one in content[index]:
            if one["code"] == code:
                return dict_of(one)
    raise KeyError(code)


def dict_of(one: Any) -> Content:
    assert isinstance(one, dict)
    return one


def draft(*changes: Callable[[Content], None]) -> Rulebook:
    """The shipped rulebook, changed."""
    return load(text_of(*changes))


def load(text: str) -> Rulebook:
    outcome = load_text(text)
    assert outcome.rulebook is not None, [str(mistake) for mistake in outcome.mistakes]
    return outcome.rulebook


def text_of(*changes: Callable[[Content], None]) -> str:
    content = read_content(RULEBOOK.read_text(encoding="utf-8"))
    for change in changes:
        change(content)
    return format_text(content)


SOURCE = {"clause": "第三条", "provenance": "assumed"}


def lower_opening(content: Content) -> None:
    content["opening"]["points"] = 65
    row(content, "A1")["caps"] = {"month": 1, "year": 6}


def without_b1(content: Content) -> None:
    content["positive"] = [one for one in content["positive"] if one["code"] != "B1"]


def other_shapes(content: Content) -> None:
    row(content, "A1")["value"] = {"shape": "nth", "points": [1, 0.5, 0.25]}
    row(content, "B2")["value"] = {
        "shape": "cumulative", "unit": "小时", "steps": [{"from": 2, "points": 1}, {"from": 8, "points": 5}],
    }  # fmt: skip
    row(content, "B5")["value"] = {"shape": "per_unit", "points": 0.75, "unit": "次", "default": 1}
    row(content, "A3")["value"] = {"shape": "per_unit", "points": 1, "unit": "天"}
    row(content, "A5")["value"] = {"shape": "range", "min": 3, "max": 4}
    row(content, "A6")["value"] = {"shape": "ladder", "steps": [{"code": "district", "name": "区", "points": 4}]}
    row(content, "B4")["tracks"] = ["rural"]
    row(content, "N2")["prior"] = "education"
    row(content, "N4")["decision"] = True
    for code in ("N2", "N4"):
        row(content, code).pop("proposed_from", None)  # which proposes neither a record nor a decision
    content["indices"]["reverse"]["repeat"] = "double"


def by_quarter(content: Content) -> None:
    content["result"] = {"method": "mean", "period": "quarter", "floor": 10, "ceiling": 100, **SOURCE}
    content["opening"]["period"] = "quarter"
    for aspect in content["aspects"]:
        aspect["cap_period"] = "quarter"
        aspect["cap"] = 6


def crowded(content: Content) -> None:
    content["groups"] = [
        {
            "code": "g",
            "name": "学习与服务",
            "indicators": ["A1", "B2", "B5"],
            "caps": {"month": 2, "quarter": 5},
            **SOURCE,
        },
        {"code": "h", "name": "议事", "indicators": ["A3", "A4"], "caps": {"year": 3}, **SOURCE},
    ]
    content["indices"]["positive"]["cap"] = 15
    content["indices"]["reverse"]["cap"] = 4
    content["clamp"]["ceiling"] = 84


def pooled(content: Content) -> None:
    content["opening"]["points"] = 60
    content["pools"] = [{"code": "p", "name": "组织生活", "points": 10, "floor": 7, "period": "cycle", **SOURCE}]
    for code in ("N2", "N4", "N7"):
        row(content, code)["pool"] = "p"


def rationed(content: Content) -> None:
    best, lowest = content["tiers"][0]["code"], content["tiers"][-1]["code"]
    how = {"of": "full", "rounding": "half_up", "ties": "above", **SOURCE}
    content["quotas"] = [
        {"tier": best, "share": "1/10", "end": "top", **how},
        {"tier": lowest, "share": "1/20", "end": "bottom", **how, "of": "all", "ties": "below"},
    ]
    content["alarms"] = [
        {
            "code": "w",
            "name": "预警",
            "deductions": 2,
            "period": "quarter",
            "tier_at_most": "t60",
            "consequence": "谈话",
            **SOURCE,
        }
    ]


def voiding(content: Content) -> None:
    for code in ("N2", "N7"):
        row(content, code)["voids"] = "event"


def reaching_back(content: Content) -> None:
    """Streaks over the cycles before, a share of the former score, and marks from outside the points."""
    content["streaks"] = [
        {"code": "low", "name": "连续两年不合格", "at_most": "t0", "cycles": 2, "consequence": "劝退", **SOURCE},
        {"code": "fair", "name": "连续三年合格以下", "at_most": "t60", "cycles": 3, "consequence": "谈话", **SOURCE},
        {"code": "high", "name": "连续三年良好以上", "at_least": "t80", "cycles": 3, "consequence": "表扬", **SOURCE},
    ]
    content["opening"] |= {"points": 35, "inherited_share": 0.25, "inherited_without": 20}
    content["components"] = [
        {"code": "M", "name": "民主评议", "max": 100, "weight": 0.2, **SOURCE},
        {"code": "E", "name": "考试", "max": 10, "weight": 0.5, "without": 1.5, "several": "mean", **SOURCE},
    ]


DRAFTS: dict[str, Rulebook] = {
    "the same": draft(),
    "a lower opening": draft(lower_opening),
    "one indicator less": draft(without_b1),
    "other shapes": draft(other_shapes),
    "by quarter": draft(by_quarter),
    "crossing caps": draft(crowded),
    "pools": draft(pooled),
    "quotas and alarms": draft(rationed),
    "events void for everybody": draft(voiding),
    "reaching back": draft(reaching_back),
    "everything at once": draft(lower_opening, without_b1, other_shapes, crowded, pooled, rationed, voiding),
}
