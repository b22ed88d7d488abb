"""修改资料"""

from dataclasses import replace
from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, NotAllowed, NotVisible
from pioneer.members.models import Member, Rectification
from pioneer.members.particulars import Particulars, particulars_of
from pioneer.members.services import edit_member
from tests.world import TODAY, World


def edit(world: World, who: str = "recorder", name: str = "李桂兰", reason: str = "", **changes: object) -> Member:
    member = world.member(name)
    particulars: Particulars = replace(particulars_of(member), **changes)
    with clock.at(TODAY):
        return edit_member(actor=world.actor(who), member_id=member.pk, particulars=particulars, reason=reason)


def test_it_works(world: World) -> None:
    made = edit(world, phone="197 0000 2222", is_floating=True, floating_to="省城务工", note="随子女居住")
    assert (made.phone, made.is_floating, made.floating_to, made.note) == (
        "19700002222",
        True,
        "省城务工",
        "随子女居住",
    )
    assert not Rectification.objects.exists()


def test_the_account_follows_the_phone(world: World) -> None:
    edit(world, phone="19700002222")
    world.users["guilan"].refresh_from_db()
    assert world.users["guilan"].phone == "19700002222"


def test_a_phone_another_account_signs_in_with_is_refused(world: World) -> None:
    with pytest.raises(BadInput, match="已是另一个账号的登录号码"):
        edit(world, phone=world.users["deputy"].phone)
    assert world.member("李桂兰").phone == ""


def test_who_is_no_longer_floating_has_no_whereabouts(world: World) -> None:
    edit(world, is_floating=True, floating_to="省城务工")
    world.member("李桂兰").refresh_from_db()
    assert edit(world, is_floating=False, floating_to="省城务工").floating_to == ""


def test_what_identifies_a_person_needs_a_reason(world: World) -> None:
    with pytest.raises(BadInput, match="更正姓名、出生日期须写明理由和依据"):
        _rename(world)


def _rename(world: World, reason: str = "", who: str = "recorder") -> Member:
    member = world.member("李桂兰")
    particulars = replace(particulars_of(member), name="李桂蓝", birth_on=date(1956, 3, 9))
    with clock.at(TODAY):
        return edit_member(actor=world.actor(who), member_id=member.pk, particulars=particulars, reason=reason)


def test_the_file_keeps_what_stood_there_before(world: World) -> None:
    made = _rename(world, "与身份证原件核对")
    kept = Rectification.objects.get(member=made)
    assert kept.fields == ["name", "birth_on"]
    assert kept.before == {"name": "李桂兰", "birth_on": "1956-03-08"}
    assert kept.reason == "与身份证原件核对" and kept.by_number == world.actor("recorder").number
    world.users["guilan"].refresh_from_db()
    assert world.users["guilan"].name == "李桂蓝"


def test_nobody_corrects_what_identifies_oneself(world: World) -> None:
    with pytest.raises(NotAllowed, match="须由他人办理"):
        edit(world, "recorder", "解文军", "核对", birth_on=date(1950, 1, 1))
    assert edit(world, "recorder", "解文军", note="自己的备注").note == "自己的备注"


@pytest.mark.parametrize("who", ["committee", "community_officer", "guilan", "auditor"])
def test_who_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        edit(world, who, note="改")


@pytest.mark.parametrize("who", ["second_recorder", "other_district_officer", "xueqin"])
def test_for_whom_it_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        edit(world, who, note="改")
