"""到期提醒的写入 By the clock: a deadline that has come is told once to who has to act."""

from pioneer.accounts.policies import AnyActor
from pioneer.disposals import order, policies, queries
from pioneer.disposals.models import Case, CaseReminder, Step
from pioneer.disposals.writing import link
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.operations import operation
from pioneer.members import spells
from pioneer.messages.services import tell_all


@operation("disposals.remind_case")
def remind_case(*, actor: AnyActor, case_id: int) -> CaseReminder:
    """到期提醒 Of the next step, or of the end of a correction, which the branch then judges; each once."""
    policies.require_clock(actor, "disposals.remind_case")
    case = Case.objects.select_for_update(of=("self",)).select_related("member", "branch").filter(pk=case_id).first()
    if case is None:
        raise NotVisible
    before = CaseReminder.objects.filter(case=case, due_on=case.due_on).first() if case.due_on else None
    if before is not None:
        return before
    if case.due_on is None or case.due_on > clock.today():
        raise DomainError("not_due", "这一步还没有到期，或已经办了，不用提醒。")
    ahead = order.next_steps(case.kind, case.state, list(case.steps.values_list("kind", flat=True)))
    desk: order.Desk = "branch"
    what = "改正期满，请评议改正情况"
    if ahead and ahead[0] != Step.Kind.APPEALED:
        desk, what = order.DESK[ahead[0]], str(ahead[0].label)
    numbers = queries.tell_numbers(case.branch, desk, case.member)
    title = f"{case.branch.name}的组织处置到期：{what}"
    text = f"期限是{spells.said(case.due_on)}，请尽快办理。"
    tell_all(numbers, f"disposals.due_{case.due_on}", str(case.pk), title, text, link(case))
    return CaseReminder.objects.create(case=case, due_on=case.due_on, told_at=clock.now())
