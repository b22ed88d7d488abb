"""一个故事 In a real browser: from the roster file to the score a member reads, on a phone and at a desk."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from pioneer.kernel import clock
from pioneer.publicity.models import Publication
from tests.browser.conftest import ComeIn
from tests.house import FEBRUARY, ROSTER, adopt, build_house
from tests.web.site import Site, prepared
from tests.workbooks.people import xlsx
from tests.world import PASSWORD, TODAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MATTER = "帮独居老人换水龙头"


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).first.click()


def link(page: Page, name: str) -> None:
    page.get_by_role("link", name=re.compile(name)).first.click()


def work(moment: datetime | date) -> None:
    with clock.at(moment):
        call_command("work", "--once", verbosity=0)


def bring_in_the_roster(page: Page, file: Path) -> None:
    """Upload, look at the columns, look at the rows, confirm."""
    page.goto("/rosters/")
    link(page, "导入")
    if page.get_by_role("link", name="上传花名册").count():
        link(page, "上传花名册")
    page.get_by_label("花名册文件").set_input_files(file)
    button(page, "上传")
    expect(page.get_by_role("heading", name="对应各列")).to_be_visible()
    button(page, "开始核对")
    expect(page.get_by_role("heading", name="核对结果")).to_be_visible()
    expect(page.get_by_text("Excel 已丢失末几位").first).to_be_visible()
    button(page, "新增3人")
    page.goto("/rosters/")
    expect(page.get_by_role("link", name="李桂兰")).to_be_visible()
    expect(page.get_by_text("单雪琴")).to_have_count(0)


def hand_a_slip(page: Page) -> tuple[str, str]:
    """The number and the code, as printed."""
    link(page, "李桂兰")
    link(page, "开通账号")
    button(page, "^开通$")
    button(page, "开登录码")
    code = page.locator(".slip-code").inner_text()
    return page.locator(".slip .facts dd").first.inner_text(), code


def activate(page: Page, number: str, code: str) -> None:
    page.goto(f"/slip/?n={number}")
    page.get_by_label("一次性登录码").fill(code)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次新密码").fill(PASSWORD)
    button(page, "设好密码并登录")
    expect(page.get_by_role("heading", name="李桂兰", level=1)).to_be_visible()


def declare(page: Page, on: str) -> None:
    link(page, "申报本周做的事")
    page.get_by_label(re.compile("为群众办好事实事")).check()
    page.get_by_label("哪一天").fill(on)
    page.get_by_label("在哪里").fill("槐园小区")
    page.get_by_label("具体事项").fill(MATTER)
    button(page, "交到支部")
    expect(page.get_by_text("已交到支部").first).to_be_visible()  # what waits to be sent is shown before it is
    expect(page.get_by_text(MATTER)).to_be_visible()


def evaluate(page: Page) -> None:
    """Accept the claim, then a deduction for coming late."""
    page.goto("/")
    link(page, "申报待考评")
    button(page, "^核准$")
    expect(page.get_by_role("button", name="撤回核定")).to_be_visible()
    link(page, "＋ 加一条$")
    page.get_by_label("指标", exact=True).select_option("N7")
    page.get_by_label("发生日期").fill("2026-03-19")
    page.get_by_label("依据").fill("3月19日主题党日签到册")
    button(page, "写入考评表")
    expect(page.locator(".notes").get_by_text("已记下1条。已发消息告知本人。")).to_be_visible()


def answer_the_deduction(page: Page) -> None:
    page.goto("/me/")
    link(page, "有1条扣分等您说明")
    page.get_by_label("我的说明").fill("那天陪邻居看病，迟到了。")
    button(page, "交给支部")
    expect(page.get_by_text("说明已交给支部")).to_be_visible()


def submit(page: Page) -> None:
    page.goto("/")
    link(page, "可以送复核")
    button(page, "送复核")
    expect(page.get_by_text("已送复核")).to_have_count(2)


def confirm(page: Page) -> None:
    page.goto("/")
    link(page, "3月考评表待复核")
    expect(page.get_by_text("那天陪邻居看病").first).to_be_visible()
    button(page, "复核通过")
    expect(page.get_by_text("已复核").first).to_be_visible()


def publish(page: Page) -> None:
    page.goto("/publications/")
    button(page, "^公示$")
    expect(page.get_by_text("公示期到4月9日24时")).to_be_visible()


def object_to_the_claim(page: Page, token: str) -> None:
    page.goto(f"/n/{token}/")
    expect(page.get_by_text(MATTER)).to_have_count(0)  # the matter itself is nobody's business
    page.get_by_role("row", name=re.compile("李桂兰")).get_by_role("link", name=re.compile("提异议")).first.click()
    page.get_by_label("异议内容").fill("水龙头是物业换的。")
    button(page, "提交异议")
    expect(page.locator(".receipt-number")).to_be_visible()


def answer(page: Page) -> None:
    page.goto("/")
    link(page, "异议待答复")
    expect(page.get_by_text("未署名")).to_be_visible()
    page.get_by_label("不成立：原条目不变").check()
    page.get_by_label("答复", exact=True).fill("已向物业和老人核实，是李桂兰换的。")
    button(page, "^答复$")
    expect(page.get_by_text("已答复")).to_be_visible()


def read_the_score(page: Page) -> None:
    """70 + 1 − 0.5, and both lines with their clause and state."""
    page.goto("/me/")
    expect(page.locator(".score-number")).to_contain_text("70.5")
    lines = page.locator("ol.lines > li")
    expect(lines).to_have_count(2)
    for line in lines.all():
        expect(line).to_contain_text("已入账")
        expect(line).to_contain_text("办法第")
    expect(page.get_by_text("还没有入账")).to_have_count(0)
    page.get_by_text("总分是怎么算出来的").click()
    expect(page.locator(".steps-why li").first).to_be_visible()


def test_from_the_roster_to_the_score(come_in: ComeIn, tmp_path: Path) -> None:
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(xlsx({"花名册": ROSTER}))
    with clock.at(FEBRUARY):
        house, branch = build_house()
        adopt(house, branch.district_number)
        desk = come_in(house.users["secretary"])
        bring_in_the_roster(desk, file)
        number, code = hand_a_slip(desk)
        member = come_in(phone=True)
        activate(member, number, code)
    work(date(2026, 3, 1))
    with clock.at(date(2026, 3, 12)):
        declare(member, "2026-03-12")
    with clock.at(TODAY):
        recorder = come_in(house.users["recorder"])
        evaluate(recorder)
        answer_the_deduction(member)
        submit(recorder)
        confirm(come_in(house.users["deputy"]))
        publish(recorder)
        shown = Publication.objects.get()
        resident = come_in(phone=True)
        object_to_the_claim(resident, shown.token)
        answer(desk)
        resident.reload()
        expect(resident.get_by_text("支部答复：不成立")).to_be_visible()
    work(shown.closes_at + timedelta(minutes=1))
    with clock.at(date(2026, 4, 20)):
        read_the_score(member)


@pytest.fixture
def ready(transactional_db: None) -> Iterator[Site]:
    with prepared(own=True) as made:
        yield made


def test_without_javascript_every_essential_act_works(come_in: ComeIn, ready: Site) -> None:
    people, things = ready.world.users, ready.things
    people["guilan"].set_password(PASSWORD)
    people["guilan"].save()

    def page_of(who: str, phone: bool = False) -> Page:
        return come_in(people[who], phone=phone, scripts=False)

    with clock.at(TODAY):
        _declare_and_answer(come_in(phone=True, scripts=False), people["guilan"].login, things)
        _evaluate(page_of("recorder"), things)
        deputy = page_of("deputy")
        deputy.goto(f"/sheets/{things['submitted_sheet'].pk}/confirm/")
        button(deputy, "复核通过")
        expect(deputy.get_by_text("已复核").first).to_be_visible()
        resident = come_in(phone=True, scripts=False)
        resident.goto(f"/n/{things['token']}/object/{things['shown_line'].pk}/")
        resident.get_by_label("异议内容").fill("没有这回事。")
        button(resident, "提交异议")
        expect(resident.locator(".receipt-number")).to_be_visible()
        secretary = page_of("secretary")
        secretary.goto(f"/objections/{things['objection'].pk}/")
        secretary.get_by_label("不成立：原条目不变").check()
        secretary.get_by_label("答复", exact=True).fill("经核实，原记录属实。")
        button(secretary, "^答复$")
        expect(secretary.get_by_text("已答复")).to_be_visible()
        secretary.goto(f"/publications/{things['closed_publication'].pk}/")
        button(secretary, "^入账$")
        expect(secretary.get_by_text("已入账").first).to_be_visible()


def _declare_and_answer(page: Page, login: str, things: Mapping[str, Any]) -> None:
    """The member signs in, declares, answers a deduction."""
    page.goto("/accounts/login/")
    page.get_by_label("手机号或党员编号").fill(login)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    button(page, "登录")
    expect(page.get_by_role("heading", name="李桂兰", level=1)).to_be_visible()
    link(page, "申报本周做的事")
    others = page.locator("details.others > summary")
    if others.count():
        others.click()
    page.get_by_label(re.compile("政策宣传")).check()
    page.get_by_label("在哪里").fill("槐园小区")
    page.get_by_label("具体事项").fill("给楼里老人讲防诈骗")
    button(page, "交到支部")
    expect(page.get_by_text("给楼里老人讲防诈骗")).to_be_visible()
    page.goto(f"/lines/{things['line'].pk}/statement/")
    page.get_by_label("我的说明").fill("那天请过假。")
    button(page, "交给支部")
    expect(page.get_by_text("说明已交给支部")).to_be_visible()


def _evaluate(page: Page, things: Mapping[str, Any]) -> None:
    """The recorder accepts a claim and adds a line."""
    page.goto(f"/sheets/{things['sheet'].pk}/?member={things['member'].pk}")
    button(page, "^核准$")
    expect(page.get_by_text("帮独居老人修水管").first).to_be_visible()
    link(page, "＋ 加一条")
    page.get_by_label("指标", exact=True).select_option("N2")
    page.get_by_label("发生日期").fill("2026-03-18")
    page.get_by_label("依据").fill("签到册")
    button(page, "写入考评表")
    expect(page.get_by_text("已记下1条")).to_be_visible()
