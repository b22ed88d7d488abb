"""档案的框架 How facts are written down in an archive: moments, days, people. The same facts give the same texts; no
day of making stands in them, only until when something was recorded."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pioneer.kernel import clock
from pioneer.kernel.erased import ERASED
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.scoring import Cycle

Row = dict[str, Any]
FORMAT = "pioneer-archive-facts/1"


@dataclass(slots=True)
class Frame:
    """一份档案的范围 Of which branch, its unit, and cycle; and what is noted on the way: the latest moment, and who is
    named."""

    branch: Organisation
    unit: Organisation
    cycle: Cycle
    until: datetime | None = None
    people: dict[int, Member] = field(default_factory=dict)

    def moment(self, at: datetime | None) -> str:
        """时刻 To the microsecond, in the time of Shanghai, as digests take it."""
        if at is None:
            return ""
        self.until = at if self.until is None else max(self.until, at)
        return at.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds")

    def day(self, at: datetime | None) -> str:
        """时刻的日子"""
        return self.moment(at)[:10]

    def who(self, member: Member) -> Row:
        """是谁 By key and number; the name as it is on record today."""
        self.people[member.pk] = member
        return {"member": str(member.key), "number": member.number, "name": name_of(member)}

    @property
    def facts_until(self) -> date:
        """事实截至 The day of the last thing recorded; the cycle's first where there is nothing."""
        return self.until.astimezone(clock.SHANGHAI).date() if self.until else self.cycle.first_on


def name_of(member: Member) -> str:
    """姓名"""
    return ERASED if member.erased_at is not None else member.name


def on(day: date | None) -> str:
    """日期"""
    return day.isoformat() if day is not None else ""


def whole(value: Any) -> int | None:
    """百分之一分 Points as a whole number of hundredths."""
    return None if value is None else int(value)


def keys_of(numbers: Iterable[int]) -> dict[int, str]:
    """党员的标识 By number. One query."""
    found = Member.objects.filter(pk__in=set(numbers)).order_by().values_list("pk", "key")
    return {number: str(key) for number, key in found}
