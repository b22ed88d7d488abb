"""跟进的读取 Whom a result calls to be encouraged or followed up, what is on record, what is late; as far as each actor
sees it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.assessments.queries import names_of
from pioneer.followups.models import Encouragement, Entry, FollowUp, Reply
from pioneer.followups.policies import State
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.members import queries as members
from pioneer.members.models import GONE, Member
from pioneer.members.queries import RosterEntry
from pioneer.organisations.models import Organisation
from pioneer.results.models import Announcement, Told
from pioneer.rulebook.queries import current_rulebook, parsed
from pioneer.scoring.model import Procedure, Tier

ENCOURAGE, HELP = "encourage", "help"
STATES = [(str(code), str(label)) for code, label in State.choices]
OUTCOMES = [(str(code), str(label)) for code, label in FollowUp.Outcome.choices if code != FollowUp.Outcome.ENDED]
NEXT = {
    State.OPENED: "确定由谁谈话",
    State.ASSIGNED: "谈话，并登记谈话记录",
    State.TALKED: "确定帮带人",
    State.PAIRED: "定帮教计划和期限",
    State.PLANNED: "按计划走访；到期以前作出结论",
    State.DECIDED: "由另一位同志确认结论",
    State.CLOSED: "",
}


def day(on: date | None) -> str:
    """日期的写法"""
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


# ------------------------------------------------------------------ what a result calls for


def latest_told(member_ids: Collection[int], first_on: date) -> dict[int, Told]:
    """最近一次通报 Of each of these members the result of the cycle as it was last announced, by member. One query."""
    found = Told.objects.filter(
        announcement__first_on=first_on, announcement__held_on__lte=clock.today(), result__member__in=member_ids
    )
    found = found.select_related("announcement", "result__settlement__version", "result__member")
    return {one.result.member_id: one for one in found.order_by("announcement_id", "pk")}


def tier_of(told: Told) -> Tier | None:
    """通报的等次 As the rulebook of the cycle's last day names it; None where none was given."""
    return parsed(told.result.settlement.version).tier(told.result.tier) if told.result.tier else None


def follow_of(told: Told) -> str:
    """后续 Which proceeding the tier calls for, or nothing."""
    tier = tier_of(told)
    return (tier.follow or "") if tier else ""


def cycles_of(branch: Organisation) -> list[tuple[date, date]]:
    """通报过的周期 Of whoever is on the branch's roster today, the latest first. Two queries."""
    here = [one.id for one in members.roster(branch, clock.today())]
    held = Announcement.objects.filter(told__result__member__in=here, held_on__lte=clock.today())
    return list(held.order_by("-first_on").values_list("first_on", "last_on").distinct())


def procedure_of(district_id: int) -> Procedure | None:
    """程序参数 Of today; None where no rulebook holds."""
    try:
        return current_rulebook(district_id, clock.today()).procedure
    except DomainError:
        return None


@dataclass(frozen=True, slots=True)
class Called:
    """一名应跟进的党员 On the roster today, with the result as announced and what is on record for it."""

    person: RosterEntry
    told: Told
    follow_up: FollowUp | None = None
    encouragement: Encouragement | None = None


def called(branch: Organisation, first_on: date, follow: str) -> list[Called]:
    """应跟进的党员 Of the branch as it is today, in the order of its roster. Some ten queries, however many."""
    here = members.roster(branch, clock.today())
    ids = [one.id for one in here]
    told = {number: one for number, one in latest_told(ids, first_on).items() if follow_of(one) == follow}
    cases = {one.member_id: one for one in _described(FollowUp.objects.filter(member__in=told, first_on=first_on))}
    hopes = Encouragement.objects.filter(member__in=told, first_on=first_on).order_by("number")
    said = {one.member_id: one for one in hopes}
    return [Called(one, told[one.id], cases.get(one.id), said.get(one.id)) for one in here if one.id in told]


# ------------------------------------------------------------------ who sees what


