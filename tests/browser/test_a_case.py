"""一件处置 In a real browser: two filed years unqualified, an advice to leave through every step, each by whoever it is
for, and the member's appeal upheld."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from pioneer.disposals.models import Case
from pioneer.kernel import clock
from pioneer.members.models import StatusSpell
from tests.browser.conftest import ComeIn
from tests.browser.test_one_story import button, link
from tests.disposals.proceedings import CALL, FIRST_DAY, WHO, calendars, filed
from tests.world import World, adopt_rulebook, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPINION = "我这两年身体不好，来得少，愿意改。"
APPEAL = "有两次请过假，没有算上。"


@pytest.fixture
def world() -> World:
    made = build()
    adopt_rulebook(made)
    calendars()
    with clock.at(FIRST_DAY):
        filed(made)
    return made


def propose(page: Page) -> None:
    """By the branch, from the filed results of two years; nothing but the first step can be taken."""
    page.goto("/")
    link(page, "党员可提出组织处置")
    link(page, WHO)
    for year in ("2025年度", "2026年度"):
        expect(page.get_by_text(year).first).to_be_visible()
    page.get_by_label("劝其退党").check()
    page.get_by_label("参加人员").fill("王保国、曾永福、罗小红")
    page.get_by_label("提议的理由").fill("连续两年不合格，帮教以后没有改进。")
    button(page, "提出，报预审")
    expect(page.get_by_text("已提出并报预审，本人已被告知。")).to_be_visible()
    expect(step(page, "基层党委预审")).to_contain_text("现在")
    expect(step(page, "支部党员大会表决")).to_contain_text("之后")
    expect(page.get_by_role("button", name="记下这一步")).to_have_count(0)


def step(page: Page, title: str) -> Locator:
    return page.locator(".case-steps > li").filter(has=page.get_by_role("heading", name=title, exact=True))


def desk(page: Page, title: str) -> None:
    """From the first page to the case, where this step is to be taken now."""
    page.goto("/")
    link(page, f"{WHO}的劝其退党：{title}")
    expect(step(page, title)).to_contain_text("现在")


def take(page: Page) -> None:
    button(page, "记下这一步")
    expect(page.get_by_text("这一步已记下，本人已被告知。")).to_be_visible()


def agree(page: Page, title: str, document: str) -> None:
    desk(page, title)
    page.get_by_label("同意", exact=True).check()
    page.get_by_label("文号").fill(document)
    take(page)


def investigate(page: Page, other: Page) -> None:
    """Another has the same page open: the step is taken once, and the other is told what is to be done now."""
    for each in (page, other):
        desk(each, "调查核实")
        each.get_by_label("调查人").fill("曾永福、罗小红")
        each.get_by_label("调查核实的情况").fill("查阅台账，走访邻居，情况属实。")
    take(page)
    button(other, "记下这一步")
    expect(other.get_by_text("各步须依次办理，不能跳过或重复。请先办这一步。")).to_be_visible()
    expect(step(other, "谈话，听取本人意见")).to_contain_text("现在")


def talk(page: Page) -> None:
    """Not on a day before the step before it."""
    desk(page, "谈话，听取本人意见")
    form = step(page, "谈话，听取本人意见")
    form.get_by_label("谈话人", exact=True).select_option(label="王保国")
    form.get_by_label("另一位谈话人").select_option(label="罗小红")
    form.get_by_label("谈话内容").fill("讲明依据，听取意见。")
    form.get_by_label("说明了，或表示没有意见").check()
    form.get_by_role("textbox", name=re.compile("^本人意见")).fill(OPINION)
    form.get_by_label("日期").fill(FIRST_DAY.isoformat())
    button(page, "记下这一步")
    expect(page.get_by_text("这一步不能在它之前")).to_be_visible()
    form.get_by_label("日期").fill(day_of("talk").isoformat())
    take(page)
    expect(step(page, "谈话，听取本人意见")).to_contain_text(OPINION)


def answer_as_member(page: Page) -> None:
    """On the phone, from its own page: what was said of it, and its own words beside it."""
    page.goto("/")
    link(page, "我的评定")
    link(page, "对我的认定和处置")
    link(page, "劝其退党")
    expect(page.get_by_text(OPINION)).to_be_visible()
    page.get_by_label("意见", exact=True).fill("谈话记录属实。")
    button(page, "提交意见")
    expect(page.locator(".own-words").get_by_text("谈话记录属实。")).to_be_visible()


def vote(page: Page) -> None:
    """A meeting without a quorum decides nothing."""
    desk(page, "支部党员大会表决")
    form = step(page, "支部党员大会表决")
    for label, number in {"到会": 3, "赞成": 3, "反对": 0, "弃权": 0}.items():
        form.get_by_label(label, exact=True).fill(str(number))
    button(page, "记下这一步")
    expect(page.get_by_text("没有超过半数，这次表决无效。请另行召开党员大会。")).to_be_visible()
    for label, number in {"到会": 6, "赞成": 5, "反对": 1}.items():
        form.get_by_label(label, exact=True).fill(str(number))
    take(page)
    expect(step(page, "支部党员大会表决")).to_contain_text("通过")


def announce(page: Page) -> None:
    desk(page, "宣布，告知申诉权利")
    page.get_by_label("宣布人").fill("王保国")
    page.get_by_label("如何宣布和送达").fill("在支部党员大会上宣布，决定书当面送达，讲明了申诉的权利。")
    take(page)
    expect(page.get_by_text("前申诉。")).to_be_visible()


def appeal(page: Page) -> None:
    page.goto("/")
    link(page, "我的评定")
    link(page, "对我的认定和处置")
    link(page, "劝其退党")
    page.get_by_label("申诉", exact=True).fill(APPEAL)
    button(page, "提交申诉")
    expect(page.get_by_text("申诉已提交，由上级答复。")).to_be_visible()


def uphold(page: Page) -> None:
    desk(page, "申诉的答复")
    expect(page.get_by_text(APPEAL)).to_be_visible()
    page.get_by_label("申诉成立，撤销处置").check()
    page.get_by_label("答复的理由").fill("两次请假属实，应当计入。")
    page.get_by_label("文号").fill("清组〔2027〕9号")
    take(page)
    expect(page.get_by_text("申诉成立，处置已经撤销，自始不产生任何影响。")).to_be_visible()


DAYS = ["propose", "prior", "look", "talk", "reviewed", "above", "vote", "approved", "approved_above", "told", "end"]


def day_of(name: str) -> date:
    return FIRST_DAY + timedelta(DAYS.index(name) + 1)


def test_two_filed_years_to_an_appeal_that_is_upheld(come_in: ComeIn, world: World) -> None:
    branch, township = come_in(world.users["secretary"]), come_in(world.users["township_officer"])
    district, member = come_in(world.users["district_officer"]), come_in(world.users[CALL], phone=True)
    acts: dict[str, Callable[[], None]] = {
        "propose": lambda: propose(branch),
        "prior": lambda: agree(township, "基层党委预审", "槐委〔2027〕6号"),
        "look": lambda: investigate(branch, come_in(world.users["deputy"])),
        "talk": lambda: talk(branch),
        "reviewed": lambda: agree(township, "基层党委审核", "槐委〔2027〕7号"),
        "above": lambda: agree(district, "上级党委组织部门审核", "清组〔2027〕3号"),
        "vote": lambda: vote(branch),
        "approved": lambda: agree(township, "基层党委审批", "槐委〔2027〕8号"),
        "approved_above": lambda: agree(district, "上级党委组织部门审批", "清组〔2027〕5号"),
        "told": lambda: announce(branch),
    }
    for name, act in acts.items():
        with clock.at(day_of(name)):
            act()
            if name == "talk":
                answer_as_member(member)
    with clock.at(day_of("end")):
        appeal(member)
        uphold(come_in(world.users["second_district_officer"]))
        member.reload()
        expect(member.get_by_text("申诉成立，处置已经撤销")).to_be_visible()
    case = Case.objects.get()
    assert (case.state, case.steps.count()) == ("revoked", 12)
    assert StatusSpell.objects.get(member=case.member, until_on=None).status == "full", "nothing was changed by itself"
