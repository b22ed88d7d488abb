"""Members with plain facts on the slate, valued one by one by the engine; and what the engine makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pioneer.results.rules import rules_of, write_rules
from pioneer.results.settlement import FACTS, MARKS, PEOPLE, settle
from pioneer.results.slate import Slate
from pioneer.results.steps import streaks
from pioneer.scoring import Cycle, Engine, Fact, Member, Rulebook
from pioneer.scoring.components import _mistake
from pioneer.scoring.engine import _split
from pioneer.scoring.quotas import placed, settle_quotas, standing_of

Case = tuple[Member, list[Fact]]


def put(slate: Slate, versions: Sequence[Rulebook], cases: Sequence[Case], cycle: Cycle) -> dict[int, tuple[str, int]]:
    """Settles them on the slate. Answers whose which row each number of a fact is."""
    rules = rules_of(versions, cycle)
    engine = Engine(versions)
    people: list[Any] = []
    facts: list[Any] = []
    marks: list[Any] = []
    named: dict[int, tuple[str, int]] = {}
    plans = {id(plan.indicator): number for number, plan in rules.plans.items()}
    for number, (member, given) in enumerate(cases, start=1):
        first = cycle.first_on if member.joined_on is None else max(cycle.first_on, member.joined_on)
        joined = member.joined_on.toordinal() if member.joined_on else None
        tracks = (member.track_on(first), member.track_on(cycle.last_on))
        people.append((number, 1, member.status, joined, rules.number_on(first), *tracks, member.previous))
        _, closing = engine._account(member, cycle)
        own, marked = _split(given, closing)
        occurrences, _ = engine._occurrences(member, own, cycle)
        for item in occurrences:
            fact, value = item.fact, item.plan.value
            named[len(facts)] = (member.code, fact.row)
            quantity = fact.quantity if fact.quantity is not None else value.default if value else None
            effective = (fact.document_on or fact.event_on).toordinal()
            where = (plans[id(item.plan.indicator)], fact.event_on.toordinal(), effective, fact.event or "", item.raw)
            switches = (int(item.refused), int(fact.fixed is not None), int(item.only_counted), int(fact.carried))
            facts.append((len(facts), number, fact.row, item.order[0], *where, *switches, quantity))
        for fact in marked:
            component = closing.rulebook.component(fact.indicator)
            assert component is not None
            if _mistake(component, fact, cycle) is None:
                marks.append((number, fact.indicator, fact.event_on.toordinal(), fact.row, fact.value))
    slate.fill("people", PEOPLE, people, unique="member")
    slate.make("apart", "SELECT people.member, 0 AS sharing FROM people", unique="member")
    slate.fill("given", FACTS, facts)
    slate.fill("marks", MARKS, marks)
    formers = [
        row
        for number, (member, _) in enumerate(cases, start=1)
        for row in streaks.rows_of(number, member, rules.closing)
    ]
    slate.fill("formers", streaks.FORMERS, formers)
    write_rules(slate, rules)
    settle(slate, rules)
    return named


def settled(slate: Slate, cases: Sequence[Case], named: dict[int, tuple[str, int]]) -> dict[str, Any]:
    """What the statements made of each member, in the engine's words."""
    tiers = dict(slate.rows("SELECT tier, code FROM tiers"))
    found: dict[str, Any] = {}
    codes = {number: member.code for number, (member, _) in enumerate(cases, start=1)}
    for number, basic, positive, reverse, outside, zeroed, score in slate.rows(
        "SELECT member, basic, positive, reverse, outside, zeroed, score FROM scored"
    ):
        found[codes[number]] = {
            "totals": (basic, positive, reverse, outside, bool(zeroed), score),
            "lines": {},
            "forgiven": 0,
            "aspects": {},
            "alarms": [],
            "streaks": [],
        }
    for number, tier, earned in slate.rows("SELECT member, tier, earned FROM placed"):
        found[codes[number]]["tier"] = (tiers.get(earned), tiers.get(tier))
    for fact, sign, raw, counted, refused in slate.rows(
        "SELECT fact, CASE WHEN plans.idx = 'reverse' THEN -1 ELSE 1 END, raw, counted, refused "
        "FROM lines JOIN plans ON plans.plan = lines.plan"
    ):
        code, row = named[fact]
        found[code]["lines"][row] = (sign * raw, sign * counted, bool(refused))
    for number, points in slate.rows("SELECT member, SUM(forgiven) FROM forgiven GROUP BY member"):
        found[codes[number]]["forgiven"] = int(points)
    for number, aspect, points in slate.rows(
        "SELECT member, aspect, SUM(counted) FROM aspected GROUP BY member, aspect"
    ):
        if points:
            found[codes[number]]["aspects"][aspect] = int(points)
    alarms = sorted(slate.rows("SELECT member, alarm FROM alarmed"))
    for number, alarm in alarms:
        found[codes[number]]["alarms"].append(alarm)
    named_codes = dict(slate.rows("SELECT number, code FROM codes WHERE kind = 'streak'"))
    for number, streak in sorted(slate.rows("SELECT member, streak FROM unbroken")):
        found[codes[number]]["streaks"].append(named_codes[streak])
    return found


def by_engine(versions: Sequence[Rulebook], cases: Sequence[Case], cycle: Cycle) -> dict[str, Any]:
    """What the engine makes of them, one by one."""
    engine = Engine(versions)
    voided = {member.code: engine.voided_events(member, facts, cycle) for member, facts in cases}
    scores = []
    for member, facts in cases:
        others = [void for code, voids in voided.items() if code != member.code for void in voids]
        scores.append(engine.score(member, facts, cycle, others))
    placements = settle_quotas(scores[0].version, [standing_of(score) for score in scores]) if scores else {}
    found: dict[str, Any] = {}
    for score in scores:
        code = score.member.code
        order = {alarm.code: place for place, alarm in enumerate(score.version.alarms)}
        moved = placements.get(code)
        found[code] = {
            "totals": (score.basic, score.positive, score.reverse, score.outside, score.zeroed, score.score),
            "tier": (score.tier, moved.tier if moved else score.tier),
            "lines": {
                line.row: (line.raw, line.counted, line.refused)
                for line in score.lines
                if line.indicator.index != "outside"
            },
            "forgiven": sum(pool.forgiven for pool in score.pools),
            "aspects": {row.code: row.capped for row in score.aspects if row.capped},
            "alarms": sorted(order[row.code] for row in score.alarms),
            "streaks": [row.code for row in (placed(score, moved) if moved else score).streaks],
        }
    return found
