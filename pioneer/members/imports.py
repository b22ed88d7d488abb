"""花名册导入的写入 Upload, map columns, check, answer, confirm once or give up. Nothing of a file outlives its import.

The check is long work: it runs behind the pages as a task, and its result is written in one piece.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from pioneer.accounts.models import User
from pioneer.accounts.policies import CONSOLE, AnyActor
from pioneer.accounts.queries import actor_of
from pioneer.kernel import bulk, clock, encryption, tasks
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.models import Task
from pioneer.kernel.operations import operation
from pioneer.members import import_queries, import_writing
from pioneer.members.examining import Examined, Progress, examine, layout_for, open_book
from pioneer.members.import_content import Opened, decisions_of, seal, seal_samples
from pioneer.members.import_policies import require_import
from pioneer.members.judging import SKIP, Judge, Judged, letters_of
from pioneer.members.models import ColumnMemory, Member, RosterImport, RosterImportRow
from pioneer.members.wrong_rows import wrong_rows_workbook
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import branches_under
from pioneer.workbooks.headings import FIELDS, IGNORE, normalise_heading
from pioneer.workbooks.layout import Layout, SheetLayout

State, Verdict = RosterImport.State, RosterImportRow.Verdict
CHECK = "members.check_roster"


# ------------------------------------------------------------------ upload and columns


@operation("members.upload_roster")
def upload_roster(*, actor: AnyActor, organisation_id: int, name: str, content: bytes) -> RosterImport:
    """上传花名册 Read at once, so that a file that can't be opened is refused here; kept sealed."""
    organisation = _standing(organisation_id)
    _require_visible(actor, organisation)
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
    found = _locked(actor, import_id)
    _require_open(found)
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
    RosterImportRow.objects.filter(roster_import=found).delete()
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
    found = _locked(actor, import_id)
    _require_open(found)
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
    actor = actor_of(owner)
    with bulk.without_collecting():
        examined = examine_import(number, actor.number, progress)
        record_check(actor=actor, import_id=number, task_id=task.pk, examined=examined)
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
    """记下核对结果 In one piece; sealed row by row."""
    found = _locked(actor, import_id)
    if found.state not in (State.UPLOADED, State.CHECKING) or found.task_id != task_id:
        raise DomainError("check_void", "核对期间这次导入有了变动，这一次的结果作废。请看最新的核对结果。")
    RosterImportRow.objects.filter(roster_import=found).delete()
    encrypt = encryption.sealer()
    bulk.insert(
        RosterImportRow,
        ("roster_import_id", "sheet", "row", "verdict", "reasons", "content", "member_id", "decision"),
        (
            (
                *(found.pk, one.entry.row.sheet, one.entry.row.row, one.verdict, _codes(one), seal(one, encrypt)),
                *(one.known.id if one.known else None, ""),
            )
            for one in examined.rows
        ),
    )
    found.state, found.counts = State.CHECKED, {**examined.counts, "skipped": len(examined.skipped)}
    found.save(update_fields=["state", "counts"])
    return found


def _codes(judged: Judged) -> list[str]:
    return [mistake.code for mistake in judged.mistakes]


@operation("members.answer_row", tell=("decision",))
def answer_row(*, actor: AnyActor, import_id: int, row_id: int, decision: str) -> RosterImportRow:
    """回答一行 One of the answers offered, or "skip"; an empty one takes back what was said. Judged anew."""
    found = _locked(actor, import_id)
    if found.state != State.CHECKED:
        raise DomainError("not_checked", "这次导入不在待确认状态，不能再回答。请看它目前的状态。")
    row = RosterImportRow.objects.select_for_update().filter(roster_import=found, pk=row_id).first()
    if row is None or row.content is None:
        raise NotVisible
    opened = Opened(row.sheet, row.row, row.content)
    if decision and decision != SKIP and decision not in dict(opened.options):
        raise DomainError("no_such_answer", "这一行没有这个选项，可能刚刚已经回答过。请刷新后再选。")
    kept = decisions_of(row.decision) if decision else frozenset()
    row.decision = "+".join(sorted({*kept, decision} - {""}))
    judged = _judged_alone(found, row, opened, actor.number)
    row.verdict, row.member_id = judged.verdict, judged.known.id if judged.known else None
    row.reasons, row.content = _codes(judged), seal(judged)
    row.save()
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


# ------------------------------------------------------------------ confirming, giving up


@operation("members.confirm_roster")
def confirm_roster(*, actor: AnyActor, import_id: int, new: int, changed: int) -> RosterImport:
    """确认导入 Writes the new and the changed rows, all or none; `new` and `changed` are what the person has seen.

    A second confirmation finds it done and changes nothing. The rows are judged once more under lock: where the rosters
    have changed since the check, nothing is written.
    """
    found = _locked(actor, import_id)
    if found.state == State.CONFIRMED:
        return found
    if found.state != State.CHECKED:
        raise DomainError("not_checked", "这次导入还没有核对完，不能确认。请先核对。")
    if (new, changed) != (found.counts["new"], found.counts["changed"]):
        raise DomainError("counts_changed", "核对结果刚刚有了变动，与您看到的数目不同。请看过新的数目后再确认。")
    if not new and not changed:
        raise DomainError("nothing_to_write", "没有要新增或变更的行，无须确认。请改好有误的行再上传，或放弃这次导入。")
    _lock_roster(found)
    with bulk.without_collecting():
        _write(found, actor.number)
    found.state, found.confirmed_by_number, found.confirmed_at = State.CONFIRMED, actor.number, clock.now()
    _blank(found)
    return found


