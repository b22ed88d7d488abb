"""The engine's doors: versions by date, cycles, the value of one fact, and what it refuses to do."""

from __future__ import annotations

from datetime import date

import pytest

from pioneer.scoring import Cycle, Engine, Fact, Member, TrackSpell, product
from tests.scoring.conftest import rulebook_of

pytestmark = pytest.mark.pure
MEMBER = Member("M1", (TrackSpell(date(2019, 1, 1), "rural"),))
UNTIL_JUNE = ("valid_from = 2019-01-01", "valid_from = 2019-01-01\nvalid_to = 2026-06-30")
FROM_JULY = ("valid_from = 2019-01-01", "valid_from = 2026-07-01")


def test_the_cycle_of_a_day(engine: Engine) -> None:
    assert engine.cycle_of(date(2026, 3, 8)) == Cycle(date(2026, 1, 1), date(2026, 12, 31))
    july = Engine([rulebook_of(("start_month = 1\n", "start_month = 7\n"))])
    assert july.cycle_of(date(2026, 6, 30)) == Cycle(date(2025, 7, 1), date(2026, 6, 30))
    quarters = Engine([rulebook_of(("months = 12\n", "months = 3\n"))])
    assert quarters.cycle_of(date(2026, 5, 5)) == Cycle(date(2026, 4, 1), date(2026, 6, 30))
    with pytest.raises(LookupError, match="没有适用的积分办法"):
        engine.cycle_of(date(2018, 12, 31))


def test_versions_by_date() -> None:
    open_ended, later = rulebook_of(), rulebook_of(FROM_JULY, ('version = "1"', 'version = "2"'))
    both = Engine([later, open_ended])
    assert both.version_on(date(2026, 6, 30)) is open_ended
    assert both.version_on(date(2026, 7, 1)) is later
    assert both.version_on(date(2018, 1, 1)) is None


def test_versions_must_not_overlap() -> None:
    with pytest.raises(ValueError, match="没有可用的积分办法"):
        Engine([])
    with pytest.raises(ValueError, match="有效期重叠"):
        Engine([rulebook_of(), rulebook_of()])
    with pytest.raises(ValueError, match="有效期重叠"):
        Engine([rulebook_of(UNTIL_JUNE), rulebook_of(("valid_from = 2019-01-01", "valid_from = 2026-06-30"))])


def test_a_gap_between_versions_makes_its_facts_unusable() -> None:
    gap = Engine([rulebook_of(UNTIL_JUNE), rulebook_of(("valid_from = 2019-01-01", "valid_from = 2026-08-01"))])
    facts = [Fact(1, "B5", date(2026, 7, 15)), Fact(2, "B5", date(2026, 8, 1))]
    score = gap.score(MEMBER, facts, gap.cycle_of(date(2026, 3, 1)))
    assert score.score == 7100 and [row.row for row in score.unusable] == [1]


def test_the_value_of_one_fact(engine: Engine) -> None:
    day = date(2026, 3, 8)
    assert engine.value(Fact(1, "B2", day, quantity=300), "rural") == (150, None, None)
    assert engine.value(Fact(1, "N5", day), "rural") == (-500, None, None)
    assert engine.value(Fact(1, "N11", day), "rural").refusal == "没有发生日之前的提醒记录，按条件不予扣分"
    assert "只适用于社区类" in str(engine.value(Fact(1, "C4", day), "rural").mistake)
    assert "缺少文件" in str(engine.value(Fact(1, "Z1", day), "rural").mistake)


def test_a_member_without_a_track_cannot_be_scored(engine: Engine) -> None:
    with pytest.raises(ValueError, match="没有类别"):
        engine.score(Member("M1", ()), [], engine.cycle_of(date(2026, 1, 1)))
    with pytest.raises(LookupError, match="没有适用的积分办法"):
        engine.score(MEMBER, [], Cycle(date(2010, 1, 1), date(2010, 12, 31)))


