"""开通账号、关联已有账号 open_account, link_account"""

import pytest

from pioneer.accounts.models import User
from pioneer.accounts.slips import issue_slip
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members import queries
from pioneer.members.models import Member
from pioneer.members.services import change_status
from pioneer.members.signing_in import link_account, open_account
from tests.world import TODAY, World


def phone(world: World, number: str, name: str = "张㛃") -> Member:
    member = world.member(name)
    member.phone = number
    member.save()
    return member


def open_for(world: World, who: str = "secretary", name: str = "张㛃", **values: bool) -> User:
    with clock.at(TODAY):
        return open_account(actor=world.actor(who), member_id=world.member(name).pk, **values)


def test_it_works_with_the_member_number_and_the_phone(world: World) -> None:
    member = phone(world, "19700003333")
    user = open_for(world)
    assert (user.login, user.phone, user.name, user.organisation) == (
        member.number,
        "19700003333",
        "张㛃",
        world.branch,
    )
    assert queries.member_of(user.pk) == member and not user.has_usable_password()
    with clock.at(TODAY):
        assert issue_slip(actor=world.actor("secretary"), user_id=user.pk).code


def test_without_a_mobile_phone_the_member_number_is_enough(world: World) -> None:
    phone(world, "03512345678")
    assert open_for(world).phone is None


def test_a_phone_in_use_is_asked_about(world: World) -> None:
    phone(world, world.users["guilan"].phone or "")
    with pytest.raises(DomainError, match="家人共用一个号码"):
        open_for(world)
    assert open_for(world, without_phone=True).phone is None


def test_only_one(world: World) -> None:
    with pytest.raises(DomainError, match="已有账号"):
        open_for(world, name="李桂兰")


def test_not_for_who_has_gone(world: World) -> None:
    member = world.member("张㛃").pk
    with clock.at(TODAY):
        change_status(actor=world.actor("secretary"), member_id=member, status="left", on=TODAY, document="12号")
    with pytest.raises(DomainError, match="已退党"):
        open_for(world)


@pytest.mark.parametrize("who", ["recorder", "committee", "auditor"])
def test_who_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        open_for(world, who)


def test_for_another_branch_it_does_not_exist(world: World) -> None:
    with pytest.raises(NotVisible):
        open_for(world, "second_secretary")


def officer_named(name: str) -> User:
    return User.objects.create(login="19700009999", phone="19700009999", name=name, created_at=clock.now())


def link(world: World, who: str = "secretary", login: str = "19700009999") -> Member:
    return link_account(actor=world.actor(who), member_id=world.member("张㛃").pk, login=login)


def test_an_officer_who_is_a_member_is_one_person(world: World) -> None:
    officer = officer_named("张㛃")
    assert link(world).user == officer
    assert queries.member_of(officer.pk) == world.member("张㛃")


def test_an_account_of_another_name_or_of_another_member_is_not_linked(world: World) -> None:
    officer_named("张三")
    for login in ("19700009999", world.users["guilan"].login, "19700008888"):
        with pytest.raises(BadInput, match="没有找到姓名为张㛃"):
            link(world, login=login)


def test_who_may_not_link(world: World) -> None:
    officer_named("张㛃")
    with pytest.raises(NotAllowed):
        link(world, "recorder")
    with pytest.raises(NotVisible):
        link(world, "other_secretary")
