"""提出转接"""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members import queries
from pioneer.members.models import Transfer
from pioneer.members.transfers import propose_transfer
from pioneer.messages.models import Message
from tests.world import TODAY, World


def propose(
    world: World, who: str = "secretary", name: str = "李桂兰", to: str = "village", **values: object
) -> Transfer:
    with clock.at(TODAY):
        return propose_transfer(
            **{
                "actor": world.actor(who),
                "member_id": world.member(name).pk,
                "to_branch_id": world.organisations[to].pk if to else None,
                "on": TODAY,
                **values,
            }
        )


def test_it_works(world: World) -> None:
    made = propose(world)
    assert (made.from_branch, made.to_branch, made.state) == (world.branch, world.village, "proposed")
    assert queries.branch_on(world.member("李桂兰"), TODAY) == world.branch
    assert Message.objects.get(user=world.users["guilan"]).title == "您的组织关系转接已提出"


def test_to_outside_needs_the_letter(world: World) -> None:
    with pytest.raises(BadInput, match="介绍信的编号"):
        propose(world, to="", to_outside="省城某街道党工委")
    made = propose(world, to="", to_outside="省城某街道党工委", document="介字第0012号")
    assert made.to_branch is None and made.to_outside == "省城某街道党工委"


@pytest.mark.parametrize(("to", "outside"), [("", ""), ("village", "省城")])
def test_one_goal_and_only_one(world: World, to: str, outside: str) -> None:
    with pytest.raises(BadInput, match="两者填一项"):
        propose(world, to=to, to_outside=outside, document="介字第0012号")


@pytest.mark.parametrize("on", [date(2026, 3, 31), date(2026, 4, 2)])
def test_only_a_day_of_this_month_up_to_today(world: World, on: date) -> None:
    with pytest.raises(BadInput, match="转接日期"):
        propose(world, on=on)


def test_one_at_a_time(world: World) -> None:
    propose(world)
    with pytest.raises(DomainError, match="已有一项转接等待接收"):
        propose(world, to="second_branch")


def test_not_to_the_own_branch(world: World) -> None:
    with pytest.raises(BadInput, match="已在这个支部"):
        propose(world, to="branch")


def test_not_to_a_community_without_members_of_its_own(world: World) -> None:
    with pytest.raises(DomainError, match="不是党支部"):
        propose(world, to="community")


def test_another_district_is_outside(world: World) -> None:
    with pytest.raises(NotVisible):
        propose(world, to="other_branch")


@pytest.mark.parametrize("who", ["recorder", "committee", "community_officer", "guilan"])
def test_who_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        propose(world, who)


@pytest.mark.parametrize("who", ["second_secretary", "town_officer", "other_secretary"])
def test_for_whom_it_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        propose(world, who)
