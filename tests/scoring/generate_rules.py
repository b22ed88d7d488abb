"""The rows of a generated rulebook: indicators with their values and caps; components, quotas, streaks, alarms."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from tests.scoring.generate_skeleton import SOURCE, Book, Draw, Row, Skeleton, chance, points

WINDOWS = ("day", "week", "month", "quarter", "year")
PERIODS = ("month", "quarter", "cycle")
MOST_OF_POOL = 1200
LEVELS = ("village", "town", "district", "city")


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
    some = draw(st.lists(st.sampled_from(ends), min_size=1, max_size=2, unique=True)) if chance(draw, 2) else []
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
