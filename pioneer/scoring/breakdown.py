"""逐项拆分: the nodes of an explanation below the total: opening, additions, deductions, down to the single fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pioneer.scoring.model import Period, Pool, Rulebook
from pioneer.scoring.outcome import AspectScore, Line, PoolScore, Score, Unusable
from pioneer.scoring.periods import add_months
from pioneer.scoring.points import HUNDRED, product, show
from pioneer.scoring.reasons import CAPPED, GROUP_CAPPED, day_text, window_text
from pioneer.scoring.sums import (
    SIZES,
    Account,
    Sums,
    add_up,
    month_of,
    months_of,
    number_of,
    period_name,
    place_of,
)

Step = Literal["", "sum", "mean"]
Name = Callable[[Rulebook], str]
EACH: dict[Period, str] = {"month": "每月", "quarter": "每季度", "cycle": "每周期"}


@dataclass(frozen=True, slots=True)
class Told:
    """一条事实: its value ``raw`` before caps, what ``counted``, the ``cap`` that bound and what it ``trimmed``.

    Hundredths; ``raw`` and ``counted`` are signed. ``event_on`` is ``None`` for what could not be read at all.
    """

    row: int
    indicator: str
    event_on: date | None
    raw: int = 0
    counted: int = 0
    trimmed: int = 0
    cap: int | None = None
    quantity: int | None = None
    level: str | None = None
    refused: bool = False
    is_posted: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """一步: ``points`` are what it adds or takes in its parent, ``None`` where it is no matter of points.

    ``step`` says how ``points`` come from the children: their sum, their mean, or not from them at all.
    """

    kind: str
    title: str
    sentence: str
    points: int | None
    clause: str = ""
    version: str = ""
    step: Step = ""
    children: tuple[Node, ...] = ()
    fact: Told | None = None


def fact_node(line: Line, name: Name) -> Node:
    """一条: a counted line with its reason."""
    cap = trimmed = None
    for note in line.notes:
        if note.template in (CAPPED, GROUP_CAPPED):
            cap, trimmed = note.args[2], note.args[3]
    fact = line.fact
    told = Told(
        row=fact.row,
        indicator=line.indicator.code,
        event_on=fact.event_on,
        raw=line.raw,
        counted=line.counted,
        trimmed=trimmed if isinstance(trimmed, int) else 0,
        cap=cap if isinstance(cap, int) else None,
        quantity=fact.quantity,
        level=fact.level,
        refused=line.refused,
        is_posted=fact.posted_order is not None,
    )
    clause = line.indicator.clause
    return Node("fact", day_text(fact.event_on), line.reason, line.counted, clause, name(line.rulebook), fact=told)


def by_indicator(lines: Iterable[Line], name: Name) -> list[Node]:
    """各指标: one node for each indicator and version, in the order of the rulebook; below it its facts by date."""
    groups: dict[tuple[int, str, str], list[Line]] = {}
    for line in lines:
        row = line.indicator
        groups.setdefault((row.order, row.code, name(line.rulebook)), []).append(line)
    return [_indicator(groups[key], key[2], name) for key in sorted(groups)]


def _indicator(lines: Sequence[Line], version: str, name: Name) -> Node:
    row = lines[0].indicator
    facts = sorted(lines, key=lambda line: (line.event_on, line.row))
    points = sum(line.counted for line in lines)
    verb = "扣" if row.index == "reverse" else "计"
    caps = "、".join(f"{window_text(window)}最多{show(cap)}分" for window, cap in row.caps.items())
    limit = f"；限额：{caps}" if caps else ""
    text = f"{row.name}{len(lines)}条，{verb}{show(abs(points))}分{limit}（{row.clause}）"
    children = tuple(fact_node(line, name) for line in facts)
    return Node("indicator", f"{row.code} {row.name}", text, points, row.clause, version, "sum", children)


class Breakdown:
    """拆分: one score by the periods of its result; a running total is one period."""

    def __init__(self, score: Score, opening: Rulebook, name: Name) -> None:
        member, cycle = score.member, score.cycle
        joined = member.joined_on
        first = cycle.first_on if joined is None else max(cycle.first_on, joined)
        self.account = Account(member, cycle, opening, score.version, member.track_on(first), score.track)
        self._name = name
        self._result: Period = score.version.result.period
        self._months = months_of(cycle)
        self._lines = [line for line in score.lines if line.indicator.index in ("positive", "reverse")]
        self._whole, _ = add_up(self.account, self._lines)

    def of_period(self, place: int) -> list[Node]:
        """一期: opening, additions, deductions of one period of the result."""
        lines = [line for line in self._lines if self._place(line) == place]
        sums, _ = add_up(self.account, lines)
        found = [
            self._basic(place),
            self._positive(place, [line for line in lines if line.indicator.index == "positive"], sums),
            self._reverse(place, [line for line in lines if line.indicator.index == "reverse"], sums),
        ]
        return [node for node in found if node is not None]

    def period_title(self, place: int) -> str:
        """时期写法: ``2026年3月``, ``2026年第1季度``."""
        first = add_months(self.account.cycle.first_on, place * SIZES[self._result])
        if self._result == "month":
            return f"{first.year}年{first.month}月"
        last = add_months(first, 2)
        return f"{period_name(self._result, place)}（{first.year}年{first.month}月至{last.year}年{last.month}月）"

    def unusable(self, row: Unusable) -> Node:
        """没能计分的: only its row and why."""
        return Node("fact", f"第{row.row}条", row.reason, None, fact=Told(row.row, "", None, refused=True))

    def _place(self, line: Line) -> int:
        """What happened before the cycle counts nothing and stands in its first period."""
        month = min(max(0, month_of(line, self.account.cycle)), self._months - 1)
        return place_of(self._result, month)

    def _to(self, period: Period, place: int) -> int:
        return place_of(self._result, place * (SIZES[period] or self._months))

    def _times(self, period: Period, place: int) -> int:
        """How many of such periods begin in the result's period ``place``."""
        cycle = self.account.cycle
        return sum(1 for one in range(number_of(period, cycle)) if self._to(period, one) == place)

    # ------------------------------------------------------------ opening

    def _basic(self, place: int) -> Node:
        account = self.account
        rule, opening = account.opening.indices["basic"], account.opening.opening
        version = self._name(account.opening)
        points = self._whole.basic[place]
        children = self._allotments(place, version)
        children += self._rest(points, children, opening.clause, version)
        text = f"{rule.name}{show(points)}分（{opening.clause}）"
        return Node("basic", rule.name, text, points, opening.clause, version, "sum", tuple(children))

    def _allotments(self, place: int, version: str) -> list[Node]:
        account, found = self.account, []
        opening = account.opening.opening
        each = opening.by_track.get(account.first_track, opening.points)
        track = account.opening.track(account.first_track)
        who = f"（{track.name}）" if opening.by_track and track else ""
        if times := self._times(opening.period, place):
            how = _times_text(opening.period, each, times)
            text = f"起始分{who}{how}（{opening.clause}）"
            found.append(Node("allotment", f"起始分{who}", text, each * times, opening.clause, version))
        if opening.inherited_share and place == 0:
            found.append(self._inherited(version))
        for pool in account.opening.pools:
            if times := self._times(pool.period, place):
                text = f"“{pool.name}”{_times_text(pool.period, pool.points, times)}，只减不加（{pool.clause}）"
                found.append(Node("allotment", pool.name, text, pool.points * times, pool.clause, version))
        return found

    def _inherited(self, version: str) -> Node:
        opening, previous = self.account.opening.opening, self.account.member.previous
        share = f"{show(opening.inherited_share * HUNDRED)}%"
        if previous is None:
            points = opening.inherited_without
            text = f"没有上一周期的得分，另加{show(points)}分（{opening.clause}）"
        else:
            points = product(previous, opening.inherited_share)
            text = f"上一周期得{show(previous)}分，带入{share}，计{show(points)}分（{opening.clause}）"
        return Node("allotment", "上一周期带入", text, points, opening.clause, version)

    # ------------------------------------------------------------ additions

    def _positive(self, place: int, lines: Sequence[Line], sums: Sums) -> Node:
        closing = self.account.closing
        rule, version = closing.indices["positive"], self._name(closing)
        points = self._whole.positive[place]
        children: list[Node] = []
        for aspect in sums.aspects:
            own = [line for line in lines if line.indicator.aspect == aspect.code]
            if own:
                children.append(self._aspect(aspect, own, version))
        known = {aspect.code for aspect in sums.aspects}
        children += by_indicator((line for line in lines if line.indicator.aspect not in known), self._name)
        before = _sum(children)
        if (after := sum(sums.positive)) != before:
            net = "（扣分可腾出额度）" if rule.net else ""
            limit = f"{EACH[rule.cap_period]}最多计{show(rule.cap or 0)}分{net}"
            text = f"{rule.name}合计{show(before)}分，{limit}，截去{show(before - after)}分（{rule.clause}）"
            children.append(Node("cap", f"{rule.name}的上限", text, after - before, rule.clause, version))
        children += self._rest(points, children, rule.clause, version)
        text = f"{rule.name}合计{show(points)}分（{rule.clause}）"
        return Node("positive", rule.name, text, points, rule.clause, version, "sum", tuple(children))

    def _aspect(self, aspect: AspectScore, lines: Sequence[Line], version: str) -> Node:
        rule = self.account.closing.aspect(aspect.code)
        children = by_indicator(lines, self._name)
        if aspect.capped != aspect.counted and rule is not None:
            net = "（扣分可腾出额度）" if rule.net else ""
            limit = f"{EACH[rule.cap_period]}最多计{show(aspect.cap or 0)}分{net}"
            cut = show(aspect.counted - aspect.capped)
            text = f"“{aspect.name}”合计{show(aspect.counted)}分，{limit}，截去{cut}分（{aspect.clause}）"
            trimmed = aspect.capped - aspect.counted
            children.append(Node("cap", f"“{aspect.name}”的上限", text, trimmed, aspect.clause, version))
        text = f"“{aspect.name}”计{show(aspect.capped)}分（{aspect.clause}）"
        title = f"{aspect.code} {aspect.name}"
        return Node("aspect", title, text, aspect.capped, aspect.clause, version, "sum", tuple(children))

    # ------------------------------------------------------------ deductions

    def _reverse(self, place: int, lines: Sequence[Line], sums: Sums) -> Node:
        closing = self.account.closing
        rule, version = closing.indices["reverse"], self._name(closing)
        points = self._whole.reverse[place]
        children: list[Node] = []
        pooled: set[int] = set()
        for pool in self.account.opening.pools:
            for score in sums.pools:
                if score.code == pool.code:
                    own = [line for line in lines if self._is_in(line, pool, score)]
                    pooled |= {id(line) for line in own}
                    children += [self._pool(pool, score, own)] if own else []
        children += by_indicator((line for line in lines if id(line) not in pooled), self._name)
        before = _sum(children)
        if (after := sum(sums.reverse)) != before:
            limit = f"{EACH[rule.cap_period]}最多扣{show(rule.cap or 0)}分"
            text = f"{rule.name}应扣{show(-before)}分，{limit}，少扣{show(after - before)}分（{rule.clause}）"
            children.append(Node("cap", f"{rule.name}的上限", text, after - before, rule.clause, version))
        children += self._rest(points, children, rule.clause, version)
        text = f"{rule.name}合计扣{show(abs(points))}分（{rule.clause}）"
        return Node("reverse", rule.name, text, points, rule.clause, version, "sum", tuple(children))

    def _is_in(self, line: Line, pool: Pool, score: PoolScore) -> bool:
        if line.indicator.pool != pool.code:
            return False
        month = min(max(0, month_of(line, self.account.cycle)), self._months - 1)
        return place_of(pool.period, month) == int(score.period) - 1

    def _pool(self, pool: Pool, score: PoolScore, lines: Sequence[Line]) -> Node:
        version = self._name(self.account.opening)
        when = period_name(pool.period, int(score.period) - 1)
        points = score.deducted + score.forgiven
        children = by_indicator(lines, self._name)
        if score.forgiven:
            least = f"“{pool.name}”{show(pool.points)}分，扣至{show(pool.floor)}分为止"
            text = f"{least}，应扣{show(-score.deducted)}分，少扣{show(score.forgiven)}分（{pool.clause}）"
            children.append(Node("floor", "扣完为止", text, score.forgiven, pool.clause, version))
        text = f"从{when}“{pool.name}”中扣{show(-points)}分（{pool.clause}）"
        return Node("pool", f"{pool.name}{when}", text, points, pool.clause, version, "sum", tuple(children))

    def _rest(self, points: int, children: Sequence[Node], clause: str, version: str) -> list[Node]:
        """跨期: what an earlier version counts over a longer time than the last version's periods."""
        rest = points - _sum(children)
        if not rest:
            return []
        text = f"前一版办法按更长的时段计算，归入本期{show(rest)}分（{clause}）"
        return [Node("carried", "跨期计算", text, rest, clause, version)]


def _sum(nodes: Iterable[Node]) -> int:
    return sum(node.points or 0 for node in nodes)


def _times_text(period: Period, each: int, times: int) -> str:
    if period == "cycle":
        return f"{show(each)}分"
    if times == 1:
        return f"{EACH[period]}{show(each)}分"
    return f"{EACH[period]}{show(each)}分，{times}期共{show(each * times)}分"
