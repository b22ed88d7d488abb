"""Setting up an organisation under its parent."""

from datetime import date
from typing import Any

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.organisations.models import Organisation, OrganisationChange
from pioneer.organisations.services import create_organisation
from tests.world import TODAY, World


def create(world: World, who: str = "township_officer", parent: str = "street", **changes: Any) -> Organisation:
    filled = {"name": "东街社区", "on": TODAY, "setting": "urban", **changes}
    with clock.at(TODAY):
        return create_organisation(actor=world.actor(who), parent_id=world.organisations[parent].pk, **filled)


def test_it_works_and_its_history_begins(world: World) -> None:
    made = create(world, document="槐街发〔2026〕5号")
    street = world.organisations["street"]
    assert (made.level, made.setting, made.is_branch, made.parent) == ("community", "urban", False, street)
    assert made.path == f"{street.path}{made.pk}/" and made.opened_on == TODAY
    change = OrganisationChange.objects.get(organisation=made)
    assert (change.kind, change.on, change.document) == ("created", TODAY, "槐街发〔2026〕5号")
    assert AuditEvent.objects.get(operation="organisations.create_organisation").target_number == made.pk


def test_a_branch_takes_its_setting_from_its_community(world: World) -> None:
    made = create(world, "district_officer", "community", name="槐园社区第三党支部", setting="")
    assert (made.level, made.setting, made.is_branch) == ("branch", "urban", True)


def test_a_village_with_one_branch_is_one_row(world: World) -> None:
    made = create(world, "town_officer", "town", name="杨沟村", setting="rural", is_branch=True)
    assert made.is_community and made.is_branch


@pytest.mark.parametrize("who", ["secretary", "community_officer", "auditor", "system_admin", "security_admin"])
def test_only_township_and_district_officers_may(world: World, who: str) -> None:
    with pytest.raises(NotAllowed, match="乡镇（街道）党务工作者"):
        create(world, who)
    assert AuditEvent.objects.get().refused == "not_allowed"


def test_a_township_officer_may_not_in_another_township(world: World) -> None:
    with pytest.raises(NotVisible):
        create(world, "town_officer")


def test_another_district_doesnt_even_see_the_parent(world: World) -> None:
    with pytest.raises(NotVisible):
        create(world, "other_district_officer")


def test_what_is_older_than_the_district_in_the_system_keeps_its_own_day(world: World) -> None:
    made = create(world, "district_officer", "district", name="东山镇", setting="", on=date(1958, 8, 1))
    assert made.opened_on == date(1958, 8, 1)
    with pytest.raises(DomainError, match="不能早于建党之日"):
        create(world, "district_officer", "district", name="西山镇", setting="", on=date(1158, 8, 1))


def test_nothing_stands_below_a_branch(world: World) -> None:
    with pytest.raises(DomainError, match="下面不能再设组织"):
        create(world, parent="branch")


def test_a_village_that_is_its_own_branch_is_split_first(world: World) -> None:
    with pytest.raises(DomainError, match="分设"):
        create(world, "town_officer", "village", name="柳沟村第二党支部")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "  "}, "全称"),
        ({"name": "槐园社区"}, "已经有一个“槐园社区”"),
        ({"name": "长" * 81}, "最多80个字"),
        ({"setting": ""}, "农村还是社区"),
        ({"on": date(2026, 4, 2)}, "不能晚于今天"),
        ({"on": date(2025, 12, 31)}, "不能早于上级“槐园街道”的设立日期（2026年1月1日）"),
    ],
)
def test_it_says_what_is_wrong(world: World, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DomainError, match=said):
        create(world, **changes)


def test_a_township_is_no_branch(world: World) -> None:
    with pytest.raises(BadInput, match="不能同时是党支部"):
        create(world, "district_officer", "district", name="新镇", is_branch=True)


def test_not_under_a_closed_parent(world: World) -> None:
    street = world.organisations["street"]
    street.closed_on = date(2026, 3, 31)
    street.save()
    with pytest.raises(DomainError, match="2026年3月31日撤销"):
        create(world, "district_officer")
