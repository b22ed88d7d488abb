"""名额: step 12. At most a share of the members holds a tier, or the last share falls to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pioneer.scoring.model import Quota, Rulebook, Tier
from pioneer.scoring.outcome import Score
from pioneer.scoring.points import HUNDRED
from pioneer.scoring.reasons import Note, sentence
from pioneer.scoring.tiers import best_first, streaks_reached

ROUNDING_NAMES = {"down": "向下取整", "up": "向上取整", "half_up": "四舍五入"}


class Standing(NamedTuple):
    """得分与等次: one member of the settling organisation as step 11 left it; ``score`` in hundredths."""

    member: str
    score: int
    tier: str | None
    status: str = "full"


class Placement(NamedTuple):
    """名额结果: the tier after quotas, and the notes that say why it changed."""

    tier: str
    notes: tuple[Note, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """说明: the notes written out."""
        return tuple(sentence(note) for note in self.notes)


def standing_of(score: Score) -> Standing:
    """得分与等次: of a score."""
    return Standing(score.member.code, score.score, score.tier, score.member.status)


def placed(score: Score, placement: Placement) -> Score:
    """名额之后的得分: the score with its tier after quotas, and the streaks that tier makes."""
    return replace(
        score,
        tier=placement.tier,
        notes=(*score.notes, *placement.notes),
        streaks=streaks_reached(score.version, placement.tier, score.member.former),
    )


def settle_quotas(rulebook: Rulebook, standings: Sequence[Standing]) -> dict[str, Placement]:
    """名额 (step 12): who changes tier. From the best tier down, for each first the last share, then the limit."""
    settling = _Settling(rulebook, standings)
    for tier in best_first(rulebook):
        for end in ("bottom", "top"):
            for quota in rulebook.quotas:
                if quota.tier == tier.code and quota.end == end:
                    settling.apply(quota, tier)
    return settling.placements


class _Settling:
    def __init__(self, rulebook: Rulebook, standings: Sequence[Standing]) -> None:
        self._ordered = best_first(rulebook)
        self._lower = {tier.code: tier.lower for tier in self._ordered}
        self._standings = [row for row in standings if row.tier is not None]
        self._tiers = {row.member: row.tier or "" for row in self._standings}
        self.placements: dict[str, Placement] = {}

    def apply(self, quota: Quota, tier: Tier) -> None:
        """一个名额: moves whoever it moves."""
        ranked = [row for row in self._standings if quota.ranked == "all" or row.status == "full"]
        allowed = _rounded(len(ranked), quota)
        if quota.end == "top":
            holders = [row for row in ranked if self._tiers[row.member] == tier.code]
            holders.sort(key=lambda row: -row.score)
            below = self._next_below(tier)
            for row in holders[_cut(holders, allowed, above=quota.ties == "above") :]:
                self._move(row, below, quota, len(ranked), allowed)
        else:
            ranked.sort(key=lambda row: row.score)
            for row in ranked[: _cut(ranked, allowed, above=quota.ties == "below")]:
                if self._lower[self._tiers[row.member]] > tier.lower:
                    self._move(row, tier, quota, len(ranked), allowed)

    def _next_below(self, tier: Tier) -> Tier:
        place = self._ordered.index(tier)
        return self._ordered[min(place + 1, len(self._ordered) - 1)]

    def _move(self, row: Standing, to: Tier, quota: Quota, number: int, allowed: int) -> None:
        was = next(tier for tier in self._ordered if tier.code == self._tiers[row.member])
        what = f"{_share_text(quota.share)}，{ROUNDING_NAMES[quota.rounding]}为{allowed}名"
        if quota.end == "top":
            text = "参评{0}名，“{1}”不超过{2}，本人得分排在名额之外，等次改为“{3}”（{4}）"
            note = Note(text, (str(number), was.name, what, to.name, quota.clause))
        else:
            text = "参评{0}名，末位{1}，本人得分在末位之列，等次由“{2}”改为“{3}”（{4}）"
            note = Note(text, (str(number), what, was.name, to.name, quota.clause))
        before = self.placements.get(row.member)
        self._tiers[row.member] = to.code
        self.placements[row.member] = Placement(to.code, (*(before.notes if before else ()), note))


def _share_text(share: tuple[int, int]) -> str:
    """比例写法: ``1/3``; of a hundred ``10%``."""
    return f"{share[0]}%" if share[1] == HUNDRED else f"{share[0]}/{share[1]}"


def _rounded(number: int, quota: Quota) -> int:
    top, bottom = quota.share
    if quota.rounding == "down":
        return number * top // bottom
    if quota.rounding == "up":
        return -(-number * top // bottom)
    return (2 * number * top + bottom) // (2 * bottom)


def _cut(rows: Sequence[Standing], allowed: int, above: bool) -> int:
    """分界: how many from the front are in. Equal scores across the line are all in (``above``), or all out."""
    if not 0 < allowed < len(rows) or rows[allowed - 1].score != rows[allowed].score:
        return min(allowed, len(rows))
    line = rows[allowed].score
    places = [place for place, row in enumerate(rows) if row.score == line]
    return places[-1] + 1 if above else places[0]
