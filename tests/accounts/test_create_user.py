"""accounts.create_user and accounts.change_user"""

import pytest

from pioneer.accounts.services import change_user, create_user
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.at(TODAY):
        yield


def test_it_works_with_a_phone_number(world: World) -> None:
    made = create_user(
        actor=world.actor("system_admin"),
        organisation_id=world.organisations["street"].pk,
        name=" 新人 ",
        phone="138 0000-0001",
    )
    assert (made.name, made.login, made.phone) == ("新人", "13800000001", "13800000001")
    assert not made.has_usable_password()
    assert made.organisation == world.organisations["street"]


def test_a_member_number_does_without_a_phone(world: World) -> None:
    made = create_user(
        actor=world.actor("township_officer"), organisation_id=world.branch.pk, name="老党员", login="M90001"
    )
    assert (made.login, made.phone) == ("M90001", None)


def test_no_name_or_number_reaches_the_audit(world: World) -> None:
    create_user(actor=world.actor("system_admin"), organisation_id=world.branch.pk, name="新人甲", phone="13800000001")
    event = AuditEvent.objects.get(operation="accounts.create_user")
    assert event.arguments == {"organisation_id": world.branch.pk}


def test_all_mistakes_are_said_together(world: World) -> None:
    with pytest.raises(BadInput) as refusal:
        create_user(
            actor=world.actor("system_admin"), organisation_id=world.branch.pk, name="", phone="123", login="号"
        )
    assert [fault.place for fault in refusal.value.faults] == ["姓名", "手机号", "党员编号"]


@pytest.mark.parametrize("number", ["19900000001", "G00001"])
def test_a_number_in_use_is_refused_whichever_field_holds_it(world: World, number: str) -> None:
    phone, login = (number, "") if number.isdigit() else ("", number)
    with pytest.raises(BadInput, match="已有账号在用"):
        create_user(
            actor=world.actor("system_admin"), organisation_id=world.branch.pk, name="新人", phone=phone, login=login
        )


@pytest.mark.parametrize("who", ["secretary", "community_officer", "security_admin", "auditor"])
def test_it_needs_the_right(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        create_user(actor=world.actor(who), organisation_id=world.branch.pk, name="新人", phone="13800000001")


@pytest.mark.parametrize("who", ["town_officer", "other_district_officer", "guilan"])
def test_elsewhere_the_organisation_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        create_user(actor=world.actor(who), organisation_id=world.branch.pk, name="新人", phone="13800000001")


def test_a_new_phone_number_is_the_new_login_where_it_was_the_old(world: World) -> None:
    made = create_user(
        actor=world.actor("system_admin"), organisation_id=world.branch.pk, name="新人", phone="13800000001"
    )
    changed = change_user(actor=world.actor("system_admin"), user_id=made.pk, name="新人", phone="13800000002")
    assert (changed.login, changed.phone) == ("13800000002", "13800000002")


def test_a_member_number_stays_when_the_phone_changes(world: World) -> None:
    user = world.users["guilan"]
    changed = change_user(actor=world.actor("secretary"), user_id=user.pk, name="李桂兰", phone="")
    assert (changed.login, changed.phone) == (user.login, None)


def test_equals_do_not_change_each_other(world: World) -> None:
    with pytest.raises(NotAllowed):
        change_user(
            actor=world.actor("secretary"), user_id=world.users["recorder"].pk, name="解文军", phone="13800000001"
        )
