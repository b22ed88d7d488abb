"""What of the accounts and the audit is seen by whom."""

from datetime import date

import pytest

from pioneer.accounts import queries
from pioneer.accounts.services import create_user, grant_role
from pioneer.kernel import clock
from pioneer.kernel.errors import NotAllowed, NotVisible
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.at(TODAY):
        yield


def names(world: World, who: str) -> set[str]:
    return {user.name for user in queries.users_visible_to(world.actor(who))}


def test_a_secretary_sees_the_people_of_the_branch(world: World) -> None:
    assert {"李桂兰", "单雪琴", "解文军"} <= names(world, "secretary")
    assert not {"温如春", "柳长根", "外一", "段雅文"} & names(world, "secretary")


def test_a_plain_member_sees_only_the_own_account(world: World) -> None:
    assert names(world, "guilan") == {"李桂兰"}


def test_a_district_ends_at_its_border(world: World) -> None:
    assert not {name for name in names(world, "security_admin") if name.startswith("外")}


def test_somebody_granted_a_role_here_is_seen_here(world: World) -> None:
    grant_role(
        actor=world.actor("district_officer"),
        user_id=world.users["mancang"].pk,
        role="recorder",
        organisation_id=world.branch.pk,
    )
    assert "柳满仓" in names(world, "township_officer")


def test_a_foreign_account_is_not_visible(world: World) -> None:
    with pytest.raises(NotVisible):
        queries.user_for(world.actor("secretary"), world.users["mancang"].pk)


def test_it_is_found_by_name_or_number(world: World) -> None:
    actor = world.actor("district_officer")
    for words in ("桂兰", "M00002", "19800000002"):
        assert [user.name for user in queries.search_users(actor, words)] == ["李桂兰"]


def test_who_waits_for_a_slip_or_a_role_is_listed(world: World) -> None:
    actor = world.actor("system_admin")
    assert world.users["recorder"] in queries.officers_without_access(actor)
    assert world.users["guilan"] not in queries.officers_without_access(actor)
    made = create_user(actor=actor, organisation_id=world.organisations["street"].pk, name="新人", phone="13800000001")
    assert list(queries.without_posts(world.actor("security_admin"))) == [made]


def test_the_audit_is_read_by_day_and_operation_within_the_district(world: World) -> None:
    with clock.at(date(2026, 3, 31)):
        create_user(
            actor=world.actor("system_admin"), organisation_id=world.branch.pk, name="甲乙", phone="13800000001"
        )
    with pytest.raises(NotAllowed):
        create_user(actor=world.actor("secretary"), organisation_id=world.branch.pk, name="甲乙", phone="13800000002")
    auditor = world.actor("auditor")
    assert [event.refused for event in queries.search_audit(auditor, "accounts")] == ["not_allowed", ""]
    assert queries.search_audit(auditor, on=date(2026, 3, 31)).count() == 1
    assert not queries.search_audit(auditor, "members").exists()
    assert not queries.audit_visible_to(world.actor("district_officer")).exists()


def test_another_districts_doings_are_not_in_it(world: World) -> None:
    grant_role(
        actor=world.actor("other_district_officer"),
        user_id=world.users["other_member"].pk,
        role="recorder",
        organisation_id=world.organisations["other_branch"].pk,
    )
    assert not queries.audit_visible_to(world.actor("auditor")).exists()
