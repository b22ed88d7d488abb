"""考评表 In a real browser: worked through by keyboard alone, in its rows; two people over one line; on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pioneer.assessments.lines import edit_line
from pioneer.assessments.models import Line, Review
from pioneer.kernel import clock
from tests.assessments.conftest import MARCH_12, Month, begin
from tests.browser.conftest import ComeIn
from tests.world import TODAY, adopt_rulebook, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def month() -> Any:
    world = build()
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield begin(world)


def open_sheet(come_in: ComeIn, month: Month, who: str = "recorder", **look: bool) -> Page:
    page = come_in(month.world.users[who], **look)
    page.goto(f"/sheets/{month.sheet.pk}/")
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent || document.activeElement.name"))


def row(page: Page, month: Month, name: str) -> Any:
    return page.locator(f"#m-{month.world.member(name).pk}")


def test_the_sheet_is_worked_through_by_keyboard(come_in: ComeIn, month: Month) -> None:
    month.claim()
    month.claim("单雪琴")
    page = open_sheet(come_in, month)
    address = page.url
    for _ in range(2):
        page.keyboard.press("j")
    assert focused(page) == "李桂兰"
    page.keyboard.press("a")
    expect(row(page, month, "李桂兰").get_by_role("button", name="撤回核定")).to_be_visible()
    expect(page.locator("#sheet-totals")).to_contain_text("+1")
    expect(page.get_by_role("button", name="还有1人待核定")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        page.keyboard.press("j")
    assert focused(page) == "单雪琴"
    page.keyboard.press("a")  # the row was shut: it opens, to be seen first
    expect(row(page, month, "单雪琴").get_by_role("button", name="核准", exact=True)).to_be_focused()
    assert Review.objects.count() == 1
    page.keyboard.press("a")
    expect(row(page, month, "单雪琴").get_by_role("button", name="撤回核定")).to_be_visible()
    assert Review.objects.count() == 2 and page.url.split("?")[0] == address
    page.keyboard.press("n")
    form = row(page, month, "单雪琴").locator("form.form")
    expect(form.get_by_label("指标")).to_be_focused()
    form.get_by_label("指标").select_option("N1")  # needs an education record first: refused, in the row
    form.get_by_label("依据").fill("j k a")  # letters typed are letters
    page.keyboard.press("Escape")
    expect(form).to_have_class("form sheet padded unsaved")  # what was typed is not lost by one press
    form.get_by_label("发生日期").press("Enter")
    expect(form.locator(".errorlist").first).to_contain_text("教育记录")
    expect(form.get_by_label("依据")).to_have_value("j k a")
    assert page.url.split("?")[0] == address  # a form in a row is no page of its own
    form.get_by_label("指标").select_option("A3")
    form.get_by_role("button", name="写入考评表").click()
    expect(row(page, month, "单雪琴").locator(".notes")).to_contain_text("已记下1条")
    line = Line.objects.get(indicator="A3")
    assert (line.member.name, line.ground) == ("单雪琴", "j k a")
    page.keyboard.press("Escape")
    expect(row(page, month, "单雪琴").locator(".inside-row")).to_have_count(0)
    assert focused(page) == "单雪琴"


def test_the_keys_are_explained_and_can_be_switched_off(come_in: ComeIn, month: Month) -> None:
    page = open_sheet(come_in, month)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘")).to_be_visible()
    page.get_by_label("使用单键").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    assert page.evaluate("!document.activeElement.closest('tbody')")
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="键盘").click()
    expect(page.get_by_role("dialog", name="键盘")).to_be_visible()


def test_two_people_over_one_line_see_both_in_the_row(come_in: ComeIn, month: Month) -> None:
    line = month.enter(indicator="A3")
    page = open_sheet(come_in, month)
    page.keyboard.press("e")
    form = row(page, month, "李桂兰").locator("form.form")
    form.get_by_label("依据").fill("解文军的依据")
    edit_line(actor=month.actor("committee"), line_id=line.pk, edit=line.edit, event_on=MARCH_12, ground="罗小红的依据")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_role("alert")).to_contain_text("罗小红刚刚改了这一条")
    expect(form.locator("tr.differs")).to_contain_text("罗小红的依据")
    expect(form.get_by_label("依据")).to_have_value("解文军的依据")
    form.get_by_role("button", name="用我填的", exact=True).click()
    expect(row(page, month, "李桂兰").locator(".notes")).to_contain_text("已改好")
    assert Line.objects.get().ground == "解文军的依据"
    expect(page.locator(".news")).to_contain_text("罗小红改了一条")


def test_on_a_phone_everything_is_pressed(come_in: ComeIn, month: Month) -> None:
    month.claim()
    page = open_sheet(come_in, month, phone=True)
    mine = row(page, month, "李桂兰")
    mine.get_by_role("button", name="核准", exact=True).tap()
    expect(mine.get_by_role("button", name="撤回核定")).to_be_visible()
    mine.get_by_role("link", name="李桂兰").tap()
    expect(mine.locator(".inside-row")).to_have_count(0)
    other = row(page, month, "单雪琴")
    other.get_by_role("link", name="单雪琴").tap()
    other.get_by_role("link", name="加一条").tap()
    expect(other.get_by_role("heading", name="给单雪琴加一条")).to_be_visible()
    other.get_by_role("link", name="取消").tap()
    expect(other.get_by_role("heading", name="给单雪琴加一条")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 391
