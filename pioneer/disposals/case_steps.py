"""各步的写入 One operation per step, in the order in which the national measures put them. `writing` refuses any other
order and any day before the step before; the database does so once more."""

from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import relatives_of
from pioneer.disposals import order, queries, votes
from pioneer.disposals.models import Case, Step
from pioneer.disposals.writing import Said, end, take, tell_member, tell_next, to_take
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotAllowed
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members import spells
from pioneer.members.matters import Kind as Matter
from pioneer.members.matters import end_matter
from pioneer.members.models import Member, Status

Kind = Step.Kind
State = Case.State
SAID_NO = {
    Kind.PRIOR_FILED: "基层党委预审未同意，处置到此结束。",
    Kind.REVIEWED: "基层党委审核未同意，处置到此结束。",
    Kind.REVIEWED_ABOVE: "上级审核未同意，处置到此结束。",
    Kind.APPROVED: "基层党委未批准，处置到此结束。",
    Kind.APPROVED_ABOVE: "上级未批准，处置到此结束。",
}


@operation("disposals.answer_prior_filing")
def answer_prior_filing(
    *, actor: AnyActor, case_id: int, on: date, agreed: bool, document: str, content: str = ""
) -> Step:
    """答复预审 By the grass-roots committee: whether the branch may go on."""
    return _answer(actor, case_id, Kind.PRIOR_FILED, on, agreed, document, content)


@operation("disposals.record_investigation")
def record_investigation(
    *, actor: AnyActor, case_id: int, on: date, people: str, content: str, document: str = ""
) -> Step:
    """记录调查核实 Who looked into it, and what was found, for and against the member."""
    case = to_take(actor, case_id, Kind.INVESTIGATED)
    asked = {"people": "调查人", "content": "调查核实的情况"}
    step = take(actor, case, Kind.INVESTIGATED, on, Said(people, content, "", document), asked)
    return _told(case, step, "调查核实已经记录。")


@operation("disposals.record_talk")
def record_talk(
    *,
    actor: AnyActor,
    case_id: int,
    on: date,
    talkers: list[int],
    content: str,
    spoke: bool,
    opinion: str = "",
    witnesses: str = "",
) -> Step:
    """记录谈话 By two full members, neither the member nor a relative of it. Its own opinion is heard, in its words; or
    it refused to speak, which two witnesses confirm."""
    case = to_take(actor, case_id, Kind.TALKED)
    first, second = _talkers(actor, case, talkers, on)
    if spoke and not opinion.strip():
        raise BadInput([Fault("本人意见", "请照本人的原话记录；没有意见的，写“没有意见”。")])
    names = [name for name in witnesses.replace("，", "、").replace(",", "、").split("、") if name.strip()]
    if not spoke and len({name.strip() for name in names} - {first.name, second.name}) < 2:
        said = "本人拒绝说话的，请写明谈话人以外的两位见证人，姓名之间用顿号隔开。"
        raise BadInput([Fault("见证人", said)])
    texts = Said(
        people="" if spoke else "、".join(name.strip() for name in names),
        content=content,
        opinion=opinion if spoke else "",
    )
    step = take(
        actor, case, Kind.TALKED, on, texts, {"content": "谈话内容"},
        spoke=spoke, first_talker=first, second_talker=second,
    )  # fmt: skip
    return _told(case, step, "谈话记录已经录入，请核对您的意见。")


@operation("disposals.review_case")
def review_case(*, actor: AnyActor, case_id: int, on: date, agreed: bool, document: str, content: str = "") -> Step:
    """审核 By the grass-roots committee, of what was found and heard."""
    return _answer(actor, case_id, Kind.REVIEWED, on, agreed, document, content)


@operation("disposals.review_case_above")
def review_case_above(
    *, actor: AnyActor, case_id: int, on: date, agreed: bool, document: str, content: str = ""
) -> Step:
    """上级审核 By the level above, of an advice to leave or a removal."""
    return _answer(actor, case_id, Kind.REVIEWED_ABOVE, on, agreed, document, content)


@operation("disposals.record_vote")
def record_vote(
    *,
    actor: AnyActor,
    case_id: int,
    on: date,
    present: int,
    in_favour: int,
    against: int,
    abstained: int,
    content: str = "",
    document: str = "",
    not_counted: votes.NotCounted = votes.NOBODY,
) -> Step:
    """记录大会表决 Who has a vote comes from the roster of that day; the member may attend and speak (`content`).
    `not_counted`: who cannot come for one of five grounds, left out with the consent of the committee above."""
    case = to_take(actor, case_id, Kind.VOTED)
    vote = votes.count(case.branch, on, present, in_favour, against, abstained, not_counted)
    said = Said(content=content, document=document)
    step = take(actor, case, Kind.VOTED, on, said, {}, agreed=vote.is_carried, **vote.columns())
    votes.keep(not_counted, actor.number, on, step)
    if vote.is_carried:
        return _told(case, step, "支部党员大会表决通过，报上级审批。")
    end(case, State.NOT_ADOPTED, on, actor.number)
    tell_member(case, step, "支部党员大会没有通过，处置到此结束。")
    return step


