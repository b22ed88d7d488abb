"""党员的读取 Who sees whom, the roster of a day, what the engine is given; in a constant number of queries."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries
from pioneer.members.models import Exemption, Member, Membership, StatusSpell, TrackSpell
from pioneer.members.services import change_status
from pioneer.scoring import Cycle
from pioneer.scoring import TrackSpell as Spell
from tests.world import START, TODAY, World

CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))
Counted = Callable[[int], Any]


def names(world: World, who: str) -> set[str]:
    return set(queries.visible_to(world.actor(who)).values_list("name", flat=True))


BRANCH = {"王保国", "李桂兰", "张㛃", "曾永福", "单雪琴", "解文军", "罗小红", "喆䶮堃"}
SECOND = {"温如春", "卜晓峰"}
VILLAGE = {"柳长根", "柳大妮", "柳满仓"}
OTHER = {"外一", "外五"}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("recorder", BRANCH),
        ("committee", BRANCH),
        ("second_secretary", SECOND),
        ("community_officer", BRANCH | SECOND),
        ("township_officer", BRANCH | SECOND),
        ("town_officer", VILLAGE),
        ("district_officer", BRANCH | SECOND | VILLAGE),
        ("auditor", BRANCH | SECOND | VILLAGE),
        ("other_district_officer", OTHER),
        ("guilan", {"李桂兰"}),
        ("other_member", {"外五"}),
        ("system_admin", set()),
    ],
)
def test_who_sees_whom(world: World, who: str, seen: set[str]) -> None:
    assert names(world, who) == seen


def test_the_clock_sees_nobody(world: World) -> None:
    assert not queries.visible_to(CLOCK).exists()


def test_not_visible_is_not_there(world: World) -> None:
    with pytest.raises(NotVisible):
        queries.get_visible(world.actor("guilan"), world.member("单雪琴").pk)
    with pytest.raises(NotVisible):
        queries.get_visible(world.actor("district_officer"), 10**9)


def test_the_roster_of_a_day_in_roster_order(world: World) -> None:
    rows = queries.roster(world.branch, TODAY)
    assert [row.position for row in rows] == sorted(row.position for row in rows) and len(rows) == 8
    last = rows[-1]
    assert (last.name, last.status, last.probationary, last.track, last.marks) == (
        "喆䶮堃",
        "probationary",
        True,
        "community",
        ("预备党员",),
    )
    assert queries.roster(world.branch, date(2025, 12, 31)) == []
    assert rows[1].user_id == world.users["guilan"].pk and rows[1].key == world.member("李桂兰").key


def test_member_of_an_account(world: World) -> None:
    assert queries.member_of(world.users["guilan"].pk) == world.member("李桂兰")
    assert queries.member_of(world.users["district_officer"].pk) is None
    assert queries.member_of(None) is None


def test_what_the_engine_is_given(world: World) -> None:
    guilan, zhe = world.member("李桂兰"), world.member("喆䶮堃")
    given = queries.scoring_members([guilan.pk, zhe.pk], CYCLE)
    assert given[guilan.pk].code == str(guilan.key)
    assert given[guilan.pk].tracks == (Spell(START, "community"),)
    assert (given[guilan.pk].status, given[guilan.pk].joined_on) == ("full", guilan.joined_on)
    assert given[zhe.pk].status == "probationary"


def test_when_somebody_joined_is_given_unless_it_was_after_the_cycle(world: World) -> None:
    zhe = world.member("喆䶮堃")
    cycle = Cycle(date(2025, 7, 1), date(2026, 6, 30))
    assert queries.scoring_members([zhe.pk], cycle)[zhe.pk].joined_on == date(2025, 9, 1)
    assert queries.scoring_members([zhe.pk], CYCLE)[zhe.pk].joined_on == date(2025, 9, 1)
    before = Cycle(date(2025, 1, 1), date(2025, 6, 30))
    assert queries.scoring_members([zhe.pk], before)[zhe.pk].joined_on is None


def test_the_status_on_the_cycles_last_day_decides(world: World) -> None:
    guilan = world.member("李桂兰").pk
    with clock.at(TODAY):
        change_status(actor=world.actor("secretary"), member_id=guilan, status="left", on=TODAY, document="12号")
    assert queries.scoring_members([guilan], CYCLE)[guilan].status == "left"
    first = Cycle(date(2026, 1, 1), date(2026, 3, 31))
    assert queries.scoring_members([guilan], first)[guilan].status == "full"


def test_an_exemption_does_not_hide_that_somebody_is_probationary(world: World) -> None:
    zhe = world.member("喆䶮堃")
    Exemption.objects.create(member=zhe, ground="ill", from_on=START, state="approved", applied_at=clock.now())
    assert queries.scoring_members([zhe.pk], CYCLE)[zhe.pk].status == "probationary"


def _hundred(world: World) -> list[int]:
    made = Member.objects.bulk_create(
        Member(district=world.district, number=f"T{n:05d}", name=f"测试{n}", position=100 + n, created_at=clock.now())
        for n in range(92)
    )
    Membership.objects.bulk_create(Membership(member=m, branch=world.branch, from_on=START) for m in made)
    StatusSpell.objects.bulk_create(StatusSpell(member=m, status="full", from_on=START) for m in made)
    TrackSpell.objects.bulk_create(TrackSpell(member=m, track="community", from_on=START) for m in made)
    return [row.pk for row in Member.objects.filter(memberships__branch=world.branch)]


def test_the_roster_takes_as_many_queries_for_a_hundred_as_for_eight(
    world: World, django_assert_num_queries: Counted
) -> None:
    with django_assert_num_queries(4):
        assert len(queries.roster(world.branch, TODAY)) == 8
    ids = _hundred(world)
    with django_assert_num_queries(4):
        assert len(queries.roster(world.branch, TODAY)) == 100
    with django_assert_num_queries(5):
        queries.roster(world.branch, TODAY, unpublished=True)
    with django_assert_num_queries(4):
        assert len(queries.scoring_members(ids, CYCLE)) == 100
