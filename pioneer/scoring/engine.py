"""计分引擎: scores one member in the fixed order of evaluation and says why.

The order is documented in docs/rulebook.md; steps 1–3 start here, 4–5 stand in ``counting``, 6–11 in ``totals``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from pioneer.scoring import reasons
from pioneer.scoring.components import NO_MARKS, mark
from pioneer.scoring.counting import Occurrence, Void, count, find_voids, make_void, settle_events, settle_values
from pioneer.scoring.facts import Cycle, Fact, Member
from pioneer.scoring.model import Rulebook
from pioneer.scoring.outcome import Score, Unusable
from pioneer.scoring.periods import Keys, add_months, cycle_of, window_keys
from pioneer.scoring.plan import CompiledRulebook, Plan, compile_versions
from pioneer.scoring.reasons import Note, day_text
from pioneer.scoring.sums import Account
from pioneer.scoring.totals import total
from pioneer.scoring.valuation import Malformed, magnitude, refusal


class Valuation(NamedTuple):
    """分值: signed ``points`` of one occurrence before caps; ``refusal`` by a rule, or ``mistake`` = unusable."""

    points: int
    refusal: str | None
    mistake: str | None


class _DayKeys(dict[date, Keys]):
    """时段键: the window keys of the days of one cycle, computed when first asked for."""

    def __init__(self, cycle: Cycle) -> None:
        super().__init__()
        self._cycle = cycle

    def __missing__(self, day: date) -> Keys:
        keys = self[day] = window_keys(day, self._cycle)
        return keys


class Engine:
    """计分引擎: several versions of one rulebook, picked by event date. Keeps caches only; safe to reuse."""

    def __init__(self, versions: Sequence[Rulebook]) -> None:
        """A version without a last day ends when the next begins.

        Raises ValueError when there is no version, or two hold on the same day.
        """
        if not versions:
            raise ValueError("没有可用的积分办法")
        ordered = sorted(versions, key=lambda version: version.meta.valid_from)
        for earlier, later in pairwise(ordered):
            until = earlier.meta.valid_to
            same_day = earlier.meta.valid_from == later.meta.valid_from
            if same_day or (until is not None and until >= later.meta.valid_from):
                raise ValueError(
                    f"版本{earlier.meta.version}与版本{later.meta.version}的有效期重叠，请给前者写明早于后者起始日的截止日"
                )
        self._versions = compile_versions(ordered)
        self.voids_for_everybody = any(
            row.voids == "event" for version in ordered for row in version.indicators.values()
        )
        self._in_force: dict[date, CompiledRulebook | None] = {}
        self._keys: dict[Cycle, _DayKeys] = {}

    def version_on(self, day: date) -> Rulebook | None:
        """适用版本: the version in force on ``day``, ``None`` when there is none."""
        found = self._compiled_on(day)
        return found.rulebook if found else None

    def cycle_of(self, day: date) -> Cycle:
        """周期: the cycle that holds ``day``. Raises LookupError when no version is in force on it."""
        found = self._compiled_on(day)
        if found is None:
            raise LookupError(f"{day_text(day)}没有适用的积分办法")
        return cycle_of(found.rulebook.cycle, day)

    def value(self, fact: Fact, track: str) -> Valuation:
        """分值: steps 1–3 for one fact, without looking at any other. For entry forms and previews."""
        try:
            day = _effective_on(fact)
            plan = self._plan_on(fact, track, day)
            points = plan.sign * magnitude(plan, fact, track)
        except Malformed as error:
            return Valuation(0, None, str(error))
        note = refusal(plan, fact) if plan.guarded else None
        return Valuation(points, reasons.sentence(note) if note else None, None)

    def score(self, member: Member, facts: Iterable[Fact], cycle: Cycle, voided: Iterable[Void] = ()) -> Score:
        """得分: steps 1 to 11 for one member in one cycle, and 13. Facts that cannot be scored are in ``unusable``.

        ``voided``: events declared void by facts of other members (``voided_events``). Step 12 takes all members
        together: ``quotas.settle_quotas``.

        Raises ValueError when the member has no track at all, LookupError when no version touches the cycle.
        """
        if not member.tracks:
            raise ValueError(f"党员{member.code}没有类别，请先登记其类别")
        account, closing = self._account(member, cycle)
        own, marked = _split(facts, closing)
        occurrences, unusable = self._occurrences(member, own, cycle)
        occurrences.sort(key=_order)
        zeroing = _close_after_zeroing(occurrences)
        with_events = any(item.fact.event for item in occurrences)
        if with_events:
            make_void(occurrences, voided)
        settle_values(occurrences)
        if with_events:
            settle_events(occurrences)
        lines = count(occurrences, self._day_keys(cycle))
        marks = mark(closing, marked, cycle, unusable) if closing.outside else NO_MARKS
        return total(account, lines, unusable, zeroing, marks)

    def voided_events(self, member: Member, facts: Iterable[Fact], cycle: Cycle) -> list[Void]:
        """无效事项: the events that facts of one member declare void for everybody (``voids = "event"``)."""
        if not self.voids_for_everybody:
            return []
        occurrences, _ = self._occurrences(member, facts, cycle)
        occurrences.sort(key=_order)
        _close_after_zeroing(occurrences)
        return find_voids(occurrences)

    def _occurrences(
        self, member: Member, facts: Iterable[Fact], cycle: Cycle
    ) -> tuple[list[Occurrence], list[Unusable]]:
        occurrences: list[Occurrence] = []
        unusable: list[Unusable] = []
        spells = member.tracks
        only_track = spells[0].track if len(spells) == 1 else None
        for fact in facts:
            if fact.corrected:
                continue
            track = fact.track or only_track or member.track_on(fact.event_on)
            try:
                occurrences.append(self._occurrence(fact, track, cycle))
            except Malformed as error:
                unusable.append(Unusable(fact.row, str(error)))
        return occurrences, unusable

    def _occurrence(self, fact: Fact, track: str, cycle: Cycle) -> Occurrence:
        plan = self._plan_on(fact, track, _effective_on(fact))
        day = fact.event_on
        if plan.indicator.index == "zeroing":
            day = _effective_on(fact)
            fact = fact._replace(document_on=day)
        only_counted = False
        if not cycle.first_on <= day <= cycle.last_on:
            only_counted = _counts_back(plan, fact, cycle)
        if fact.fixed is not None:
            item = Occurrence(fact, plan, abs(fact.fixed), None, only_counted)
            if fact.multiplier is not None and (known := _multiplied(plan, fact.multiplier)):
                item.remark(known)
            return item
        raw = magnitude(plan, fact, track)
        if plan.value is not None and plan.value.by_track:
            fact = fact._replace(track=track)
        note = refusal(plan, fact) if plan.guarded else None
        item = Occurrence(fact, plan, raw, note, only_counted)
        if note is not None:
            item.left = 0
        elif fact.multiplier is not None and (known := _multiplied(plan, fact.multiplier)):
            item.remark(known)
        return item

    def _plan_on(self, fact: Fact, track: str, effective: date) -> Plan:
        """By the version of the event's day; a zeroing by that of its document's day, which must know it as one."""
        day = fact.event_on
        if effective == day or self._is_zeroing(fact, effective):
            return self._plan(fact, track, effective)
        plan = self._plan(fact, track, day)
        if plan.indicator.index == "zeroing":
            raise Malformed(
                f"清零以文件日期为准，{day_text(effective)}适用的积分办法中没有清零情形“{fact.indicator}”，请核对文件日期"
            )
        return plan

    def _plan(self, fact: Fact, track: str, day: date) -> Plan:
        version = self._compiled_on(day)
        if version is None:
            raise Malformed(f"{day_text(day)}没有适用的积分办法，请核对发生日期")
        plan = version.plans.get(fact.indicator)
        if plan is None:
            raise Malformed(f"积分办法中没有指标“{fact.indicator}”，请核对指标编号")
        if track not in version.tracks:
            raise Malformed(f"积分办法中没有类别“{track}”，请核对类别")
        if plan.tracks is not None and track not in plan.tracks:
            names = "、".join(row.name for row in version.rulebook.tracks if row.code in plan.tracks)
            own = version.rulebook.track(track)
            raise Malformed(
                f"指标{fact.indicator}只适用于{names}类，党员在{day_text(day)}属{own.name if own else track}类"
            )
        if plan.indicator.index == "zeroing" and not fact.document:
            raise Malformed(f"清零{fact.indicator}缺少文件，须写明生效文件的名称、文号和日期")
        return plan

    def _is_zeroing(self, fact: Fact, day: date) -> bool:
        version = self._compiled_on(day)
        plan = version.plans.get(fact.indicator) if version else None
        return plan is not None and plan.indicator.index == "zeroing"

    def _compiled_on(self, day: date) -> CompiledRulebook | None:
        try:
            return self._in_force[day]
        except KeyError:
            found = None
            for version in self._versions:
                meta = version.rulebook.meta
                if meta.valid_from <= day and (meta.valid_to is None or day <= meta.valid_to):
                    found = version
            self._in_force[day] = found
            return found

    def _account(self, member: Member, cycle: Cycle) -> tuple[Account, CompiledRulebook]:
        first = cycle.first_on if member.joined_on is None else max(cycle.first_on, member.joined_on)
        opening = self._compiled_on(first) or self._nearest(cycle)
        closing = self._compiled_on(cycle.last_on) or self._nearest(cycle, last=True)
        account = Account(
            member=member,
            cycle=cycle,
            opening=opening.rulebook,
            closing=closing.rulebook,
            first_track=member.track_on(first),
            last_track=member.track_on(cycle.last_on),
        )
        return account, closing

    def _nearest(self, cycle: Cycle, last: bool = False) -> CompiledRulebook:
        touching = [
            version
            for version in self._versions
            if version.rulebook.meta.valid_from <= cycle.last_on
            and (version.rulebook.meta.valid_to or date.max) >= cycle.first_on
        ]
        if not touching:
            raise LookupError(f"{day_text(cycle.first_on)}起的周期没有适用的积分办法")
        return touching[-1 if last else 0]

    def _day_keys(self, cycle: Cycle) -> Mapping[date, Keys]:
        keys = self._keys.get(cycle)
        if keys is None:
            keys = self._keys[cycle] = _DayKeys(cycle)
        return keys


def _split(facts: Iterable[Fact], closing: CompiledRulebook) -> tuple[Iterable[Fact], list[Fact]]:
    """外部成绩: facts that name a component of the closing version stand apart from the others."""
    if not closing.outside:
        return facts, []
    listed = list(facts)
    marked = [fact for fact in listed if fact.indicator in closing.outside and not fact.corrected]
    return [fact for fact in listed if fact.indicator not in closing.outside], marked


def _order(item: Occurrence) -> tuple[int, date, int]:
    return item.order


def _effective_on(fact: Fact) -> date:
    return fact.document_on or fact.event_on


def _multiplied(plan: Plan, code: str) -> Note | None:
    found = next((row for row in plan.indicator.multipliers if code in (row.code, row.name)), None)
    return Note(reasons.MULTIPLIED, (found.name, found.factor)) if found else None


def _counts_back(plan: Plan, fact: Fact, cycle: Cycle) -> bool:
    value = plan.value
    back = value.back_months if value is not None else None
    if back is not None and add_months(cycle.first_on, -back) < fact.event_on < cycle.first_on:
        return True
    on = _effective_on(fact) if plan.indicator.index == "zeroing" else fact.event_on
    raise Malformed(f"{day_text(on)}不在本周期（{day_text(cycle.first_on)}至{day_text(cycle.last_on)}）之内")


def _close_after_zeroing(occurrences: Sequence[Occurrence]) -> Fact | None:
    """清零: the earliest zeroing closes the cycle; what happened after its document's date is refused."""
    zeroings = [item.fact for item in occurrences if item.plan.indicator.index == "zeroing"]
    if not zeroings:
        return None
    first = min(zeroings, key=_effective_on)
    closed = _effective_on(first)
    for item in occurrences:
        if item.fact.event_on > closed and item.plan.indicator.index != "zeroing" and not item.refused:
            item.refuse(Note(reasons.AFTER_ZEROING, (closed,)))
    return first
