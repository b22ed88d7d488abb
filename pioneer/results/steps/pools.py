"""第六步：分池 Each deduct-only allotment gives back what was deducted below its floor, per period. The version of the
member's first day says which pools there are."""

from pioneer.results.slate import Slate

# What counted, by month; everything below is looked at by month, quarter or cycle as a rule asks.
SUMS = """
SELECT lines.member, lines.month, plans.idx, plans.aspect, plans.pool, CAST(SUM(lines.counted) AS BIGINT) AS counted
FROM lines JOIN plans ON plans.plan = lines.plan
WHERE lines.counted > 0
GROUP BY lines.member, lines.month, plans.idx, plans.aspect, plans.pool
"""

FORGIVEN = """
SELECT taken.member, taken.pool, taken.place, taken.begins, taken.deducted,
       GREATEST(0, taken.deducted - taken.room) AS forgiven
FROM (
  SELECT sums.member, pools.pool, pools.room, spans.place, spans.begins,
         CAST(SUM(sums.counted) AS BIGINT) AS deducted
  FROM sums
  JOIN people ON people.member = sums.member
  JOIN pools ON pools.version = people.opening AND pools.pool = sums.pool
  JOIN spans ON spans.period = pools.period AND spans.month = sums.month
  WHERE sums.idx = 'reverse'
  GROUP BY sums.member, pools.pool, pools.room, spans.place, spans.begins
) AS taken
"""


def forgive(slate: Slate) -> None:
    """分池"""
    slate.make("sums", SUMS)
    slate.make("forgiven", FORGIVEN, unique="member, pool, place")
