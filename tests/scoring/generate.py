"""Whole rulebooks of every shape, in one version or two.

A skeleton says what there is (tracks, tiers, indicators and their shapes); the numbers are drawn per version, so two
versions of one rulebook differ in numbers, caps and switches, never in what a code means.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tests.scoring.generate_rules import (
    MOST_OF_POOL,
    PERIODS,
    alarm_rows,
    caps,
    component_rows,
    quota_rows,
    rules_of,
    streak_rows,
)
from tests.scoring.generate_skeleton import SOURCE, Book, Draw, Skeleton, chance, points, skeletons
from tests.scoring.generate_text import FIXED_TABLES, PROCEDURE, toml

__all__ = ["UNTIERED", "Skeleton", "rulebooks"]

UNTIERED = ("probationary", "exempt", "out_of_contact", "transferred_out", "left", "removed", "expelled", "deceased")


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
        if kept.issuperset(codes) and not chance(draw, 6)
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
    found: Book = {"cap": points(draw, 50, 500)}
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
    pool: Book = {
        "code": code,
        "name": f"池{code}",
        "points": points(draw, 200, draw(st.sampled_from((300, MOST_OF_POOL)))),
        **SOURCE,
    }
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
        ended = date.fromordinal(change - draw(st.sampled_from((1, 1, 1, 8))))
        first["meta"]["valid_to"] = max(ended, skeleton.first_on)
    return skeleton, [toml(first), toml(second)]
