"""帮教提醒 Who has to do with what is late or near its end is told so: one message for all of it, and no more often
than the rulebook lets; without a word of it nobody is reminded."""

from collections import defaultdict
from datetime import timedelta

from pioneer.accounts.models import Role, User
from pioneer.accounts.policies import Act, AnyActor
from pioneer.assessments.roster import holders
from pioneer.followups import policies
from pioneer.followups.models import FollowUp, FollowUpReminder
from pioneer.followups.policies import State
from pioneer.followups.queries import lateness_of, procedure_of
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.operations import operation
from pioneer.members.queries import branches_on, deceased_among
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation

LEADS = (Role.SECRETARY, Role.DEPUTY_SECRETARY)


def to_remind() -> dict[int, int]:
    """待提醒的 By account, of how many follow-ups; without who was reminded not long ago."""
    spans: dict[int, int] = {}
    leads: dict[int, list[int]] = {}
    things: dict[int, int] = defaultdict(int)
    waits: dict[int, int] = {}
    running = FollowUp.objects.exclude(state=State.CLOSED).select_related("member", "assigned", "helper")
    rows = _living(list(running.order_by("pk")))
    here = branches_on([one.member_id for one in rows], clock.today())
    for found in rows:
        district = found.member.district_id
        if district not in spans:
            steps = procedure_of(district)
            spans[district] = steps.follow_reminder.value if steps and steps.follow_reminder else 0
        late = lateness_of(found, spans[district]) if spans[district] else []
        if not late:
            continue
        branch = here.get(found.member_id, found.branch_id)
        if branch not in leads:
            leads[branch] = _leads(branch)
        ends = any(one.on == found.due_on for one in late)
        for number in _concerned(found, leads[branch], ends):
            things[number] += 1
            waits[number] = max(waits.get(number, 0), spans[district])
    return {number: count for number, count in things.items() if not _lately(number, waits[number])}


@operation("followups.remind_person")
def remind_person(*, actor: AnyActor, user_id: int) -> FollowUpReminder:
    """提醒 By the clock, of everything at once."""
    policies.require_clock(actor, "followups.remind_person")
    if not User.objects.select_for_update().filter(pk=user_id).exists():
        raise NotVisible
    count = to_remind().get(user_id)
    if not count:
        raise DomainError("not_due", "没有要提醒的帮教，或不久以前提醒过。")
    today = clock.today()
    text = "有谈话、走访或期限已到，请打开查看并办理。"
    tell(user_id, "followups.remind", str(today), f"帮教有{count}件要办", text, "/followups/")
    return FollowUpReminder.objects.create(user_number=user_id, on=today, things=count)


def _living(rows: list[FollowUp]) -> list[FollowUp]:
    dead = deceased_among([one.member_id for one in rows], clock.today())
    return [one for one in rows if one.member_id not in dead]


def _leads(branch_id: int) -> list[int]:
    grants = holders(Organisation.objects.get(pk=branch_id), Act.FOLLOW_UP)
    return [one.user_id for one in grants if one.organisation_id == branch_id and Role(one.role) in LEADS]


def _concerned(found: FollowUp, leads: list[int], ends: bool) -> set[int]:
    """Who talks before the talk, both while it runs; the branch's leads where there is nobody with an account, and when
    the end comes near."""
    people = [found.assigned] if found.state == State.ASSIGNED else []
    people = [found.assigned, found.helper] if found.state == State.PLANNED else people
    numbers = {one.user_id for one in people if one is not None and one.user_id is not None}
    if not numbers or found.state == State.DECIDED or ends:
        numbers |= set(leads)
    return numbers - {found.member.user_id}


def _lately(user_number: int, days: int) -> bool:
    since = clock.today() - timedelta(days=days)
    return FollowUpReminder.objects.filter(user_number=user_number, on__gt=since).exists()
