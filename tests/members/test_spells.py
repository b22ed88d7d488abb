"""时段 Whatever is turned and ended in whatever order, a member's spells never overlap."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput
from pioneer.members import queries, spells
from pioneer.members.models import TrackSpell
from tests.world import START, World

STEPS = st.lists(
    st.tuples(st.sampled_from(["turn", "end"]), st.integers(-5, 60), st.sampled_from(["rural", "community"])),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_spells_never_overlap(world: World, steps: list[tuple[str, int, str]]) -> None:
    member = world.member("李桂兰")
    TrackSpell.objects.filter(member=member).delete()
    spells_of = TrackSpell.objects.filter(member=member).order_by("from_on")
    with clock.at(START + timedelta(days=50)):
        spells.turn(TrackSpell, member, START, track="community")
        for act, days, track in steps:
            before = list(spells_of.values_list("from_on", "until_on", "track"))
            try:
                if act == "turn":
                    spells.turn(TrackSpell, member, START + timedelta(days=days), track=track)
                else:
                    spells.end(TrackSpell, member, START + timedelta(days=days))
            except BadInput:
                assert list(spells_of.values_list("from_on", "until_on", "track")) == before
    rows = list(spells_of)
    for one, following in pairwise(rows):
        assert one.until_on is not None and one.from_on <= one.until_on < following.from_on


def test_neither_the_future_nor_before_the_last_spell(world: World) -> None:
    member = world.member("李桂兰")
    with clock.at(date(2026, 4, 1)):
        with pytest.raises(BadInput, match="不能晚于今天"):
            spells.turn(TrackSpell, member, date(2026, 4, 2), track="rural")
        with pytest.raises(BadInput, match="不能早于上一次登记的日期（2026年1月1日）"):
            spells.turn(TrackSpell, member, date(2025, 12, 31), track="rural")


def test_before_the_first_spell_the_first_one_counts(world: World) -> None:
    member = world.member("李桂兰")
    assert queries.track_on(member, date(2020, 1, 1)) == "community"
    assert queries.status_on(member, date(2020, 1, 1)) == "full"
    assert queries.branch_on(member, date(2020, 1, 1)) is None
