"""党费的读取 A branch's month: who is to pay, and what is recorded."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from pioneer.conduct.models import Dues
from pioneer.kernel import clock
from pioneer.members import queries as members
from pioneer.members.models import Member, Status
from pioneer.members.queries import RosterEntry
from pioneer.organisations.models import Organisation
from pioneer.scoring.periods import add_months

STATES = [(code, str(name)) for code, name in Dues.State.choices]
OWING = (Dues.State.LATE, Dues.State.SHORT, Dues.State.UNPAID)


@dataclass(frozen=True, slots=True)
class Row:
    """党费的一行"""

    entry: RosterEntry
    dues: Dues | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """一个月的党费 `edit` grows with every change, so that a page knows it is stale."""

    branch: Organisation
    year: int
    month: int
    rows: tuple[Row, ...]
    edit: int

    @property
    def left(self) -> int:
        """还没有登记的人数"""
        return sum(1 for row in self.rows if row.dues is None)

    @property
    def fen(self) -> int:
        """登记的金额合计"""
        return sum(row.dues.fen or 0 for row in self.rows if row.dues is not None)


def last_day(year: int, month: int) -> date:
    """月末"""
    return date.fromordinal(add_months(date(year, month, 1), 1).toordinal() - 1)


def is_open(year: int, month: int) -> bool:
    """可否登记 This month and those of two years before."""
    today = clock.today()
    return 1 <= month <= 12 and 0 <= (today.year - year) * 12 + today.month - month <= 24


def month_of(branch: Organisation, year: int, month: int) -> Month:
    """某月的党费 The members of the month's last day, or of today while it runs, without those out of contact."""
    on = min(last_day(year, month), clock.today())
    here = members.roster(branch, on, unpublished=True)
    recorded = {one.member_id: one for one in Dues.objects.filter(branch=branch, year=year, month=month)}
    rows = tuple(Row(entry, recorded.get(entry.id)) for entry in here if entry.status != Status.OUT_OF_CONTACT)
    return Month(branch, year, month, rows, sum(one.edit for one in recorded.values()))


def months_until_today(count: int = 12) -> list[date]:
    """最近的月份 The first day of each, the running one first."""
    first = clock.today().replace(day=1)
    return [add_months(first, -back) for back in range(count)]


def dues_of(member: Member) -> QuerySet[Dues]:
    """某人的党费 The latest month first."""
    return Dues.objects.filter(member=member).select_related("branch")
