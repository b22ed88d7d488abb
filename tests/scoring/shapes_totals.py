"""The oracle's steps 6 to 13: pools, caps, periods, outside components, tiers, quotas, streaks."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from pioneer.scoring import Cycle, Fact, Member
from tests.scoring.shapes_values import (
    ZERO,
    Book,
    Found,
    Line,
    amount,
    cents,
    months_before,
    period_of,
    periods_in,
    version_on,
)


def in_force(books: list[Book], day: date) -> Book:
    found = version_on(books, day)
    assert found is not None
    return found


def first_day(member: Member, cycle: Cycle) -> date:
    """The member's first day in the cycle."""
    joined = member.joined_on
    return joined if joined is not None and cycle.first_on <= joined <= cycle.last_on else cycle.first_on


def close(books: list[Book], member: Member, lines: list[Line], marks: list[Fact], cycle: Cycle, found: Found) -> None:
    """Steps 6 to 11 for one member."""
    last = in_force(books, cycle.last_on)
    zeroing = [line for line in lines if line.index == "zeroing"]
    lines = [line for line in lines if line.index != "zeroing" and not line.before_cycle]
    total = own_total(books, member, lines, cycle, found)
    found.outside = outside(last, marks)
    found.score = clamped(total + found.outside, last["clamp"])
    found.zeroed = bool(zeroing)
    if found.zeroed:
        found.score = ZERO
    found.alarms = [alarm["code"] for alarm in last.get("alarms", []) if stands(alarm, found.score, lines, cycle)]
    complete = all(
        "without" in part or any(mark.indicator == part["code"] for mark in marks)
        for part in last.get("components", [])
    )
    found.tier = tier(last, member, found, lines, cycle) if complete or found.zeroed else None


def clamped(points: Decimal, limits: Book) -> Decimal:
    if "floor" in limits:
        points = max(points, Decimal(limits["floor"]))
    if "ceiling" in limits:
        points = min(points, Decimal(limits["ceiling"]))
    return points


# ---------------------------------------------------------------- steps 6 and 7


def own_total(books: list[Book], member: Member, lines: list[Line], cycle: Cycle, found: Found) -> Decimal:
    """Steps 6 and 7: the member's own points, as one running total or period by period, times the coefficient."""
    first, last = in_force(books, first_day(member, cycle)), in_force(books, cycle.last_on)
    result = last.get("result", {"method": "total"})
    period = result.get("period", "cycle")
    parts = []
    for number in periods_in(period, cycle):
        inside = [line for line in lines if period_of(line.day, period, cycle) == number]
        basic = opening(first, member, cycle) / len(periods_in(period, cycle))
        positive = additions(last, inside, cycle)
        over_before = period_of(first_day(member, cycle), period, cycle) > number
        if result["method"] == "mean" and over_before and not any(line.counted for line in inside):
            continue
        found.basic += basic
        found.positive += positive
        found.reverse -= deducted(inside)
        points = basic + positive - deductions(first, last, inside, cycle)
        parts.append(points if result["method"] == "total" else clamped(points, result))
    total = sum(parts, ZERO)
    if result["method"] == "mean":
        total = cents(total / len(parts))
    track = member.track_on(cycle.last_on)
    return cents(total * Decimal(result.get("coefficient_by_track", {}).get(track, result.get("coefficient", 1))))


def opening(book: Book, member: Member, cycle: Cycle) -> Decimal:
    """The opening score of the whole cycle: allotments of every period and pool, and what is inherited."""
    rule = book["opening"]
    track = member.track_on(first_day(member, cycle))
    each = Decimal(rule.get("by_track", {}).get(track, rule["points"]))
    points = each * len(periods_in(rule.get("period", "cycle"), cycle))
    for pool in book.get("pools", []):
        points += Decimal(pool["points"]) * len(periods_in(pool.get("period", "cycle"), cycle))
    if rule.get("inherited_share"):
        former = amount(member.previous)
        without = Decimal(rule["inherited_without"])
        points += without if former is None else cents(former * Decimal(rule["inherited_share"]))
    return points


def deducted(lines: list[Line]) -> Decimal:
    return sum((line.counted for line in lines if line.index == "reverse"), ZERO)


