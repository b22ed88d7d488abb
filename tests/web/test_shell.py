"""The frame every page stands in."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from pioneer.accounts.models import User
from tests.world import World

TEMPLATES = Path("pioneer/web/templates")
pytestmark = pytest.mark.django_db


def enter(client: Client, world: World, who: str) -> Client:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def test_the_bar_names_the_person_and_the_role(client: Client, world: World) -> None:
    page = enter(client, world, "secretary").get("/").content.decode()
    assert "王保国" in page
    assert "槐园社区第一党支部　支部书记" in page


def test_large_print_is_switched_by_a_form_and_kept_on_the_account(client: Client, world: World) -> None:
    enter(client, world, "secretary")
    answer = client.post(reverse("print-size"), {"size": "large", "next": "/inbox/"})
    assert answer["location"] == "/inbox/"
    assert client.cookies["print"].value == "large"
    assert User.objects.get(pk=world.users["secretary"].pk).large_print
    assert 'data-print="large"' in client.get("/inbox/").content.decode()


def test_large_print_follows_the_account_to_a_new_browser(client: Client, world: World) -> None:
    User.objects.filter(pk=world.users["secretary"].pk).update(large_print=True)
    assert 'data-print="large"' in enter(client, world, "secretary").get("/").content.decode()


def test_large_print_works_before_signing_in(client: Client) -> None:
    client.post(reverse("print-size"), {"size": "large", "next": "/accounts/login/"})
    assert 'data-print="large"' in client.get("/accounts/login/").content.decode()


def test_the_switch_does_not_lead_away_from_the_site(client: Client) -> None:
    answer = client.post(reverse("print-size"), {"size": "large", "next": "https://elsewhere.example/"})
    assert answer["location"] == "/"


def test_the_switch_is_not_pressed_by_a_link(client: Client) -> None:
    assert client.get(reverse("print-size")).status_code == 405


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("secretary", [], ["账号与任职", "审计"]),
        ("system_admin", ["首页", "账号与任职"], ["审计"]),
        ("security_admin", ["账号与任职", "审计"], []),
        ("auditor", ["审计"], ["账号与任职"]),
        ("township_officer", ["账号与任职"], ["审计"]),
    ],
)
def test_the_entries_follow_the_role(
    client: Client, world: World, who: str, seen: list[str], unseen: list[str]
) -> None:
    page = enter(client, world, who).get("/account/").content.decode()
    entries = re.search(r'<nav class="nav.*?</nav>', page, re.S)
    shown = entries[0] if entries else ""
    assert all(text in shown for text in seen)
    assert not any(text in shown for text in unseen)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("who", "near"),
    [
        ("secretary", ["首页", "考评", "公示", "花名册"]),
        ("township_officer", ["首页", "考评", "公示", "总览"]),
        ("district_officer", ["首页", "考评", "公示", "总览"]),
        ("auditor", ["首页", "考评", "总览", "审计"]),
        ("guilan", []),
        ("system_admin", []),
    ],
)
def test_many_entries_stand_under_one_on_a_narrow_screen_and_a_member_s_never_do(
    client: Client, world: World, who: str, near: list[str]
) -> None:
    page = enter(client, world, who).get("/rulebook/").content.decode()
    bar = re.search(r'<nav class="nav.*?</nav>', page, re.S)
    assert bar
    listed, _, under = bar[0].partition("<details")
    assert bool(near) == bool(under) == ("folded" in listed)
    assert listed.count("aria-current") == 1, "the page open is marked among all, for a wide screen"
    if not near:
        return
    every = re.findall(r'<li( class="further")?><a[^>]*>(.*?)</a>', listed)
    assert [text for further, text in every if not further] == near
    assert re.findall(r"<li><a[^>]*>(.*?)</a>", under) == [text for further, text in every if further]
    assert re.search(r'<a href="/rulebook/" aria-current="page">积分办法</a>', under)
    assert "，当前：积分办法" in re.search(r'<summary aria-current="true">.*?</summary>', under, re.S)[0]  # type: ignore[index]


def test_an_unknown_address_says_so_in_chinese(client: Client, world: World) -> None:
    answer = enter(client, world, "secretary").get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_a_refusal_is_a_page_with_the_sentence_and_the_way_back(client: Client, world: World) -> None:
    answer = enter(client, world, "secretary").get("/audit/", headers={"referer": "http://testserver/inbox/"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "审计记录由审计员和安全管理员查看" in page
    assert 'href="/inbox/"' in page


def test_the_way_back_never_leaves_the_site(client: Client, world: World) -> None:
    answer = enter(client, world, "secretary").get("/audit/", headers={"referer": "https://elsewhere.example/x"})
    assert "elsewhere" not in answer.content.decode()


def test_a_form_sent_without_its_token_is_refused_with_a_calm_page(world: World) -> None:
    client = enter(Client(enforce_csrf_checks=True), world, "secretary")
    answer = client.post(reverse("read-all"))
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_a_page_asks_once_for_the_unread_messages(
    client: Client, world: World, django_assert_num_queries: object
) -> None:
    enter(client, world, "secretary").get("/account/")
    # session, account, grants, unread, account, authenticator, the member behind the account, the passbook's doors
    with django_assert_num_queries(8):  # type: ignore[operator]
        client.get("/account/")


@pytest.mark.pure
def test_no_template_holds_an_inline_style_or_script() -> None:
    faults = []
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        if re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text):
            faults.append(f"{file}: style or handler")
        if re.search(r"<script(?![^>]*\ssrc=)", text):
            faults.append(f"{file}: script without a source")
        if re.search(r"(?:src|href)=\"(?:https?:)?//", text):
            faults.append(f"{file}: something from elsewhere")
    assert not faults


@pytest.mark.pure
def test_no_style_sheet_fetches_anything_from_elsewhere() -> None:
    for file in Path("pioneer/web/static/pioneer").glob("*.css"):
        assert "url(" not in file.read_text(encoding="utf-8"), file.name
        assert "@import" not in file.read_text(encoding="utf-8"), file.name


@pytest.mark.pure
def test_no_form_writes_without_its_token() -> None:
    for file in TEMPLATES.rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', file.read_text(encoding="utf-8"), re.S):
            assert "csrf_token" in form, file
