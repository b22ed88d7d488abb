"""没有网络时 A member declares on a phone without a connection; it is sent once the connection is back, only once."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect

from pioneer.declarations.models import Declaration
from pioneer.files import kinds, photographs
from pioneer.kernel import clock
from tests.browser.conftest import PHONE, ComeIn
from tests.browser.test_accessibility import looked_at
from tests.files.test_photographs import photograph
from tests.world import TODAY, World, adopt_rulebook, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MATTER = "帮独居老人换水龙头"


@pytest.fixture
def peopled() -> Iterator[World]:
    world = build()
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield world


def opened(page: Page, address: str = "/declarations/new/") -> None:
    """The page, with its script ready and the form kept for later; not the form for when there is no connection, which
    may still be what comes right after one came back."""
    for _ in range(20):
        page.goto(address)
        if not page.locator("[data-person]").count():
            break
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => caches.keys().then(names => names.length > 0)")
    page.wait_for_function("async () => Boolean(await Kept.get('people', Kept.account()))")
    page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")


def fill(page: Page, matter: str = MATTER, *, photo: bool = True) -> None:
    page.locator("form[data-ready]").wait_for()
    page.get_by_label(re.compile("为群众办好事实事")).check()
    page.get_by_label("哪一天").fill("2026-03-30")
    page.get_by_label("在哪里").fill("槐园小区")
    page.get_by_label("具体事项").fill(matter)
    if photo:
        picture = {"name": "水龙头.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
        page.get_by_label("照片或文件").set_input_files(picture)  # type: ignore[arg-type]
        expect(page.locator("[data-photographs] li")).to_have_count(1)


def clock_of(page: Page) -> str:
    """Today, as the phone has it."""
    return str(page.evaluate("new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10)"))


def send(page: Page) -> None:
    page.locator("form[data-declare] .do button").click()


def test_declared_without_a_connection_it_waits_and_is_sent_once(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    page.context.set_offline(True)
    page.goto("/declarations/new/")
    expect(page.get_by_text("现在没有网络").first).to_be_visible()
    fill(page)
    page.get_by_role("button", name="前天").click()
    assert page.get_by_label("哪一天").input_value() < clock_of(page)
    page.get_by_label("哪一天").fill("2026-03-30")
    send(page)
    waiting = page.locator("[data-waiting-list] li")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("待发送")
    assert looked_at(page, Axe()) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.reload()
    expect(waiting).to_contain_text(MATTER)
    assert not Declaration.objects.exists()
    item = page.evaluate("async () => (await Kept.waiting(Kept.account()))[0]")
    page.context.set_offline(False)
    page.goto("/declarations/")
    expect(page.get_by_text("已交到支部")).to_be_visible()
    expect(waiting).to_have_count(0)
    made = Declaration.objects.get()
    assert (str(made.request_key), made.matter, made.is_proxy) == (item["key"], MATTER, False)
    assert [kept.file.content_type for kept in made.files.all()] == ["image/jpeg"]
    page.evaluate("async row => { await Kept.put('waiting', row) }", {**item, "files": []})
    page.goto("/declarations/")  # as if the answer had been lost: the same claim is sent once more
    expect(page.get_by_text("已交到支部")).to_be_visible()
    page.wait_for_function("async () => (await Kept.waiting(Kept.account())).length === 0")
    assert Declaration.objects.count() == 1


def test_what_is_typed_stays_with_its_photographs_until_it_is_sent(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    fill(page)
    page.wait_for_function("async () => Boolean((await Kept.get('drafts', Kept.account()))?.fields.matter)")
    page.reload()
    expect(page.get_by_text("接着上次没写完的填")).to_be_visible()
    expect(page.get_by_label("具体事项")).to_have_value(MATTER)
    expect(page.locator("[data-photographs] li")).to_have_count(1)
    page.get_by_label("照片或文件").set_input_files(
        {"name": "第二张.jpg", "mimeType": "image/jpeg", "buffer": photograph(quality=40)}
    )
    expect(page.locator("[data-photographs] li")).to_have_count(2)
    send(page)
    expect(page.get_by_text("已交到支部")).to_be_visible()
    assert Declaration.objects.get().files.count() == 2
    page.goto("/declarations/new/")
    page.locator("form[data-ready]").wait_for()
    expect(page.get_by_label("具体事项")).to_have_value("")


def test_a_photograph_is_kept_and_sent_small_and_remembers_when_it_was_taken(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    fill(page, photo=False)
    large = photograph(picture=Image.effect_noise((3200, 2400), 40).convert("RGB"), quality=95)
    broken = b"\xff\xd8\xff\xe0" + bytes(500_000)
    for name, content in (("会场.jpg", large), ("打不开.jpg", broken)):
        picture = {"name": name, "mimeType": "image/jpeg", "buffer": content}
        page.get_by_label("照片或文件").set_input_files(picture)  # type: ignore[arg-type]
    expect(page.locator("[data-photographs] li")).to_have_count(2)
    page.wait_for_function("async () => (await Kept.get('photographs', Kept.account()))?.files.length === 2")
    small, whole = page.evaluate(
        "async () => (await Kept.get('photographs', Kept.account())).files.map(one => [...new Uint8Array(one.bytes)])"
    )
    assert len(small) < len(large) / 2 and bytes(whole) == broken  # what can't be opened here goes as it is
    assert page.evaluate("document.querySelector('[name=evidence]').files[0].size") == len(small)
    drawn = photographs.redrawn(bytes(small), kinds.JPEG)
    assert Image.open(io.BytesIO(bytes(small))).size == (2560, 1920) and b"GPS" not in bytes(small)
    assert drawn.taken_at == datetime(2026, 3, 8, 9, 30, tzinfo=clock.SHANGHAI)
    page.get_by_role("button", name="去掉打不开.jpg").click()
    send(page)
    expect(page.get_by_text("已交到支部")).to_be_visible()
    assert Declaration.objects.get().files.get().taken_at == drawn.taken_at


def test_what_is_refused_is_said_and_can_be_mended(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    page.context.set_offline(True)
    page.goto("/declarations/new/")
    fill(page, "修", photo=False)
    send(page)
    expect(page.locator("[data-waiting-list] li")).to_contain_text("待发送")
    page.context.set_offline(False)
    page.goto("/declarations/")
    waiting = page.locator("[data-waiting-list] li")
    expect(waiting).to_contain_text("没有收下")
    expect(waiting).to_contain_text("请写清做了什么事")
    waiting.get_by_role("button", name="改一改再发").click()
    expect(page.get_by_label("具体事项")).to_have_value("修")
    page.get_by_label("具体事项").fill(MATTER)
    send(page)
    expect(page.get_by_text("已交到支部")).to_be_visible()
    assert Declaration.objects.get().matter == MATTER


def test_a_refusal_at_the_form_stands_above_it_and_nothing_is_lost(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    fill(page, "修", photo=False)
    send(page)
    expect(page.locator("[data-said]")).to_contain_text("请写清做了什么事")
    expect(page.get_by_label("具体事项")).to_have_value("修")
    assert not Declaration.objects.exists()


def test_an_expired_session_loses_nothing(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    page.context.clear_cookies()
    fill(page)
    send(page)
    expect(page.get_by_text("登录已过期").first).to_be_visible()
    expect(page.get_by_role("link", name="重新登录")).to_be_visible()
    assert not Declaration.objects.exists()
    sign_in(page, peopled, "guilan")
    page.goto("/declarations/")
    expect(page.get_by_text("已交到支部")).to_be_visible()
    assert Declaration.objects.get().files.count() == 1


def test_another_account_on_the_phone_sees_nothing_and_sends_nothing(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    page.context.set_offline(True)
    page.goto("/declarations/new/")
    fill(page)
    send(page)
    expect(page.locator("[data-waiting-list] li")).to_have_count(1)
    page.context.set_offline(False)
    page.context.clear_cookies()
    sign_in(page, peopled, "xueqin")
    opened(page)
    expect(page.get_by_text(MATTER)).to_have_count(0)
    page.context.set_offline(True)
    page.goto("/declarations/new/")
    expect(page.locator("[data-person]")).to_contain_text("单雪琴")
    expect(page.get_by_text(MATTER)).to_have_count(0)
    assert not Declaration.objects.exists()


def test_signing_out_clears_the_phone(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    page.context.set_offline(True)
    page.goto("/declarations/new/")
    fill(page)
    send(page)
    expect(page.locator("[data-waiting-list] li")).to_have_count(1)
    fill(page, "另一件还没写完的事")
    page.wait_for_function("async () => Boolean(await Kept.get('drafts', Kept.account()))")
    page.context.set_offline(False)
    asked: list[str] = []

    def agree(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    page.goto("/account/")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/accounts/login/**")
    assert "还有1条没有发出的申报" in asked[0]
    kept = """async () => {
      const found = await new Promise((done, fail) => {
        const asked = indexedDB.open('declaring');
        asked.onsuccess = () => done(asked.result); asked.onerror = fail;
      });
      let rows = 0;
      for (const name of found.objectStoreNames) {
        rows += await new Promise(done => {
          const asked = found.transaction(name).objectStore(name).count();
          asked.onsuccess = () => done(asked.result);
        });
      }
      return [rows, localStorage.length];
    }"""
    assert page.evaluate(kept) == [0, 0]
    page.context.set_offline(True)
    page.goto("/declarations/new/")
    expect(page.get_by_text("没有登录的人")).to_be_visible()
    expect(page.locator("form[data-declare]")).to_be_hidden()


def test_what_the_browser_keeps_of_pages_belongs_to_nobody(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True)
    opened(page)
    page.goto("/declarations/")
    texts = page.evaluate(
        """async () => {
          const said = [];
          for (const name of await caches.keys()) {
            const kept = await caches.open(name);
            for (const one of await kept.keys()) {
              said.push([new URL(one.url).pathname, await (await kept.match(one)).text()]);
            }
          }
          return said;
        }"""
    )
    addresses = [address for address, _ in texts]
    assert "/declarations/offline/" in addresses
    assert all(one == "/declarations/offline/" or one.startswith("/static/") for one in addresses)
    assert not any("李桂兰" in text or "M00002" in text for _, text in texts)


def test_without_javascript_the_form_is_sent_as_before(peopled: World, come_in: ComeIn) -> None:
    page = come_in(peopled.users["guilan"], phone=True, scripts=False)
    page.goto("/declarations/new/")
    page.get_by_label(re.compile("为群众办好事实事")).check()
    page.get_by_label("哪一天").fill("2026-03-30")
    page.get_by_label("在哪里").fill("槐园小区")
    page.get_by_label("具体事项").fill(MATTER)
    page.get_by_role("button", name="交到支部").click()
    expect(page.get_by_text(MATTER)).to_be_visible()
    assert Declaration.objects.count() == 1


def sign_in(page: Page, world: World, who: str) -> None:
    """The browser as this person's, as after the sign-in page."""
    client = Client()
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": kept, "url": page.url.split("/decl")[0]}])
