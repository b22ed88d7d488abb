"""Engine and oracle over rulebooks of every shape: whatever a rulebook may say, both must say the same of everybody."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pioneer.scoring import Engine, Fact, Line, Rulebook, Score, load_text, show
from pioneer.scoring.quotas import settle_quotas, standing_of
from pioneer.scoring.tiers import streaks_reached
from tests.scoring.generate_facts import Pair, pairs
from tests.scoring.generate_text import toml
from tests.scoring.oracle import plain
from tests.scoring.shapes_oracle import WHOLE, calculate
from tests.scoring.shapes_values import Found, periods_in, same_window

pytestmark = pytest.mark.pure
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
NO_SHRINKING = [Phase.explicit, Phase.generate]  # minutes for a rulebook; the campaign takes them
bounded = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW, phases=NO_SHRINKING)
fewer = settings(bounded, max_examples=25)
campaign = settings(max_examples=10_000, deadline=None, suppress_health_check=SLOW)
Answer = tuple[Score, str | None, list[str]]


def versions(pair: Pair) -> list[Rulebook]:
    found = []
    for text in pair.texts:
        outcome = load_text(text)
        assert outcome.rulebook is not None, [str(mistake) for mistake in outcome.mistakes]
        found.append(outcome.rulebook)
    return found


def scores(pair: Pair) -> dict[str, Answer]:
    """Each member's score, the tier after quotas, the streaks that tier makes."""
    engine = Engine(versions(pair))
    declared = [
        (member.code, void) for member, facts in pair.cases for void in engine.voided_events(member, facts, pair.cycle)
    ]
    found = {
        member.code: engine.score(
            member, facts, pair.cycle, voided=[void for owner, void in declared if owner != member.code]
        )
        for member, facts in pair.cases
    }
    closing = engine.version_on(pair.cycle.last_on)
    assert closing is not None
    moved = settle_quotas(closing, [standing_of(score) for score in found.values()])
    answers = {}
    for code, score in found.items():
        tier = moved[code].tier if code in moved else score.tier
        streaks = streaks_reached(closing, tier, score.member.former)
        answers[code] = (score, tier, [streak.code for streak in streaks])
    return answers


def differences(pair: Pair) -> Iterator[str]:
    found = scores(pair)
    expected = calculate(pair.books(), [(member, list(facts)) for member, facts in pair.cases], pair.cycle)
    for code, (score, tier, streaks) in found.items():
        wanted = expected[code]
        yield from totals_differ(code, score, tier, streaks, wanted)
        yield from rows_differ(code, score, wanted)


def totals_differ(code: str, score: Score, tier: str | None, streaks: list[str], wanted: Found) -> Iterator[str]:
    got = {
        "score": show(score.score), "tier": tier, "basic": show(score.basic), "positive": show(score.positive),
        "reverse": show(score.reverse), "outside": show(score.outside), "zeroed": score.zeroed,
        "alarms": [alarm.code for alarm in score.alarms], "streaks": streaks,
    }  # fmt: skip
    want = {
        "score": plain(wanted.score), "tier": wanted.tier, "basic": plain(wanted.basic),
        "positive": plain(wanted.positive), "reverse": plain(wanted.reverse), "outside": plain(wanted.outside),
        "zeroed": wanted.zeroed, "alarms": wanted.alarms, "streaks": wanted.streaks,
    }  # fmt: skip
    for key in want:
        if got[key] != want[key]:
            yield f"{code}: {key} is {got[key]!r}, the oracle says {want[key]!r}"


