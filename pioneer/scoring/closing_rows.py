"""合计与等次各表: ``[result]``, ``[clamp]``, tiers, components, quotas, streaks, alarms, supplements, passbook …"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeVar

from pioneer.scoring.channels import PARTS, Channels, Part
from pioneer.scoring.closing import Alarm, Clamp, Component, Quota, Result, Streak, Tier
from pioneer.scoring.kinds import End, Follow, Method, Ranked, Rounding, Several, Ties
from pioneer.scoring.model import SupplementRule
from pioneer.scoring.passbook import FEEDING, KEEPS, WORTHS, Feeding, PassbookRule
from pioneer.scoring.points import HUNDRED, parse_points
from pioneer.scoring.reader import Table
from pioneer.scoring.sections import PERIODS, read_caps

METHODS: dict[str, Method] = {"total": "total", "sum": "sum", "mean": "mean"}
SEVERAL: dict[str, Several] = {"refuse": "refuse", "latest": "latest", "mean": "mean"}
ENDS: dict[str, End] = {"top": "top", "bottom": "bottom"}
RANKED: dict[str, Ranked] = {"full": "full", "all": "all"}
ROUNDINGS: dict[str, Rounding] = {"down": "down", "up": "up", "half_up": "half_up"}
TIES: dict[str, Ties] = {"below": "below", "above": "above"}
FOLLOWS: dict[str, Follow] = {
    "commend": "commend",
    "encourage": "encourage",
    "help": "help",
    "unqualified": "unqualified",
}  # from the best to the worst
FRACTION = re.compile(r"\s*([0-9]{1,3})\s*/\s*([0-9]{1,3})\s*")
FEWEST_CYCLES, MOST_CYCLES, MOST_SUPPLEMENTS, MOST_YEARS = 2, 10, 20, 10
Word = TypeVar("Word", bound=str)
RUNNING_TOTAL = Result("total", "cycle", None, None, HUNDRED, {}, "", "assumed")


def read_clamp(table: Table) -> Clamp:
    """最低分与最高分: table ``[clamp]``."""
    floor, ceiling = _limits(table)
    return Clamp(floor, ceiling, table.text("clause"), table.provenance())


def _limits(table: Table) -> tuple[int | None, int | None]:
    floor, ceiling = table.maybe_points("floor"), table.maybe_points("ceiling")
    if floor is not None and ceiling is not None and ceiling <= floor:
        table.note("ceiling", "最高分须大于最低分，请改正其一")
    return floor, ceiling


def read_result(table: Table, tracks: Collection[str]) -> Result:
    """合计: table ``[result]``."""
    method = table.choice("method", METHODS)
    by_period = table.content.get("method") != "total"  # a word misspelt forbids nothing yet
    floor, ceiling = _limits(table)
    if not by_period:
        for key in ("period", "floor", "ceiling"):
            if table.has(key):
                table.note(key, f"累计全周期（total）时“{key}”无从适用，请删去；全周期的最低分、最高分写在 [clamp]")
    elif not table.has("period") and method != "total":
        table.note("period", "分期计分须写明时段“period”，可写：month、quarter")
    period = table.choice("period", PERIODS, "cycle")
    if by_period and table.content.get("period") == "cycle":
        table.note("period", "分期计分的时段须短于周期，可写：month、quarter")
    return Result(
        method=method,
        period=period if by_period else "cycle",
        floor=floor,
        ceiling=ceiling,
        coefficient=table.points("coefficient", HUNDRED, positive=True),
        coefficient_by_track=table.points_by(
            "coefficient_by_track", tracks, lambda name: f"没有类别“{name}”，请先在 [[tracks]] 写明或改正"
        ),
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def read_tier(table: Table) -> Tier:
    """等次: one of ``[[tiers]]``."""
    return Tier(
        code=table.code(),
        name=table.text("name"),
        lower=table.points("lower"),
        consequence=table.text("consequence", "", empty=True),
        clause=table.text("clause"),
        provenance=table.provenance(),
        list=table.text("list", ""),
        follow=table.choice("follow", FOLLOWS) if table.knows("follow") else None,
    )


def read_component(table: Table) -> Component:
    """外部成绩: one of ``[[components]]``."""
    maximum, without = table.points("max", positive=True), table.maybe_points("without")
    weight = table.points("weight", positive=True)
    return Component(
        code=table.code(),
        name=table.text("name"),
        maximum=maximum,
        weight=weight,
        without=without,
        several=table.choice("several", SEVERAL, "refuse"),
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def read_quota(table: Table) -> Quota:
    """名额: one of ``[[quotas]]``. How to round and where ties go is never guessed."""
    return Quota(
        tier=table.text("tier"),
        share=_share(table),
        end=table.choice("end", ENDS),
        ranked=table.choice("of", RANKED, "full"),
        rounding=_decided(table, "rounding", "名额不是整数时怎样取整有几种读法", ROUNDINGS),
        ties=_decided(table, "ties", "同分跨线时归上还是归下有两种读法", TIES),
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def _decided(table: Table, key: str, why: str, choices: dict[str, Word]) -> Word:
    if not table.has(key):
        table.note(key, f"{why}，请写明“{key}”，可写：{'、'.join(choices)}")
    return table.choice(key, choices, next(iter(choices.values())))


def _share(table: Table) -> tuple[int, int]:
    value = table.take("share")
    what = '须为0与1之间的比例，如 "1/3" 或 0.3'
    if value is None:
        table.note("share", f"缺少“share”，{what}")
        return (1, 1)
    if isinstance(value, str):
        found = FRACTION.fullmatch(value)
        share = (int(found.group(1)), int(found.group(2))) if found else (0, 0)
    else:
        try:
            share = (parse_points(value), HUNDRED)
        except ValueError as error:
            table.note("share", f'{error}；除不尽的请写成分数，如 "1/3"')
            return (1, 1)
    if not 0 < share[0] < share[1]:
        table.note("share", what)
        return (1, 1)
    return share


def read_streak(table: Table) -> Streak:
    """连续等次: one of ``[[streaks]]``."""
    at_most, at_least = _maybe_text(table, "at_most"), _maybe_text(table, "at_least")
    if (at_most is None) == (at_least is None):
        table.note("at_most", "at_most（该等次及以下）与 at_least（该等次及以上）须写且只写一个")
    return Streak(
        code=table.code(),
        name=table.text("name"),
        at_most=at_most,
        at_least=at_least,
        cycles=table.whole("cycles", FEWEST_CYCLES, MOST_CYCLES),
        consequence=table.text("consequence", "", empty=True),
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def read_alarm(table: Table) -> Alarm:
    """预警线: one of ``[[alarms]]``."""
    below, deductions = table.maybe_points("below"), table.maybe_points("deductions", positive=True)
    if table.has("below") == table.has("deductions"):
        table.note("below", "below（得分低于）与 deductions（扣分累计达到）须写且只写一个")
    if table.has("period") and not table.has("deductions"):
        table.note("period", "“period”只用于扣分累计，请删去或改用 deductions")
    return Alarm(
        code=table.code(),
        name=table.text("name"),
        below=below,
        deductions=deductions,
        period=table.choice("period", PERIODS, "cycle"),
        tier_at_most=_maybe_text(table, "tier_at_most"),
        consequence=table.text("consequence", "", empty=True),
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def _maybe_text(table: Table, key: str) -> str | None:
    return table.text(key) if table.knows(key) else None


def read_supplement(table: Table) -> SupplementRule:
    """支部补充: table ``[supplement]``."""
    caps = read_caps(table)
    if not table.content.get("caps", {}):
        table.note("caps", "缺少“caps”，请写明支部补充各项合计的上限，如 { year = 5 }")
    return SupplementRule(
        indicators=table.whole("indicators", 1, MOST_SUPPLEMENTS),
        points=table.points("points", positive=True),
        caps=caps,
        aspect=_maybe_text(table, "aspect"),
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def read_passbook(table: Table) -> PassbookRule:
    """存折规则: table ``[passbook]``."""
    keep = table.choice("keep", KEEPS)
    if keep == "expiring" and not table.has("years"):
        table.note("keep", "满年作废（expiring）须写明几年“years”")
    if keep != "expiring" and table.content.get("keep") in KEEPS and table.has("years"):
        table.note("years", f"结余办法为“{keep}”时“years”无从适用，请删去")
    return PassbookRule(
        indices=_feeding(table),
        ratio=table.points("ratio", positive=True),
        rounding=table.choice("rounding", WORTHS, "exact"),
        keep=keep,
        years=table.whole("years", 1, MOST_YEARS) if table.knows("years") else None,
        budget=table.points("budget", positive=True) if table.knows("budget") else None,
        clause=table.text("clause"),
        provenance=table.provenance(),
    )


def _feeding(table: Table) -> tuple[Feeding, ...]:
    words = table.words("indices", required=True)
    for word in words:
        if word not in FEEDING:
            table.note("indices", f"不认识“{word}”，可写：{'、'.join(FEEDING)}")
    if words and "positive" not in words:
        table.note("indices", "须带正向指数 positive：没有加分转入，存折里就不会有积分")
    return tuple(index for index in FEEDING if index in words)


def read_channels(table: Table) -> Channels:
    """渠道: table ``[channels]``."""
    return Channels(_parts(table, "account"), _parts(table, "group"), table.text("clause"), table.provenance())


def _parts(table: Table, key: str) -> tuple[Part, ...]:
    words = table.words(key, required=True)
    for word in words:
        if word not in PARTS:
            table.note(key, f"不认识“{word}”，可写：{'、'.join(PARTS)}")
    parts = tuple(part for part in PARTS if part in words)
    if "link" not in parts and (words or table.content.get(key) == []):
        table.note(key, "须带 link：没有公示页的链接，看不到全部依据，也提不了异议")
    if "scores" not in parts and ("additions" in parts or "deductions" in parts):
        table.note(key, "写了依据就要带得分 scores，请补上，或只留 link")
    return parts
