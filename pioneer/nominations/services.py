"""推荐的写入 The branch proposes, the member answers, the branch may take it back until it is decided."""

from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.policies import is_self
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.messages.services import tell
from pioneer.nominations import policies, queries
from pioneer.nominations.eligibility import reasons_against
from pioneer.nominations.models import Call, Nomination
from pioneer.organisations.models import Organisation

State = Nomination.State
LONGEST = 1000


@operation("nominations.propose_nomination")
def propose_nomination(
    *,
    actor: AnyActor,
    call_id: int,
    member_id: int,
    grounds: str,
    wording: str,
    meeting_on: date,
    present: int | None = None,
    in_favour: int | None = None,
) -> Nomination:
    """提出推荐人选 By the branch, for one of its members who is eligible, on the decision of a meeting. The member is
    told and asked. `wording` is what the public notice will say."""
    queries.get_call(actor, call_id)
    call = Call.objects.select_related("organisation").select_for_update(of=("self",)).get(pk=call_id)
    member = members.get_visible(actor, member_id)
    branch = members.branch_on(member, clock.today())
    if branch is None or not branch.path.startswith(call.organisation.path):
        raise DomainError("in_no_branch", f"{member.name}现在不在这份通知范围内的支部，不能推荐。")
    policies.require_propose(actor, member, branch)
    _require_open(call)
    _check_texts(grounds, wording, meeting_on, present, in_favour)
    Member.objects.select_for_update().get(pk=member.pk)  # two proposals of one member come one after the other
    if Nomination.objects.filter(call=call, member=member, state__in=queries.LISTED).exists():
        raise DomainError("proposed_already", f"{member.name}已经是这份通知的人选，不必再提。")
    require_eligible(call, member)
    made = Nomination.objects.create(
        call=call,
        member=member,
        branch=branch,
        grounds=grounds.strip(),
        wording=wording.strip(),
        meeting_on=meeting_on,
        present=present,
        in_favour=in_favour,
        proposed_by_number=actor.number,
        proposed_at=clock.now(),
    )
    _tell(made, "proposed", "支部拟推荐您", f"{branch.name}拟推荐您为“{call.title}”人选，请打开看理由，答复是否同意。")
    return made


def require_eligible(call: Call, member: Member) -> None:
    """须合条件 As it stands today, with every reason."""
    against = reasons_against(call, member)
    if against:
        raise DomainError("not_eligible", f"{member.name}不符合推荐条件：{'；'.join(against)}。")


def require_stands(call: Call) -> None:
    """须未撤回"""
    if call.withdrawn_at is not None:
        raise DomainError("call_withdrawn", f"“{call.title}”的通知已经撤回，不再办理。")


def _require_open(call: Call) -> None:
    require_stands(call)
    if clock.today() < call.opens_on:
        raise DomainError("not_open", f"“{call.title}”从{_day(call.opens_on)}起推荐，请到时再提。")
    if clock.today() > call.closes_on:
        raise DomainError("over", f"“{call.title}”的推荐已于{_day(call.closes_on)}截止，不能再提。")


def _check_texts(grounds: str, wording: str, meeting_on: date, present: int | None, in_favour: int | None) -> None:
    faults = []
    if not grounds.strip() or len(grounds) > LONGEST:
        faults.append(Fault("推荐理由", f"请写明理由，最多{LONGEST}个字；本人会看到。"))
    if not wording.strip() or len(wording) > 200:
        faults.append(Fault("公示用语", "请写明公示时怎样介绍，最多200个字；不写家庭、健康和住址。"))
    if meeting_on > clock.today():
        faults.append(Fault("会议日期", "会议日期不能晚于今天，请开会讨论以后再提。"))
    if in_favour is not None and (present is None or in_favour > present):
        faults.append(Fault("同意票数", "同意票数不能多于到会人数；填了票数的，到会人数也要填。"))
    if faults:
        raise BadInput(faults)


@operation("nominations.answer_nomination")
def answer_nomination(*, actor: AnyActor, nomination_id: int, is_willing: bool, how: str = "") -> Nomination:
    """本人答复 Whether it agrees to be recommended: by itself, or on paper, taken down by another person of the
    branch than who proposed. Until it is decided it may still say no."""
    one = locked(actor, nomination_id)
    own = is_self(actor, one.member)
    if not own:
        policies.require_record_answer(actor, one)
    require_stands(one.call)
    if one.state not in queries.OPEN or (one.state == State.AGREED and is_willing):
        raise DomainError("answered_already", f"这项推荐现在是“{one.get_state_display()}”，不必再答复。")
    if not own and not how.strip():
        raise bad("如何答复", "请写明本人是怎样答复的，例如“书面同意，本人签字，2月3日”。")
    one.state = State.AGREED if is_willing else State.DECLINED
    one.answer_how = "" if own else f"代录：{how.strip()}"[:120]
    one.answered_by_number, one.answered_at = actor.number, clock.now()
    one.save()
    if not own:
        _tell(one, f"answered_{one.state}", "您的答复已代为录入", f"录入的是“{one.get_state_display()}”。")
    return one


@operation("nominations.withdraw_nomination")
def withdraw_nomination(*, actor: AnyActor, nomination_id: int, reason: str) -> Nomination:
    """撤回推荐 By the branch, with the reason, before it is decided."""
    one = locked(actor, nomination_id)
    policies.require_withdraw(actor, one)
    require_stands(one.call)
    if one.state not in queries.OPEN:
        raise DomainError("decided_already", f"这项推荐现在是“{one.get_state_display()}”，不能撤回。")
    if not reason.strip():
        raise bad("理由", "请写明撤回的理由，本人会看到。")
    one.state, one.withdrawn_reason = State.WITHDRAWN, reason.strip()[:200]
    one.withdrawn_by_number, one.withdrawn_at = actor.number, clock.now()
    one.save()
    _tell(one, "withdrawn", "支部撤回了对您的推荐", f"“{one.call.title}”。理由：{one.withdrawn_reason}")
    return one


def locked(actor: AnyActor, nomination_id: int) -> Nomination:
    """取一位人选并锁住 With its call first, so that two decisions of one call come one after the other."""
    found = queries.visible_to(actor).filter(pk=nomination_id).first()
    if found is None:
        raise NotVisible
    Call.objects.select_for_update(of=("self",)).get(pk=found.call_id)
    rows = Nomination.objects.select_related("member", "branch__parent", "call__organisation", "notice")
    return rows.select_for_update(of=("self",)).get(pk=nomination_id)


def place_of(organisation_id: int) -> Organisation:
    """取一个组织"""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise NotVisible
    return found


def _tell(one: Nomination, step: str, title: str, text: str) -> None:
    tell(one.member.user_id, f"nominations.{step}", str(one.pk), title, text, "/me/nominations/")


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