def rows_differ(code: str, score: Score, wanted: Found) -> Iterator[str]:
    lines = {line.row: line for line in score.lines if line.indicator.index != "outside"}
    if (unusable := {row.row for row in score.unusable}) != wanted.unusable:
        yield f"{code}: unusable rows are {unusable}, the oracle says {wanted.unusable}"
    if set(lines) != set(wanted.counted):
        yield f"{code}: lines are {set(lines)}, the oracle says {set(wanted.counted)}"
        return
    for row, line in lines.items():
        where = f"{code} row {row} ({line.indicator.code})"
        if show(line.counted) != plain(wanted.counted[row]):
            yield f"{where}: counted {show(line.counted)}, the oracle says {plain(wanted.counted[row])}"
        if row not in wanted.unsure and show(line.raw) != plain(wanted.raw[row]):
            yield f"{where}: raw {show(line.raw)}, the oracle says {plain(wanted.raw[row])}"
        if line.refused != (row in wanted.refused):
            yield f"{where}: refused is {line.refused}, the oracle says {row in wanted.refused}"


@bounded
@given(pairs())
def test_the_oracle_agrees_on_every_shape(pair: Pair) -> None:
    assert list(differences(pair)) == []


@pytest.mark.campaign
@campaign
@given(pairs())
def test_the_oracle_agrees_on_ten_thousand_pairs(pair: Pair) -> None:
    assert list(differences(pair)) == []


# ---------------------------------------------------------------- what must hold whatever the rulebook says


def all_of(answers: dict[str, Answer]) -> dict[str, tuple[Any, ...]]:
    """Everything that is said of the members; what can't be used in the order of its rows."""
    return {
        code: (replace(score, unusable=tuple(sorted(score.unusable))), tier, streaks)
        for code, (score, tier, streaks) in answers.items()
    }


def totals(answers: dict[str, Answer]) -> dict[str, tuple[Any, ...]]:
    """What a result states: no lines, no words."""
    return {
        code: (
            score.score, tier, score.basic, score.positive, score.reverse, score.outside, score.zeroed, streaks,
            [alarm.code for alarm in score.alarms],
        )
        for code, (score, tier, streaks) in answers.items()
    }  # fmt: skip


def with_facts(pair: Pair, changed: dict[str, list[Fact]]) -> Pair:
    return replace(pair, cases=tuple((member, tuple(changed[member.code])) for member, _ in pair.cases))


@fewer
@given(st.data(), pairs(most=10))
def test_the_order_facts_are_handed_over_in_changes_nothing(data: st.DataObject, pair: Pair) -> None:
    """Holds for every rulebook: posting, date and row decide, not the place in the list."""
    shuffled = {member.code: data.draw(st.permutations(facts)) for member, facts in pair.cases}
    assert all_of(scores(with_facts(pair, shuffled))) == all_of(scores(pair))


@fewer
@given(st.data(), pairs(most=10))
def test_the_order_of_rows_changes_no_total(data: st.DataObject, pair: Pair) -> None:
    """Holds where no value depends on how often or how much came before (nth, cumulative, repeat), no cap is shared by
    several indicators, and no component asks which of two marks on one day is the later.
    """
    pair = without_history(pair)
    shuffled = {}
    for member, facts in pair.cases:
        rows = data.draw(st.permutations([fact.row for fact in facts]))
        shuffled[member.code] = [fact._replace(row=row) for fact, row in zip(facts, rows, strict=True)]
    assert totals(scores(with_facts(pair, shuffled))) == totals(scores(pair))


@fewer
@given(st.data(), pairs(most=10))
def test_the_order_of_posting_changes_no_indicators_total(data: st.DataObject, pair: Pair) -> None:
    """Windows nest, so what an indicator counts in the cycle is the same in any order of posting. Holds for one version
    of the rules, where moreover no two facts belong to one event.
    """
    pair = without_history(replace(pair, texts=pair.texts[:1]), voids=True)
    alone = {member.code: [fact._replace(event=None) for fact in facts] for member, facts in pair.cases}
    posted = {
        code: [fact._replace(posted_order=data.draw(st.none() | st.integers(1, 4))) for fact in facts]
        for code, facts in alone.items()
    }
    assert by_indicator(scores(with_facts(pair, posted))) == by_indicator(scores(with_facts(pair, alone)))


