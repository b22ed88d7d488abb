"""第九、十步：最低最高分与清零 Floor and ceiling once, on the cycle's total; who was zeroed has 0."""

from pioneer.results.slate import Slate

SCORED = """
SELECT totals.member, totals.unit, totals.status, totals.joined, totals.basic, totals.positive, totals.reverse,
       totals.outside, totals.missing, totals.total, totals.zeroed,
       CASE WHEN totals.zeroed = 1 THEN 0
            WHEN closing.floor IS NOT NULL AND totals.total < closing.floor THEN closing.floor
            WHEN closing.ceiling IS NOT NULL AND totals.total > closing.ceiling THEN closing.ceiling
            ELSE totals.total END AS score
FROM (
  SELECT owned.member, owned.unit, owned.status, owned.joined, owned.basic, owned.positive, owned.reverse,
         COALESCE(marked.points, 0) AS outside, COALESCE(marked.missing, 0) AS missing,
         owned.points + COALESCE(marked.points, 0) AS total,
         CASE WHEN zeroings.member IS NULL THEN 0 ELSE 1 END AS zeroed
  FROM (
    SELECT own.member, own.unit, own.status, own.joined, own.basic, own.positive,
           COALESCE(deducted.points, 0) AS reverse, own.points
    FROM own
    LEFT JOIN (
      SELECT sums.member, CAST(-SUM(sums.counted) AS BIGINT) AS points FROM sums WHERE sums.idx = 'reverse'
      GROUP BY sums.member
    ) AS deducted ON deducted.member = own.member
    UNION ALL
    SELECT short.member, short.unit, short.status, short.joined, short.basic, short.positive, short.reverse,
           short.points
    FROM short
  ) AS owned
  LEFT JOIN (
    SELECT outside.member, CAST(SUM(outside.points) AS BIGINT) AS points, MAX(outside.missing) AS missing
    FROM outside GROUP BY outside.member
  ) AS marked ON marked.member = owned.member
  LEFT JOIN zeroings ON zeroings.member = owned.member
) AS totals
CROSS JOIN closing
"""


def limit(slate: Slate) -> None:
    """最低最高分与清零"""
    slate.make("scored", SCORED)
