"""The pages of the year-end announcement: papers first, then the meeting, who was told, and one's answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.kernel import clock
from pioneer.members.closing import close_cycles
from pioneer.results.models import Announcement, OutsideMark, Result, Told
from pioneer.workbooks.reading import read_workbook
from tests.notices import On, run
from tests.papers.reading import pages_of, words_of
from tests.results.cycles import close_year, settled
from tests.results.past import COMPONENT
from tests.results.test_announce import deceased, hold
from tests.world import World, adopt_rulebook
from tests.year import AFTER, FIRST, LAST, settle_plainly

pytestmark = pytest.mark.one_database
MEETING = {"held_on": "2027-01-11", "place": "党群服务中心", "presided_by": "段雅文"}


@pytest.fixture
def year(world: World) -> Iterator[World]:
    adopt_rulebook(world)
    with clock.at(AFTER):
        yield world


def enter(world: World, client: Client, who: str = "community_officer") -> Client:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def row(world: World, name: str) -> Told:
    return Told.objects.filter(result__member=world.member(name)).latest("id")


def test_from_the_papers_to_the_last_member_told(year: World, client: Client) -> None:
    made, unit = settle_plainly(year, scores={"李桂兰": 8150}), year.organisations["community"]
    enter(year, client)
    assert "待通报" in client.get("/results/announcements/").content.decode()
    assert "槐园社区年度评定待通报" in client.get("/").content.decode()
    address = f"/results/{made.pk}/units/{unit.pk}/"
    page = client.get(address).content.decode()
    assert "会前打印" in page and f"{address}handout.pdf" in page and "登记通报" in page
    assert "李桂兰" in words_of(client.get(f"{address}handout.pdf").content)
    answer = client.post(address, {**MEETING, "held_on": "2026-12-31"})
    assert answer.status_code == 422 and "周期到2026年12月31日才结束" in answer.content.decode()
    held = client.post(address, MEETING)["Location"]
    page = client.get(held).content.decode()
    assert "尚未告知到人" in page and "10人" in page and "党群服务中心" in page
    branch = f"{held}branches/{year.branch.pk}/"
    page = client.get(branch).content.decode()
    seal = page.split('name="seal" value="')[1].split('"')[0]
    assert "得分81.5分，等次为“80至89分”" in page and page.index("王保国") < page.index("李桂兰")
    zhang = row(year, "张㛃").pk
    form = {"seal": seal, "rest": "on", "handed": "on", f"state_{zhang}": "no", f"how_{zhang}": "邮寄"}
    answer = client.post(branch, form)
    assert answer.status_code == 422 and "两项都填" in answer.content.decode()
    assert client.post(branch, {**form, f"on_{zhang}": "2027-01-11"})["Location"] == held
    assert (row(year, "张㛃").handed_how, row(year, "王保国").handed_how) == ("邮寄", "会上交给本人")
    page = client.get(held).content.decode()
    assert "温如春" in page and "都已告知" in page and "2人尚未告知" in page
    assert "槐园社区年度评定尚未告知到人" in client.get("/").content.decode()
    stale = client.post(branch, {**form, f"on_{zhang}": "2027-01-11", f"state_{zhang}": "yes"})
    assert stale.status_code == 422 and "另有人登记过" in stale.content.decode()


def test_the_member_reads_takes_its_statement_and_answers(year: World, client: Client) -> None:
    hold(year, settle_plainly(year, scores={"李桂兰": 8150}))
    enter(year, client, "guilan")
    page = client.get("/me/results/").content.decode()
    assert "81.5分" in page and "80至89分" in page and "2027年1月11日" in page and "提交答复" in page
    told = row(year, "李桂兰")
    pages = pages_of(client.get(f"/results/statements/{told.result_id}/statement.pdf?large=1").content)
    assert len(pages) == 1 and "李桂兰" in pages[0] and "王保国" not in pages[0]
    refused = client.post(f"/me/results/{told.pk}/answer/", {"answer": "dissents", "words": ""})
    assert refused.status_code == 422 and "请写明哪里有不同意见" in refused.content.decode()
    client.post(f"/me/results/{told.pk}/answer/", {"answer": "dissents", "words": "七月的没有算。"})
    page = client.get("/me/results/").content.decode()
    assert "七月的没有算。" in page and "更改答复" in page
    for who in ("community_officer", "township_officer"):
        shown = enter(year, client, who).get(f"/results/announcements/{told.announcement_id}/").content.decode()
        assert "七月的没有算。" in shown and "不因此改变结果" in shown
        assert "槐园社区有党员对年度评定有不同意见" in client.get("/").content.decode()
    assert "七月的没有算。" not in enter(year, client, "xueqin").get("/me/results/").content.decode()


def test_a_statement_is_the_members_own_and_there_once_it_was_announced(year: World, client: Client) -> None:
    made = settle_plainly(year)
    address = f"/results/statements/{Result.objects.get(member=year.member('李桂兰')).pk}/statement.pdf"
    assert enter(year, client, "guilan").get(address).status_code == 404
    assert client.get("/me/results/").content.decode().count("本结果由组织通报后生效") == 1
    assert enter(year, client, "secretary").get(address).status_code == 200
    hold(year, made)
    assert enter(year, client, "guilan").get(address).status_code == 200
    assert enter(year, client, "xueqin").get(address).status_code == 404


def test_the_papers_say_each_ground_and_name_nobody_who_has_died(world: World, client: Client) -> None:
    adopt_rulebook(world)
    run(world, [On("李桂兰", "B5", 12), On("李桂兰", "N7", 13), On("李桂兰", "N7", 20), On("王保国", "N7", 9)])
    close_year(world.district)
    with clock.at(AFTER.replace(day=20)):
        community = world.organisations["community"]
        made = settled(community)
        deceased(world, "罗小红", AFTER)
        address = f"/results/{made.pk}/units/{community.pk}/"
        enter(world, client)
        said = "".join(pages_of(client.get(f"{address}branches/{world.branch.pk}/statements.pdf").content)[1].split())
        for words in ("李桂兰", "基本指数", "+1", "N7", "3月13日", "得分70", "扣分合计", "签到册在支部"):
            assert words in said, words
        assert "王保国" not in said
        for paper in ("handout.pdf", "minutes.pdf", f"branches/{world.branch.pk}/statements.pdf"):
            words = words_of(client.get(f"{address}{paper}").content)
            assert "罗小红" not in words and "喆䶮堃" in words, paper
        assert "预备期的考察和转正" in words_of(client.get(f"{address}handout.pdf").content)


def test_a_statement_shows_the_marks_from_outside_that_stood_when_it_was_settled(world: World, client: Client) -> None:
    adopt_rulebook(world, more=COMPONENT)
    person = world.users["secretary"].pk
    with clock.at(AFTER):
        made = settle_plainly(world)
        for name, value in (("李桂兰", 8550), ("王保国", 9000)):
            OutsideMark.objects.create(
                member=world.member(name), branch=world.branch, component="M", first_on=FIRST, last_on=LAST,
                on=LAST, value=value, entered_by_number=person, entered_at=clock.now(), confirmed_by_number=person + 1,
                confirmed_at=clock.now(),
            )  # fmt: skip
        enter(world, client)
        address = f"/results/{made.pk}/units/{world.organisations['community'].pk}/branches/{world.branch.pk}/"
        pages = ["".join(one.split()) for one in pages_of(client.get(f"{address}statements.pdf").content)]
    assert "民主评议" in pages[1] and "85.5" in pages[1] and "90" not in pages[1].split("外部成绩")[1][:30]
    assert "没有成绩" in pages[2] and "外部成绩合计" in pages[2]


def test_after_a_correction_it_is_told_anew_those_who_changed_first(year: World, client: Client) -> None:
    first = hold(year, settle_plainly(year, scores={"李桂兰": 7000}))
    second = settle_plainly(year, scores={"李桂兰": 8000})
    page = enter(year, client).get(f"/results/announcements/{first.pk}/").content.decode()
    assert "须重新通报" in page
    assert "更正后待重新通报" in client.get("/results/announcements/").content.decode()
    address = f"/results/{second.pk}/units/{first.unit_id}/"
    page = client.get(address).content.decode()
    assert "须重新告知的1人" in page and "得分70分" in page and "得分80分" in page
    own = enter(year, client, "guilan").get("/me/results/").content.decode()
    assert "现在拟定的是得分80分" in own and "70分" in own
    enter(year, client).post(address, MEETING)
    assert "已经重新通报" in client.get(f"/results/announcements/{first.pk}/").content.decode()
    latest = Announcement.objects.latest("id")
    assert "与上一次通报不同的1人" in client.get(f"/results/announcements/{latest.pk}/").content.decode()


def test_a_branch_sees_its_own_members_and_enters_their_slips(year: World, client: Client) -> None:
    held = hold(year, settle_plainly(year))
    page = enter(year, client, "secretary").get(f"/results/announcements/{held.pk}/").content.decode()
    assert "李桂兰" in page and "温如春" not in page and "会议材料" not in page
    told = row(year, "张㛃")
    form = {"answer": "confirmed", "answered_on": "2027-01-11"}
    assert client.post(f"/results/told/{told.pk}/answer/", form).status_code == 302
    page = client.get(f"/results/announcements/{held.pk}/branches/{year.branch.pk}/").content.decode()
    assert "据回执代登" in page
    close_cycles([one.member_id for one in held.settlement.results.all()], FIRST, LAST, "槐街备〔2027〕1号")
    page = client.get(f"/results/announcements/{held.pk}/branches/{year.branch.pk}/").content.decode()
    assert "逐人情况" in page and 'name="seal"' not in page
    assert "已备案（槐街备〔2027〕1号）" in enter(year, client, "guilan").get("/me/results/").content.decode()


def test_it_is_taken_away_as_excel_and_by_the_member(year: World, client: Client) -> None:
    held = hold(year, settle_plainly(year))
    told = row(year, "李桂兰")
    enter(year, client, "guilan").post(f"/me/results/{told.pk}/answer/", {"answer": "dissents", "words": "=没有算。"})
    taken = client.post("/me/file/json/")
    assert "年度评定通报" in taken.content.decode() and "=没有算。" in taken.content.decode()
    answer = enter(year, client).get(f"/results/announcements/{held.pk}/workbook/")
    rows = read_workbook(answer.content, "通报.xlsx").sheets[0].rows
    own = next(one for one in rows if one[2] == "李桂兰")
    assert own[10] == "有不同意见" and own[13] == "=没有算。" and own[14] == "是"


def test_the_queries_do_not_grow_with_the_members(year: World, client: Client) -> None:
    counts = []
    for who, at in (("village_secretary", "village"), ("community_officer", "community")):
        held = hold(year, settle_plainly(year, at), who, at)
        enter(year, client, who)
        for address in (f"/results/announcements/{held.pk}/", "/results/announcements/"):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
