"""处置案的写入 A case is opened by the branch committee's proposal, answered by the member at each step, and may be
discontinued at any moment, with the reason. It changes no membership."""

from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside
from pioneer.disposals import grounds, order, policies, queries
from pioneer.disposals.models import Case, CaseGround, Reply, Step
from pioneer.disposals.writing import Said, link, locked, require_reason, take, tell_member, tell_next
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, bad
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members import spells
from pioneer.members.matters import Kind as Matter
from pioneer.members.matters import begin_matter, end_matter
from pioneer.members.models import Member, Status
from pioneer.messages.services import tell
from pioneer.scoring import Cycle

Kind = Case.Kind
State = Case.State


@operation("disposals.open_case", tell=("kind",))
def open_case(
    *,
    actor: AnyActor,
    member_id: int,
    kind: str,
    on: date,
    people: str,
    content: str,
    document: str = "",
    months: int | None = None,
) -> Case:
    """提出组织处置 The branch committee's proposal, reported for prior filing: step one. Only where the filed results
    are unqualified for as many cycles on end as the rulebook says. Never of a probationary member."""
    member = members.get_visible(actor, member_id)
    branch = members.branch_on(member, clock.today())
    if branch is None:
        raise DomainError("in_no_branch", f"{member.name}现在不在任何支部，不能提出。请先在花名册里核对其所在支部。")
    policies.require_at(actor, "branch", branch)
    policies.require_not_aside(must_step_aside(actor, member))
    Member.objects.select_for_update().get(pk=member.pk)
    _check_member(member)
    found = _grounds(member)
    _check_first(member, kind, found)
    if on <= found.latest.last_on:
        raise bad("日期", f"提议须在周期结束（{spells.said(found.latest.last_on)}）以后。")
    case = Case.objects.create(
        member=member,
        branch=branch,
        kind=kind,
        months=_months(kind, months),
        latest_first_on=found.latest.first_on,
        cycles=found.needed,
        streak=found.streak,
        follows=queries.refused_advice(member) if kind == Kind.REMOVAL else None,
        opened_by_number=actor.number,
        created_at=clock.now(),
    )
    begin_matter(member.pk, Matter.DISPOSAL, case.pk)
    CaseGround.objects.bulk_create(CaseGround(case=case, former=one) for one in found.results[: found.needed])
    asked = {"people": "参加人员", "content": "提议的理由"}
    step = take(actor, case, Step.Kind.PROPOSED, on, Said(people, content, "", document), asked)
    tell_member(case, step, f"支部委员会提议对您{case.get_kind_display()}，报基层党委预审。")
    tell_next(case)
    return case


@operation("disposals.reply_to_step")
def reply_to_step(*, actor: AnyActor, case_id: int, step: int, content: str, how: str = "") -> Reply:
    """本人意见 To the latest step of a case in hand, by the member or taken down for it. Once per step."""
    case = locked(actor, case_id)
    policies.require_own_or_take_down(actor, case.member, case.branch)
    own = policies.is_self(actor, case.member)
    if not own:
        policies.require_not_aside(must_step_aside(actor, case.member))
    last = case.steps.last()
    if case.state != State.OPEN or last is None:
        raise DomainError("case_over", f"这件处置“{case.get_state_display()}”。不服决定的，可以申诉。")
    if last.number != step:
        raise DomainError("step_moved", f"处置已经办到“{last.get_kind_display()}”，请打开这件处置，就这一步说明意见。")
    if Reply.objects.filter(step=last).exists():
        raise DomainError("replied_already", "对这一步的意见已经记下，不能改写。下一步办了以后还可以说明意见。")
    said = require_reason(content, "意见", "请写下要说明的情况；没有意见的，写“没有意见”")
    if not own and not how.strip():
        raise bad("如何代录", "请写明是怎样代录的，例如“本人口述，当面读给本人听后签字”。")
    made = Reply.objects.create(
        step=last,
        content=said,
        how="" if own else f"代录：{how.strip()}"[:200],
        by_number=actor.number,
        created_at=clock.now(),
    )
    if not own:
        text = "请核对录入的内容；有出入的，请尽快告诉乡镇（街道）。"
        tell(
            case.member.user_id,
            f"disposals.replied_{last.number}",
            str(case.pk),
            "您的意见已代为录入",
            text,
            link(case),
        )
    return made


