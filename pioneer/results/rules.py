"""规则入表 The rules on the slate: what one or several versions of a rulebook say of a cycle, as small tables.

Every number of the rules stands in these tables and none in the statements of the steps. A plan is one indicator of one
version; `place` is the same for a code in every version, because history and caps run per code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pioneer.results import caps_plan
from pioneer.results.caps_plan import CapShape
from pioneer.results.slate import Row, Slate
from pioneer.scoring import Cycle, Engine, Rulebook
from pioneer.scoring.model import Period
from pioneer.scoring.periods import add_months, window_keys
from pioneer.scoring.plan import Plan, compile_versions
from pioneer.scoring.sums import SIZES, months_of, number_of, place_of
from pioneer.scoring.tiers import best_first

PERIODS: tuple[Period, ...] = ("month", "quarter", "cycle")


@dataclass(slots=True)
class Rules:
    """规则 Versions in one cycle, by the day they begin. `plan_of` numbers the plans by version and code."""

    versions: tuple[Rulebook, ...]
    cycle: Cycle
    engine: Engine
    plan_of: dict[tuple[int, str], int] = field(default_factory=dict)
    plans: dict[int, Plan] = field(default_factory=dict)
    caps: CapShape = field(default_factory=CapShape)

    @property
    def closing(self) -> Rulebook:
        """期末适用的版本"""
        return self.versions[self.number_on(self.cycle.last_on, last=True)]

    @property
    def touching(self) -> list[int]:
        """触及本周期的版本 Their places. Never empty: see `rules_of`."""
        return [place for place, one in enumerate(self.versions) if _touches(one, self.cycle)]

    def number_on(self, day: date, last: bool = False) -> int:
        """某日适用的版本 Its place; the nearest that touches the cycle where none holds on the day."""
        found = self.holds(day)
        return found if found is not None else self.touching[-1 if last else 0]

    def holds(self, day: date) -> int | None:
        """某日适用的版本 Its place, or None where none of these holds."""
        found = self.engine.version_on(day)
        return self.versions.index(found) if found is not None else None

    @property
    def has_voids(self) -> bool:
        """有无认定事项无效的指标"""
        return any(plan.indicator.voids == "event" for plan in self.plans.values())

    @property
    def back_months(self) -> int:
        """回溯月数 How far an nth-time table looks back over the cycle's start, at most."""
        values = [plan.value for plan in self.plans.values() if plan.value is not None]
        return max((value.back_months or 0 for value in values), default=0)


def rules_of(versions: Sequence[Rulebook], cycle: Cycle) -> Rules:
    """规则 Earlier versions too: what happened before the cycle and is counted back is judged by the version of its
    day.

    Raises LookupError where no version touches the cycle.
    """
    ordered = sorted(versions, key=lambda one: one.meta.valid_from)
    rules = Rules(tuple(ordered), cycle, Engine(ordered))
    if not rules.touching:
        raise LookupError(f"{cycle.first_on}起的周期没有适用的积分办法")
    for place, compiled in enumerate(compile_versions(ordered)):
        for code, plan in compiled.plans.items():
            rules.plan_of[place, code] = len(rules.plans) + 1
            rules.plans[len(rules.plans) + 1] = plan
    in_play = {(place, code) for place, code in rules.plan_of if place in rules.touching}
    rules.caps = caps_plan.shape_of(rules.plans[rules.plan_of[key]] for key in sorted(in_play))
    return rules


def _touches(version: Rulebook, cycle: Cycle) -> bool:
    ends = version.meta.valid_to or date.max
    return version.meta.valid_from <= cycle.last_on and ends >= cycle.first_on


def write_rules(slate: Slate, rules: Rules) -> None:
    """规则入表"""
    _write_plans(slate, rules)
    _write_days(slate, rules)
    _write_periods(slate, rules)
    _write_openings(slate, rules)
    _write_closing(slate, rules)
    caps_plan.write_caps(slate, rules.plans, rules.caps)


# ------------------------------------------------------------------ plans and days


