"""每一处都写进条文 Nothing of a rulebook is left unsaid: change any value of it, and the regulation reads otherwise.

The walk goes over the model, field by field, so a key added later is walked too. What is left out is named below, each
with why.
"""

import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import pytest

from pioneer.rulebook.regulation import chapters
from pioneer.scoring import Rulebook, load_text
from pioneer.scoring import model as m
from tests.rulebook.conftest import TEXT

pytestmark = pytest.mark.pure

LEFT_OUT = {
    r"meta\..*": "stands at the head of the paper, see test_regulation_paper",
    r"digest": "stands at its foot",
    r"indicators\.\w+\.order": "the order of the rows",
    r"indicators\.\w+\.(index|code)": "decides where a row stands; the code is the row's first column",
    r"indicators\.\w+\.answer": "the adopter's answer, at the foot",
    r"indicators\.\w+\.value\.shape": "walked by one indicator of each shape",
    r"(tracks|pools|tiers|groups|streaks|alarms)\[\d+\]\.code": "links rows of the file",
    r".*\.(steps|multipliers)\[\d+\]\.(code|aliases.*)": "other spellings of the name",
    r"indices\.\w+\.code": "names the four indices",
    r"indices\.(basic|reverse|zeroing)\.net": "positive only",
    r"indices\.(basic|positive|zeroing)\.repeat": "reverse only",
    r"indices\.(basic|zeroing)\.cap(_period)?": "positive and reverse only",
}


def rich(method: Literal["total", "sum", "mean"]) -> Rulebook:
    """A rulebook that uses every key there is."""
    shipped = load_text(TEXT).rulebook
    assert shipped is not None
    said: dict[str, Any] = {"clause": "第九条", "provenance": "source"}
    first = next(iter(shipped.indicators.values()))
    reverse = next(one for one in shipped.indicators.values() if one.index == "reverse")
    shaped = {
        f"V{n}": replace(first, code=f"V{n}", value=value, order=100 + n)
        for n, value in enumerate(
            (
                m.Value("fixed", points=100, by_track={"rural": 200}),
                m.Value("per_unit", points=50, unit="小时", maximum=200, default=100, by_track={"rural": 60}),
                m.Value("range", minimum=100, maximum=300),
                m.Value("ladder", steps=(m.Step("a", "区", 100), m.Step("b", "市", 200))),
                m.Value("brackets", unit="元", steps=(m.Step("", "", 100, 100), m.Step("", "", 200, 500))),
                m.Value("cumulative", unit="小时", steps=(m.Step("", "", 100, 100), m.Step("", "", 200, 500))),
                m.Value("nth", times=(100, 200), back_months=12),
            )
        )
    }
    taken = {
        f"W{n}": replace(reverse, code=f"W{n}", value=value, order=200 + n, pool="p")
        for n, value in enumerate(
            (m.Value("shortfall", points=50, unit="次", required=2000, maximum=300), m.Value("to_floor"))
        )
    }
    every = replace(
        reverse, code="W9", order=300, prior=m.Prior("education"), needs_decision=True, needs_document=True,
        needs_words=True, voids="claim", multipliers=(m.Multiplier("x", "情节严重", 200),), tier_direct="t60",
        tier_at_most="t80", tracks=("rural",), proposed_from="absence", note="另行通知", local="某支部1月会议",
        pool="p", caps=dict.fromkeys(m.WINDOWS, 100),
    )  # fmt: skip
    by_period = method != "total"
    return replace(
        shipped,
        opening=replace(
            shipped.opening, by_track={"rural": 600}, inherited_share=20, inherited_without=300, period="month"
        ),
        clamp=replace(shipped.clamp, floor=0, ceiling=12000),
        result=m.Result(
            method, "month" if by_period else "cycle", 100 if by_period else None, 5000 if by_period else None, 80,
            {"rural": 90}, "第九条", "source",
        ),
        indices={
            **shipped.indices,
            "positive": replace(shipped.indices["positive"], cap=4000, net=True, cap_period="month"),
            "reverse": replace(shipped.indices["reverse"], cap=3000, cap_period="month", repeat="double"),
        },
        aspects=tuple(replace(one, net=True, cap_period="month") for one in shipped.aspects),
        pools=(m.Pool("p", "纪律分", 1000, 200, "month", **said),),
        groups=(m.Group("g", "两项合并", ("A1", "A2"), dict.fromkeys(m.WINDOWS, 500), **said),),
        indicators={**shipped.indicators, **shaped, **taken, "W9": every},
        tiers=tuple(replace(one, list="红榜") for one in shipped.tiers),
        components=(
            m.Component("C", "民主测评", 10000, 20, 1500, "refuse", **said),
            m.Component("D", "考试", 10000, 20, None, "mean", **said),
        ),
        quotas=(
            m.Quota("t90", (1, 3), "top", "full", "down", "below", **said),
            m.Quota("t60", (1, 10), "bottom", "all", "up", "above", **said),
        ),
        streaks=(
            m.Streak("S1", "连续低分", "t60", None, 2, "谈话", **said),
            m.Streak("S2", "连续高分", None, "t90", 3, "表扬", **said),
        ),
        alarms=(
            m.Alarm("L1", "黄牌", 6000, None, "cycle", "t80", "提醒", **said),
            m.Alarm("L2", "红牌", None, 600, "month", None, "约谈", **said),
        ),
        supplement=m.SupplementRule(3, 50, {"month": 100, "cycle": 500}, "A", **said),
    )  # fmt: skip


