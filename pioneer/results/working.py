"""评定的计算 A whole cycle worked out on the slate, outside any transaction: nothing is written down here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.results import gathering, outcome, valuing
from pioneer.results.cycles import Ruled, cycle_text
from pioneer.results.former_cycles import people_with_formers
from pioneer.results.gathering import Person
from pioneer.results.mark_queries import put_marks
from pioneer.results.rules import write_rules
from pioneer.results.settlement import settle
from pioneer.results.slate import Slate

STAGES = 5
PART = 10_000
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Worked:
    """算好的评定 What stands on the slate: how many members, under which rules, as of when, with which digest."""

    slate: Slate
    ruled: Ruled
    members: int
    as_of: datetime
    digest: str


def work_out(slate: Slate, at: Organisation, ruled: Ruled, tell: Tell = lambda done, total: None) -> Worked:
    """算出 Everybody at the organisation; where events are declared void for everybody, the whole district is looked at
    and the organisation's members are listed."""
    rules, as_of = ruled.rules, clock.now()
    district = at.district_number
    gathering.put_entries(slate, district, *rules.cycle)
    tell(1, STAGES)
    people = _people(at, ruled)
    write_rules(slate, rules)
    gathering.put_people(slate, people, rules)
    gathering.put_zeroings(slate, people, rules.cycle)
    gathering.put_formers(slate, people, rules)
    put_marks(slate, district, rules)
    tell(2, STAGES)
    valuing.as_posted(slate, rules)
    tell(3, STAGES)
    settle(slate, rules)
    tell(4, STAGES)
    own = [person for person in people if person.path.startswith(at.path)]
    number = outcome.put_listed(slate, own, _positions([person.number for person in own]))
    return Worked(slate, ruled, number, as_of, outcome.conclude(slate))


def _people(at: Organisation, ruled: Ruled) -> list[Person]:
    where = at
    if ruled.rules.has_voids:
        where = Organisation.objects.get(pk=at.district_number)
    people = gathering.people_of(where, ruled.cycle)
    if not any(person.path.startswith(at.path) for person in people):
        raise DomainError(
            "nobody",
            f"“{at.name}”在{cycle_text(ruled.cycle)}没有参评的党员，无从评定。请换一个周期，或换一个组织。",
        )
    return people_with_formers(people, ruled.rules)


def _positions(numbers: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(numbers), PART):
        some = Member.objects.filter(pk__in=numbers[start : start + PART]).order_by()
        found |= dict(some.values_list("pk", "position"))
    return found
