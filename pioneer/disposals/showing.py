"""显示 A case as its page tells it: every step in order with what it says, the one due, and what comes after."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from pioneer.disposals import order, policies, queries
from pioneer.disposals.models import Case, Finding, LeftOut, Reply, Step
from pioneer.kernel.erased import ERASED
from pioneer.members import spells

Kind = Step.Kind
LEFT_OUT = "不计入应到会"
LABELS = {
    Kind.PROPOSED: ("参加人员", "提议的理由", ""),
    Kind.PRIOR_FILED: ("", "意见", ""),
    Kind.INVESTIGATED: ("调查人", "调查核实的情况", ""),
    Kind.TALKED: ("见证人", "谈话内容", "本人意见"),
    Kind.REVIEWED: ("", "意见", ""),
    Kind.REVIEWED_ABOVE: ("", "意见", ""),
    Kind.VOTED: ("", "本人到会和说明的情况", ""),
    Kind.APPROVED: ("", "意见", ""),
    Kind.APPROVED_ABOVE: ("", "意见", ""),
    Kind.ANNOUNCED: ("宣布人", "如何宣布和送达", ""),
    Kind.RESPONDED: ("", "如何答复", "本人的话"),
    Kind.APPEALED: ("提出", "", "申诉的理由"),
    Kind.APPEAL_ANSWERED: ("", "答复的理由", ""),
}
OUTCOME = {
    Kind.VOTED: ("通过", "未通过"),
    Kind.RESPONDED: ("接受劝告", "不接受劝告"),
    Kind.APPEAL_ANSWERED: ("申诉成立", "申诉不成立"),
}


@dataclass(slots=True)
class Shown:
    """一步的显示 `state` is done, now or later; `facts` are labels with their texts, none for who may not read them."""

    kind: str
    title: str
    state: str
    desk: str
    number: int = 0
    on: date | None = None
    by: str = ""
    outcome: str = ""
    votes: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    reply: Reply | None = None
    due_on: date | None = None


def steps_of(case: Case, *, with_texts: bool, in_full: bool = False) -> list[Shown]:
    """各步 The done ones with what they say, then what is due and what comes after. A constant number of queries.
    `in_full`: with why each was not counted at the meeting, which the member concerned needn't know."""
    found = case.steps.select_related("text", "reply", "first_talker", "second_talker")
    steps = list(found.prefetch_related("not_counted__member"))
    names = queries.names(step.entered_by_number for step in steps)
    shown = [_done(step, names.get(step.entered_by_number or 0, ""), with_texts, in_full) for step in steps]
    taken = [step.kind for step in steps]
    ahead = order.next_steps(case.kind, case.state, taken)
    shown += [_ahead(kind, "now", case.due_on if place == 0 else None) for place, kind in enumerate(ahead)]
    if case.state == Case.State.OPEN:
        rest = [kind for kind in order.order_of(case.kind) if kind not in taken and kind not in ahead]
        shown += [_ahead(kind, "later") for kind in rest]
    return shown


def _done(step: Step, by: str, with_texts: bool, in_full: bool) -> Shown:
    kind = Kind(step.kind)
    made = Shown(step.kind, kind.label, "done", policies.DESKS[order.DESK[kind]], step.number, step.on, by)
    if step.agreed is not None:
        yes, no = OUTCOME.get(kind, ("同意", "不同意"))
        made.outcome = yes if step.agreed else no
    if step.with_vote is not None:
        made.votes = votes_text(step)
    if with_texts:
        made.facts = _not_counted(step, in_full) + _facts(step, kind)
        made.reply = getattr(step, "reply", None)
    return made


def votes_text(voted: Step | Finding) -> str:
    """表决的说法"""
    figures = f"到会{voted.present}人；赞成{voted.in_favour}，反对{voted.against}，弃权{voted.abstained}"
    if not voted.left_out:
        return f"有表决权{voted.with_vote}人，{figures}"
    all_told = (voted.with_vote or 0) + voted.left_out
    return f"有表决权{all_told}人，不计入应到会{voted.left_out}人，应到会{voted.with_vote}人，{figures}"


