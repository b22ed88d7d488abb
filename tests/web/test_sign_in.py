"""Coming in: by number and password, by slip, with a second factor, for a time."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axes.models import AccessAttempt, AccessFailureLog
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from pioneer.accounts.slips import issue_slip
from pioneer.kernel.models import AuditEvent
from tests.world import World

pytestmark = pytest.mark.django_db
SECRET = "槐花开了又一年真好看"
BACKEND = "pioneer.accounts.backends.NumberBackend"


@pytest.fixture(autouse=True)
def _no_haste() -> None:
    """The limit on haste counts per address, and every test comes from the same one."""
    cache.clear()


@pytest.fixture
def people(world: World) -> World:
    for who in ("guilan", "secretary", "system_admin"):
        world.users[who].set_password(SECRET)
        world.users[who].save()
    return world


def sign_in(client: Client, number: str, password: str = SECRET) -> Any:
    return client.post(reverse("account_login"), {"login": number, "password": password})


def is_in(client: Client) -> bool:
    return client.get(reverse("own-account")).status_code == 200


@pytest.mark.parametrize("field", ["login", "phone"])
def test_the_member_number_or_the_phone_number_opens_the_door(client: Client, people: World, field: str) -> None:
    answer = sign_in(client, f" {getattr(people.users['guilan'], field)} ")
    assert answer["location"] == "/"
    assert is_in(client)


def test_a_name_opens_nothing(client: Client, people: World) -> None:
    assert "号码或密码不对" in sign_in(client, "李桂兰").content.decode()
    assert not is_in(client)


def test_an_unknown_number_reads_like_a_wrong_password(client: Client, people: World) -> None:
    def said(number: str) -> str:
        page = sign_in(client, number, "完全不对的密码呀").content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    assert said("M99999") == said(people.users["guilan"].login)


def test_coming_in_is_audited(client: Client, people: World) -> None:
    sign_in(client, people.users["guilan"].login)
    assert AuditEvent.objects.get(operation="accounts.record_sign_in").actor_number == people.users["guilan"].pk


def test_the_labels_are_chinese(client: Client, people: World) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "手机号或党员编号" in page and ">密码<" in page
    assert "Username" not in page and "Remember" not in page


def test_who_is_not_in_is_led_to_the_door_and_back(client: Client, people: World) -> None:
    assert client.get("/inbox/")["location"] == "/accounts/login/?next=/inbox/"
    answer = client.post("/accounts/login/?next=/inbox/", {"login": "M00002", "password": SECRET, "next": "/inbox/"})
    assert answer["location"] == "/inbox/"


def test_leaving_takes_a_button(client: Client, people: World) -> None:
    sign_in(client, "M00002")
    client.get(reverse("account_logout"))
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_doors_that_do_not_belong_here_are_walled_up(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["signup", "email", "password/reset", "password/change", "login/code"])
def test_their_addresses_lead_nowhere(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}/").status_code == 404


# --- locking ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def locking(settings: Any) -> None:
    settings.AXES_ENABLED = True


def test_five_failures_lock_even_the_right_password(client: Client, people: World, locking: None) -> None:
    for _ in range(4):
        assert sign_in(client, "M00002", "不对的密码不对的").status_code == 200
    locked = sign_in(client, "M00002", "不对的密码不对的")
    assert locked.status_code == 429
    assert "15分钟" in locked.content.decode() and "开一张新的登录码" in locked.content.decode()
    assert sign_in(client, "M00002").status_code == 429
    assert not is_in(client)


def test_both_numbers_of_an_account_share_the_count(client: Client, people: World, locking: None) -> None:
    phone = people.users["guilan"].phone or ""
    for number in ("M00002", phone, "M00002 ", phone):
        sign_in(client, number, "不对的密码不对的")
    assert sign_in(client, phone, "不对的密码不对的").status_code == 429


def test_another_account_is_not_locked_with_it(client: Client, people: World, locking: None) -> None:
    for _ in range(5):
        sign_in(client, "M00002", "不对的密码不对的")
    assert sign_in(Client(), people.users["secretary"].login).status_code == 302


def test_another_place_is_not_locked_with_it(client: Client, people: World, locking: None) -> None:
    for _ in range(5):
        sign_in(client, "M00002", "不对的密码不对的")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), "M00002").status_code == 302


def test_coming_in_clears_the_count(client: Client, people: World, locking: None) -> None:
    for _ in range(4):
        sign_in(client, "M00002", "不对的密码不对的")
    assert sign_in(client, "M00002").status_code == 302
    client.post(reverse("account_logout"))
    for _ in range(4):
        assert sign_in(client, "M00002", "不对的密码不对的").status_code == 200


def test_haste_is_slowed_down_with_a_calm_page(client: Client, people: World) -> None:
    answers = [sign_in(client, f"M{number:05d}", "不对的密码不对的") for number in range(100, 161)]
    assert answers[-1].status_code == 429
    assert "等一分钟再试" in answers[-1].content.decode()


def test_guessing_codes_locks_as_well(client: Client, people: World, locking: None) -> None:
    typed = {"login": "M00002", "code": "AAAA-BBBB-CCCC", "password": SECRET, "again": SECRET}
    for _ in range(4):
        assert client.post(reverse("use-slip"), typed).status_code == 200
    assert client.post(reverse("use-slip"), typed).status_code == 429
    assert client.post(reverse("use-slip"), typed).status_code == 429


def test_what_was_typed_is_not_kept_with_a_failure(client: Client, people: World, locking: None) -> None:
    phone = people.users["guilan"].phone or ""
    sign_in(client, phone, "不对的密码不对的")
    typed = {"login": phone, "code": "AAAA-BBBB-CCCC", "password": SECRET, "again": SECRET}
    client.post(reverse("use-slip"), typed)
    kept = str(list(AccessAttempt.objects.values())) + str(list(AccessFailureLog.objects.values()))
    assert "#" in kept
    assert not [text for text in (phone, "AAAA", SECRET, "不对的密码") if text in kept]


# --- the slip ---------------------------------------------------------------------------------------------------------


def with_slip(client: Client, code: str, password: str = SECRET, again: str = SECRET) -> Any:
    return client.post(reverse("use-slip"), {"login": "M00002", "code": code, "password": password, "again": again})


def test_the_slip_lets_the_person_in_at_once(client: Client, world: World) -> None:
    slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    assert with_slip(client, slip.code)["location"] == "/"
    assert is_in(client)


def test_a_wrong_code_says_what_to_do(client: Client, world: World) -> None:
    page = with_slip(client, "AAAA-BBBB-CCCC").content.decode()
    assert "号码或一次性登录码不对" in page


def test_two_different_passwords_are_not_taken(client: Client, world: World) -> None:
    slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    assert "两次输入的新密码不一样" in with_slip(client, slip.code, again="另一句不一样的话呀").content.decode()


def test_a_weak_password_stands_at_its_field(client: Client, world: World) -> None:
    slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    page = with_slip(client, slip.code, "短", "短").content.decode()
    assert 'id="id_password_error"' in page


def test_a_reset_does_not_get_around_the_second_factor(client: Client, people: World) -> None:
    TOTP.activate(people.users["system_admin"], generate_totp_secret())
    slip = issue_slip(actor=people.actor("security_admin"), user_id=people.users["system_admin"].pk)
    answer = client.post(
        reverse("use-slip"),
        {"login": people.users["system_admin"].login, "code": slip.code, "password": SECRET, "again": SECRET},
    )
    assert answer["location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)


# --- the second factor ------------------------------------------------------------------------------------------------


def number_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_an_administrator_is_led_to_set_it_up_before_anything_else(
    client: Client, people: World, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client, people.users["system_admin"].login)
    for address in ("/", "/users/", "/inbox/", "/account/"):
        assert client.get(address)["location"] == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    assert "设置二次验证" in page.content.decode()


def test_setting_it_up_opens_the_rest(client: Client, people: World, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client, people.users["system_admin"].login)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'class="fingerprint">([A-Z2-7]+)<', page)
    assert found is not None
    answer = client.post(reverse("mfa_activate_totp"), {"code": number_now(found[1])})
    assert answer["location"] == reverse("mfa_view_recovery_codes")
    assert "备用码" in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert client.get("/users/").status_code == 200
    assert AuditEvent.objects.filter(operation="accounts.record_second_factor").exists()


def test_other_roles_are_not_asked_for_it(client: Client, people: World, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client, people.users["secretary"].login)
    assert is_in(client)


@pytest.mark.parametrize("kind", ["number", "recovery"])
def test_signing_in_asks_for_the_second_factor(client: Client, people: World, kind: str) -> None:
    secret = generate_totp_secret()
    TOTP.activate(people.users["system_admin"], secret)
    codes = RecoveryCodes.activate(people.users["system_admin"]).get_unused_codes()
    answer = sign_in(client, people.users["system_admin"].login)
    assert answer["location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": number_now(secret) if kind == "number" else codes[0]})
    assert is_in(client)


def test_an_administrator_cannot_give_it_up(client: Client, people: World) -> None:
    TOTP.activate(people.users["system_admin"], generate_totp_secret())
    client.force_login(people.users["system_admin"], backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(people.users["system_admin"].pk)
    session.save()
    page = client.post(reverse("mfa_deactivate_totp"))
    assert "不能停用" in page.content.decode()


# --- for a time -------------------------------------------------------------------------------------------------------


def back(client: Client, **stamps: float) -> None:
    session = client.session
    for name, seconds in stamps.items():
        session[name] = int(time.time() - seconds)
    session.save()


def test_an_officer_is_out_after_an_hour_without_a_click(client: Client, world: World) -> None:
    client.force_login(world.users["secretary"], backend=BACKEND)
    assert is_in(client)
    back(client, began=3700, seen=3700)
    answer = client.get("/inbox/", follow=True)
    assert "较长时间没有操作" in answer.content.decode()
    assert not is_in(client)


def test_a_member_is_not(client: Client, world: World) -> None:
    client.force_login(world.users["guilan"], backend=BACKEND)
    back(client, began=3700, seen=3700)
    assert is_in(client)


@pytest.mark.parametrize("who", ["guilan", "secretary"])
def test_everybody_is_out_after_eight_hours(client: Client, world: World, who: str) -> None:
    client.force_login(world.users[who], backend=BACKEND)
    back(client, began=8 * 3600 + 10, seen=5)
    assert "已满8小时" in client.get("/inbox/", follow=True).content.decode()
    assert not is_in(client)


def test_the_session_is_not_written_at_every_click(
    client: Client, world: World, django_assert_num_queries: Any
) -> None:
    client.force_login(world.users["secretary"], backend=BACKEND)
    client.get("/inbox/")
    before = client.session["seen"]
    client.get("/inbox/")
    assert client.session["seen"] == before
