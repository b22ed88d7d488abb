"""时段的写入 Plain functions that begin and end a stretch of days, so that a member's spells never overlap.

Called inside operations that hold the member's row under lock.
"""

from datetime import date, timedelta
from typing import Any

from pioneer.kernel import clock
from pioneer.kernel.errors import bad
from pioneer.members.models import Member, Membership, StatusSpell, TrackSpell

Spell = Membership | StatusSpell | TrackSpell
DAY = timedelta(days=1)


def turn(kind: type[Spell], member: Member, on: date, **values: Any) -> Spell:
    """从某日起 The last spell ends the day before, a new one begins; on its own first day it is put right."""
    last = _last(kind, member)
    if last is not None:
        check_day(on, last.from_on)
        if on == last.from_on:
            last.until_on = None
            for name, value in values.items():
                setattr(last, name, value)
            last.save()
            return last
        close(last, on)
    return kind.objects.create(member=member, from_on=on, **values)


def end(kind: type[Spell], member: Member, on: date) -> None:
    """到某日为止 `on` is the first day it no longer holds; a spell of one day keeps that day."""
    last = _last(kind, member)
    if last is not None:
        check_day(on, last.from_on)
        close(last, on)


def close(spell: Spell, on: date) -> None:
    """截止 The last day is the day before `on`, or earlier where it had ended already."""
    last_day = max(spell.from_on, on - DAY)
    if spell.until_on is None or spell.until_on > last_day:
        spell.until_on = last_day
        spell.save(update_fields=["until_on"])


def check_day(on: date, earliest: date) -> None:
    """日期须在范围内 Not after today, not before what is on record already."""
    if on > clock.today():
        raise bad("日期", "日期不能晚于今天，请在生效当日或之后办理。")
    if on < earliest:
        raise bad("日期", f"日期不能早于上一次登记的日期（{said(earliest)}），请核对后重填。")


def month_start() -> date:
    """本月首日 What lies before it has been assessed, or is being, by the branch and on the track of then."""
    return clock.today().replace(day=1)


def day_before(day: date) -> date:
    """前一天"""
    return day - DAY


def day_after(day: date) -> date:
    """后一天"""
    return day + DAY


def said(day: date | None, precision: str = "day") -> str:
    """日期的写法 2026年3月8日, or only as far as it is known: 1987年7月, 1987年."""
    if day is None:
        return ""
    month = f"{day.month}月" if precision != "year" else ""
    return f"{day.year}年{month}{day.day if precision == 'day' else ''}{'日' if precision == 'day' else ''}"


def _last(kind: type[Spell], member: Member) -> Spell | None:
    return kind.objects.filter(member=member).order_by("-from_on").first()
