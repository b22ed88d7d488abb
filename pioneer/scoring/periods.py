"""周期与时段: cycles, windows of caps and months, by plain dates.

Windows nest: a week (from Monday) is cut at the end of its month, quarters run from the cycle's first day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from pioneer.scoring.facts import Cycle
from pioneer.scoring.model import CycleRule, Period

Keys = tuple[int, int, int, int, int]


def add_months(day: date, months: int) -> date:
    """加月: the same day of the month ``months`` later (or earlier); the month's last day where there is none.

    Raises ValueError outside the years 1–9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def cycle_of(rule: CycleRule, day: date) -> Cycle:
    """周期: first and last day of the cycle holding ``day``. Raises ValueError outside the years 2–9998."""
    offset = (day.year * 12 + day.month - rule.start_month) % rule.months
    first = add_months(day.replace(day=1), -offset)
    return Cycle(first, add_months(first, rule.months) - timedelta(days=1))


def window_keys(day: date, cycle: Cycle) -> Keys:
    """时段键: one number per window (day, week, month, quarter, cycle), equal where two days share the window."""
    month = day.year * 12 + day.month
    first = cycle.first_on.year * 12 + cycle.first_on.month
    monday = day.toordinal() - day.weekday()
    return (day.toordinal(), monday * 100 + month % 12, month, (month - first) // 3, 0)


def period_key(keys: Keys, period: Period) -> int:
    """时段: the key of a pool's period."""
    return keys[2] if period == "month" else keys[3] if period == "quarter" else keys[4]


def periods_in(cycle: Cycle, period: Period) -> tuple[int, ...]:
    """各时段: the keys of all periods of a cycle, in order."""
    first = cycle.first_on.year * 12 + cycle.first_on.month
    months = cycle.last_on.year * 12 + cycle.last_on.month - first + 1
    if period == "month":
        return tuple(range(first, first + months))
    if period == "quarter":
        return tuple(range(months // 3))
    return (0,)
