"""节假日的写入 The holiday table. A window that was computed keeps its end, whatever is changed here later."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import chinese_calendar

from pioneer.kernel.errors import BadInput, DomainError, Fault, bad
from pioneer.kernel.operations import operation
from pioneer.organisations.models import Holiday, HolidayYear
from pioneer.organisations.policies import Acting, require_anywhere


class HolidayDay(NamedTuple):
    """一天 A holiday, or with `is_working` a shifted working day."""

    on: date
    is_working: bool
    name: str


@operation("organisations.load_holiday_year")
def load_holiday_year(*, actor: Acting, year: int) -> HolidayYear:
    """载入年度节假日 From the table that comes with the program, where it has the year."""
    require_anywhere(actor, "edit_holidays")
    _check_new(year)
    days = shipped(year)
    if not days:
        raise DomainError(
            "year_not_shipped",
            f"随程序附带的节假日表里没有{year}年。请等国务院办公厅公布{year}年的安排后，在本页逐日录入，或更新程序后再载入。",
        )
    return write_year(year, f"国务院办公厅关于{year}年部分节假日安排的通知（随程序附带）", days)


@operation("organisations.enter_holiday_year")
def enter_holiday_year(*, actor: Acting, year: int, source: str, days: list[HolidayDay]) -> HolidayYear:
    """录入年度节假日 By hand, the whole year at once: with half a year entered, windows would be counted wrongly."""
    require_anywhere(actor, "edit_holidays")
    _check_new(year)
    if not source.strip():
        raise bad("依据", f"请写明{year}年安排的依据，例如国务院办公厅通知的文号。")
    if not days:
        raise bad("日期", f"请录入{year}年全部放假和调休的日期，一行一天。")
    return write_year(year, source.strip()[:200], days)


@operation("organisations.set_holiday")
def set_holiday(*, actor: Acting, on: date, is_working: bool | None, name: str = "") -> HolidayYear:
    """更改一天 A holiday, a shifted working day, or with None again what its weekday says."""
    require_anywhere(actor, "edit_holidays")
    year = HolidayYear.objects.select_for_update().filter(year=on.year).first()
    if year is None:
        raise DomainError("year_missing", f"还没有录入{on.year}年的节假日表。请先载入或录入全年安排，再改其中一天。")
    if is_working is None:
        if not Holiday.objects.filter(on=on).delete()[0]:
            raise DomainError("nothing_to_remove", "这一天在表里没有特别安排，没有需要去掉的。")
        return year
    faults = _faults(on.year, [HolidayDay(on, is_working, name)])
    if faults:
        raise BadInput(faults)
    Holiday.objects.update_or_create(
        on=on, defaults={"year": year, "is_working": is_working, "name": name.strip() or _plain_name(is_working)}
    )
    return year


def write_year(year: int, source: str, days: Iterable[HolidayDay]) -> HolidayYear:
    """写入全年 All mistakes together; nothing is written where there is one."""
    listed = list(days)
    faults = _faults(year, listed)
    if faults:
        raise BadInput(faults)
    made = HolidayYear.objects.create(year=year, source=source)
    Holiday.objects.bulk_create(
        Holiday(year=made, on=one.on, is_working=one.is_working, name=one.name.strip() or _plain_name(one.is_working))
        for one in listed
    )
    return made


def shipped(year: int) -> list[HolidayDay]:
    """随附的年度 The days of a year in the table that comes with the program; none where it lacks the year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
        chinese_calendar.is_workday(date(year, 12, 31))
    except (NotImplementedError, ValueError):
        return []
    names = {one.value: one.chinese for one in chinese_calendar.Holiday}
    tables = ((chinese_calendar.holidays, False), (chinese_calendar.workdays, True))
    return sorted(
        HolidayDay(on, is_working, names.get(name, name) + ("调休" if is_working else ""))
        for table, is_working in tables
        for on, name in table.items()
        if on.year == year
    )


def _check_new(year: int) -> None:
    if not 2000 <= year <= 2100:
        raise bad("年度", "年度请填写四位数字，例如2026。")
    if HolidayYear.objects.filter(year=year).exists():
        raise DomainError("year_there", f"{year}年的节假日表已经录入。要改其中某一天，请在该年的页面上更改。")


def _faults(year: int, days: list[HolidayDay]) -> list[Fault]:
    faults, seen = [], set()
    for one in days:
        place = f"{one.on.year}年{one.on.month}月{one.on.day}日"
        if one.on.year != year:
            faults.append(Fault(place, f"不在{year}年之内，请改正日期。"))
        if one.on in seen:
            faults.append(Fault(place, "出现了两次，请留下一行。"))
        if one.is_working and one.on.weekday() < 5:
            faults.append(Fault(place, "本来就是工作日，不必写成调休上班，请核对日期。"))
        if len(one.name) > 40:
            faults.append(Fault(place, "名称太长，最多40个字。"))
        seen.add(one.on)
    return faults


def _plain_name(is_working: bool) -> str:
    return "调休上班" if is_working else "放假"
