"""The pages of meetings, leave, dues, and what a sheet may take from them."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.models import Line
from pioneer.assessments.services import open_sheet
from pioneer.conduct.models import Attendance, Dues, Leave, Meeting
from pioneer.kernel import clock
from tests.conduct import meetings
from tests.conduct.meetings import dues_workbook
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture(autouse=True)
def _today(world: World):
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield


@pytest.fixture
def enter(world: World, client: Client):
    def sign_in(who: str) -> Client:
        client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
        return client

    return sign_in


def grid(world: World, meeting: Meeting, **states: str) -> dict[str, Any]:
    given: dict[str, Any] = {"edit": meeting.edit, "rest": "on", "granted_by": world.users["recorder"].pk}
    for name, state in states.items():
        given[f"state_{world.member(name).pk}"] = state
    return given


def test_from_the_meeting_to_the_line_on_the_sheet(world: World, enter) -> None:
    with clock.at(date(2026, 3, 2)):
        sheet = open_sheet(actor=CLOCK, branch_id=world.branch.pk, year=2026, month=3)
    client = enter("recorder")
    said = {"kind": "theme", "on": "2026-03-10", "starts_at": "09:00", "place": "社区活动室", "theme": "学雷锋"}
    page = client.post(f"/conduct/{world.branch.pk}/meetings/new/", said, follow=True).content.decode()
    meeting = Meeting.objects.get()
    assert "接着登记考勤" in page and "没有选的，都记为到会" in page and "待登记考勤" not in page
    given = grid(world, meeting, 李桂兰="absent", 张㛃="leave")
    page = client.post(f"/meetings/{meeting.pk}/", given)
    assert page.status_code == 422 and "请写明请假的事由" in page.content.decode()
    given[f"note_{world.member('张㛃').pk}"] = "住院"
    assert client.post(f"/meetings/{meeting.pk}/", given).status_code == 302
    assert Attendance.objects.count() == 8
    page = client.get(f"/sheets/{sheet.pk}/").content.decode()
    assert f"/sheets/{sheet.pk}/proposals/" in page
    page = client.get(f"/sheets/{sheet.pk}/proposals/").content.decode()
    ticked = re.findall(r'name="facts" value="(a\d+-[a-z]+)" checked', page)
    assert len(ticked) == 6 and "N2 无故不参加组织生活" in page and "应回避：是您本人的" in page
    send = {"request_key": str(uuid4()), "facts": ticked}
    page = client.post(f"/sheets/{sheet.pk}/proposals/", send, follow=True).content.decode()
    assert "已记入6条" in page and Line.objects.count() == 6
    client.post(f"/sheets/{sheet.pk}/proposals/", send)
    assert Line.objects.count() == 6, "sent twice is entered once"
    page = client.post(f"/sheets/{sheet.pk}/proposals/", {"request_key": str(uuid4()), "facts": ticked})
    assert page.status_code == 422 and "已记入考评表，没有再记" in page.content.decode()
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "已记入考评表，不能在这里更正" in page
    assert "无故缺席" in enter("guilan").get("/my/conduct/").content.decode()


def test_a_member_asks_for_leave_on_its_own_page(world: World, enter) -> None:
    meeting = meetings.meet(world, on=meetings.AHEAD)
    client = enter("guilan")
    assert f"/meetings/{meeting.pk}/leave/ask/" in client.get("/my/conduct/").content.decode()
    page = client.post(f"/meetings/{meeting.pk}/leave/ask/", {"reason": "陪护病人"}, follow=True).content.decode()
    leave = Leave.objects.get()
    assert "待支部答复" in page and "不请假了" in page
    client = enter("secretary")
    assert "李桂兰请假，等支部答复" in client.get("/").content.decode()
    page = client.post(f"/leaves/{leave.pk}/refuse/", {"reason": " "}, follow=True).content.decode()
    assert "请写明不准假的理由" in page
    client.post(f"/leaves/{leave.pk}/refuse/", {"reason": "须全员到会"})
    assert "须全员到会" in enter("guilan").get("/my/conduct/").content.decode()


def test_the_branch_enters_leave_and_changes_and_cancels_a_meeting(world: World, enter) -> None:
    meeting = meetings.meet(world, on=meetings.AHEAD)
    client = enter("recorder")
    given = {"member": world.member("张㛃").pk, "reason": "住院", "granted_by": world.users["secretary"].pk}
    page = client.post(f"/meetings/{meeting.pk}/leave/", given, follow=True).content.decode()
    assert "王保国2026年4月1日准假" in page
    page = client.post(f"/leaves/{Leave.objects.get().pk}/withdraw/", follow=True).content.decode()
    assert "请假已撤回" in page
    said = {"kind": "theme", "on": "2026-04-09", "starts_at": "14:30", "place": "村委会", "edit": "0"}
    page = client.post(f"/meetings/{meeting.pk}/change/", said, follow=True).content.decode()
    assert "2026年4月9日主题党日" in page and "14:30" in page
    page = client.post(f"/meetings/{meeting.pk}/change/", said).content.decode()
    assert "别人改动过" in page
    page = client.post(f"/meetings/{meeting.pk}/cancel/", {"reason": ""}, follow=True).content.decode()
    assert "请写明为什么撤销" in page
    page = client.post(f"/meetings/{meeting.pk}/cancel/", {"reason": "防汛"}, follow=True).content.decode()
    assert "撤销：防汛" in page
    assert "已撤销" in client.get(f"/conduct/{world.branch.pk}/meetings/").content.decode()


def test_dues_are_entered_in_a_grid(world: World, enter) -> None:
    client = enter("recorder")
    address = f"/conduct/{world.branch.pk}/dues/2026/3/"
    assert client.get(f"/conduct/{world.branch.pk}/dues/").headers["Location"].endswith("/2026/4/")
    zhang = world.member("张㛃").pk
    given = {"edit": "0", "rest": "on", f"state_{zhang}": "unpaid", f"fen_{zhang}": "一元"}
    page = client.post(address, given)
    assert page.status_code == 422 and "请写成 12 或 12.50" in page.content.decode()
    page = client.post(address, {**given, f"fen_{zhang}": "0"}, follow=True).content.decode()
    assert "已登记8人的党费" in page and Dues.objects.get(member=zhang).state == "unpaid"
    page = client.post(address, {"edit": "8"}).content.decode()
    assert "不能改回未登记" in page
    assert "未缴" in enter("township_officer").get(address).content.decode()
    assert client.get(f"/conduct/{world.branch.pk}/dues/2026/13/").status_code == 404
    assert client.get(f"/conduct/{world.branch.pk}/dues/9999999/1/").status_code == 404


def test_dues_come_in_from_a_workbook(world: World, enter) -> None:
    client = enter("recorder")
    address = f"/conduct/{world.branch.pk}/dues/2026/3/import/"
    empty = client.get(f"/conduct/{world.branch.pk}/dues/2026/3/template/")
    assert empty["Content-Disposition"].startswith("attachment") and empty.content[:2] == b"PK"

    def send(*rows: tuple[object, ...]) -> Any:
        return client.post(address, {"file": SimpleUploadedFile("党费.xlsx", dues_workbook(*rows))}, follow=True)

    page = send(("", "李桂兰", "缴了"), ("", "温如春", "未缴")).content.decode()
    assert "文件里有2处要改，没有登记" in page and "第3行C列" in page and not Dues.objects.exists()
    assert "已登记1人的党费" in send(("M00002", "李桂兰", "按时足额", 12.5)).content.decode()
    page = client.post(address, {"file": SimpleUploadedFile("党费.xlsx", b"%PDF-1.7")}).content.decode()
    assert "没有登记" in page and "不是表格文件" in page


def test_all_of_it_is_in_the_take_away_file(world: World, enter) -> None:
    meeting = meetings.record(world, meetings.meet(world), 李桂兰=("leave", "住院"))
    meetings.pay(world, 李桂兰=("paid", 1250))
    found = enter("guilan").post("/me/file/json/").json()
    (came,) = found["组织生活考勤"]
    assert (came["情况"], came["请假事由或备注"], came["日期"]) == ("请假", "住院", meeting.on.isoformat())
    assert found["请假"][0]["状态"] == "已准假"
    assert found["党费"] == [
        {"支部": "槐园社区第一党支部", "月份": "2026年3月", "情况": "按时足额", "金额（元）": "12.50", "备注": ""}
    ]
