"""更正的推算 What an amended matter makes of a filed score and tier, by the rulebook of the cycle's last day. Nobody
types a score or a tier."""

from dataclasses import dataclass

from pioneer.filings.contents import Valid, valid_rows
from pioneer.organisations.models import Organisation
from pioneer.results.models import Settlement
from pioneer.rulebook.queries import parsed
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


def reckon(unit: Organisation, made: Settlement, result_id: int, indicator: str, by: int) -> Reckoned:
    """推算 The score moves by so many hundredths, within floor and ceiling; the tier is what the score earns, limited
    by what the indicator says of tiers, then by the quotas among the unit's valid results."""
    rows = valid_rows(unit, made)
    was = next(one for one in rows if one.result.pk == result_id)
    rulebook = parsed(made.version)
    score = _clamped(rulebook, was.score + by)
    if not was.tier:  # none was given, and the reason stands
        return Reckoned(was, score, "", "")
    earned = _earned(rulebook, score, indicator if by < 0 else "")
    return Reckoned(was, score, earned, _placed(rulebook, rows, was, score, earned))


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
