"""组织生活的写入 A meeting announced or entered, changed, cancelled; its attendance, for all in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct import meeting_queries as queries
from pioneer.conduct.meeting_queries import Row, begins, titled
from pioneer.conduct.models import Attendance, Leave, Meeting
from pioneer.conduct.queries import relatives_of, those_to_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.messages.services import tell, tell_all
from pioneer.organisations.models import Organisation

State = Attendance.State
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Mark:
    """一人的考勤 The state, and a note: of a leave its reason."""

    state: str
    note: str = ""


@operation("conduct.enter_meeting", tell=("kind",))
def enter_meeting(
    *, actor: AnyActor, branch_id: int, kind: str, on: date, starts_at: time, place: str, theme: str = ""
) -> Meeting:
    """登记组织生活 One still to come is announced to the members expected; one that was held is entered afterwards."""
    branch = Organisation.objects.select_for_update().filter(pk=branch_id, is_branch=True).first()
    if branch is None:
        raise NotVisible
    require(actor, Act.WRITE_CONDUCT, branch)
    _check(kind, on, place, theme)
    _check_first(branch, kind, on, starts_at)
    meeting = Meeting.objects.create(
        branch=branch,
        kind=kind,
        on=on,
        starts_at=starts_at,
        place=place.strip(),
        theme=theme.strip(),
        by_number=actor.number,
        created_at=clock.now(),
    )
    if begins(meeting) > clock.now():
        _tell_expected(meeting, "announced", f"通知：{titled(meeting)}", "不能参加的，请在“我的纪实”里请假。")
    return meeting


@operation("conduct.change_meeting", tell=("kind",))
def change_meeting(
    *,
    actor: AnyActor,
    meeting_id: int,
    edit: int,
    kind: str,
    on: date,
    starts_at: time,
    place: str,
    theme: str = "",
) -> Meeting:
    """修改组织生活 Until its attendance is recorded, afterwards only place and theme; those expected are told."""
    meeting = _locked(actor, meeting_id)
    _as_shown(meeting, edit)
    _check(kind, on, place, theme)
    moved = (kind, on, starts_at) != (meeting.kind, meeting.on, meeting.starts_at)
    if moved and meeting.recorded_at is not None:
        raise DomainError(
            "recorded_already", "考勤已经登记，类别、日期和时间不能再改。登记错了的，请撤销这次会议，再重新登记。"
        )
    if moved:
        _check_first(meeting.branch, kind, on, starts_at, but=meeting.pk)
    meeting.kind, meeting.on, meeting.starts_at = kind, on, starts_at
    meeting.place, meeting.theme = place.strip(), theme.strip()
    meeting.edit += 1
    meeting.save()
    if begins(meeting) > clock.now():
        _tell_expected(meeting, f"changed:{meeting.edit}", f"会议有变动：{titled(meeting)}", "请以这一次的通知为准。")
    return meeting


@operation("conduct.cancel_meeting")
def cancel_meeting(*, actor: AnyActor, meeting_id: int, reason: str) -> Meeting:
    """撤销组织生活 Not to be held, or entered in error; what was recorded of it counts for nothing any more."""
    meeting = _locked(actor, meeting_id)
    if not reason.strip() or len(reason) > 200:
        raise bad("原因", "请写明为什么撤销，最多200个字。")
    if Attendance.objects.filter(meeting=meeting, taken_at__isnull=False).exists():
        raise DomainError("taken", "已有考勤记入考评表，会议不能撤销。请先在考评表上撤下或更正由它而来的条目。")
    meeting.cancelled_by_number, meeting.cancelled_at = actor.number, clock.now()
    meeting.cancelled_why = reason.strip()
    meeting.save(update_fields=["cancelled_by_number", "cancelled_at", "cancelled_why"])
    if begins(meeting) > clock.now():
        _tell_expected(meeting, "cancelled", f"会议取消：{titled(meeting)}", f"原因：{meeting.cancelled_why}")
    return meeting


@operation("conduct.record_attendance")
def record_attendance(
    *, actor: AnyActor, meeting_id: int, edit: int, marks: Mapping[int, Mark], granted_by: int | None = None
) -> Meeting:
    """登记考勤 Everybody expected, in one piece, and again to correct it: not what a sheet stands on, and of oneself or
    a declared relative by somebody else. `granted_by`: who granted the leave entered here.
    """
    meeting = _locked(actor, meeting_id)
    if begins(meeting) > clock.now():
        raise DomainError("not_begun", "会议还没有开始，考勤在开会以后登记。事先请假的，现在就可以登记请假。")
    _as_shown(meeting, edit)
    if asked := queries.asked_leaves(meeting):
        names = "、".join(one.member.name for one in asked)
        raise DomainError("leave_unanswered", f"{names}的请假还没有答复，请先准假或不准假，再登记考勤。")
    list(Attendance.objects.select_for_update().filter(meeting=meeting))  # against a sheet that takes one meanwhile
    rows = queries.expected(meeting).rows
    if set(marks) - {row.entry.id for row in rows}:
        raise DomainError("not_expected", "名单刚刚有变动，有人已不在应到之列。请重新打开这一页，核对后再登记。")
    granter = granted_by if granted_by is not None else actor.number
    faults = [fault for row in rows for fault in _faults(meeting, row, marks.get(row.entry.id), granter)]
    faults += _faults_of_changes(actor, rows, marks)
    if faults:
        raise BadInput(faults)
    for row in rows:
        _write(meeting, row, marks[row.entry.id], granter, actor.number)
    meeting.edit += 1
    meeting.recorded_at = clock.now()
    meeting.save(update_fields=["edit", "recorded_at"])
    return meeting


# ------------------------------------------------------------------ in common


def locked_meeting(actor: AnyActor, meeting_id: int) -> Meeting:
    """锁定一次组织生活 That stands, where the actor writes the branch's conduct."""
    visible = queries.visible_to(actor).order_by().values("pk")
    found = Meeting.objects.select_for_update(of=("self",)).select_related("branch")
    meeting = found.filter(pk=meeting_id, pk__in=visible).first()
    if meeting is None:
        raise NotVisible
    require(actor, Act.WRITE_CONDUCT, meeting.branch)
    require_standing(meeting)
    return meeting


