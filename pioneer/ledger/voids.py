"""认定无效的事项 Whose entries declare an event void for everybody. Asked only where the rulebook knows such an
indicator (`engine.voids_for_everybody`)."""

from collections.abc import Collection, Mapping, Sequence

from pioneer.ledger.models import Entry
from pioneer.members.models import Member
from pioneer.rulebook.queries import void_codes
from pioneer.scoring import Cycle, Engine, Fact
from pioneer.scoring import Member as Scored
from pioneer.scoring.counting import Void


def with_declaring(member_ids: Collection[int], cycle: Cycle) -> list[int]:
    """连同认定无效的党员 These members, and those elsewhere in their district whose entries of the cycle declare an
    event void. Two queries, and one for each district."""
    districts = set(Member.objects.filter(pk__in=member_ids).order_by().values_list("district_id", flat=True))
    codes = {code for district in districts for code in void_codes(district)}
    entries = Entry.objects.filter(indicator__in=codes, event_on__range=(cycle.first_on, cycle.last_on))
    keys = entries.exclude(event="").order_by().values("member_key")
    declaring = Member.objects.filter(district__in=districts, key__in=keys).exclude(pk__in=member_ids)
    return [*member_ids, *declaring.order_by("pk").values_list("pk", flat=True)]


def declared(
    engine: Engine, scored: Mapping[int, Scored], facts: Mapping[int, Sequence[Fact]], cycle: Cycle
) -> list[Void]:
    """认定无效的事项 By the facts of all these members together, zeroings among them."""
    if not engine.voids_for_everybody:
        return []
    return [
        void
        for number, person in scored.items()
        if person.tracks and facts.get(number)
        for void in engine.voided_events(person, facts[number], cycle)
    ]
