"""按组织树排列 The tenth comes after the second in every list that is read, whatever the letters of its path."""

import re
from typing import Any

import pytest
from django.test import Client

from pioneer.followups.progress import progress_of
from pioneer.kernel import clock
from pioneer.organisations.models import Organisation
from pioneer.results.cycles import ruled
from pioneer.results.hindrances import hindrances
from pioneer.results.settlement_queries import places_to_settle
from tests.web.test_shell import enter
from tests.world import START, TODAY, World, adopt_rulebook

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NAMES = [f"柳沟第{number}村" for number in (1, 2, 3, 4)]


@pytest.fixture
def tree(world: World) -> Any:
    """Villages whose numbers 998, 999, 1000 and 1001 read as letters the other way round; the last stands first."""
    adopt_rulebook(world)
    town = world.organisations["town"]
    for name, number, place in zip(NAMES, (1001, 998, 999, 1000), (1, 2, 3, 4), strict=True):
        Organisation(
            pk=number, name=name, level="community", is_branch=True, setting="rural", parent=town,
            path=f"{town.path}{number}/", position=place, opened_on=START,
        ).save(force_insert=True)  # fmt: skip
    with clock.at(TODAY):
        yield world


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("town_officer", "/rosters/"),
        ("town_officer", "/rosters/imports/new/"),
        ("town_officer", "/results/"),
        ("town_officer", "/results/formers/"),
        ("town_officer", "/results/announcements/"),
        ("town_officer", "/overview/"),
        ("town_officer", "/overview/year/"),
        ("town_officer", "/conduct/"),
        ("district_officer", "/users/new/"),
    ],
)
def test_villages_stand_as_in_the_tree(client: Client, tree: World, who: str, address: str) -> None:
    page = enter(client, tree, who).get(address)
    assert page.status_code == 200, address
    shown = re.findall(r"柳沟第\d村", page.content.decode().split("<main", 1)[1])
    assert list(dict.fromkeys(shown)) == NAMES


def test_what_stands_in_the_way_of_settling_is_said_as_in_the_tree(tree: World) -> None:
    assert [one.name for one in places_to_settle(tree.actor("town_officer"))] == ["柳沟镇", "柳沟村", *NAMES]
    found = hindrances(tree.organisations["town"], ruled(tree.district.pk, START))
    missing = [one.sentence for one in found if one.kind == "no_sheet"]
    assert [sentence.partition("没有")[0] for sentence in missing] == ["柳沟村", *NAMES]


def test_branches_to_follow_up_are_listed_as_in_the_tree(tree: World) -> None:
    assert [one.branch.name for one in progress_of(tree.actor("town_officer"), START)] == ["柳沟村", *NAMES]
