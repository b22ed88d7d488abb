"""accounts.deactivate_user, accounts.reactivate_user, accounts.reset_second_factor, accounts.change_password"""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from pioneer.accounts.services import change_password, deactivate_user, reactivate_user, reset_second_factor
from pioneer.accounts.slips import issue_slip
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from tests.world import World

pytestmark = pytest.mark.django_db
BACKEND = "pioneer.accounts.backends.NumberBackend"


def test_who_is_signed_in_is_out_at_once(client: Client, world: World) -> None:
    client.force_login(world.users["guilan"], backend=BACKEND)
    deactivate_user(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    assert client.get("/account/").status_code == 302


def test_an_open_slip_no_longer_works(world: World) -> None:
    slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    deactivate_user(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    slip.refresh_from_db()
    assert slip.cancelled_at is not None


def test_it_can_be_taken_back(world: World) -> None:
    deactivate_user(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    assert reactivate_user(actor=world.actor("secretary"), user_id=world.users["guilan"].pk).is_active


def test_twice_is_refused(world: World) -> None:
    deactivate_user(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    with pytest.raises(DomainError) as refusal:
        deactivate_user(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    assert refusal.value.code == "user_inactive"


@pytest.mark.parametrize(("who", "whom"), [("secretary", "secretary"), ("secretary", "recorder")])
def test_not_oneself_and_no_equal(world: World, who: str, whom: str) -> None:
    with pytest.raises(NotAllowed):
        deactivate_user(actor=world.actor(who), user_id=world.users[whom].pk)


def test_elsewhere_nobody_is_seen(world: World) -> None:
    with pytest.raises(NotVisible):
        deactivate_user(actor=world.actor("other_district_officer"), user_id=world.users["guilan"].pk)


def test_the_security_administrator_clears_a_lost_second_factor(world: World) -> None:
    TOTP.activate(world.users["system_admin"], generate_totp_secret())
    reset_second_factor(actor=world.actor("security_admin"), user_id=world.users["system_admin"].pk)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("who", ["system_admin", "district_officer"])
def test_nobody_else_clears_it(world: World, who: str) -> None:
    TOTP.activate(world.users["security_admin"], generate_totp_secret())
    with pytest.raises(NotAllowed):
        reset_second_factor(actor=world.actor(who), user_id=world.users["security_admin"].pk)


def test_nor_oneself(world: World) -> None:
    TOTP.activate(world.users["security_admin"], generate_totp_secret())
    with pytest.raises(NotAllowed, match="本人"):
        reset_second_factor(actor=world.actor("security_admin"), user_id=world.users["security_admin"].pk)


def test_the_key_is_encrypted_at_rest(world: World) -> None:
    secret = generate_totp_secret()
    TOTP.activate(world.users["system_admin"], secret)
    assert secret not in str(Authenticator.objects.get().data)


def test_who_knows_the_old_password_chooses_a_new_one(world: World) -> None:
    user = world.users["guilan"]
    user.set_password("槐花开了又一年真好看")
    user.save()
    actor = world.actor("guilan")
    with pytest.raises(BadInput, match="现在的密码不对"):
        change_password(actor=actor, old="不是这一句", new="新年里槐花又开一回")
    with pytest.raises(BadInput):
        change_password(actor=actor, old="槐花开了又一年真好看", new="短")
    changed = change_password(actor=actor, old="槐花开了又一年真好看", new="新年里槐花又开一回呢")
    assert changed.check_password("新年里槐花又开一回呢")
