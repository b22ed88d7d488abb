"""The pages of accounts, grants, slips, the audit and the inbox."""

import pytest
from django.test import Client
from django.urls import reverse

from pioneer.accounts.models import Grant, Slip, User
from pioneer.messages.models import Message
from pioneer.messages.services import tell
from tests.world import World

pytestmark = pytest.mark.django_db


def enter(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def test_an_account_is_made_given_a_role_and_a_slip(world: World) -> None:
    system, security = enter(world, "system_admin"), enter(world, "security_admin")
    street = world.organisations["street"].pk
    made = system.post(reverse("new-user"), {"organisation": street, "name": "新人", "phone": "13800000001"})
    user = User.objects.get(login="13800000001")
    assert made["location"] == reverse("user", args=[user.pk])
    assert "没有任职" in system.get(made["location"]).content.decode()
    given = security.post(
        reverse("grant-role", args=[user.pk]), {"organisation": street, "role": "township_officer", "from_on": ""}
    )
    assert given.status_code == 302
    drawn = system.post(reverse("issue-slip", args=[user.pk]), follow=True).content.decode()
    assert 'class="slip-code"' in drawn and "13800000001" in drawn and "安可" in drawn
    assert "slip-code" in system.get(reverse("slip", args=[Slip.objects.get().pk])).content.decode()


def test_only_the_session_that_drew_a_slip_shows_its_code(world: World) -> None:
    secretary = enter(world, "secretary")
    secretary.post(reverse("issue-slip", args=[world.users["guilan"].pk]))
    address = reverse("slip", args=[Slip.objects.get().pk])
    assert "slip-code" in secretary.get(address).content.decode()
    assert "slip-code" not in enter(world, "deputy").get(address).content.decode()
    assert enter(world, "second_secretary").get(address).status_code == 404
    session = secretary.session
    session["slip"] = {**session["slip"], "until": 0}
    session.save()
    assert "登录码不保存" in secretary.get(address).content.decode()


def test_a_slip_is_cancelled_on_its_page(world: World) -> None:
    secretary = enter(world, "secretary")
    secretary.post(reverse("issue-slip", args=[world.users["guilan"].pk]))
    slip = Slip.objects.get()
    assert secretary.post(reverse("cancel-slip", args=[slip.pk])).status_code == 302
    assert "已作废" in secretary.get(reverse("slip", args=[slip.pk])).content.decode()


def test_mistakes_stand_at_their_fields(world: World) -> None:
    page = enter(world, "system_admin").post(
        reverse("new-user"), {"organisation": world.district.pk, "name": "新人", "phone": "123"}
    )
    assert "手机号应为11位数字" in page.content.decode()
    assert 'id="id_phone_error"' in page.content.decode()


def test_a_refusal_stands_on_top_of_the_form(world: World) -> None:
    page = enter(world, "security_admin").post(
        reverse("grant-role", args=[world.users["auditor"].pk]),
        {"organisation": world.district.pk, "role": "system_admin", "from_on": ""},
    )
    assert "分属不同的人" in page.content.decode()


def test_only_roles_that_exist_at_a_place_of_ones_own_are_offered_and_none_is_preset(world: World) -> None:
    page = enter(world, "township_officer").get(reverse("grant-role", args=[world.users["guilan"].pk])).content.decode()
    assert '<option value="" selected>请选择</option>' in page and 'value="secretary"' in page
    assert 'value="district_officer"' not in page


def test_a_post_is_ended_on_its_page(world: World) -> None:
    grant = Grant.objects.get(user=world.users["recorder"])
    officer = enter(world, "township_officer")
    address = reverse("end-grant", args=[world.users["recorder"].pk, grant.pk])
    assert "结束任职" in officer.get(address).content.decode()
    assert officer.post(address, {"last_day": ""}).status_code == 302
    grant.refresh_from_db()
    assert grant.ended_at is not None


@pytest.mark.parametrize("name", ["issue-slip", "deactivate-user", "reactivate-user", "reset-second-factor"])
def test_what_writes_takes_a_button(world: World, name: str) -> None:
    assert enter(world, "secretary").get(reverse(name, args=[world.users["guilan"].pk])).status_code == 405


@pytest.mark.parametrize("who", ["second_secretary", "town_officer", "other_district_officer", "recorder", "guilan"])
@pytest.mark.parametrize("name", ["user", "change-user", "grant-role"])
def test_other_peoples_accounts_do_not_exist(world: World, who: str, name: str) -> None:
    assert enter(world, who).get(reverse(name, args=[world.users["xueqin"].pk])).status_code == 404


@pytest.mark.parametrize("only", ["", "all", "new", "idle", "off"])
def test_the_list_is_filtered(world: World, only: str) -> None:
    assert enter(world, "system_admin").get(reverse("users"), {"only": only}).status_code == 200


def test_the_list_costs_the_same_for_any_number_of_people(world: World, django_assert_max_num_queries: object) -> None:
    client = enter(world, "system_admin")
    client.get(reverse("users"))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get(reverse("users"))


def test_the_audit_shows_numbers_and_roles_and_no_names(world: World) -> None:
    enter(world, "secretary").post(reverse("issue-slip", args=[world.users["guilan"].pk]))
    page = enter(world, "auditor").get(reverse("audit"), {"operation": "accounts"}).content.decode()
    assert "开纸条" in page and "accounts.issue_slip" in page and "支部书记" in page
    assert "李桂兰" not in page and "王保国" not in page


def test_a_password_is_changed_and_this_device_stays_in(world: World) -> None:
    world.users["guilan"].set_password("槐花开了又一年真好看")
    world.users["guilan"].save()
    client = enter(world, "guilan")
    new = "新年里槐花又开一回呢"
    typed = {"old": "槐花开了又一年真好看", "password": new, "again": new}
    assert client.post(reverse("change-password"), typed).status_code == 302
    assert client.get(reverse("own-account")).status_code == 200


def test_a_message_is_read_and_leads_where_it_says(world: World) -> None:
    tell(world.users["guilan"], "line", "1", "有一条扣分等您说明", "主题党日迟到", "/account/")
    client = enter(world, "guilan")
    assert "有一条扣分等您说明" in client.get(reverse("inbox")).content.decode()
    message = Message.objects.get()
    assert client.post(reverse("read-message", args=[message.pk]))["location"] == "/account/"
    assert enter(world, "xueqin").post(reverse("read-message", args=[message.pk])).status_code == 404


def test_a_message_never_leads_away_from_the_site(world: World) -> None:
    tell(world.users["guilan"], "line", "1", "标题", "内容", "https://elsewhere.example/")
    client = enter(world, "guilan")
    assert client.post(reverse("read-message", args=[Message.objects.get().pk]))["location"] == reverse("inbox")


def test_an_empty_inbox_says_so(world: World) -> None:
    assert "没有消息" in enter(world, "guilan").get(reverse("inbox")).content.decode()
