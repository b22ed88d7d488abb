"""时限 When a month's sheet is due at each step, by the rulebook's own parameters. Pure.

The source says monthly and names no day. A deduction entered on the month's last day may be answered for the rulebook's
statement wait, so by the end of that wait the sheet can be submitted; a deduction entered while preparing it may be
answered for as long again, so by then it can be confirmed and published. The window's end is stored at publication.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from pioneer.kernel.workdays import Calendar
from pioneer.scoring import Rulebook
from pioneer.scoring.model import Parameter


@dataclass(frozen=True, slots=True)
class Deadlines:
    """时限"""

    submitted: date
    confirmed: date
    published: date


def deadlines(rulebook: Rulebook, calendar: Calendar, last_day: date) -> Deadlines:
    """某月的时限 Counted from the month's last day."""
    wait = rulebook.procedure.statement_wait
    submitted = _after(wait, calendar, last_day)
    confirmed = _after(wait, calendar, submitted)
    return Deadlines(submitted, confirmed, confirmed)


def _after(wait: Parameter, calendar: Calendar, start: date) -> date:
    if wait.unit == "working_days":
        return calendar.after(start, wait.value)
    return start + timedelta(days=wait.value)
