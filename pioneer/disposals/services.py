"""不合格认定的写入 The branch's lead proposes with the causes from the books, the member answers, the branch meeting
votes, the township approves or sends back. It stands on record and changes nothing else."""

from datetime import date

from django.db import transaction
from django.db.utils import IntegrityError

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside
from pioneer.disposals import grounds, policies, queries, votes
from pioneer.disposals.models import ExemptionAnswer, Finding
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotAllowed, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members import spells
from pioneer.members.matters import Kind as Matter
from pioneer.members.matters import begin_matter, end_matter
from pioneer.members.models import Member, Status
from pioneer.messages.services import tell, tell_all
from pioneer.results.cycles import cycle_text
from pioneer.results.models import Result
from pioneer.rulebook.queries import parsed
from pioneer.scoring import Cycle

State = Finding.State
LONGEST = 2000


@operation("disposals.answer_exemption", tell=("ground",))
def answer_exemption(
    *, actor: AnyActor, member_id: int, first_on: date, last_on: date, ground: str, by: str, on: date, reason: str
) -> ExemptionAnswer:
    """免评不适用 By the branch's lead: that a member of that age, once ill, or floating is rightly not exempt in this
    cycle, who found so, when and why. The member reads it."""
    member = members.get_visible(actor, member_id)
    branch = members.branch_on(member, clock.today()) or members.last_branch(member)
    if branch is None:
        raise NotVisible
    policies.require_propose(actor, branch)
    policies.require_not_aside(must_step_aside(actor, member))
    Member.objects.select_for_update().get(pk=member.pk)
    questions = grounds.exemption_questions(member, Cycle(first_on, last_on))
    if ground not in {one.value for one in questions}:
        raise DomainError("not_asked", f"{member.name}在这个周期没有这一项免评问题待答复，或已答复，不必再记。")
    faults = [Fault(place, "不能为空。") for place, text in (("由谁认定", by), ("理由", reason)) if not text.strip()]
    if on > clock.today():
        faults.append(Fault("认定日期", "不能晚于今天。"))
    if faults:
        raise BadInput(faults)
    made = ExemptionAnswer.objects.create(
        member=member, first_on=first_on, ground=ground, by=by.strip()[:60], on=on, reason=reason.strip()[:400],
        by_number=actor.number, created_at=clock.now(),
    )  # fmt: skip
    text = f"认定您在{cycle_text(Cycle(first_on, last_on))}不适用免评。有不同意见的，请向支部或乡镇（街道）说明。"
    tell(member.user_id, "disposals.exemption_answered", str(made.pk), "免评不适用", text, "/me/disposals/")
    return made


@operation("disposals.propose_unqualified")
def propose_unqualified(*, actor: AnyActor, result_id: int, remarks: str = "", told_how: str = "") -> Finding:
    """提出不合格认定 By the branch's secretary or deputy, of an announced result in the tier the rulebook marks. The
    causes come from the books; the member is told at once. Never of a probationary member."""
    result = queries.result_to_propose(actor, result_id)
    member = Member.objects.select_for_update(of=("self",)).select_related("user").get(pk=result.member_id)
    branch = members.branch_on(member, clock.today())
    if branch is None:
        raise DomainError("in_no_branch", f"{member.name}现在不在任何支部，不能提出。请先在花名册里核对其所在支部。")
    policies.require_propose(actor, branch)
    policies.require_not_aside(must_step_aside(actor, member))
    announced = queries.announcement_of(result)
    if announced is None:
        raise DomainError(
            "not_announced",
            "这个结果还没有在组织生活会上通报，或已被后来通报的结果代替，不能提出。请用最近一次通报的结果。",
        )
    _check_standing(member, result)
    grounds.require_exemption_answered(member, Cycle(result.settlement.first_on, result.settlement.last_on))
    _check_told(member, told_how)
    if len(remarks) > LONGEST:
        raise bad("支部的说明", f"最多{LONGEST}个字。")
    until = queries.answer_ends(member, clock.today())
    names = {tier.code: tier.name for tier in parsed(result.settlement.version).tiers}
    row = Finding(
        member=member, branch=branch, result=result, announcement=announced, first_on=result.settlement.first_on,
        last_on=result.settlement.last_on, score=result.score, tier_name=names.get(result.tier, result.tier),
        causes=grounds.causes_of(actor, result), remarks=remarks.strip(), proposed_on=clock.today(),
        proposed_at=clock.now(), proposed_by_number=actor.number, told_how=told_how.strip() or "站内消息",
        answer_until=until,
    )  # fmt: skip
    made = _kept(row)
    begin_matter(member.pk, Matter.FINDING, made.pk)
    _tell(
        made,
        "proposed",
        "支部对您提出不合格认定",
        f"原因逐条列出，请打开查看。您可以在{spells.said(until)}24时之前答复。",
    )
    return made


