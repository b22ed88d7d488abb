"""花名册导入的写入 Upload, map columns, check, answer or give up. Nothing of a file outlives its import.

The check is long work: it runs behind the pages as a task, and its result is written in one piece.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pioneer.accounts.models import User
from pioneer.accounts.policies import CLOCK, AnyActor
from pioneer.accounts.queries import actor_of
from pioneer.kernel import bulk, clock, encryption, tasks
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.models import Task
from pioneer.kernel.operations import operation
from pioneer.members import import_bundles, import_queries
from pioneer.members.examining import Examined, Progress, examine, layout_for, open_book, unused
from pioneer.members.import_access import blank, locked, require_open, require_visible, standing
from pioneer.members.import_content import Opened, codes_of, decisions_of, plain, seal_samples
from pioneer.members.import_policies import require_import
from pioneer.members.judging import SKIP, Judge, Judged, letters_of
from pioneer.members.models import ColumnMemory, RosterImport, RosterImportRow
from pioneer.members.wrong_rows import wrong_rows_workbook
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import branches_under
from pioneer.workbooks.headings import FIELDS, IGNORE, normalise_heading
from pioneer.workbooks.layout import Layout, SheetLayout

State, Verdict = RosterImport.State, RosterImportRow.Verdict
CHECK = "members.check_roster"
Counts = dict[str, int]


# ------------------------------------------------------------------ upload and columns


@operation("members.upload_roster")
def upload_roster(*, actor: AnyActor, organisation_id: int, name: str, content: bytes) -> RosterImport:
    """上传花名册 Read at once, so that a file that can't be opened is refused here; kept sealed."""
    organisation = standing(organisation_id)
    require_visible(actor, organisation)
    require_import(actor, organisation)
    book = open_book(content, name)
    layout = layout_for(book, organisation)
    if not any(plan.used for plan in layout.sheets):
        reasons = "；".join(f"工作表「{plan.sheet}」：{plan.reason}" for plan in layout.sheets[:5])
        raise DomainError("no_roster", f"没有找到花名册（{reasons}）。请在文件里补上表头，写明“姓名”等各列再上传。")
    return RosterImport.objects.create(
        organisation=organisation,
        name=name.replace("\\", "/").rsplit("/", 1)[-1][-120:] or "花名册",
        content=encryption.encrypt_bytes(content),
        samples=seal_samples(book, layout),
        layout=layout.to_dict(),
        uploaded_by_number=actor.number,
        created_at=clock.now(),
    )


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """一张表的选择 Whether it is used, which field each column fills, and the branch of rows that name none."""

    used: bool
    fields: Mapping[int, str | None] = field(default_factory=dict)
    branch_id: int | None = None


@operation("members.map_columns")
def map_columns(*, actor: AnyActor, import_id: int, sheets: Sequence[SheetChoice]) -> RosterImport:
    """对应各列 One choice per sheet, in their order; remembered for the organisation. A former check is void."""
    found = locked(actor, import_id)
    require_open(found)
    layout = Layout.from_dict(found.layout)
    branches = {branch.pk: branch for branch in branches_under(found.organisation, clock.today())}
    faults: list[Fault] = []
    for plan, choice in zip(layout.sheets, sheets, strict=True):
        faults += _choose(plan, choice, branches)
    if not any(plan.used for plan in layout.sheets):
        faults.append(Fault("", "请至少选一张工作表导入。"))
    if faults:
        raise BadInput(faults)
    found.layout, found.state, found.counts, found.task = layout.to_dict(), State.UPLOADED, {}, None
    found.save(update_fields=["layout", "state", "counts", "task"])
    import_bundles.forget(found)
    _remember(found.organisation, layout)
    return found


def _choose(plan: SheetLayout, choice: SheetChoice, branches: Mapping[int, Organisation]) -> list[Fault]:
    place = f"工作表「{plan.sheet}」"
    plan.used = choice.used
    if not choice.used:
        return []
    if not plan.columns:
        return [Fault(place, "没有找到表头，不能导入。请在文件里补上一行表头（姓名、身份证号等）再上传。")]
    wanted = [(column, choice.fields.get(column.index)) for column in plan.columns]
    faults = []
    for name, label in FIELDS.items():
        letters = [column.letter for column, chosen in wanted if chosen == name]
        if len(letters) > 1:
            faults.append(Fault(place, f"{'、'.join(letters)}列都选了“{label}”，同一项只能选一列，请改正。"))
    for column, chosen in wanted:
        column.field, column.confidence = (chosen if chosen in FIELDS or chosen == IGNORE else None), 1.0
    if "name" not in plan.fields():
        faults.append(Fault(place, "请选定哪一列是“姓名”。"))
    if choice.branch_id is not None and (branch := branches.get(choice.branch_id)):
        plan.branch = branch.name
    return faults


def _remember(organisation: Organisation, layout: Layout) -> None:
    """What a person said about each heading; a sheet without a header has none."""
    said = {
        normalise_heading(column.heading)[:60]: column.field
        for plan in layout.sheets
        if plan.used and plan.header
        for column in plan.columns
        if column.field
    }
    ColumnMemory.objects.filter(organisation=organisation, heading__in=said).delete()
    ColumnMemory.objects.bulk_create(
        ColumnMemory(organisation=organisation, heading=heading, field=name)
        for heading, name in said.items()
        if heading
    )


# ------------------------------------------------------------------ checking


@operation("members.check_roster")
def check_roster(*, actor: AnyActor, import_id: int) -> RosterImport:
    """开始核对 The task does the work; a check that failed may be started again."""
    found = locked(actor, import_id)
    require_open(found)
    found.state = State.CHECKING
    found.task = tasks.start(CHECK, owner_number=actor.number, roster_import=found.pk)
    found.save(update_fields=["state", "task"])
    return found


