"""转回"""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members import queries
from pioneer.members.models import Member
from pioneer.members.transfers import receive_back
from pioneer.scoring import Cycle
from tests.members.test_accept_transfer import accept
from tests.members.test_propose_transfer import propose
from tests.world import World

BACK = date(2026, 9, 3)


@pytest.fixture
def away(world: World) -> World:
    transfer = propose(world, to="", to_outside="省城某街道党工委", document="介字第0012号")
    accept(world, transfer, "deputy")
    return world


def back(world: World, who: str = "district_officer", branch: str = "village", **values: object) -> Member:
    with clock.at(BACK):
        return receive_back(
            **{
                "actor": world.actor(who),
                "member_id": world.member("李桂兰").pk,
                "branch_id": world.organisations[branch].pk,
                "on": BACK,
                "document": "介字第0333号",
                **values,
            }
        )


def test_it_works_and_is_a_joining(away: World) -> None:
    made = back(away)
    assert queries.branch_on(made, BACK) == away.village and queries.branch_on(made, date(2026, 6, 1)) is None
    assert queries.status_on(made, BACK) == "full" and queries.status_on(made, date(2026, 6, 1)) == "transferred_out"
    cycle = Cycle(date(2026, 1, 1), date(2026, 12, 31))
    assert queries.scoring_members([made.pk], cycle)[made.pk].joined_on == BACK


def test_it_needs_the_letter(away: World) -> None:
    with pytest.raises(BadInput, match="介绍信的编号"):
        back(away, document="")


def test_not_in_a_former_month(away: World) -> None:
    with pytest.raises(BadInput, match="请写本月"):
        back(away, on=date(2026, 8, 31))


def test_only_who_was_outside(world: World) -> None:
    with pytest.raises(DomainError, match="没有转出区外"):
        back(world)


def test_who_may_not(away: World) -> None:
    with pytest.raises(NotAllowed):
        back(away, "recorder", "branch")


@pytest.mark.parametrize("who", ["village_secretary", "secretary", "other_district_officer"])
def test_for_who_does_not_see_both_it_does_not_exist(away: World, who: str) -> None:
    with pytest.raises(NotVisible):
        back(away, who)
