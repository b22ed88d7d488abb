"""成批转移 What a merger or a split does to the members; called inside the ledger's reorganisation."""

from datetime import date

from pioneer.kernel import clock
from pioneer.members import queries
from pioneer.members.models import Membership, Transfer
from pioneer.members.services import change_status
from pioneer.members.transfers import move_memberships
from tests.members.test_propose_transfer import propose
from tests.world import TODAY, World


def move(world: World, **values: object) -> int:
    with clock.at(TODAY):
        return len(move_memberships(world.second_branch, world.branch, TODAY, 7, **values))  # type: ignore[arg-type]


def test_all_members_belong_to_the_other_branch_from_that_day(world: World) -> None:
    assert move(world) == 2
    assert len(queries.roster(world.branch, TODAY)) == 10 and queries.roster(world.second_branch, TODAY) == []
    assert len(queries.roster(world.second_branch, date(2026, 3, 31))) == 2
    assert Transfer.objects.filter(state="accepted", reason="支部合并", decided_by_number=7).count() == 2
    world.users["second_recorder"].refresh_from_db()
    assert world.users["second_recorder"].organisation == world.branch


def test_a_split_moves_only_those_named(world: World) -> None:
    assert move(world, only=[world.member("温如春").pk], reason="支部分设") == 1
    assert [row.name for row in queries.roster(world.second_branch, TODAY)] == ["卜晓峰"]


def test_the_file_of_who_has_gone_goes_along(world: World) -> None:
    member = world.member("温如春")
    with clock.at(TODAY):
        change_status(
            actor=world.actor("second_secretary"), member_id=member.pk, status="left", on=TODAY, document="12号"
        )
    move(world)
    assert queries.get_visible(world.actor("secretary"), member.pk) == member
    assert "温如春" not in {row.name for row in queries.roster(world.branch, TODAY)}


def test_transfers_that_wait_follow(world: World) -> None:
    into = propose(world, to="second_branch")
    out = propose(world, "second_secretary", "温如春", "village")
    move(world)
    for transfer in (into, out):
        transfer.refresh_from_db()
    assert into.state == "refused" and into.reason == "两个支部已合并，无须转接。"
    assert out.state == "proposed" and out.from_branch == world.branch


def test_who_joined_that_very_day_has_one_spell(world: World) -> None:
    member = world.member("温如春")
    Membership.objects.filter(member=member).update(from_on=TODAY)
    move(world)
    assert list(Membership.objects.filter(member=member).values_list("branch", "from_on")) == [(world.branch.pk, TODAY)]
