"""查看身份证号"""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.services import correct_identity, reveal_identity
from tests.members.people import number_of
from tests.world import TODAY, World

NUMBER = number_of(date(1956, 3, 9))


@pytest.fixture
def known(world: World) -> World:
    with clock.at(TODAY):
        member = world.member("李桂兰").pk
        correct_identity(actor=world.actor("recorder"), member_id=member, identity=NUMBER, reason="核对原件")
    return world


def reveal(world: World, who: str, name: str = "李桂兰") -> str:
    return reveal_identity(actor=world.actor(who), member_id=world.member(name).pk)


@pytest.mark.parametrize("who", ["secretary", "township_officer", "district_officer", "guilan"])
def test_it_works(known: World, who: str) -> None:
    assert reveal(known, who) == NUMBER


def test_that_it_was_looked_at_is_audited_without_the_number(known: World) -> None:
    reveal(known, "secretary")
    event = AuditEvent.objects.get(operation="members.reveal_identity")
    assert event.actor_number == known.actor("secretary").number
    assert event.arguments == {"member_id": known.member("李桂兰").pk}


@pytest.mark.parametrize("who", ["recorder", "committee", "deputy", "community_officer", "auditor"])
def test_who_may_not(known: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        reveal(known, who)


def test_for_another_branch_it_does_not_exist(known: World) -> None:
    with pytest.raises(NotVisible):
        reveal(known, "second_secretary")


def test_where_there_is_none_the_sentence_says_what_to_do(known: World) -> None:
    with pytest.raises(DomainError, match="没有登记身份证号"):
        reveal(known, "secretary", "单雪琴")
