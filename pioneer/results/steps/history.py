"""第三步之续：前次的影响 What earlier occurrences change in the value of later ones: the nth time, a cumulative
ladder, a doubled repetition. An entry that holds its value keeps it, and is an earlier occurrence for those after
it."""

from pioneer.results.slate import Slate

# `before`: how many came earlier, how many of them in this cycle, and how much they amount to.
HISTORY = """
SELECT worth.fact, worth.member, plans.place, worth.seq, worth.day, worth.plan, worth.fixed, worth.quantity,
       worth.raw, worth.remains,
       COUNT(*) OVER passed AS before, COALESCE(SUM(1 - worth.earlier) OVER passed, 0) AS in_cycle,
       CAST(COALESCE(SUM(CASE WHEN plans.shape = 'cumulative' THEN worth.quantity ELSE 0 END) OVER passed, 0) AS BIGINT)
         AS amount
FROM worth JOIN plans ON plans.plan = worth.plan
WHERE plans.by_history = 1 AND plans.shape <> '' AND worth.refused = 0
WINDOW passed AS (
  PARTITION BY worth.member, plans.place ORDER BY worth.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
)
"""

# Which time it is: over the cycle, or over so many months back from the event.
TIMES = """
SELECT history.fact,
       CASE WHEN plans.back IS NULL THEN history.before + 1
            ELSE 1 + (SELECT COUNT(*) FROM history AS former
                      WHERE former.member = history.member AND former.place = history.place
                        AND former.seq < history.seq AND former.day > since.since) END AS number
FROM history
JOIN plans ON plans.plan = history.plan
LEFT JOIN since ON since.back = plans.back AND since.day = history.day
WHERE plans.shape = 'nth' AND history.fixed = 0
"""

# The value by its history. What the one-event rule took off a turn's value stays off.
VALUED = """
SELECT valued.fact,
       valued.raw * valued.times AS raw,
       valued.remains * valued.times AS remains
FROM (
  SELECT history.fact,
         CASE WHEN plans.doubles = 1 AND history.in_cycle > 0 THEN 2 ELSE 1 END AS times,
         CASE plans.shape
           WHEN 'cumulative' THEN reached.points - passed.points
           WHEN 'nth' THEN turns.points
           ELSE history.raw END AS raw,
         CASE plans.shape
           WHEN 'cumulative' THEN reached.points - passed.points
           WHEN 'nth' THEN GREATEST(0, turns.points - (history.raw - history.remains))
           ELSE history.remains END AS remains
  FROM history
  JOIN plans ON plans.plan = history.plan
  LEFT JOIN times ON times.fact = history.fact
  LEFT JOIN turns ON turns.plan = history.plan AND turns.number = LEAST(times.number, plans.times)
  LEFT JOIN reaching AS reached ON reached.fact = history.fact AND reached.sooner = 0
  LEFT JOIN reaching AS passed ON passed.fact = history.fact AND passed.sooner = 1
  WHERE history.fixed = 0
) AS valued
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
RANKED = """
SELECT worth.fact, worth.member, worth.batch, worth.seq, worth.plan, worth.day,
       COALESCE(valued.raw, worth.raw) AS raw,
       CASE WHEN worth.earlier = 1 THEN 0 ELSE COALESCE(valued.remains, worth.remains) END AS remains,
       CASE WHEN worth.earlier = 1 THEN 1 ELSE worth.refused END AS refused
FROM worth LEFT JOIN valued ON valued.fact = worth.fact
"""


def look_back(slate: Slate) -> None:
    """前次的影响"""
    slate.make("history", HISTORY, unique="member, place, seq")
    slate.make("times", TIMES, unique="fact")
    slate.make("reaching", REACHING, unique="fact, sooner")
    slate.make("valued", VALUED, unique="fact")
    slate.make("ranked", RANKED, unique="fact")
