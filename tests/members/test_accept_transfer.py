"""接收转接"""

import threading
from datetime import date

import pytest
from django.db import connection

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.members import queries
from pioneer.members.models import Membership, Transfer
from pioneer.members.services import change_status
from pioneer.members.transfers import accept_transfer
from tests.members.test_propose_transfer import propose
from tests.world import START, TODAY, World, build


def accept(world: World, transfer: Transfer, who: str = "village_secretary", on: date = TODAY) -> Transfer:
    with clock.at(on):
        return accept_transfer(actor=world.actor(who), transfer_id=transfer.pk)


def test_it_works(world: World) -> None:
    made = accept(world, propose(world), on=date(2026, 4, 9))
    member = world.member("李桂兰")
    assert made.state == "accepted" and made.on == TODAY
    spells = Membership.objects.filter(member=member).order_by("from_on").values_list("branch", "from_on", "until_on")
    assert list(spells) == [
        (world.branch.pk, START, date(2026, 3, 31)),
        (world.village.pk, TODAY, None),
    ]
    assert queries.branch_on(member, date(2026, 3, 31)) == world.branch
    assert queries.branch_on(member, TODAY) == world.village
    world.users["guilan"].refresh_from_db()
    assert world.users["guilan"].organisation == world.village


def test_who_sees_the_member_changes_with_the_branch(world: World) -> None:
    member = world.member("李桂兰").pk
    accept(world, propose(world))
    assert queries.get_visible(world.actor("village_recorder"), member)
    with pytest.raises(NotVisible):
        queries.get_visible(world.actor("secretary"), member)


def test_where_a_month_has_begun_meanwhile_it_turns_on_its_first_day(world: World) -> None:
    assert accept(world, propose(world), on=date(2026, 5, 12)).on == date(2026, 5, 1)
    assert queries.branch_on(world.member("李桂兰"), date(2026, 4, 30)) == world.branch


def test_outside_is_confirmed_by_a_second_person(world: World) -> None:
    transfer = propose(world, to="", to_outside="省城某街道党工委", document="介字第0012号")
    with pytest.raises(NotAllowed, match="另一个人核实回执"):
        accept(world, transfer, "secretary")
    accept(world, transfer, "deputy")
    member = world.member("李桂兰")
    assert queries.status_on(member, TODAY) == "transferred_out"
    assert queries.branch_on(member, TODAY) is None
    assert "李桂兰" not in {entry.name for entry in queries.roster(world.branch, TODAY)}
    assert queries.get_visible(world.actor("secretary"), member.pk) == member


def test_only_once(world: World) -> None:
    transfer = propose(world)
    accept(world, transfer)
    with pytest.raises(DomainError, match="这项转接已接收"):
        accept(world, transfer)


def test_not_who_has_gone(world: World) -> None:
    transfer = propose(world)
    with clock.at(TODAY):
        change_status(
            actor=world.actor("secretary"),
            member_id=world.member("李桂兰").pk,
            status="left",
            on=TODAY,
            document="槐发〔2026〕12号",
        )
    with pytest.raises(DomainError, match="已退回"):
        accept(world, transfer)


def test_not_by_the_member_itself(world: World) -> None:
    transfer = propose(world, "district_officer", "卜晓峰", "branch")
    with pytest.raises(NotAllowed):
        accept(world, transfer, "second_secretary")


@pytest.mark.parametrize("who", ["secretary", "village_recorder", "guilan"])
def test_who_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        accept(world, propose(world), who)


@pytest.mark.parametrize("who", ["second_secretary", "other_secretary"])
def test_for_whom_it_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        accept(world, propose(world), who)


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_accept_it_once() -> None:
    world = build()
    transfer = propose(world)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def run(who: str) -> None:
        try:
            actor = world.actor(who)
            ready.wait()
            accept_transfer(actor=actor, transfer_id=transfer.pk)
            outcomes.append("accepted")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    with clock.at(TODAY):
        threads = [threading.Thread(target=run, args=[who]) for who in ("village_secretary", "town_officer")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["accepted", "transfer_decided"]
    assert Membership.objects.filter(member=world.member("李桂兰")).count() == 2
