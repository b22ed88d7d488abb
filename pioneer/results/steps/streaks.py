"""第十三步：连续等次 Which streaks a member's tier makes with those of the cycles before. `formers` holds them by how
many cycles back, each by the lower bound of its tier; a cycle without tier has no row and breaks a streak."""

from pioneer.results.slate import Row, Slate
from pioneer.scoring import Member as Scored
from pioneer.scoring import Rulebook
from pioneer.scoring.tiers import lower_bound

FORMERS = "member BIGINT, back INT, lower BIGINT"

# Within the line of a streak: at or below its upper bound, or at or above its lower one.
WITHIN = (
    "((streaks.most IS NOT NULL AND {lower} <= streaks.most) OR (streaks.most IS NULL AND {lower} >= streaks.least))"
)

UNBROKEN = f"""
SELECT placed.member, streaks.streak
FROM placed
JOIN tiers ON tiers.tier = placed.tier
CROSS JOIN streaks
LEFT JOIN (
  SELECT formers.member, streaks.streak, COUNT(*) AS number
  FROM formers CROSS JOIN streaks
  WHERE formers.back < streaks.cycles AND {WITHIN.format(lower="formers.lower")}
  GROUP BY formers.member, streaks.streak
) AS held ON held.member = placed.member AND held.streak = streaks.streak
WHERE {WITHIN.format(lower="tiers.lower")} AND COALESCE(held.number, 0) = streaks.cycles - 1
"""


def rows_of(number: int, member: Scored, rulebook: Rulebook) -> list[Row]:
    """以往等次 Rows of `formers` for one member, as the rulebook of the last day knows the tiers."""
    found: list[Row] = []
    for back, tier in enumerate(member.former, start=1):
        lower = lower_bound(rulebook, tier)
        if lower is not None:
            found.append((number, back, lower))
    return found


def find(slate: Slate) -> None:
    """连续等次 `formers` is on the slate."""
    slate.make("unbroken", UNBROKEN, unique="member, streak")
