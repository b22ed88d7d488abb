"""The window of domain.md: posted on Wednesday 1 April 2026, five working days end on 9 April."""

from datetime import date

import pytest

from pioneer.kernel.errors import DomainError
from pioneer.kernel.workdays import Calendar
from tests.world import HOLIDAYS_2026

CALENDAR = Calendar(dict(HOLIDAYS_2026), frozenset({2026}))


def test_the_day_of_posting_is_not_counted_and_a_holiday_is_skipped() -> None:
    assert CALENDAR.after(date(2026, 4, 1), 5) == date(2026, 4, 9)


def test_a_shifted_saturday_counts_as_a_working_day() -> None:
    assert CALENDAR.after(date(2026, 5, 8), 1) == date(2026, 5, 9)


def test_a_year_without_a_table_stops_and_says_which() -> None:
    with pytest.raises(DomainError, match="没有2027年"):
        CALENDAR.after(date(2026, 12, 30), 5)


def test_days_between_are_counted_as_the_window_counts_them() -> None:
    assert CALENDAR.between(date(2026, 4, 1), date(2026, 4, 9)) == 5
