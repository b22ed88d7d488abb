"""请假的写入 Asked for by the member and answered by the branch, or entered by the branch as granted."""

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct import meeting_queries as queries
from pioneer.conduct.meeting_queries import begins, titled
from pioneer.conduct.meetings import check_granter, locked_meeting, require_standing
from pioneer.conduct.models import Leave, Meeting
from pioneer.conduct.policies import is_self, require_not_aside
from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.messages.services import tell

State = Leave.State


@operation("conduct.ask_leave")
def ask_leave(*, actor: AnyActor, meeting_id: int, reason: str) -> Leave:
    """请假 By the member itself, before the meeting begins."""
    member = members.member_of(actor.number)
    ahead = {meeting.pk for meeting, _ in queries.meetings_ahead(member)} if member is not None else set()
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("branch").filter(pk=meeting_id).first()
    if member is None or meeting is None or members.branch_on(member, meeting.on) != meeting.branch:
        raise NotVisible
    require_standing(meeting)
    if meeting_id not in ahead:
        raise DomainError("begun_already", "会议已经开始，不能再请假。有正当理由没能到会的，请告诉支部。")
    _check(member, meeting, reason)
    return Leave.objects.create(
        meeting=meeting, member=member, reason=reason.strip(), by_number=actor.number, created_at=clock.now()
    )


@operation("conduct.enter_leave")
def enter_leave(
    *, actor: AnyActor, meeting_id: int, member_id: int, reason: str, granted_by: int | None = None
) -> Leave:
    """代登请假 By the branch for a member that asked by word or on paper, already granted: by whom."""
    meeting = locked_meeting(actor, meeting_id)
    member = members.get_visible(actor, member_id)
    _require_open(meeting)
    _check(member, meeting, reason)
    granter = granted_by if granted_by is not None else actor.number
    if refused := check_granter(meeting.branch, member.pk, member.name, granter):
        raise bad("准假人", refused)
    leave = Leave.objects.create(
        meeting=meeting,
        member=member,
        reason=reason.strip(),
        state=State.GRANTED,
        by_number=actor.number,
        created_at=clock.now(),
        decided_by_number=granter,
        decided_at=clock.now(),
    )
    _tell(leave, "支部登记了您的请假", f"{titled(meeting)}，请假：{leave.reason}。有出入的，请告诉支部。")
    return leave


@operation("conduct.grant_leave")
def grant_leave(*, actor: AnyActor, leave_id: int) -> Leave:
    """准假 By somebody of the branch who is neither the member nor a declared relative."""
    leave = _to_decide(actor, leave_id)
    _decide(leave, actor, State.GRANTED, "")
    _tell(leave, f"已准假：{titled(leave.meeting)}", "您的请假支部已经批准。")
    return leave


@operation("conduct.refuse_leave")
def refuse_leave(*, actor: AnyActor, leave_id: int, reason: str) -> Leave:
    """不准假 With the reason, which the member is told."""
    leave = _to_decide(actor, leave_id)
    if not reason.strip() or len(reason) > 200:
        raise bad("理由", "请写明不准假的理由，最多200个字，本人会看到。")
    _decide(leave, actor, State.REFUSED, reason)
    _tell(leave, f"未准假：{titled(leave.meeting)}", f"理由：{leave.answer}。仍有困难的，请直接与支部联系。")
    return leave


@operation("conduct.withdraw_leave")
def withdraw_leave(*, actor: AnyActor, leave_id: int) -> Leave:
    """撤回请假 By the member that comes after all, or by the branch where it was entered in error."""
    leave = _locked(actor, leave_id)
    if not is_self(actor, leave.member):
        require(actor, Act.WRITE_CONDUCT, leave.meeting.branch)
    _require_open(leave.meeting)
    if leave.state not in queries.STANDING:
        raise DomainError("answered_already", f"这次请假现在是“{leave.get_state_display()}”，不用再撤回。")
    if is_self(actor, leave.member) and begins(leave.meeting) <= clock.now():
        raise DomainError("begun_already", "会议已经开始，请假不能再由本人撤回。到了会的，支部会登记到会。")
    leave.state = State.WITHDRAWN
    leave.save(update_fields=["state"])
    if not is_self(actor, leave.member):
        _tell(leave, "支部撤回了您的请假", f"{titled(leave.meeting)}。有出入的，请告诉支部。")
    return leave


# ------------------------------------------------------------------ in common


def _locked(actor: AnyActor, leave_id: int) -> Leave:
    seen = queries.leaves_visible_to(actor).filter(pk=leave_id).first()
    if seen is None:
        raise NotVisible
    Meeting.objects.select_for_update().get(pk=seen.meeting_id)  # leave and attendance wait in one order
    leave = queries.leaves_visible_to(actor).get(pk=leave_id)
    require_standing(leave.meeting)
    return leave


def _to_decide(actor: AnyActor, leave_id: int) -> Leave:
    leave = _locked(actor, leave_id)
    require(actor, Act.WRITE_CONDUCT, leave.meeting.branch)
    require_not_aside(must_step_aside(actor, leave.member))
    if leave.state != State.ASKED:
        raise DomainError("answered_already", f"这次请假现在是“{leave.get_state_display()}”，已经办完，不用再答复。")
    return leave


def _decide(leave: Leave, actor: AnyActor, state: State, answer: str) -> None:
    leave.state, leave.answer = state, answer.strip()
    leave.decided_by_number, leave.decided_at = actor.number, clock.now()
    leave.save(update_fields=["state", "answer", "decided_by_number", "decided_at"])


def _require_open(meeting: Meeting) -> None:
    if meeting.recorded_at is not None:
        raise DomainError("recorded_already", "考勤已经登记，请直接在考勤里更正，写明请假的事由。")


def _check(member: Member, meeting: Meeting, reason: str) -> None:
    if not reason.strip() or len(reason) > 120:
        raise bad("事由", "请写明请假的事由，最多120个字。")
    if not queries.is_expected(member, meeting):
        raise DomainError("not_expected", f"这次会议不要求{member.name}参加，不用请假。")
    if Leave.objects.filter(meeting=meeting, member=member, state__in=queries.STANDING).exists():
        raise DomainError("asked_already", f"{member.name}这次会议已经请过假，不用再请。")


def _tell(leave: Leave, title: str, text: str) -> None:
    reference = f"{leave.pk}:{leave.state}"
    tell(leave.member.user_id, "conduct.leave", reference, title, text, "/my/conduct/")
