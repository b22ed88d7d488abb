"""纸面申报 In a real browser, from the printed weekly form of a member without a phone to the posted line."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from pioneer.declarations.models import Declaration, WeeklyForm
from pioneer.kernel import clock
from pioneer.ledger.models import Entry
from pioneer.publicity.models import Publication
from tests.browser.conftest import ComeIn
from tests.browser.test_a_month_in_doubt import accept, photograph
from tests.browser.test_one_story import button, work
from tests.world import TODAY, World, adopt_rulebook, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MATTER = "把楼道里堆的杂物清走"


def print_the_forms(page: Page) -> None:
    page.goto("/declarations/forms/")
    with page.expect_response(lambda answer: answer.request.method == "POST") as waiting:
        button(page, "打印")
    assert waiting.value.headers["content-type"] == "application/pdf"


def type_in(page: Page, code: str) -> None:
    """The code from the paper, then its first row, with a photograph of the paper."""
    page.goto("/declarations/for/")
    page.get_by_role("textbox", name="申报表编码").fill(code)
    page.get_by_role("textbox", name="申报表编码").press("Enter")
    expect(page.get_by_role("heading", name="张㛃的申报表")).to_be_visible()
    row = page.get_by_role("group", name="第1行")
    row.get_by_label("做了什么").select_option("B5")
    row.get_by_label("哪一天").select_option("2026-03-17")
    row.get_by_label("在哪里").fill("槐园小区")
    row.get_by_label("具体事项").fill(MATTER)
    page.locator("input[type=file]").set_input_files([photograph()])  # type: ignore[list-item]
    button(page, "录入填了的行")
    expect(page.get_by_text("已为张㛃录入")).to_be_visible()


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_from_the_printed_form_to_the_posted_line(come_in: ComeIn, phone: bool) -> None:
    world: World = build()
    adopt_rulebook(world)
    adopt_rulebook(world, district="other_district")
    work(date(2026, 3, 1))
    with clock.at(date(2026, 3, 16)):
        recorder = come_in(world.users["recorder"], phone=phone)
        print_the_forms(recorder)
    form = WeeklyForm.objects.get(member=world.member("张㛃"))
    with clock.at(date(2026, 3, 20)):
        type_in(recorder, form.code)
    claim = Declaration.objects.get()
    assert claim.is_proxy and claim.files.count() == 1
    with clock.at(TODAY):
        recorder.goto("/sheets/")
        recorder.get_by_role("link", name=re.compile("3月")).first.click()
        number = int(re.findall(r"/sheets/(\d+)/", recorder.url)[0])
        accept(recorder, number, claim)
        button(recorder, "送复核")
        expect(recorder.get_by_text("已送复核").first).to_be_visible()
        deputy = come_in(world.users["deputy"], phone=phone)
        deputy.goto(f"/sheets/{number}/confirm/")
        button(deputy, "复核通过")
        expect(deputy.get_by_text("已复核").first).to_be_visible()
        recorder.goto("/publications/")
        button(recorder, "^公示$")
    work(Publication.objects.get().closes_at + timedelta(minutes=1))
    assert list(Entry.objects.values_list("indicator", "value", "text__ground")) == [
        ("B5", 100, f"{MATTER}（槐园小区）")
    ]
