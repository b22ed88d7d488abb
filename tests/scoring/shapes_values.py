"""The oracle's vocabulary and its step 3: what one occurrence is worth, after docs/rulebook.md, as naively as possible.

A rulebook is the plain dict that TOML gives, all amounts are Decimal magnitudes; the index gives the sign at the end.
Nothing here is shared with the engine but the two records a fact and a member are handed over in.
"""

from __future__ import annotations

import calendar
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pioneer.scoring import Cycle, Fact, Member

Book = dict[str, Any]
ZERO = Decimal(0)
CENT = Decimal("0.01")
NEVER = 10**9


@dataclass(eq=False)
class Line:
    """One usable fact under way: `raw` after step 3, `left` after step 4, `counted` after step 5."""

    member: Member
    fact: Fact
    book: Book
    rule: Book
    index: str
    place: int
    track: str
    before_cycle: bool = False
    refused: bool = False
    outdone: bool = False
    raw: Decimal = ZERO
    left: Decimal = ZERO
    counted: Decimal = ZERO

    @property
    def code(self) -> str:
        return str(self.rule["code"])

    @property
    def day(self) -> date:
        return self.fact.event_on

    @property
    def shape(self) -> str:
        return str(self.rule.get("value", {}).get("shape", ""))

    @property
    def posting(self) -> int:
        return NEVER if self.fact.posted_order is None else self.fact.posted_order

    @property
    def order(self) -> tuple[int, date, int]:
        return (self.posting, self.day, self.fact.row)


@dataclass
class Found:
    """What the oracle says of one member. Points are signed; `unsure` are refused rows whose value nobody defines."""

    score: Decimal = ZERO
    tier: str | None = None
    basic: Decimal = ZERO
    positive: Decimal = ZERO
    reverse: Decimal = ZERO
    outside: Decimal = ZERO
    zeroed: bool = False
    counted: dict[int, Decimal] = field(default_factory=dict)
    raw: dict[int, Decimal] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)
    unusable: set[int] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)
    alarms: list[str] = field(default_factory=list)
    streaks: list[str] = field(default_factory=list)


