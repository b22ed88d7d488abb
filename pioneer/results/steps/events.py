"""第四步：一事不重复计分 Of one event the highest positive value counts, and apart from it the largest deduction; a
later posting with a higher value counts the difference, so that nothing posted changes."""

from pioneer.results.slate import Slate

# Within a posting the best of an event: by value, then the rulebook's order, then the order of evaluation.
CANDIDATES = """
SELECT worth.fact, worth.member, worth.event, plans.idx, worth.batch, worth.raw,
       ROW_NUMBER() OVER (
         PARTITION BY worth.member, worth.event, plans.idx, worth.batch
         ORDER BY worth.raw DESC, plans.rank, worth.seq
       ) AS place
FROM worth JOIN plans ON plans.plan = worth.plan
WHERE worth.event <> '' AND worth.refused = 0 AND worth.earlier = 0
  AND plans.shape NOT IN ('', 'cumulative')
"""

# `before`: the best of the postings before this one; NULL in the first.
SETTLED = """
SELECT fact, CASE WHEN place = 1 AND (before IS NULL OR raw > before) THEN raw - COALESCE(before, 0) END AS remains
FROM (
  SELECT fact, place, raw,
         MAX(CASE WHEN place = 1 THEN raw END) OVER (
           PARTITION BY member, event, idx ORDER BY batch, place
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
         ) AS before
  FROM candidates
) AS ranked
"""

# `remains`: what is left of the value, in magnitude. `outdone`: another line of the same event counts instead.
RANKED = """
SELECT worth.fact, worth.member, worth.batch, worth.seq, worth.plan, worth.day, worth.carried, worth.raw,
       CASE WHEN settled.fact IS NOT NULL AND settled.remains IS NULL THEN 1 ELSE 0 END AS outdone,
       CASE WHEN worth.refused = 1 OR worth.earlier = 1 OR (settled.fact IS NOT NULL AND settled.remains IS NULL)
            THEN 1 ELSE 0 END AS refused,
       CASE WHEN worth.refused = 1 OR worth.earlier = 1 THEN 0
            WHEN settled.fact IS NOT NULL THEN COALESCE(settled.remains, 0)
            ELSE worth.raw END AS remains
FROM worth LEFT JOIN settled ON settled.fact = worth.fact
"""


def settle(slate: Slate) -> None:
    """一事不重复计分"""
    slate.make("candidates", CANDIDATES)
    slate.make("settled", SETTLED, unique="fact")
    slate.make("ranked", RANKED, unique="fact")
