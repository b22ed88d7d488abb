"""可提议的事实 What attendance and dues offer to a sheet; taking it and giving it back are for `assessments`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from pioneer.conduct.dues_queries import OWING, last_day
from pioneer.conduct.meeting_queries import said_day
from pioneer.conduct.models import Attendance, Dues
from pioneer.kernel import clock

SOURCES = {"present": "attendance", "late": "late", "absent": "absence"}  # what a state speaks for in a rulebook
DUES = "dues"


@dataclass(frozen=True, slots=True)
class Offered:
    """一件事实 Its `source` as the rulebook names it, its day, and the ground a line of it would have."""

    source: str
    member_id: int
    event_on: date
    ground: str
    attendance: Attendance | None = None
    dues: Dues | None = None

    @property
    def row(self) -> str:
        """所在的登记 The attendance or dues it is from, whatever state they are in: a12, d7."""
        return f"a{self.attendance.pk}" if self.attendance is not None else f"d{self.dues.pk}" if self.dues else ""

    @property
    def key(self) -> str:
        """编号 As a form sends it, with the state it was seen in: a12-absent, d7-unpaid."""
        kept = self.attendance or self.dues
        return f"{self.row}-{kept.state}" if kept is not None else ""

    @property
    def is_taken(self) -> bool:
        """是否已记入 Whether a line stands on it."""
        kept = self.attendance or self.dues
        return kept is not None and kept.taken_at is not None


def offered(member_ids: Collection[int], first: date, last: date, *, lock: bool = False) -> list[Offered]:
    """某段时间的事实 Of these members, in whatever branch they were recorded, by day. Two queries."""
    return sorted(
        [*_attended(member_ids, first, last, lock), *_owed(member_ids, first, last, lock)],
        key=lambda one: (one.event_on, one.member_id),
    )


def _attended(ids: Collection[int], first: date, last: date, lock: bool) -> list[Offered]:
    found = Attendance.objects.filter(
        member__in=ids,
        state__in=SOURCES,
        meeting__on__range=(first, last),
        meeting__cancelled_at__isnull=True,
    ).select_related("meeting")
    if lock:
        found = found.select_for_update(of=("self",))
    return [Offered(SOURCES[one.state], one.member_id, one.meeting.on, _ground(one), attendance=one) for one in found]


def _ground(one: Attendance) -> str:
    meeting = one.meeting
    theme = f"“{meeting.theme}”" if meeting.theme else ""
    note = f"，{one.note}" if one.note else ""
    return f"{said_day(meeting.on)}{meeting.get_kind_display()}{theme}考勤：{one.get_state_display()}{note}"


def _owed(ids: Collection[int], first: date, last: date, lock: bool) -> list[Offered]:
    found = Dues.objects.filter(member__in=ids, state__in=OWING)
    found = found.filter(year__range=(first.year, last.year))
    if lock:
        found = found.select_for_update(of=("self",))
    rows = []
    for one in found:
        on = last_day(one.year, one.month)
        if first <= on <= last:
            note = f"，{one.note}" if one.note else ""
            ground = f"{one.year}年{one.month}月党费登记：{one.get_state_display()}{note}"
            rows.append(Offered(DUES, one.member_id, on, ground, dues=one))
    return rows


def take(attendance_id: int | None, dues_id: int | None) -> None:
    """记入考评表 A line stands on it: from now on its state stays."""
    _mark(attendance_id, dues_id, clock.now())


def give_back(attendance_id: int | None, dues_id: int | None) -> None:
    """退回 The line that stood on it was struck: it may be corrected again."""
    _mark(attendance_id, dues_id, None)


def _mark(attendance_id: int | None, dues_id: int | None, at: datetime | None) -> None:
    if attendance_id is not None:
        Attendance.objects.filter(pk=attendance_id).update(taken_at=at)
    if dues_id is not None:
        Dues.objects.filter(pk=dues_id).update(taken_at=at)
