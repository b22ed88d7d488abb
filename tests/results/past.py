"""Former results and marks from outside the points, written straight into the tables, and as workbooks to bring in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.results.formers import Filed, keep_filed
from pioneer.results.models import FormerResult, OutsideMark
from pioneer.scoring import Cycle, Fact
from tests.workbooks.people import xlsx

HEADER = [
    *("党员编号", "姓名", "支部", "年度", "周期起", "周期止", "得分", "等次", "等次下限"),
    *("不定等次的原因", "清零", "备案号", "备案日期", "评定组织"),
]
COMPONENT = """
[[components]]
code = "M"
name = "民主评议"
max = 100
weight = 0.2
without = 0
clause = "第十六条"
provenance = "assumed"
"""


def row(name: str, year: Any = 2025, score: Any = 55, tier: str = "60分以下", **changes: Any) -> list[Any]:
    """A line of the workbook, as an officer would copy it from the filing."""
    given = {
        **dict.fromkeys(HEADER, ""), "姓名": name, "年度": year, "得分": score, "等次": tier,
        "备案号": "槐街备〔2026〕3号", "备案日期": date(2026, 1, 20), "评定组织": "槐园社区", **changes,
    }  # fmt: skip
    return [given[one] for one in HEADER]


def book(*rows: list[Any], header: Sequence[str] = HEADER) -> bytes:
    return xlsx({"以往结果": [list(header), *rows]})


def filed(member: Member, year: int, lower: int | None, score: int | None = None, **changes: Any) -> Filed:
    given: dict[str, Any] = {
        "member": member.pk, "first_on": date(year, 1, 1), "last_on": date(year, 12, 31),
        "score": score if score is not None else lower, "tier": "" if lower is None else f"t{lower // 100}",
        "tier_name": "" if lower is None else f"{lower // 100}以上", "lower": lower, "is_zeroed": False,
        "why": "免评" if lower is None else "", "unit": None, "unit_name": "某社区",
        "filing_number": f"备〔{year}〕1号", "filed_on": date(year + 1, 1, 20), **changes,
    }  # fmt: skip
    return Filed(**given)


def marked(member: Member, branch: int, value: int | None, code: str = "M", **changes: Any) -> OutsideMark:
    given: dict[str, Any] = {
        "on": date(2026, 11, 20), "first_on": date(2026, 1, 1), "last_on": date(2026, 12, 31), "basis": "测评汇总表",
        "entered_by_number": 900001, "entered_at": clock.now(), "confirmed_by_number": 900002,
        "confirmed_at": clock.now(), **changes,
    }  # fmt: skip
    return OutsideMark.objects.create(member=member, branch_id=branch, component=code, value=value, **given)


def at_random(chance: random.Random, members: Sequence[Member], branch: int) -> None:
    """Lines of up to three former cycles, some broken, some without tier, some of another scheme, some revised; a
    mark of M for everybody, corrected here and there; of E none, one or several."""
    found = []
    known = set(FormerResult.objects.values_list("member_id", "first_on__year"))
    for member in members:
        for year in (2025, 2024, 2023):
            if chance.random() < 0.2 or (member.pk, year) in known:
                continue
            lower = chance.choice([0, 0, 6000, 8000, 8500, 9000, 5000, None])
            score = None if lower is None and chance.random() < 0.5 else (lower or 0) + chance.choice([0, 25, 333])
            found.append(filed(member, year, lower, score))
    keep_filed(found, 1)
    revised = [
        Filed(**{**{name: getattr(one, name) for name in Filed.__slots__}, "revision": 2, "lower": 0, "tier": "t0"})
        for one in found[::9]
        if one.lower
    ]
    keep_filed(revised, 1)
    for member in members:
        first = marked(member, branch, chance.randrange(0, 10001))
        if chance.random() < 0.2:
            marked(member, branch, chance.randrange(0, 10001), on=first.on, revision=2, reason="算错")
        for month in chance.sample(range(1, 13), chance.choice([0, 1, 2, 3])):
            one = marked(member, branch, chance.randrange(0, 1001), "E", on=date(2026, month, 15))
            if chance.random() < 0.3:
                marked(member, branch, None, "E", on=one.on, revision=2, reason="重复")


# ------------------------------------------------------------------ by hand


def former_results(numbers: list[int]) -> dict[int, dict[date, FormerResult]]:
    """Of each member by the first day of the cycle the latest revision."""
    found: dict[int, dict[date, FormerResult]] = {}
    for one in FormerResult.objects.filter(member__in=numbers).order_by("revision"):
        found.setdefault(one.member_id, {})[one.first_on] = one
    return found


def formers_by_hand(found: dict[date, FormerResult], cycle: Cycle) -> tuple[int | None, tuple[int | None, ...]]:
    """Year by year backwards, as long as there is one."""
    line: list[FormerResult] = []
    for year in range(cycle.first_on.year - 1, 1990, -1):
        if date(year, 1, 1) not in found:
            break
        line.append(found[date(year, 1, 1)])
    return (line[0].score if line else None), tuple(one.lower for one in line)


def marks_by_hand(number: int, cycle: Cycle) -> list[Fact]:
    """Of each day the latest confirmed one, unless it takes the mark back."""
    days: dict[tuple[str, date], OutsideMark] = {}
    for one in OutsideMark.objects.filter(member=number, first_on=cycle.first_on).order_by("revision"):
        if one.confirmed_at is not None:
            days[one.component, one.on] = one
    kept = [one for one in days.values() if one.value is not None]
    return [Fact(one.pk, one.component, one.on, value=one.value) for one in kept]
