"""Whole rulebooks of every shape, and facts crowded enough that caps, events, voids and quotas meet in them.

A skeleton says what there is (tracks, tiers, indicators and their shapes); the numbers are drawn per version, so two
versions of one rulebook differ in numbers, caps and switches, never in what a code means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.scoring.generate_text import FIXED_TABLES, PROCEDURE, toml

Draw = st.DrawFn
Book = dict[str, Any]
SOURCE = {"clause": "第一条", "provenance": "assumed"}
WINDOWS = ("day", "week", "month", "quarter", "year")
PERIODS = ("month", "quarter", "cycle")
BOTH = ("fixed", "per_unit", "range", "ladder", "brackets", "cumulative", "nth")
UNTIERED = ("probationary", "exempt", "out_of_contact", "transferred_out", "left", "removed", "expelled", "deceased")
MOST_OF_POOL = 1200
LEVELS = ("village", "town", "district", "city")


def chance(draw: Draw, one_in: int) -> bool:
    """True once in so many; shrinks to False."""
    return draw(st.integers(0, one_in - 1)) == one_in - 1


def points(draw: Draw, least: int, most: int) -> Decimal:
    """Points with two decimals, from hundredths; round ones are likelier."""
    found = draw(st.integers(least, most))
    return Decimal(found if chance(draw, 3) else max(least, found // 50 * 50)) / 100


@dataclass(frozen=True)
class Row:
    """What an indicator is in every version: its code, index, shape, and what it belongs to."""

    code: str
    index: str
    shape: str | None
    aspect: str | None
    pool: str | None
    tracks: tuple[str, ...]
    voids: str | None
    back_months: int | None
    droppable: bool


@dataclass(frozen=True)
class Skeleton:
    start_month: int
    months: int
    tracks: tuple[str, ...]
    tiers: tuple[str, ...]
    aspects: tuple[str, ...]
    pools: tuple[str, ...]
    rows: tuple[Row, ...]
    groups: tuple[tuple[str, ...], ...]
    components: tuple[str, ...]
    method: str | None
    period: str | None
    first_on: date
    last_on: date


@st.composite
def skeletons(draw: Draw) -> Skeleton:
    months = draw(st.sampled_from((12, 12, 6, 3)))
    start, year = draw(st.integers(1, 12)), draw(st.sampled_from((2026, 2027, 2023)))
    tracks = tuple(f"t{n}" for n in range(1, 1 + draw(st.sampled_from((2, 1, 3, 5)))))
    aspects = tuple(f"a{n}" for n in range(draw(st.integers(0, 3))))
    pools = tuple(f"pool{n}" for n in range(draw(st.sampled_from((0, 0, 1, 2)))))
    positive = [draw(rows(f"P{n}", "positive", tracks, aspects, pools)) for n in range(draw(st.integers(1, 4)))]
    reverse = [draw(rows(f"N{n}", "reverse", tracks, aspects, pools)) for n in range(draw(st.integers(1, 4)))]
    zeroing = [draw(rows(f"Z{n}", "zeroing", tracks, aspects, pools)) for n in range(draw(st.integers(0, 2)))]
    groups = [draw(members_of_group(some)) for some in (positive, reverse) if len(some) > 1 and chance(draw, 3)]
    if len(positive) > 2 and chance(draw, 6):
        groups.append(draw(members_of_group(positive)))
    method = draw(st.sampled_from((None, "total", "sum", "mean", None)))
    period = draw(st.sampled_from(("quarter", "month") if months > 3 else ("month",)))
    last = date(year + (start + months - 1) // 12, (start + months - 1) % 12 + 1, 1).toordinal() - 1
    return Skeleton(
        start_month=start,
        months=months,
        tracks=tracks,
        tiers=tuple(f"tier{n}" for n in range(1, 1 + draw(st.integers(2, 6)))),
        aspects=aspects,
        pools=pools,
        rows=(*positive, *reverse, *zeroing),
        groups=tuple(groups),
        components=tuple(f"K{n}" for n in range(draw(st.sampled_from((0, 0, 1, 2))))),
        method=method,
        period=period if method in ("sum", "mean") else None,
        first_on=date(year, start, 1),
        last_on=date.fromordinal(last),
    )


@st.composite
def members_of_group(draw: Draw, some: list[Row]) -> tuple[str, ...]:
    codes = [row.code for row in some]
    return tuple(draw(st.lists(st.sampled_from(codes), min_size=2, max_size=3, unique=True)))


@st.composite
def rows(
    draw: Draw, code: str, index: str, tracks: tuple[str, ...], aspects: tuple[str, ...], pools: tuple[str, ...]
) -> Row:
    pool = draw(st.sampled_from((None, *pools))) if index == "reverse" else None
    shapes = (*BOTH, "shortfall") if index == "reverse" else BOTH
    shape: str | None = draw(st.sampled_from((*shapes, "to_floor") if pool else shapes))
    voids = draw(st.sampled_from((None, None, None, "claim", "event"))) if index == "reverse" else None
    if index == "zeroing" or chance(draw, 12):
        shape = None
    return Row(
        code,
        index,
        shape,
        aspect=draw(st.sampled_from((None, *aspects, *aspects))) if index != "zeroing" else None,
        pool=pool,
        tracks=tuple(draw(st.lists(st.sampled_from(tracks), max_size=2, unique=True))) if chance(draw, 4) else (),
        voids=voids,
        back_months=draw(st.sampled_from((None, 1, 6, 12))) if shape == "nth" else None,
        droppable=chance(draw, 8),
    )


# ---------------------------------------------------------------- the numbers of one version


@st.composite
def books(draw: Draw, skeleton: Skeleton, second: bool = False) -> Book:
    """One version: every table, with numbers that pass the loader."""
    months = skeleton.months
    result, period = draw(results(skeleton)), skeleton.period
    pools = [draw(pool_rows(code, period)) for code in skeleton.pools]
    aspects = [draw(aspect_rows(code, period)) for code in skeleton.aspects]
    opening = draw(openings(skeleton, period))
    clamp = draw(clamps(opening, bool(pools)))
    rules = [draw(rules_of(row, skeleton)) for row in skeleton.rows if not (second and row.droppable)]
    kept = {rule["code"] for _, rule in rules}
    book: Book = {
        "meta": {"code": "made", "name": "生成的办法", "district": "某区", "version": "2" if second else "1",
                 "valid_from": date(2019, 1, 1), "provenance": "assumed"},
        "cycle": {"start_month": skeleton.start_month, "months": months, **SOURCE},
        "tracks": [{"code": code, "name": f"类{code}", **SOURCE} for code in skeleton.tracks],
        "opening": opening,
        "clamp": clamp,
        "result": result,
        "indices": draw(indices(period, longest(aspects, "cap_period"), longest(pools, "period"))),
        "aspects": aspects,
        "pools": pools,
        "positive": [rule for index, rule in rules if index == "positive"],
        "reverse": [rule for index, rule in rules if index == "reverse"],
        "zeroing": [rule for index, rule in rules if index == "zeroing"],
        "groups": [],
        "tiers": draw(tier_rows(skeleton.tiers, clamp)),
        "components": [draw(component_rows(code)) for code in skeleton.components],
        "quotas": draw(quota_rows(skeleton.tiers)),
        "streaks": [draw(streak_rows(f"s{n}", skeleton.tiers)) for n in range(draw(st.integers(0, 2)))],
        "alarms": [draw(alarm_rows(f"w{n}", skeleton.tiers, clamp, result)) for n in range(draw(st.integers(0, 2)))],
        "people": {"untiered": draw(st.lists(st.sampled_from(UNTIERED), max_size=3, unique=True)), **SOURCE},
        **FIXED_TABLES,
        "procedure": {
            **PROCEDURE,
            "education_validity": {**PROCEDURE["education_validity"], "value": draw(st.integers(1, 12))},
            "tier_months": {**PROCEDURE["tier_months"], "value": draw(st.integers(1, 6))},
        },
    }  # fmt: skip
    book["groups"] = [
        {"code": f"g{n}", "name": f"合并{n}", "indicators": list(codes), "caps": draw(caps(100, least=1)), **SOURCE}
        for n, codes in enumerate(skeleton.groups)
        if kept.issuperset(codes)
    ]
    return {key: value for key, value in book.items() if value not in ({}, [])}


@st.composite
def results(draw: Draw, skeleton: Skeleton) -> Book:
    if skeleton.method is None:
        return {}
    result: Book = {"method": skeleton.method}
    if skeleton.period is not None:
        result["period"] = skeleton.period
        if chance(draw, 3):
            result["floor"] = points(draw, 0, 1500)
        if chance(draw, 3):
            result["ceiling"] = points(draw, 2000, 6000)
    if chance(draw, 3):
        result["coefficient"] = points(draw, 50, 150)
    if chance(draw, 4):
        result["coefficient_by_track"] = {skeleton.tracks[0]: points(draw, 50, 150)}
    return {**result, **SOURCE}


def finer(period: str | None) -> tuple[str, ...]:
    """The periods that fit into the one scored by itself; all where the cycle is one running total."""
    return PERIODS if period is None else PERIODS[: PERIODS.index(period) + 1]


@st.composite
def openings(draw: Draw, skeleton: Skeleton, period: str | None) -> Book:
    opening: Book = {"points": draw(st.sampled_from((Decimal(60), Decimal(0), Decimal(20), Decimal("33.33"))))}
    if chance(draw, 3):
        opening["by_track"] = {skeleton.tracks[-1]: points(draw, 2000, 7000)}
    if period is not None:
        opening["period"] = period
    elif chance(draw, 4):
        opening["period"] = draw(st.sampled_from(PERIODS))
    if period is None and chance(draw, 4):
        opening["inherited_share"] = points(draw, 1, 100)
        opening["inherited_without"] = points(draw, 0, 2000)
    return {**opening, **SOURCE}


@st.composite
def clamps(draw: Draw, opening: Book, pools: bool) -> Book:
    clamp: Book = {}
    least = min([opening["points"], *opening.get("by_track", {}).values()])
    if chance(draw, 2):
        clamp["floor"] = draw(st.sampled_from((Decimal(0), Decimal(10) if least >= 10 else Decimal(0))))
    if chance(draw, 4):
        most = max([opening["points"], *opening.get("by_track", {}).values()])
        clamp["ceiling"] = most + points(draw, 100, 6000)
    return {**clamp, **SOURCE}


def longest(parts: list[Book], key: str) -> str:
    """The longest period of what a cap on the whole is made of; that cap may not be looked at more often."""
    found = [part.get(key, "cycle") for part in parts if "cap" in part or key == "period"]
    return max(found, key=PERIODS.index, default="month")


@st.composite
def indices(draw: Draw, period: str | None, of_aspects: str, of_pools: str) -> Book:
    positive: Book = {"name": "正向指数", **SOURCE}
    reverse: Book = {"name": "反向指数", **SOURCE}
    for rule, least in ((positive, of_aspects), (reverse, of_pools)):
        if chance(draw, 3):
            rule.update(draw(limits(period, least)))
    if "cap" in positive and chance(draw, 2):
        positive["cap_on"] = "net"
    if chance(draw, 4):
        reverse["repeat"] = "double"
    return {
        "basic": {"name": "基本指数", **SOURCE},
        "positive": positive,
        "reverse": reverse,
        "zeroing": {"name": "清零指数", **SOURCE},
    }


@st.composite
def limits(draw: Draw, period: str | None, least: str = "month") -> Book:
    """A cap with its period, which must be written where periods are scored by themselves."""
    found: Book = {"cap": points(draw, 100, 1000)}
    if period is not None or chance(draw, 2):
        found["cap_period"] = draw(st.sampled_from(finer(period)[PERIODS.index(least) :]))
    return found


@st.composite
def aspect_rows(draw: Draw, code: str, period: str | None) -> Book:
    aspect: Book = {"code": code, "name": f"方面{code}", **SOURCE}
    if chance(draw, 2):
        aspect.update(draw(limits(period)))
        if chance(draw, 3):
            aspect["cap_on"] = "net"
    return aspect


@st.composite
def pool_rows(draw: Draw, code: str, period: str | None) -> Book:
    pool: Book = {"code": code, "name": f"池{code}", "points": points(draw, 200, MOST_OF_POOL), **SOURCE}
    if chance(draw, 3):
        pool["floor"] = points(draw, 0, 150)
    if period is not None or chance(draw, 2):
        pool["period"] = draw(st.sampled_from(finer(period)))
    return pool


@st.composite
def tier_rows(draw: Draw, codes: tuple[str, ...], clamp: Book) -> list[Book]:
    floor = clamp.get("floor", Decimal(0))
    lowers = draw(st.lists(st.integers(1, 40), min_size=len(codes) - 1, max_size=len(codes) - 1, unique=True))
    steps = [floor + Decimal(lower * 5) / 2 for lower in sorted(lowers, reverse=True)] + [floor]
    return [
        {"code": code, "name": f"等{code}", "lower": lower, "consequence": "", **SOURCE}
        for code, lower in zip(codes, steps, strict=True)
    ]


# ---------------------------------------------------------------- indicators


@st.composite
def caps(draw: Draw, once: int, least: int = 0) -> Book:
    """Nested caps, the wider never below the narrower, none below one occurrence."""
    windows = draw(st.lists(st.sampled_from(WINDOWS), min_size=least, max_size=3, unique=True))
    found: Book = {}
    cap = once
    for window in sorted(windows, key=WINDOWS.index):
        cap += draw(st.integers(0, 8)) * 50
        found["cycle" if window == "year" and chance(draw, 4) else window] = Decimal(cap) / 100
    return found


@st.composite
def rules_of(draw: Draw, row: Row, skeleton: Skeleton) -> tuple[str, Book]:
    rule: Book = {"code": row.code, "name": f"指标{row.code}", "wording": f"公示{row.code}", **SOURCE}
    if row.tracks:
        rule["tracks"] = list(row.tracks)
    if row.index == "zeroing":
        if chance(draw, 3):
            rule["document"] = True
        return row.index, rule
    if row.aspect:
        rule["aspect"] = row.aspect
    if row.pool:
        rule["pool"] = row.pool
    if row.voids:
        rule["voids"] = row.voids
    if row.shape:
        rule["value"], once = draw(values(row, skeleton))
        if chance(draw, 2):
            rule["caps"] = draw(caps(once, least=1))
    decides = chance(draw, 6) or not (row.shape or row.voids)
    if decides:
        rule[draw(st.sampled_from(("tier_direct", "tier_at_most")))] = draw(st.sampled_from(skeleton.tiers))
    guard = draw(st.sampled_from((None, None, None, None, "prior", "decision", "words", "document")))
    if guard:
        rule[guard] = draw(st.sampled_from(("education", "reminder"))) if guard == "prior" else True
    if row.shape not in ("nth", "cumulative", "to_floor", None) and chance(draw, 5):
        rule["multipliers"] = [{"code": "paper", "name": "媒体报道", "factor": points(draw, 25, 300)}]
    return row.index, rule


@st.composite
def values(draw: Draw, row: Row, skeleton: Skeleton) -> tuple[Book, int]:
    """A value of the row's shape, and the hundredths one occurrence needs room for."""
    shape, each = str(row.shape), points(draw, 25, 400)
    value: Book = {"shape": shape}
    if shape in ("fixed", "per_unit", "shortfall"):
        value["points"] = each
    if shape in ("fixed", "per_unit") and chance(draw, 4):
        value["by_track"] = {skeleton.tracks[-1]: points(draw, 25, 400)}
    if shape in ("per_unit", "shortfall"):
        value["unit"] = "小时"
        if chance(draw, 2):
            value["max"] = points(draw, 50, 600)
        if chance(draw, 3):
            value["whole"] = True
    if shape == "per_unit" and chance(draw, 3):
        value["default"] = Decimal(draw(st.integers(1, 3)))
    if shape == "shortfall":
        value["required"] = Decimal(draw(st.integers(1, 12)))
    if shape == "range":
        value["min"] = points(draw, 0, 300)
        value["max"] = value["min"] + points(draw, 50, 300)
    if shape == "nth":
        value["points"] = draw(st.lists(st.integers(0, 12).map(lambda n: Decimal(n) / 2), min_size=1, max_size=3))
        if row.back_months:
            value["back_months"] = row.back_months
    if shape in ("ladder", "brackets", "cumulative"):
        value["steps"] = draw(steps(shape))
    if shape in ("brackets", "cumulative"):
        value["unit"] = "小时"
    if shape == "to_floor":
        return value, MOST_OF_POOL
    most = [each, *value.get("by_track", {}).values()] if shape in ("fixed", "per_unit") else [value.get("min", 0)]
    return value, max(50, int(max(most) * 100))


