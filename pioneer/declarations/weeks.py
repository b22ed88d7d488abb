"""按周 A member's claims week by week, as the caps count them: from Monday, cut where a month ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from pioneer.declarations.models import Declaration
from pioneer.kernel.errors import bad


@dataclass(frozen=True, slots=True)
class Week:
    """一周 `is_this`: today lies in it. `repeatable`: what was done in it can be declared again with one tap."""

    first: date
    last: date
    name: str = ""
    is_this: bool = False
    repeatable: bool = False
    claims: list[Declaration] = field(default_factory=list)


def week_of(day: date) -> tuple[date, date]:
    """所在的一周 Its first and last day within the day's month."""
    monday = day - timedelta(days=day.weekday())
    first, last = max(monday, day.replace(day=1)), monday + timedelta(days=6)
    while last.month != day.month:
        last -= timedelta(days=1)
    return first, last


def by_week(claims: Iterable[Declaration], today: date, *, with_this: bool) -> list[Week]:
    """按周分组 Of claims that come newest first. This week stands on top although nothing was declared in it."""
    found = {key: list(some) for key, some in groupby(claims, key=lambda claim: week_of(claim.event_on))}
    this = week_of(today)
    if with_this:
        found = {this: found.pop(this, []), **found}
    last_monday = today - timedelta(days=today.weekday() + 7)
    before = week_of(this[0] - timedelta(days=1))
    return [
        Week(
            first=first,
            last=last,
            name="本周" if (first, last) == this else "上周" if (first, last) == before else "",
            is_this=(first, last) == this,
            repeatable=last_monday <= first and (first, last) != this,
            claims=some,
        )
        for (first, last), some in found.items()
    ]


def monday_of(text: str) -> date:
    """周次 "2026-W14" → its Monday. Raises BadInput with a sentence."""
    year, _, week = text.strip().upper().partition("-W")
    try:
        if len(year) == 4 and len(week) in (1, 2) and year.isascii() and week.isascii():
            return date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        pass
    raise bad("哪一周", "请按“年-W周次”写，如 2026-W14，是一年中的第几周。")


def week_name(monday: date) -> str:
    """周次 A Monday → "2026-W14"."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"