def _described(found: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return found.select_related("member", "branch", "assigned", "helper", "told__result__settlement__version")


def _members_of(actor: AnyActor) -> Q:
    """Whose branch of today, or last one, lies where the actor follows up or oversees."""
    subtrees = sorted({*paths(actor, Act.FOLLOW_UP), *paths(actor, Act.OVERSEE_FOLLOW_UPS)})
    return Q(member__in=members.last_within(subtrees)) if subtrees else Q(pk__in=[])


def visible_to(actor: AnyActor) -> QuerySet[FollowUp]:
    """看得到的帮教 The branch of today and above it, the member; who talks and who helps as long as it runs."""
    seen = _members_of(actor)
    if actor.number is not None:
        seen |= Q(member__user=actor.number)
        seen |= (Q(assigned__user=actor.number) | Q(helper__user=actor.number)) & ~Q(state=State.CLOSED)
    return _described(FollowUp.objects.filter(seen))


def follow_up_for(actor: AnyActor, follow_up_id: int) -> FollowUp:
    """取一件帮教 NotVisible where the actor may not see it."""
    found = visible_to(actor).filter(pk=follow_up_id).first()
    if found is None:
        raise NotVisible
    return found


def encouragements_visible_to(actor: AnyActor) -> QuerySet[Encouragement]:
    """看得到的勉励"""
    seen = _members_of(actor)
    if actor.number is not None:
        seen |= Q(member__user=actor.number)
    return Encouragement.objects.filter(seen).select_related("member", "branch")


def encouragement_for(actor: AnyActor, encouragement_id: int) -> Encouragement:
    """取一份勉励 NotVisible where the actor may not see it."""
    found = encouragements_visible_to(actor).filter(pk=encouragement_id).first()
    if found is None:
        raise NotVisible
    return found


def branch_now(found: FollowUp) -> Organisation | None:
    """现在由哪个支部帮教 The member's branch of today, or its last one."""
    return members.branch_on(found.member, clock.today()) or members.last_branch(found.member)


def cases_of(actor: AnyActor, branch: Organisation, first_on: date) -> list[FollowUp]:
    """一个支部的帮教 Of whoever belongs to it today, or belonged to it last, in the order of the roster."""
    found = visible_to(actor).filter(first_on=first_on, member__in=members.last_within([branch.path]))
    return list(found.order_by("member__position", "pk"))


def entry_for(actor: AnyActor, entry_id: int) -> Entry:
    """取一条记录 NotVisible where the actor sees nothing of its follow-up."""
    found = Entry.objects.select_related("follow_up__member", "follow_up__branch", "person").filter(pk=entry_id).first()
    if found is None or not visible_to(actor).filter(pk=found.follow_up_id).exists():
        raise NotVisible
    return found


def branches_for(actor: AnyActor, *acts: Act) -> QuerySet[Organisation]:
    """可跟进或查看的支部 That stand today."""
    inside = Q(pk__in=[])
    for act in acts or (Act.FOLLOW_UP, Act.OVERSEE_FOLLOW_UPS):
        for path in paths(actor, act):
            inside |= Q(path__startswith=path)
    found = Organisation.objects.filter(inside, is_branch=True, closed_on__isnull=True)
    return found.select_related("parent__parent").order_by("path")


def branch_for(actor: AnyActor, branch_id: int) -> Organisation:
    """取一个支部 NotVisible where the actor neither follows up nor oversees."""
    found = branches_for(actor).filter(pk=branch_id).first()
    if found is None:
        raise NotVisible
    return found


# ------------------------------------------------------------------ what is late


@dataclass(frozen=True, slots=True)
class Lateness:
    """逾期的事 `urgent`: its day is over; otherwise it comes near."""

    text: str
    on: date
    urgent: bool


def lateness_of(found: FollowUp, near: int = 0) -> list[Lateness]:
    """逾期和临近 What of a follow-up is late, or due within `near` days."""
    today, said = clock.today(), []
    if found.state in (State.OPENED, State.ASSIGNED) and found.talk_due_on and found.talk_due_on < today:
        said.append(Lateness(f"谈话应在{day(found.talk_due_on)}以前进行，已逾期", found.talk_due_on, True))
    if found.state == State.PLANNED and found.visit_due_on and found.visit_due_on < today:
        said.append(Lateness(f"应在{day(found.visit_due_on)}以前走访，已逾期", found.visit_due_on, True))
    if found.state in (State.PLANNED, State.DECIDED) and found.due_on:
        if found.due_on < today:
            said.append(Lateness(f"帮教期限{day(found.due_on)}已过，还没有结论", found.due_on, True))
        elif found.due_on <= today + timedelta(days=near):
            said.append(Lateness(f"帮教期限{day(found.due_on)}将到", found.due_on, False))
    return said


def late() -> Q:
    """逾期的 The same as a condition on follow-ups."""
    today = clock.today()
    return (
        Q(state__in=(State.OPENED, State.ASSIGNED), talk_due_on__lt=today)
        | Q(state=State.PLANNED, visit_due_on__lt=today)
        | Q(state__in=(State.PLANNED, State.DECIDED), due_on__lt=today)
    )


def near_days(district_id: int) -> int:
    """临近几天 As far ahead as a person is reminded."""
    steps = procedure_of(district_id)
    return steps.follow_reminder.value if steps and steps.follow_reminder else 0


def is_gone(member: Member) -> bool:
    """是否已离开 Deceased, left, removed or transferred outside."""
    return members.status_on(member, clock.today()) in GONE


# ------------------------------------------------------------------ what the pages show


@dataclass(slots=True)
class Shown:
    """一条记录的显示 With who entered it, what it was corrected by, and what the member says to it."""

    entry: Entry
    by: str
    corrected_by: Entry | None
    replies: list[Reply] = field(default_factory=list)


def entries_of(found: FollowUp) -> list[Shown]:
    """帮教记录 In order. Three queries."""
    rows = list(found.entries.select_related("person", "branch", "corrects").prefetch_related("replies"))
    names = names_of({one.by_number for one in rows})
    later = {one.corrects_id: one for one in rows if one.corrects_id is not None}
    return [Shown(one, names.get(one.by_number or 0, ""), later.get(one.pk), list(one.replies.all())) for one in rows]


def standing(found: FollowUp) -> list[Entry]:
    """仍然有效的记录 Without those a further entry has corrected."""
    return list(found.entries.filter(corrected_by__isnull=True).select_related("person").order_by("on", "number"))


@dataclass(frozen=True, slots=True)
class Person:
    """可选的人"""

    number: int
    name: str


def people_for(found: FollowUp, aside: Iterable[int]) -> list[Person]:
    """可以谈话或帮带的党员 Full members of the branch of today, without the member and its declared relatives."""
    out = {found.member_id, *aside}
    here = members.roster(found.branch, clock.today())
    return [
        Person(one.id, f"{one.name}（{one.hint}）" if one.hint else one.name)
        for one in here
        if one.id not in out and one.status == "full"
    ]


def own(user_number: int | None) -> tuple[list[FollowUp], list[Encouragement]]:
    """本人的帮教和勉励 The latest cycle first; of what was said again only the latest."""
    if user_number is None:
        return [], []
    cases = list(_described(FollowUp.objects.filter(member__user=user_number)))
    hopes: dict[date, Encouragement] = {}
    for one in Encouragement.objects.filter(member__user=user_number).select_related("branch").order_by("number"):
        hopes[one.first_on] = one
    return cases, [hopes[first] for first in sorted(hopes, reverse=True)]


def entrusted_to(user_number: int | None) -> list[FollowUp]:
    """托付给我的帮教 Where this person is to talk or helps, and it runs."""
    if user_number is None:
        return []
    mine = Q(assigned__user=user_number, state__in=(State.ASSIGNED, State.PLANNED)) | Q(
        helper__user=user_number, state=State.PLANNED
    )
    return list(_described(FollowUp.objects.filter(mine)).order_by("pk"))
