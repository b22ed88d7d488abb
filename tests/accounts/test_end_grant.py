"""accounts.end_grant"""

from datetime import date

import pytest

from pioneer.accounts.models import Grant
from pioneer.accounts.queries import actor_of
from pioneer.accounts.services import end_grant, grant_role
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.at(TODAY):
        yield


def grant_of(world: World, who: str) -> Grant:
    return Grant.objects.get(user=world.users[who])


def test_it_ends_on_the_spot(world: World) -> None:
    end_grant(actor=world.actor("township_officer"), grant_id=grant_of(world, "recorder").pk)
    assert not actor_of(world.users["recorder"]).grants


def test_one_of_today_ends_on_the_spot_as_well(world: World) -> None:
    grant = grant_role(
        actor=world.actor("township_officer"),
        user_id=world.users["guilan"].pk,
        role="recorder",
        organisation_id=world.branch.pk,
    )
    end_grant(actor=world.actor("township_officer"), grant_id=grant.pk)
    assert not actor_of(world.users["guilan"]).grants


def test_with_a_last_day_it_holds_to_its_end(world: World) -> None:
    end_grant(
        actor=world.actor("township_officer"), grant_id=grant_of(world, "recorder").pk, last_day=date(2026, 4, 30)
    )
    with clock.at(date(2026, 4, 30)):
        assert actor_of(world.users["recorder"]).grants
    with clock.at(date(2026, 5, 1)):
        assert not actor_of(world.users["recorder"]).grants


def test_a_last_day_in_the_past_is_refused(world: World) -> None:
    with pytest.raises(BadInput):
        end_grant(
            actor=world.actor("township_officer"), grant_id=grant_of(world, "recorder").pk, last_day=date(2026, 3, 1)
        )


def test_it_may_be_granted_again(world: World) -> None:
    end_grant(actor=world.actor("township_officer"), grant_id=grant_of(world, "recorder").pk)
    grant_role(
        actor=world.actor("township_officer"),
        user_id=world.users["recorder"].pk,
        role="recorder",
        organisation_id=world.branch.pk,
    )
    assert actor_of(world.users["recorder"]).grants


def test_what_is_over_cannot_end_again(world: World) -> None:
    grant = grant_of(world, "recorder")
    end_grant(actor=world.actor("township_officer"), grant_id=grant.pk)
    with pytest.raises(DomainError) as refusal:
        end_grant(actor=world.actor("township_officer"), grant_id=grant.pk)
    assert refusal.value.code == "grant_over"


@pytest.mark.parametrize("who", ["security_admin", "township_officer"])
def test_nobody_ends_an_own_one(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        end_grant(actor=world.actor(who), grant_id=grant_of(world, who).pk)


@pytest.mark.parametrize("who", ["secretary", "community_officer", "system_admin"])
def test_it_needs_the_right_to_grant(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        end_grant(actor=world.actor(who), grant_id=grant_of(world, "recorder").pk)


@pytest.mark.parametrize("who", ["other_district_officer", "town_officer", "guilan"])
def test_elsewhere_it_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        end_grant(actor=world.actor(who), grant_id=grant_of(world, "recorder").pk)
