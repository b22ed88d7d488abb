"""退回转接"""

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members import queries
from pioneer.members.models import Transfer
from pioneer.members.transfers import refuse_transfer
from tests.members.test_accept_transfer import accept
from tests.members.test_propose_transfer import propose
from tests.world import TODAY, World


def refuse(world: World, transfer: Transfer, who: str = "village_secretary", reason: str = "介绍信缺失。") -> Transfer:
    with clock.at(TODAY):
        return refuse_transfer(actor=world.actor(who), transfer_id=transfer.pk, reason=reason)


@pytest.mark.parametrize("who", ["village_secretary", "secretary", "district_officer"])
def test_it_works_for_who_receives_and_for_who_proposed(world: World, who: str) -> None:
    made = refuse(world, propose(world), who)
    assert made.state == "refused" and made.reason == "介绍信缺失。"
    assert queries.branch_on(world.member("李桂兰"), TODAY) == world.branch
    assert propose(world, to="second_branch").state == "proposed"


def test_it_needs_a_reason(world: World) -> None:
    with pytest.raises(BadInput, match="请写明退回的理由"):
        refuse(world, propose(world), reason=" ")


def test_not_what_is_decided(world: World) -> None:
    transfer = propose(world)
    accept(world, transfer)
    with pytest.raises(DomainError, match="这项转接已接收"):
        refuse(world, transfer)


@pytest.mark.parametrize("who", ["guilan", "village_recorder", "recorder"])
def test_who_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        refuse(world, propose(world), who)


def test_for_others_it_does_not_exist(world: World) -> None:
    with pytest.raises(NotVisible):
        refuse(world, propose(world), "second_secretary")
