"""小计: steps 6 and 7 per period. Openings, additions within aspect caps, deductions within pools and caps.

Everything is kept by the month of the event within its cycle, and looked at by month, quarter or cycle as a rule asks.
What is allotted or limited for longer than a period of the result belongs to the period in which it begins; the loader
lets that happen only where the rules change in mid-cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pioneer.scoring.facts import Cycle, Member
from pioneer.scoring.model import Aspect, IndexRule, Period, Rulebook
from pioneer.scoring.outcome import AspectScore, Line, PoolScore
from pioneer.scoring.points import product
from pioneer.scoring.reasons import Note

SIZES: dict[Period, int] = {"month": 1, "quarter": 3, "cycle": 0}
PERIOD_NAMES: dict[Period, str] = {"month": "个月", "quarter": "季度", "cycle": "周期"}


@dataclass(frozen=True, slots=True)
class Account:
    """计分对象: one member in one cycle, with the version of its first and of its last day."""

    member: Member
    cycle: Cycle
    opening: Rulebook
    closing: Rulebook
    first_track: str
    last_track: str


@dataclass(slots=True)
class Sums:
    """小计: ``basic``, ``positive`` and ``reverse`` (what pools and the cap leave of it) by period of the result."""

    basic: list[int]
    positive: list[int]
    reverse: list[int]
    plain: int = 0
    aspects: tuple[AspectScore, ...] = ()
    pools: tuple[PoolScore, ...] = ()
    held: set[int] = field(default_factory=set)


def months_of(cycle: Cycle) -> int:
    """月数: how many months a cycle has."""
    first, last = cycle.first_on, cycle.last_on
    return (last.year - first.year) * 12 + last.month - first.month + 1


def place_of(period: Period, month: int) -> int:
    """时段序号: the period (from 0) that holds the cycle's month ``month`` (from 0)."""
    size = SIZES[period]
    return month // size if size else 0


def number_of(period: Period, cycle: Cycle) -> int:
    """时段数: how many such periods the cycle has."""
    return place_of(period, months_of(cycle) - 1) + 1


def period_name(period: Period, place: int) -> str:
    """时段写法: ``第2季度``, ``第5个月``; nothing for the whole cycle."""
    return "" if period == "cycle" else f"第{place + 1}{PERIOD_NAMES[period]}"


def month_of(line: Line, cycle: Cycle) -> int:
    """第几个月: of the event within the cycle, from 0."""
    day, first = line.event_on, cycle.first_on
    return (day.year - first.year) * 12 + day.month - first.month


class _Monthly(dict[str, list[int]]):
    """逐月: amounts by name and month."""

    def __init__(self, months: int) -> None:
        super().__init__()
        self._months = months

    def __missing__(self, name: str) -> list[int]:
        row = self[name] = [0] * self._months
        return row

    def by(self, name: str, period: Period) -> list[int]:
        """按时段: the amounts of one name by period."""
        found = [0] * (place_of(period, self._months - 1) + 1)
        for month, amount in enumerate(self.get(name, ())):
            found[place_of(period, month)] += amount
        return found


