"""The pages of a take-over sheet: opening it, its grid, its workbook out and in, and its place among the sheets."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.assessments.models import Line, Sheet
from pioneer.kernel import clock
from pioneer.workbooks.reading import read_workbook
from pioneer.workbooks.writing import Heading, Table, write_workbook
from tests.assessments.conftest import Month
from tests.assessments.test_takeover import fill, take_over
from tests.web.scenario import PNG
from tests.web.test_assessments import enlarge
from tests.web.test_declarations import sign_in
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture(autouse=True)
def _first_of_april() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def ruled(world: World) -> World:
    adopt_rulebook(world)
    return world


@pytest.fixture
def desk(ruled: World, client: Client) -> Client:
    return sign_in(client, ruled, "recorder")


def number(world: World, name: str = "李桂兰") -> int:
    return world.member(name).pk


def totals(sheet: Sheet, rest: str = "") -> str:
    return f"/sheets/{sheet.pk}/totals/{rest}"


def test_it_is_opened_with_its_papers_and_found_in_the_list(ruled: World, desk: Client) -> None:
    assert "/sheets/takeover/new/" in desk.get("/sheets/").content.decode()
    assert "结转到" in desk.get("/sheets/takeover/new/").content.decode()
    form = {"branch_id": ruled.branch.pk, "on": "2026-03-30", "ground": "一季度台账"}
    answer = desk.post("/sheets/takeover/new/", form)
    assert answer.status_code == 422 and "最后一天" in answer.content.decode()
    scan = SimpleUploadedFile("台账.png", PNG)
    answer = desk.post("/sheets/takeover/new/", {**form, "on": "2026-03-31", "scan": scan}, follow=True)
    sheet = Sheet.objects.get()
    assert answer.redirect_chain == [(totals(sheet), 302)] and "已开立结转表" in answer.content.decode()
    assert "结转至2026年3月31日" in desk.get("/sheets/").content.decode()
    page = desk.get(f"/sheets/{sheet.pk}/").content.decode()
    assert "结转表（至2026年3月31日）" in page and "填写累计" in page and "/lines/new/" not in page
    assert desk.get(f"/sheets/{sheet.pk}/scan/").status_code == 200


def test_the_grid_is_filled_one_aspect_at_a_time(ruled: World, desk: Client) -> None:
    sheet = take_over(ruled)
    page = desk.get(totals(sheet)).content.decode()
    assert f'name="c-{number(ruled)}-A1"' in page and "B5" not in page
    assert f'name="c-{number(ruled, "解文军")}-A1"' not in page and "应回避：请由王保国（支部书记）" in page
    assert f'name="c-{number(ruled)}-C1"' not in desk.get(totals(sheet, "?group=C")).content.decode()
    url = totals(sheet, "?group=reverse")
    answer = desk.post(url, {"edit": 0, f"c-{number(ruled)}-N7": "1.5"}, follow=True)
    assert answer.redirect_chain == [(url, 302)] and "已保存" in answer.content.decode()
    assert 'value="1.5"' in answer.content.decode() and Line.objects.get().value == -150
    page = desk.get(f"/sheets/{sheet.pk}/?member={number(ruled)}").content.decode()
    assert "N7 −1.5" in page and "/edit/" not in page


def test_what_is_wrong_stands_in_its_cell_and_nothing_is_lost(ruled: World, desk: Client) -> None:
    sheet = take_over(ruled)
    form = {"edit": 0, f"c-{number(ruled)}-A1": "9", f"c-{number(ruled)}-A3": "2", f"c-{number(ruled, '张㛃')}-A1": "1"}
    answer = desk.post(totals(sheet), form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "有1格要改，都没有写入" in page and page.count("全年最多8分") == 2
    assert 'value="9"' in page and 'value="2"' in page and not Line.objects.exists()
    answer = desk.post(totals(sheet), {**form, f"c-{number(ruled)}-A1": "八分"})
    assert "“八分”不是数字" in answer.content.decode() and not Line.objects.exists()
    assert desk.post(totals(sheet), {"edit": 0, "c-x-A1": "1"}).status_code == 404


def test_the_second_of_two_sees_what_stands_now_in_the_cell(ruled: World, desk: Client) -> None:
    sheet = take_over(ruled)
    fill(ruled, sheet, ("李桂兰", "A1", 300), who="committee")
    form = {"edit": 0, f"c-{number(ruled)}-A1": "2"}
    answer = desk.post(totals(sheet), form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "现在是3" in page and 'value="2"' in page and "用我填的保存" in page
    assert 'name="edit" value="1"' in page and Line.objects.get().value == 300
    desk.post(totals(sheet), {**form, "edit": 1})
    assert Line.objects.get().value == 200


# ------------------------------------------------------------------ the workbook


def put(rows: list[list[Any]], titles: list[str]) -> SimpleUploadedFile:
    table = Table(
        "结转累计", [Heading(title, "number" if place > 1 else "text") for place, title in enumerate(titles)], rows
    )
    return SimpleUploadedFile("累计.xlsx", write_workbook([table]))


def test_the_workbook_goes_out_with_what_stands_and_comes_back(ruled: World, desk: Client) -> None:
    sheet = fill(ruled, take_over(ruled), ("李桂兰", "A1", 250))
    content = desk.get(totals(sheet, "workbook/")).content
    rows = read_workbook(content, "a.xlsx").sheets[0].rows
    assert rows[1][:3] == ["党员编号", "姓名", "A1 参加“三会一课”、主题党日（分）"]
    names = [row[1] for row in rows[2:]]
    assert names == ["王保国", "李桂兰", "张㛃", "曾永福", "单雪琴", "罗小红", "喆䶮堃"], "oneself is left out"
    assert rows[3][2] == 2.5
    answer = desk.post(
        totals(sheet, "upload/"), {"edit": sheet.edit, "file": SimpleUploadedFile("a.xlsx", content)}, follow=True
    )
    assert "已写入1格累计" in answer.content.decode() and Line.objects.get().edit == 0
    file = put([["M00002", "李桂兰", 3.5, ""], ["M00003", "张㛃", "", 2]], ["党员编号", "姓名", "A1", "N7 迟到"])
    desk.post(totals(sheet, "upload/"), {"edit": sheet.edit, "file": file})
    assert sorted(Line.objects.values_list("indicator", "value")) == [("A1", 350), ("N7", -200)]


def test_every_mistake_of_a_workbook_is_listed_and_nothing_is_written(ruled: World, desk: Client) -> None:
    sheet = take_over(ruled)
    file = put(
        [
            ["M00002", "李桂兰", 9, "两分"],
            ["M00003", "李桂兰", 1, ""],
            ["M99999", "某某", 1, ""],
            ["M00005", "单雪琴", 1.234, ""],
            ["M00002", "李桂兰", 1, ""],
            ["M00006", "解文军", 1, ""],
            ["M00007", "罗小红", 1, 1],
        ],
        ["党员编号", "姓名", "A1 三会一课", "N7 迟到", "Z1 违法犯罪"],
    )
    answer = desk.post(totals(sheet, "upload/"), {"edit": 0, "file": file})
    page = answer.content.decode()
    assert answer.status_code == 422 and not Line.objects.exists()
    for said in (
        "工作表“结转累计”第1行E列",
        "第2行C列（李桂兰 A1）：“参加“三会一课”、主题党日”全年最多8分",
        "第2行D列（李桂兰 N7）：“两分”不是数字",
        "第3行A列：编号M00003是张㛃",
        "第4行A列：名单上没有编号M99999",
        "第5行C列（单雪琴 A1）：“1.234”",
        "第6行A列：李桂兰在第2行已有一行",
        "第7行C列（解文军 A1）：应回避",
    ):
        assert said in page, said
    assert "有8处要改" in page


@pytest.mark.parametrize("content", [b"", b"not a workbook\x00\x01", PNG, BytesIO(b"PK\x03\x04").read()])
def test_what_is_no_workbook_is_refused_with_a_sentence(ruled: World, desk: Client, content: bytes) -> None:
    sheet = take_over(ruled)
    file = SimpleUploadedFile("a.xlsx", content)
    answer = desk.post(totals(sheet, "upload/"), {"edit": 0, "file": file})
    assert answer.status_code == 422 and "errorlist" in answer.content.decode()


def test_who_sees_the_grid(ruled: World) -> None:
    sheet = take_over(ruled)
    for who, status in [("committee", 200), ("guilan", 404), ("township_officer", 404), ("second_secretary", 404)]:
        desk = sign_in(Client(), ruled, who)
        assert {desk.get(totals(sheet, rest)).status_code for rest in ("", "workbook/", "upload/")} == {status}


def test_a_late_claim_of_the_time_taken_over_is_pointed_out(ruled: World, desk: Client) -> None:
    take_over(ruled)
    month = Month(ruled, Sheet.objects.get())
    month.claim()
    month.claim("单雪琴", event_on=TODAY)
    page = desk.get(f"/sheets/{month.april().pk}/").content.decode()
    assert page.count("在结转日（3月31日）以前") == 1


def test_a_submitted_one_is_only_to_be_read(ruled: World, desk: Client) -> None:
    sheet = fill(ruled, take_over(ruled), ("李桂兰", "A1", 250))
    desk.post(f"/sheets/{sheet.pk}/submit/", {"edit": sheet.edit})
    page = desk.get(totals(sheet)).content.decode()
    assert "只能看" in page and "c-" not in page.split("<main")[1].split("<form")[1] and "2.5" in page
    home = sign_in(Client(), ruled, "secretary").get("/").content.decode()
    assert "结转表（至2026年3月31日）待复核" in home


def test_the_grid_asks_as_much_for_more_than_thirty_members_as_for_ten(ruled: World, desk: Client) -> None:
    sheet = take_over(ruled)
    desk.get(totals(sheet))
    counts = []
    for batch in (2, 24):
        before = len(ruled.members)
        enlarge(ruled, before, batch)
        fill(ruled, sheet, *[(name, "A1", 100) for name in list(ruled.members)[before:]])
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(totals(sheet)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 35, counts
    assert date(2026, 3, 31) == sheet.taken_over_on
