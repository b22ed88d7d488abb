"""清零的写入 The branch proposes on a document with final effect, the member answers, the township decides."""

from datetime import date

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.policies import (
    NOT_FINAL,
    State,
    is_self,
    require_not_aside,
    require_other_than_proposer,
    writes_at,
)
from pioneer.conduct.queries import must_step_aside, zeroings_visible_to
from pioneer.files.services import store
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotAllowed, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.messages.services import tell
from pioneer.rulebook.queries import current_rulebook, deadline

DocumentKind = ZeroingCase.DocumentKind
LONGEST = 2000


@operation("conduct.propose_zeroing", tell=("indicator", "document_kind"))
def propose_zeroing(
    *,
    actor: AnyActor,
    member_id: int,
    indicator: str,
    document_kind: str,
    in_force: bool,
    issuer: str,
    document_number: str,
    document_on: date,
    facts: str,
    told_how: str = "",
    scan: tuple[str, bytes] | None = None,
) -> ZeroingCase:
    """提出清零 By the branch's secretary or deputy. Suspicion, a detention pending or an open case is refused.

    `scan`: name and content of the document's copy.
    """
    member = members.get_visible(actor, member_id)
    branch = members.branch_on(member, clock.today())
    if branch is None:
        raise DomainError("in_no_branch", f"{member.name}现在不在任何支部，不能办理。请先在花名册里核对其所在支部。")
    require(actor, Act.PROPOSE_ZEROING, branch)
    require_not_aside(must_step_aside(actor, member))
    _check_final(document_kind, in_force)
    texts = {"发文机关": (issuer, 120), "文号": (document_number, 80), "事实": (facts, LONGEST)}
    _check_texts(member, texts, told_how, document_on)
    _check_indicator(member, indicator, document_on)
    Member.objects.select_for_update().get(pk=member.pk)  # two proposals of one document come one after the other
    _check_first(member, issuer.strip(), document_number.strip())
    answer = current_rulebook(member.district_id, clock.today()).procedure.zeroing_answer
    case = ZeroingCase.objects.create(
        member=member,
        branch=branch,
        indicator=indicator,
        document_kind=document_kind,
        issuer=issuer.strip(),
        document_number=document_number.strip(),
        document_on=document_on,
        file=store(scan[1], scan[0], "", actor.number) if scan else None,
        facts=facts.strip(),
        told_at=clock.now(),
        told_how=told_how.strip() or "站内消息",
        answer_until=clock.end_of(deadline(answer, clock.today())),
        proposed_by_number=actor.number,
        proposed_at=clock.now(),
    )
    last = deadline(answer, clock.today())
    _tell(case, "proposed", "支部对您提出清零", f"您可以在{_day(last)}24时之前申辩，请打开查看依据的文件并说明情况。")
    return case


@operation("conduct.answer_zeroing")
def answer_zeroing(*, actor: AnyActor, case_id: int, statement: str, taken_how: str = "") -> ZeroingCase:
    """申辩 By the member, or taken down by somebody of the branch who didn't propose it, saying how."""
    case = _locked(actor, case_id)
    own = is_self(actor, case.member)
    if not own:
        _require_may_take_down(actor, case)
    if case.state != State.PROPOSED:
        raise DomainError(
            "answered_already", f"这项清零现在是“{_label(case)}”，不能再申辩。不服决定的，可以向上级党组织申诉。"
        )
    if clock.now() >= case.answer_until:
        raise DomainError("answer_over", "申辩期限已过。仍有话要说的，请直接向乡镇（街道）提出，由其审批时一并考虑。")
    if not statement.strip() or len(statement) > LONGEST:
        raise bad("申辩", f"请写下要说明的情况，最多{LONGEST}个字；没有意见的，写“没有意见”。")
    if not own and not taken_how.strip():
        raise bad("如何代录", "请写明是怎样代录的，例如“本人口述，当面读给本人听后签字”。")
    case.statement = statement.strip()
    case.statement_at = clock.now()
    case.statement_by_number = actor.number
    case.statement_how = "" if own else f"代录：{taken_how.strip()}"[:200]
    case.state = State.ANSWERED
    case.save(update_fields=["statement", "statement_at", "statement_by_number", "statement_how", "state"])
    if not own:
        _tell(case, "answered", "您的申辩已代为录入", "请核对录入的内容；有出入的，请尽快告诉乡镇（街道）。")
    return case


@operation("conduct.approve_zeroing")
def approve_zeroing(*, actor: AnyActor, case_id: int, reason: str = "") -> ZeroingCase:
    """批准清零 By the township, another person than who proposed. From then on the cycle of the document is closed."""
    case = _to_decide(actor, case_id)
    _decide(case, actor, State.APPROVED, reason)
    _tell(
        case,
        "decided",
        "清零已经批准",
        "本周期得分清零，积分管理终止；下一周期照常开始。不服的，可以向上级党组织申诉。",
    )
    return case


@operation("conduct.refuse_zeroing")
def refuse_zeroing(*, actor: AnyActor, case_id: int, reason: str) -> ZeroingCase:
    """不批准清零 With the reason, which the branch and the member read."""
    case = _to_decide(actor, case_id)
    if not reason.strip():
        raise bad("理由", "请写明不批准的理由，支部和本人都会看到。")
    _decide(case, actor, State.REFUSED, reason)
    _tell(case, "decided", "清零未获批准", "积分照常计算。")
    return case