def changes(value: Any, kind: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every way to change one thing inside `value`, with where it is."""
    if is_dataclass(value):
        kinds = typing.get_type_hints(type(value))
        for field in fields(value):
            inner = getattr(value, field.name)
            for at, changed in changes(inner, kinds[field.name], f"{path}.{field.name}".lstrip(".")):
                yield at, replace(value, **{field.name: changed})  # type: ignore[type-var]
    elif isinstance(value, Mapping):
        inside = typing.get_args(kind)[1]
        for key, inner in value.items():
            for at, changed in changes(inner, inside, f"{path}.{key}"):
                yield at, {**value, key: changed}
    elif value == ():
        if path.endswith(".tracks"):
            yield path, ("rural",)
    elif isinstance(value, tuple) and not path.endswith(".share"):
        inside = typing.get_args(kind)[0]
        for place, inner in enumerate(value):
            for at, changed in changes(inner, inside, f"{path}[{place}]"):
                yield at, (*value[:place], changed, *value[place + 1 :])
    elif value is not None:
        yield path, other(value, kind)


def other(value: Any, kind: Any) -> Any:
    """A value of the same kind that is another one."""
    for literal in [kind, *typing.get_args(kind)]:
        if typing.get_origin(literal) is Literal:
            return next(word for word in typing.get_args(literal) if word != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 300
    if isinstance(value, str):
        return f"{value}改"
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, tuple):
        return (value[0], value[1] + 1)
    raise AssertionError(kind)


def is_left_out(path: str) -> bool:
    return any(re.fullmatch(pattern, path) for pattern in LEFT_OUT)


def test_changing_any_value_changes_the_regulation() -> None:
    unsaid: dict[str, int] = {}
    said: set[str] = set()
    for method in ("total", "sum", "mean"):
        book = rich(method)  # type: ignore[arg-type]
        before = chapters(book)
        for path, changed in changes(book, Rulebook, ""):
            if path in said or is_left_out(path):
                continue
            if chapters(changed) != before:
                said.add(path)
            else:
                unsaid[path] = unsaid.get(path, 0) + 1
    quiet = sorted(path for path in unsaid if path not in said and not _means_nothing(path))
    assert not quiet, "\n".join(["", *quiet])
    assert len(said) > 900


# What a shape does not use, and what one of two exclusive keys leaves without meaning.
UNUSED = {
    "fixed": ("unit", "whole", "minimum", "required", "maximum", "default"),
    "per_unit": ("minimum", "required"),
    "range": ("points", "unit", "whole", "required"),
    "ladder": ("points", "unit", "whole", "minimum", "required", "start"),
    "brackets": ("points", "whole", "minimum", "required", "name"),
    "cumulative": ("points", "whole", "minimum", "required", "name"),
    "nth": ("points", "unit", "whole", "minimum", "required"),
    "shortfall": ("minimum",),
    "to_floor": ("points", "unit", "whole", "minimum", "required"),
}


def _means_nothing(path: str) -> bool:
    if path == "alarms[0].period":
        return True  # a line under the score has no period
    found = re.fullmatch(r"indicators\.(\w+)\.value\.(?:.*\.)?(\w+)", path)
    if found is None:
        return False
    value = rich("total").indicators[found.group(1)].value
    return value is not None and found.group(2) in UNUSED[value.shape]


def test_what_is_left_out_is_still_there() -> None:
    """A reason for leaving something out that leaves nothing out is stale."""
    paths = {path for path, _ in changes(rich("sum"), Rulebook, "")}
    for pattern in LEFT_OUT:
        assert any(re.fullmatch(pattern, path) for path in paths) or "cap(_period)?" in pattern, pattern
