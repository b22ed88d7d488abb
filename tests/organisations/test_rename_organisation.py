"""Renaming from a day on, and the names of former days."""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import history_of, name_on, names_on
from pioneer.organisations.services import rename_organisation
from tests.world import START, World


def rename(world: World, name: str, on: date, who: str = "township_officer") -> Organisation:
    with clock.at(max(on, date(2026, 4, 1))):
        return rename_organisation(actor=world.actor(who), organisation_id=world.branch.pk, name=name, on=on)


def test_it_works_and_former_days_keep_the_former_name(world: World) -> None:
    rename(world, "槐园社区第一网格党支部", date(2026, 2, 1))
    made = rename(world, "槐园社区东片党支部", date(2026, 3, 1))
    assert made.name == "槐园社区东片党支部"
    said = {
        day: name_on(made, day)
        for day in (START, date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))
    }
    assert list(said.values()) == ["槐园社区第一党支部"] * 2 + ["槐园社区第一网格党支部"] * 2 + ["槐园社区东片党支部"]
    assert [change.get_kind_display() for change in history_of(made)] == ["更名", "更名"]


def test_the_names_of_many_on_a_day_take_one_query(world: World, django_assert_num_queries) -> None:
    rename(world, "槐园社区东片党支部", date(2026, 3, 1))
    both = list(Organisation.objects.filter(pk__in=[world.branch.pk, world.village.pk]))
    with django_assert_num_queries(1):
        names = names_on(both, date(2026, 2, 1))
    assert names == {world.branch.pk: "槐园社区第一党支部", world.village.pk: "柳沟村"}


def test_who_may_not(world: World) -> None:
    with pytest.raises(NotAllowed):
        rename(world, "新名", date(2026, 4, 1), "secretary")
    with pytest.raises(NotVisible):
        rename(world, "新名", date(2026, 4, 1), "other_district_officer")


def test_a_name_stands_once_per_parent(world: World) -> None:
    with pytest.raises(DomainError, match="已经有一个"):
        rename(world, "槐园社区第二党支部", date(2026, 4, 1))


def test_the_same_name_is_no_change(world: World) -> None:
    with pytest.raises(DomainError, match="一样"):
        rename(world, " 槐园社区第一党支部 ", date(2026, 4, 1))


def test_history_is_written_in_order(world: World) -> None:
    rename(world, "槐园社区东片党支部", date(2026, 3, 1))
    with pytest.raises(DomainError, match="不能早于最近一次变更的日期（2026年3月1日）"):
        rename(world, "又一个名称", date(2026, 2, 1))