def require_standing(meeting: Meeting) -> None:
    """须未撤销"""
    if meeting.cancelled_at is not None:
        raise DomainError("cancelled", f"这次会议已经撤销（{meeting.cancelled_why}），不能再办理。")


def check_granter(branch: Organisation, member_id: int, name: str, granter: int | None) -> str:
    """准假的人 Why this person may not grant leave to this member; empty where it may."""
    people = dict(queries.granters(branch))
    if granter not in people:
        return "请选择准假的人：支部的书记、副书记、委员或记录员。"
    own = members.member_of(granter)
    if own is not None and own.pk == member_id:
        return f"{name}的请假须由另一位同志批准，不能由本人批准。"
    if own is not None and own.pk in relatives_of(member_id):
        return f"{people[granter]}是{name}申明的亲属，须回避，请由另一位同志准假。"
    return ""


_locked = locked_meeting


def _as_shown(meeting: Meeting, edit: int) -> None:
    if meeting.edit != edit:
        raise DomainError("edited_meanwhile", "您打开这一页以后，别人改动过，您的没有写入。请重新打开，核对后再提交。")


def _check(kind: str, on: date, place: str, theme: str) -> None:
    faults = []
    if kind not in Meeting.Kind.values:
        faults.append(Fault("类别", "请从所列类别中选择。"))
    if not clock.today() - FURTHEST <= on <= clock.today() + FURTHEST:
        faults.append(Fault("日期", "应在一年以内，请核对年份。"))
    if not place.strip() or len(place) > 80:
        faults.append(Fault("地点", "请写明地点，最多80个字。"))
    if len(theme) > 120:
        faults.append(Fault("主题", "最多120个字。"))
    if faults:
        raise BadInput(faults)


def _check_first(branch: Organisation, kind: str, on: date, starts_at: time, but: int = 0) -> None:
    same = Meeting.objects.filter(branch=branch, kind=kind, on=on, starts_at=starts_at, cancelled_at__isnull=True)
    if (found := same.exclude(pk=but).first()) is not None:
        raise DomainError("entered_already", f"{titled(found)}（{starts_at:%H:%M}）已经登记，请直接打开它。")