@operation("disposals.answer_unqualified")
def answer_unqualified(*, actor: AnyActor, finding_id: int, statement: str, taken_how: str = "") -> Finding:
    """本人答复 By the member, or taken down by somebody of the branch who didn't propose it, saying how."""
    found = _locked(actor, finding_id)
    own = policies.is_self(actor, found.member)
    policies.require_own_or_take_down(actor, found.member, found.branch)
    if not own:
        policies.require_not_aside(must_step_aside(actor, found.member))
        if actor.number == found.proposed_by_number:
            raise NotAllowed("这项认定是您提出的，不能由您代录本人的答复，请支部另一位同志代录。", code="two_people")
    if found.state != State.PROPOSED or found.statement_on is not None:
        raise DomainError("answered_already", f"这项认定“{found.get_state_display()}”，本人已经答复或不能再答复。")
    if clock.today() > found.answer_until:
        raise DomainError(
            "answer_over", f"答复期限到{spells.said(found.answer_until)}为止。仍有话要说的，请在党员大会上说明。"
        )
    if not statement.strip() or len(statement) > LONGEST:
        raise bad("答复", f"请写下要说明的情况，最多{LONGEST}个字；没有意见的，写“没有意见”。")
    if not own and not taken_how.strip():
        raise bad("如何代录", "请写明是怎样代录的，例如“本人口述，当面读给本人听后签字”。")
    found.statement, found.statement_on = statement.strip(), clock.today()
    found.statement_how = "" if own else f"代录：{taken_how.strip()}"[:200]
    found.statement_by_number = actor.number
    found.save()
    if not own:
        _tell(found, "answered", "您的答复已代为录入", "请核对录入的内容；有出入的，请尽快告诉乡镇（街道）。")
    return found


@operation("disposals.vote_unqualified")
def vote_unqualified(
    *,
    actor: AnyActor,
    finding_id: int,
    on: date,
    present: int,
    in_favour: int,
    against: int,
    abstained: int,
    note: str = "",
    not_counted: votes.NotCounted = votes.NOBODY,
) -> Finding:
    """记录大会表决 After the member answered or its days are over. Adopted by more than half of all with a vote; who
    cannot come for one of five grounds may be left out of them with the consent of the committee above."""
    found = _locked(actor, finding_id)
    policies.require_at(actor, "branch", found.branch)
    policies.require_not_aside(must_step_aside(actor, found.member))
    if found.state != State.PROPOSED:
        raise DomainError("voted_already", f"这项认定“{found.get_state_display()}”，已经表决过，不必再记。")
    _check_meeting(found, on)
    _check_here(found.member)
    vote = votes.count(found.branch, on, present, in_favour, against, abstained, not_counted)
    for name, value in vote.columns().items():
        setattr(found, name, value)
    found.met_on, found.meeting_note, found.met_by_number = on, note.strip()[:LONGEST], actor.number
    found.state = State.ADOPTED if vote.is_carried else State.NOT_ADOPTED
    found.save()
    votes.keep(not_counted, actor.number, on, found)
    if not vote.is_carried:
        end_matter(Matter.FINDING, found.pk, clock.today())
    if vote.is_carried:
        _tell(found, "voted", "支部党员大会通过了不合格认定", "下一步由乡镇（街道）审批。")
        title = f"{found.branch.name}的不合格认定待审批"
        numbers = queries.tell_numbers(found.branch, "township", found.member)
        tell_all(numbers, "disposals.finding_adopted", str(found.pk), title, "请打开查看。", _link(found))
    else:
        _tell(found, "voted", "支部党员大会没有通过不合格认定", "这项认定到此结束。")
    return found


