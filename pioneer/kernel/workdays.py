"""工作日 Working days, counted in days of Asia/Shanghai from a table of holidays and shifted working days.

A year without a table stops the count with the sentence which year to enter: a window must not be guessed.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from pioneer.kernel.errors import DomainError


class Calendar:
    """工作日历 `days` maps a date to True (a shifted working day) or False (a holiday); `years` are the years known."""

    def __init__(self, days: Mapping[date, bool], years: frozenset[int]) -> None:
        self.days = days
        self.years = years

    def is_working(self, day: date) -> bool:
        """是否工作日 Raises DomainError("holidays_missing") for a year that has not been entered."""
        if day.year not in self.years:
            raise DomainError(
                "holidays_missing",
                f"节假日表里没有{day.year}年，无法计算工作日。请系统管理员先在“节假日”页录入{day.year}年的放假和调休安排。",
            )
        return self.days.get(day, day.weekday() < 5)

    def after(self, start: date, count: int) -> date:
        """起算日后第 count 个工作日 The start day itself is not counted: posted Wednesday 1 April 2026, 5 → 9 April."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            if self.is_working(day):
                count -= 1
        return day

    def between(self, start: date, end: date) -> int:
        """两日之间的工作日数 Working days after `start` up to and including `end`; 0 where end ≤ start."""
        return sum(1 for n in range(1, (end - start).days + 1) if self.is_working(start + timedelta(days=n)))
