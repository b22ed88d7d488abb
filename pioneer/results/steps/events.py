"""第四步：一事不重复计分 Of one event the highest positive value counts, and apart from it the largest deduction; a
later posting with a higher value counts the difference, so that nothing posted changes."""

from pioneer.results.slate import Slate

# Within a posting the best of an event: by value, then the rulebook's order, then the order of evaluation.
CANDIDATES = """
SELECT admitted.fact, admitted.member, admitted.event, plans.idx, admitted.batch, admitted.raw,
       ROW_NUMBER() OVER (
         PARTITION BY admitted.member, admitted.event, plans.idx, admitted.batch
         ORDER BY admitted.raw DESC, plans.rank, admitted.seq
       ) AS place
FROM admitted JOIN plans ON plans.plan = admitted.plan
WHERE admitted.event <> '' AND admitted.refused = 0 AND admitted.earlier = 0
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

# `remains`: what is left of the value, in magnitude.
WORTH = """
SELECT admitted.fact, admitted.member, admitted.batch, admitted.seq, admitted.plan, admitted.day, admitted.raw,
       admitted.fixed, admitted.earlier, admitted.quantity,
       CASE WHEN admitted.refused = 1 OR (settled.fact IS NOT NULL AND settled.remains IS NULL) THEN 1 ELSE 0 END
         AS refused,
       CASE WHEN admitted.refused = 1 THEN 0
            WHEN settled.fact IS NOT NULL THEN COALESCE(settled.remains, 0)
            ELSE admitted.raw END AS remains
FROM admitted LEFT JOIN settled ON settled.fact = admitted.fact
"""


def settle(slate: Slate) -> None:
    """一事不重复计分"""
    slate.make("candidates", CANDIDATES)
    slate.make("settled", SETTLED, unique="fact")
    slate.make("worth", WORTH)
