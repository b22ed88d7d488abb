"""组织生活的读取 Meetings, who is expected at one, leave and attendance, as far as the actor may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from pioneer.accounts.models import Grant, User
from pioneer.accounts.policies import TABLE, Act, AnyActor
from pioneer.accounts.queries import holds_on
from pioneer.conduct.models import Attendance, Leave, Meeting
from pioneer.conduct.queries import branches_for, relatives_of
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.members.models import Member, Status
from pioneer.members.queries import RosterEntry
from pioneer.organisations.models import Organisation

KINDS = [(code, str(name)) for code, name in Meeting.Kind.choices]
PARTIAL = (Meeting.Kind.COMMITTEE, Meeting.Kind.GROUP)  # not every member is asked to these
STANDING = (Leave.State.ASKED, Leave.State.GRANTED)


# ------------------------------------------------------------------ meetings


def visible_to(actor: AnyActor) -> QuerySet[Meeting]:
    """看得到的组织生活 Of the branches whose daily conduct the actor reads; a member's own are `own_meetings`."""
    return Meeting.objects.filter(branch__in=branches_for(actor)).select_related("branch")


def get_meeting(actor: AnyActor, meeting_id: int) -> Meeting:
    """取一次组织生活"""
    found = visible_to(actor).filter(pk=meeting_id).first()
    if found is None:
        raise NotVisible
    return found


def begins(meeting: Meeting) -> datetime:
    """开始的时刻"""
    return datetime.combine(meeting.on, meeting.starts_at, tzinfo=clock.SHANGHAI)


def states_for(meeting: Meeting) -> list[tuple[str, str]]:
    """可记的状态 Who is not asked to a committee's or a group's meeting stands outside it."""
    chosen = [state for state in Attendance.State if state != Attendance.State.OUTSIDE or meeting.kind in PARTIAL]
    return [(state.value, str(state.label)) for state in chosen]


@dataclass(frozen=True, slots=True)
class Row:
    """考勤的一行 A member expected, the leave that stands, and what is recorded."""

    entry: RosterEntry
    leave: Leave | None = None
    attendance: Attendance | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """应到的人 And those who are not expected, each with the reason."""

    rows: tuple[Row, ...]
    others: tuple[tuple[RosterEntry, str], ...]

    @property
    def ids(self) -> set[int]:
        return {row.entry.id for row in self.rows}

    @property
    def is_recorded(self) -> bool:
        return any(row.attendance for row in self.rows)


def who(entry: RosterEntry) -> str:
    """谁 The name, with what tells two of one name apart."""
    return f"{entry.name}（{entry.hint}）" if entry.hint else entry.name


def not_expected(entry: RosterEntry) -> str:
    """为何不作要求 Empty for who is expected."""
    if entry.exempt:
        return "免评"
    return "失联，停止党员权利" if entry.status == Status.OUT_OF_CONTACT else ""


def expected(meeting: Meeting) -> Expected:
    """应到 The branch's members of that day in roster order, less the exempt and those out of contact. Six queries."""
    here = members.roster(meeting.branch, meeting.on, unpublished=True)
    leaves = {one.member_id: one for one in Leave.objects.filter(meeting=meeting, state__in=STANDING)}
    recorded = {one.member_id: one for one in Attendance.objects.filter(meeting=meeting)}
    rows, others = [], []
    for entry in here:
        if why := not_expected(entry):
            others.append((entry, why))
        else:
            rows.append(Row(entry, leaves.get(entry.id), recorded.get(entry.id)))
    return Expected(tuple(rows), tuple(others))


def counts_of(meetings: Collection[Meeting]) -> dict[int, dict[str, int]]:
    """到会情况 How many stand in which state, by meeting. One query."""
    found: dict[int, dict[str, int]] = {}
    states = Attendance.objects.filter(meeting__in=[one.pk for one in meetings]).order_by()
    for meeting_id, state in states.values_list("meeting_id", "state"):
        counted = found.setdefault(meeting_id, {})
        counted[state] = counted.get(state, 0) + 1
    return found


# ------------------------------------------------------------------ leave


def leaves_visible_to(actor: AnyActor) -> QuerySet[Leave]:
    """看得到的请假 Of the meetings the actor sees, and one's own."""
    seen = Q(meeting__branch__in=branches_for(actor))
    if actor.number is not None:
        seen |= Q(member__user=actor.number)
    return Leave.objects.filter(seen).select_related("member", "meeting", "meeting__branch")


def asked_leaves(meeting: Meeting) -> list[Leave]:
    """待答复的请假"""
    return list(Leave.objects.filter(meeting=meeting, state=Leave.State.ASKED).select_related("member"))


def leaves_waiting_for(actor: AnyActor) -> list[Leave]:
    """等我答复的请假 Of meetings that stand, of members the actor need not step aside for."""
    if not actor.grants:
        return []
    waiting = leaves_visible_to(actor).filter(state=Leave.State.ASKED, meeting__cancelled_at__isnull=True)
    may_write = [one for one in waiting if actor.may(Act.WRITE_CONDUCT, one.meeting.branch.path)]
    own = members.member_of(actor.number) if may_write else None
    aside = {own.pk, *relatives_of(own.pk)} if own else set()
    return [one for one in may_write if one.member_id not in aside]


def granters(branch: Organisation) -> list[tuple[int, str]]:
    """可以准假的人 Who holds a role of the branch that writes its conduct today. One query."""
    held = Grant.objects.filter(
        holds_on(clock.today()), organisation=branch, role__in=TABLE[Act.WRITE_CONDUCT], user__is_active=True
    )
    rows = held.order_by("from_on", "id").values_list("user_id", "user__name")
    return list(dict(rows).items())


def names_of(numbers: Collection[int | None]) -> dict[int, str]:
    """账号的姓名"""
    return dict(User.objects.filter(pk__in=[n for n in numbers if n is not None]).values_list("pk", "name"))


# ------------------------------------------------------------------ one's own


def meetings_ahead(member: Member) -> list[tuple[Meeting, Leave | None]]:
    """将开的组织生活 Of the member's branch, with the leave that stands or was answered last; the next first."""
    branch = members.branch_on(member, clock.today())
    if branch is None:
        return []
    ahead = Meeting.objects.filter(
        branch=branch, on__gte=clock.today(), cancelled_at__isnull=True, recorded_at__isnull=True
    )
    found = [one for one in ahead.select_related("branch").order_by("on", "starts_at") if begins(one) > clock.now()]
    leaves = {one.meeting_id: one for one in Leave.objects.filter(meeting__in=found, member=member).order_by("pk")}
    return [(one, leaves.get(one.pk)) for one in found]


def is_expected(member: Member, meeting: Meeting) -> bool:
    """是否应到"""
    return member.pk in expected(meeting).ids


def attendance_of(member: Member) -> QuerySet[Attendance]:
    """某人的考勤 Of meetings that were not cancelled, the latest first."""
    found = Attendance.objects.filter(member=member, meeting__cancelled_at__isnull=True)
    return found.exclude(state=Attendance.State.OUTSIDE).select_related("meeting", "meeting__branch", "leave")


def leaves_of(member: Member) -> QuerySet[Leave]:
    """某人的请假 The latest first."""
    return Leave.objects.filter(member=member).select_related("meeting").order_by("-meeting__on", "-pk")


def said_day(on: date) -> str:
    """日期的写法 2026年3月8日."""
    return f"{on.year}年{on.month}月{on.day}日"


def titled(meeting: Meeting) -> str:
    """会议的写法 3月10日主题党日."""
    return f"{meeting.on.month}月{meeting.on.day}日{meeting.get_kind_display()}"
