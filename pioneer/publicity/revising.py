"""待更正的公示 Who may carry out an upheld objection, on which notices one waits for it, and what holds a notice up."""

from collections.abc import Collection

from django.db.models import Q

from pioneer.accounts.policies import Act, AnyActor, may
from pioneer.assessments import roster
from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock
from pioneer.organisations.models import Organisation
from pioneer.publicity import objection_queries, queries
from pioneer.publicity.models import Objection, Publication
from pioneer.rulebook.queries import current_rulebook


def may_carry_out(actor: AnyActor, branch: Organisation, upheld: Collection[Objection]) -> bool:
    """可否更正 Confirms for the branch, did not rule on any of them, and need not step aside."""
    if not (may(actor, Act.CONFIRM, branch) or may(actor, Act.CONFIRM_ABOVE, branch)):
        return False
    if actor.number in {row.new_by_number for row in upheld}:
        return False
    return all(must_step_aside(actor, objection_queries.member_of(row)) is None for row in upheld)


def to_revise(actor: AnyActor) -> list[Publication]:
    """待我更正的公示 Of one's own branch; from above only where the branch has nobody left who may."""
    live = queries.running(actor)
    if not live:
        return []
    upheld = Objection.objects.filter(
        Q(state__in=objection_queries.UPHELD) | Q(state=Objection.State.FINAL_REJECTED, new_value__isnull=False),
        applied_in__isnull=True,
    )
    sheets = {number for pair in upheld.values_list("line__sheet", "review__sheet") for number in pair if number}
    return [found for found in live if found.sheet_id in sheets and _is_mine(actor, found)]


def is_held_up(publication: Publication) -> bool:
    """是否办结不了 By objections under way, and not by so many that the rest goes on without the lines concerned."""
    sheet = publication.sheet
    if not objection_queries.standing_in_the_way(sheet):
        return False
    waiting = [row for row in objection_queries.objections_of(sheet) if row.state in objection_queries.WAITING]
    split = current_rulebook(sheet.branch.district_number, clock.today()).procedure.objections_split.value
    return len(waiting) <= split or any(row.line is None for row in waiting)


def is_overdue_somewhere() -> bool:
    """有无逾期的异议 Whether any objection should go to the township by now."""
    return Objection.objects.filter(state=Objection.State.OPEN, due_at__lt=clock.now()).exists()


def _is_mine(actor: AnyActor, found: Publication) -> bool:
    branch, upheld = found.sheet.branch, objection_queries.to_carry_out_on(found)
    if not upheld or not may_carry_out(actor, branch, upheld):
        return False
    return may(actor, Act.CONFIRM, branch) or not _branch_can(branch, upheld)


def _branch_can(branch: Organisation, upheld: Collection[Objection]) -> bool:
    """Whether the branch has somebody of its own who neither ruled nor must step aside."""
    ruled = {row.new_by_number for row in upheld}
    concerned = {objection_queries.member_of(row).pk for row in upheld}
    people = {grant.user_id for grant in roster.holders(branch, Act.CONFIRM)} - ruled
    kin = roster.kin_of_users(people)
    return any(not concerned & kin.get(number, {}).keys() for number in people)
