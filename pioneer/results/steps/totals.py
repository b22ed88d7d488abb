"""第七步：方面与合计 Aspect caps, the cap on all additions, the cap on all deductions; then the periods of the
result, each within its floor and ceiling, added or averaged; then the coefficient. The version of the cycle's last
day says how."""

from pioneer.results.slate import Slate

# Deductions that are left: what the pools gave back is off, then the cap.
REVERSED = """
SELECT amounts.member, amounts.month, amounts.amount,
       CASE WHEN closing.reverse_cap IS NULL THEN amounts.amount
            ELSE LEAST(amounts.amount, closing.reverse_cap) END AS counted
FROM (
  SELECT parts.member, parts.begins AS month, CAST(SUM(parts.amount) AS BIGINT) AS amount
  FROM (
    SELECT sums.member, spans.begins, sums.counted AS amount
    FROM sums CROSS JOIN closing
    JOIN spans ON spans.period = closing.reverse_period AND spans.month = sums.month
    WHERE sums.idx = 'reverse'
    UNION ALL
    SELECT forgiven.member, spans.begins, -forgiven.forgiven
    FROM forgiven CROSS JOIN closing
    JOIN spans ON spans.period = closing.reverse_period AND spans.month = forgiven.begins
    WHERE forgiven.forgiven > 0
  ) AS parts
  GROUP BY parts.member, parts.begins
) AS amounts
CROSS JOIN closing
"""

# Additions by aspect, within its cap; deductions make room under it where the rules say so.
ASPECTED = """
SELECT added.member, added.aspect, added.begins AS month, added.amount,
       CASE WHEN added.cap IS NULL THEN added.amount
            ELSE LEAST(added.amount, added.cap + added.net * added.deducted) END AS counted
FROM (
  SELECT sums.member, aspects.aspect, aspects.cap, aspects.net, spans.begins,
         CAST(SUM(CASE WHEN sums.idx = 'reverse' THEN 0 ELSE sums.counted END) AS BIGINT) AS amount,
         CAST(SUM(CASE WHEN sums.idx = 'reverse' THEN sums.counted ELSE 0 END) AS BIGINT) AS deducted
  FROM sums
  JOIN aspects ON aspects.aspect = sums.aspect
  JOIN spans ON spans.period = aspects.period AND spans.month = sums.month
  GROUP BY sums.member, aspects.aspect, aspects.cap, aspects.net, spans.begins
) AS added
"""

# All additions, within the cap on all of them. An aspect the last day's version doesn't know has no cap.
ADDED = """
SELECT amounts.member, amounts.month, amounts.amount,
       CASE WHEN closing.positive_cap IS NULL THEN amounts.amount
            ELSE LEAST(amounts.amount, GREATEST(0, closing.positive_cap + closing.positive_net * amounts.deducted)) END
         AS counted
FROM (
  SELECT parts.member, spans.begins AS month, CAST(SUM(parts.amount) AS BIGINT) AS amount,
         CAST(SUM(parts.deducted) AS BIGINT) AS deducted
  FROM (
    SELECT aspected.member, aspected.month, aspected.counted AS amount, 0 AS deducted FROM aspected
    UNION ALL
    SELECT sums.member, sums.month, sums.counted, 0 FROM sums
    WHERE sums.idx <> 'reverse' AND sums.aspect NOT IN (SELECT aspect FROM aspects)
    UNION ALL
    SELECT sums.member, sums.month, 0, sums.counted FROM sums WHERE sums.idx = 'reverse'
  ) AS parts
  CROSS JOIN closing
  JOIN spans ON spans.period = closing.positive_period AND spans.month = parts.month
  GROUP BY parts.member, spans.begins
) AS amounts
CROSS JOIN closing
"""

# What is allotted to those who go the long way; what is inherited belongs to the first period.
OPENED = """
SELECT people.member, places.place,
       COALESCE(named.points, plain.points)
         + CASE WHEN places.place = 0 AND inheriting.share <> 0
                THEN CASE WHEN people.previous IS NULL THEN inheriting.without
                          WHEN people.previous < 0 THEN -((-people.previous * inheriting.share + 50) / 100)
                          ELSE (people.previous * inheriting.share + 50) / 100 END
                ELSE 0 END AS points
FROM apart
JOIN people ON people.member = apart.member
CROSS JOIN places
JOIN openings AS plain ON plain.version = people.opening AND plain.track = '' AND plain.place = places.place
LEFT JOIN openings AS named
  ON named.version = people.opening AND named.track = people.first_track AND named.place = places.place
JOIN inheriting ON inheriting.version = people.opening
WHERE apart.sharing = 0
"""

