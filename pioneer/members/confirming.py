"""确认导入 A checked roster is written, once: ordered on the page, done behind it, in one transaction.

What takes long is done before anything is locked: every row to be written is judged once more. Under lock it is only
asked whether anything has happened since; where it has, the rows are judged again.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import Max

from pioneer.accounts.models import User
from pioneer.accounts.policies import AnyActor
from pioneer.accounts.queries import actor_of
from pioneer.kernel import bulk, clock, tasks
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import AuditEvent, Task
from pioneer.kernel.operations import operation
from pioneer.members import import_bundles, import_writing
from pioneer.members.examining import Progress, unused
from pioneer.members.import_access import blank, locked
from pioneer.members.import_content import NOTHING, Opened
from pioneer.members.judging import Judge, Judged, letters_of
from pioneer.members.models import Member, RosterImport, RosterImportRow
from pioneer.organisations.models import Organisation
from pioneer.workbooks.layout import Layout

State, Verdict = RosterImport.State, RosterImportRow.Verdict
CONFIRM = "members.confirm_roster"
_LATE = 10_000  # audit rows that may be numbered while one that got its number before them is not yet committed
_STEP = 2_000


# ------------------------------------------------------------------ before the lock


@dataclass(frozen=True, slots=True)
class Moment:
    """时刻 What the audit held: every write of the program leaves a row there, in the same transaction."""

    floor: int
    count: int
    today: date

    @classmethod
    def now(cls, floor: int | None = None) -> "Moment":
        """此刻 Rows above a floor well below the last one are counted, so that one that commits late counts too."""
        if floor is None:
            floor = (AuditEvent.objects.aggregate(last=Max("pk"))["last"] or 0) - _LATE
        return cls(floor, AuditEvent.objects.filter(pk__gt=floor, refused="").count(), clock.today())

    @property
    def is_over(self) -> bool:
        """是否有变动 Whether anything at all has been written since."""
        return Moment.now(self.floor) != self


@dataclass(slots=True)
class Prepared:
    """备好的行 The rows to be written as judged now, when, and where the first conclusions are no longer the same."""

    moment: Moment
    judged: list[Judged] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


def prepare_import(import_id: int, actor_number: int | None, progress: Progress = unused) -> Prepared:
    """准备写入 Reads only."""
    found = RosterImport.objects.select_related("organisation").get(pk=import_id)
    if found.state not in (State.CHECKED, State.CONFIRMING):
        raise DomainError("not_checked", "这次导入不在待确认状态，不能确认。请看它目前的状态。")
    return _prepared(found, actor_number, progress)


def _prepared(found: RosterImport, actor_number: int | None, progress: Progress = unused) -> Prepared:
    """Judged by what stands on the rosters now."""
    prepared = Prepared(Moment.now())
    rows = RosterImportRow.objects.filter(roster_import=found, verdict__in=[Verdict.NEW, Verdict.CHANGED])
    stored: list[Stored] = list(rows.order_by("place").values_list(*_STORED))
    total = 2 * len(stored)
    progress(0, total)
    opened = _opened(found, stored)
    entries = [one.entry(row[5]) for row, one in zip(stored, opened, strict=True)]
    judge = Judge.of(found.organisation, entries, letters_of(Layout.from_dict(found.layout)), actor_number)
    for done, (row, before, entry) in enumerate(zip(stored, opened, entries, strict=True), start=1):
        now = judge.judge(entry)
        prepared.judged.append(now)
        if _has_moved(row, before, now):
            prepared.moved.append(f"工作表「{row[1]}」第{row[2]}行")
        if done % _STEP == 0:
            progress(total // 2 + done, total)
    progress(total, total)
    return prepared


_STORED = ("place", "sheet", "row", "verdict", "member_id", "decision")
Stored = tuple[int, str, int, str, int | None, str]


def _opened(found: RosterImport, stored: list[Stored]) -> list[Opened]:
    """In their order; one that was erased since says nothing any more, and so means something else."""
    plains = list(chain.from_iterable(import_bundles.plains_of(found)))
    return [Opened(row[1], row[2], plains[row[0]] or NOTHING) for row in stored]


def _has_moved(row: Stored, before: Opened, now: Judged) -> bool:
    """Whether the conclusion of the check no longer holds."""
    _, _, _, verdict, member, _ = row
    changes = now.difference.changes if now.difference else []
    return (verdict, member) != (now.verdict, now.known.id if now.known else None) or before.changes != changes


# ------------------------------------------------------------------ ordering it


@operation("members.begin_confirmation")
def begin_confirmation(*, actor: AnyActor, import_id: int, new: int, changed: int) -> RosterImport:
    """开始写入 The task does the work; `new` and `changed` are what the person has seen. A second time changes nothing;
    one that came to nothing may be begun again."""
    found = locked(actor, import_id)
    if found.state in (State.CONFIRMED, State.CONFIRMING):
        return found
    _require_confirmable(found, new, changed)
    found.state = State.CONFIRMING
    found.task = tasks.start(CONFIRM, owner_number=actor.number, roster_import=found.pk, new=new, changed=changed)
    found.save(update_fields=["state", "task"])
    return found


def _require_confirmable(found: RosterImport, new: int, changed: int) -> None:
    if found.state not in (State.CHECKED, State.CONFIRMING):
        raise DomainError("not_checked", "这次导入还没有核对完，不能确认。请先核对。")
    if (new, changed) != (found.counts["new"], found.counts["changed"]):
        raise DomainError("counts_changed", "核对结果刚刚有了变动，与您看到的数目不同。请看过新的数目后再确认。")
    if not new and not changed:
        raise DomainError("nothing_to_write", "没有要新增或变更的行，无须确认。请改好有误的行再上传，或放弃这次导入。")


@tasks.task_kind(CONFIRM)
def _confirm(task: Task, progress: Progress) -> dict[str, Any]:
    """The work behind the page. Where the import was confirmed or given up meanwhile, it writes nothing."""
    number, new, changed = (int(task.arguments[name]) for name in ("roster_import", "new", "changed"))
    owner = User.objects.filter(pk=task.owner_number or 0).first()
    if owner is None:
        raise DomainError("no_owner", "确认导入的账号已不存在，没有写入任何内容。请由别的同志重新确认。")
    with bulk.without_collecting():
        confirm_now(actor_of(owner), number, (new, changed), progress, task.pk)
    return {"new": new, "changed": changed}


def confirm_now(
    actor: AnyActor,
    import_id: int,
    seen: tuple[int, int],
    progress: Progress = unused,
    task_id: int | None = None,
) -> RosterImport:
    """当场写入 `seen`: how many new and changed rows the person has seen."""
    prepared = prepare_import(import_id, actor.number, progress)
    return confirm_roster(
        actor=actor, import_id=import_id, new=seen[0], changed=seen[1], prepared=prepared, task_id=task_id
    )


# ------------------------------------------------------------------ under lock


@operation("members.confirm_roster")
def confirm_roster(
    *,
    actor: AnyActor,
    import_id: int,
    new: int,
    changed: int,
    prepared: Prepared | None = None,
    task_id: int | None = None,
) -> RosterImport:
    """确认导入 Writes the new and the changed rows, all or none; `new` and `changed` are what the person has seen.

    A second confirmation finds it done and changes nothing. Where the rosters have changed since the check, nothing is
    written.
    """
    found = locked(actor, import_id)
    if found.state == State.CONFIRMED:
        return found
    if found.state == State.CONFIRMING and task_id is None:
        raise DomainError("confirming", "已经确认，正在写入，请等它完成。页面可以离开，稍后再回来看。")
    if task_id not in (None, found.task_id):
        raise DomainError("confirmation_void", "这次导入后来又有了变动，这一次确认作废。请看它目前的状态。")
    _require_confirmable(found, new, changed)
    _lock_roster(found)
    with bulk.without_collecting():
        if prepared is None or prepared.moment.is_over:
            prepared = _prepared(found, actor.number)
        if prepared.moved:
            raise _changed(prepared.moved[0], len(prepared.moved))
        import_writing.write_new(found, [one for one in prepared.judged if one.known is None])
        import_writing.write_changes(found, [one for one in prepared.judged if one.known is not None], actor.number)
    found.state, found.confirmed_by_number, found.confirmed_at = State.CONFIRMED, actor.number, clock.now()
    blank(found)
    return found


def _lock_roster(found: RosterImport) -> None:
    """The branches, then the district, then the members to be changed; as every operation of the roster locks them."""
    top = found.organisation
    branches = Organisation.objects.select_for_update().filter(path__startswith=top.path, is_branch=True)
    list(branches.order_by("pk").values_list("pk"))
    Organisation.objects.select_for_update().get(pk=top.district_number)
    changed = RosterImportRow.objects.filter(roster_import=found, verdict=Verdict.CHANGED).values("member_id")
    list(Member.objects.select_for_update().filter(pk__in=changed).order_by("pk").values_list("pk"))


def _changed(first: str, count: int) -> DomainError:
    return DomainError(
        "roster_changed",
        f"核对之后花名册有了变动，{first}等{count}行的结论已经不同，没有写入任何内容。请点“重新核对”后再确认。",
    )
