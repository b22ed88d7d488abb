"""第二步：不予计分 After a zeroing, and additions whose event was declared void. What lacks its record, decision, words
or document was refused when the occurrence was valued."""

from pioneer.results.slate import Slate

ZEROINGS = """
SELECT facts.member, MIN(facts.effective) AS day
FROM facts JOIN plans ON plans.plan = facts.plan
WHERE plans.idx = 'zeroing'
GROUP BY facts.member
"""

# What happened later than the earliest zeroing's document is refused.
ADMITTED = """
SELECT facts.fact, facts.member, facts.batch, facts.seq, facts.plan, facts.day, facts.event, facts.raw, facts.fixed,
       facts.earlier, facts.carried, facts.quantity,
       CASE WHEN facts.refused = 0 AND plans.idx <> 'zeroing' AND facts.day > zeroings.day THEN 1
            ELSE facts.refused END AS refused
FROM facts
JOIN plans ON plans.plan = facts.plan
LEFT JOIN zeroings ON zeroings.member = facts.member
"""

# Since which posting an event is void, for everybody.
VOIDS = """
SELECT admitted.event, MIN(admitted.batch) AS batch
FROM admitted JOIN plans ON plans.plan = admitted.plan
WHERE plans.voids = 'event' AND admitted.event <> '' AND admitted.refused = 0 AND admitted.earlier = 0
GROUP BY admitted.event
"""

# What was posted before the event was declared void stays.
REFUSE_VOID = """
UPDATE admitted SET refused = 1
WHERE refused = 0
  AND plan IN (SELECT plan FROM plans WHERE idx = 'positive')
  AND EXISTS (
    SELECT 1 FROM voids
    WHERE voids.event = admitted.event AND voids.batch <= admitted.batch
  )
"""


def refuse(slate: Slate, has_voids: bool) -> None:
    """不予计分"""
    slate.make("zeroings", ZEROINGS, unique="member")
    slate.make("admitted", ADMITTED)
    if has_voids:
        slate.make("voids", VOIDS, unique="event")
        slate.run(REFUSE_VOID)
