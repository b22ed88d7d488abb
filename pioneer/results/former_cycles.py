"""前几周期 What is on record of the cycles before one: each filed result in an unbroken line backwards, and who has
none although it belonged to the Party here before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from pioneer.members.models import Membership
from pioneer.organisations.models import Organisation
from pioneer.results.cycles import Ruled
from pioneer.results.models import FormerResult
from pioneer.results.rules import Rules
from pioneer.scoring import Cycle, Rulebook
from pioneer.scoring import Member as Scored
from pioneer.scoring.periods import cycle_of


def unbroken(found: Sequence[FormerResult], first_on: date) -> list[FormerResult]:
    """连续的前几周期 The latest first: each ends the day before the next begins. A cycle not on record ends it."""
    line: list[FormerResult] = []
    for one in found:
        if one.last_on != first_on - timedelta(days=1):
            break
        line.append(one)
        first_on = one.first_on
    return line


def with_formers(scored: Scored, found: Sequence[FormerResult], first_on: date) -> Scored:
    """带上以往结果 A member as the engine takes it, with the score and the tiers filed of the cycles before."""
    line = unbroken(found, first_on)
    if not line:
        return scored
    return replace(scored, previous=line[0].score, former=tuple(one.lower for one in line))


def asks_for_formers(rules: Rules) -> bool:
    """是否要看以往结果 Streaks, or an opening that inherits."""
    return bool(rules.closing.streaks) or inherits(rules)


def inherits(rules: Rules) -> bool:
    """是否结转上一周期的得分"""
    return any(rules.versions[place].opening.inherited_share for place in rules.touching)


# ------------------------------------------------------------------ who has none


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """没有记录的周期 How many members have nothing on record of the cycle before."""

    cycle: Cycle
    members: int


def cycle_before(rulebook: Rulebook, cycle: Cycle) -> Cycle:
    """上一周期"""
    return cycle_of(rulebook.cycle, cycle.first_on - timedelta(days=1))


def unrecorded(at: Organisation, ruled: Ruled) -> Unrecorded:
    """没有上一周期结果的党员 Of those whose last branch of the cycle lies here and who had joined, or come from
    outside, before it began. Three queries."""
    cycle = ruled.cycle
    here = _here(at, cycle)
    before = here.exclude(member__joined_on__gte=cycle.first_on).exclude(member__arrived_on__gte=cycle.first_on)
    return Unrecorded(cycle_before(ruled.rules.closing, cycle), _without(before, cycle))


def unfiled(at: Organisation, ruled: Ruled) -> int:
    """本系统里上一周期尚未备案的党员 Who stood on a roster here in the cycle before, while a rulebook held, and of whom
    nothing is on record. Three queries."""
    cycle = ruled.cycle
    before = cycle_before(ruled.rules.closing, cycle)
    if ruled.rules.engine.version_on(before.last_on) is None:
        return 0
    then = Membership.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=before.first_on), from_on__lte=before.last_on
    )
    return _without(_here(at, cycle).filter(member__in=then.values("member")), cycle)


def _here(at: Organisation, cycle: Cycle) -> QuerySet[Membership]:
    """The last membership of the cycle of whoever had it here."""
    within = Q(until_on__isnull=True) | Q(until_on__gte=cycle.first_on)
    later = Membership.objects.filter(
        member=OuterRef("member"), from_on__lte=cycle.last_on, from_on__gt=OuterRef("from_on")
    )
    found = Membership.objects.filter(within, from_on__lte=cycle.last_on, branch__path__startswith=at.path)
    return found.filter(~Exists(later))


def _without(spells: QuerySet[Membership], cycle: Cycle) -> int:
    filed = FormerResult.objects.filter(member=OuterRef("member"), last_on=cycle.first_on - timedelta(days=1))
    return spells.filter(~Exists(filed)).order_by().values("member").distinct().count()