@operation("disposals.approve_unqualified")
def approve_unqualified(*, actor: AnyActor, finding_id: int, reason: str = "") -> Finding:
    """批准认定 By the township, another person. It is on record and on the member's page, and changes nothing else."""
    return _decide(actor, finding_id, State.APPROVED, reason)


@operation("disposals.send_back_unqualified")
def send_back_unqualified(*, actor: AnyActor, finding_id: int, reason: str) -> Finding:
    """退回认定 With the reason, which the branch and the member read. It may be proposed anew, from the beginning."""
    return _decide(actor, finding_id, State.SENT_BACK, reason)


def _decide(actor: AnyActor, finding_id: int, state: State, reason: str) -> Finding:
    found = _locked(actor, finding_id)
    policies.require_decide(actor, found)
    policies.require_not_aside(must_step_aside(actor, found.member))
    if found.state != State.ADOPTED:
        raise DomainError("not_to_decide", f"这项认定“{found.get_state_display()}”，现在不能审批。")
    if state == State.SENT_BACK and not reason.strip():
        raise bad("理由", "请写明退回的理由，支部和本人都会看到。")
    if len(reason) > LONGEST:
        raise bad("理由", f"最多{LONGEST}个字。")
    _check_here(found.member)
    found.state, found.decided_on = state, clock.today()
    found.decision_reason, found.decided_by_number = reason.strip(), actor.number
    found.save()
    end_matter(Matter.FINDING, found.pk, clock.today())
    if state == State.APPROVED:
        text = "结论记入您的记录，不改变您的党籍和权利。不服的，可以向上级党组织申诉。"
        _tell(found, "decided", "不合格认定已经批准", text)
    else:
        _tell(found, "decided", "不合格认定已退回支部", f"理由：{found.decision_reason}")
    return found


def _locked(actor: AnyActor, finding_id: int) -> Finding:
    found = queries.findings_visible_to(actor).select_for_update(of=("self",)).filter(pk=finding_id).first()
    if found is None or not (policies.is_self(actor, found.member) or policies.reads_texts(actor, found.branch)):
        raise NotVisible
    return found


def _kept(row: Finding) -> Finding:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise DomainError(
            "proposed_already", f"对{row.member.name}这个周期的不合格认定已经提出过，请打开那一项继续办理。"
        ) from None
    return row


def _check_standing(member: Member, result: Result) -> None:
    status = members.status_on(member, clock.today())
    if Status.PROBATIONARY in (status, result.status):
        raise DomainError(
            "probationary",
            f"{member.name}是预备党员，不作不合格认定。预备党员的问题按预备期的规定办理（延长或取消预备资格）。",
        )
    _check_here(member)
    if not grounds.is_unqualified(result):
        raise DomainError("not_unqualified", "这个结果不在办法规定的不合格等次，不能提出不合格认定。")


def _check_here(member: Member) -> None:
    status = members.status_on(member, clock.today())
    if status != Status.FULL:
        label = Status(status).label
        raise DomainError("not_full", f"{member.name}现在是“{label}”，不能办理不合格认定。请先在花名册里核对其状态。")


def _check_told(member: Member, told_how: str) -> None:
    if member.user_id is None and not told_how.strip():
        raise bad("如何告知", f"{member.name}没有账号，请写明如何当面告知：本人签收的日期，或两位见证人的姓名。")
    if len(told_how) > 200:
        raise bad("如何告知", "最多200个字。")


def _check_meeting(found: Finding, on: date) -> None:
    if found.statement_on is None and clock.today() <= found.answer_until:
        until = spells.said(found.answer_until)
        raise DomainError("too_early", f"本人还没有答复，期限到{until}24时。请在本人答复之后，或期满以后再表决。")
    earliest = found.statement_on or spells.day_after(found.answer_until)
    if on < earliest or on > clock.today():
        raise bad("大会日期", f"大会应在本人答复或期满之后、今天或以前召开：{spells.said(earliest)}至今天。")


def _link(found: Finding) -> str:
    return f"/unqualified/{found.pk}/"


def _tell(found: Finding, step: str, title: str, text: str) -> None:
    tell(found.member.user_id, f"disposals.finding_{step}", str(found.pk), title, text, _link(found))
