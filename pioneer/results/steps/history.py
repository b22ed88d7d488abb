"""第三步之续：前次的影响 What earlier occurrences change in the value of later ones: the nth time, a cumulative
ladder, a doubled repetition. An entry that holds its value keeps it, and is an earlier occurrence for those after
it. What belongs to one event is one time."""

from pioneer.results.slate import Slate

# `new`, `new_here`: the first occurrence of its event, of all and of those in the cycle. Totals taken over from paper
# are no time of anything.
TURNED = """
SELECT happened.*,
       CASE WHEN happened.carried = 0 AND ROW_NUMBER() OVER (
         PARTITION BY happened.member, happened.place, happened.happening, happened.carried ORDER BY happened.seq
       ) = 1 THEN 1 ELSE 0 END AS new,
       CASE WHEN happened.carried = 0 AND happened.earlier = 0 AND ROW_NUMBER() OVER (
         PARTITION BY happened.member, happened.place, happened.happening, happened.carried, happened.earlier
         ORDER BY happened.seq
       ) = 1 THEN 1 ELSE 0 END AS new_here
FROM (
  SELECT admitted.fact, admitted.member, plans.place, plans.shape, admitted.seq, admitted.day, admitted.plan,
         admitted.fixed, admitted.earlier, admitted.carried, admitted.raw,
         CASE WHEN admitted.event = '' THEN CAST(admitted.fact AS TEXT) ELSE 'event ' || admitted.event END
           AS happening,
         CASE WHEN plans.shape <> 'cumulative' THEN 0 WHEN admitted.fixed = 0 THEN admitted.quantity
              ELSE GREATEST(0, COALESCE(admitted.quantity, 0)) END AS quantity
  FROM admitted JOIN plans ON plans.plan = admitted.plan
  WHERE plans.by_history = 1 AND plans.shape <> '' AND admitted.refused = 0
) AS happened
"""

# `before`: how many other events came earlier in this cycle; `amount`: how much came earlier.
HISTORY = """
SELECT turned.fact, turned.member, turned.place, turned.seq, turned.day, turned.plan, turned.fixed, turned.raw,
       turned.happening, turned.carried, turned.quantity,
       COALESCE(SUM(turned.new_here) OVER passed, 0)
         - CASE WHEN turned.carried = 0 AND turned.earlier = 0 AND turned.new_here = 0 THEN 1 ELSE 0 END AS before,
       CAST(COALESCE(SUM(turned.quantity) OVER passed, 0) AS BIGINT) AS amount
FROM turned
WINDOW passed AS (
  PARTITION BY turned.member, turned.place ORDER BY turned.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
)
"""

# Which time it is: over the cycle, or over so many months back from the event.
TIMES = """
SELECT history.fact,
       CASE WHEN plans.back IS NULL THEN history.before + 1
            ELSE 1 + (SELECT COUNT(DISTINCT former.happening) FROM history AS former
                      WHERE former.member = history.member AND former.place = history.place
                        AND former.seq < history.seq AND former.day > since.since AND former.carried = 0
                        AND former.happening <> history.happening) END AS number
FROM history
JOIN plans ON plans.plan = history.plan
LEFT JOIN since ON since.back = plans.back AND since.day = history.day
WHERE plans.shape = 'nth' AND history.fixed = 0
"""

VALUED = """
SELECT history.fact,
       CASE plans.shape
         WHEN 'cumulative' THEN reached.points - passed.points
         WHEN 'nth' THEN turns.points
         ELSE history.raw END
       * CASE WHEN plans.doubles = 1 AND history.before > 0 THEN 2 ELSE 1 END AS raw
FROM history
JOIN plans ON plans.plan = history.plan
LEFT JOIN times ON times.fact = history.fact
LEFT JOIN turns ON turns.plan = history.plan AND turns.number = LEAST(times.number, plans.times)
LEFT JOIN reaching AS reached ON reached.fact = history.fact AND reached.sooner = 0
LEFT JOIN reaching AS passed ON passed.fact = history.fact AND passed.sooner = 1
WHERE history.fixed = 0
"""

# The step of the ladder that is reached with an occurrence, and the one reached before it (`sooner`).
REACHING = """
SELECT amounts.fact, amounts.sooner,
       COALESCE((SELECT ladder.points FROM ladder WHERE ladder.plan = amounts.plan AND ladder.start <= amounts.amount
                 ORDER BY ladder.start DESC LIMIT 1), 0) AS points
FROM (
  SELECT history.fact, history.plan, 0 AS sooner, history.amount + history.quantity AS amount FROM history
  UNION ALL
  SELECT history.fact, history.plan, 1 AS sooner, history.amount FROM history
) AS amounts
JOIN plans ON plans.plan = amounts.plan
WHERE plans.shape = 'cumulative'
"""

# What happened before the cycle was looked at, and counts for nothing else.
WORTH = """
SELECT admitted.fact, admitted.member, admitted.batch, admitted.seq, admitted.plan, admitted.day, admitted.event,
       admitted.refused, admitted.earlier, admitted.carried, COALESCE(valued.raw, admitted.raw) AS raw
FROM admitted LEFT JOIN valued ON valued.fact = admitted.fact
"""


def look_back(slate: Slate) -> None:
    """前次的影响"""
    slate.make("turned", TURNED)
    slate.make("history", HISTORY, unique="member, place, seq")
    slate.make("times", TIMES, unique="fact")
    slate.make("reaching", REACHING, unique="fact, sooner")
    slate.make("valued", VALUED, unique="fact")
    slate.make("worth", WORTH)
