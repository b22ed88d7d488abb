"""年度图的数字 They are the database's; nothing is told of fewer than three to who may not read single results."""

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pioneer.kernel import clock
from pioneer.members.models import StatusSpell, TrackSpell
from pioneer.overview.year import LEAST, Bin, _together, places, rows_below, year
from pioneer.results.models import Result, ResultAspect, Settlement
from pioneer.web.year_pictures import pictures
from tests.nominations.course import file
from tests.world import TODAY, World, adopt_rulebook
from tests.year import settle_plainly

SCORES = {"李桂兰": 9500, "单雪琴": 9100, "王保国": 8300, "温如春": 7000, "罗小红": 5990, "曾永福": 7499, "解文军": 0}


@pytest.fixture
def made(world: World) -> Any:
    adopt_rulebook(world)
    TrackSpell.objects.update(from_on=date(2020, 1, 1))
    with clock.at(TODAY):
        made = settle_plainly(
            world, "district", SCORES, zeroed=("解文军",), first_on=date(2025, 1, 1), last_on=date(2025, 12, 31)
        )
        for one in Result.objects.all():
            ResultAspect.objects.create(result=one, aspect="A", raw=300, counted=100 + one.order)
        yield made


def everything(made: Settlement, world: World, at: str = "district", *, whole: bool = True) -> Any:
    place = world.organisations[at]
    return year(made, rows_below(made, place), place, whole=whole)


def test_the_pictures_say_what_stands_in_the_database(made: Settlement, world: World) -> None:
    found = everything(made, world)
    tiered = Result.objects.exclude(tier="")
    assert {one.lower: one.members for one in found.bins if one.members} == Counter(
        one.score // 500 * 500 for one in tiered
    )
    assert sum(one.members for one in found.bins) == tiered.count() and found.bins[0].lower == 0
    assert found.tiers.rows == ("槐园街道", "柳沟镇") and found.tiers.members == Result.objects.count()
    assert dict(zip(found.tiers.columns, found.tiers.cells[0], strict=True))["不定等次"] == 1
    drawn = pictures(found)
    assert [members for _, members in drawn.bins] == [one.members for one in drawn.columns]
    for place, bar in enumerate(drawn.tiers):
        cells = [number for _, number in drawn.tiers_table[place][1] if number]
        assert [int(piece.words.rsplit("：", 1)[1][:-1]) for piece in bar.pieces] == cells
        assert sum(piece.width for piece in bar.pieces) == pytest.approx(404)


def test_below_a_township_the_communities_and_below_a_community_the_branches(made: Settlement, world: World) -> None:
    assert everything(made, world, "street").tiers.rows == ("槐园社区",)
    assert everything(made, world, "community").tiers.rows == ("槐园社区第一党支部", "槐园社区第二党支部")
    assert everything(made, world, "village").tiers.rows == ("柳沟村",)


def test_movement_is_from_what_was_filed_for_the_cycle_before(made: Settlement, world: World) -> None:
    assert everything(made, world).moved is None
    file(world, "李桂兰", 2024, "t80")
    file(world, "李桂兰", 2024, "t90", revision=2)
    file(world, "罗小红", 2024, "t90")
    file(world, "王保国", 2023, "t90")
    moved = everything(made, world).moved
    cells = {(was, now): n for was, row in zip(moved.rows, moved.cells, strict=True) for now, n in zip(moved.columns, row, strict=True) if n}  # fmt: skip # noqa: E501
    assert cells == {("90分及以上", "90分及以上"): 1, ("90分及以上", "60分以下"): 1}
    bands = pictures(everything(made, world)).moved.bands  # type: ignore[union-attr]
    assert sorted(band.kind for band in bands) == ["down", "same"]


def test_aspects_are_means_of_each_track(made: Settlement, world: World) -> None:
    found = everything(made, world).aspects
    assert found.tracks == (("农村", 3), ("社区", 9)) and found.aspects[0].endswith("义务")
    village = [100 + one.order for one in Result.objects.filter(branch=world.village)]
    assert found.means[0][0] == round(sum(village) / len(village)) and found.means[1] == (0, 0)


def test_who_may_not_read_single_results_is_told_of_three_at_least(made: Settlement, world: World) -> None:
    found = everything(made, world, "community", whole=False)
    assert all(one.members == 0 or one.members >= LEAST for one in found.bins)
    assert found.tiers is None and sum(one.members for one in found.bins) == 9
    seen = {one.organisation.name: one.whole for one in places(world.actor("secretary"))}
    assert seen == {"槐园社区": False}
    assert {one.whole for one in places(world.actor("township_officer"))} == {True}
    assert not places(world.actor("guilan"))


def test_whoever_has_died_since_is_counted_no_more(made: Settlement, world: World) -> None:
    StatusSpell.objects.filter(member=world.member("李桂兰")).update(status="deceased")
    assert everything(made, world).tiers.members == Result.objects.count() - 1


@pytest.mark.pure
@given(st.lists(st.integers(0, 6), min_size=1, max_size=24))
def test_bins_put_together_lose_nobody_and_leave_no_gap(members: list[int]) -> None:
    bins = [Bin(place * 500, place * 500 + 500, number) for place, number in enumerate(members)]
    found = _together(bins)
    if sum(members) < LEAST:
        assert not [one for one in found if one.members]
        return
    assert sum(one.members for one in found) == sum(members)
    assert all(one.members == 0 or one.members >= LEAST for one in found)
    assert found[0].lower == 0 and found[-1].upper == bins[-1].upper
    assert all(one.upper == after.lower for one, after in pairwise(found))
