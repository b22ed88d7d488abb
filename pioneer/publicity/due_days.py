"""时限 By when each step of a month's sheet is due, by the rulebook's own parameters.

The source says monthly and names no day. A deduction entered on the month's last day may be answered for the rulebook's
`statement_wait`, so by the end of that wait the sheet can be submitted; a deduction entered while preparing it may be
answered for as long again, so by then it can be confirmed. It is published by `publish_by` after the month's end, where
the rulebook has it; where it has not, no day is claimed. The window's end is stored at publication: by its last day the
board's photograph is there, and on the day after it the notice is closed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pioneer.assessments.roster import last_day
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.kernel.workdays import Calendar
from pioneer.organisations.queries import calendar
from pioneer.rulebook.queries import current_rulebook
from pioneer.scoring import Rulebook
from pioneer.scoring.model import Parameter


@dataclass(frozen=True, slots=True)
class DueDays:
    """时限 Of one month. `published`: None where the rulebook names none."""

    opened: date
    submitted: date
    confirmed: date
    published: date | None


def due_days(rulebook: Rulebook, workdays: Calendar, end: date) -> DueDays:
    """某月的时限 Counted from `end`, the month's last day. A step is never due after the notice."""
    wait = rulebook.procedure.statement_wait
    submitted = _after(wait, workdays, end)
    confirmed = _after(wait, workdays, submitted)
    publish_by = rulebook.procedure.publish_by
    if publish_by is None:
        return DueDays(end, submitted, confirmed, None)
    published = _after(publish_by, workdays, end)
    return DueDays(end, min(submitted, published), min(confirmed, published), published)


def proof_due(closes_at: datetime) -> date:
    """凭证的时限 The window's last day."""
    return close_due(closes_at) - timedelta(days=1)


def close_due(closes_at: datetime) -> date:
    """办结的时限 The day after the window's last one."""
    return closes_at.astimezone(clock.SHANGHAI).date()


class Months:
    """各月的时限 Of many districts and months, each reckoned once; None where no rulebook or holiday table says."""

    def __init__(self) -> None:
        self.workdays: Calendar | None = None
        self.known: dict[tuple[int, int, int], DueDays | None] = {}

    def of(self, district: int, year: int, month: int) -> DueDays | None:
        """一个区某月的时限"""
        key = (district, year, month)
        if key not in self.known:
            self.workdays = self.workdays or calendar()
            try:
                end = last_day(year, month)
                self.known[key] = due_days(current_rulebook(district, end), self.workdays, end)
            except DomainError:
                self.known[key] = None
        return self.known[key]


def _after(wait: Parameter, workdays: Calendar, start: date) -> date:
    if wait.unit == "working_days":
        return workdays.after(start, wait.value)
    return start + timedelta(days=wait.value)
