"""考评名单 Who stands on a sheet, who is related to whom, and who could be its second person. Reads only."""

import calendar as months
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from pioneer.accounts.models import Grant, Role
from pioneer.accounts.policies import TABLE, Act, AnyActor
from pioneer.assessments.models import Sheet
from pioneer.assessments.policies import Candidate
from pioneer.conduct.models import DeclaredRelation, ZeroingCase
from pioneer.conduct.queries import zeroings_in_force
from pioneer.kernel import clock
from pioneer.members import queries as members
from pioneer.members.closing import closed_on
from pioneer.members.models import Member, Membership
from pioneer.members.queries import RosterEntry
from pioneer.organisations.models import Organisation
from pioneer.scoring import Cycle

SELF = "本人"


def last_day(year: int, month: int) -> date:
    """月末"""
    return date(year, month, months.monthrange(year, month)[1])


def title_of(sheet: Sheet) -> str:
    """表名 As it is called in sentences: its month, or up to when it takes over."""
    if sheet.taken_over_on is not None:
        on = sheet.taken_over_on
        return f"结转表（至{on.year}年{on.month}月{on.day}日）"
    extra = f"补充{sheet.sequence}" if sheet.sequence else ""
    return f"{sheet.year}年{sheet.month}月考评表{extra}"


def day_of(sheet: Sheet) -> date:
    """名单日 The day whose branch assesses the month: its last, or today while the month still runs."""
    return min(last_day(sheet.year, sheet.month), clock.today())


def roster(sheet: Sheet, *, unpublished: bool = True) -> list[RosterEntry]:
    """名单 The members of the branch on the sheet's day, in roster order. Four queries.

    From an unpublished sheet a deceased member is gone the same day; a published one keeps who stood on it.
    """
    return members.roster(sheet.branch, day_of(sheet), unpublished=unpublished)


def zeroed_in(cycle: Cycle, member_ids: Collection[int]) -> dict[int, ZeroingCase]:
    """周期内已清零的 Members whose cycle an approved zeroing has closed."""
    cases = zeroings_in_force(member_ids, cycle.first_on, cycle.last_on)
    return {case.member_id: case for case in reversed(cases)}


def names_near(branch: Organisation) -> list[str]:
    """附近党员的姓名 Names that must not appear in somebody else's public wording: the branch's and its neighbours'."""
    above = branch.path[: branch.path.rstrip("/").rfind("/") + 1] if not branch.is_community else branch.path
    here = Membership.objects.filter(until_on__isnull=True, branch__path__startswith=above).values("member_id")
    return list(Member.objects.filter(pk__in=here).order_by().values_list("name", flat=True))


# ------------------------------------------------------------------ relations and roles


def kin_of(actor: AnyActor) -> dict[int, str]:
    """须回避的党员 The members the actor may not rule on: itself and its declared relatives, with the relation."""
    return kin_of_users([actor.number]).get(actor.number, {}) if actor.number is not None else {}


def kin_of_users(numbers: Iterable[int]) -> dict[int, dict[int, str]]:
    """各人须回避的党员 The same for several accounts. Two queries."""
    own = dict(Member.objects.filter(user__in=list(numbers)).order_by().values_list("pk", "user_id"))
    found: dict[int, dict[int, str]] = {user: {member: SELF} for member, user in own.items() if user is not None}
    relations = DeclaredRelation.objects.filter(Q(member__in=own) | Q(relative__in=own), withdrawn_at__isnull=True)
    for one, other, kind in relations.values_list("member_id", "relative_id", "kind"):
        for mine, theirs in ((one, other), (other, one)):
            if (user := own.get(mine)) is not None:
                found[user].setdefault(theirs, kind)
    return found


def holders(branch: Organisation, *acts: Act) -> QuerySet[Grant]:
    """任职的人 Grants held today, at the branch or above it, that carry one of the acts there."""
    roles = {role for act in acts for role in TABLE[act]}
    chain = [int(number) for number in branch.path.strip("/").split("/")]
    found = Grant.objects.filter(
        members.covering(clock.today()),
        ended_at__isnull=True,
        role__in=roles,
        organisation__in=chain,
        user__is_active=True,
    ).select_related("user", "organisation")
    return found.order_by("organisation__path", "from_on", "id")


def all_step_aside(branch: Organisation, member_id: int) -> bool:
    """均须回避 Whether everybody of the branch who evaluates is this member or a declared relative of it."""
    evaluators = {grant.user_id for grant in holders(branch, Act.EVALUATE)}
    kin = kin_of_users(evaluators)
    return all(member_id in kin.get(number, {}) for number in evaluators)


@dataclass(frozen=True, slots=True)
class Recusal:
    """须回避的一人 A member the actor may not evaluate: why, and who may."""

    member_id: int
    relation: str
    others: str

    @property
    def is_self(self) -> bool:
        return self.relation == SELF


def recusals(actor: AnyActor, branch: Organisation, member_ids: Collection[int]) -> list[Recusal]:
    """本人须回避的党员 Of these members, with who else evaluates them: of the branch, else of the level above. Five
    queries, or two where there is nobody to step aside for."""
    kin = {member: kind for member, kind in kin_of(actor).items() if member in member_ids}
    if not kin:
        return []
    grants = sorted(holders(branch, Act.EVALUATE, Act.CONFIRM_ABOVE), key=lambda grant: -len(grant.organisation.path))
    theirs = kin_of_users({grant.user_id for grant in grants})
    found = []
    for member, kind in kin.items():
        free = [grant for grant in grants if member not in theirs.get(grant.user_id, {})]
        inside = [grant for grant in free if Role(grant.role) in TABLE[Act.EVALUATE]]
        found.append(Recusal(member, kind, "、".join(dict.fromkeys(_shown(grant) for grant in inside or free))))
    return found


def _shown(grant: Grant) -> str:
    role = Role(grant.role)
    if role in OFFICERS:
        return f"{grant.organisation.name}的{grant.user.name}"
    return f"{grant.user.name}（{role.label}）"


def candidates(sheet: Sheet) -> list[tuple[Candidate, ...]]:
    """能作第二人的 Of the branch, of the community, of the township; each with whom it must step aside for."""
    grants = list(holders(sheet.branch, Act.CONFIRM, Act.CONFIRM_ABOVE))
    kin = kin_of_users({grant.user_id for grant in grants})
    levels: tuple[dict[int, Candidate], ...] = ({}, {}, {})
    for grant in grants:
        role, number = Role(grant.role), grant.user_id
        level = 0 if role in TABLE[Act.CONFIRM] else 1 + OFFICERS.index(role)
        person = Candidate(
            number=number,
            name=grant.user.name,
            role=role,
            organisation=grant.organisation.name,
            is_submitter=number == sheet.submitted_by_number,
            recused_from=frozenset(kin.get(number, {})),
        )
        levels[level].setdefault(number, person)
    return [tuple(level.values()) for level in levels]


OFFICERS = (Role.COMMUNITY_OFFICER, Role.TOWNSHIP_OFFICER)


def filed_for(sheet: Sheet, member_ids: Collection[int]) -> dict[int, str]:
    """本周期已备案的 Members of the sheet whose result of its cycle was filed, with the reason as a sentence."""
    filed = closed_on(member_ids, last_day(sheet.year, sheet.month))
    return {
        member_id: f"本周期的结果已经备案（{cycle.filing_number}），不再加分或扣分"
        for member_id, cycle in filed.items()
    }
