"""帮教在办的事 For the table of routes: a follow-up of one member in every state, a result that calls for hopes."""

from datetime import date
from typing import Any

from pioneer.followups.models import FollowUp
from pioneer.followups.services import write_encouragement
from pioneer.kernel import clock
from pioneer.members.models import Member, Membership, StatusSpell
from tests.followups.conftest import bring_to
from tests.world import START, TODAY, World
from tests.year import announce_plainly, settle_plainly

STATES = ("opened", "assigned", "talked", "paired", "planned", "visited", "decided")
HOPED = date(2022, 1, 1)


def prepare(world: World, things: dict[str, Any]) -> None:
    """备好"""
    with clock.at(TODAY):
        scores = {"李桂兰": 8500, "单雪琴": 8600, "张㛃": 7000}
        made = settle_plainly(world, scores=scores, first_on=HOPED, last_on=date(2022, 12, 31))
        announce_plainly(made, world.organisations["community"])
        things["hope"] = write_encouragement(
            actor=world.actor("secretary"), member_id=world.member("李桂兰").pk, first_on=HOPED,
            text="希望多带动邻里。", spoken_by="王保国", spoken_on=TODAY,
        )  # fmt: skip
        for place, state in enumerate(STATES):
            found = _begun(world, things, world.member("李桂兰"), 2010 + place)
            things[f"{state}_follow_up"] = bring_to(world, found, state)
        talk = things["talked_follow_up"].entries.get(kind="talk")
        things["talk_entry"] = talk
        things["gone_follow_up"] = _gone(world, things)
        things["hoped_member"], things["helping_member"] = world.member("单雪琴"), world.member("曾永福")


def _begun(world: World, things: dict[str, Any], member: Member, year: int) -> FollowUp:
    return FollowUp.objects.create(
        told=things["told"], member=member, branch=world.branch, first_on=date(year, 1, 1),
        last_on=date(year, 12, 31), announced_on=TODAY, opened_at=clock.now(),
    )  # fmt: skip


def _gone(world: World, things: dict[str, Any]) -> FollowUp:
    """Of a member who has died since."""
    member = Member.objects.create(
        district=world.district, number="M00098", name="温故", position=98, created_at=clock.now()
    )
    Membership.objects.create(member=member, branch=world.branch, from_on=START, until_on=TODAY)
    StatusSpell.objects.create(member=member, status="full", from_on=START, until_on=TODAY)
    StatusSpell.objects.create(member=member, status="deceased", from_on=TODAY)
    return _begun(world, things, member, 2010)