Kept = dict[int, Decimal]


def kept_under(cap: Decimal | None, period: str, kept: Kept, lines: list[Line], cycle: Cycle, room: list[Line]) -> None:
    """Trims what is kept of the lines to the cap in each period, in order of posting; `room` are deductions that give
    some back."""
    if cap is None:
        return
    for number in periods_in(period, cycle):
        left = cap + deducted([line for line in room if period_of(line.day, period, cycle) == number])
        for line in lines:
            if period_of(line.day, period, cycle) == number:
                kept[line.fact.row] = min(kept[line.fact.row], left)
                left -= kept[line.fact.row]


def cap_of(rule: Book) -> Decimal | None:
    return Decimal(rule["cap"]) if "cap" in rule else None


def additions(last: Book, lines: list[Line], cycle: Cycle) -> Decimal:
    """Aspect caps, then the cap on all additions, each per its period."""
    positive = [line for line in lines if line.index == "positive"]
    reverse = [line for line in lines if line.index == "reverse"]
    kept = {line.fact.row: line.counted for line in positive}
    for aspect in last.get("aspects", []):
        own = [line for line in positive if line.rule.get("aspect") == aspect["code"]]
        room = [line for line in reverse if line.rule.get("aspect") == aspect["code"]]
        kept_under(cap_of(aspect), aspect.get("cap_period", "cycle"), kept, own, cycle, room if is_net(aspect) else [])
    rule = last["indices"]["positive"]
    period = rule.get("cap_period", "cycle")
    kept_under(cap_of(rule), period, kept, positive, cycle, reverse if is_net(rule) else [])
    return sum(kept.values(), ZERO)


def is_net(rule: Book) -> bool:
    return bool(rule.get("cap_on") == "net")


def deductions(first: Book, last: Book, lines: list[Line], cycle: Cycle) -> Decimal:
    """What the pools of the first day leave of the deductions, limited by the cap on all of them."""
    reverse = [line for line in lines if line.index == "reverse"]
    kept = {line.fact.row: line.counted for line in reverse}
    for pool in first.get("pools", []):
        own = [line for line in reverse if line.rule.get("pool") == pool["code"]]
        most = Decimal(pool["points"]) - Decimal(pool.get("floor", 0))
        kept_under(most, pool.get("period", "cycle"), kept, own, cycle, [])
    rule = last["indices"]["reverse"]
    kept_under(cap_of(rule), rule.get("cap_period", "cycle"), kept, reverse, cycle, [])
    return sum(kept.values(), ZERO)


# ---------------------------------------------------------------- step 8


def component_of(books: list[Book], fact: Fact, cycle: Cycle) -> Book | None:
    """The component a fact names; the cycle's last day decides."""
    for part in in_force(books, cycle.last_on).get("components", []):
        if part["code"] == fact.indicator:
            return dict(part)
    return None


def read_marks(books: list[Book], facts: list[Fact], cycle: Cycle, found: Found) -> list[Fact]:
    """The usable marks by date, then row; what can't be used is named. A second one may be refused by the rulebook."""
    marks: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (fact.event_on, fact.row)):
        part = component_of(books, fact, cycle)
        if part is None or fact.corrected:
            continue
        mark = amount(fact.value)
        usable = mark is not None and ZERO <= mark <= part["max"] and cycle.first_on <= fact.event_on <= cycle.last_on
        second = any(other.indicator == fact.indicator for other in marks)
        if not usable or (second and part.get("several", "refuse") == "refuse"):
            found.unusable.add(fact.row)
        else:
            marks.append(fact)
    return marks


def outside(last: Book, marks: list[Fact]) -> Decimal:
    total = ZERO
    for part in last.get("components", []):
        own = [amount(mark.value) or ZERO for mark in marks if mark.indicator == part["code"]]
        if not own:
            total += Decimal(part.get("without", 0))
        elif part.get("several") == "mean":
            total += cents(cents(sum(own, ZERO) / len(own)) * Decimal(part["weight"]))
        else:
            total += cents(own[-1] * Decimal(part["weight"]))
    return total