@st.composite
def steps(draw: Draw, shape: str) -> list[Book]:
    found: list[Book] = []
    earned, start = Decimal(0), Decimal(draw(st.integers(0, 4)))
    for number in range(draw(st.integers(1, 3))):
        earned += points(draw, 50, 300)
        if shape == "ladder":
            code = LEVELS[number]
            found.append({"code": code, "name": f"{code}级", "points": earned, "aliases": [f"{code} 一等"]})
        else:
            found.append({"from": start, "points": earned})
            start += Decimal(draw(st.integers(1, 12))) / 2
    return found


# ---------------------------------------------------------------- the score as a whole


@st.composite
def component_rows(draw: Draw, code: str) -> Book:
    weight = points(draw, 5, 50)
    part: Book = {"code": code, "name": f"成绩{code}", "max": Decimal(100), "weight": weight, **SOURCE}
    if chance(draw, 2):
        part["without"] = points(draw, 0, 500)
    if chance(draw, 2):
        part["several"] = draw(st.sampled_from(("latest", "mean", "refuse")))
    return part


@st.composite
def quota_rows(draw: Draw, tiers: tuple[str, ...]) -> list[Book]:
    ends = [("top", code) for code in tiers[:-1]] + [("bottom", code) for code in tiers[1:]]
    some = draw(st.lists(st.sampled_from(ends), max_size=2, unique=True)) if chance(draw, 2) else []
    return [
        {
            "tier": tier,
            "end": end,
            "share": draw(st.sampled_from(("1/3", Decimal("0.3"), "1/2", Decimal("0.25"), "2/5"))),
            **({"of": draw(st.sampled_from(("all", "full")))} if chance(draw, 2) else {}),
            "rounding": draw(st.sampled_from(("down", "up", "half_up"))),
            "ties": draw(st.sampled_from(("below", "above"))),
            **SOURCE,
        }
        for end, tier in some
    ]


