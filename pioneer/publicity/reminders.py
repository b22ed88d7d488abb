"""到期提醒的写入 Telling the branch once when a step is due, and the township once when it is late."""

from django.db.models import Q

from pioneer.accounts.policies import Act, AnyActor
from pioneer.assessments import roster
from pioneer.assessments.models import Sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.operations import operation
from pioneer.messages import services as messages
from pioneer.publicity import lateness, policies
from pioneer.publicity.models import Reminder

Step, Kind = Reminder.Step, Reminder.Kind
WHO = {Step.SUBMIT: Act.EVALUATE, Step.CONFIRM: Act.CONFIRM, Step.PUBLISH: Act.PUBLISH, Step.PROVE: Act.PUBLISH,
       Step.CLOSE: Act.PUBLISH}  # fmt: skip


@operation("publicity.remind_due", tell=("step", "kind"))
def remind_due(*, actor: AnyActor, sheet_id: int, step: str, kind: str) -> Reminder:
    """到期提醒 By the clock: a step of a sheet that is due is told to the branch, one that is late to the township;
    each once. Told already, the answer is the same reminder."""
    policies.require_clock(actor, "publicity.remind_due")
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("branch").filter(pk=sheet_id).first()
    if sheet is None:
        raise NotVisible
    if (before := Reminder.objects.filter(sheet=sheet, step=step, kind=kind).first()) is not None:
        return before
    found = next((one for one in lateness.awaited(Q(pk=sheet.pk)) if one.step == step), None)
    if found is None or found.due_on > clock.today() or (kind == Kind.LATE and not found.days_late):
        raise DomainError("not_due", "这一步还没有到期，或已经办了，不用提醒。")
    if kind == Kind.DUE:
        _tell_branch(found)
    else:
        _tell_township(found)
    return Reminder.objects.create(sheet=sheet, step=step, kind=kind, due_on=found.due_on, told_at=clock.now())


def _tell_branch(found: lateness.Awaited) -> None:
    people = roster.holders(found.sheet.branch, WHO[Step(found.step)])
    own = [grant.user_id for grant in people if grant.organisation_id == found.sheet.branch_id]
    late = f"已逾期{found.days_late}天，请尽快办理。" if found.days_late else "请在今天办理。"
    title = f"{found.sheet.month}月考评表应于{found.due_on.month}月{found.due_on.day}日前{Step(found.step).label}"
    messages.tell_all(own, f"publicity.due_{found.step}", str(found.sheet.pk), title, late, _link(found))


def _tell_township(found: lateness.Awaited) -> None:
    people = roster.holders(found.sheet.branch, Act.ANSWER_FINALLY)
    title = f"{found.month}逾期未{Step(found.step).label}"
    due = f"应于{found.due_on.month}月{found.due_on.day}日前办完，已逾期{found.days_late}天。"
    month = f"{found.sheet.year}-{found.sheet.month:02}"
    text = f"{due}请了解卡在哪里，帮助支部办理。"
    kind = f"publicity.late_{found.step}"
    numbers = [grant.user_id for grant in people]
    messages.tell_all(numbers, kind, str(found.sheet.pk), title, text, f"/overview/?month={month}")


def _link(found: lateness.Awaited) -> str:
    if found.publication is not None:
        return f"/publications/{found.publication.pk}/"
    return "/publications/" if found.step == Step.PUBLISH else f"/sheets/{found.sheet.pk}/"
