"""一个年度 In a real browser: from the last sheet that is posted to the filing number, and from the township to the
district."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from pioneer.assessments.models import Sheet
from pioneer.filings.models import Filing
from pioneer.kernel import clock
from pioneer.publicity.models import Publication
from pioneer.results.models import Told
from tests.browser.conftest import ComeIn
from tests.browser.test_one_story import button, link, work
from tests.disposals.proceedings import calendars
from tests.notices import On, make_sheet, publish
from tests.results.cycles import FIRST, post_plainly
from tests.world import World, adopt_rulebook, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
JANUARY = date(2027, 1, 4)
CYCLE = "2026年"
WORDS = "三月的扣分不应当算，那天我请过假。"
NUMBER = "槐街备〔2027〕1号"
UNTOLD = "张㛃的告知单还没有送到，请送达以后再报。"


def eleven_months_posted(world: World) -> None:
    """As rows: both branches taken over from paper, the first up to November, so that its December is to be done."""
    for branch, last in ((world.branch, date(2026, 11, 30)), (world.second_branch, date(2026, 12, 31))):
        post_plainly(Sheet.objects.create(
            branch=branch, year=last.year, month=last.month, kind="takeover", state="confirmed", sequence=9,
            taken_over_on=last, opened_at=clock.noon(FIRST), confirmed_at=clock.noon(FIRST),
        ))  # fmt: skip


def what_is_in_the_way(page: Page) -> None:
    """The settlement can't be asked for; its page says why and leads there."""
    link(page, "^年度评定$")
    expect(page.get_by_text("先办完这些，才能正式评定")).to_be_visible()
    expect(page.get_by_role("button", name="正式评定")).to_have_count(0)
    page.get_by_role("link", name="打开公示").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("12月")


def settle(page: Page) -> None:
    link(page, "^年度评定$")
    expect(page.get_by_text("没有要先办的事")).to_be_visible()
    button(page, "^正式评定$")
    expect(page.get_by_role("heading", name=f"{CYCLE}度评定结果")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("李桂兰"))).to_contain_text("71")


def printed(page: Page, name: str) -> None:
    """A paper opens beside the page, which stays as it is."""
    here = page.url
    with page.expect_response(lambda answer: ".pdf" in answer.url) as waiting:
        link(page, name)
    assert waiting.value.headers["content-type"] == "application/pdf"
    page.goto(here)


def announce(page: Page) -> None:
    """The papers, the meeting, and who was there: all but one, who was handed nothing."""
    link(page, "通报和会议材料")
    link(page, "^槐园社区$")
    printed(page, "^会议材料$")
    printed(page, "^会议记录")
    printed(page, "槐园社区第一党支部的告知单")
    page.get_by_label("会议日期").fill("2027-01-15")
    page.get_by_label("地点").fill("党群服务中心")
    page.get_by_label("主持人").fill("段雅文")
    button(page, "登记通报")
    expect(page.get_by_text("已登记通报")).to_be_visible()
    who_was_there(page, "槐园社区第一党支部", absent="张㛃")
    who_was_there(page, "槐园社区第二党支部")
    expect(page.get_by_role("heading", name=re.compile("尚未告知到人"))).to_be_visible()


def who_was_there(page: Page, branch: str, absent: str = "") -> None:
    link(page, branch)
    if absent:
        page.get_by_role("group", name=re.compile(absent)).get_by_text("没有到会", exact=True).click()
    page.get_by_label("没有登记的，都记为到会").check()
    page.get_by_label("到会的，告知单都在会上交给了本人").check()
    button(page, "^登记$")
    expect(page.get_by_text(re.compile("已登记[0-9]+人"))).to_be_visible()


def answer(page: Page, choice: str, words: str = "") -> None:
    """As a member on the phone, from its own page: the result, the statement of it, and what it says to it."""
    page.goto("/")
    link(page, "我的评定")
    expect(page.get_by_role("heading", name=re.compile(CYCLE))).to_be_visible()
    printed(page, "^告知单$")
    page.get_by_label(choice).check()
    if words:
        page.get_by_role("textbox", name=re.compile("不同意见")).fill(words)
    button(page, "提交答复")
    expect(page.get_by_text(f"已答复“{choice}”")).to_be_visible()