def test_a_transfer_in_the_cycle_opens_with_the_track_of_the_first_day() -> None:
    engine = Engine([rulebook_of(("points = 70\n", "points = 70\nby_track = { community = 75 }\n"))])
    spells = (TrackSpell(date(2019, 1, 1), "rural"), TrackSpell(date(2026, 3, 1), "community"))
    cycle = engine.cycle_of(date(2026, 1, 1))
    assert engine.score(Member("M1", spells), [], cycle).basic == 7000
    assert engine.score(Member("M1", spells, joined_on=date(2026, 3, 1)), [], cycle).basic == 7500


@pytest.mark.parametrize(
    ("left", "right", "rounded"), [(111, 50, 56), (1, 50, 1), (1, 49, 0), (-1, 50, -1), (333, 333, 1109), (0, 7, 0)]
)
def test_a_product_is_rounded_once_half_up(left: int, right: int, rounded: int) -> None:
    assert product(left, right) == rounded


def test_a_zeroing_the_version_of_its_documents_date_does_not_know_is_unusable() -> None:
    begins = '[[zeroing]]\ncode = "Z1"'
    without = rulebook_of(FROM_JULY, (begins, begins.replace("Z1", "Z9")))
    engine = Engine([rulebook_of(UNTIL_JUNE), without])
    cycle = engine.cycle_of(date(2026, 3, 1))
    late = Fact(1, "Z1", date(2026, 3, 8), document="判决书", document_on=date(2026, 8, 1))
    for fact in (late, late._replace(document_on=date(2018, 3, 1))):
        score = engine.score(MEMBER, [fact], cycle)
        assert score.score == 7000 and not score.zeroed
        assert "清零以文件日期为准" in score.unusable[0].reason
    assert "清零以文件日期为准" in str(engine.value(late, "rural").mistake)
    assert engine.score(MEMBER, [late._replace(document_on=date(2026, 6, 30))], cycle).zeroed


def test_a_zeroing_whose_document_lies_outside_the_cycle_is_unusable(engine: Engine) -> None:
    fact = Fact(1, "Z1", date(2026, 3, 8), document="判决书", document_on=date(2027, 1, 1))
    score = engine.score(MEMBER, [fact], engine.cycle_of(date(2026, 3, 1)))
    assert not score.zeroed and "2027年1月1日不在本周期" in score.unusable[0].reason


def test_what_another_line_of_the_event_outdid_still_limits_the_tier() -> None:
    row = 'code = "N5"'
    engine = Engine([rulebook_of((row, f'{row}\ntier_direct = "t0"'))])
    day = date(2026, 3, 8)
    facts = [Fact(1, "N5", day, event="甲事"), Fact(2, "N10", day, event="甲事")]
    cycle = engine.cycle_of(day)
    score = engine.score(MEMBER, facts, cycle)
    assert score.lines[1].outdone and score.tier == "t0"
    outdone = engine.score(MEMBER, [facts[0]._replace(indicator="N10"), facts[1]._replace(indicator="N5")], cycle)
    assert outdone.score == 6500 and outdone.tier == "t0"


def test_who_joined_shortly_before_a_short_cycle_has_no_tier() -> None:
    engine = Engine([rulebook_of(("months = 12\n", "months = 3\n"))])
    cycle = engine.cycle_of(date(2026, 5, 5))
    for joined, has_tier in ((date(2025, 12, 31), True), (date(2026, 1, 2), False), (date(2026, 4, 1), False)):
        member = Member("M1", MEMBER.tracks, joined_on=joined)
        assert (engine.score(member, [], cycle).tier is not None) is has_tier


def test_what_happened_before_the_cycle_makes_no_event_void() -> None:
    row = 'value = { shape = "fixed", points = 5 }\nvoids = "claim"'
    engine = Engine([rulebook_of((row, 'value = { shape = "nth", points = [5], back_months = 12 }\nvoids = "event"'))])
    cycle = engine.cycle_of(date(2026, 3, 8))
    claim = Fact(1, "B5", date(2026, 3, 8), event="甲事")
    before, within = (Fact(2, "N10", day, event="甲事") for day in (date(2025, 11, 1), date(2026, 3, 9)))
    assert engine.score(MEMBER, [claim, before], cycle).score == 7100
    assert engine.score(MEMBER, [claim, within], cycle).score == 6500
