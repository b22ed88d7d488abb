"""Who sees which part of the tree, in how many queries."""

from datetime import date

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.kernel.errors import NotVisible
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import above, flat, in_tree_order, organisation_for, tree_for, visible_to
from tests.world import World


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("district_officer", {"district", "street", "town", "community", "branch", "second_branch", "village"}),
        ("township_officer", {"district", "street", "community", "branch", "second_branch"}),
        ("community_officer", {"district", "street", "community", "branch", "second_branch"}),
        ("secretary", {"district", "street", "community", "branch"}),
        ("village_secretary", {"district", "town", "village"}),
        ("other_secretary", {"other_district", "other_street", "other_community", "other_branch"}),
        ("guilan", set()),
    ],
)
def test_one_sees_what_is_below_and_the_chain_above(world: World, who: str, sees: set[str]) -> None:
    assert {one.pk for one in visible_to(world.actor(who))} == {world.organisations[code].pk for code in sees}


def test_the_clock_sees_nothing_of_the_tree(world: World) -> None:
    assert not visible_to(CLOCK).exists()


def test_the_tree_stands_in_order_with_its_history_in_two_queries(world: World, django_assert_num_queries) -> None:
    actor = world.actor("district_officer")
    with django_assert_num_queries(2):
        listed = flat(tree_for(actor))
    assert [(row.depth, row.organisation.name) for row in listed] == [
        (0, "清河示范区"),
        (1, "槐园街道"),
        (2, "槐园社区"),
        (3, "槐园社区第一党支部"),
        (3, "槐园社区第二党支部"),
        (1, "柳沟镇"),
        (2, "柳沟村"),
    ]


def test_a_list_stands_in_the_order_of_the_tree_whatever_its_numbers(world: World, django_assert_num_queries) -> None:
    town = world.organisations["town"]
    late = [
        Organisation(pk=number, name=f"柳沟{number}村", path=f"{town.path}{number}/", position=place)
        for place, number in enumerate((1009, 1010, 999))
    ]
    for one in late:
        one.parent, one.level, one.opened_on = town, "community", date(2026, 1, 1)
        one.save(force_insert=True)
    with django_assert_num_queries(1):
        listed = in_tree_order([*reversed(late), world.village, world.branch, world.district])
    assert [one.pk for one in listed[:2]] == [world.district.pk, world.branch.pk]
    assert [one.pk for one in listed if one in late] == [1009, 1010, 999]
    assert listed.index(world.branch) < listed.index(world.village)


def test_what_isnt_visible_isnt_there(world: World) -> None:
    assert organisation_for(world.actor("secretary"), world.branch.pk) == world.branch
    with pytest.raises(NotVisible):
        organisation_for(world.actor("secretary"), world.village.pk)


def test_the_chain_above_begins_with_the_district(world: World) -> None:
    assert [one.name for one in above(world.branch)] == ["清河示范区", "槐园街道", "槐园社区"]