# ---------------------------------------------------------------- step 11


def stands(alarm: Book, score: Decimal, lines: list[Line], cycle: Cycle) -> bool:
    if "below" in alarm:
        return bool(score < alarm["below"])
    period = alarm.get("period", "cycle")
    for number in periods_in(period, cycle):
        if deducted([line for line in lines if period_of(line.day, period, cycle) == number]) >= alarm["deductions"]:
            return True
    return False


def tier(last: Book, member: Member, found: Found, lines: list[Line], cycle: Cycle) -> str | None:
    """The tier of the score, then what gives or limits it; none for whom the rulebook gives none."""
    if member.status in last["people"].get("untiered", []):
        return None
    after = date.fromordinal(cycle.last_on.toordinal() + 1)
    enough = months_before(after, last["procedure"]["tier_months"]["value"])
    if member.joined_on is not None and member.joined_on > enough:
        return None
    codes = [row["code"] for row in last["tiers"]]
    if found.zeroed:
        return str(codes[-1])
    reached = [place for place, row in enumerate(last["tiers"]) if found.score >= row["lower"]]
    place = reached[0] if reached else len(codes) - 1
    counted = [line.rule for line in lines if not line.refused]
    direct = [codes.index(rule["tier_direct"]) for rule in counted if "tier_direct" in rule]
    place = max(direct) if direct else place
    limits = [rule["tier_at_most"] for rule in counted if "tier_at_most" in rule]
    limits += [
        row["tier_at_most"] for row in last.get("alarms", []) if row["code"] in found.alarms and "tier_at_most" in row
    ]
    return str(codes[max([place, *(codes.index(code) for code in limits)])])


# ---------------------------------------------------------------- steps 12 and 13


def settle_quotas(books: list[Book], members: list[Member], answers: dict[str, Found], cycle: Cycle) -> None:
    """Quotas one after another, from that of the best tier down; for one tier first the bottom, then the top."""
    last = in_force(books, cycle.last_on)
    codes = [row["code"] for row in last["tiers"]]
    for quota in sorted(last.get("quotas", []), key=lambda row: (codes.index(row["tier"]), row["end"])):
        ranked = [
            answers[member.code] for member in members
            if answers[member.code].tier is not None and (quota.get("of", "full") == "all" or member.status == "full")
        ]  # fmt: skip
        number = rounded(len(ranked) * Fraction(str(quota["share"])), quota["rounding"])
        if quota["end"] == "top":
            holders = [found for found in ranked if found.tier == quota["tier"]]
            for found in beyond(holders, number, quota["ties"]):
                found.tier = codes[codes.index(quota["tier"]) + 1]
        else:
            for found in beyond(ranked, len(ranked) - number, quota["ties"]):
                if codes.index(found.tier) < codes.index(quota["tier"]):
                    found.tier = quota["tier"]


def rounded(number: Fraction, way: str) -> int:
    ways = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "half_up": ROUND_HALF_UP}
    return int((Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal(1), ways[way]))


def beyond(ranked: list[Found], places: int, ties: str) -> list[Found]:
    """Who stands beyond the first `places`, the best first; equal scores across the line stay together."""
    best_first = sorted(ranked, key=lambda found: -found.score)
    if places >= len(best_first):
        return []
    line = best_first[places].score
    if places == 0 or best_first[places - 1].score != line:
        return best_first[places:]
    return [found for found in ranked if found.score < line or (found.score == line and ties == "below")]


def settle_streaks(books: list[Book], member: Member, found: Found, cycle: Cycle) -> None:
    last = in_force(books, cycle.last_on)
    codes = [row["code"] for row in last["tiers"]]
    for streak in last.get("streaks", []):
        tiers = [found.tier, *member.former][: streak["cycles"]]
        known = [code for code in tiers if isinstance(code, str)]
        if len(known) == streak["cycles"] and all(meets(streak, code, codes) for code in known):
            found.streaks.append(streak["code"])


def meets(streak: Book, code: str, codes: list[str]) -> bool:
    if "at_most" in streak:
        return codes.index(code) >= codes.index(streak["at_most"])
    return codes.index(code) <= codes.index(streak["at_least"])
