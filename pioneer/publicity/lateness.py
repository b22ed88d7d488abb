"""到期的事 Which step each sheet whose month is over waits for, when that was due, and who was told of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.assessments.models import Sheet
from pioneer.kernel import clock
from pioneer.publicity.due_days import Months, close_due, proof_due
from pioneer.publicity.models import Publication, Reminder
from pioneer.publicity.proof_queries import without_board_proof
from pioneer.publicity.revising import is_held_up

Step, Kind = Reminder.Step, Reminder.Kind
STEP_OF = {Sheet.State.OPEN: Step.SUBMIT, Sheet.State.SUBMITTED: Step.CONFIRM, Sheet.State.CONFIRMED: Step.PUBLISH}


@dataclass(frozen=True, slots=True)
class Awaited:
    """等着办的一步 `due_on` its last day."""

    sheet: Sheet
    step: str
    due_on: date
    publication: Publication | None = None

    @property
    def days_late(self) -> int:
        """逾期天数 0 until its day is over."""
        return max(0, (clock.today() - self.due_on).days)

    @property
    def month(self) -> str:
        """哪一张表"""
        return f"{self.sheet.branch.name}{self.sheet.year}年{self.sheet.month}月考评表"


def awaited(scope: Q | None = None) -> list[Awaited]:
    """等着办的 In the order of the day due. `scope` on the sheet; a constant number of queries besides held-up ones."""
    found = [*_unpublished(scope if scope is not None else Q()), *_running(scope if scope is not None else Q())]
    return sorted(found, key=lambda one: (one.due_on, one.sheet.pk, one.step))


def _unpublished(scope: Q) -> Iterable[Awaited]:
    """Monthly sheets without a notice. Supplementary ones have no month's end of their own; one that must wait until
    the branch's earlier notice is closed is late by nobody's fault."""
    today, months = clock.today(), Months()
    over = Q(year__lt=today.year) | Q(year=today.year, month__lt=today.month)
    shown = Publication.objects.filter(sheet=OuterRef("pk"))
    running = Publication.objects.filter(superseded_at__isnull=True, closed_at__isnull=True)
    held = set(running.values_list("sheet__branch_id", flat=True))
    found = Sheet.objects.filter(over, scope, ~Exists(shown), sequence=0, branch__closed_on__isnull=True)
    for sheet in found.select_related("branch").order_by("year", "month", "pk"):
        days = months.of(sheet.branch.district_number, sheet.year, sheet.month)
        step = STEP_OF[Sheet.State(sheet.state)]
        if days is None or (step == Step.PUBLISH and sheet.branch_id in held):
            continue
        due = {Step.SUBMIT: days.submitted, Step.CONFIRM: days.confirmed, Step.PUBLISH: days.published}[step]
        if due is not None:
            yield Awaited(sheet, step, due)


def _running(scope: Q) -> Iterable[Awaited]:
    """Notices in or after their window: the board's photograph, then the closing, unless objections hold it up."""
    numbers = Sheet.objects.filter(scope).values("pk") if scope else None
    found = Publication.objects.filter(superseded_at__isnull=True, closed_at__isnull=True)
    if numbers is not None:
        found = found.filter(sheet__in=numbers)
    unproven = set(without_board_proof(found).values_list("pk", flat=True))
    for one in found.select_related("sheet__branch").order_by("closes_at", "pk"):
        if one.pk in unproven:
            yield Awaited(one.sheet, Step.PROVE, proof_due(one.closes_at), one)
        if one.closes_at <= clock.now() and not is_held_up(one):
            yield Awaited(one.sheet, Step.CLOSE, close_due(one.closes_at), one)


def late_of(actor: AnyActor) -> list[Awaited]:
    """我的支部逾期的 Steps that are late in branches where the actor works on the sheet."""
    scope = Q(pk__in=[])
    for path in paths(actor, Act.EVALUATE):
        scope |= Q(branch__path__startswith=path)
    return [one for one in awaited(scope) if one.days_late] if paths(actor, Act.EVALUATE) else []


def to_remind() -> list[tuple[Awaited, str]]:
    """待提醒的 What is due and was not told, and what is late and was not told; each with which of both it is."""
    today = clock.today()
    due = [one for one in awaited() if one.due_on <= today]
    told = set(Reminder.objects.filter(sheet__in=[one.sheet.pk for one in due]).values_list("sheet_id", "step", "kind"))
    found = [(one, Kind.DUE) for one in due] + [(one, Kind.LATE) for one in due if one.days_late]
    return [(one, str(kind)) for one, kind in found if (one.sheet.pk, one.step, str(kind)) not in told]
