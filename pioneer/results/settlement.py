"""评定 All members on the slate through the steps of the order of evaluation, one statement or a few per step.

What goes in: `people`, `given`, `marks`, `formers`, and the rules; `short`, those who were added up without looking at
their entries one by one, and `apart`, the others (short_way.py). What comes out: `lines` (what each occurrence counts),
`scored`, `placed` and `unbroken` (score, tier and streaks of each member), and the tables of the steps in between, from
which the pages tell what bit whom. `tests/results` hold all of it to the engine, member by member.
"""

from pioneer.results import short_way
from pioneer.results.rules import Rules
from pioneer.results.slate import Slate
from pioneer.results.steps import (
    caps,
    events,
    history,
    outside,
    pools,
    quotas,
    refusals,
    scores,
    streaks,
    tiers,
    totals,
)

PEOPLE = (
    "member BIGINT, unit BIGINT, status TEXT, joined INT, opening INT, first_track TEXT, last_track TEXT, "
    "previous BIGINT"
)
FACTS = (
    "fact BIGINT, member BIGINT, line BIGINT, batch BIGINT, plan INT, day INT, effective INT, event TEXT, raw BIGINT, "
    "refused INT, fixed INT, earlier INT, carried INT, quantity BIGINT"
)
MARKS = "member BIGINT, component TEXT, day INT, line BIGINT, value BIGINT"

# In order of posting; what is not posted comes after all that is; by event date, then line.
ORDERED = """
SELECT given.fact, given.member, given.batch, given.plan, given.day, given.effective, given.event, given.raw,
       given.refused, given.fixed, given.earlier, given.carried, given.quantity,
       ROW_NUMBER() OVER (PARTITION BY given.member ORDER BY given.batch, given.day, given.line) AS seq
FROM given
"""


def settle(slate: Slate, rules: Rules) -> None:
    """评定 Everybody by the long way. The rules, `people`, `apart`, `given`, `marks` and `formers` are on the slate."""
    short_way.nobody(slate)
    weigh(slate, rules)
    finish(slate, rules)


def weigh(slate: Slate, rules: Rules) -> None:
    """定值 `ranked`: what is left of each occurrence beside the others, before any cap. `given` is on the slate."""
    slate.make("facts", ORDERED)
    refusals.refuse(slate, rules.has_voids)
    history.look_back(slate)
    events.settle(slate)


def finish(slate: Slate, rules: Rules) -> None:
    """评定 Where somebody is on `short`, `ranked` is of the others."""
    caps.cap_indicators(slate, rules.caps)
    pools.forgive(slate)
    totals.add_up(slate)
    outside.mark(slate)
    scores.limit(slate)
    tiers.give(slate)
    quotas.settle(slate, rules.closing)
    streaks.find(slate)
