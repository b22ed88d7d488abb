"""Short ways to a meeting with its leave, its attendance and a month of dues."""

import io
from datetime import date, time
from typing import Any

import xlsxwriter

from pioneer.conduct import dues_queries
from pioneer.conduct.dues import DuesMark, record_dues
from pioneer.conduct.leaves import ask_leave
from pioneer.conduct.meeting_queries import expected
from pioneer.conduct.meetings import Mark, enter_meeting, record_attendance
from pioneer.conduct.models import Attendance, Dues, Leave, Meeting
from tests.world import World

HELD, AHEAD = date(2026, 3, 10), date(2026, 4, 8)
HEADER = ("党员编号", "姓名", "缴纳情况", "金额（元）", "备注")


def meet(world: World, who: str = "recorder", **changes: Any) -> Meeting:
    filled: dict[str, Any] = {
        "branch_id": world.branch.pk,
        "kind": "theme",
        "on": HELD,
        "starts_at": time(9),
        "place": "社区活动室",
        "theme": "学雷锋",
        **changes,
    }
    return enter_meeting(actor=world.actor(who), **filled)


def marks(meeting: Meeting, **states: Any) -> dict[int, Mark]:
    """Everybody came, but for whom another state is named; a pair brings a note with it."""
    found = {}
    for row in expected(meeting).rows:
        said = states.get(row.entry.name, "present")
        found[row.entry.id] = Mark(said) if isinstance(said, str) else Mark(*said)
    return found


def record(world: World, meeting: Meeting, who: str = "recorder", **states: Any) -> Meeting:
    meeting.refresh_from_db()
    return record_attendance(
        actor=world.actor(who), meeting_id=meeting.pk, edit=meeting.edit, marks=marks(meeting, **states)
    )


def state_of(world: World, meeting: Meeting, name: str) -> Attendance:
    return Attendance.objects.get(meeting=meeting, member=world.member(name))


def ask(world: World, meeting: Meeting, who: str = "guilan", reason: str = "陪护病人") -> Leave:
    return ask_leave(actor=world.actor(who), meeting_id=meeting.pk, reason=reason)


def pay(world: World, who: str = "recorder", month: int = 3, edit: int | None = None, **said: Any) -> int:
    """`said`: a state, or state, fen and note, by the member's name."""
    shown = dues_queries.month_of(world.branch, 2026, month)
    given = {
        world.member(name).pk: DuesMark(one) if isinstance(one, str) else DuesMark(*one) for name, one in said.items()
    }
    return record_dues(
        actor=world.actor(who),
        branch_id=world.branch.pk,
        year=2026,
        month=month,
        edit=shown.edit if edit is None else edit,
        marks=given,
    )


def paid(world: World, name: str) -> Dues:
    return Dues.objects.get(member=world.member(name))


def dues_workbook(*rows: tuple[object, ...], header: tuple[str, ...] = HEADER) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("党费")
        sheet.write_row(0, 0, ["槐园社区第一党支部2026年3月党费"])
        for number, row in enumerate((header, *rows), start=1):
            sheet.write_row(number, 0, row)
    return stream.getvalue()
