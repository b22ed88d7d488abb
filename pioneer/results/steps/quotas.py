"""第十二步：名额 Within each settling organisation (`people.unit`): at most a share holds a tier, or the last share
falls to one. One statement per quota, from the best tier down, for each first the last share, then the limit."""

from pioneer.results.slate import Slate
from pioneer.results.steps.tiers import TIERED
from pioneer.scoring import Rulebook
from pioneer.scoring.model import Quota
from pioneer.scoring.tiers import best_first

PLACED = f"""
SELECT tiered.*, tiered.tier AS earned
FROM ({TIERED}) AS tiered
"""

# How many the share is of, and how many places that makes.
ALLOWED = """
SELECT placed.unit, COUNT(*) AS number, {rounded} AS places
FROM placed WHERE placed.tier IS NOT NULL AND placed.is_full >= {full}
GROUP BY placed.unit
"""
ROUNDED = {
    "down": "(COUNT(*) * {top}) / {bottom}",
    "up": "(COUNT(*) * {top} + {bottom} - 1) / {bottom}",
    "half_up": "(2 * COUNT(*) * {top} + {bottom}) / (2 * {bottom})",
}

# `ahead` stand before a member in the ranking, `level` of them including those equal to it.
RANKING = """
SELECT placed.member, placed.unit, placed.tier,
       RANK() OVER (PARTITION BY placed.unit ORDER BY placed.score {way}) - 1 AS ahead,
       COUNT(*) OVER (PARTITION BY placed.unit ORDER BY placed.score {way}) AS level
FROM placed WHERE placed.tier IS NOT NULL AND placed.is_full >= {full} {held}
"""

MOVE = """
UPDATE placed SET tier = {to}
WHERE member IN (
  SELECT ranking.member FROM ranking JOIN allowed ON allowed.unit = ranking.unit WHERE {moves}
)
"""


def settle(slate: Slate, rulebook: Rulebook) -> None:
    """名额"""
    slate.make("placed", PLACED, unique="member")
    for place, tier in enumerate(best_first(rulebook)):
        for end in ("bottom", "top"):
            for quota in rulebook.quotas:
                if quota.tier == tier.code and quota.end == end:
                    _apply(slate, quota, place, len(rulebook.tiers) - 1)


def _apply(slate: Slate, quota: Quota, place: int, lowest: int) -> None:
    """Equal scores across the line fall together or stay together, as the quota says."""
    full = int(quota.ranked == "full")
    top, bottom = quota.share
    rounded = ROUNDED[quota.rounding].format(top=top, bottom=bottom)
    slate.make("allowed", ALLOWED.format(rounded=rounded, full=full), unique="unit")
    if quota.end == "top":
        held, way, to = f"AND placed.tier = {place}", "DESC", min(place + 1, lowest)
        stays = "ranking.ahead < allowed.places" if quota.ties == "above" else "ranking.level <= allowed.places"
        moves = f"NOT ({stays})"
    else:
        held, way, to = "", "ASC", place
        falls = "ranking.ahead < allowed.places" if quota.ties == "below" else "ranking.level <= allowed.places"
        moves = f"{falls} AND ranking.tier < {place}"
    slate.make("ranking", RANKING.format(way=way, full=full, held=held), unique="member")
    slate.run(MOVE.format(to=to, moves=moves))
