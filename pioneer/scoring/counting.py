"""计算: what of step 3 depends on earlier occurrences, then steps 4 and 5: one event under several indicators, and the
caps on the indicator, in order of posting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pioneer.scoring import reasons
from pioneer.scoring.facts import Fact
from pioneer.scoring.model import WINDOWS, Value
from pioneer.scoring.outcome import Line
from pioneer.scoring.periods import Keys, add_months
from pioneer.scoring.plan import Plan
from pioneer.scoring.reasons import Note
from pioneer.scoring.valuation import quantity_of, step_points

UNPOSTED = 1 << 62
CYCLE = len(WINDOWS) - 1  # the window a total carried over from paper is held to


class Occurrence:
    """一次发生: a fact on its way through the steps. ``raw`` and ``left`` are magnitudes in hundredths."""

    __slots__ = ("fact", "left", "notes", "only_counted", "order", "outdone", "plan", "raw", "refused")

    def __init__(self, fact: Fact, plan: Plan, raw: int, note: Note | None, only_counted: bool = False) -> None:
        posted = fact.posted_order
        self.order = (UNPOSTED if posted is None else posted, fact.event_on, fact.row)
        self.fact = fact
        self.plan = plan
        self.raw = raw
        self.left = raw
        self.notes: tuple[Note, ...] = () if note is None else (note,)
        self.refused = note is not None
        self.outdone = False
        self.only_counted = only_counted

    def refuse(self, note: Note) -> None:
        """不予计分: nothing of it counts, for this reason."""
        self.refused = True
        self.left = 0
        self.notes = (*self.notes, note)

    def outdo(self, note: Note) -> None:
        """不重复计: another line of the same event counts instead. That it happened still stands."""
        self.outdone = True
        self.refuse(note)

    def remark(self, note: Note) -> None:
        """附注: a note that refuses nothing."""
        self.notes = (*self.notes, note)


class Void(NamedTuple):
    """无效事项: an event declared void by indicator ``code``, for everybody.

    ``order`` is the posting that says so: what was posted earlier stays until it is corrected.
    """

    event: str
    order: int
    code: str


def find_voids(occurrences: Iterable[Occurrence]) -> list[Void]:
    """无效事项: what these occurrences declare void (step 2). What happened before the cycle declares nothing."""
    return [
        Void(item.fact.event, item.order[0], item.plan.indicator.code)
        for item in occurrences
        if item.fact.event and item.plan.indicator.voids == "event" and not item.refused and not item.only_counted
    ]


def make_void(occurrences: Sequence[Occurrence], others: Iterable[Void]) -> None:
    """认定无效 (step 2): additions under a void event are refused, unless they were posted before it was said."""
    voids: dict[str, Void] = {}
    for void in (*find_voids(occurrences), *others):
        if void.event not in voids or void.order < voids[void.event].order:
            voids[void.event] = void
    for item in occurrences if voids else ():
        said = voids.get(item.fact.event or "")
        if said is not None and item.plan.indicator.index == "positive" and item.order[0] >= said.order:
            item.refuse(Note(reasons.VOIDED, (said.event, said.code)))


def settle_events(occurrences: Iterable[Occurrence]) -> None:
    """一事不重复计分 (step 4): per event the highest positive value counts, and apart from it the largest deduction.

    Within one posting a tie falls to rulebook order. A later posting with a higher value counts the difference only,
    so that nothing posted changes. ``occurrences`` come in order of evaluation. A cumulative ladder takes no part.
    """
    groups: dict[tuple[str, int], list[Occurrence]] = {}
    for item in occurrences:
        event = item.fact.event
        value = item.plan.value
        if event and not item.refused and value is not None and value.shape != "cumulative" and not item.only_counted:
            groups.setdefault((event, item.plan.sign), []).append(item)
    for (event, sign), group in groups.items():
        if len(group) > 1:
            _settle_event(event, sign, group)


def _settle_event(event: str, sign: int, group: list[Occurrence]) -> None:
    settled, holder = 0, ""
    for posted in dict.fromkeys(item.order[0] for item in group):
        batch = [item for item in group if item.order[0] == posted]
        best = min(batch, key=lambda item: (-item.raw, item.plan.indicator.order, item.order))
        if best.raw > settled or not holder:
            if settled:
                best.left = best.raw - settled
                earlier = reasons.EVENT_EARLIER if sign > 0 else reasons.EVENT_EARLIER_REVERSE
                best.remark(Note(earlier, (event, holder, settled)))
            settled, holder = best.raw, best.plan.indicator.code
            batch.remove(best)
        taken = reasons.EVENT_TAKEN if sign > 0 else reasons.EVENT_TAKEN_REVERSE
        for item in batch:
            item.outdo(Note(taken, (event, holder)))


class History:
    """前次: what earlier occurrences change in the value of later ones (nth time, cumulative ladder, repeat).

    What belongs to one event is one time, whatever became of it in step 4.
    """

    def __init__(self) -> None:
        self._passed: dict[str, list[Occurrence]] = {}
        self._quantity: dict[str, int] = {}

    def settle(self, item: Occurrence) -> None:
        """分值: set ``raw`` and ``left`` of the next occurrence in order, and remember it."""
        plan, value, fact = item.plan, item.plan.value, item.fact
        if value is None:
            return
        code = plan.indicator.code
        passed = self._passed.setdefault(code, [])
        if fact.fixed is None:
            if value.shape == "cumulative":
                self._climb(item, value)
            elif value.shape == "nth":
                _take_turn(item, value, passed)
            if plan.doubles and _times(item, passed, None):
                item.raw *= 2
                item.remark(Note(reasons.REPEATED))
            item.left = item.raw
        if value.shape == "cumulative":
            self._quantity[code] = self._quantity.get(code, 0) + _amount(item, value)
        if not fact.carried:
            passed.append(item)

    def _climb(self, item: Occurrence, value: Value) -> None:
        before = self._quantity.get(item.plan.indicator.code, 0)
        after = before + _amount(item, value)
        reached = step_points(value.steps, after)
        item.raw = reached - step_points(value.steps, before)
        item.remark(Note(reasons.LADDER_REACHED, (after, value.unit, reached, item.raw)))


def _amount(item: Occurrence, value: Value) -> int:
    """The quantity an occurrence adds. A posted one was checked when it was posted; without quantity it adds none."""
    if item.fact.fixed is None:
        return quantity_of(item.plan, value, item.fact)
    return max(0, item.fact.quantity or 0)


def _take_turn(item: Occurrence, value: Value, passed: Sequence[Occurrence]) -> None:
    back = value.back_months
    number = 1 + _times(item, passed, None if back is None else add_months(item.fact.event_on, -back))
    item.raw = value.times[min(number, len(value.times)) - 1]
    item.remark(Note(reasons.TIME_OF, (reasons.time_text(number),)))


def _times(item: Occurrence, passed: Sequence[Occurrence], since: date | None) -> int:
    """How many other events came before: later than ``since``, or with ``None`` in this cycle."""
    own, found = item.fact.event, set()
    for other in passed:
        fact = other.fact
        if (not other.only_counted if since is None else fact.event_on > since) and not (own and fact.event == own):
            found.add(fact.event or other.order)
    return len(found)


def settle_values(occurrences: Iterable[Occurrence]) -> None:
    """分值之二 (step 3): the values that depend on how often, or how much, came before. In order of evaluation."""
    history = History()
    for item in occurrences:
        if item.plan.by_history and not item.refused:
            history.settle(item)


def count(occurrences: Iterable[Occurrence], keys: Mapping[date, Keys]) -> list[Line]:
    """指标封顶 (step 5): each occurrence, in order, counts the least of what is left in all its windows."""
    used: dict[tuple[str, int], int] = {}
    lines: list[Line] = []
    for item in occurrences:
        plan = item.plan
        fact = item.fact
        if item.only_counted and not item.refused:
            item.refuse(Note(reasons.ONLY_COUNTED))
        counted = item.left
        if plan.caps and counted:
            counted = _trim(item, keys[fact.event_on], used)
        sign = plan.sign
        raw = sign * item.raw
        lines.append(
            Line(fact, plan.indicator, plan.rulebook, raw, sign * counted, item.refused, item.notes, item.outdone)
        )
    return lines


def _trim(item: Occurrence, keys: Keys, used: dict[tuple[str, int], int]) -> int:
    counted = item.left
    binding = None
    buckets = []
    carried = item.fact.carried
    for cap in item.plan.caps:
        if carried and cap.window != CYCLE:
            continue
        bucket = (cap.bucket, keys[cap.window])
        taken = used.get(bucket, 0)
        buckets.append((bucket, taken))
        left = cap.cap - taken
        if left < counted:
            counted = left if left > 0 else 0
            binding = cap
    if binding is not None:
        trimmed = (binding.window_name, binding.name, binding.cap, item.left - counted)
        item.remark(Note(binding.template, trimmed))
    if counted:
        for bucket, taken in buckets:
            used[bucket] = taken + counted
    return counted
