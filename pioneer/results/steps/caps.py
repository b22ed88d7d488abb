"""第五步：指标封顶 Each occurrence, in order, counts the least of what is left in all its windows.

Where windows nest, what counts of the first k occurrences in a window is the least of its cap and what its inner
windows count of them. So a window's share of one occurrence is the difference of two running totals, each cut off at
the cap, and the windows follow one another from the day to the cycle, then those of the group. Nothing is lost by
that: once an outer window is full it stays full, so it is all the same what its inner ones still have room for.
Running totals are only taken of those who have more than some window holds; everybody else's occurrences count in
full. A total taken over from paper (`carried`) is held to the caps of the whole cycle and uses up no other.

Where caps cross (see caps_plan.py) every occurrence is given what is left when all those before it count as they did in
the round before, until a round changes nothing. The first occurrence is right after one round, the second after two;
so it ends, and at the end it is what going through them one by one gives.
"""

from collections.abc import Iterable

from pioneer.results.caps_plan import CapShape
from pioneer.results.slate import Slate
from pioneer.scoring.model import WINDOWS

Pass = tuple[str, int]  # the column of a cap, and its window
KEYS = ("day", "week", "month", "quarter", "")  # by window; the cycle is all of them
CYCLE = len(KEYS) - 1

# ------------------------------------------------------------------ windows that nest

AMOUNTS = """
SELECT ranked.member, plans.code, nested.team, ranked.carried{keys},
       CAST(SUM(ranked.remains) AS BIGINT) AS amount{caps}
FROM ranked
JOIN plans ON plans.plan = ranked.plan
JOIN nested ON nested.plan = ranked.plan
JOIN days ON days.day = ranked.day
WHERE ranked.remains > 0
GROUP BY ranked.member, plans.code, nested.team, ranked.carried{keys}
"""

CROWDED = """
SELECT amounts.member, amounts.{whose} AS whose FROM amounts WHERE amounts.{cap} IS NOT NULL
GROUP BY amounts.member, amounts.{whose}{key} HAVING SUM(amounts.amount) > MAX(amounts.{cap})
"""

NESTING = """
SELECT ranked.fact, ranked.member, ranked.seq, ranked.carried, plans.code, nested.team{keys}, ranked.remains{caps}
FROM ranked
JOIN plans ON plans.plan = ranked.plan
JOIN nested ON nested.plan = ranked.plan
JOIN days ON days.day = ranked.day
WHERE ranked.remains > 0
  AND EXISTS (SELECT 1 FROM crowded WHERE crowded.member = ranked.member AND crowded.whose IN (plans.code, nested.team))
"""

RUNNING = """
SELECT {before}.*, CAST(SUM({inner}) OVER (
         PARTITION BY member, {whose}{key} ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
       ) AS BIGINT) AS sum_{cap}
FROM {before}
"""

LEFT = """
SELECT {running}.*, CASE WHEN {cap} IS NULL THEN {inner}
                         ELSE LEAST({cap}, sum_{cap}) - LEAST({cap}, sum_{cap} - {inner}) END AS after_{cap}
FROM {running}
"""

# ------------------------------------------------------------------ windows that cross

OVERLAPPING = """
SELECT ranked.fact, ranked.member, ranked.seq, crossing.tangle, crossing.bucket, crossing.cap, crossing.span,
       CASE crossing.span WHEN 0 THEN days.day WHEN 1 THEN days.week WHEN 2 THEN days.month
                          WHEN 3 THEN days.quarter ELSE 0 END AS span_key,
       ranked.remains
FROM ranked
JOIN crossing ON crossing.plan = ranked.plan
JOIN days ON days.day = ranked.day
WHERE ranked.remains > 0 AND (ranked.carried = 0 OR crossing.span = 4)
"""

# Only of those who have more than one of the windows holds, with all that shares a cap with it.
TIGHT = """
SELECT DISTINCT member, tangle FROM (
  SELECT member, tangle FROM overlapping
  GROUP BY member, tangle, bucket, span_key HAVING SUM(remains) > MIN(cap)
) AS full_ones
"""
CROSSED = """
SELECT overlapping.* FROM overlapping
WHERE EXISTS (SELECT 1 FROM tight WHERE tight.member = overlapping.member AND tight.tangle = overlapping.tangle)
"""

