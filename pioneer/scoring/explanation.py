"""一分怎么来的: a score as a tree, from the total down to the single fact.

Every step is a node with a sentence, its clause and the version that ruled it. What limits, multiplies or zeroes is a
node of its own with what it adds or takes, so that children add up to their parent (``step = "sum"``), or average to
it (``"mean"``). The figures are those of the score; nothing is worked out anew that ``sums`` and ``tiers`` know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from pioneer.scoring.breakdown import Breakdown, Node, Step, fact_node
from pioneer.scoring.components import weight_text
from pioneer.scoring.engine import Engine
from pioneer.scoring.model import Rulebook
from pioneer.scoring.outcome import PeriodScore, Reached, Score
from pioneer.scoring.points import HUNDRED, product, quotient, show
from pioneer.scoring.quotas import Placement
from pioneer.scoring.reasons import Note, sentence
from pioneer.scoring.tiers import decide_tier

__all__ = ["Node", "as_json", "explain_score", "facts_in", "opening_version", "walk"]


def version_text(rulebook: Rulebook) -> str:
    """版本写法: as the text of the rulebook numbers itself."""
    return f"第{rulebook.meta.version}版"


def opening_version(engine: Engine, score: Score) -> Rulebook:
    """起始版本: the version that decides the opening points: of the member's first day in the cycle, or the nearest."""
    cycle, joined = score.cycle, score.member.joined_on
    first = cycle.first_on if joined is None else max(cycle.first_on, joined)
    found = engine.version_on(first)
    day = cycle.first_on
    while found is None and day <= cycle.last_on:
        found = engine.version_on(day)
        day += timedelta(days=1)
    return found or score.version


def explain_score(
    score: Score,
    *,
    opening: Rulebook | None = None,
    placement: Placement | None = None,
    name: Callable[[Rulebook], str] = version_text,
) -> Node:
    """得分说明: the tree of one score.

    ``opening``: the version of the member's first day, where it is another than the last day's (``opening_version``).
    ``placement``: what quotas made of the tier. ``name`` says which version a rulebook is.
    """
    return _Explaining(score, opening or score.version, name).whole(placement)


def walk(node: Node) -> Iterator[Node]:
    """逐个: the node and all below it, from the top."""
    yield node
    for child in node.children:
        yield from walk(child)


def facts_in(node: Node) -> list[Node]:
    """各条: the nodes of single facts, those that could not be scored among them."""
    return [one for one in walk(node) if one.fact is not None]


def as_json(node: Node) -> dict[str, object]:
    """可带走的说明: for JSON. Numbers are texts with two decimals at most, days are written 2026-03-08."""
    fact = node.fact
    told = None
    if fact is not None:
        told = {
            "row": fact.row,
            "indicator": fact.indicator,
            "event_on": fact.event_on.isoformat() if fact.event_on else None,
            "quantity": _text(fact.quantity),
            "level": fact.level,
            "raw": show(fact.raw),
            "counted": show(fact.counted),
            "trimmed": show(fact.trimmed),
            "cap": _text(fact.cap),
            "refused": fact.refused,
        }
    return {
        "kind": node.kind,
        "title": node.title,
        "points": _text(node.points),
        "sentence": node.sentence,
        "clause": node.clause,
        "version": node.version,
        "step": node.step,
        "fact": told,
        "children": [as_json(child) for child in node.children],
    }


def _text(amount: int | None) -> str | None:
    return None if amount is None else show(amount)


