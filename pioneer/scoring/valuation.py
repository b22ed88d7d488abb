"""分值: steps 2 and 3 of the order of evaluation. May this occurrence count, and what is it worth before caps?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from pioneer.scoring import reasons
from pioneer.scoring.facts import Fact
from pioneer.scoring.model import Step, Value
from pioneer.scoring.periods import add_months
from pioneer.scoring.plan import Plan, level_key
from pioneer.scoring.points import HUNDRED, product, show
from pioneer.scoring.reasons import Note


class Malformed(ValueError):
    """不可用: the fact cannot be valued; the message is a Chinese sentence that says what to write instead."""


def refusal(plan: Plan, fact: Fact) -> Note | None:
    """不予计分: why a rule refuses the occurrence (education record, decision, words, document), or ``None``."""
    indicator, verb = plan.indicator, "扣" if plan.sign < 0 else "计"
    if indicator.prior is not None:
        note = _prior_refusal(plan, fact, indicator.prior.kind)
        if note is not None:
            return note
    if indicator.needs_decision and fact.decision is False:
        return Note(reasons.NO_DECISION, (verb,))
    if indicator.needs_words and fact.words is False:
        return Note(reasons.NO_WORDS, (verb,))
    if indicator.needs_document and indicator.index != "zeroing" and not fact.document:
        return Note(reasons.NO_DOCUMENT, (verb,))
    return None


def _prior_refusal(plan: Plan, fact: Fact, kind: str) -> Note | None:
    name = reasons.PRIOR_NAMES[kind]
    if fact.education_on is None:
        return Note(reasons.NO_PRIOR, (name, "扣" if plan.sign < 0 else "计"))
    if fact.education_on >= fact.event_on:
        return Note(reasons.PRIOR_NOT_BEFORE, (name, fact.education_on))
    months = plan.rulebook.procedure.education_validity.value
    if add_months(fact.event_on, -months) > fact.education_on:
        return Note(reasons.PRIOR_TOO_OLD, (name, fact.education_on, f"{months}个月"))
    return None


def magnitude(plan: Plan, fact: Fact, track: str) -> int:
    """分值大小: what one occurrence is worth, in hundredths without sign, apart from what earlier ones change.

    A cumulative ladder gives 0 here, an nth-time table its first time: ``history`` settles those in order.
    Raises Malformed.
    """
    value = plan.value
    points = SHAPES[value.shape](plan, value, fact, track) if value is not None else 0
    if fact.multiplier is None:
        return points
    for multiplier in plan.indicator.multipliers:
        if fact.multiplier in (multiplier.code, multiplier.name):
            return product(points, multiplier.factor)
    raise Malformed(f"指标{plan.indicator.code}没有“{fact.multiplier}”这一加倍情形，请改正或留空")


def quantity_of(plan: Plan, value: Value, fact: Fact) -> int:
    """数量: the quantity in hundredths, checked. Raises Malformed when missing, not positive, or not whole."""
    quantity = fact.quantity if fact.quantity is not None else value.default
    if quantity is None:
        raise Malformed(f"指标{plan.indicator.code}按数量计分，缺少数量（{value.unit}），请补填")
    if quantity < 0 or (not quantity and value.shape != "shortfall"):
        raise Malformed(f"数量{show(quantity)}不大于0，请填写实际的{value.unit}数")
    if value.whole and quantity % HUNDRED:
        raise Malformed(f"数量{show(quantity)}不是整数，{value.unit}数须为整数")
    return quantity


def step_points(steps: tuple[Step, ...], quantity: int) -> int:
    """档分: points of the highest step whose start the quantity reaches; 0 below the first. Steps ascend."""
    place = bisect_right([step.start for step in steps], quantity)
    return steps[place - 1].points if place else 0


def _fixed(plan: Plan, value: Value, fact: Fact, track: str) -> int:
    return value.by_track.get(track, value.points)


def _per_unit(plan: Plan, value: Value, fact: Fact, track: str) -> int:
    points = product(quantity_of(plan, value, fact), value.by_track.get(track, value.points))
    return points if value.maximum is None else min(points, value.maximum)


def _range(plan: Plan, value: Value, fact: Fact, track: str) -> int:
    limits = f"{show(value.minimum)}至{show(value.maximum or 0)}分"
    if fact.value is None:
        raise Malformed(f"指标{plan.indicator.code}须在{limits}内定分，缺少定分，请补填并写明理由")
    points = -fact.value if plan.sign < 0 and fact.value < 0 else fact.value
    if not value.minimum <= points <= (value.maximum or 0):
        raise Malformed(f"定分{show(fact.value)}不在指标{plan.indicator.code}的{limits}之内，请改正")
    return points


def _ladder(plan: Plan, value: Value, fact: Fact, track: str) -> int:
    names = "、".join(step.name for step in value.steps)
    if not fact.level:
        raise Malformed(f"指标{plan.indicator.code}按级别计分，缺少级别，请填写{names}之一")
    points = plan.levels.get(level_key(fact.level))
    if points is None:
        raise Malformed(f"指标{plan.indicator.code}没有“{fact.level}”这一级别，请填写{names}之一")
    return points


def _brackets(plan: Plan, value: Value, fact: Fact, track: str) -> int:
    return step_points(value.steps, quantity_of(plan, value, fact))


def _cumulative(plan: Plan, value: Value, fact: Fact, track: str) -> int:
    quantity_of(plan, value, fact)
    return 0


def _nth(plan: Plan, value: Value, fact: Fact, track: str) -> int:
    return value.times[0]


def _shortfall(plan: Plan, value: Value, fact: Fact, track: str) -> int:
    points = product(max(0, value.required - quantity_of(plan, value, fact)), value.points)
    return points if value.maximum is None else min(points, value.maximum)


SHAPES: dict[str, Callable[[Plan, Value, Fact, str], int]] = {
    "fixed": _fixed,
    "per_unit": _per_unit,
    "range": _range,
    "ladder": _ladder,
    "brackets": _brackets,
    "cumulative": _cumulative,
    "nth": _nth,
    "shortfall": _shortfall,
    "to_floor": _fixed,
}
