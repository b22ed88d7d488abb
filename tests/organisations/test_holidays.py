"""The holiday table: loaded, entered by hand, changed day by day."""

from datetime import date

import pytest

from pioneer.kernel.errors import BadInput, DomainError, NotAllowed
from pioneer.organisations.holidays import (
    HolidayDay,
    enter_holiday_year,
    load_holiday_year,
    set_holiday,
    shipped,
)
from pioneer.organisations.models import Holiday, HolidayYear
from pioneer.organisations.queries import calendar, holiday_years, holidays_of
from tests.world import HOLIDAYS_2026, World


def test_the_calendar_takes_one_query_and_counts_past_the_holiday(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found = calendar()
    assert found.after(date(2026, 4, 1), 5) == date(2026, 4, 9)
    with pytest.raises(DomainError, match="2027年"):
        found.is_working(date(2027, 1, 4))


def test_a_shipped_year_is_loaded(world: World) -> None:
    made = load_holiday_year(actor=world.actor("system_admin"), year=2025)
    assert made.year == 2025 and [one.year for one in holiday_years()] == [2026, 2025]
    days = {day.on: day for day in holidays_of(2025)}
    assert days[date(2025, 10, 6)].name == "国庆节" or "中秋" in days[date(2025, 10, 6)].name
    assert days[date(2025, 9, 28)].is_working and "调休" in days[date(2025, 9, 28)].name
    assert calendar().is_working(date(2025, 9, 28)) and not calendar().is_working(date(2025, 10, 8))


def test_what_ships_for_2026_is_what_the_state_council_announced() -> None:
    assert {(day.on, day.is_working) for day in shipped(2026)} == set(HOLIDAYS_2026)


def test_a_year_that_doesnt_ship_is_said_so(world: World) -> None:
    with pytest.raises(DomainError, match="没有2035年"):
        load_holiday_year(actor=world.actor("district_officer"), year=2035)
    assert not HolidayYear.objects.filter(year=2035).exists()


def test_a_year_stands_once(world: World) -> None:
    with pytest.raises(DomainError, match="已经录入"):
        load_holiday_year(actor=world.actor("system_admin"), year=2026)


@pytest.mark.parametrize("who", ["secretary", "township_officer", "guilan", "security_admin"])
def test_only_the_system_administrator_and_the_district_may(world: World, who: str) -> None:
    actor = world.actor(who)
    with pytest.raises(NotAllowed, match="系统管理员"):
        load_holiday_year(actor=actor, year=2025)
    with pytest.raises(NotAllowed):
        enter_holiday_year(actor=actor, year=2027, source="x", days=[])
    with pytest.raises(NotAllowed):
        set_holiday(actor=actor, on=date(2026, 4, 7), is_working=False)


def test_a_year_is_entered_by_hand_whole(world: World) -> None:
    days = [HolidayDay(date(2027, 1, 1), False, "元旦"), HolidayDay(date(2027, 1, 3), True, "")]
    enter_holiday_year(actor=world.actor("system_admin"), year=2027, source="国办发明电〔2026〕7号", days=days)
    assert [(day.on, day.name) for day in holidays_of(2027)] == [
        (date(2027, 1, 1), "元旦"),
        (date(2027, 1, 3), "调休上班"),
    ]


def test_all_mistakes_of_a_year_are_listed_and_nothing_is_written(world: World) -> None:
    days = [
        HolidayDay(date(2028, 1, 1), False, "元旦"),
        HolidayDay(date(2027, 5, 1), False, "劳动节"),
        HolidayDay(date(2027, 5, 1), False, "劳动节"),
        HolidayDay(date(2027, 5, 6), True, "调休"),
    ]
    with pytest.raises(BadInput) as refusal:
        enter_holiday_year(actor=world.actor("system_admin"), year=2027, source="通知", days=days)
    said = [str(fault) for fault in refusal.value.faults]
    assert len(said) == 3 and "不在2027年" in said[0] and "两次" in said[1] and "本来就是工作日" in said[2]
    assert not HolidayYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize(("source", "days", "said"), [("", [1], "依据"), ("通知", [], "一行一天")])
def test_a_year_by_hand_needs_its_source_and_days(world: World, source: str, days: list, said: str) -> None:
    listed = [HolidayDay(date(2027, 1, 1), False, "元旦") for _ in days]
    with pytest.raises(DomainError, match=said):
        enter_holiday_year(actor=world.actor("system_admin"), year=2027, source=source, days=listed)


def test_a_day_is_added_changed_and_taken_out(world: World) -> None:
    actor, day = world.actor("system_admin"), date(2026, 4, 7)
    set_holiday(actor=actor, on=day, is_working=False, name="临时放假")
    assert not calendar().is_working(day)
    set_holiday(actor=actor, on=day, is_working=False, name="防汛放假")
    assert Holiday.objects.get(on=day).name == "防汛放假"
    set_holiday(actor=actor, on=day, is_working=None)
    assert calendar().is_working(day)
    with pytest.raises(DomainError, match="没有需要去掉的"):
        set_holiday(actor=actor, on=day, is_working=None)


def test_a_day_of_a_year_not_entered_is_refused(world: World) -> None:
    with pytest.raises(DomainError, match="2027年"):
        set_holiday(actor=world.actor("system_admin"), on=date(2027, 1, 1), is_working=False)
    with pytest.raises(BadInput, match="本来就是工作日"):
        set_holiday(actor=world.actor("system_admin"), on=date(2026, 4, 7), is_working=True)
