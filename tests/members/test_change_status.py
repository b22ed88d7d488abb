"""状态变动"""

from datetime import date

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members import queries
from pioneer.members.exemptions import apply_exemption
from pioneer.members.models import Exemption, Member, StatusSpell, Transfer
from pioneer.members.services import change_status
from pioneer.members.transfers import propose_transfer
from pioneer.messages.models import Message
from pioneer.messages.services import tell, tell_all
from tests.world import START, TODAY, World, adopt_rulebook


def change(world: World, status: str, who: str = "secretary", name: str = "李桂兰", **values: object) -> Member:
    with clock.at(TODAY):
        return change_status(
            **{
                "actor": world.actor(who),
                "member_id": world.member(name).pk,
                "status": status,
                "on": TODAY,
                "document": "槐发〔2026〕12号",
                **values,
            }
        )


def test_a_probationary_member_becomes_full(world: World) -> None:
    made = change(world, "full", name="喆䶮堃", on=date(2026, 3, 20), full_on=date(2026, 3, 20))
    assert made.full_on == date(2026, 3, 20)
    assert queries.status_on(made, date(2026, 3, 19)) == "probationary"
    assert queries.status_on(made, date(2026, 3, 20)) == "full"
    spells = list(StatusSpell.objects.filter(member=made).values_list("from_on", "until_on", "document"))
    assert spells == [(START, date(2026, 3, 19), ""), (date(2026, 3, 20), None, "槐发〔2026〕12号")]


@pytest.mark.parametrize("status", ["left", "removed", "expelled", "out_of_contact"])
def test_every_status_comes_with_a_document(world: World, status: str) -> None:
    with pytest.raises(BadInput, match="须有文件"):
        change(world, status, document=" ")
    assert queries.status_on(change(world, status), TODAY) == status


@pytest.mark.parametrize("status", ["left", "removed", "expelled", "deceased"])
def test_who_has_gone_is_on_no_roster_from_that_day(world: World, status: str) -> None:
    made = change(world, status)
    names = {entry.name for entry in queries.roster(world.branch, TODAY)}
    assert "李桂兰" not in names and len(names) == 7
    assert "李桂兰" in {entry.name for entry in queries.roster(world.branch, date(2026, 3, 31))}
    assert queries.get_visible(world.actor("secretary"), made.pk) == made


def test_the_deceased_leave_unpublished_papers_the_same_day(world: World) -> None:
    change(world, "deceased", document="")
    with clock.at(TODAY):
        march = queries.roster(world.branch, date(2026, 3, 31), unpublished=True)
    assert "李桂兰" not in {entry.name for entry in march}


def test_the_deceased_are_told_nothing(world: World) -> None:
    change(world, "deceased", document="")
    user = world.users["guilan"]
    user.refresh_from_db()
    assert not user.is_active
    tell(user, "notice", "1", "题", "文")
    tell_all([user.pk], "notice", "2", "题", "文")
    assert not Message.objects.filter(user=user).exists()


def test_what_was_proposed_is_not_waited_for_any_more(world: World) -> None:
    adopt_rulebook(world)
    member = world.member("李桂兰").pk
    with clock.at(TODAY):
        propose_transfer(actor=world.actor("deputy"), member_id=member, on=TODAY, to_branch_id=world.second_branch.pk)
        apply_exemption(actor=world.actor("guilan"), member_id=member, ground="age", from_on=TODAY)
    change(world, "deceased")
    assert Transfer.objects.get().state == "refused" and Exemption.objects.get().state == "refused"


def test_a_mistaken_entry_is_put_right_on_its_own_day(world: World) -> None:
    change(world, "deceased")
    made = change(world, "full", document="更正：登记有误，槐发〔2026〕13号")
    assert queries.status_on(made, TODAY) == "full"
    world.users["guilan"].refresh_from_db()
    assert world.users["guilan"].is_active


def test_no_score_and_no_clock_changes_a_status(world: World) -> None:
    with pytest.raises(NotAllowed, match="系统时钟不改动党员档案"), clock.at(TODAY):
        change_status(actor=CLOCK, member_id=world.member("李桂兰").pk, status="removed", on=TODAY, document="x")


def test_a_transfer_is_no_status(world: World) -> None:
    with pytest.raises(DomainError, match="请办理“组织关系转接”"):
        change(world, "transferred_out")


def test_a_full_member_never_becomes_probationary_again(world: World) -> None:
    with pytest.raises(DomainError, match="不能改为预备党员"):
        change(world, "probationary")


def test_the_same_status_again_is_refused(world: World) -> None:
    with pytest.raises(DomainError, match="无须变更"):
        change(world, "full")


@pytest.mark.parametrize("on", [date(2026, 4, 2), date(2025, 12, 31)])
def test_neither_tomorrow_nor_before_what_is_on_record(world: World, on: date) -> None:
    with pytest.raises(BadInput, match="日期不能"):
        change(world, "left", on=on)


def test_nobody_enters_ones_own(world: World) -> None:
    with pytest.raises(NotAllowed, match="须由他人办理"):
        change(world, "left", "secretary", "王保国")


@pytest.mark.parametrize("who", ["committee", "community_officer", "auditor", "guilan"])
def test_who_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        change(world, "left", who)


@pytest.mark.parametrize("who", ["second_secretary", "town_officer", "other_district_officer"])
def test_for_whom_it_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        change(world, "left", who)
