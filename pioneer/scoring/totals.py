"""合计: steps 6 to 11. Pools, aspect caps, the cap on all additions, floor and ceiling, zeroing, tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pioneer.scoring.facts import Cycle, Fact, Member
from pioneer.scoring.model import Rulebook, Tier
from pioneer.scoring.outcome import AspectScore, Line, PoolScore, Score, Unusable
from pioneer.scoring.periods import add_months, period_key, periods_in, window_keys
from pioneer.scoring.points import product, show
from pioneer.scoring.reasons import Note

UNTIERED_NAMES = {
    "probationary": "预备党员",
    "exempt": "经批准豁免",
    "out_of_contact": "失联党员",
    "transferred_out": "已转出",
    "left": "已退党",
    "removed": "已除名",
    "expelled": "已开除",
    "deceased": "已故",
}


@dataclass(frozen=True, slots=True)
class Account:
    """计分对象: one member in one cycle, with the version of its first and of its last day."""

    member: Member
    cycle: Cycle
    opening: Rulebook
    closing: Rulebook
    first_track: str
    last_track: str


def total(account: Account, lines: Sequence[Line], unusable: Sequence[Unusable], zeroing: Fact | None) -> Score:
    """得分: the score of one member from its counted lines. ``zeroing`` is the fact that zeroes, if there is one."""
    notes: list[Note] = []
    basic = _basic(account, notes)
    additions, deductions, reverse = _sums(lines)
    pools = _pools(account, lines, notes)
    aspects = _aspects(account.closing, additions, deductions, notes)
    positive = _positive(account.closing, aspects, additions, reverse, notes)
    notes.append(Note("{0}合计{1}分（{2}）", _named(account.closing, "reverse", reverse)))
    score = basic + positive + reverse + sum(pool.forgiven for pool in pools)
    score = _clamp(account.closing, score, notes)
    if zeroing is not None:
        score = 0
        notes.append(_zeroed(account.closing, zeroing))
    tier = _tier(account, score, zeroing is not None, lines, notes)
    return Score(
        member=account.member,
        cycle=account.cycle,
        version=account.closing,
        track=account.last_track,
        basic=basic,
        positive=positive,
        reverse=reverse,
        zeroed=zeroing is not None,
        score=score,
        tier=tier.code if tier else None,
        lines=tuple(lines),
        unusable=tuple(unusable),
        aspects=aspects,
        pools=pools,
        notes=tuple(notes),
    )


def _named(rulebook: Rulebook, index: str, points: int) -> tuple[object, ...]:
    rule = rulebook.indices[index]
    return (rule.name, points, rule.clause)


def _basic(account: Account, notes: list[Note]) -> int:
    opening = account.opening.opening
    points = opening.by_track.get(account.first_track, opening.points)
    if opening.inherited_share and account.member.previous is not None:
        points += product(account.member.previous, opening.inherited_share)
    for pool in account.opening.pools:
        points += pool.points * len(periods_in(account.cycle, pool.period))
    notes.append(Note("{0}{1}分（{2}）", (account.opening.indices["basic"].name, points, opening.clause)))
    return points


def _sums(lines: Sequence[Line]) -> tuple[dict[str, int], dict[str, int], int]:
    additions: dict[str, int] = {}
    deductions: dict[str, int] = {}
    reverse = 0
    for line in lines:
        counted = line.counted
        if not counted:
            continue
        aspect = line.indicator.aspect or ""
        if line.indicator.index == "reverse":
            reverse += counted
            deductions[aspect] = deductions.get(aspect, 0) + counted
        else:
            additions[aspect] = additions.get(aspect, 0) + counted
    return additions, deductions, reverse


def _aspects(
    rulebook: Rulebook, additions: dict[str, int], deductions: dict[str, int], notes: list[Note]
) -> tuple[AspectScore, ...]:
    found = []
    for aspect in rulebook.aspects:
        counted = capped = additions.get(aspect.code, 0)
        if aspect.cap is not None:
            room = aspect.cap - (deductions.get(aspect.code, 0) if aspect.net else 0)
            capped = min(counted, room)
        if capped < counted:
            text = "{0}“{1}”加分合计{2}分，上限{3}分，截去{4}分（{5}）"
            args = (aspect.code, aspect.name, counted, aspect.cap, counted - capped, aspect.clause)
            notes.append(Note(text, args))
        found.append(AspectScore(aspect.code, aspect.name, counted, capped, aspect.cap, aspect.clause))
    return tuple(found)


def _positive(
    rulebook: Rulebook, aspects: Sequence[AspectScore], additions: dict[str, int], reverse: int, notes: list[Note]
) -> int:
    known = {aspect.code for aspect in aspects}
    points = sum(aspect.capped for aspect in aspects)
    points += sum(counted for code, counted in additions.items() if code not in known)
    rule = rulebook.indices["positive"]
    if rule.cap is not None:
        room = rule.cap - (reverse if rule.net else 0)
        if points > room:
            text = "{0}合计{1}分，上限{2}分，截去{3}分（{4}）"
            notes.append(Note(text, (rule.name, points, rule.cap, points - room, rule.clause)))
            points = room
    notes.append(Note("{0}合计{1}分（{2}）", _named(rulebook, "positive", points)))
    return points


def _pools(account: Account, lines: Sequence[Line], notes: list[Note]) -> tuple[PoolScore, ...]:
    found = []
    for pool in account.opening.pools:
        deducted: dict[int, int] = {}
        for line in lines:
            if line.counted < 0 and line.indicator.pool == pool.code:
                key = period_key(window_keys(line.event_on, account.cycle), pool.period)
                deducted[key] = deducted.get(key, 0) + line.counted
        for number, key in enumerate(periods_in(account.cycle, pool.period), start=1):
            points = deducted.get(key, 0)
            forgiven = max(0, -points - (pool.points - pool.floor))
            name = pool.name if pool.period == "cycle" else f"{pool.name}第{number}期"
            found.append(PoolScore(pool.code, pool.name, str(number), pool.points, points, forgiven, pool.clause))
            if forgiven:
                text = "“{0}”{1}分，应扣{2}分，扣至{3}分为止，少扣{4}分（{5}）"
                notes.append(Note(text, (name, pool.points, -points, pool.floor, forgiven, pool.clause)))
    return tuple(found)


def _clamp(rulebook: Rulebook, score: int, notes: list[Note]) -> int:
    clamp = rulebook.clamp
    if clamp.floor is not None and score < clamp.floor:
        notes.append(Note("合计{0}分，低于最低分，按{1}分计（{2}）", (score, clamp.floor, clamp.clause)))
        return clamp.floor
    if clamp.ceiling is not None and score > clamp.ceiling:
        notes.append(Note("合计{0}分，高于最高分，按{1}分计（{2}）", (score, clamp.ceiling, clamp.clause)))
        return clamp.ceiling
    return score


def _zeroed(rulebook: Rulebook, fact: Fact) -> Note:
    rule = rulebook.indices["zeroing"]
    indicator = rulebook.indicators.get(fact.indicator)
    clause = indicator.clause if indicator else rule.clause
    return Note("{0}：{1}，得分清零（{2}）", (rule.name, fact.document_on or fact.event_on, clause))


def _tier(account: Account, score: int, zeroed: bool, lines: Sequence[Line], notes: list[Note]) -> Tier | None:
    rulebook = account.closing
    reason = _untiered(account)
    if reason:
        notes.append(Note("得分{0}分，{1}，不定等次（{2}）", (score, reason, rulebook.people.clause)))
        return None
    ordered = sorted(rulebook.tiers, key=lambda tier: -tier.lower)
    tier = ordered[-1] if zeroed else next((tier for tier in ordered if score >= tier.lower), ordered[-1])
    notes.append(Note("得分{0}分，等次为“{1}”（{2}）", (score, tier.name, tier.clause)))
    return tier if zeroed else _circumstances(rulebook, tier, lines, notes)


def _circumstances(rulebook: Rulebook, tier: Tier, lines: Sequence[Line], notes: list[Note]) -> Tier:
    """直接定等次与限定最高等次: first the circumstances that give a tier (the lowest of several), then the limits."""
    direct: list[tuple[Tier, Line]] = []
    limits: list[tuple[Tier, Line]] = []
    for line in lines:
        for code, found in ((line.indicator.tier_direct, direct), (line.indicator.tier_at_most, limits)):
            named = rulebook.tier(code) if code is not None and not line.refused else None
            if named is not None:
                found.append((named, line))
    if direct:
        tier, line = min(direct, key=lambda pair: pair[0].lower)
        notes.append(Note("{0}，直接定为“{1}”（{2}）", (line.indicator.name, tier.name, line.indicator.clause)))
    if limits:
        limit, line = min(limits, key=lambda pair: pair[0].lower)
        if limit.lower < tier.lower:
            tier = limit
            notes.append(Note("{0}，等次最高为“{1}”（{2}）", (line.indicator.name, tier.name, line.indicator.clause)))
    return tier


def _untiered(account: Account) -> str:
    member = account.member
    if member.status in account.closing.people.untiered:
        return UNTIERED_NAMES.get(member.status, member.status)
    months = account.closing.procedure.tier_months.value
    joined = member.joined_on
    if joined is not None and joined > account.cycle.first_on:
        last = account.cycle.last_on
        if add_months(joined, months).toordinal() > last.toordinal() + 1:
            return f"到周期末不足{show(months * 100)}个月"
    return ""
