"""导入的读取 Imports and their rows, for the pages and for the shell."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from pioneer.accounts.policies import CONSOLE, Act, AnyActor, paths
from pioneer.accounts.queries import name_of
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.models import Task
from pioneer.kernel.tasks import is_under_way
from pioneer.members import import_bundles
from pioneer.members.import_content import Opened, decisions_of, samples_of
from pioneer.members.models import ColumnMemory, RosterImport, RosterImportRow
from pioneer.organisations.models import Organisation
from pioneer.workbooks.headings import FIELDS, IGNORE
from pioneer.workbooks.layout import Layout

State, Verdict = RosterImport.State, RosterImportRow.Verdict
PATIENCE = timedelta(minutes=10)  # after which work that says nothing may be started again
SOON = timedelta(seconds=15)  # within which a worker that runs and is free begins
KEPT = timedelta(days=settings.ROSTER_IMPORT_KEPT_DAYS)
LEAVE_OUT = "skip"


# ------------------------------------------------------------------ which imports, at which organisations


def organisations_for(actor: AnyActor) -> QuerySet[Organisation]:
    """可导入的组织 That stand today, in the order of the tree."""
    within = Q(pk__in=[])
    for path in paths(actor, Act.IMPORT_ROSTER):
        within |= Q(path__startswith=path)
    return Organisation.objects.filter(within, closed_on__isnull=True).order_by("path")


def imports_for(actor: AnyActor) -> QuerySet[RosterImport]:
    """看得到的导入 At the organisations where the actor may import; newest first."""
    found = RosterImport.objects.select_related("organisation", "task").defer("content", "samples")
    return found if actor == CONSOLE else found.filter(organisation__in=organisations_for(actor).values("pk"))


def import_for(actor: AnyActor, import_id: int) -> RosterImport:
    """取一次导入 NotVisible where the actor may not see it."""
    found = imports_for(actor).filter(pk=import_id).first()
    if found is None:
        raise NotVisible
    return found


def uploaded_by(roster_import: RosterImport) -> str:
    """上传人"""
    return name_of(roster_import.uploaded_by_number) or CONSOLE.name


def is_busy(roster_import: RosterImport) -> bool:
    """是否正在办 Checked or written. Work that has failed, or has said nothing for long, is not waited for."""
    task = roster_import.task
    if roster_import.state not in (State.CHECKING, State.CONFIRMING) or task is None:
        return False
    return is_under_way(task, PATIENCE)


def state_name(roster_import: RosterImport) -> str:
    """状态的说法 Of work that has come to nothing: what is to be done again."""
    if roster_import.state in (State.CHECKING, State.CONFIRMING) and not is_busy(roster_import):
        return str((State.UPLOADED if roster_import.state == State.CHECKING else State.CHECKED).label)
    return str(State(roster_import.state).label)


def waiting_note(roster_import: RosterImport) -> str:
    """为何还没开始 A sentence where work waits longer than a worker that runs and is free would let it."""
    task = roster_import.task
    if task is None or task.state != Task.State.WAITING or task.created_at > clock.now() - SOON:
        return ""
    others = Task.objects.filter(state=Task.State.RUNNING, created_at__gt=clock.now() - PATIENCE)
    if others.exists():
        return "前面还有别的任务在办，办完就轮到这一件，不必重新提交。"
    return "还没有开始：后台程序好像没有运行。请告诉系统管理员启动它；它一运行就会办这一件，不必重新提交。"


def failure_of(roster_import: RosterImport) -> str:
    """为何没有办成 Of the last check or confirmation; nothing was written."""
    task = roster_import.task
    if task is None or task.state == Task.State.DONE:
        return ""
    if task.state == Task.State.WAITING:
        return "等了很久没有开始：后台程序没有运行，没有写入任何内容。请告诉系统管理员启动它，再试一次。"
    return task.message or "中断了，没有写入任何内容，请再试一次。"


# ------------------------------------------------------------------ what nobody comes back for


def is_abandoned(roster_import: RosterImport) -> bool:
    """是否无人再办 Uploaded long ago, neither confirmed nor given up, and nothing is going on with it."""
    over = roster_import.state in (State.CONFIRMED, State.DISCARDED)
    return not over and not is_busy(roster_import) and roster_import.created_at < clock.now() - KEPT


def abandoned() -> list[RosterImport]:
    """无人再办的导入 Oldest first; they hold personal data that nobody needs."""
    waiting = RosterImport.objects.exclude(state__in=[State.CONFIRMED, State.DISCARDED])
    old = waiting.filter(created_at__lt=clock.now() - KEPT).select_related("organisation", "task")
    return [one for one in old.defer("content", "samples").order_by("pk") if is_abandoned(one)]


# ------------------------------------------------------------------ the columns


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """一列 As the page for the columns shows it."""

    index: int
    letter: str
    heading: str
    field: str
    unsure: bool
    samples: list[str]


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """一张工作表 With its columns, or the reason why it is left out."""

    name: str
    used: bool
    reason: str
    branch: str
    has_branch: bool
    columns: list[ShownColumn] = field(default_factory=list)


def columns_of(roster_import: RosterImport) -> list[ShownSheet]:
    """各列的安排 With up to three sample values each."""
    samples = samples_of(RosterImport.objects.values_list("samples", flat=True).get(pk=roster_import.pk))
    shown = []
    for place, plan in enumerate(layout_of(roster_import).sheets):
        columns = [
            ShownColumn(
                index=column.index,
                letter=column.letter,
                heading=column.heading,
                field=column.field or "",
                unsure=column.field is None or column.confidence < 0.7,
                samples=samples.get(f"{place}.{column.index}", []),
            )
            for column in plan.columns
        ]
        shown.append(ShownSheet(plan.sheet, plan.used, plan.reason, plan.branch, "branch" in plan.fields(), columns))
    return shown


def layout_of(roster_import: RosterImport) -> Layout:
    """列的安排"""
    return Layout.from_dict(roster_import.layout)


def field_choices() -> list[tuple[str, str]]:
    """可选的字段 The last one is for a column that is not wanted."""
    return [*FIELDS.items(), (IGNORE, "不导入")]


def remembered_for(organisation: Organisation) -> dict[str, str | None]:
    """记住的列 What was said at the organisation, else at the nearest above it."""
    above = [int(part) for part in organisation.path.split("/") if part]
    found = ColumnMemory.objects.filter(organisation__in=above).order_by("organisation__path")
    return dict(found.values_list("heading", "field"))


# ------------------------------------------------------------------ the rows


@dataclass(frozen=True, slots=True)
class ShownRow:
    """一行 As the page shows it: where it stands, whom it means, what would happen and why."""

    id: int
    place: str
    name: str
    identity: str
    branch: str
    verdict: str
    reasons: list[tuple[str, str]]
    changes: list[tuple[str, str, str]]
    options: list[tuple[str, str]]
    decided: bool

    @property
    def verdict_name(self) -> str:
        return str(Verdict(self.verdict).label)


def rows_of(roster_import: RosterImport, verdict: str = "") -> QuerySet[RosterImportRow]:
    """导入的行 All, or those of one verdict, in the order of the file."""
    rows = RosterImportRow.objects.filter(roster_import=roster_import).order_by("id")
    return rows.filter(verdict=verdict) if verdict else rows


def shown(roster_import: RosterImport, rows: Collection[RosterImportRow]) -> list[ShownRow]:
    """打开这些行 Those of one page; an erased row is not shown any more."""
    return [_shown(row, opened) for row, opened in import_bundles.opened(roster_import, rows)]


def _shown(row: RosterImportRow, opened: Opened) -> ShownRow:
    decisions = decisions_of(row.decision)
    options = list(opened.options)
    if row.verdict in (Verdict.ASK, Verdict.WRONG):
        options.append((LEAVE_OUT, "不导入这一行"))
    return ShownRow(
        id=row.pk,
        place=f"工作表「{row.sheet}」第{row.row}行",
        name=opened.name,
        identity=opened.identity_shown,
        branch=opened.branch_meant,
        verdict=row.verdict,
        reasons=[(mistake.severity, opened.sentence(mistake)) for mistake in opened.said],
        changes=opened.changes,
        options=options if row.verdict in (Verdict.ASK, Verdict.WRONG) else [],
        decided=bool(decisions),
    )


def counts_of(roster_import: RosterImport) -> dict[str, int]:
    """各类行数 From the rows themselves."""
    found = RosterImportRow.objects.filter(roster_import=roster_import).order_by()
    counted: dict[str, Any] = dict(found.values_list("verdict").annotate(count=Count("id")))
    return {verdict.value: int(counted.get(verdict.value, 0)) for verdict in Verdict}


# ------------------------------------------------------------------ the shell's way to an organisation


def organisation_named(text: str) -> Organisation:
    """按编号或名称找组织 "12", "槐园社区" or "槐园街道/槐园社区"; says the possible ones where several fit."""
    standing = Organisation.objects.filter(closed_on__isnull=True)
    parts = [part.strip() for part in text.strip().strip("/").split("/") if part.strip()]
    if text.strip().isdigit():
        found = list(standing.filter(pk=int(text)))
    else:
        found = list(standing.filter(name=parts[-1]).order_by("path")) if parts else []
    named = {one.pk: one.name for one in standing}
    chains = {one.pk: [named.get(int(part), "") for part in one.path.split("/") if part] for one in found}
    found = [one for one in found if text.strip().isdigit() or _follows(chains[one.pk], parts)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise DomainError("no_organisation", f"没有找到组织“{text}”。请写组织编号，或写名称，如“槐园街道/槐园社区”。")
    listed = "；".join(f"{'/'.join(chains[one.pk])}（编号{one.pk}）" for one in found[:6])
    raise DomainError("organisation_ambiguous", f"“{text}”有{len(found)}个：{listed}。请写上级名称或组织编号。")


def _follows(chain: list[str], parts: list[str]) -> bool:
    """Whether the parts stand in the chain in this order; the last is the organisation itself."""
    rest = iter(chain)
    return all(part in rest for part in parts)
