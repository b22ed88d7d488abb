"""The pages of former results and of marks from outside the points; and what a settlement says of streaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.kernel import clock
from pioneer.results.formers import keep_filed
from pioneer.results.models import FormerResult, OutsideMark
from pioneer.workbooks.reading import read_workbook
from tests.results.cycles import AFTER, adopt, close_year, settled
from tests.results.past import COMPONENT, book, filed, row
from tests.results.test_streaks import low_opening
from tests.workbooks.people import xlsx
from tests.world import TODAY, World, adopt_rulebook

pytestmark = pytest.mark.one_database
BASIS = "民主评议测评汇总表"


@pytest.fixture
def ruled(world: World) -> Iterator[World]:
    adopt_rulebook(world, more=COMPONENT)
    with clock.at(TODAY):
        yield world


def enter(world: World, client: Client, who: str) -> Client:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def test_former_results_come_in_and_are_listed(ruled: World, client: Client) -> None:
    at = ruled.organisations["street"].pk
    enter(ruled, client, "township_officer")
    template = client.get(f"/results/formers/{at}/template/")
    sheets = {sheet.name: sheet.rows for sheet in read_workbook(template.content, "空表.xlsx").sheets}
    assert "90分及以上" in str(sheets["填写说明"])
    wrong = SimpleUploadedFile("以往.xlsx", book(row("李桂兰"), row("没有此人")))
    page = client.post(f"/results/formers/{at}/import/", {"file": wrong})
    assert page.status_code == 422 and "文件里有1处要改，没有登记" in page.content.decode()
    assert not FormerResult.objects.exists()
    good = SimpleUploadedFile("以往.xlsx", book(row("李桂兰"), row("李桂兰", 2024, 0, "", 清零="是")))
    answer = client.post(f"/results/formers/{at}/import/", {"file": good})
    assert answer["Location"] == f"/results/formers/?at={at}"
    listed = client.get(answer["Location"]).content.decode()
    assert "已登记1名党员的2条以往结果" in listed and "2025年度：55分，60分以下" in listed and "，清零" in listed
    assert listed.count("没有登记") == 9  # of ten
    one = client.get(f"/members/{ruled.member('李桂兰').pk}/results/").content.decode()
    assert "槐街备〔2026〕3号" in one and "2026年1月20日，导入" in one


def test_what_is_no_workbook_is_said_in_the_form(ruled: World, client: Client) -> None:
    at = ruled.organisations["street"].pk
    page = enter(ruled, client, "township_officer").post(
        f"/results/formers/{at}/import/", {"file": SimpleUploadedFile("x.xlsx", b"PK nothing")}
    )
    assert page.status_code == 422 and "没有登记" in page.content.decode()


def test_a_member_sees_its_own_and_takes_it_away(ruled: World, client: Client) -> None:
    keep_filed([filed(ruled.member("李桂兰"), 2025, 8000, 8525)], 1)
    OutsideMark.objects.create(
        member=ruled.member("李桂兰"), branch=ruled.branch, component="M", first_on=date(2026, 1, 1), value=8850,
        last_on=date(2026, 12, 31), on=date(2026, 3, 20), basis=BASIS, entered_by_number=1, entered_at=clock.now(),
        confirmed_by_number=2, confirmed_at=clock.now(),
    )  # fmt: skip
    page = enter(ruled, client, "guilan").get("/me/results/").content.decode()
    assert "85.25分" in page and "备〔2025〕1号" in page and "还没有评定结果" not in page
    assert "2026年度　民主评议" in page and "88.5分" in page
    held = json.loads(client.post("/me/file/json/").content)
    assert held["已备案的以往结果"][0]["得分"] == "85.25" and held["外部成绩"][0]["依据"] == BASIS
    explained = client.get(f"/members/{ruled.member('李桂兰').pk}/explain/").content.decode()
    assert "民主评议" in explained and "17.7" in explained
    assert "87.7" in client.get("/me/").content.decode()


def test_marks_are_entered_on_one_page_and_confirmed_by_another_hand(ruled: World, client: Client) -> None:
    address = f"/results/marks/{ruled.branch.pk}/2026-01-01/M/"
    member = ruled.member("李桂兰").pk
    given = {"on": "2026-03-20", "basis": BASIS, f"value_{member}": "一百"}
    page = enter(ruled, client, "recorder").post(address, given)
    assert page.status_code == 422 and "最多两位小数，如 85.5" in page.content.decode()
    page = client.post(address, {**given, f"value_{member}": "100.5"})
    assert page.status_code == 422 and "在0至100分之内" in page.content.decode()
    client.post(address, {**given, f"value_{member}": "88.5"})
    mark = OutsideMark.objects.get()
    assert "/results/marks/" in client.get(f"/conduct/{ruled.branch.pk}/").content.decode()
    own = client.get(address).content.decode()
    assert "有1项是您录入的，须由另一位同志核对" not in own and "待核对" in own  # a recorder confirms nothing
    assert "外部成绩待核对" in enter(ruled, client, "secretary").get("/").content.decode()
    shown = client.get(address).content.decode()
    assert f'name="mark-{mark.pk}" value="8850"' in shown and "核对无误（1项）" in shown
    said = client.post(f"{address}confirm/", {f"mark-{mark.pk}": "8800"}, follow=True).content.decode()
    assert "成绩有改动，没有核对" in said
    said = client.post(f"{address}confirm/", {f"mark-{mark.pk}": "8850"}, follow=True).content.decode()
    assert "已核对1项成绩，并告知本人" in said and ">已核对</span>" in said
    correct = f"/results/marks/{mark.pk}/correct/"
    assert client.post(correct, {"mark": "abc", "reason": "x"}).status_code == 422
    said = client.post(correct, {"mark": "", "reason": "不应参加评议"}, follow=True).content.decode()
    assert "核对以前仍按原来的成绩" in said and "撤销" in said
    waiting = OutsideMark.objects.get(revision=2)
    assert "已撤去" in client.post(f"/results/marks/{waiting.pk}/drop/", follow=True).content.decode()
    index = client.get("/results/marks/").content.decode()
    assert "槐园社区第一党支部" in index and "2026年度" in index
    assert client.get(f"/results/marks/{ruled.branch.pk}/2026-02-01/M/").status_code == 404
    assert client.get(f"/results/marks/{ruled.branch.pk}/x/M/").status_code == 404


def test_marks_come_in_from_excel(ruled: World, client: Client) -> None:
    address = f"/results/marks/{ruled.branch.pk}/2026-01-01/M/"
    template = enter(ruled, client, "recorder").get(f"{address}template/")
    rows = read_workbook(template.content, "空表.xlsx").sheets[0].rows
    assert [row[1] for row in rows[2:]][:2] == ["王保国", "李桂兰"]
    given = {"on": "2026-03-20", "basis": BASIS}
    wrong = SimpleUploadedFile("x.xlsx", xlsx({"外部成绩": [["姓名", "成绩"], ["没有此人", 8]]}))
    page = client.post(f"{address}import/", {**given, "file": wrong})
    assert page.status_code == 422 and "有1处要改，没有录入" in page.content.decode()
    good = SimpleUploadedFile("x.xlsx", xlsx({"外部成绩": [["姓名", "成绩"], ["李桂兰", 88]]}))
    said = client.post(f"{address}import/", {**given, "file": good}, follow=True).content.decode()
    assert "已录入1名党员的成绩" in said and OutsideMark.objects.get().value == 8800


def test_a_rulebook_that_folds_nothing_in_shows_no_entry(world: World, client: Client) -> None:
    adopt_rulebook(world)
    with clock.at(TODAY):
        page = enter(world, client, "recorder").get(f"/conduct/{world.branch.pk}/").content.decode()
        assert "/results/marks/" not in page
        assert "没有要录入的成绩" in client.get("/results/marks/").content.decode()


def test_a_streak_is_shown_as_a_proposal(world: World, client: Client) -> None:
    adopt_rulebook(world)
    close_year(world.district)
    with clock.at(AFTER):
        adopt(world, low_opening)
        keep_filed([filed(world.member("李桂兰"), 2025, 0)], 1)
        made = settled(world.organisations["community"])
        page = enter(world, client, "community_officer").get(f"/results/{made.pk}/").content.decode()
        assert "连续等次的提议" in page and "只是提议，由组织依程序决定" in page and page.count("提议：") == 1
        table = client.get(f"/results/{made.pk}/workbook/").content
        rows = read_workbook(table, "x.xlsx").sheets[0].rows
        assert next(one for one in rows if one[2] == "李桂兰")[14] != ""
        choice = client.get("/results/").content.decode()
        assert "9名党员没有2025年度的备案结果" in choice and "对他们这一次不作提议" in choice
        explained = client.get(f"/members/{world.member('李桂兰').pk}/explain/?cycle=2026-01-01").content.decode()
        assert "连续等次" in explained


def test_the_queries_do_not_grow_with_the_branches(ruled: World, client: Client) -> None:
    counts = []
    for who, address in (("recorder", "/results/marks/"), ("community_officer", "/results/marks/")):
        enter(ruled, client, who).get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    assert abs(counts[0] - counts[1]) <= 4, counts