def _write(found: RosterImport, actor_number: int | None) -> None:
    """New members and changes; each row remembers its member and forgets its texts."""
    rows, judged = _judged_again(found, actor_number)
    fresh = [(row, one) for row, one in zip(rows, judged, strict=True) if one.known is None]
    ids = import_writing.write_new(found, [one for _, one in fresh])
    import_writing.write_changes(found, [one for one in judged if one.known is not None], actor_number)
    written = ((member, None, row[0]) for member, (row, _) in zip(ids, fresh, strict=True))
    bulk.update(RosterImportRow, ("member_id", "content"), written)


def _lock_roster(found: RosterImport) -> None:
    """The branches, then the district, then the members to be changed; as every operation of the roster locks them."""
    top = found.organisation
    branches = Organisation.objects.select_for_update().filter(path__startswith=top.path, is_branch=True)
    list(branches.order_by("pk").values_list("pk"))
    Organisation.objects.select_for_update().get(pk=top.district_number)
    changed = RosterImportRow.objects.filter(roster_import=found, verdict=Verdict.CHANGED).values("member_id")
    list(Member.objects.select_for_update().filter(pk__in=changed).order_by("pk").values_list("pk"))


Stored = tuple[int, str, int, str, Any, int | None, str]


def _judged_again(found: RosterImport, actor_number: int | None) -> tuple[list[Stored], list[Judged]]:
    """The rows to be written, judged by what stands on the rosters now."""
    stored = RosterImportRow.objects.filter(
        Q(verdict=Verdict.NEW) | Q(verdict=Verdict.CHANGED), roster_import=found, content__isnull=False
    )
    columns = ("id", "sheet", "row", "verdict", "content", "member_id", "decision")
    rows: list[Stored] = list(stored.order_by("id").values_list(*columns))
    opened = [Opened(row[1], row[2], row[4]) for row in rows]
    entries = [one.entry(row[6]) for one, row in zip(opened, rows, strict=True)]
    judge = Judge.of(found.organisation, entries, letters_of(Layout.from_dict(found.layout)), actor_number)
    judged = [judge.judge(entry) for entry in entries]
    moved = [
        row
        for row, before, now in zip(rows, opened, judged, strict=True)
        if (row[3], row[5]) != (now.verdict, now.known.id if now.known else None)
        or before.changes != (now.difference.changes if now.difference else [])
    ]
    if moved:
        first = f"工作表「{moved[0][1]}」第{moved[0][2]}行"
        raise DomainError(
            "roster_changed",
            f"核对之后花名册有了变动，{first}等{len(moved)}行的结论已经不同，没有写入任何内容。请点“重新核对”后再确认。",
        )
    return rows, judged


@operation("members.discard_roster")
def discard_roster(*, actor: AnyActor, import_id: int) -> RosterImport:
    """放弃导入 Nothing was written, nothing is kept."""
    found = _locked(actor, import_id)
    if found.state == State.CONFIRMED:
        raise DomainError("import_confirmed", "这次导入已经确认，不能放弃。写错的请在党员页逐一更正。")
    found.state = State.DISCARDED
    RosterImportRow.objects.filter(roster_import=found).delete()
    _blank(found)
    return found


@operation("members.take_wrong_rows")
def take_wrong_rows(*, actor: AnyActor, import_id: int) -> bytes:
    """下载没有导入的行 As they stand in the file, with every reason; to be put right and uploaded again."""
    found = _locked(actor, import_id)
    if found.state != State.CHECKED or found.content is None:
        raise DomainError("not_checked", "这次导入不在待确认状态，文件内容已经不再保留。请重新上传原来的文件。")
    rows = RosterImportRow.objects.filter(roster_import=found, verdict__in=[Verdict.WRONG, Verdict.ASK]).order_by("id")
    book = open_book(encryption.decrypt_bytes(found.content), found.name)
    opened = [Opened(row.sheet, row.row, row.content) for row in rows if row.content is not None]
    return wrong_rows_workbook(book, Layout.from_dict(found.layout), opened)


# ------------------------------------------------------------------ plain functions


def _standing(organisation_id: int) -> Organisation:
    found = Organisation.objects.filter(pk=organisation_id, closed_on__isnull=True).first()
    if found is None:
        raise NotVisible
    return found


def _require_visible(actor: AnyActor, organisation: Organisation) -> None:
    if actor != CONSOLE and not any(organisation.path.startswith(held.path) for held in actor.grants):
        raise NotVisible


def _locked(actor: AnyActor, import_id: int) -> RosterImport:
    """The import, visible and locked, with its organisation."""
    found = (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("organisation", "task")
        .filter(pk=import_id)
        .first()
    )
    if found is None:
        raise NotVisible
    _require_visible(actor, found.organisation)
    require_import(actor, found.organisation)
    return found


def _require_open(found: RosterImport) -> None:
    if found.state in (State.CONFIRMED, State.DISCARDED):
        raise DomainError("import_over", "这次导入已经结束。要再导入，请重新上传文件。")
    if import_queries.is_busy(found):
        raise DomainError("checking", "正在核对，请等它完成。页面可以离开，稍后再回来看。")


def _blank(found: RosterImport) -> None:
    """Nothing that the file said is kept any longer."""
    found.content = found.samples = None
    found.layout = {}
    found.save()
    RosterImportRow.objects.filter(roster_import=found, content__isnull=False).update(content=None)
