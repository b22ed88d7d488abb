"""更正的推算 What an amended matter makes of a filed score and tier, by the rulebook of the cycle's last day. Nobody
types a score or a tier."""

from dataclasses import dataclass

from pioneer.filings.contents import Valid, valid_rows
from pioneer.filings.models import Amendment
from pioneer.ledger.queries import scores_of
from pioneer.organisations.models import Organisation
from pioneer.results.beyond import beyond_of
from pioneer.results.models import Result, Settlement
from pioneer.rulebook.queries import engine_for, parsed
from pioneer.scoring import Rulebook
from pioneer.scoring.quotas import Standing, settle_quotas
from pioneer.scoring.tiers import best_first


@dataclass(frozen=True, slots=True)
class Reckoned:
    """推算的结果 `was` as filed and amended so far; score in hundredths, tiers as codes."""

    was: Valid
    score: int
    earned: str
    tier: str


def reckoned(amendment: Amendment, unit: Organisation, made: Settlement) -> Reckoned:
    """一项更正的推算 Of whichever kind it is, on what stands now."""
    if amendment.kind == Amendment.Kind.ZEROED:
        return reckon_zeroed(unit, made, amendment.result_id)
    if amendment.kind == Amendment.Kind.RESTORED:
        return reckon_restored(unit, made, amendment.result_id)
    by = int(amendment.now_points) - int(amendment.was_points)
    return reckon(unit, made, amendment.result_id, amendment.indicator, by)


def reckon(unit: Organisation, made: Settlement, result_id: int, indicator: str, by: int) -> Reckoned:
    """推算 The score moves by so many hundredths, within floor and ceiling; the tier is what the score earns, limited
    by what the indicator says of tiers, then by the quotas among the unit's valid results."""
    rows = valid_rows(unit, made)
    was = _row(rows, result_id)
    rulebook = parsed(made.version)
    score = _clamped(rulebook, was.score + by)
    if not was.tier:  # none was given, and the reason stands
        return Reckoned(was, score, "", "")
    earned = _earned(rulebook, score, indicator if by < 0 else "")
    return Reckoned(was, score, earned, _placed(rulebook, rows, was, score, earned))


def reckon_zeroed(unit: Organisation, made: Settlement, result_id: int) -> Reckoned:
    """清零的推算 Score 0 and the lowest tier; who gets no tier whatever the score gets none."""
    was = _row(valid_rows(unit, made), result_id)
    untiered = not was.tier and was.result.why != "missing"
    lowest = "" if untiered else best_first(parsed(made.version))[-1].code
    return Reckoned(was, 0, lowest, lowest)


def reckon_restored(unit: Organisation, made: Settlement, result_id: int) -> Reckoned:
    """撤销清零的推算 As if the zeroing had never been: what stood before the amendment that zeroed; of who was filed as
    zeroed, what its posted entries and marks make of the cycle."""
    rows = valid_rows(unit, made)
    was = _row(rows, result_id)
    turns = [place for place, one in enumerate(was.amended) if one.kind == Amendment.Kind.ZEROED]
    if turns:
        before, zeroed = was.amended[: turns[-1]], was.amended[turns[-1]]
        score, earned = int(zeroed.was_score), before[-1].now_earned if before else was.result.earned
    else:
        score, earned = _as_posted(was.result, made)
    return Reckoned(was, score, earned, _placed(parsed(made.version), rows, was, score, earned) if earned else "")


def _as_posted(result: Result, made: Settlement) -> tuple[int, str]:
    member, engine = result.member, engine_for(made.district_id)
    known = beyond_of(member, engine.cycle_of(made.last_on))
    beyond = {member.pk: known} if known is not None else None
    score = scores_of([member.pk], made.last_on, engine, beyond=beyond)[member.pk]
    return score.score, score.tier or ""


def _row(rows: list[Valid], result_id: int) -> Valid:
    return next(one for one in rows if one.result.pk == result_id)


def _clamped(rulebook: Rulebook, score: int) -> int:
    clamp = rulebook.clamp
    if clamp.ceiling is not None:
        score = min(score, clamp.ceiling)
    return max(score, clamp.floor) if clamp.floor is not None else score


def _earned(rulebook: Rulebook, score: int, lowered_by: str) -> str:
    ordered = best_first(rulebook)
    tier = next((one for one in ordered if score >= one.lower), ordered[-1])
    row = rulebook.indicators.get(lowered_by)
    if row is not None:
        for code in (row.tier_direct, row.tier_at_most):
            named = rulebook.tier(code) if code is not None else None
            if named is not None and named.lower < tier.lower:
                tier = named
    return tier.code


def _placed(rulebook: Rulebook, rows: list[Valid], was: Valid, score: int, earned: str) -> str:
    """Of the others the tiers stand as filed: an amendment changes one member's."""
    standings = []
    for one in rows:
        own = one is was
        tier = (earned if own else one.earned) or None
        standings.append(Standing(str(one.result.pk), score if own else one.score, tier, one.result.status))
    placed = settle_quotas(rulebook, standings).get(str(was.result.pk))
    return placed.tier if placed is not None else earned
