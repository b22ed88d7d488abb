"""A dry run by hand: each entry as a plain fact under the draft, each member scored by the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pioneer.assessments.models import Line
from pioneer.conduct.models import EducationRecord
from pioneer.ledger.queries import Standing, standing_facts
from pioneer.members.models import Member
from pioneer.members.queries import scoring_members
from pioneer.publicity.queries import zeroing_facts
from pioneer.rulebook.queries import complete, versions_for
from pioneer.scoring import Cycle, Engine, Fact, Rulebook, Score
from pioneer.scoring.quotas import settle_quotas, standing_of
from tests.results.past import former_results, formers_by_hand, marks_by_hand

QUANTIFIED = ("per_unit", "brackets", "cumulative", "shortfall")
Scores = dict[int, tuple[Score, str | None]]


def today(district: int, numbers: list[int], units: dict[int, int], cycle: Cycle) -> Scores:
    """By the rules in force: entries keep the value they hold."""
    engine = Engine(list(complete(versions_for(district)).values()))
    facts = {number: [one.fact for one in some] for number, some in standing(numbers, cycle).items()}
    return scored(engine, numbers, facts, units, cycle)


def drafted(draft: Rulebook, district: int, numbers: list[int], units: dict[int, int], cycle: Cycle) -> Scores:
    """By the draft, as if it had been in force all along."""
    draft = replace(draft, meta=replace(draft.meta, valid_from=date(2000, 1, 1), valid_to=None))
    engine, now = Engine([draft]), Engine(list(complete(versions_for(district)).values()))
    members, standing_now = scoring_members(numbers, cycle), standing(numbers, cycle)
    books = Books(engine, now, draft, lines_of(standing_now), records_of(numbers))
    facts = {
        number: [
            fact
            for one in some
            if (fact := anew(books, members[number].track_on(one.fact.event_on), one, number)) is not None
        ]
        for number, some in standing_now.items()
    }
    return scored(engine, numbers, facts, units, cycle)


def standing(numbers: list[int], cycle: Cycle) -> dict[int, list[Standing]]:
    keys = dict(Member.objects.filter(pk__in=numbers).values_list("key", "pk"))
    return {keys[key]: some for key, some in standing_facts(keys, cycle).items()}


@dataclass
class Books:
    """What an entry is taken anew by."""

    engine: Engine
    now: Engine
    draft: Rulebook
    lines: dict[int, Line]
    records: dict[tuple[int, str, str], list[date]]  # by member, indicator and kind: the days, the earliest first


def lines_of(standing_now: dict[int, list[Standing]]) -> dict[int, Line]:
    return Line.objects.in_bulk([one.fact.row for some in standing_now.values() for one in some])


def records_of(numbers: list[int]) -> dict[tuple[int, str, str], list[date]]:
    found: dict[tuple[int, str, str], list[date]] = {}
    for one in EducationRecord.objects.filter(member__in=numbers, shown_at__isnull=False).order_by("on"):
        found.setdefault((one.member_id, one.indicator, one.kind), []).append(one.on)
    return found


def anew(books: Books, track: str, one: Standing, number: int) -> Fact | None:
    """One entry as the draft takes it, or None where the draft has nothing for it."""
    posted, engine, now, draft = one.fact, books.engine, books.now, books.draft
    row = draft.indicators.get(posted.indicator)
    version = now.version_on(posted.event_on)
    was = version.indicators.get(posted.indicator) if version else None
    if row is None or (was is not None and was.index != row.index):
        return None
    if draft.track(track) is None or (row.tracks and track not in row.tracks):
        return None
    line = books.lines[posted.row]
    told = books.records.get((number, row.code, row.prior.kind), []) if row.prior else []
    told_on = max((on for on in told if on < posted.event_on), default=None)
    plain = posted._replace(
        fixed=None,
        level=line.level or None,
        value=abs(posted.fixed or 0) if was and was.value and was.value.shape == "range" else None,
        education_on=told_on,
        decision=bool(line.decision),
        words=bool(line.words),
        document=line.ground or None,
    )
    unit = was.value.unit if was and was.value and was.value.shape in QUANTIFIED else ""
    counts = row.value is not None and row.value.shape in QUANTIFIED
    other_unit = counts and posted.quantity is not None and row.value is not None and unit != row.value.unit
    if other_unit or engine.value(plain, track).mistake:
        return posted._replace(quantity=None)
    return plain


def scored(engine: Engine, numbers: list[int], facts: Any, units: dict[int, int], cycle: Cycle) -> Scores:
    members, zeroings = scoring_members(numbers, cycle), zeroing_facts(numbers, cycle)
    before = former_results(numbers)
    for number in numbers:
        previous, former = formers_by_hand(before.get(number, {}), cycle)
        members[number] = replace(members[number], previous=previous, former=former)
    marks = {number: marks_by_hand(number, cycle) for number in numbers}
    given = {number: [*facts.get(number, ()), *zeroings.get(number, ()), *marks[number]] for number in numbers}
    voided = [void for number in numbers for void in engine.voided_events(members[number], given[number], cycle)]
    scores = {number: engine.score(members[number], given[number], cycle, voided) for number in numbers}
    found: Scores = {}
    for unit in set(units.values()):
        own = [number for number in numbers if units[number] == unit]
        moved = settle_quotas(scores[own[0]].version, [standing_of(scores[number]) for number in own])
        for number in own:
            placement = moved.get(scores[number].member.code)
            found[number] = (scores[number], placement.tier if placement else scores[number].tier)
    return found
