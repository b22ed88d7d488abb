"""到期的事 Which step each sheet whose month is over waits for, when that was due, and who was told of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from pioneer.accounts.policies import Act, AnyActor, may, paths
from pioneer.assessments.models import Sheet
from pioneer.kernel import clock
from pioneer.publicity import queries
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
    sheets = Sheet.objects.all()
    running = Publication.objects.filter(superseded_at__isnull=True, closed_at__isnull=True)
    if scope:
        sheets, running = sheets.filter(scope), running.filter(sheet__in=Sheet.objects.filter(scope).values("pk"))
    shown = Publication.objects.filter(sheet=OuterRef("pk"))
    return _in_order(
        sheets.filter(~Exists(shown)).select_related("branch").order_by("year", "month", "pk"),
        running.select_related("sheet__branch").order_by("closes_at", "pk"),
    )


def _in_order(sheets: Iterable[Sheet], running: Iterable[Publication]) -> list[Awaited]:
    found = [*_unpublished([one for one in sheets if _is_late_at_all(one)]), *_running(list(running))]
    return sorted(found, key=lambda one: (one.due_on, one.sheet.pk, one.step))


def _is_late_at_all(sheet: Sheet) -> bool:
    """Monthly, of a month that is over. Supplementary ones have no month's end of their own."""
    today = clock.today()
    is_over = (sheet.year, sheet.month) < (today.year, today.month)
    return is_over and not sheet.sequence and sheet.branch.closed_on is None


def _unpublished(sheets: Sequence[Sheet]) -> Iterable[Awaited]:
    """Without a notice. One that must wait until the branch's earlier notice is closed is late by nobody's fault."""
    months = Months()
    held = _with_a_notice(sheet.branch_id for sheet in sheets if sheet.state == Sheet.State.CONFIRMED)
    for sheet in sheets:
        days = months.of(sheet.branch.district_number, sheet.year, sheet.month)
        step = STEP_OF[Sheet.State(sheet.state)]
        if days is None or (step == Step.PUBLISH and sheet.branch_id in held):
            continue
        due = {Step.SUBMIT: days.submitted, Step.CONFIRM: days.confirmed, Step.PUBLISH: days.published}[step]
        if due is not None:
            yield Awaited(sheet, step, due)


def _with_a_notice(branches: Iterable[int]) -> set[int]:
    """Which of these branches have a notice that is not closed yet. No query where there are none."""
    running = Publication.objects.filter(superseded_at__isnull=True, closed_at__isnull=True)
    return set(running.filter(sheet__branch__in=set(branches)).values_list("sheet__branch_id", flat=True))


def _running(running: Sequence[Publication]) -> Iterable[Awaited]:
    """Notices in or after their window: the board's photograph, then the closing, unless objections hold it up."""
    found = Publication.objects.filter(pk__in=[one.pk for one in running])
    unproven = set(without_board_proof(found).values_list("pk", flat=True))
    for one in running:
        if one.pk in unproven:
            yield Awaited(one.sheet, Step.PROVE, proof_due(one.closes_at), one)
        if one.closes_at <= clock.now() and not is_held_up(one):
            yield Awaited(one.sheet, Step.CLOSE, close_due(one.closes_at), one)


def late_of(actor: AnyActor) -> list[Awaited]:
    """我的支部逾期的 Steps that are late in branches where the actor works on the sheet."""
    if not paths(actor, Act.EVALUATE):
        return []
    sheets = [one for one in queries.unshown(actor) if may(actor, Act.EVALUATE, one.branch)]
    running = [one for one in queries.running(actor) if may(actor, Act.EVALUATE, one.sheet.branch)]
    return [one for one in _in_order(sheets, running) if one.days_late]


def to_remind() -> list[tuple[Awaited, str]]:
    """待提醒的 What is due and was not told, and what is late and was not told; each with which of both it is."""
    today = clock.today()
    due = [one for one in awaited() if one.due_on <= today]
    told = set(Reminder.objects.filter(sheet__in=[one.sheet.pk for one in due]).values_list("sheet_id", "step", "kind"))
    found = [(one, Kind.DUE) for one in due] + [(one, Kind.LATE) for one in due if one.days_late]
    return [(one, str(kind)) for one, kind in found if (one.sheet.pk, one.step, str(kind)) not in told]