class Adding:
    """逐期合计: adds up the counted lines of one account."""

    def __init__(self, account: Account, lines: Iterable[Line]) -> None:
        self._account = account
        self._result: Period = account.closing.result.period
        self._months = months_of(account.cycle)
        self._additions = _Monthly(self._months)
        self._deductions = _Monthly(self._months)
        self._pooled = _Monthly(self._months)
        self._whole = _Monthly(self._months)
        number = number_of(self._result, account.cycle)
        self.sums = Sums([0] * number, [0] * number, [0] * number)
        self.notes: list[Note] = []
        for line in lines:
            if line.counted:
                self._take(line)

    def _take(self, line: Line) -> None:
        month, aspect = month_of(line, self._account.cycle), line.indicator.aspect or ""
        self.sums.held.add(place_of(self._result, month))
        if line.indicator.index == "reverse":
            self._whole["reverse"][month] += line.counted
            self._deductions[aspect][month] += line.counted
            if line.indicator.pool is not None:
                self._pooled[line.indicator.pool][month] += line.counted
            self.sums.plain += line.counted
        else:
            self._additions[aspect][month] += line.counted

    def _to(self, period: Period, place: int) -> int:
        """归期: the period of the result in which a shorter (or, after a change of rules, longer) one begins."""
        return place_of(self._result, place * (SIZES[period] or self._months))

    def _period_of(self, rule: IndexRule) -> Period:
        """封顶时段: what a cap is looked at by; without a cap, the period of the result."""
        return self._result if rule.cap is None else rule.cap_period

    def open(self) -> int:
        """基本指数: allots opening points and pools to their periods; the whole of it is returned."""
        account = self._account
        opening = account.opening.opening
        points = opening.by_track.get(account.first_track, opening.points)
        for place in range(number_of(opening.period, account.cycle)):
            self.sums.basic[self._to(opening.period, place)] += points
        if opening.inherited_share:
            previous = account.member.previous
            inherited = opening.inherited_without if previous is None else product(previous, opening.inherited_share)
            self.sums.basic[0] += inherited
        for pool in account.opening.pools:
            for place in range(number_of(pool.period, account.cycle)):
                self.sums.basic[self._to(pool.period, place)] += pool.points
        return sum(self.sums.basic)

    def deduct(self) -> None:
        """分池与扣分合计: step 6, then the cap on all deductions."""
        account = self._account
        rule = account.closing.indices["reverse"]
        period = self._period_of(rule)
        left = [-amount for amount in self._whole.by("reverse", period)]
        pools: list[PoolScore] = []
        for pool in account.opening.pools:
            for place, points in enumerate(self._pooled.by(pool.code, pool.period)):
                forgiven = max(0, -points - (pool.points - pool.floor))
                pools.append(
                    PoolScore(pool.code, pool.name, str(place + 1), pool.points, points, forgiven, pool.clause)
                )
                if not forgiven:
                    continue
                begins = place * (SIZES[pool.period] or self._months)
                left[place_of(period, begins)] -= forgiven
                self._note_pool(
                    pool.name, pool.period, place, (pool.points, -points, pool.floor, forgiven, pool.clause)
                )
        self.sums.pools = tuple(pools)
        for place, amount in enumerate(left):
            counted = amount if rule.cap is None else min(amount, rule.cap)
            if counted < amount:
                text = "{0}{1}应扣{2}分，上限{3}分，少扣{4}分（{5}）"
                when = period_name(rule.cap_period, place)
                self.notes.append(Note(text, (when, rule.name, amount, rule.cap, amount - counted, rule.clause)))
            self.sums.reverse[self._to(period, place)] -= counted

    def _note_pool(self, name: str, period: Period, place: int, args: tuple[object, ...]) -> None:
        text = "{0}“{1}”{2}分，应扣{3}分，扣至{4}分为止，少扣{5}分（{6}）"
        self.notes.append(Note(text, (period_name(period, place), name, *args)))

    def add(self) -> None:
        """方面与加分合计: step 7, aspect caps and then the cap on all additions."""
        rulebook = self._account.closing
        rule = rulebook.indices["positive"]
        period = self._period_of(rule)
        whole = [0] * number_of(period, self._account.cycle)
        scores = []
        for aspect in rulebook.aspects:
            within = period if aspect.cap is None else aspect.cap_period
            counted = self._additions.by(aspect.code, within)
            capped = [self._within(aspect, place, amount) for place, amount in enumerate(counted)]
            for place, amount in enumerate(capped):
                begins = place * (SIZES[within] or self._months)
                whole[place_of(period, begins)] += amount
            cap, clause = aspect.cap, aspect.clause
            scores.append(AspectScore(aspect.code, aspect.name, sum(counted), sum(capped), cap, clause))
        self.sums.aspects = tuple(scores)
        known = {aspect.code for aspect in rulebook.aspects}
        for code in self._additions:
            if code not in known:
                for place, amount in enumerate(self._additions.by(code, period)):
                    whole[place] += amount
        reverse = self._whole.by("reverse", period)
        for place, amount in enumerate(whole):
            room = amount if rule.cap is None else max(0, rule.cap - (reverse[place] if rule.net else 0))
            if amount > room:
                text = "{0}{1}合计{2}分，上限{3}分，截去{4}分（{5}）"
                when = period_name(rule.cap_period, place)
                self.notes.append(Note(text, (when, rule.name, amount, rule.cap, amount - room, rule.clause)))
            self.sums.positive[self._to(period, place)] += min(amount, room)

    def _within(self, aspect: Aspect, place: int, counted: int) -> int:
        if aspect.cap is None:
            return counted
        deducted = self._deductions.by(aspect.code, aspect.cap_period)[place] if aspect.net else 0
        capped = min(counted, aspect.cap - deducted)
        if capped < counted:
            text = "{0}“{1}”{2}加分合计{3}分，上限{4}分，截去{5}分（{6}）"
            when = period_name(aspect.cap_period, place)
            args = (aspect.code, aspect.name, when, counted, aspect.cap, counted - capped, aspect.clause)
            self.notes.append(Note(text, args))
        return capped


def add_up(account: Account, lines: Sequence[Line]) -> tuple[Sums, list[Note]]:
    """小计: all of one account, with what caps and pools did, in the order of evaluation."""
    adding = Adding(account, lines)
    basic = adding.open()
    rule = account.opening.indices["basic"]
    adding.notes.append(Note("{0}{1}分（{2}）", (rule.name, basic, account.opening.opening.clause)))
    adding.deduct()
    adding.add()
    positive, reverse = account.closing.indices["positive"], account.closing.indices["reverse"]
    sums = adding.sums
    adding.notes.append(Note("{0}合计{1}分（{2}）", (positive.name, sum(sums.positive), positive.clause)))
    adding.notes.append(Note("{0}合计{1}分（{2}）", (reverse.name, sums.plain, reverse.clause)))
    return sums, adding.notes
