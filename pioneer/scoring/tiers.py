"""等次: steps 11 and 13. The tier with what gives or limits it, alarm lines, and streaks over cycles."""

from __future__ import annotations

from collections.abc import Sequence

from pioneer.scoring.facts import Cycle
from pioneer.scoring.model import Alarm, Rulebook, Streak, Tier
from pioneer.scoring.outcome import Line, Reached
from pioneer.scoring.periods import add_months
from pioneer.scoring.points import show
from pioneer.scoring.reasons import Note
from pioneer.scoring.sums import Account, month_of, place_of

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


def decide_tier(
    account: Account,
    score: int,
    zeroed: bool,
    lines: Sequence[Line],
    missing: Sequence[str],
    alarms: Sequence[Reached],
    notes: list[Note],
) -> Tier | None:
    """等次 (step 11): ``None`` where none is given; the notes say why."""
    rulebook = account.closing
    reason = _untiered(account) or ("" if zeroed else _unfinished(missing))
    if reason:
        notes.append(Note("得分{0}分，{1}，不定等次（{2}）", (score, reason, rulebook.people.clause)))
        return None
    ordered = best_first(rulebook)
    tier = ordered[-1] if zeroed else next((tier for tier in ordered if score >= tier.lower), ordered[-1])
    notes.append(Note("得分{0}分，等次为“{1}”（{2}）", (score, tier.name, tier.clause)))
    return tier if zeroed else _circumstances(rulebook, tier, lines, alarms, notes)


def best_first(rulebook: Rulebook) -> list[Tier]:
    """等次由高到低."""
    return sorted(rulebook.tiers, key=lambda tier: -tier.lower)


def _unfinished(missing: Sequence[str]) -> str:
    return f"尚缺{'、'.join(missing)}的成绩" if missing else ""


def _circumstances(
    rulebook: Rulebook, tier: Tier, lines: Sequence[Line], alarms: Sequence[Reached], notes: list[Note]
) -> Tier:
    """直接定等次与限定最高等次: first the circumstances that give a tier (the lowest of several), then the limits."""
    direct: list[tuple[Tier, str, str]] = []
    limits: list[tuple[Tier, str, str]] = []
    for line in lines:
        row = line.indicator
        for code, found in ((row.tier_direct, direct), (row.tier_at_most, limits)):
            stands = not line.refused or line.outdone
            named = rulebook.tier(code) if code is not None and stands else None
            if named is not None:
                found.append((named, row.name, row.clause))
    at_most = {alarm.code: alarm.tier_at_most for alarm in rulebook.alarms}
    for alarm in alarms:
        named = rulebook.tier(at_most[alarm.code] or "")
        if named is not None:
            limits.append((named, f"触及“{alarm.name}”", alarm.clause))
    if direct:
        tier, name, clause = min(direct, key=lambda row: row[0].lower)
        notes.append(Note("{0}，直接定为“{1}”（{2}）", (name, tier.name, clause)))
    if limits:
        limit, name, clause = min(limits, key=lambda row: row[0].lower)
        if limit.lower < tier.lower:
            tier = limit
            notes.append(Note("{0}，等次最高为“{1}”（{2}）", (name, tier.name, clause)))
    return tier


def _untiered(account: Account) -> str:
    member = account.member
    if member.status in account.closing.people.untiered:
        return UNTIERED_NAMES.get(member.status, member.status)
    months = account.closing.procedure.tier_months.value
    joined = member.joined_on
    if joined is not None and add_months(joined, months).toordinal() > account.cycle.last_on.toordinal() + 1:
        return f"到周期末不足{show(months * 100)}个月"
    return ""


def alarms_reached(rulebook: Rulebook, score: int, lines: Sequence[Line], cycle: Cycle) -> tuple[Reached, ...]:
    """预警: the alarm lines that the score so far, or the deductions so far, have reached."""
    return tuple(
        Reached(alarm.code, alarm.name, alarm.consequence, alarm.clause)
        for alarm in rulebook.alarms
        if _is_reached(alarm, score, lines, cycle)
    )


def _is_reached(alarm: Alarm, score: int, lines: Sequence[Line], cycle: Cycle) -> bool:
    if alarm.below is not None:
        return score < alarm.below
    if alarm.deductions is None:
        return False
    deducted: dict[int, int] = {}
    for line in lines:
        if line.indicator.index == "reverse" and line.counted:
            place = place_of(alarm.period, month_of(line, cycle))
            deducted[place] = deducted.get(place, 0) - line.counted
    return max(deducted.values(), default=0) >= alarm.deductions


def streaks_reached(rulebook: Rulebook, tier: str | None, former: Sequence[str | int | None]) -> tuple[Reached, ...]:
    """连续等次 (step 13): the streaks that this cycle's tier and the former ones make. ``former``: the latest first."""
    return tuple(
        Reached(streak.code, streak.name, streak.consequence, streak.clause)
        for streak in rulebook.streaks
        if _is_unbroken(rulebook, streak, (tier, *former)[: streak.cycles])
    )


def _is_unbroken(rulebook: Rulebook, streak: Streak, tiers: Sequence[str | int | None]) -> bool:
    if len(tiers) < streak.cycles:
        return False
    line = rulebook.tier(streak.at_most or streak.at_least or "")
    reached = [lower_bound(rulebook, tier) for tier in tiers]
    if line is None:
        return False
    if streak.at_most is not None:
        return all(lower is not None and lower <= line.lower for lower in reached)
    return all(lower is not None and lower >= line.lower for lower in reached)


def lower_bound(rulebook: Rulebook, tier: str | int | None) -> int | None:
    """等次下限: of a tier given by its code, or by the bound itself; None where there is no such tier."""
    if tier is None or isinstance(tier, int):
        return tier
    found = rulebook.tier(tier)
    return found.lower if found is not None else None