ROUND = """
SELECT taking.fact, GREATEST(0, LEAST(MIN(taking.remains), MIN(taking.cap - taking.taken))) AS counted
FROM (
  SELECT crossed.fact, crossed.remains, crossed.cap,
         CAST(COALESCE(SUM(guess.counted) OVER (
           PARTITION BY crossed.member, crossed.bucket, crossed.span_key ORDER BY crossed.seq
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
         ), 0) AS BIGINT) AS taken
  FROM crossed JOIN guess ON guess.fact = crossed.fact
) AS taking
GROUP BY taking.fact
"""

# ------------------------------------------------------------------ both

LINES = """
SELECT ranked.fact, ranked.member, ranked.plan, days.month, ranked.raw, ranked.refused, ranked.outdone, ranked.remains,
       COALESCE(nesting.counted, guess.counted, ranked.remains) AS counted
FROM ranked
LEFT JOIN days ON days.day = ranked.day
LEFT JOIN nesting ON nesting.fact = ranked.fact
LEFT JOIN guess ON guess.fact = ranked.fact
"""


def cap_indicators(slate: Slate, shape: CapShape) -> None:
    """指标封顶"""
    _nest(slate, passes(shape))
    _cross(slate)
    slate.make("lines", LINES)


def passes(shape: CapShape) -> list[Pass]:
    """次序 The nested windows in the order in which they are counted."""
    own = [(f"own_{WINDOWS[window]}", window) for window in shape.own]
    return own + [(f"shared_{WINDOWS[window]}", window) for window in shape.shared]


def _nest(slate: Slate, order: list[Pass]) -> None:
    """`nesting`: what each window leaves (`after_…`), and what counts in the end."""
    if not order:
        slate.make("nesting", "SELECT fact, remains, remains AS counted FROM ranked WHERE 1 = 0")
        return
    keys = [KEYS[window] for window in sorted({window for _, window in order}) if KEYS[window]]
    days, caps = _listed("days", keys), [cap for cap, _ in order]
    highest = "".join(f", MAX({_holding(*one)}) AS {one[0]}" for one in order)
    holding = "".join(f", {_holding(*one)} AS {one[0]}" for one in order)
    slate.make("amounts", AMOUNTS.format(keys=days, caps=highest))
    parts = " UNION ALL ".join(_crowd(*one) for one in order)
    slate.make("crowded", f"SELECT DISTINCT member, whose FROM ({parts}) AS parts", unique="member, whose")
    chain = [f"step_0 AS ({NESTING.format(keys=days, caps=holding)})"]
    inner = "remains"
    for number, (cap, window) in enumerate(order, start=1):
        key = "" if window == CYCLE else ", carried" + _listed("", KEYS[window : window + 1])
        words = {"inner": inner, "cap": cap, "whose": _whose(cap), "key": key}
        chain.append(f"sum_{number} AS ({RUNNING.format(before=f'step_{number - 1}', **words)})")
        chain.append(f"step_{number} AS ({LEFT.format(running=f'sum_{number}', **words)})")
        inner = f"after_{cap}"
    kept = "".join(f", after_{cap}" for cap in caps)
    last = f"SELECT fact, remains{kept}, {inner} AS counted FROM step_{len(order)}"
    slate.make("nesting", f"WITH {', '.join(chain)} {last}", unique="fact")


def _crowd(cap: str, window: int) -> str:
    return CROWDED.format(cap=cap, whose=_whose(cap), key=_listed("amounts", KEYS[window : window + 1]))


def _holding(cap: str, window: int) -> str:
    return f"nested.{cap}" if window == CYCLE else f"CASE WHEN ranked.carried = 0 THEN nested.{cap} END"


def _whose(cap: str) -> str:
    return "code" if cap.startswith("own") else "team"


def _listed(table: str, columns: Iterable[str]) -> str:
    dot = f"{table}." if table else ""
    return "".join(f", {dot}{column}" for column in columns if column)


def _cross(slate: Slate) -> None:
    """`guess`: what counts, round by round. An occurrence depends on earlier ones only, so the rounds are no more than
    the occurrences of one member."""
    slate.make("overlapping", OVERLAPPING)
    slate.make("tight", TIGHT, unique="member, tangle")
    slate.make("crossed", CROSSED)
    slate.make("guess", "SELECT DISTINCT fact, remains AS counted FROM crossed", unique="fact")
    most = slate.number("SELECT MAX(number) FROM (SELECT COUNT(*) AS number FROM crossed GROUP BY member) AS counts")
    for _ in range(most + 1):
        slate.make("following", ROUND, unique="fact")
        moved = slate.number(
            "SELECT COUNT(*) FROM following JOIN guess ON guess.fact = following.fact "
            "WHERE following.counted <> guess.counted"
        )
        slate.make("guess", "SELECT fact, counted FROM following", unique="fact")
        if not moved:
            break
