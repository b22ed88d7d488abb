"""年度评定的写入 A settlement is asked for, worked out in the background, and written down whole or not at all."""

from datetime import date
from typing import Any

from pioneer.accounts.models import User
from pioneer.accounts.policies import CONSOLE, AnyActor
from pioneer.accounts.queries import actor_of
from pioneer.kernel import clock, tasks
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import Task
from pioneer.kernel.operations import operation
from pioneer.kernel.tasks import Progress, task_kind
from pioneer.organisations.models import Organisation
from pioneer.results import storing
from pioneer.results.cycles import Ruled, cycle_text, ruled
from pioneer.results.hindrances import hindrances
from pioneer.results.models import Settlement, SettlementRun
from pioneer.results.policies import require_settle
from pioneer.results.settlement_queries import is_working, place_to_settle, runs_of
from pioneer.results.slate import clean_slate
from pioneer.results.working import STAGES, Worked, work_out

KIND = "results.settle"
FEW = 3  # hindrances told in a refusal


@operation("results.settle_cycle")
def settle_cycle(*, actor: AnyActor, organisation_id: int, first_on: date, is_trial: bool) -> SettlementRun:
    """评定 Everybody of an organisation in the cycle that begins on the day; the work is done in the background. In
    earnest only when nothing stands in the way; a trial (试算) at any time. Asked for again by the same person while it
    is being worked on, the answer is the same run."""
    seen = place_to_settle(actor, organisation_id)
    at = Organisation.objects.select_for_update().get(pk=seen.pk)
    require_settle(actor, at)
    rules = ruled(at.district_number, first_on)
    if not is_trial:
        _require_free(at, rules)
    for run in runs_of(at, rules.cycle).filter(is_trial=is_trial, asked_by_number=actor.number):
        if is_working(run):
            return run
    task = tasks.start(KIND, owner_number=actor.number, organisation=at.pk)
    return SettlementRun.objects.create(
        organisation=at,
        first_on=rules.cycle.first_on,
        last_on=rules.cycle.last_on,
        is_trial=is_trial,
        task=task,
        asked_by_number=actor.number,
        created_at=clock.now(),
    )


def _require_free(at: Organisation, rules: Ruled) -> None:
    found = hindrances(at, rules)
    if found:
        told = "".join(one.sentence for one in found[:FEW])
        more = f"另有{len(found) - FEW}件，见评定页。" if len(found) > FEW else ""
        raise DomainError("hindered", f"还不能正式评定{cycle_text(rules.cycle)}：{told}{more}")


# ------------------------------------------------------------------ behind the page


@task_kind(KIND)
def settle_asked(task: Task, progress: Progress) -> dict[str, Any]:
    """算出并写入 On temporary tables first; then one transaction writes it down."""
    run = SettlementRun.objects.select_related("organisation").get(task=task)
    actor = _who_asked(run)
    with clean_slate() as slate:
        worked = work_out(slate, run.organisation, ruled(run.organisation.district_number, run.first_on), progress)
        made = write_settlement(actor=actor, run_id=run.pk, worked=worked)
    progress(STAGES, STAGES)
    return {"settlement": made.pk}


def _who_asked(run: SettlementRun) -> AnyActor:
    if run.asked_by_number is None:
        return CONSOLE
    owner = User.objects.filter(pk=run.asked_by_number, is_active=True).first()
    if owner is None:
        raise DomainError("no_owner", "要求评定的账号已停用，没有写入任何内容。请由别的同志重新评定。")
    return actor_of(owner)


@operation("results.write_settlement")
def write_settlement(*, actor: AnyActor, run_id: int, worked: Worked) -> Settlement:
    """写入评定 What was worked out for a run, in one transaction: the settlement, its results, and what they say
    otherwise than the ones before. A second time it finds it done."""
    run = SettlementRun.objects.select_related("organisation").get(pk=run_id)
    at = Organisation.objects.select_for_update().get(pk=run.organisation_id)
    require_settle(actor, at)
    done = Settlement.objects.filter(run=run).first()
    if done is not None:
        return done
    if not run.is_trial:
        _require_free(at, worked.ruled)
    own = Settlement.objects.filter(organisation=at, first_on=run.first_on, is_trial=run.is_trial)
    before = own.order_by("-number").first()
    made = Settlement.objects.create(
        run=run,
        organisation=at,
        district_id=at.district_number,
        first_on=run.first_on,
        last_on=run.last_on,
        is_trial=run.is_trial,
        number=before.number + 1 if before else 1,
        version=worked.ruled.version,
        versions=list(worked.ruled.numbers),
        members=worked.members,
        made_on=worked.as_of.astimezone(clock.SHANGHAI).date(),
        made_at=worked.as_of,
        by_number=actor.number,
        digest=worked.digest,
        replaces=before,
    )
    storing.put_results(worked.slate, made)
    if before is not None:
        storing.put_changes(made, before)
    return made