@operation("conduct.reverse_zeroing")
def reverse_zeroing(*, actor: AnyActor, case_id: int, document: str) -> ZeroingCase:
    """撤销清零 Where the document behind it was annulled: the score stands as if the zeroing had never been."""
    case = _locked(actor, case_id)
    require(actor, Act.APPROVE_ZEROING, case.branch)
    require_not_aside(must_step_aside(actor, case.member))
    if case.state != State.APPROVED:
        raise DomainError("not_in_force", f"这项清零现在是“{_label(case)}”，只有已批准的才能撤销。")
    if not document.strip() or len(document) > 200:
        raise bad("依据", "请写明撤销所依据的文件：发文机关、文号和日期，最多200个字。")
    case.state = State.REVERSED
    case.reversed_by_number = actor.number
    case.reversed_at = clock.now()
    case.reversal_document = document.strip()
    case.save(update_fields=["state", "reversed_by_number", "reversed_at", "reversal_document"])
    _tell(case, "reversed", "清零已经撤销", "得分恢复，如同没有清零；这期间没有申报的事可以补报。")
    return case


def _locked(actor: AnyActor, case_id: int) -> ZeroingCase:
    case = zeroings_visible_to(actor).select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise NotVisible()
    return case


def _to_decide(actor: AnyActor, case_id: int) -> ZeroingCase:
    """The case, where the actor may decide it and its time has come."""
    case = _locked(actor, case_id)
    require(actor, Act.APPROVE_ZEROING, case.branch)
    require_other_than_proposer(actor, case)
    require_not_aside(must_step_aside(actor, case.member))
    if case.state not in (State.PROPOSED, State.ANSWERED):
        raise DomainError("decided_already", f"这项清零现在是“{_label(case)}”，已经办完，不能再审批。")
    if case.state == State.PROPOSED and clock.now() < case.answer_until:
        raise DomainError("too_early", f"本人还没有申辩，期限未满。请在本人申辩之后，或{_moment(case)}之后再审批。")
    return case


def _decide(case: ZeroingCase, actor: AnyActor, state: State, reason: str) -> None:
    if len(reason) > LONGEST:
        raise bad("理由", f"最多{LONGEST}个字。")
    case.state = state
    case.decided_by_number = actor.number
    case.decided_at = clock.now()
    case.decision_reason = reason.strip()
    case.save(update_fields=["state", "decided_by_number", "decided_at", "decision_reason"])


def _require_may_take_down(actor: AnyActor, case: ZeroingCase) -> None:
    if not writes_at(actor, case.branch):
        raise NotAllowed("申辩由本人提出，或由支部的书记、副书记、委员、记录员代录，您目前没有这项任职。")
    if actor.number == case.proposed_by_number:
        raise DomainError("same_person", "这项清零是您提出的，不能由您代录本人的申辩，请支部另一位同志代录。")


def _check_final(document_kind: str, in_force: bool) -> None:
    if document_kind in NOT_FINAL:
        raise DomainError(
            "not_final",
            f"“{NOT_FINAL[document_kind]}”不是有最终效力的文件，不能据此清零。"
            "请等判决生效、处罚决定送达或处分决定生效后，凭该文件再提出。",
        )
    if document_kind not in DocumentKind.values:
        raise bad("文件种类", "请从所列文件种类中选择一种。")
    if not in_force:
        raise DomainError(
            "not_in_force", "文件还没有发生效力，不能据此清零。请等上诉期满、决定送达或处分生效之后再提出。"
        )


def _check_texts(member: Member, texts: dict[str, tuple[str, int]], told_how: str, document_on: date) -> None:
    faults = [Fault(place, "不能为空，请照文件填写。") for place, (text, _) in texts.items() if not text.strip()]
    faults += [Fault(place, f"最多{most}个字。") for place, (text, most) in texts.items() if len(text) > most]
    if document_on > clock.today():
        faults.append(Fault("文件日期", "文件日期不能晚于今天，请核对。"))
    if member.user_id is None and not told_how.strip():
        faults.append(
            Fault("如何告知", f"{member.name}没有账号，请写明如何当面告知：本人签收的日期，或两位见证人的姓名。")
        )
    if len(told_how) > 200:
        faults.append(Fault("如何告知", "最多200个字。"))
    if faults:
        raise BadInput(faults)


def _check_indicator(member: Member, indicator: str, document_on: date) -> None:
    row = current_rulebook(member.district_id, document_on).indicators.get(indicator)
    if row is None or row.index != "zeroing":
        raise bad("情形", f"按文件当日适用的积分办法，“{indicator}”不是清零的情形。请从所列情形中选择。")


def _check_first(member: Member, issuer: str, document_number: str) -> None:
    standing = (State.PROPOSED, State.ANSWERED, State.APPROVED)
    same = ZeroingCase.objects.filter(
        member=member, issuer=issuer, document_number=document_number, state__in=standing
    ).first()
    if same is not None:
        raise DomainError("proposed_already", f"凭这份文件已经提出过清零，现在是“{_label(same)}”，不必再提出。")


def _tell(case: ZeroingCase, step: str, title: str, text: str) -> None:
    tell(case.member.user_id, f"conduct.zeroing_{step}", str(case.pk), title, text, f"/zeroing/{case.pk}/")


def _label(case: ZeroingCase) -> str:
    return str(State(case.state).label)


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _moment(case: ZeroingCase) -> str:
    last = case.answer_until.astimezone(clock.SHANGHAI)
    return _day(last.date()) + "0时"
