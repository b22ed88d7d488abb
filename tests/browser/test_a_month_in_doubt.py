"""疑点、申辩、异议 A month in a real browser that doesn't run smoothly: two doubts about a claim, a statement, an
objection that is upheld, a second notice; and the score a member reads at the end. On a phone and at a desk."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.ledger.models import Entry
from pioneer.publicity.models import Publication
from tests.browser.conftest import ComeIn
from tests.browser.test_one_story import button, link, work
from tests.world import TODAY, World, adopt_rulebook, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def photograph() -> dict[str, Any]:
    """Something to see, as a phone would send it."""
    image = Image.new("RGB", (640, 480), "#c9b28a")
    pen = ImageDraw.Draw(image)
    for place in range(0, 640, 40):
        pen.line([(place, 0), (640 - place, 480)], fill="#5a4632", width=place // 40 + 2)
    pen.ellipse([180, 120, 420, 330], fill="#b3191e")
    held = io.BytesIO()
    image.save(held, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}


def declare(page: Page, item: str, place: str, matter: str, start: str) -> None:
    page.goto("/declarations/new/")
    if (others := page.locator("details.others:not([open]) > summary")).count():
        others.first.click()
    page.get_by_label(re.compile(item)).first.check()
    page.get_by_label("哪一天").fill("2026-03-10")
    page.get_by_label("在哪里").fill(place)
    page.get_by_label("具体事项").fill(matter)
    if not page.get_by_label("开始时间").is_visible():
        page.get_by_text("补充时间").click()
    page.get_by_label("开始时间").fill(start)
    page.get_by_label("用时（分钟）").fill("60")
    page.get_by_label("照片或文件").set_input_files([photograph()])  # type: ignore[list-item]
    button(page, "交到支部")
    expect(page.get_by_text("已交到支部").first).to_be_visible()  # what waits to be sent is shown before it is
    expect(page.get_by_text(matter).first).to_be_visible()


def decide_the_doubts(page: Page, sheet: int, claim: Declaration) -> None:
    page.goto(f"/sheets/{sheet}/claims/{claim.pk}/")
    doubts = page.get_by_label(re.compile("核实情况"))
    expect(doubts).to_have_count(2)
    expect(page.get_by_text("时间重叠").first).to_be_visible()
    expect(page.get_by_text("照片相同").first).to_be_visible()
    page.get_by_label("核准", exact=True).check()
    button(page, "写入考评表")
    expect(page.get_by_text("核实").first).to_be_visible()  # not without a reason
    for place in range(2):
        doubts.nth(place).fill("问过本人和楼长：换完水龙头接着走访，同一天拍的。")
    page.get_by_label("核准", exact=True).check()
    button(page, "写入考评表")
    expect(page.get_by_role("heading", name=re.compile("考评表"))).to_be_visible()


def accept(page: Page, sheet: int, claim: Declaration) -> None:
    page.goto(f"/sheets/{sheet}/claims/{claim.pk}/")
    page.get_by_label("核准", exact=True).check()
    button(page, "写入考评表")
    expect(page.get_by_role("heading", name=re.compile("考评表"))).to_be_visible()


def deduct(page: Page, sheet: int, member: int) -> None:
    page.goto(f"/sheets/{sheet}/lines/new/?member={member}")
    page.get_by_label("指标", exact=True).select_option("N7")
    page.get_by_label("发生日期").fill("2026-03-19")
    page.get_by_label("依据").fill("3月19日主题党日签到册")
    button(page, "写入考评表")
    expect(page.get_by_text("已记下1条").first).to_be_visible()


def answer_the_deduction(page: Page) -> None:
    page.goto("/me/")
    link(page, "有1条扣分等您说明")
    page.get_by_label("我的说明").fill("那天陪邻居看病，事先请过假。")
    button(page, "交给支部")
    expect(page.get_by_text("说明已交给支部").first).to_be_visible()


def confirm(page: Page, sheet: int) -> None:
    page.goto(f"/sheets/{sheet}/confirm/")
    expect(page.get_by_text("那天陪邻居看病").first).to_be_visible()
    button(page, "复核通过")
    expect(page.get_by_text("已复核").first).to_be_visible()


def object_to_the_deduction(page: Page, token: str, line: int) -> str:
    page.goto(f"/n/{token}/object/{line}/")
    page.get_by_label("异议内容").fill("他那天事先请过假，不该扣。")
    button(page, "提交异议")
    return page.locator(".receipt-number").inner_text()


def uphold(page: Page) -> None:
    page.goto("/")
    link(page, "异议待答复")
    page.get_by_label("成立：撤下这一条").check()
    page.get_by_label("答复", exact=True).fill("查到请假条，撤下这一条。")
    page.get_by_label("公示页上的一句话").fill("经核实，已撤下这一条。")
    button(page, "^答复$")
    expect(page.get_by_text("已答复").first).to_be_visible()


def show_anew(page: Page, publication: Publication) -> None:
    page.goto(f"/publications/{publication.pk}/")
    button(page, "核对无误，更正并再次公示")
    expect(page.get_by_text("第2次").first).to_be_visible()


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_two_doubts_a_statement_an_upheld_objection_and_a_second_notice(come_in: ComeIn, phone: bool) -> None:
    world: World = build()
    adopt_rulebook(world)
    adopt_rulebook(world, district="other_district")
    people = world.users
    work(date(2026, 3, 1))
    with clock.at(date(2026, 3, 12)):
        member = come_in(people["guilan"], phone=phone)
        declare(member, "为群众办好事实事", "槐园小区", "帮独居老人换水龙头", "09:00")
        declare(member, "走访群众", "老年活动室", "听三位老人说食堂的饭菜", "09:30")
    first, second = Declaration.objects.order_by("pk")
    with clock.at(TODAY):
        recorder = come_in(people["recorder"], phone=phone)
        recorder.goto("/sheets/")
        link(recorder, "3月")
        number = int(re.findall(r"/sheets/(\d+)/", recorder.url)[0])
        accept(recorder, number, first)
        decide_the_doubts(recorder, number, second)
        deduct(recorder, number, first.member_id)
        answer_the_deduction(member)
        recorder.goto(f"/sheets/{number}/")
        button(recorder, "送复核")
        expect(recorder.get_by_text("已送复核").first).to_be_visible()
        confirm(come_in(people["deputy"], phone=phone), number)
        recorder.goto("/publications/")
        button(recorder, "^公示$")
        shown = Publication.objects.get()
        charged = shown.lines.get(indicator="N7").line_id
        resident = come_in(phone=phone)
        receipt = object_to_the_deduction(resident, shown.token, charged)
        uphold(come_in(people["secretary"], phone=phone))
        resident.goto(f"/o/{receipt}/")
        expect(resident.get_by_text("查到请假条").first).to_be_visible()
        show_anew(come_in(people["deputy"], phone=phone), shown)
    again = Publication.objects.get(revision=2)
    assert not again.lines.filter(indicator="N7").exists()
    work(again.closes_at + timedelta(minutes=1))
    assert sorted(Entry.objects.values_list("indicator", "value")) == [("B1", 50), ("B5", 100)]
    with clock.at(date(2026, 4, 20)):
        member.goto("/me/")
        expect(member.locator(".score-number")).to_contain_text("71.5")
