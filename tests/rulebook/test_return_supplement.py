"""Returning what a branch proposed: with the reason, and it may propose anew."""

import pytest
from django.db import connection, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from pioneer.rulebook import queries
from pioneer.rulebook.models import Supplement
from pioneer.rulebook.supplements import return_supplement
from tests.rulebook.local import BEGINS, PROPOSED, added, approve, propose
from tests.world import World


def give_back(
    world: World, made: Supplement, who: str = "township_officer", reason: str = "请写清楚按什么计。"
) -> Supplement:
    with clock.at(PROPOSED):
        return return_supplement(actor=world.actor(who), supplement_id=made.pk, reason=reason)


def test_it_works(supplemented: World) -> None:
    made = give_back(supplemented, propose(supplemented))
    assert (made.state, made.decision_reason, made.turn) == ("returned", "请写清楚按什么计。", None)
    assert "L1-1" not in queries.engine_for(supplemented.district.pk).version_on(BEGINS).indicators
    told = Message.objects.filter(kind="rulebook.supplement_returned")
    assert {one.user.name for one in told} == {"王保国", "曾永福"} and "请写清楚" in told[0].text


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_the_reason_must_be_said(supplemented: World, reason: str) -> None:
    made = propose(supplemented)
    with pytest.raises(BadInput, match="写明为什么退回"):
        give_back(supplemented, made, reason=reason)


def test_only_the_township_may(supplemented: World) -> None:
    made = propose(supplemented)
    with pytest.raises(NotAllowed):
        give_back(supplemented, made, "deputy")
    with pytest.raises(NotVisible):
        give_back(supplemented, made, "town_officer")


def test_what_was_decided_stays_so(supplemented: World) -> None:
    made = added(supplemented)
    with pytest.raises(DomainError, match="已批准，不能再办理"):
        give_back(supplemented, made)


def test_returned_it_is_never_approved(supplemented: World) -> None:
    made = give_back(supplemented, propose(supplemented))
    with pytest.raises(DomainError, match="已退回，不能再办理"):
        approve(supplemented, made)
    with pytest.raises(Exception, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rulebook_supplement SET decision_reason = 'x'")
    assert propose(supplemented).number == 2
