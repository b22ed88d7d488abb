"""类别变更"""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members import queries
from pioneer.members.models import Member
from pioneer.members.services import change_track
from pioneer.scoring import TrackSpell
from tests.world import START, World

MID = date(2026, 4, 15)


def change(world: World, who: str = "recorder", name: str = "李桂兰", **values: object) -> Member:
    with clock.at(date(2026, 4, 20)):
        return change_track(
            **{
                "actor": world.actor(who),
                "member_id": world.member(name).pk,
                "track": "rural",
                "on": MID,
                **values,
            }
        )


def test_it_works(world: World) -> None:
    made = change(world)
    assert queries.track_on(made, date(2026, 4, 14)) == "community"
    assert queries.track_on(made, MID) == "rural"
    assert queries.tracks_of([made.pk]) == {made.pk: [TrackSpell(START, "community"), TrackSpell(MID, "rural")]}


def test_on_its_first_day_a_spell_is_put_right_as_a_whole(world: World) -> None:
    made = change(world, on=START)
    assert queries.tracks_of([made.pk]) == {made.pk: [TrackSpell(START, "rural")]}


def test_former_months_have_been_assessed(world: World) -> None:
    with pytest.raises(BadInput, match="以前月份已按原类别考评"):
        change(world, on=date(2026, 3, 31))


def test_not_from_tomorrow(world: World) -> None:
    with pytest.raises(BadInput, match="日期不能晚于今天"):
        change(world, on=date(2026, 4, 21))


def test_only_a_track_of_the_rulebook(world: World) -> None:
    with pytest.raises(BadInput, match="请选择类别：农村、社区"):
        change(world, track="urban")


def test_the_same_track_again_is_refused(world: World) -> None:
    with pytest.raises(DomainError, match="无须变更"):
        change(world, track="community")


def test_nobody_changes_ones_own(world: World) -> None:
    with pytest.raises(NotAllowed, match="须由他人办理"):
        change(world, name="解文军")


def test_who_only_reads_may_not(world: World) -> None:
    with pytest.raises(NotAllowed):
        change(world, "committee")


def test_for_another_branch_it_does_not_exist(world: World) -> None:
    with pytest.raises(NotVisible):
        change(world, "second_recorder")
