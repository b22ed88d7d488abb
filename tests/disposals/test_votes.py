"""Quorum and majority: more than half, never exactly half, for every number of members."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pioneer.disposals.votes import Vote

pytestmark = pytest.mark.pure


@given(st.integers(1, 200).flatmap(lambda all_: st.tuples(st.just(all_), st.integers(0, all_), st.integers(0, all_))))
def test_more_than_half_and_nothing_else(figures: tuple[int, int, int]) -> None:
    with_vote, present, in_favour = figures
    vote = Vote(with_vote, present, in_favour, 0, 0)
    half = with_vote / 2
    assert vote.is_quorate is (present > half) and vote.is_carried is (in_favour > half)
    if in_favour <= present and vote.is_carried:
        assert vote.is_quorate, "what is carried had its quorum"


@given(st.integers(1, 100))
def test_exactly_half_never_does(half: int) -> None:
    vote = Vote(2 * half, half, half, 0, 0)
    assert not vote.is_quorate and not vote.is_carried
    assert Vote(2 * half, half + 1, half + 1, 0, 0).is_carried
