"""栏目 What a phone shows of them: one line of an officer's, the others under 更多, by keyboard and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from pioneer.kernel import clock
from tests.browser.conftest import DESKTOP, PHONE, ComeIn
from tests.world import TODAY, World, adopt_rulebook, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL = {"width": 360, "height": 740}


@pytest.fixture
def world() -> Any:
    world = build()
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield world


def height(found: Locator) -> float:
    box = found.bounding_box()
    assert box
    return box["height"]


def bar(page: Page) -> Locator:
    return page.get_by_role("navigation", name="主要栏目")


def texts(page: Page) -> list[str]:
    return [text.strip() for text in bar(page).get_by_role("link").all_inner_texts()]


@pytest.mark.parametrize("who", ["secretary", "township_officer", "district_officer", "auditor"])
def test_an_officer_s_entries_take_one_line_on_a_phone_and_the_keyboard_reaches_them_all(
    come_in: ComeIn, world: World, who: str
) -> None:
    page = come_in(world.users[who], scripts=False)
    page.goto("/rulebook/")
    every = texts(page)
    assert len(every) > 10
    expect(bar(page).get_by_text("更多")).to_be_hidden()
    for large, finger in ((False, 44), (True, 60)):
        if large:
            page.get_by_role("button", name="大字版").click()
        for size in (SMALL, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert finger <= height(bar(page)) < 2 * finger, "one line"
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    near, more = texts(page), bar(page).locator("summary")
    assert 3 <= len(near) <= 4
    expect(more).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="退出").focus()
    reached = []
    for _ in near:
        page.keyboard.press("Tab")
        reached.append(bar(page).locator(":focus").inner_text())
    page.keyboard.press("Tab")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(len(every) - len(near)):
        page.keyboard.press("Tab")
        assert height(bar(page).locator(":focus")) >= 60
        reached.append(bar(page).locator(":focus").inner_text())
    assert sorted(reached) == sorted(every) and reached == texts(page)
    expect(bar(page).get_by_role("link", name="积分办法")).to_have_attribute("aria-current", "page")
    bar(page).get_by_role("link", name="年度评定").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("年度评定")
    expect(bar(page).get_by_role("link", name="年度评定")).to_be_hidden()
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    assert texts(page) == every


def test_a_member_s_entries_stay_as_they_are_on_a_phone(come_in: ComeIn, world: World) -> None:
    page = come_in(world.users["guilan"], scripts=False)
    page.goto("/rulebook/")
    every = texts(page)
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    assert texts(page) == every and every[-1] == "积分办法"
    expect(bar(page).get_by_text("更多")).to_have_count(0)