@st.composite
def streak_rows(draw: Draw, code: str, tiers: tuple[str, ...]) -> Book:
    side = draw(st.sampled_from(("at_most", "at_least")))
    cycles = draw(st.integers(2, 3))
    return {
        "code": code, "name": f"连续{code}", side: draw(st.sampled_from(tiers)), "cycles": cycles,
        "consequence": "提出建议", **SOURCE,
    }  # fmt: skip


@st.composite
def alarm_rows(draw: Draw, code: str, tiers: tuple[str, ...], clamp: Book, result: Book) -> Book:
    alarm: Book = {"code": code, "name": f"预警{code}", "consequence": "谈话", **SOURCE}
    if chance(draw, 2):
        alarm["below"] = clamp.get("floor", Decimal(0)) + points(draw, 50, 6000)
        if result.get("method") == "mean" and "ceiling" in result:
            alarm["below"] = min(alarm["below"], result["ceiling"])
    else:
        alarm["deductions"] = points(draw, 100, 1200)
        if chance(draw, 2):
            alarm["period"] = draw(st.sampled_from(PERIODS))
    if chance(draw, 2):
        alarm["tier_at_most"] = draw(st.sampled_from(tiers))
    return alarm


@st.composite
def rulebooks(draw: Draw) -> tuple[Skeleton, list[str]]:
    """The texts of one or two versions over one skeleton; the second begins in mid-cycle, at times after a gap."""
    skeleton = draw(skeletons())
    first = draw(books(skeleton))
    if not chance(draw, 4):
        return skeleton, [toml(first)]
    second = draw(books(skeleton, second=True))
    days = (skeleton.last_on - skeleton.first_on).days
    change = skeleton.first_on.toordinal() + draw(st.integers(1, days))
    second["meta"]["valid_from"] = date.fromordinal(change)
    if chance(draw, 2):
        first["meta"]["valid_to"] = date.fromordinal(change - draw(st.sampled_from((1, 1, 1, 8))))
    return skeleton, [toml(first), toml(second)]