def not_counted_text(rows: Iterable[LeftOut]) -> str:
    """不计入应到会的说法 Who, how many by which ground, and who agreed; empty where nobody was left out."""
    listed = list(rows)
    if not listed:
        return ""
    grounds = Counter(one.get_ground_display() or ERASED for one in listed)
    said = "；".join(f"{ground}：{members}人" for ground, members in grounds.items())
    consents = "、".join(dict.fromkeys(one.consent or ERASED for one in listed))
    names = "、".join(one.member.name for one in listed)
    return f"{names}（{said}）。经上级党组织同意（{consents}），并经大会通过。"


def not_counted_in_full(rows: Iterable[LeftOut]) -> str:
    """逐人的依据 A line for each."""
    return "\n".join(f"{one.member.name}：{one.get_ground_display() or ERASED}。{one.note}" for one in rows)


def _not_counted(step: Step, in_full: bool) -> list[tuple[str, str]]:
    rows = list(step.not_counted.all())
    facts = [(LEFT_OUT, not_counted_text(rows)), ("各人的依据", not_counted_in_full(rows) if in_full else "")]
    return [(label, text) for label, text in facts if text]


def _facts(step: Step, kind: Kind) -> list[tuple[str, str]]:
    if step.text.erased_at is not None:
        return [("内容", ERASED)]
    people, content, opinion = LABELS[kind]
    rows = [(people, step.text.people), (content, step.text.content), (opinion, step.text.opinion)]
    if step.first_talker is not None:
        rows.insert(0, ("谈话人", f"{step.first_talker}、{step.second_talker}"))
    if step.spoke is False:
        rows.append(("本人意见", "本人拒绝说明意见。"))
    rows.append(("文号", step.text.document))
    return [(label, text) for label, text in rows if label and text]


def _ahead(kind: Kind, state: str, due_on: date | None = None) -> Shown:
    return Shown(kind.value, kind.label, state, policies.DESKS[order.DESK[kind]], due_on=due_on)


@dataclass(frozen=True, slots=True)
class FindingStep:
    """认定的一步"""

    title: str
    text: str
    state: str
    on: date | None = None
    by: str = ""


def finding_steps(found: Finding, *, with_texts: bool, in_full: bool = False) -> list[FindingStep]:
    """认定的各步"""
    names = queries.names([found.proposed_by_number, found.met_by_number, found.decided_by_number])

    def by(number: int | None) -> str:
        return names.get(number or 0, "")

    def said(text: str) -> str:
        return text if with_texts else ""

    told = f"告知本人：{found.told_how}" if found.told_how else ""
    steps = [
        FindingStep("支部提出，告知本人", said(told), "done", found.proposed_on, by(found.proposed_by_number)),
        _answer(found, said(found.statement)),
    ]
    if found.met_on is None:
        steps.append(FindingStep("支部党员大会表决", "", "now" if queries.is_ripe(found) else "later"))
        return [*steps, FindingStep("乡镇（街道）审批", "", "later")]
    votes = votes_text(found)
    adopted = found.state != Finding.State.NOT_ADOPTED
    rows = list(found.not_counted.select_related("member")) if with_texts and found.left_out else []
    left_out = f"{LEFT_OUT}：{not_counted_text(rows)}" if rows else ""
    each = not_counted_in_full(rows) if in_full else ""
    text = "\n".join(one for one in (votes, left_out, each, said(found.meeting_note)) if one)
    title = f"支部党员大会{'通过' if adopted else '未通过'}"
    steps.append(FindingStep(title, text, "done", found.met_on, by(found.met_by_number)))
    if found.decided_on is not None:
        done = "批准" if found.state == Finding.State.APPROVED else "退回"
        reason = said(found.decision_reason)
        steps.append(FindingStep(f"乡镇（街道）{done}", reason, "done", found.decided_on, by(found.decided_by_number)))
    elif adopted:
        steps.append(FindingStep("乡镇（街道）审批", "由提出人以外的党务工作者审批。", "now"))
    return steps


def _answer(found: Finding, statement: str) -> FindingStep:
    if found.statement_on is not None:
        how = f"（{found.statement_how}）" if found.statement_how else ""
        return FindingStep(f"本人答复{how}", statement, "done", found.statement_on)
    until = f"{spells.said(found.answer_until)}24时"
    if found.met_on is not None or queries.is_ripe(found):
        return FindingStep("本人答复", f"期限至{until}，本人没有答复。", "done")
    return FindingStep("本人答复", f"可在{until}之前答复；口头说的由支部另一位同志代录。", "now")