def _write_plans(slate: Slate, rules: Rules) -> None:
    places: dict[str, int] = {}
    tiers = {tier.code: place for place, tier in enumerate(best_first(rules.closing))}
    rows: list[Row] = []
    for number, plan in rules.plans.items():
        row = plan.indicator
        place = places.setdefault(row.code, len(places) + 1)
        shape, times, back = _value_of(plan)
        switches = (int(plan.by_history), int(plan.doubles))
        limits = (tiers.get(row.tier_direct or ""), tiers.get(row.tier_at_most or ""))
        belongs = (row.index, row.order, row.aspect or "", row.pool or "", row.voids or "")
        rows.append((number, row.code, place, *belongs, shape, times, back, *switches, *limits))
    slate.fill(
        "plans",
        "plan INT, code TEXT, place INT, idx TEXT, rank INT, aspect TEXT, pool TEXT, voids TEXT, shape TEXT, "
        "times INT, back INT, by_history INT, doubles INT, direct INT, at_most INT",
        rows,
        unique="plan",
    )
    slate.fill("ladder", "plan INT, start BIGINT, points BIGINT", _ladder(rules))
    slate.fill("turns", "plan INT, number INT, points BIGINT", _turns(rules), unique="plan, number")


def _value_of(plan: Plan) -> tuple[str, int, int | None]:
    if plan.value is None:
        return "", 0, None
    return plan.value.shape, len(plan.value.times), plan.value.back_months


def _ladder(rules: Rules) -> Iterator[Row]:
    for number, plan in rules.plans.items():
        if plan.value is not None and plan.value.shape == "cumulative":
            yield from ((number, step.start, step.points) for step in plan.value.steps)


def _turns(rules: Rules) -> Iterator[Row]:
    for number, plan in rules.plans.items():
        if plan.value is not None and plan.value.shape == "nth":
            yield from ((number, turn, points) for turn, points in enumerate(plan.value.times, start=1))


def _write_days(slate: Slate, rules: Rules) -> None:
    """Every day of the cycle, and as many before it as anything looks back to."""
    cycle = rules.cycle
    first = add_months(cycle.first_on, -rules.back_months)
    backs = sorted({plan.value.back_months for plan in rules.plans.values() if plan.value and plan.value.back_months})
    days, since = [], []
    for ordinal in range(first.toordinal(), cycle.last_on.toordinal() + 1):
        day = date.fromordinal(ordinal)
        keys = window_keys(day, cycle)
        month = (day.year - cycle.first_on.year) * 12 + day.month - cycle.first_on.month
        days.append((ordinal, day.isoformat(), keys[1], month, keys[3], int(day >= cycle.first_on), rules.holds(day)))
        since += [(back, ordinal, add_months(day, -back).toordinal()) for back in backs]
    columns = "day INT, on_day DATE, week BIGINT, month INT, quarter INT, within INT, version INT"
    slate.fill("days", columns, days, unique="day")
    slate.fill("since", "back INT, day INT, since INT", since, unique="back, day")


# ------------------------------------------------------------------ periods, openings, pools


def _write_periods(slate: Slate, rules: Rules) -> None:
    """`spans`: which period holds a month of the cycle, and the month in which that period begins."""
    months = months_of(rules.cycle)
    spans = [
        (period, month, place_of(period, month), place_of(period, month) * SIZES[period])
        for period in PERIODS
        for month in range(months)
    ]
    slate.fill("spans", "period TEXT, month INT, place INT, begins INT", spans, unique="period, month")
    period = rules.closing.result.period
    size = SIZES[period] or months
    places = []
    for place in range(number_of(period, rules.cycle)):
        last = add_months(rules.cycle.first_on, (place + 1) * size) - timedelta(days=1)
        places.append((place, last.toordinal()))
    slate.fill("places", "place INT, last_day INT", places, unique="place")


def _write_openings(slate: Slate, rules: Rules) -> None:
    """`openings`: what is allotted to each period of the result, by version and track; "" for a track not named."""
    allotted: list[Row] = []
    inherited: list[Row] = []
    pools: list[Row] = []
    for number, version in enumerate(rules.versions):
        opening = version.opening
        for track in ("", *opening.by_track):
            amounts = allotments(rules, number, track)
            allotted.extend((number, track, place, points) for place, points in enumerate(amounts))
        inherited.append((number, opening.inherited_share, opening.inherited_without))
        pools.extend((number, pool.code, pool.period, pool.points - pool.floor) for pool in version.pools)
    slate.fill(
        "openings", "version INT, track TEXT, place INT, points BIGINT", allotted, unique="version, track, place"
    )
    slate.fill("inheriting", "version INT, share BIGINT, without BIGINT", inherited, unique="version")
    slate.fill("pools", "version INT, pool TEXT, period TEXT, room BIGINT", pools, unique="version, pool")


