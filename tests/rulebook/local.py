"""支部补充的小工厂 A supplement of the first branch as its secretary proposes it, with what a test changes of it."""

from datetime import date
from typing import Any

from pioneer.kernel import clock
from pioneer.rulebook.local import LocalRow
from pioneer.rulebook.models import Supplement
from pioneer.rulebook.supplements import approve_supplement, propose_supplement
from tests.world import World

PATROL = LocalRow("参加古树巡护", "fixed", "参加古树巡护", points=50, caps={"month": 100})
TALK = LocalRow("为社区学堂讲课", "per_unit", "为社区学堂讲课", points=50, unit="课时", most=200, note="按课时")
RESCUE = LocalRow("汛期值守", "range", "参加汛期值守", least=50, most=200)
PROPOSED = date(2026, 1, 8)
BEGINS = date(2026, 2, 1)


def filled(world: World, *rows: LocalRow, branch: str = "branch", **changes: Any) -> dict[str, Any]:
    """A proposal as filled in."""
    return {
        "branch_id": world.organisations[branch].pk,
        "rows": list(rows) or [PATROL],
        "met_on": date(2026, 1, 6),
        "present": 8,
        "in_favour": 7,
        "reference": "会议记录第1号",
        "effective_on": BEGINS,
        **changes,
    }


def propose(world: World, *rows: LocalRow, who: str = "secretary", on: date = PROPOSED, **changes: Any) -> Supplement:
    """提出"""
    with clock.at(on):
        return propose_supplement(actor=world.actor(who), **filled(world, *rows, **changes))


def approve(world: World, made: Supplement, who: str = "township_officer", on: date = PROPOSED) -> Supplement:
    """批准"""
    with clock.at(on):
        return approve_supplement(actor=world.actor(who), supplement_id=made.pk)


def added(world: World, *rows: LocalRow, on: date = PROPOSED, **changes: Any) -> Supplement:
    """提出并批准 From 1 February on, unless said."""
    return approve(world, propose(world, *rows, on=on, **changes), on=on)
