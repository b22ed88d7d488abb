"""年度评定的写入 For now one: a dry run is asked for, worked out in the background, and kept with its figures."""

from typing import Any

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock, tasks
from pioneer.kernel.errors import DomainError, bad
from pioneer.kernel.models import Task
from pioneer.kernel.operations import operation
from pioneer.kernel.tasks import Progress, task_kind
from pioneer.organisations.models import Organisation
from pioneer.results.dry_run import Question, simulate
from pioneer.results.models import DryRun
from pioneer.results.policies import require_simulate
from pioneer.results.queries import dry_runs, is_busy
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import parsed, version_for

FIRST_YEAR = 2000


@operation("results.simulate_version")
def simulate_version(*, actor: AnyActor, version_id: int, organisation_id: int, year: int) -> DryRun:
    """试算 A draft on the entries of a year, for the members of one organisation. Nobody's record is touched; asked for
    again while it runs, the answer is the same dry run."""
    seen = version_for(actor, version_id)
    version = RulebookVersion.objects.select_for_update(of=("self",)).select_related("district").get(pk=seen.pk)
    require_simulate(actor, version.district)
    if version.state != RulebookVersion.State.DRAFT:
        raise DomainError(
            "not_a_draft",
            f"第{version.number}版{version.get_state_display()}，试算只用于待采用的草案。请从草案的页面试算。",
        )
    at = Organisation.objects.filter(pk=organisation_id, path__startswith=version.district.path).first()
    if at is None:
        raise bad("组织", "请从列表中选择本区的一个组织。")
    if not FIRST_YEAR <= year <= clock.today().year:
        raise bad("年度", f"请填写{FIRST_YEAR}至{clock.today().year}之间的年份。")
    for run in dry_runs(actor, version).filter(organisation=at, year=year):
        if is_busy(run):
            return run
    task = tasks.start("results.simulate", owner_number=actor.number, version=version.pk, organisation=at.pk, year=year)
    return DryRun.objects.create(
        version=version, organisation=at, year=year, task=task, asked_by_number=actor.number, created_at=clock.now()
    )


@task_kind("results.simulate")
def work_out(task: Task, progress: Progress) -> dict[str, Any]:
    """算出 On temporary tables; the figures become the task's result."""
    asked = task.arguments
    version = RulebookVersion.objects.get(pk=asked["version"])
    at = Organisation.objects.get(pk=asked["organisation"])
    return simulate(Question(parsed(version), at, asked["year"]), progress)
