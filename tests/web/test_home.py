"""The first page: what is for me to do now."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from pioneer.accounts.models import Role
from pioneer.accounts.policies import SETUP
from pioneer.accounts.queries import actor_of
from pioneer.accounts.services import create_user, grant_role, set_up
from pioneer.kernel import clock
from pioneer.messages.services import tell
from pioneer.web import accounts, home, organisations
from pioneer.web.todo import Todo
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db


def page_of(client: Client, world: World, who: str) -> str:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    with clock.at(TODAY):
        return client.get("/", follow=True).content.decode()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "TODO", [])


def test_nothing_to_do_is_said_calmly(client: Client, world: World, quiet: None) -> None:
    assert "眼下没有要您办的事" in page_of(client, world, "secretary")


def test_an_unread_message_waits(client: Client, world: World) -> None:
    tell(world.users["secretary"], "line", "1", "标题", "内容")
    page = page_of(client, world, "secretary")
    assert "未读消息" in page and "1条未读" in page


def test_officers_without_a_slip_wait_for_who_makes_accounts(client: Client, world: World) -> None:
    assert "任职人员还没有登录码" in page_of(client, world, "system_admin")
    assert "任职人员还没有登录码" not in page_of(client, world, "secretary")


def test_accounts_without_a_role_wait_for_the_security_administrator(client: Client, world: World) -> None:
    create_user(actor=world.actor("system_admin"), organisation_id=world.district.pk, name="新人", phone="13800000001")
    assert "账号等待授予任职" in page_of(client, world, "security_admin")


def test_the_urgent_comes_first_then_what_is_due_first(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Todo("复核3月考评表", 1, "/inbox/", due=date(2026, 4, 9))
    sooner = Todo("送复核", 2, "/inbox/", due=date(2026, 4, 3))
    urgent = Todo("答复异议", 1, "/inbox/", urgent=True)
    monkeypatch.setattr(home, "TODO", [lambda actor: [later, sooner, urgent]])
    page = page_of(client, world, "secretary")
    assert page.index("答复异议") < page.index("送复核") < page.index("复核3月考评表")
    assert "4月3日前办完" in page and "要紧" in page


def test_what_is_overdue_says_so_in_words(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    late = Todo("送复核", 1, "/inbox/", due=date(2026, 3, 30))
    monkeypatch.setattr(home, "TODO", [lambda actor: [late]])
    assert "已逾期" in page_of(client, world, "secretary")


def test_a_member_is_led_to_the_own_page(client: Client, world: World) -> None:
    client.force_login(world.users["guilan"], backend="pioneer.accounts.backends.NumberBackend")
    assert client.get("/")["location"] == reverse("member-home")


def test_nobody_sees_it_without_signing_in(client: Client) -> None:
    assert client.get("/")["location"] == "/accounts/login/?next=/"


@pytest.mark.django_db
def test_a_fresh_system_says_what_to_do_first() -> None:
    with clock.at(TODAY):
        made = set_up(
            actor=SETUP, district="新设区", system_admin=("甲甲", "13800000001"), security_admin=("乙乙", "13800000002")
        )
        system, security = actor_of(made.system_admin.user), actor_of(made.security_admin.user)
        assert [one.text for one in accounts.todo(system)] == ["建两位区委组织部工作人员的账号"]
        first, _ = [
            create_user(actor=system, organisation_id=made.district.pk, name="新人", phone=f"1380000000{n}")
            for n in (3, 4)
        ]
        assert accounts.todo(system) == []
        grant_role(actor=security, user_id=first.pk, role=Role.DISTRICT_OFFICER, organisation_id=made.district.pk)
        assert "在新设区下设立乡镇（街道）" in [one.text for one in organisations.todo(actor_of(first))]


def test_whoever_has_a_tree_is_not_told_to_begin_one(client: Client, world: World) -> None:
    assert "下设立" not in page_of(client, world, "district_officer")
