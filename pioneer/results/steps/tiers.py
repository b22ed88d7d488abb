"""第十一步：等次 By the score, then what gives a tier (of several the lowest), then what limits it. Tiers are
numbered from the best, 0, downwards. NULL is no tier."""

from pioneer.results.slate import Slate

ALARMED = """
SELECT scored.member, alarms.alarm, alarms.at_most
FROM scored
CROSS JOIN alarms
LEFT JOIN (
  SELECT deducted.member, deducted.alarm, MAX(deducted.points) AS points
  FROM (
    SELECT sums.member, alarms.alarm, spans.place, CAST(SUM(sums.counted) AS BIGINT) AS points
    FROM (
      SELECT sums.member, sums.month, sums.counted FROM sums WHERE sums.idx = 'reverse'
      UNION ALL
      SELECT short.member, 0 AS month, -short.reverse AS counted FROM short
    ) AS sums
    CROSS JOIN alarms
    JOIN spans ON spans.period = alarms.period AND spans.month = sums.month
    WHERE alarms.below IS NULL
    GROUP BY sums.member, alarms.alarm, spans.place
  ) AS deducted
  GROUP BY deducted.member, deducted.alarm
) AS worst ON worst.member = scored.member AND worst.alarm = alarms.alarm
WHERE (alarms.below IS NOT NULL AND scored.score < alarms.below)
   OR (alarms.below IS NULL AND COALESCE(worst.points, 0) >= alarms.deductions)
"""

CIRCUMSTANCES = """
SELECT found.member, MAX(found.direct) AS direct, MAX(found.at_most) AS at_most
FROM (
  SELECT lines.member, plans.direct, plans.at_most
  FROM lines JOIN plans ON plans.plan = lines.plan
  WHERE (lines.refused = 0 OR lines.outdone = 1) AND (plans.direct IS NOT NULL OR plans.at_most IS NOT NULL)
  UNION ALL
  SELECT alarmed.member, CAST(NULL AS INT), alarmed.at_most FROM alarmed WHERE alarmed.at_most IS NOT NULL
) AS found
GROUP BY found.member
"""

TIERED = """
SELECT scored.member, scored.basic, scored.positive, scored.reverse, scored.outside, scored.zeroed, scored.score,
       scored.unit, CASE WHEN scored.status = 'full' THEN 1 ELSE 0 END AS is_full,
       CASE WHEN untiered.status IS NOT NULL THEN NULL
            WHEN scored.joined >= closing.tier_from THEN NULL
            WHEN scored.zeroed = 1 THEN closing.lowest
            WHEN scored.missing = 1 THEN NULL
            ELSE GREATEST(COALESCE(circumstances.direct,
                                   COALESCE(reached.tier, closing.lowest)),
                          COALESCE(circumstances.at_most, 0)) END AS tier
FROM scored
LEFT JOIN untiered ON untiered.status = scored.status
LEFT JOIN circumstances ON circumstances.member = scored.member
LEFT JOIN tiers AS reached
  ON scored.score >= reached.lower AND (reached.upper IS NULL OR scored.score < reached.upper)
CROSS JOIN closing
"""


def give(slate: Slate) -> None:
    """等次"""
    slate.make("alarmed", ALARMED, unique="member, alarm")
    slate.make("circumstances", CIRCUMSTANCES, unique="member")
