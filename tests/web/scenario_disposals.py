"""有认定和处置可办的支部 Findings in each state, and a case whose prior filing waits, for the table of routes."""

from datetime import date
from typing import Any

from pioneer.disposals.models import Finding
from pioneer.disposals.services import answer_unqualified
from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.results.models import Result
from tests.disposals.proceedings import filed, open_case, propose, voted
from tests.world import TODAY, World
from tests.year import announce_plainly, settle_plainly

LOW = {"李桂兰": 4500, "解文军": 4500, "曾永福": 4500}


def prepare(world: World, things: dict[str, Any]) -> None:
    """Cycles of long ago, which no other part of the scenario has results of."""
    with clock.at(TODAY):
        results = {year: _announced(world, year) for year in (2019, 2020, 2021)}
        things["unqualified_result"] = results[2019]["李桂兰"]
        things["finding"] = propose(world, results[2020]["李桂兰"])
        things["finding_answered"] = _answered(world, results[2021]["李桂兰"], "guilan")
        things["finding_adopted"] = voted(world, _answered(world, results[2021]["解文军"], "recorder"))
        Member.objects.filter(pk=world.member("曾永福").pk).update(is_floating=True)
        things["floating_member"], things["member_on_end"] = world.member("曾永福"), world.member("解文军")
        for name in ("李桂兰", "解文军"):
            filed(world, name, last_year=2020)
        things["disposal_case"] = open_case(world, name="李桂兰")


def _announced(world: World, year: int) -> dict[str, Result]:
    made = settle_plainly(world, scores=LOW, first_on=date(year, 1, 1), last_on=date(year, 12, 31))
    announce_plainly(made, world.organisations["community"])
    return {row.member.name: row for row in Result.objects.filter(settlement=made).select_related("member")}


def _answered(world: World, result: Result, who: str) -> Finding:
    found = propose(world, result)
    return answer_unqualified(actor=world.actor(who), finding_id=found.pk, statement="我认识到了不足。")