@operation("disposals.approve_case")
def approve_case(*, actor: AnyActor, case_id: int, on: date, agreed: bool, document: str, content: str = "") -> Step:
    """审批 By the grass-roots committee, another person than those of the branch's steps, with the document."""
    return _answer(actor, case_id, Kind.APPROVED, on, agreed, document, content)


@operation("disposals.approve_case_above")
def approve_case_above(
    *, actor: AnyActor, case_id: int, on: date, agreed: bool, document: str, content: str = ""
) -> Step:
    """上级审批 By the level above, of an advice to leave or a removal, with the document."""
    return _answer(actor, case_id, Kind.APPROVED_ABOVE, on, agreed, document, content)


@operation("disposals.announce_case")
def announce_case(*, actor: AnyActor, case_id: int, on: date, people: str, content: str) -> Step:
    """宣布 To the member and the branch, with the right of appeal. From then on the decision is in effect; a person
    enters it in the roster."""
    case = to_take(actor, case_id, Kind.ANNOUNCED)
    case.state, case.ended_on, case.ended_by_number = State.IN_EFFECT, on, actor.number
    asked = {"people": "宣布人", "content": "如何宣布和送达"}
    step = take(actor, case, Kind.ANNOUNCED, on, Said(people, content), asked)
    if (corrected := queries.correction_ends(case, on)) is not None:
        end_matter(Matter.DISPOSAL, case.pk, corrected)
    until = queries.appeal_ends(case)
    tell_member(case, step, f"决定已经宣布。不服的，可以{f'在{spells.said(until)}前' if until else ''}申诉。")
    return step


@operation("disposals.record_response")
def record_response(*, actor: AnyActor, case_id: int, on: date, agreed: bool, content: str, how: str) -> Step:
    """记录对劝告的答复 Whether the member takes the advice to leave, in its own words. Who refuses may be removed, by a
    case of its own."""
    case = to_take(actor, case_id, Kind.RESPONDED)
    asked = {"opinion": "本人的话", "content": "如何答复"}
    step = take(actor, case, Kind.RESPONDED, on, Said("", how, content), asked, agreed=agreed)
    tell_member(case, step, "您对劝告的答复已经录入，请核对；有出入的，请尽快告诉乡镇（街道）。")
    return step


def _answer(actor: AnyActor, case_id: int, kind: Kind, on: date, agreed: bool, document: str, content: str) -> Step:
    """What a committee above answers; where it doesn't agree the case ends, with the reason."""
    case = to_take(actor, case_id, kind)
    _require_other(actor, case)
    if not agreed and not content.strip():
        raise BadInput([Fault("意见", "不同意的，请写明理由，支部和本人都会看到。")])
    said = Said(content=content, document=document)
    step = take(actor, case, kind, on, said, {"document": "文号"}, agreed=agreed)
    if agreed:
        return _told(case, step, "上级已经同意，继续办理。")
    end(case, State.NOT_AGREED, on, actor.number)
    tell_member(case, step, SAID_NO[kind])
    return step


def _require_other(actor: AnyActor, case: Case) -> None:
    """Two natural persons: who took a step of the branch does not answer it from above."""
    taken = case.steps.filter(entered_by_number=actor.number).values_list("kind", flat=True)
    if any(order.DESK[kind] == "branch" for kind in taken):
        raise NotAllowed("您办过支部的步骤，这一步须由另一位同志办理。", code="two_people")


def _told(case: Case, step: Step, text: str) -> Step:
    tell_member(case, step, text)
    tell_next(case)
    return step


def _talkers(actor: AnyActor, case: Case, numbers: list[int], on: date) -> tuple[Member, Member]:
    if len(set(numbers)) != 2 or len(numbers) != 2:
        raise BadInput([Fault("谈话人", "请选择两位不同的谈话人。")])
    first, second = (members.get_visible(actor, number) for number in numbers)
    kin = relatives_of(case.member_id)
    for one in (first, second):
        if one.pk == case.member_id:
            raise DomainError("talker_concerned", "谈话人不能是本人，请另选一位正式党员。")
        if one.pk in kin:
            raise DomainError("talker_related", f"{one.name}是本人申明的亲属，须回避，请另选一位正式党员。")
        if members.status_on(one, on) != Status.FULL:
            raise DomainError("talker_not_full", f"{one.name}当天不是正式党员，请另选一位正式党员。")
    return first, second
