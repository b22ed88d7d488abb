"""年度档案的写入 An archive is asked for, made in the background, kept as the next edition; the one before stays."""

from datetime import date
from typing import Any

from pioneer.accounts.models import User
from pioneer.accounts.policies import CONSOLE, AnyActor
from pioneer.accounts.queries import actor_of
from pioneer.archives import changes, contents, queries
from pioneer.archives.checking import check
from pioneer.archives.gathering import STAGES, Gathered, gather
from pioneer.archives.models import Archive, ArchivedMember, ArchiveRun
from pioneer.archives.notes import FACTS
from pioneer.archives.policies import require_archive
from pioneer.files import packages
from pioneer.files.kinds import ZIP
from pioneer.files.queries import open_file
from pioneer.files.services import keep_made
from pioneer.kernel import clock, tasks
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import Task
from pioneer.kernel.operations import operation
from pioneer.kernel.tasks import Progress, task_kind
from pioneer.organisations.models import Organisation
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle

KIND = "archives.make"
FEW = 3  # of what is still open, told in a refusal


@operation("archives.ask_archive")
def ask_archive(*, actor: AnyActor, branch_id: int, first_on: date, is_provisional: bool) -> ArchiveRun:
    """做年度档案 Of a branch and cycle; the work is done in the background. Whole only when nothing is open any more,
    else for the time being (暂存), and marked so. Asked for while one is being made, the answer is that run."""
    seen = queries.branch_for(actor, branch_id)
    branch = Organisation.objects.select_for_update().get(pk=seen.pk)
    require_archive(actor, branch)
    cycle = queries.cycle_for(branch, first_on)
    if not is_provisional:
        _require_finished(branch, cycle)
    if (running := queries.working_on(branch, first_on)) is not None:
        return running
    task = tasks.start(KIND, owner_number=actor.number, branch=branch.pk)
    return ArchiveRun.objects.create(
        branch=branch,
        first_on=cycle.first_on,
        last_on=cycle.last_on,
        is_provisional=is_provisional,
        task=task,
        asked_by_number=actor.number,
        created_at=clock.now(),
    )


def _require_finished(branch: Organisation, cycle: Cycle) -> None:
    found = queries.unfinished(branch, cycle)
    if found:
        said = "".join(one.sentence for one in found[:FEW])
        more = f"另有{len(found) - FEW}件，见年度档案页。" if len(found) > FEW else ""
        raise DomainError(
            "unfinished", f"{cycle_text(cycle)}的档案还不能做成正式的：{said}{more}请办完再做，或先做一份暂存的。"
        )


# ------------------------------------------------------------------ behind the page


@task_kind(KIND)
def make_asked(task: Task, progress: Progress) -> dict[str, Any]:
    """收集、做成并存下 Outside any transaction until it is kept."""
    run = ArchiveRun.objects.select_related("branch__parent").get(task=task)
    gathered = gather(run.branch, Cycle(run.first_on, run.last_on), progress)
    before = queries.editions_of(run.branch, run.first_on).first()
    if before is None or before.package_id is None or before.content_digest != contents.digest_of(gathered.facts):
        edition = before.edition + 1 if before else 1
        said = _changes(before, gathered)
        package = contents.make(gathered.facts, edition, said, gathered.attached, progress)
        _require_checks(package)
        before = write_archive(
            actor=_who_asked(run), run_id=run.pk, edition=edition, gathered=gathered, changes=said, package=package
        )
    progress(STAGES, STAGES)
    return {"archive": before.pk}


def _require_checks(package: contents.Package) -> None:
    """What cannot be checked is not kept: then the books themselves do not agree."""
    try:
        check(package.content)
    except DomainError as refusal:
        wrong = refusal.message.partition("。")[0]
        raise DomainError(
            "books_disagree",
            f"核对不上，没有存下：{wrong}。请系统管理员运行 pioneer verify 核对台账，恢复以后再做。",
        ) from None


def _changes(before: Archive | None, gathered: Gathered) -> list[str]:
    if before is None:
        return []
    if before.package is None:
        return [changes.ERASED]
    with open_file(before.package) as file:
        return changes.between(packages.read(file.read(), FACTS), gathered.facts)


def _who_asked(run: ArchiveRun) -> AnyActor:
    if run.asked_by_number is None:
        return CONSOLE
    owner = User.objects.filter(pk=run.asked_by_number, is_active=True).first()
    if owner is None:
        raise DomainError("no_owner", "要求做档案的账号已停用，没有存下任何内容。请由别的同志重新做。")
    return actor_of(owner)


@operation("archives.write_archive")
def write_archive(
    *, actor: AnyActor, run_id: int, edition: int, gathered: Gathered, changes: list[str], package: contents.Package
) -> Archive:
    """存下一版 What was made for a run, with who is named in it. Refused where another edition was quicker."""
    run = ArchiveRun.objects.get(pk=run_id)
    branch = Organisation.objects.select_for_update().get(pk=run.branch_id)
    require_archive(actor, branch)
    cycle = Cycle(run.first_on, run.last_on)
    if not run.is_provisional:
        _require_finished(branch, cycle)
    last = queries.editions_of(branch, run.first_on).first()
    if (last.edition if last else 0) != edition - 1:
        raise DomainError("made_meanwhile", "同时又做成了另一版，没有存下这一次的。请打开最新的一版，还需要时再做。")
    facts = gathered.facts
    name = f"年度档案-{branch.pk}-{run.first_on:%Y%m%d}-{edition}.zip"
    stored = keep_made(package.content, name, ZIP, actor.number)
    made = Archive.objects.create(
        branch=branch,
        first_on=run.first_on,
        last_on=run.last_on,
        edition=edition,
        is_provisional=facts["state"] == "provisional",
        members=len(facts["roster"]),
        figures=package.figures,
        unfinished=len(facts["unfinished"]),
        changes=changes,
        facts_until=date.fromisoformat(facts["facts_until"]),
        content_digest=contents.digest_of(facts),
        package=stored,
        package_digest=stored.digest,
        list_digest=package.list_digest,
        size=len(package.content),
        made_by_number=actor.number,
        made_at=clock.now(),
    )
    ArchivedMember.objects.bulk_create(ArchivedMember(archive=made, member_id=number) for number in gathered.people)
    return made
