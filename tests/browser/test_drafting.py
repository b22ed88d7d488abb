"""起草台 In a real browser, on a phone: the row's form follows the shape of the value and is checked while it is typed,
with JavaScript and without."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pioneer.kernel import clock
from pioneer.rulebook.models import RulebookDraft
from pioneer.scoring.writing import read_content
from tests.browser.conftest import ComeIn
from tests.rulebook.drafts import started
from tests.world import TODAY, World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def work() -> Any:
    world = build()
    with clock.at(TODAY):
        yield world, started(world)


def open_row(come_in: ComeIn, work: tuple[World, RulebookDraft], row: str, scripts: bool = True) -> Page:
    world, draft = work
    page = come_in(world.users["district_officer"], phone=True, scripts=scripts)
    page.goto(f"/rulebook/drafts/{draft.pk}/rows/positive/{row}/")
    return page


def value_of(draft: RulebookDraft, row: int) -> Any:
    return read_content(RulebookDraft.objects.get(pk=draft.pk).text)["positive"][row]["value"]


def save(page: Page) -> None:
    page.locator("button.button", has_text=re.compile("^保存$")).click()


def test_the_form_follows_the_shape_and_is_checked_while_it_is_typed(come_in: ComeIn, work: Any) -> None:
    page = open_row(come_in, work, "5")
    expect(page.get_by_label("最低", exact=True)).to_have_value("2")
    page.get_by_label("每年", exact=True).fill("十分")
    expect(page.locator("#f-caps--year-said")).to_have_text("请改：须为数字")
    expect(page.locator("#draft-count")).to_have_text("还有1处错误")
    page.get_by_label("每年", exact=True).fill("8")
    expect(page.locator("#draft-count")).to_have_text("没有错误，没有提示")
    page.get_by_label("分值形式").select_option(label="按级别")
    expect(page.get_by_label("最低", exact=True)).to_have_count(0)
    expect(page.get_by_label("每年", exact=True)).to_have_value("8")
    for number, (code, name, points) in enumerate((("qu", "区", "1"), ("shi", "市", "2"))):
        page.get_by_role("button", name="加一行").click()
        step = page.get_by_role("group", name=f"级别第{number + 1}行")
        step.get_by_label("级别编号").fill(code)
        step.get_by_label("级别名称").fill(name)
        step.get_by_label("该级分值").fill(points)
    page.get_by_role("button", name="加一行").click()
    page.get_by_role("group", name="级别第3行").get_by_role("button", name="删去这一行").click()
    expect(page.get_by_role("group", name="级别第3行")).to_have_count(0)
    save(page)
    expect(page.get_by_text("A5 在急难险重任务中冲锋在前已保存")).to_be_visible()
    steps = [(step["name"], step["points"]) for step in value_of(work[1], 4)["steps"]]
    assert steps == [("区", 1), ("市", 2)]
    assert page.evaluate("document.documentElement.scrollWidth") <= 391


def test_without_javascript_a_button_draws_the_form_anew(come_in: ComeIn, work: Any) -> None:
    page = open_row(come_in, work, "5", scripts=False)
    page.get_by_label("分值形式").select_option(label="按数量")
    page.get_by_role("button", name="更新表单").click()
    page.get_by_label("计量单位").fill("小时")
    page.locator('[name="value.points"]').fill("半")
    save(page)
    expect(page.get_by_text("已保存，还有1处要改")).to_be_visible()
    expect(page.locator("#f-value--points-said")).to_have_text("请改：须为数字")
    expect(page.locator('[name="value.points"]')).to_have_value("半")
    page.locator('[name="value.points"]').fill("0.5")
    save(page)
    expect(page.get_by_text("已保存")).to_be_visible()
    assert value_of(work[1], 4)["shape"] == "per_unit"


def test_the_enter_key_saves(come_in: ComeIn, work: Any) -> None:
    page = open_row(come_in, work, "6")
    page.get_by_label("名称", exact=True).fill("受到表扬")
    page.get_by_label("名称", exact=True).press("Enter")
    expect(page.get_by_text("A6 受到表扬已保存")).to_be_visible()
