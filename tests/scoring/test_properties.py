"""What must hold of every score, searched by Hypothesis; and the naive oracle, which must agree on everything."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer.scoring import Cycle, Engine, Fact, Member, Score, TrackSpell, show
from pioneer.scoring.periods import window_keys
from tests.scoring.conftest import rulebook_of
from tests.scoring.oracle import LEVELS, ORDER, Row, calculate, plain

pytestmark = pytest.mark.pure
CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))
RULEBOOK = rulebook_of()
ENGINE = Engine([RULEBOOK])
MEMBER = Member("M1", (TrackSpell(date(2019, 1, 1), "rural"),), "张三")
RURAL = [code for code in ORDER if code not in ("C4", "C5", "C6")]
REVERSE = [code for code in ORDER if code[0] == "N"]
bounded = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def facts(draw: st.DrawFn, codes: list[str] | None = None, most: int = 30, posted: bool = False) -> list[Fact]:
    """Facts of one rural member, crowded into few indicators and months so that caps and events meet."""
    some = draw(st.lists(st.sampled_from(codes or RURAL), min_size=1, max_size=5, unique=True))
    months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True))
    found = []
    for row in range(1, 1 + draw(st.integers(0, most))):
        code = draw(st.sampled_from(some))
        day = date(2026, draw(st.sampled_from(months)), draw(st.integers(1, 28)))
        found.append(draw(fact(row, code, day, posted)))
    return found


@st.composite
def fact(draw: st.DrawFn, row: int, code: str, day: date, posted: bool = False) -> Fact:
    quantity = value = level = told = None
    if code == "B2":
        quantity = draw(st.integers(1, 1000))
    elif code in ("C2", "N4"):
        quantity = draw(st.integers(1, 4)) * 100
    elif code in ("A5", "B7"):
        value = draw(st.integers(300, 500))
    elif code == "A6":
        level = draw(st.sampled_from(list(LEVELS)))
    elif code in ("N1", "N11"):
        told = draw(st.none() | st.integers(-3, 400).map(lambda days: day - timedelta(days=days)))
    return Fact(
        row,
        code,
        day,
        quantity=quantity,
        value=value,
        level=level,
        education_on=told,
        event=draw(st.none() | st.none() | st.sampled_from(["甲", "乙"])),
        posted_order=draw(st.none() | st.integers(1, 3)) if posted else None,
    )


def score(given_facts: list[Fact], engine: Engine = ENGINE) -> Score:
    found = engine.score(MEMBER, given_facts, CYCLE)
    assert not found.unusable, found.unusable
    return found


def totals(found: Score) -> tuple[object, ...]:
    return (found.score, found.tier, found.positive, found.reverse, found.zeroed, found.aspects)


@bounded
@given(st.data(), facts())
def test_the_order_of_facts_changes_no_total(data: st.DataObject, some: list[Fact]) -> None:
    shuffled = data.draw(st.permutations(some))
    renumbered = [one._replace(row=row) for row, one in enumerate(shuffled, start=1)]
    assert totals(score(some)) == totals(score(shuffled)) == totals(score(renumbered))


@bounded
@given(st.data(), facts(posted=True))
def test_a_corrected_line_leaves_no_trace(data: st.DataObject, some: list[Fact]) -> None:
    gone = data.draw(st.sets(st.sampled_from([one.row for one in some])) if some else st.just(set()))
    marked = [one._replace(corrected=one.row in gone) for one in some]
    without = [one for one in some if one.row not in gone]
    assert totals(score(marked)) == totals(score(without))
    assert score(marked).lines == score(without).lines


@bounded
@given(facts(most=40, posted=True))
def test_no_cap_is_ever_exceeded(some: list[Fact]) -> None:
    found = score(some)
    windows = ("day", "week", "month", "quarter", "cycle")
    used: dict[tuple[str, str, int], int] = {}
    for line in found.lines:
        keys = window_keys(line.event_on, CYCLE)
        for window, cap in line.indicator.caps.items():
            key = (line.indicator.code, window, keys[windows.index(window)])
            used[key] = used.get(key, 0) + line.counted
            assert used[key] <= cap
        assert abs(line.counted) <= abs(line.raw) and line.counted * line.raw >= 0
    for aspect in found.aspects:
        assert aspect.cap is not None and aspect.capped <= aspect.cap


@bounded
@given(st.data(), facts(posted=True), st.sampled_from(RURAL), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_an_addition_never_lowers_and_a_deduction_never_raises(
    data: st.DataObject, some: list[Fact], code: str, day: date
) -> None:
    one = data.draw(fact(1000, code, day, posted=True))._replace(event=None)
    before, after = score(some), score([*some, one])
    if code in REVERSE:
        assert after.score <= before.score and after.positive == before.positive
    else:
        assert after.score >= before.score and after.reverse == before.reverse


@bounded
@given(facts(posted=True))
def test_a_later_posting_changes_nothing_posted(some: list[Fact]) -> None:
    counted = {line.row: line.counted for line in score(some).lines}
    for posting in (1, 2, 3):
        until = [one for one in some if one.posted_order is not None and one.posted_order <= posting]
        assert {line.row: line.counted for line in score(until).lines}.items() <= counted.items()


@bounded
@given(facts(posted=True))
def test_entries_with_their_value_fixed_count_the_same(some: list[Fact]) -> None:
    first = score(some)
    usable = {line.row: line for line in first.lines if not line.refused or "同一事项" in line.reason}
    entries = [one._replace(fixed=usable[one.row].raw) for one in some if one.row in usable]
    assert totals(score(entries)) == totals(first)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(facts(most=40, posted=True), st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_the_naive_oracle_agrees(some: list[Fact], zeroed_on: date | None) -> None:
    zeroing = [] if zeroed_on is None else [Fact(9999, "Z1", zeroed_on, document="判决书")]
    found = score([*some, *zeroing])
    want = calculate([as_row(one) for one in some], zeroed_on)
    assert (show(found.score), found.tier, found.zeroed) == (plain(want.score), want.tier, want.zeroed)
    assert (show(found.positive), show(found.reverse)) == (plain(want.positive), plain(want.reverse))
    assert {line.row: show(line.counted) for line in found.lines if line.row != 9999} == {
        row: plain(points) for row, points in want.counted.items()
    }


def as_row(one: Fact) -> Row:
    quantity = None if one.quantity is None else Decimal(one.quantity) / 100
    value = None if one.value is None else Decimal(one.value) / 100
    return Row(
        one.row, one.indicator, one.event_on, quantity, value, one.level, one.event, one.education_on, one.posted_order
    )


@bounded
@given(facts(codes=["B5", "A4", "N8"], most=20))
def test_weeks_and_groups_keep_their_caps_too(some: list[Fact]) -> None:
    engine = Engine([CROWDED])
    found = score(some, engine)
    weeks: dict[tuple[str, int], int] = {}
    group = 0
    for line in found.lines:
        if line.indicator.code in ("A4", "B5"):
            group += line.counted
        if line.indicator.code == "B5":
            key = ("B5", window_keys(line.event_on, CYCLE)[1])
            weeks[key] = weeks.get(key, 0) + line.counted
    assert group <= 500 and all(points <= 100 for points in weeks.values())


CROWDED = rulebook_of(
    (
        'caps = { month = 3, year = 12 }\nwording = "为群众办好事实事"',
        'caps = { week = 1, month = 3, year = 12 }\nwording = "为群众办好事实事"',
    ),
    (
        "[people]",
        '[[groups]]\ncode = "g"\nname = "好事与建议"\nindicators = ["A4", "B5"]\ncaps = { year = 5 }\n'
        'clause = "第三条"\nprovenance = "assumed"\n\n[people]',
    ),
    ('repeat = "none"', 'repeat = "double"'),
)