@tasks.task_kind(CHECK)
def _check(task: Task, progress: Progress) -> dict[str, Any]:
    """The work behind the page. A check that was started again meanwhile writes nothing."""
    number = int(task.arguments["roster_import"])
    owner = User.objects.filter(pk=task.owner_number or 0).first()
    if owner is None:
        raise DomainError("no_owner", "开始核对的账号已不存在，请重新核对。")
    with bulk.without_collecting():
        return check_now(actor_of(owner), number, progress, task.pk)


def check_now(actor: AnyActor, import_id: int, progress: Progress = unused, task_id: int | None = None) -> Counts:
    """当场核对 And its result recorded. How many rows of which kind."""
    examined = examine_import(import_id, actor.number, progress)
    record_check(actor=actor, import_id=import_id, task_id=task_id, examined=examined)
    return examined.counts


def examine_import(import_id: int, actor_number: int | None, progress: Progress) -> Examined:
    """核对这次导入 Reads only."""
    found = RosterImport.objects.select_related("organisation").get(pk=import_id)
    if found.content is None:
        raise DomainError("import_over", "这次导入已经结束。")
    book = open_book(encryption.decrypt_bytes(found.content), found.name)
    return examine(found.organisation, book, Layout.from_dict(found.layout), actor_number, progress)


@operation("members.record_check")
def record_check(*, actor: AnyActor, import_id: int, examined: Examined, task_id: int | None = None) -> RosterImport:
    """记下核对结果 In one piece; sealed."""
    found = locked(actor, import_id)
    if found.state not in (State.UPLOADED, State.CHECKING) or found.task_id != task_id:
        raise DomainError("check_void", "核对期间这次导入有了变动，这一次的结果作废。请看最新的核对结果。")
    import_bundles.write(found, examined.rows)
    found.state, found.counts = State.CHECKED, {**examined.counts, "skipped": len(examined.skipped)}
    found.save(update_fields=["state", "counts"])
    return found


@operation("members.answer_row", tell=("decision",))
def answer_row(*, actor: AnyActor, import_id: int, row_id: int, decision: str) -> RosterImportRow:
    """回答一行 One of the answers offered, or "skip"; an empty one takes back what was said. Judged anew."""
    found = locked(actor, import_id)
    if found.state != State.CHECKED:
        raise DomainError("not_checked", "这次导入不在待确认状态，不能再回答。请看它目前的状态。")
    row = RosterImportRow.objects.select_for_update().filter(roster_import=found, pk=row_id).first()
    opened = next((one for _, one in import_bundles.opened(found, [row])), None) if row is not None else None
    if row is None or opened is None:
        raise NotVisible
    if decision and decision != SKIP and decision not in dict(opened.options):
        raise DomainError("no_such_answer", "这一行没有这个选项，可能刚刚已经回答过。请刷新后再选。")
    kept = decisions_of(row.decision) if decision else frozenset()
    row.decision = "+".join(sorted({*kept, decision} - {""}))
    judged = _judged_alone(found, row, opened, actor.number)
    row.verdict, row.member_id = judged.verdict, judged.known.id if judged.known else None
    row.reasons = codes_of(judged.mistakes)
    row.save()
    import_bundles.put_back(row, plain(judged))
    found.counts = {**found.counts, **import_queries.counts_of(found)}
    found.save(update_fields=["counts"])
    return row


def _judged_alone(found: RosterImport, row: RosterImportRow, opened: Opened, actor_number: int | None) -> Judged:
    """A single row, beside the others that mean the same member."""
    entry = opened.entry(row.decision)
    judge = Judge.of(found.organisation, [entry], letters_of(Layout.from_dict(found.layout)), actor_number)
    judged = judge.judge(entry)
    if judged.known is not None:
        others = RosterImportRow.objects.filter(roster_import=found, member=judged.known.id).exclude(pk=row.pk)
        other = others.filter(verdict__in=[Verdict.CHANGED, Verdict.SAME]).order_by("id").first()
        if other is not None:
            judge.met[judged.known.id] = f"工作表「{other.sheet}」第{other.row}行"
            judged = judge.judge(entry)
    return judged


# ------------------------------------------------------------------ giving up


@operation("members.discard_roster")
def discard_roster(*, actor: AnyActor, import_id: int) -> RosterImport:
    """放弃导入 Nothing was written, nothing is kept. By the clock where nobody has confirmed it for long."""
    found = locked(actor, import_id)
    if found.state == State.CONFIRMED:
        raise DomainError("import_confirmed", "这次导入已经确认，不能放弃。写错的请在党员页逐一更正。")
    if actor == CLOCK and not import_queries.is_abandoned(found):
        raise DomainError(
            "not_abandoned", f"这次导入上传还不满{import_queries.KEPT.days}天，或正在办理，由人决定去留。"
        )
    found.state = State.DISCARDED
    blank(found)
    return found


@operation("members.take_wrong_rows")
def take_wrong_rows(*, actor: AnyActor, import_id: int) -> bytes:
    """下载没有导入的行 As they stand in the file, with every reason; to be put right and uploaded again."""
    found = locked(actor, import_id)
    if found.state != State.CHECKED or found.content is None:
        raise DomainError("not_checked", "这次导入不在待确认状态，文件内容已经不再保留。请重新上传原来的文件。")
    rows = RosterImportRow.objects.filter(roster_import=found, verdict__in=[Verdict.WRONG, Verdict.ASK]).order_by("id")
    book = open_book(encryption.decrypt_bytes(found.content), found.name)
    opened = [one for _, one in import_bundles.opened(found, rows)]
    return wrong_rows_workbook(book, Layout.from_dict(found.layout), opened)
