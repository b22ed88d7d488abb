"""Putting an organisation, with all below it, under another parent."""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import branches_under, history_of
from pioneer.organisations.services import move_organisation
from tests.world import TODAY, World


def move(world: World, what: str = "community", to: str = "town", who: str = "district_officer") -> Organisation:
    with clock.at(TODAY):
        return move_organisation(
            actor=world.actor(who),
            organisation_id=world.organisations[what].pk,
            parent_id=world.organisations[to].pk,
            on=TODAY,
        )


def test_it_works_and_everything_below_goes_along(world: World) -> None:
    moved = move(world)
    town = Organisation.objects.get(pk=world.organisations["town"].pk)
    assert moved.parent == town and moved.path == f"{town.path}{moved.pk}/"
    below = {one.name: one.path for one in branches_under(town, TODAY)}
    assert below["槐园社区第一党支部"] == f"{moved.path}{world.branch.pk}/"
    assert set(below) == {"槐园社区第一党支部", "槐园社区第二党支部", "柳沟村"}
    assert branches_under(world.organisations["street"], TODAY) == []
    change = history_of(moved)[-1]
    assert (change.get_kind_display(), change.other, change.on) == ("改隶", world.organisations["street"], TODAY)


def test_it_takes_the_right_over_both_parents(world: World) -> None:
    with pytest.raises(NotVisible):
        move(world, who="township_officer")
    with pytest.raises(NotAllowed):
        move(world, who="auditor")


@pytest.mark.parametrize(
    ("what", "to", "said"),
    [
        ("community", "street", "现在就隶属"),
        ("community", "district", "另一个乡镇（街道）"),
        ("branch", "village", "本身就是党支部"),
        ("district", "street", "根"),
    ],
)
def test_only_under_another_parent_of_the_same_level(world: World, what: str, to: str, said: str) -> None:
    with pytest.raises(DomainError, match=said):
        move(world, what, to)


def test_not_before_its_last_change(world: World) -> None:
    with clock.at(date(2026, 5, 1)):
        move_organisation(
            actor=world.actor("district_officer"),
            organisation_id=world.organisations["community"].pk,
            parent_id=world.organisations["town"].pk,
            on=date(2026, 4, 20),
        )
        with pytest.raises(DomainError, match="不能早于"):
            move_organisation(
                actor=world.actor("district_officer"),
                organisation_id=world.organisations["community"].pk,
                parent_id=world.organisations["street"].pk,
                on=date(2026, 4, 10),
            )
