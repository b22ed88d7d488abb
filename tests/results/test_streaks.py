"""Streaks in a settlement: proposed from what was filed of the cycles before, as a proposal only; and `verify`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pioneer.kernel import clock
from pioneer.ledger.queries import score_of
from pioneer.members.models import Member
from pioneer.results import storing
from pioneer.results.beyond import beyond_of
from pioneer.results.cycles import ruled
from pioneer.results.former_cycles import unrecorded
from pioneer.results.formers import keep_filed
from pioneer.results.models import FormerResult, ResultReached, Settlement
from pioneer.results.settlement_queries import reached_by, streak_counts
from pioneer.results.verification import verify_results
from pioneer.scoring import Cycle
from tests.ledger.conftest import by_hand as by_hand
from tests.results.cycles import FIRST, LAST, adopt, of, settled
from tests.results.drafts import Content
from tests.results.past import filed
from tests.world import World


def low_opening(content: Content) -> None:
    """Everybody ends below 60, so that the streak of the shipped rulebook turns on the cycle before alone."""
    content["opening"]["points"] = 50


@pytest.fixture
def low(year: World) -> World:
    adopt(year, low_opening)
    return year


def proposed(made: Settlement) -> set[str]:
    rows = ResultReached.objects.filter(result__settlement=made, kind="streak")
    return set(rows.values_list("result__member__name", flat=True))


def keep(world: World, name: str, year: int, lower: int | None, **changes: Any) -> None:
    keep_filed([filed(world.member(name), year, lower, **changes)], 1)


def test_two_cycles_on_end_make_a_proposal_and_nothing_else_does(low: World) -> None:
    keep(low, "李桂兰", 2025, 0)
    keep(low, "张㛃", 2024, 0)  # 2025 is not on record
    keep(low, "王保国", 2025, None)  # without tier
    keep(low, "单雪琴", 2025, 6000)
    keep(low, "罗小红", 2025, 0, score=0, is_zeroed=True)  # a zeroed one counts
    keep(low, "曾永福", 2025, 0)
    keep(low, "曾永福", 2025, 6000, revision=2)  # amended since
    keep(low, "喆䶮堃", 2025, 0)  # probationary: no tier this time
    made = settled(low.organisations["community"])
    assert proposed(made) == {"李桂兰", "罗小红"}
    assert storing.digest_of(made) == made.digest
    (one,) = reached_by(made)[of(made, low, "李桂兰").pk]
    assert one.is_streak and one.clause and one.consequence
    assert [(each.code, number) for each, number in streak_counts(made, made.results.all())] == [(one.code, 2)]
    score = score_of(low.member("李桂兰"), LAST)
    beyond = beyond_of(low.member("李桂兰"), Cycle(FIRST, LAST))
    assert not score.streaks and beyond is not None and beyond.former == (0,)


def test_who_has_nothing_on_record_is_counted(low: World) -> None:
    at, rules = low.organisations["community"], ruled(low.district.pk, FIRST)
    assert (unrecorded(at, rules).members, unrecorded(at, rules).cycle.first_on) == (10, date(2025, 1, 1))
    keep(low, "李桂兰", 2025, 0)
    Member.objects.filter(name="张㛃").update(joined_on=date(2026, 2, 1))
    Member.objects.filter(name="单雪琴").update(arrived_on=date(2026, 2, 1))
    assert unrecorded(at, rules).members == 7


def test_what_was_received_here_agrees_with_its_result(low: World) -> None:
    made = settled(low.organisations["community"])
    one = of(made, low, "李桂兰")
    given: dict[str, Any] = {"first_on": FIRST, "last_on": LAST, "result": one.pk}
    keep(low, "李桂兰", 2026, 0, **given, score=one.score, tier=one.tier)
    found = verify_results()
    assert (found.settlements, found.formers, found.disagreement) == (1, 1, "")
    assert "年度评定1次" in found.summary
    other = of(made, low, "张㛃")
    keep(low, "张㛃", 2026, 0, **{**given, "result": other.pk}, score=other.score + 1, tier=other.tier)
    found = verify_results()
    assert "M00003的2026年度备案结果" in found.disagreement and FormerResult.objects.count() == 2


def test_a_result_changed_by_hand_is_found(low: World, by_hand: Any) -> None:
    made = settled(low.organisations["community"])
    by_hand("results_result", "UPDATE results_result SET score = 1 WHERE id = %s", [of(made, low, "李桂兰").pk])
    assert "的结果与写入时的摘要不符" in verify_results().disagreement
    assert clock.today() > LAST
