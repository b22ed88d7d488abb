"""党员页 The roster, the file, one's own file and every form, through Django's client."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from pioneer.kernel import clock
from pioneer.members import queries
from pioneer.members.models import Exemption, Member, Membership, Transfer
from pioneer.members.services import correct_identity
from pioneer.web import members
from tests.members.people import number_of
from tests.members.test_exemptions import agree, apply, approve
from tests.members.test_propose_transfer import propose
from tests.members.test_queries import _hundred
from tests.world import TODAY, World, adopt_rulebook

Counted = Callable[[int], Any]
NUMBER = number_of(date(1956, 3, 8))


@pytest.fixture
def world(world: World) -> World:
    adopt_rulebook(world)
    with clock.at(TODAY):
        member = world.member("李桂兰").pk
        correct_identity(actor=world.actor("recorder"), member_id=member, identity=NUMBER, reason="与原件核对")
    return world


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.users[who])
    return client


def page(world: World, who: str, view: str, /, *args: int, code: int = 200, **query: str) -> str:
    with clock.at(TODAY):
        response = client_of(world, who).get(reverse(view, args=args), query)
    assert response.status_code == code, response.content.decode()[-2000:]
    return response.content.decode()


def send(world: World, who: str, view: str, /, *args: int, code: int = 302, **fields: object) -> str:
    with clock.at(TODAY):
        response = client_of(world, who).post(reverse(view, args=args), fields)
    assert response.status_code == code, response.content.decode()[-3000:]
    return response.headers["Location"] if code == 302 else response.content.decode()


def test_the_roster_shows_everybody_masked(world: World) -> None:
    shown = page(world, "recorder", "roster", world.branch.pk)
    assert "李桂兰" in shown and f"1401**********{NUMBER[-4:]}" in shown and NUMBER not in shown
    assert "添加党员" in shown and "style=" not in shown and "onclick" not in shown
    assert "添加党员" not in page(world, "auditor", "roster", world.branch.pk)


def test_the_filters(world: World) -> None:
    shown = page(world, "recorder", "roster", world.branch.pk, only="probationary")
    assert "喆䶮堃" in shown and "李桂兰" not in shown
    assert "这一类里没有人" in page(world, "recorder", "roster", world.branch.pk, only="gone")


def test_who_has_one_branch_comes_to_its_roster_at_once(world: World) -> None:
    with clock.at(TODAY):
        response = client_of(world, "recorder").get(reverse("rosters"))
    assert response.headers["Location"] == reverse("roster", args=[world.branch.pk])
    shown = page(world, "district_officer", "rosters")
    assert "柳沟村" in shown and "外区社区党支部" not in shown and "8人" in shown


def test_searching_finds_only_whom_one_sees(world: World) -> None:
    assert "柳满仓" in page(world, "district_officer", "rosters", q="满仓")
    assert "没有找到" in page(world, "other_district_officer", "rosters", q="满仓")


@pytest.mark.parametrize("who", ["second_recorder", "other_secretary", "guilan"])
def test_another_branchs_roster_and_file_are_not_there(world: World, who: str) -> None:
    page(world, who, "roster", world.branch.pk, code=404)
    page(world, who, "member", world.member("单雪琴").pk, code=404)


def test_signed_out_leads_to_the_sign_in(world: World) -> None:
    response = Client().get(reverse("roster", args=[world.branch.pk]))
    assert response.status_code == 302 and "login" in response.headers["Location"]


def test_the_file_offers_what_the_role_may_do(world: World) -> None:
    number = world.member("李桂兰").pk
    secretary = page(world, "secretary", "member", number)
    assert all(word in secretary for word in ("查看完整身份证号", "修改资料", "状态变动", "组织关系转接", "开登录码"))
    auditor = page(world, "auditor", "member", number)
    assert "所在支部" in auditor
    assert not any(word in auditor for word in ("查看完整身份证号", "修改资料", "状态变动", "组织关系转接"))


def test_the_file_shows_what_was_corrected(world: World) -> None:
    shown = page(world, "recorder", "member", world.member("李桂兰").pk)
    assert "身份证号原为“无”" in shown and "与原件核对" in shown


def test_adding_by_the_form(world: World) -> None:
    fields = {"name": "薛明月", "identity": number_of(date(1987, 7, 1)), "status": "full", "track": "community"}
    where = send(world, "recorder", "add-member", world.branch.pk, since="2026-04-01", **fields)
    assert where == reverse("roster", args=[world.branch.pk])
    assert Member.objects.get(name="薛明月").birth_on == date(1987, 7, 1)


def test_a_mistake_stands_at_its_field_and_what_was_typed_stays(world: World) -> None:
    fields = {
        "name": "薛明月",
        "identity": "1.40108E+17",
        "status": "full",
        "track": "community",
        "since": "2026-04-01",
    }
    shown = send(world, "recorder", "add-member", world.branch.pk, code=200, **fields)
    assert "Excel 已丢失末几位" in shown and 'value="薛明月"' in shown
    assert 'aria-invalid="true"' in shown


@pytest.mark.parametrize(
    "name", ["edit-member", "correct-identity", "change-status", "change-track", "propose-transfer", "apply-exemption"]
)
def test_every_form_opens_for_who_may_and_for_nobody_else(world: World, name: str) -> None:
    number = world.member("李桂兰").pk
    assert "<form" in page(world, "secretary", name, number)
    page(world, "auditor", name, number, code=403)
    page(world, "second_secretary", name, number, code=404)


def test_editing_by_the_form(world: World) -> None:
    member = world.member("李桂兰")
    fields = {"name": member.name, "birth_on": "1956-03-08", "joined_on": "2001-07-01", "note": "独居"}
    send(world, "recorder", "edit-member", member.pk, **fields)
    member.refresh_from_db()
    assert member.note == "独居"


def test_a_status_by_the_form(world: World) -> None:
    member = world.member("李桂兰")
    shown = send(world, "secretary", "change-status", member.pk, code=200, status="left", on="2026-04-01")
    assert "须有文件" in shown
    send(world, "secretary", "change-status", member.pk, status="left", on="2026-04-01", document="12号")
    assert queries.status_on(member, TODAY) == "left"
    assert "已退党" in page(world, "secretary", "member", member.pk)
    assert "李桂兰" in page(world, "secretary", "roster", world.branch.pk, only="gone")


def test_a_track_by_the_form(world: World) -> None:
    member = world.member("李桂兰")
    send(world, "recorder", "change-track", member.pk, track="rural", on="2026-04-01")
    assert queries.track_on(member, TODAY) == "rural"


def test_the_whole_number_is_shown_once_by_post(world: World) -> None:
    number = world.member("李桂兰").pk
    page(world, "secretary", "reveal-identity", number, code=405)
    assert NUMBER in send(world, "secretary", "reveal-identity", number, code=200)
    send(world, "recorder", "reveal-identity", number, code=403)


def test_a_transfer_from_form_to_acceptance(world: World) -> None:
    member = world.member("李桂兰").pk
    send(world, "secretary", "propose-transfer", member, branch=world.village.pk, on="2026-04-01")
    transfer = Transfer.objects.get()
    assert "李桂兰" in page(world, "village_secretary", "members-waiting")
    assert "组织关系转接待接收" in page(world, "village_secretary", "home")
    assert "接收" in page(world, "village_secretary", "transfer", transfer.pk)
    page(world, "second_secretary", "transfer", transfer.pk, code=404)
    send(world, "secretary", "accept-transfer", transfer.pk, code=403)
    send(world, "village_secretary", "accept-transfer", transfer.pk)
    assert "柳沟村" in page(world, "guilan", "own-file")


def test_a_transfer_sent_back(world: World) -> None:
    transfer = propose(world)
    send(world, "village_secretary", "transfer", transfer.pk, reason="介绍信缺失")
    assert Transfer.objects.get().state == "refused"


def test_an_exemption_from_application_to_its_end(world: World) -> None:
    member = world.member("李桂兰").pk
    fields = {"ground": "age", "from_on": "2026-03-08"}
    send(world, "guilan", "apply-exemption", member, **fields)
    made = Exemption.objects.get()
    assert "李桂兰" in page(world, "secretary", "members-waiting")
    send(world, "secretary", "agree-exemption", made.pk)
    send(world, "secretary", "approve-exemption", made.pk, code=403)
    assert "批准免评" in page(world, "township_officer", "exemption", made.pk)
    send(world, "township_officer", "approve-exemption", made.pk)
    send(world, "guilan", "end-exemption", made.pk, last_on="2026-04-01", reason="本人申请恢复")
    assert Exemption.objects.get().state == "ended"


def test_an_exemption_refused(world: World) -> None:
    made = agree(world, apply(world))
    send(world, "township_officer", "exemption", made.pk, reason="材料不齐")
    assert "材料不齐" in page(world, "guilan", "exemption", made.pk)


def test_opening_an_account_leads_to_the_slip(world: World) -> None:
    member = world.member("张㛃")
    where = send(world, "secretary", "open-account", member.pk)
    member.refresh_from_db()
    assert member.user_id and where == reverse("user", args=[member.user_id])
    assert "开登录码" in page(world, "secretary", "user", member.user_id)


def test_ones_own_file_shows_all_and_offers_to_take_it_away(world: World) -> None:
    approve(world, agree(world, apply(world)))
    shown = page(world, "guilan", "own-file")
    assert "带走我的全部记录" in shown and "免评" in shown and "更正身份证号" not in shown
    with clock.at(TODAY):
        response = client_of(world, "guilan").get(reverse("member", args=[world.member("李桂兰").pk]))
    assert response.headers["Location"] == reverse("own-file")
    page(world, "district_officer", "own-file", code=404)


def test_everything_held_as_json_and_as_a_workbook(world: World) -> None:
    propose(world)
    with clock.at(TODAY):
        client = client_of(world, "guilan")
        told = client.post(reverse("take-away-json"))
        book = client.post(reverse("take-away-xlsx"))
    held = json.loads(told.content)
    assert {"项目": "身份证号", "内容": NUMBER} in held["基本情况"]
    assert held["组织关系转接"][0]["到"] == "柳沟村" and held["消息"][0]["标题"] == "您的组织关系转接已提出"
    assert {"申报", "考评条目", "积分台账", "教育记录和提醒"} <= set(held)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    assert sheets.sheet_names == list(held)
    assert ["身份证号", NUMBER] in sheets.get_sheet_by_name("基本情况").to_python()


def test_taking_away_is_for_ones_own_only(world: World) -> None:
    send(world, "district_officer", "take-away-json", code=404)


def test_the_roster_page_takes_as_many_queries_for_a_hundred_as_for_eight(
    world: World, django_assert_num_queries: Counted
) -> None:
    client = client_of(world, "recorder")
    address = reverse("roster", args=[world.branch.pk])
    with clock.at(TODAY):
        client.get(address)
        with django_assert_num_queries(13):
            client.get(address)
        _hundred(world)
        with django_assert_num_queries(13):
            assert client.get(address).content.count(b"<tr>") > 100


def test_an_empty_roster_is_something_to_do(world: World) -> None:
    bare = Membership.objects.filter(branch=world.second_branch)
    with clock.at(TODAY):
        assert members.todo(world.actor("township_officer")) == []
        bare.delete()
        (one,) = members.todo(world.actor("township_officer"))
        assert one.text == "槐园社区第二党支部的花名册还是空的" and one.url.endswith(f"/{world.second_branch.pk}/")
        assert members.todo(world.actor("secretary")) == members.todo(world.actor("auditor")) == []
