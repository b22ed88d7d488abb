"""外部成绩: step 8 of the order of evaluation. Marks from outside the points, each times its weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pioneer.scoring import reasons
from pioneer.scoring.facts import Cycle, Fact
from pioneer.scoring.model import Component, Indicator, Rulebook
from pioneer.scoring.outcome import ComponentScore, Line, Unusable
from pioneer.scoring.plan import CompiledRulebook
from pioneer.scoring.points import HUNDRED, product, quotient, show
from pioneer.scoring.reasons import Note, day_text


@dataclass(frozen=True, slots=True)
class Marks:
    """外部成绩小计: a line per mark, a sub-total per component, and the names of those that are still to come."""

    lines: tuple[Line, ...] = ()
    components: tuple[ComponentScore, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """外部成绩合计: in hundredths."""
        return sum(row.points for row in self.components)


NO_MARKS = Marks()


def mark(closing: CompiledRulebook, facts: Sequence[Fact], cycle: Cycle, unusable: list[Unusable]) -> Marks:
    """折算: every component of the closing version. A mark that cannot be used goes to ``unusable``."""
    lines: list[Line] = []
    scores, missing = [], []
    for component in closing.rulebook.components:
        given = [fact for fact in facts if fact.indicator == component.code]
        usable = _usable(component, sorted(given, key=lambda fact: (fact.event_on, fact.row)), cycle, unusable)
        if usable:
            own = _lines(component, closing.outside[component.code], closing.rulebook, usable)
            lines += own
            scores.append(_sub_total(component, sum(line.counted for line in own), True))
            continue
        scores.append(_sub_total(component, component.without or 0, False))
        if component.without is None:
            missing.append(component.name)
    return Marks(tuple(lines), tuple(scores), tuple(missing))


def _sub_total(component: Component, points: int, is_entered: bool) -> ComponentScore:
    return ComponentScore(component.code, component.name, points, component.weight, is_entered, component.clause)


def _usable(component: Component, facts: Sequence[Fact], cycle: Cycle, unusable: list[Unusable]) -> list[Fact]:
    usable: list[Fact] = []
    for fact in facts:
        mistake = _mistake(component, fact, cycle)
        if mistake is None and usable and component.several == "refuse":
            mistake = (
                f"本周期已有{component.name}的成绩（{day_text(usable[0].event_on)}），不能再有一次，请核对后删去其一"
            )
        if mistake is None:
            usable.append(fact)
        else:
            unusable.append(Unusable(fact.row, mistake))
    return usable


def _mistake(component: Component, fact: Fact, cycle: Cycle) -> str | None:
    most = show(component.maximum)
    if not cycle.first_on <= fact.event_on <= cycle.last_on:
        first, last = day_text(cycle.first_on), day_text(cycle.last_on)
        return f"{day_text(fact.event_on)}不在本周期（{first}至{last}）之内"
    if fact.value is None:
        return f"{component.name}缺少成绩，请在定分（value）一栏填写0至{most}分"
    if not 0 <= fact.value <= component.maximum:
        return f"{component.name}的成绩{show(fact.value)}分不在0至{most}分之内，请改正"
    return None


def _lines(component: Component, row: Indicator, rulebook: Rulebook, facts: Sequence[Fact]) -> list[Line]:
    *earlier, last = facts
    notes: tuple[Note, ...] = ()
    if component.several == "mean" and earlier:
        average = quotient(sum(fact.value or 0 for fact in facts), len(facts))
        notes, spared = (Note(reasons.AVERAGED, (str(len(facts)), average)),), Note(reasons.AVERAGED_LATER)
    else:
        average, spared = last.value or 0, Note(reasons.NOT_LATEST, (last.event_on,))
    found = [
        Line(fact, row, rulebook, product(fact.value or 0, component.weight), 0, False, (spared,)) for fact in earlier
    ]
    raw = product(last.value or 0, component.weight)
    return [*found, Line(last, row, rulebook, raw, product(average, component.weight), False, notes)]


def weight_text(weight: int) -> str:
    """权重写法: ``20`` → ``20%``."""
    return f"{show(weight * HUNDRED)}%"
