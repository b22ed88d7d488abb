"""台账以外的 What counts in a member's cycle beside its entries, for the pages that explain a score."""

from dataclasses import replace

from pioneer.ledger.queries import Beyond
from pioneer.members.models import Member
from pioneer.results.former_cycles import unbroken
from pioneer.results.formers import former_results
from pioneer.results.mark_queries import mark_facts
from pioneer.rulebook.queries import parsed, versions_for
from pioneer.scoring import Cycle


def beyond_of(member: Member, cycle: Cycle) -> Beyond | None:
    """一名党员的 Confirmed marks, and what was filed of the cycles before; None where no rulebook of the district asks
    for either. Three queries at most."""
    books = [parsed(one) for one in versions_for(member.district_id)]
    found = Beyond()
    if any(one.components for one in books):
        found = replace(found, marks=tuple(mark_facts([member.pk], cycle).get(member.pk, ())))
    if any(one.streaks or one.opening.inherited_share for one in books):
        line = unbroken(former_results([member.pk], before=cycle.first_on).get(member.pk, ()), cycle.first_on)
        former = tuple(one.lower for one in line)
        found = replace(found, previous=line[0].score if line else None, former=former)
    return found if found != Beyond() else None
