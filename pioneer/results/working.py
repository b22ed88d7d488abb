"""评定的计算 A whole cycle worked out on the slate, outside any transaction: nothing is written down here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.organisations.models import Organisation
from pioneer.results import gathering, outcome, roster, short_way, valuing
from pioneer.results.cycles import Ruled, cycle_text
from pioneer.results.mark_queries import put_marks
from pioneer.results.rules import Rules, write_rules
from pioneer.results.settlement import finish, weigh
from pioneer.results.short_plan import short_plan
from pioneer.results.slate import Slate

STAGES = 5
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
    write_rules(slate, rules)
    number = gather(slate, at, rules)
    if not number:
        raise DomainError(
            "nobody",
            f"“{at.name}”在{cycle_text(ruled.cycle)}没有参评的党员，无从评定。请换一个周期，或换一个组织。",
        )
    tell(1, STAGES)
    plan = short_plan(rules)
    short_way.part(slate, plan)
    tell(2, STAGES)
    roster.put_tracks(slate)
    gathering.put_entries(slate, short_way.LONG, *rules.cycle, sharing=short_way.SHARING)
    valuing.as_posted(slate, rules)
    weigh(slate, rules)
    tell(3, STAGES)
    short_way.settle(slate, plan, rules)
    finish(slate, rules)
    tell(4, STAGES)
    return Worked(slate, ruled, number, as_of, outcome.conclude(slate, short_way.aspects_of(rules) if plan else ()))


def gather(slate: Slate, at: Organisation, rules: Rules, whole: bool = True) -> int:
    """取人 People, zeroings, former results and marks. The rules are on the slate. Answers how many are to be listed.
    `whole`: where events are declared void for everybody, the whole district is looked at."""
    where = Organisation.objects.get(pk=at.district_number) if rules.has_voids and whole else at
    number = roster.put_people(slate, at, where, rules)
    gathering.put_zeroings(slate, at.district_number, rules.cycle)
    put_marks(slate, at.district_number, rules)
    return number