def _tell_expected(meeting: Meeting, step: str, title: str, more: str) -> None:
    people = [row.entry.user_id for row in queries.expected(meeting).rows if row.entry.user_id is not None]
    when = f"{queries.said_day(meeting.on)}{meeting.starts_at:%H:%M}，{meeting.place}"
    theme = f"。主题：{meeting.theme}" if meeting.theme else ""
    tell_all(people, "conduct.meeting", f"{meeting.pk}:{step}", title, f"{when}{theme}。{more}", "/my/conduct/")


def _faults(meeting: Meeting, row: Row, mark: Mark | None, granter: int | None) -> list[Fault]:
    name = queries.who(row.entry)
    if mark is None or not mark.state:
        return [Fault(name, "还没有选，请选一种情况。")]
    if mark.state not in {code for code, _ in queries.states_for(meeting)}:
        return [Fault(name, "请从所列情况中选择。")]
    if len(mark.note) > 120:
        return [Fault(name, "备注或请假事由最多120个字。")]
    is_granted = row.leave is not None and row.leave.state == Leave.State.GRANTED
    was_leave = row.attendance is not None and row.attendance.state == State.LEAVE
    if mark.state == State.ABSENT and is_granted and not was_leave:
        return [Fault(name, "已经准假，不能记为无故缺席。")]
    if mark.state == State.LEAVE and not is_granted:
        if not mark.note.strip():
            return [Fault(name, "请写明请假的事由。")]
        if refused := check_granter(meeting.branch, row.entry.id, name, granter):
            return [Fault(name, refused)]
    return []


def _faults_of_changes(actor: AnyActor, rows: tuple[Row, ...], marks: Mapping[int, Mark]) -> list[Fault]:
    changed = [
        row for row in rows
        if row.attendance is not None and (mark := marks.get(row.entry.id)) and mark.state != row.attendance.state
    ]  # fmt: skip
    aside = those_to_step_aside(actor, [row.entry.id for row in changed])
    faults = []
    for row in changed:
        assert row.attendance is not None
        if row.attendance.taken_at is not None:
            why = "已记入考评表，这里不能再改。请在考评表上撤下那一条；已公示入账的，在下一张考评表上冲正。"
            faults.append(Fault(queries.who(row.entry), f"“{row.attendance.get_state_display()}”{why}"))
        elif row.entry.id in aside:
            faults.append(Fault(queries.who(row.entry), f"更正考勤：{aside[row.entry.id]}"))
    return faults


def _write(meeting: Meeting, row: Row, mark: Mark, granter: int | None, by_number: int | None) -> None:
    before = row.attendance
    note = mark.note.strip()
    if before is not None and before.state == mark.state and (note == before.note or mark.state == State.LEAVE):
        return
    if before is not None and before.leave is not None and mark.state == State.ABSENT:
        _take_back(before.leave, row)
    leave = None
    if mark.state == State.LEAVE:
        leave, note = _granted(meeting, row, note, granter, by_number), ""
    if before is None:
        before = Attendance(meeting=meeting, member_id=row.entry.id, created_at=clock.now())
    before.state, before.note, before.leave, before.by_number = mark.state, note, leave, by_number
    before.save(update_fields=["state", "note", "leave", "by_number"] if before.pk else None)


def _granted(meeting: Meeting, row: Row, reason: str, granter: int | None, by_number: int | None) -> Leave:
    """The leave that stands, or one entered here."""
    if row.leave is not None:
        return row.leave
    leave = Leave.objects.create(
        meeting=meeting,
        member_id=row.entry.id,
        reason=reason,
        state=Leave.State.GRANTED,
        by_number=by_number,
        created_at=clock.now(),
        decided_by_number=granter,
        decided_at=clock.now(),
    )
    said = f"{titled(meeting)}，请假：{reason}。有出入的，请告诉支部。"
    tell(row.entry.user_id, "conduct.leave", f"{leave.pk}:entered", "支部登记了您的请假", said, "/my/conduct/")
    return leave


def _take_back(leave: Leave, row: Row) -> None:
    """A leave that was entered in error is corrected with the attendance."""
    leave.state = Leave.State.WITHDRAWN
    leave.save(update_fields=["state"])
    said = f"{titled(leave.meeting)}，原登记为请假，已更正为无故缺席。有出入的，请告诉支部。"
    tell(row.entry.user_id, "conduct.leave", f"{leave.pk}:withdrawn", "支部更正了您的请假", said, "/my/conduct/")
