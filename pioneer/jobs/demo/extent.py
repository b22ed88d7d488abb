"""规模与时间 How large the demo is, and its months: the last ten whole ones before today, and the month that runs."""

import calendar as months_of
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from pioneer.kernel.clock import SHANGHAI
from pioneer.kernel.workdays import Calendar
from pioneer.organisations.holidays import HolidayDay, shipped

FIXED = [(1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节")]


class Month(NamedTuple):
    """月份"""

    year: int
    month: int

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, months_of.monthrange(self.year, self.month)[1])

    @property
    def before(self) -> "Month":
        return Month(self.year, self.month - 1) if self.month > 1 else Month(self.year - 1, 12)


@dataclass(frozen=True, slots=True)
class Extent:
    """规模"""

    townships: int = 14
    branches: int = 120
    members: int = 3000
    months: int = 10

    @classmethod
    def of(cls, members: int) -> "Extent":
        """按人数 A district of this many members, in proportion."""
        branches = max(2, round(members / 25))
        return cls(min(14, max(2, round(branches / 8.5))), branches, max(20, members))


def months_before(today: date, count: int) -> list[Month]:
    """最近的整月 The last `count` whole months, the earliest first."""
    found = []
    month = Month(today.year, today.month)
    for _ in range(count):
        month = month.before
        found.append(month)
    return found[::-1]


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """时刻"""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


class HolidayTable(NamedTuple):
    """一年的节假日 `source` says where it is from; a year not announced yet has its fixed days only, and says so."""

    year: int
    source: str
    days: list[HolidayDay]


def holiday_tables(first: int, last: int) -> list[HolidayTable]:
    """节假日表 For every year from `first` to `last`."""
    return [_table(year) for year in range(first, last + 1)]


def _table(year: int) -> HolidayTable:
    if days := shipped(year):
        return HolidayTable(year, f"国务院办公厅关于{year}年部分节假日安排的通知（随程序附带）", days)
    fixed = [HolidayDay(date(year, month, day), False, name) for month, day, name in FIXED]
    days = [one for one in fixed if one.on.weekday() < 5]
    return HolidayTable(year, f"演示用：{year}年的放假安排尚未录入，这里只有日期固定的节日", days)


def working_calendar(tables: list[HolidayTable]) -> Calendar:
    """工作日历 The tables as the windows count by them."""
    days = {on: is_working for table in tables for on, is_working, _ in table.days}
    return Calendar(days, frozenset(table.year for table in tables))


def days_of(month: Month) -> Iterator[date]:
    """一月中的日子"""
    for offset in range((month.last - month.first).days + 1):
        yield month.first + timedelta(days=offset)