@operation("disposals.discontinue_case")
def discontinue_case(*, actor: AnyActor, case_id: int, reason: str) -> Case:
    """终止处置 At any moment before it is announced, with the reason, by the branch or a committee above it."""
    case = locked(actor, case_id)
    policies.require_lead(actor, case.branch)
    policies.require_not_aside(must_step_aside(actor, case.member))
    if case.state != State.OPEN:
        raise DomainError(
            "case_over", f"这件处置“{case.get_state_display()}”，不能再终止。已宣布的决定，可以由本人申诉。"
        )
    case.ended_why = require_reason(reason, "理由", "请写明终止的理由，本人和各级都会看到")
    case.state, case.ended_on, case.ended_by_number, case.due_on = State.DISCONTINUED, clock.today(), actor.number, None
    case.save()
    end_matter(Matter.DISPOSAL, case.pk, clock.today())
    tell(
        case.member.user_id, "disposals.discontinued", str(case.pk), f"{case.get_kind_display()}已经终止",
        "处置到此结束，不产生任何影响。理由请打开查看。", link(case),
    )  # fmt: skip
    return case


def _check_member(member: Member) -> None:
    status = members.status_on(member, clock.today())
    if status == Status.PROBATIONARY:
        raise DomainError(
            "probationary",
            f"{member.name}是预备党员，不作组织处置。预备党员的问题按预备期的规定办理（延长或取消预备资格）。",
        )
    if status != Status.FULL:
        label = Status(status).label
        raise DomainError("not_full", f"{member.name}现在是“{label}”，不能提出组织处置。请先在花名册里核对其状态。")


def _grounds(member: Member) -> grounds.Unbroken:
    found = next(iter(grounds.unbroken([member])), None)
    if found is None or not found.is_enough:
        has = len(found.results) if found else 0
        raise DomainError(
            "not_on_end",
            f"{member.name}已备案的结果连续{has}个周期不合格，还不到提出组织处置的次数。"
            "以前在别处备案的结果，请先连同备案号导入。",
        )
    grounds.require_exemption_answered(member, Cycle(found.latest.first_on, found.latest.last_on))
    return found


def _check_first(member: Member, kind: str, found: grounds.Unbroken) -> None:
    if kind not in Kind.values:
        raise bad("处置方式", "请从所列处置方式中选择一种。")
    cases = Case.objects.filter(member=member)
    if cases.filter(state=State.OPEN).exists():
        raise DomainError("case_open", f"{member.name}已有一件组织处置在办，请先办完或终止。")
    if kind == Kind.REMOVAL:
        if queries.refused_advice(member) is None:
            raise DomainError(
                "no_refused_advice", "除名只用于劝其退党以后坚持不退的党员。请先办理劝其退党，并记下本人的答复。"
            )
        return
    standing = cases.filter(latest_first_on=found.latest.first_on).exclude(state=State.DISCONTINUED)
    if standing.exists():
        raise DomainError(
            "case_had", f"凭同样的备案结果已经办过一件组织处置（{standing[0].get_state_display()}），不能再提。"
        )


def _months(kind: str, months: int | None) -> int | None:
    if kind != Kind.CORRECTION:
        return None
    months = order.USUAL_MONTHS if months is None else months
    if not 1 <= months <= order.MOST_MONTHS:
        raise bad("改正期限", f"改正期限一般{order.USUAL_MONTHS}个月，最长不超过{order.MOST_MONTHS}个月，请填1至12。")
    return months