def send(page: Page, revision: int) -> None:
    """From the first page; the reason is asked for only as long as somebody was told nothing."""
    page.goto("/")
    link(page, "的备案被退回" if revision > 1 else "还没有备案")
    if revision == 1:
        page.get_by_label("未通报到人的原因").fill("张㛃住在外地子女家。")
    button(page, "^报送$")
    expect(page.get_by_text("已报送槐园街道")).to_be_visible()
    expect(page.get_by_text(f"第{revision}次报送")).to_be_visible()


def return_it(page: Page) -> None:
    """With a reason at one member's line."""
    page.goto("/")
    link(page, "有备案待收")
    link(page, "^退回$")
    page.get_by_text("逐人写原因").click()
    page.get_by_label(re.compile("张㛃")).fill(UNTOLD)
    button(page, "^退回$")
    expect(page.get_by_text("已退回，报送单位会看到原因")).to_be_visible()


def mend(page: Page) -> None:
    """The reason leads to the meeting's page, where the statement is handed over."""
    page.goto("/")
    link(page, "的备案被退回")
    expect(page.get_by_text(UNTOLD)).to_be_visible()
    link(page, "打开通报")
    link(page, "槐园社区第一党支部")
    row = page.get_by_role("group", name=re.compile("张㛃"))
    row.get_by_role("combobox").select_option("邮寄")
    row.locator("input[type=date]").fill("2027-01-19")
    button(page, "^登记$")
    expect(page.get_by_text("都已告知").first).to_be_visible()


def receive(page: Page, number: str) -> None:
    page.goto("/")
    link(page, "有备案待收")
    page.get_by_label("备案号").fill(number)
    button(page, "^接收$")
    expect(page.get_by_text("已接收备案")).to_be_visible()


def collect(page: Page) -> None:
    """The township's own, to the district."""
    link(page, "^备案$")
    link(page, "槐园街道（汇总）")
    expect(page.get_by_role("row", name=re.compile("槐园社区"))).to_contain_text(NUMBER)
    button(page, "^报送$")
    expect(page.get_by_text("已报送清河示范区")).to_be_visible()


def test_from_the_last_posted_sheet_to_the_filing_number(come_in: ComeIn) -> None:
    world = build()
    adopt_rulebook(world)
    adopt_rulebook(world, "other_district")
    calendars()
    eleven_months_posted(world)
    with clock.at(JANUARY):
        shown = publish(world, make_sheet(world, [On("李桂兰")], month=12))
        officer = come_in(world.users["community_officer"])
        officer.goto("/")
        what_is_in_the_way(officer)
    work(shown.closes_at + timedelta(minutes=1))
    with clock.at(date(2027, 1, 15)):
        settle(officer)
        announce(officer)
        member = come_in(world.users["guilan"], phone=True)
        answer(member, "无异议")
        answer(come_in(world.users["xueqin"], phone=True), "有不同意见", WORDS)
    with clock.at(date(2027, 1, 19)):
        officer.reload()
        expect(officer.get_by_text(WORDS)).to_be_visible()
        send(officer, 1)
        township = come_in(world.users["township_officer"])
        return_it(township)
        mend(officer)
        send(officer, 2)
        receive(township, NUMBER)
        collect(township)
        district = come_in(world.users["district_officer"])
        receive(district, "清组备〔2027〕1号")
        answered_for_good(member)
    assert Publication.objects.filter(pk=shown.pk, closed_at__isnull=False).exists()
    assert Told.objects.filter(answer="dissents", words=WORDS).exists()
    assert sorted(Filing.objects.values_list("unit__level", "revision", "state")) == [
        ("community", 1, "returned"),
        ("community", 2, "received"),
        ("township", 1, "received"),
    ]


def answered_for_good(page: Page) -> None:
    """The member reads its result with the number; the answer is no longer to be changed."""
    page.goto("/")
    link(page, "我的评定")
    expect(page.get_by_text(f"这个周期已备案（{NUMBER}）")).to_be_visible()
    expect(page.get_by_role("button", name="更改")).to_have_count(0)
    expect(page.get_by_text("71分").first).to_be_visible()