PERIODS = """
SELECT parts.member, parts.place, parts.basic, parts.positive, parts.reverse,
       CASE WHEN parts.basic + parts.positive - parts.reverse < closing.period_floor THEN closing.period_floor
            WHEN parts.basic + parts.positive - parts.reverse > closing.period_ceiling THEN closing.period_ceiling
            ELSE parts.basic + parts.positive - parts.reverse END AS points,
       CASE WHEN closing.method <> 'mean' OR parts.held > 0 OR people.joined IS NULL
                 OR places.last_day >= people.joined THEN 1 ELSE 0 END AS counts
FROM (
  SELECT amounts.member, amounts.place, CAST(SUM(amounts.basic) AS BIGINT) AS basic,
         CAST(SUM(amounts.positive) AS BIGINT) AS positive, CAST(SUM(amounts.reverse) AS BIGINT) AS reverse,
         SUM(amounts.held) AS held
  FROM (
    SELECT opened.member, opened.place, opened.points AS basic, 0 AS positive, 0 AS reverse, 0 AS held FROM opened
    UNION ALL
    SELECT added.member, spans.place, 0, added.counted, 0, 0
    FROM added CROSS JOIN closing
    JOIN spans ON spans.period = closing.result_period AND spans.month = added.month
    UNION ALL
    SELECT reversed.member, spans.place, 0, 0, reversed.counted, 0
    FROM reversed CROSS JOIN closing
    JOIN spans ON spans.period = closing.result_period AND spans.month = reversed.month
    UNION ALL
    SELECT sums.member, spans.place, 0, 0, 0, 1
    FROM sums CROSS JOIN closing
    JOIN spans ON spans.period = closing.result_period AND spans.month = sums.month
  ) AS amounts
  GROUP BY amounts.member, amounts.place
) AS parts
JOIN people ON people.member = parts.member
JOIN places ON places.place = parts.place
CROSS JOIN closing
"""

# Added or averaged over the periods that count, then times the coefficient; both rounded half up, away from zero.
OWN = """
SELECT totals.member, totals.unit, totals.status, totals.joined, totals.basic, totals.positive, totals.own,
       CASE WHEN totals.own * totals.coefficient < 0 THEN -((-totals.own * totals.coefficient + 50) / 100)
            ELSE (totals.own * totals.coefficient + 50) / 100 END AS points
FROM (
  SELECT amounts.member, people.unit, people.status, people.joined, amounts.basic, amounts.positive,
         COALESCE(coefficients.coefficient, closing.coefficient) AS coefficient,
         CASE WHEN closing.method <> 'mean' THEN amounts.points
              WHEN amounts.number = 0 THEN 0
              WHEN amounts.points < 0 THEN -((2 * -amounts.points + amounts.number) / (2 * amounts.number))
              ELSE (2 * amounts.points + amounts.number) / (2 * amounts.number) END AS own
  FROM (
    SELECT periods.member, CAST(SUM(periods.counts) AS BIGINT) AS number,
           CAST(SUM(periods.counts * periods.basic) AS BIGINT) AS basic,
           CAST(SUM(periods.counts * periods.positive) AS BIGINT) AS positive,
           CAST(SUM(periods.counts * CASE
             WHEN closing.method = 'total' THEN periods.basic + periods.positive - periods.reverse
             ELSE periods.points END) AS BIGINT) AS points
    FROM periods CROSS JOIN closing
    GROUP BY periods.member
  ) AS amounts
  JOIN people ON people.member = amounts.member
  LEFT JOIN coefficients ON coefficients.track = people.last_track
  CROSS JOIN closing
) AS totals
"""


def add_up(slate: Slate) -> None:
    """方面与合计"""
    slate.make("reversed", REVERSED, unique="member, month")
    slate.make("aspected", ASPECTED)
    slate.make("added", ADDED, unique="member, month")
    slate.make("opened", OPENED, unique="member, place")
    slate.make("periods", PERIODS, unique="member, place")
    slate.make("own", OWN, unique="member")