def amount(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100


def cents(number: Decimal) -> Decimal:
    """Rounded once, half up, away from zero."""
    return number.quantize(CENT, ROUND_HALF_UP)


def is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def months_before(day: date, months: int) -> date:
    """The same day so many months before; where that month is shorter, its last day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_of(day: date, period: str, cycle: Cycle) -> int:
    """The number of the period of the cycle a day lies in; everything lies in cycle 0."""
    since = (day.year - cycle.first_on.year) * 12 + day.month - cycle.first_on.month
    return {"month": since, "quarter": since // 3}.get(period, 0)


def periods_in(period: str, cycle: Cycle) -> range:
    return range(period_of(cycle.last_on, period, cycle) + 1)


def same_window(window: str, one: date, two: date, cycle: Cycle) -> bool:
    """Whether two days of the cycle use up the same window; a week is cut at the month's end."""
    if window == "day":
        return one == two
    if window == "week":
        same_month = (one.year, one.month) == (two.year, two.month)
        return same_month and one.isocalendar()[:2] == two.isocalendar()[:2]
    return period_of(one, window, cycle) == period_of(two, window, cycle)


def version_on(books: list[Book], day: date) -> Book | None:
    """The version in force; a later one ends an open earlier one."""
    begun = [book for book in books if book["meta"]["valid_from"] <= day]
    if not begun:
        return None
    latest = max(begun, key=lambda book: book["meta"]["valid_from"])
    last = latest["meta"].get("valid_to")
    return latest if last is None or day <= last else None


def level_of(rule: Book, spelling: str) -> Book | None:
    def plain(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", text).split()).casefold()

    for step in rule["value"]["steps"]:
        if plain(spelling) in [plain(word) for word in (step["code"], step["name"], *step.get("aliases", []))]:
            return dict(step)
    return None


def factor_of(line: Line) -> Decimal | None:
    """The factor the fact's circumstance stands for: 1 where it names none, None where it names an unknown one."""
    named = line.fact.multiplier
    if named is None:
        return Decimal(1)
    for row in line.rule.get("multipliers", []):
        if named in (row["code"], row["name"]):
            return Decimal(row["factor"])
    return None


def is_malformed(line: Line) -> bool:
    """A missing or impossible quantity, value, level or circumstance. A posted entry with its value had all that."""
    fact, rule = line.fact, line.rule
    if fact.fixed is not None:
        return False
    if factor_of(line) is None:
        return True
    if line.shape in ("per_unit", "brackets", "cumulative", "shortfall"):
        quantity = amount(fact.quantity)
        if quantity is None:
            return "default" not in rule["value"]
        least = ZERO if line.shape == "shortfall" else CENT
        return quantity < least or (bool(rule["value"].get("whole")) and not is_whole(quantity))
    if line.shape == "range":
        value = amount(fact.value)
        return value is None or not rule["value"]["min"] <= value <= rule["value"]["max"]
    if line.shape == "ladder":
        return fact.level is None or level_of(rule, fact.level) is None
    return False


def step_reached(rule: Book, quantity: Decimal) -> Decimal:
    reached = [Decimal(step["points"]) for step in rule["value"]["steps"] if quantity >= step["from"]]
    return reached[-1] if reached else ZERO


def worth(line: Line, earlier: list[Line]) -> Decimal:
    """Step 3. `earlier` are the member's lines of the same indicator that come before this one and weren't refused.

    Those that belong to one event are one time, and none for a line of their own event.
    """
    fact, value = line.fact, line.rule.get("value")
    if fact.fixed is not None:
        return Decimal(abs(fact.fixed)) / 100
    if value is None:
        return ZERO
    factor = factor_of(line)
    assert factor is not None
    found = cents(single(line, value, earlier) * factor)
    here = [other for other in earlier if not other.before_cycle]
    if line.index == "reverse" and line.book["indices"]["reverse"].get("repeat") == "double" and times(line, here):
        found *= 2
    return found


def single(line: Line, value: Book, earlier: list[Line]) -> Decimal:
    """The value before circumstances and repetition."""
    shape, quantity = value["shape"], amount(line.fact.quantity)
    if quantity is None and "default" in value:
        quantity = Decimal(value["default"])
    each = Decimal(value.get("by_track", {}).get(line.track, value["points"])) if shape in EACH else ZERO
    if shape == "fixed":
        return each
    if shape == "range":
        return amount(line.fact.value) or ZERO
    if shape == "ladder":
        step = level_of(line.rule, line.fact.level or "")
        assert step is not None
        return Decimal(step["points"])
    if shape == "to_floor":
        pool = next(pool for pool in line.book["pools"] if pool["code"] == line.rule["pool"])
        return Decimal(pool["points"]) - Decimal(pool.get("floor", 0))
    if shape == "nth":
        return nth(line, value, earlier)
    assert quantity is not None
    if shape == "per_unit":
        return limited(cents(quantity * each), value)
    if shape == "shortfall":
        return limited(cents(max(ZERO, value["required"] - quantity) * each), value)
    if shape == "brackets":
        return step_reached(line.rule, quantity)
    climbed = [other for other in earlier if other.shape == "cumulative"]
    before = sum((max(ZERO, amount(other.fact.quantity) or ZERO) for other in climbed), ZERO)
    return step_reached(line.rule, before + quantity) - step_reached(line.rule, before)


EACH = ("fixed", "per_unit", "shortfall")


def limited(points: Decimal, value: Book) -> Decimal:
    return min(points, Decimal(value["max"])) if "max" in value else points


def nth(line: Line, value: Book, earlier: list[Line]) -> Decimal:
    """First, second, third … time in order of posting; in the cycle, or later than so many months before."""
    if "back_months" in value:
        since = months_before(line.day, value["back_months"])
        before = [other for other in earlier if since < other.day]
    else:
        before = [other for other in earlier if not other.before_cycle]
    return Decimal(value["points"][min(times(line, before), len(value["points"]) - 1)])


def times(line: Line, before: list[Line]) -> int:
    """How many different events lie behind a line; who names none is an event of its own."""
    others = [other for other in before if not other.fact.carried]
    alone = len([other for other in others if not other.fact.event])
    named = {other.fact.event for other in others if other.fact.event}
    return alone + len(named - {line.fact.event})