class _Explaining:
    def __init__(self, score: Score, opening: Rulebook, name: Callable[[Rulebook], str]) -> None:
        self._score = score
        self._closing = score.version
        self._name = name
        self._last = name(score.version)
        self._parts = Breakdown(score, opening, name)

    def whole(self, placement: Placement | None) -> Node:
        """得分: what adds up to it, then what follows from it."""
        steps = self._own()
        own = sum(node.points or 0 for node in steps)
        steps += self._coefficient(own)
        steps += self._outside()
        steps += self._limits(sum(node.points or 0 for node in steps))
        steps += self._zeroing(sum(node.points or 0 for node in steps))
        follows = [*self._tier(), *self._alarms(), *self._quota(placement), *self._streaks(), *self._unusable()]
        score = self._score
        text = f"本周期得分{show(score.score)}分" + ("，已清零" if score.zeroed else "")
        return Node("score", "得分", text, score.score, "", self._last, "sum", (*steps, *follows))

    def _own(self) -> list[Node]:
        if not self._score.periods:
            return self._parts.of_period(0)
        result = self._closing.result
        periods = tuple(self._period(period) for period in self._score.periods)
        counted = [node.points or 0 for node in periods if node.points is not None]
        if result.method == "sum":
            points, title, how = sum(counted), "各期合计", "相加"
        else:
            points = quotient(sum(counted), len(counted)) if counted else 0
            title, how = "各期平均", "平均"
        text = f"{len(counted)}期得分{how}，得{show(points)}分（{result.clause}）"
        step: Step = "sum" if result.method == "sum" else "mean"
        return [Node("periods", title, text, points, result.clause, self._last, step, periods)]

    def _period(self, period: PeriodScore) -> Node:
        result, place = self._closing.result, period.number - 1
        children = self._parts.of_period(place)
        before = sum(node.points or 0 for node in children)
        if period.score != before:
            children.append(self._limit_of_period(before, period.score))
        title = self._parts.period_title(place)
        if not period.counts:
            text = f"{title}在加入之前，不列入平均（{result.clause}）"
            return Node("period", title, text, None, result.clause, self._last, "", tuple(children))
        text = f"{title}得{show(period.score)}分（{result.clause}）"
        return Node("period", title, text, period.score, result.clause, self._last, "sum", tuple(children))

    def _limit_of_period(self, before: int, after: int) -> Node:
        clause = self._closing.result.clause
        kind, word = ("floor", "本期最低分") if after > before else ("ceiling", "本期最高分")
        text = f"本期得{show(before)}分，{word}为{show(after)}分，按{show(after)}分计（{clause}）"
        return Node(kind, word, text, after - before, clause, self._last)

    def _coefficient(self, own: int) -> list[Node]:
        result = self._closing.result
        coefficient = result.coefficient_by_track.get(self._score.track, result.coefficient)
        if coefficient == HUNDRED:
            return []
        weighed = product(own, coefficient)
        text = f"自身得分{show(own)}分，乘以系数{show(coefficient)}，得{show(weighed)}分（{result.clause}）"
        return [Node("coefficient", "系数", text, weighed - own, result.clause, self._last)]

    def _outside(self) -> list[Node]:
        score = self._score
        if not score.components:
            return []
        children = []
        for row in score.components:
            marks = tuple(
                fact_node(line, self._name)
                for line in score.lines
                if line.indicator.index == "outside" and line.indicator.code == row.code
            )
            how = f"按{weight_text(row.weight)}折算" if row.entered else "尚无成绩"
            text = f"{row.name}{how}，计{show(row.points)}分（{row.clause}）"
            step: Step = "sum" if marks else ""
            children.append(Node("component", row.name, text, row.points, row.clause, self._last, step, marks))
        text = f"外部成绩计入{show(score.outside)}分"
        return [Node("outside", "外部成绩", text, score.outside, "", self._last, "sum", tuple(children))]

    def _limits(self, before: int) -> list[Node]:
        clamp = self._closing.clamp
        if clamp.floor is not None and before < clamp.floor:
            kind, word, after = "floor", "最低分", clamp.floor
        elif clamp.ceiling is not None and before > clamp.ceiling:
            kind, word, after = "ceiling", "最高分", clamp.ceiling
        else:
            return []
        text = f"合计{show(before)}分，{word}为{show(after)}分，按{show(after)}分计（{clamp.clause}）"
        return [Node(kind, word, text, after - before, clamp.clause, self._last)]

    def _zeroing(self, before: int) -> list[Node]:
        lines = [line for line in self._score.lines if line.indicator.index == "zeroing"]
        if not self._score.zeroed:
            return []
        rule = self._closing.indices["zeroing"]
        text = f"{rule.name}：本周期得分清零，原有的{show(before)}分不再计算，其他各项照列（{rule.clause}）"
        children = tuple(fact_node(line, self._name) for line in lines)
        return [Node("zeroing", rule.name, text, -before, rule.clause, self._last, "", children)]

    # ------------------------------------------------------------ what follows from the score

    def _tier(self) -> list[Node]:
        score, closing = self._score, self._closing
        notes: list[Note] = []
        missing = [
            row.name
            for row in score.components
            if not row.entered and (found := closing.component(row.code)) and found.without is None
        ]
        lines = [line for line in score.lines if line.indicator.index != "outside"]
        tier = decide_tier(self._parts.account, score.score, score.zeroed, lines, missing, score.alarms, notes)
        first, *more = notes
        title = f"等次：{tier.name}" if tier else "不定等次"
        children = tuple(self._noted("circumstance", "影响等次的情形", note) for note in more)
        return [self._noted("tier", title, first, children)]

    def _alarms(self) -> list[Node]:
        return [self._reached("alarm", "预警", row) for row in self._score.alarms]

    def _streaks(self) -> list[Node]:
        return [self._reached("streak", "连续等次", row) for row in self._score.streaks]

    def _reached(self, kind: str, what: str, row: Reached) -> Node:
        follows = f"：{row.consequence.rstrip('。')}" if row.consequence else ""
        text = f"达到“{row.name}”{follows}（{row.clause}）"
        return Node(kind, f"{what}：{row.name}", text, None, row.clause, self._last)

    def _quota(self, placement: Placement | None) -> list[Node]:
        if placement is None:
            return []
        tier = self._closing.tier(placement.tier)
        title = f"名额：{tier.name if tier else placement.tier}"
        return [self._noted("quota", title, note) for note in placement.notes]

    def _noted(self, kind: str, title: str, note: Note, children: tuple[Node, ...] = ()) -> Node:
        """A note's last argument is the clause it cites."""
        return Node(kind, title, sentence(note), None, str(note.args[-1]), self._last, "", children)

    def _unusable(self) -> list[Node]:
        rows = self._score.unusable
        if not rows:
            return []
        children = tuple(self._parts.unusable(row) for row in rows)
        return [Node("unusable", "没能计分的记录", f"{len(rows)}条记录没能计分，原因如下", None, children=children)]