def allotments(rules: Rules, number: int, track: str) -> list[int]:
    """期初分 What a version allots to each period of the result, with what its pools hold; "" for a track not named."""
    version = rules.versions[number]
    opening = version.opening
    amounts = [0] * number_of(rules.closing.result.period, rules.cycle)
    given = [(opening.by_track.get(track, opening.points), opening.period)]
    for points, period in (*given, *((pool.points, pool.period) for pool in version.pools)):
        for place in range(number_of(period, rules.cycle)):
            begins = place * (SIZES[period] or months_of(rules.cycle))
            amounts[place_of(rules.closing.result.period, begins)] += points
    return amounts


# ------------------------------------------------------------------ what the last day's version says


def _write_closing(slate: Slate, rules: Rules) -> None:
    book = rules.closing
    result, positive, reverse = book.result, book.indices["positive"], book.indices["reverse"]
    # Where there is no cap, additions and deductions are looked at by the periods of the result.
    added, deducted = (result.period if one.cap is None else one.cap_period for one in (positive, reverse))
    slate.fill(
        "closing",
        "method TEXT, result_period TEXT, period_floor BIGINT, period_ceiling BIGINT, coefficient BIGINT, "
        "positive_cap BIGINT, positive_net INT, positive_period TEXT, reverse_cap BIGINT, reverse_period TEXT, "
        "floor BIGINT, ceiling BIGINT, lowest INT, first_day INT, tier_from INT",
        [
            (
                *(result.method, result.period, result.floor, result.ceiling, result.coefficient),
                *(positive.cap, int(positive.net), added, reverse.cap, deducted),
                *(book.clamp.floor, book.clamp.ceiling, len(book.tiers) - 1),
                *(rules.cycle.first_on.toordinal(), joined_too_late_from(rules)),
            )
        ],
    )
    slate.fill("coefficients", "track TEXT, coefficient BIGINT", result.coefficient_by_track.items(), unique="track")
    aspects = [(one.code, one.cap, int(one.net), added if one.cap is None else one.cap_period) for one in book.aspects]
    slate.fill("aspects", "aspect TEXT, cap BIGINT, net INT, period TEXT", aspects, unique="aspect")
    _write_tiers(slate, book)


def _write_tiers(slate: Slate, book: Rulebook) -> None:
    ordered = best_first(book)
    uppers = (None, *(tier.lower for tier in ordered))  # of each the bound from which on it is a better one
    tiers = [
        (place, one.code, one.lower, upper) for place, (one, upper) in enumerate(zip(ordered, uppers, strict=False))
    ]
    slate.fill("tiers", "tier INT, code TEXT, lower BIGINT, upper BIGINT", tiers, unique="tier")
    slate.fill(
        "untiered", "status TEXT", [(status,) for status in dict.fromkeys(book.people.untiered)], unique="status"
    )
    components = [
        (one.code, one.maximum, one.weight, one.without, one.several, int(one.without is None))
        for one in book.components
    ]
    columns = "component TEXT, maximum BIGINT, weight BIGINT, without BIGINT, several TEXT, needed INT"
    slate.fill("components", columns, components, unique="component")
    places = {tier.code: place for place, tier in enumerate(best_first(book))}
    alarms = [
        (number, one.below, one.deductions, one.period, places.get(one.tier_at_most or ""))
        for number, one in enumerate(book.alarms)
    ]
    columns = "alarm INT, below BIGINT, deductions BIGINT, period TEXT, at_most INT"
    slate.fill("alarms", columns, alarms, unique="alarm")
    _write_streaks(slate, book)


def _write_streaks(slate: Slate, book: Rulebook) -> None:
    """`streaks`: how many cycles at or below, or at or above, which lower bound. `codes`: of alarms and streaks."""
    rows: list[Row] = []
    for number, one in enumerate(book.streaks):
        line = book.tier(one.at_most or one.at_least or "")
        if line is not None:
            rows.append((number, one.cycles, *((line.lower, None) if one.at_most is not None else (None, line.lower))))
    slate.fill("streaks", "streak INT, cycles INT, most BIGINT, least BIGINT", rows, unique="streak")
    codes = [("alarm", number, one.code) for number, one in enumerate(book.alarms)]
    codes += [("streak", number, one.code) for number, one in enumerate(book.streaks)]
    slate.fill("codes", "kind TEXT, number INT, code TEXT", codes, unique="kind, number")


def joined_too_late_from(rules: Rules) -> int:
    """参评时间不足的界线 The first day of joining from which too few months are left for a tier."""
    months = rules.closing.procedure.tier_months.value
    end = rules.cycle.last_on + timedelta(days=1)
    day = add_months(end, -months) - timedelta(days=3)  # months end on different days
    while add_months(day, months) <= end:
        day += timedelta(days=1)
    return day.toordinal()
