"""合计: steps 7 to 11. Periods added or averaged, outside components, floor and ceiling, zeroing, tier, alarms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pioneer.scoring.components import Marks, weight_text
from pioneer.scoring.facts import Cycle, Fact
from pioneer.scoring.model import Clamp, Result, Rulebook
from pioneer.scoring.outcome import Line, PeriodScore, Score, Unusable
from pioneer.scoring.periods import add_months
from pioneer.scoring.points import HUNDRED, product, quotient, show
from pioneer.scoring.reasons import Note
from pioneer.scoring.sums import SIZES, Account, Sums, add_up, period_name
from pioneer.scoring.tiers import alarms_reached, decide_tier, streaks_reached


def total(
    account: Account, lines: Sequence[Line], unusable: Sequence[Unusable], zeroing: Fact | None, marks: Marks
) -> Score:
    """得分: the score of one member from its counted lines. ``zeroing`` is the fact that zeroes, if there is one."""
    sums, notes = add_up(account, lines)
    result, closing = account.closing.result, account.closing
    periods = _periods(account, sums, notes) if result.is_by_period else ()
    own = _own_total(account, sums, periods, notes)
    _note_components(marks, notes)
    score = _clamp(closing.clamp, own + marks.points, notes)
    if zeroing is not None:
        score = 0
        notes.append(_zeroed(closing, zeroing))
    alarms = alarms_reached(closing, score, lines, account.cycle)
    tier = decide_tier(account, score, zeroing is not None, lines, marks.missing, alarms, notes)
    code = tier.code if tier else None
    return Score(
        member=account.member,
        cycle=account.cycle,
        version=closing,
        track=account.last_track,
        basic=_sum(sums.basic, periods),
        positive=_sum(sums.positive, periods),
        reverse=sums.plain,
        zeroed=zeroing is not None,
        score=score,
        tier=code,
        lines=(*lines, *marks.lines),
        unusable=tuple(unusable),
        aspects=sums.aspects,
        pools=sums.pools,
        notes=tuple(notes),
        outside=marks.points,
        components=marks.components,
        periods=periods,
        alarms=alarms,
        streaks=streaks_reached(closing, code, account.member.former),
    )


def _sum(amounts: Sequence[int], periods: Sequence[PeriodScore]) -> int:
    if not periods:
        return sum(amounts)
    return sum(amount for amount, period in zip(amounts, periods, strict=True) if period.counts)


def _periods(account: Account, sums: Sums, notes: list[Note]) -> tuple[PeriodScore, ...]:
    """分期得分: each period by itself, within the period's own floor and ceiling."""
    result = account.closing.result
    found = []
    for place, (basic, positive, reverse) in enumerate(zip(sums.basic, sums.positive, sums.reverse, strict=True)):
        counts = place in sums.held or not _ended_before(account, result, place)
        name = period_name(result.period, place)
        score = basic + positive + reverse
        within = max(score, result.floor) if result.floor is not None else score
        within = min(within, result.ceiling) if result.ceiling is not None else within
        found.append(PeriodScore(place + 1, basic, positive, reverse, within, counts))
        if not counts:
            notes.append(Note("{0}在加入之前，不计入平均（{1}）", (name, result.clause)))
        elif within != score:
            word = "低于本期最低分" if within > score else "高于本期最高分"
            notes.append(Note("{0}得{1}分，{2}，按{3}分计（{4}）", (name, score, word, within, result.clause)))
        else:
            notes.append(Note("{0}得{1}分（{2}）", (name, within, result.clause)))
    return tuple(found)


def _ended_before(account: Account, result: Result, place: int) -> bool:
    joined = account.member.joined_on
    if result.method != "mean" or joined is None:
        return False
    return _last_day(account.cycle, result, place) < joined.toordinal()


def _last_day(cycle: Cycle, result: Result, place: int) -> int:
    return (add_months(cycle.first_on, (place + 1) * SIZES[result.period]) - timedelta(days=1)).toordinal()


def _own_total(account: Account, sums: Sums, periods: Sequence[PeriodScore], notes: list[Note]) -> int:
    result = account.closing.result
    counted = [period.score for period in periods if period.counts]
    if not result.is_by_period:
        own = sum(sums.basic) + sum(sums.positive) + sum(sums.reverse)
    elif result.method == "sum":
        own = sum(counted)
        notes.append(Note("各期合计{0}分（{1}）", (own, result.clause)))
    else:
        own = quotient(sum(counted), len(counted)) if counted else 0
        notes.append(Note("{0}期平均{1}分（{2}）", (str(len(counted)), own, result.clause)))
    coefficient = result.coefficient_by_track.get(account.last_track, result.coefficient)
    if coefficient == HUNDRED:
        return own
    weighed = product(own, coefficient)
    text = "自身得分{0}分，乘以系数{1}，得{2}分（{3}）"
    notes.append(Note(text, (own, show(coefficient), weighed, result.clause)))
    return weighed


def _note_components(marks: Marks, notes: list[Note]) -> None:
    for row in marks.components:
        if row.entered:
            notes.append(
                Note("{0}按{1}折算，计{2}分（{3}）", (row.name, weight_text(row.weight), row.points, row.clause))
            )
        else:
            notes.append(Note("{0}尚无成绩，计{1}分（{2}）", (row.name, row.points, row.clause)))


def _clamp(clamp: Clamp, score: int, notes: list[Note]) -> int:
    if clamp.floor is not None and score < clamp.floor:
        notes.append(Note("合计{0}分，低于最低分，按{1}分计（{2}）", (score, clamp.floor, clamp.clause)))
        return clamp.floor
    if clamp.ceiling is not None and score > clamp.ceiling:
        notes.append(Note("合计{0}分，高于最高分，按{1}分计（{2}）", (score, clamp.ceiling, clamp.clause)))
        return clamp.ceiling
    return score


def _zeroed(rulebook: Rulebook, fact: Fact) -> Note:
    rule = rulebook.indices["zeroing"]
    indicator = rulebook.indicators.get(fact.indicator)
    clause = indicator.clause if indicator else rule.clause
    return Note("{0}：{1}，得分清零（{2}）", (rule.name, fact.document_on or fact.event_on, clause))
