"""Opening the follow-ups of a branch: whom the announced result calls for, in the roster's order, once."""

from datetime import date, timedelta

import pytest

from pioneer.followups.models import FollowUp
from pioneer.followups.services import open_follow_ups
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.members.models import Membership
from pioneer.messages.models import Message
from pioneer.organisations.models import HolidayYear
from pioneer.results.models import Announcement
from tests.followups.conftest import NOW
from tests.world import World, adopt_rulebook
from tests.year import AFTER, FIRST, announce_plainly, settle_plainly


def opened(world: World, who: str = "secretary", first_on: date = FIRST) -> list[str]:
    made = open_follow_ups(actor=world.actor(who), branch_id=world.branch.pk, first_on=first_on)
    return [one.member.name for one in made]


def test_whom_the_tier_sends_there_in_the_order_of_the_roster_and_once(world: World, announced: Announcement) -> None:
    assert opened(world) == ["李桂兰", "张㛃", "曾永福", "罗小红"], "not who has 95, 85 or 55, nor the probationary"
    assert opened(world, "recorder") == []
    found = FollowUp.objects.get(member=world.member("李桂兰"))
    assert (found.state, found.announced_on, found.branch) == ("opened", AFTER, world.branch)
    assert found.talk_due_on == date(2027, 1, 25), "ten working days"
    told = Message.objects.filter(kind="followups.opened")
    assert {one.user for one in told} == {world.users[code] for code in ("guilan", "deputy", "committee")}


def test_a_later_announcement_of_the_cycle_counts_and_opens_what_is_missing(
    world: World, announced: Announcement
) -> None:
    opened(world)
    again = settle_plainly(world, scores={"单雪琴": 7000, "张㛃": 8500})
    announce_plainly(again, world.organisations["community"])
    assert opened(world) == ["王保国", "单雪琴", "解文军"], "what was opened stays open"


def test_nothing_before_it_was_announced_nor_of_a_cycle_without(world: World) -> None:
    adopt_rulebook(world)
    with clock.at(AFTER):
        made = settle_plainly(world)
        with pytest.raises(DomainError, match="还没有在本支部通报"):
            opened(world)
        announce_plainly(made, world.organisations["community"], AFTER + timedelta(days=3))
        with pytest.raises(DomainError, match="还没有在本支部通报"):
            opened(world)
    with clock.at(AFTER + timedelta(days=3)):
        assert opened(world)
        assert FollowUp.objects.first().talk_due_on is None, "no holiday table of the year: nothing is guessed"
    HolidayYear.objects.create(year=2027, source="测试")


def test_who_moved_meanwhile_is_opened_where_it_is_today(world: World, announced: Announcement) -> None:
    Membership.objects.filter(member=world.member("张㛃")).update(branch=world.second_branch)
    assert "张㛃" not in opened(world)
    made = open_follow_ups(actor=world.actor("second_recorder"), branch_id=world.second_branch.pk, first_on=FIRST)
    assert [one.member.name for one in made] == ["张㛃", "温如春", "卜晓峰"]


def test_by_the_branch_alone(world: World, announced: Announcement) -> None:
    for who in ("community_officer", "township_officer", "auditor"):
        with pytest.raises(NotAllowed):
            opened(world, who)
    for who in ("guilan", "second_secretary", "other_secretary", "system_admin"):
        with pytest.raises(NotVisible):
            opened(world, who)
    assert NOW > AFTER and not FollowUp.objects.exists()
