"""Merging, splitting and closing, as plain functions: what they do to the tree."""

from datetime import date

import pytest
from django.db import connection, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.organisations.models import Organisation, OrganisationChange
from pioneer.organisations.queries import branches_under, history_of
from pioneer.organisations.reorganisation import apply_close, apply_merge, apply_split, found_district
from tests.world import START, TODAY, World

EVE = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def _today():
    with clock.at(TODAY):
        yield


def test_two_branches_become_a_new_one(world: World) -> None:
    made = apply_merge(
        [world.branch, world.second_branch], name="槐园社区党支部", on=TODAY, by_number=1, document="批复1号"
    )
    assert (made.name, made.parent, made.is_branch, made.opened_on) == (
        "槐园社区党支部", world.organisations["community"], True, TODAY,
    )  # fmt: skip
    for former in (world.branch, world.second_branch):
        former.refresh_from_db()
        assert former.closed_on == EVE
        last = history_of(former)[-1]
        assert (last.kind, last.other, last.document) == ("merged", made, "批复1号")
    assert branches_under(world.organisations["community"], TODAY) == [made]
    assert len(branches_under(world.organisations["community"], EVE)) == 2


def test_one_branch_goes_into_another_that_stands(world: World) -> None:
    goes_on = apply_merge([world.second_branch], into=world.branch, on=TODAY, by_number=1)
    assert goes_on == world.branch and goes_on.closed_on is None
    world.second_branch.refresh_from_db()
    assert world.second_branch.closed_on == EVE


def test_a_branch_may_merge_into_a_village(world: World) -> None:
    assert apply_merge([world.second_branch], into=world.village, on=TODAY, by_number=1) == world.village


def test_what_cannot_be_merged(world: World) -> None:
    community, other = world.organisations["community"], world.organisations["other_branch"]
    for branches, into, said in [
        ([world.branch], None, "至少要有两个"),
        ([world.branch], world.branch, "至少要有两个"),
        ([world.branch, community], None, "不是党支部"),
        ([world.branch, other], None, "同一个区"),
        ([world.branch, world.village], None, "既是村（社区）又是党支部"),
    ]:
        with pytest.raises(DomainError, match=said):
            apply_merge(branches, into=into, name="新支部", on=TODAY, by_number=1)


def test_a_branch_is_split_and_goes_on(world: World) -> None:
    (made,) = apply_split(world.branch, names=["槐园社区第三党支部"], on=TODAY, by_number=1)
    assert made.parent == world.organisations["community"] and world.branch.closed_on is None
    assert history_of(world.branch)[-1].other == made and history_of(made)[0].other == world.branch


def test_a_village_that_was_its_own_branch_is_a_community_from_then_on(world: World) -> None:
    with pytest.raises(DomainError, match="两个名称"):
        apply_split(world.village, names=["柳沟村第一党支部"], on=TODAY, by_number=1)
    made = apply_split(world.village, names=["柳沟村第一党支部", "柳沟村第二党支部"], on=TODAY, by_number=1)
    world.village.refresh_from_db()
    assert world.village.is_branch is False and {one.parent for one in made} == {world.village}
    assert [one.setting for one in made] == ["rural", "rural"]


def test_a_new_name_must_be_free(world: World) -> None:
    with pytest.raises(DomainError, match="已经有一个"):
        apply_split(world.branch, names=["槐园社区第二党支部"], on=TODAY, by_number=1)
    with pytest.raises(DomainError, match="全称"):
        apply_merge([world.branch, world.second_branch], name=" ", on=TODAY, by_number=1)


def test_closing_ends_on_the_day_before(world: World) -> None:
    apply_close(world.branch, on=TODAY, by_number=1, document="批复2号")
    world.branch.refresh_from_db()
    assert world.branch.closed_on == EVE
    with pytest.raises(DomainError, match="已于2026年3月31日撤销"):
        apply_close(world.branch, on=TODAY, by_number=1)


def test_what_cannot_be_closed(world: World) -> None:
    with pytest.raises(DomainError, match="下面还有“槐园社区第一党支部”"):
        apply_close(world.organisations["community"], on=TODAY, by_number=1)
    with pytest.raises(DomainError, match="根"):
        apply_close(world.district, on=TODAY, by_number=1)


@pytest.mark.parametrize(("on", "said"), [(date(2026, 4, 2), "不能晚于今天"), (START, "不能早于")])
def test_dates_are_checked(world: World, on: date, said: str) -> None:
    with pytest.raises(DomainError, match=said):
        apply_close(world.branch, on=on, by_number=1)
    with pytest.raises(DomainError, match=said):
        apply_split(world.branch, names=["新支部"], on=on, by_number=1)
    with pytest.raises(DomainError, match=said):
        apply_merge([world.branch, world.second_branch], name="新支部", on=on, by_number=1)


def test_a_district_is_founded_once(db: None) -> None:
    made = found_district("清河示范区", START, 1)
    assert (made.path, made.level) == (f"/{made.pk}/", "district")
    with pytest.raises(DomainError, match="已经有一个"):
        found_district("清河示范区", START, 1)
    with pytest.raises(DomainError, match="填写"):
        found_district(" ", START, 1)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE organisations_organisationchange SET former_name = 'x'", "DELETE FROM organisations_organisationchange"],
)
def test_the_database_refuses_to_change_history(db: None, statement: str) -> None:
    found_district("清河示范区", START, 1)
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert OrganisationChange.objects.count() == 1 and Organisation.objects.count() == 1
