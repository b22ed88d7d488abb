"""A member's claims week by week, and the names of weeks."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from pioneer.declarations.models import Declaration
from pioneer.declarations.weeks import by_week, monday_of, week_name, week_of
from pioneer.kernel.errors import BadInput
from pioneer.scoring import Cycle
from pioneer.scoring.periods import window_keys

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), date(2026, 4, 5)),  # the month begins on a Wednesday
        (date(2026, 3, 31), date(2026, 3, 30), date(2026, 3, 31)),
        (date(2026, 3, 29), date(2026, 3, 23), date(2026, 3, 29)),
        (date(2026, 5, 31), date(2026, 5, 25), date(2026, 5, 31)),
        (date(2026, 12, 31), date(2026, 12, 28), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 1), date(2027, 1, 3)),
    ],
)
def test_a_week_runs_from_monday_and_is_cut_where_the_month_ends(day: date, first: date, last: date) -> None:
    assert week_of(day) == (first, last)


def test_two_days_share_a_week_where_the_caps_say_so() -> None:
    year = Cycle(date(2026, 1, 1), date(2026, 12, 31))
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(365)]
    for one, other in pairwise(days):
        shares = window_keys(one, year)[1] == window_keys(other, year)[1]
        assert (week_of(one) == week_of(other)) == shares, other


def claims(*days: date) -> list[Any]:
    return [Declaration(event_on=day) for day in days]


def test_this_week_stands_on_top_though_nothing_was_declared_in_it() -> None:
    found = by_week(claims(date(2026, 3, 25), date(2026, 3, 24)), date(2026, 4, 1), with_this=True)
    assert [(week.name, len(week.claims), week.is_this) for week in found] == [("本周", 0, True), ("", 2, False)]
    assert [week.repeatable for week in found] == [False, True]
    assert by_week([], date(2026, 4, 1), with_this=False) == []


def test_what_is_older_than_last_week_is_not_offered_again() -> None:
    found = by_week(claims(date(2026, 4, 14), date(2026, 4, 7), date(2026, 3, 31)), date(2026, 4, 15), with_this=True)
    assert [(week.name, week.repeatable) for week in found] == [("本周", False), ("上周", True), ("", False)]


def test_a_week_is_written_by_its_number() -> None:
    assert monday_of("2026-W14") == monday_of(" 2026-w14 ") == date(2026, 3, 30)
    assert week_name(date(2026, 3, 30)) == "2026-W14"
    assert week_name(date(2026, 12, 28)) == "2026-W53"


@pytest.mark.parametrize("text", ["", "2026", "2026-14", "2026-W00", "2026-W54", "26-W14", "2026-W1x", "２０２６-W14"])
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="2026-W14"):
        monday_of(text)