def by_indicator(answers: dict[str, Answer]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for code, (score, _, _) in answers.items():
        for line in score.lines:
            key = (code, line.indicator.code)
            found[key] = found.get(key, 0) + line.counted
    return found


def without_history(pair: Pair, voids: bool = False) -> Pair:
    """The pair without what makes the order count: groups, repetition, nth, cumulative, components (and voids)."""
    books = [copy.deepcopy(book) for book in pair.books()]
    gone = set()
    for book in books:
        if len(books) == 1:
            book["meta"].pop("valid_to", None)
        book["indices"]["reverse"].pop("repeat", None)
        book.pop("groups", None)
        gone |= {part["code"] for part in book.pop("components", [])}
        rules = [*book.get("positive", []), *book.get("reverse", [])]
        gone |= {rule["code"] for rule in rules if rule.get("value", {}).get("shape") in ("nth", "cumulative")}
        gone |= {rule["code"] for rule in rules if voids and "voids" in rule}
    cases = [(member, tuple(fact for fact in facts if fact.indicator not in gone)) for member, facts in pair.cases]
    return Pair(tuple(toml(book) for book in books), pair.cycle, tuple(cases))


@fewer
@given(st.data(), pairs(most=10))
def test_a_corrected_line_leaves_no_trace(data: st.DataObject, pair: Pair) -> None:
    marked, without = {}, {}
    for member, facts in pair.cases:
        gone = data.draw(st.sets(st.sampled_from([fact.row for fact in facts]))) if facts else set()
        marked[member.code] = [fact._replace(corrected=fact.corrected or fact.row in gone) for fact in facts]
        without[member.code] = [fact for fact in facts if not fact.corrected and fact.row not in gone]
    assert all_of(scores(with_facts(pair, marked))) == all_of(scores(with_facts(pair, without)))


@fewer
@given(pairs())
def test_no_cap_is_ever_exceeded(pair: Pair) -> None:
    for score, _, _ in scores(pair).values():
        lines = [line for line in score.lines if line.indicator.index in ("positive", "reverse")]
        for place, line in enumerate(lines):
            assert abs(line.counted) <= abs(line.raw) and line.counted * line.raw >= 0
            for codes, window, cap in caps_over(line) if line.counted else ():
                if line.fact.carried and window not in WHOLE:
                    continue
                used = [
                    abs(other.counted) for other in lines[: place + 1]
                    if other.indicator.code in codes and same_window(window, other.event_on, line.event_on, pair.cycle)
                    and (window in WHOLE or not other.fact.carried)
                ]  # fmt: skip
                assert sum(used) <= cap, f"{line.indicator.code} over {window} {show(cap)}"
        check_totals(score, pair)


def caps_over(line: Line) -> Iterator[tuple[tuple[str, ...], str, int]]:
    for window, cap in line.indicator.caps.items():
        yield (line.indicator.code,), window, cap
    for group in line.rulebook.groups:
        if line.indicator.code in group.indicators:
            for window, cap in group.caps.items():
                yield group.indicators, window, cap


def check_totals(score: Score, pair: Pair) -> None:
    """Caps on aspects and on all additions, in so many periods; pools; and the floor and ceiling of the score."""
    last = score.version
    for aspect in last.aspects:
        if aspect.cap is not None and not aspect.net:
            capped = sum(row.capped for row in score.aspects if row.code == aspect.code)
            assert capped <= aspect.cap * len(periods_in(aspect.cap_period, pair.cycle))
    rule = last.indices["positive"]
    if rule.cap is not None and not rule.net:
        assert score.positive <= rule.cap * len(periods_in(rule.cap_period, pair.cycle))
    assert all(0 <= row.forgiven <= -row.deducted for row in score.pools)
    if score.zeroed:
        assert score.score == 0
    else:
        assert last.clamp.floor is None or score.score >= last.clamp.floor
        assert last.clamp.ceiling is None or score.score <= last.clamp.ceiling
