"""评定的结论 What a settlement writes down of each member, worked out on the slate: `outcome`, `outcome_aspects` and
`outcome_reached`; and the digest over those rows, which says the same whichever database they stand in."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from pioneer.results.gathering import Person
from pioneer.results.slate import Row, Slate

COLUMNS = (
    *("place", "member_key", "unit", "branch", "status", "opening", "positive", "reverse", "outside", "score"),
    *("earned", "tier", "zeroed", "why"),
)
OUTCOME = """
SELECT listed.place, listed.member, listed.member_key, people.unit, listed.branch, people.status,
       scored.basic AS opening, scored.positive, scored.reverse, scored.outside, scored.score,
       COALESCE(was.code, '') AS earned, COALESCE(now.code, '') AS tier, scored.zeroed,
       CASE WHEN placed.tier IS NOT NULL THEN ''
            WHEN untiered.status IS NOT NULL THEN people.status
            WHEN people.joined >= closing.tier_from THEN 'too_short'
            ELSE 'missing' END AS why
FROM listed
JOIN people ON people.member = listed.member
JOIN scored ON scored.member = listed.member
JOIN placed ON placed.member = listed.member
LEFT JOIN tiers AS was ON was.tier = placed.earned
LEFT JOIN tiers AS now ON now.tier = placed.tier
LEFT JOIN untiered ON untiered.status = people.status
CROSS JOIN closing
"""

# What the occurrences are worth, and what is left after the caps of the indicator, the group and the aspect.
ASPECTS = """
SELECT listed.place, listed.member, worth.aspect, worth.raw, COALESCE(kept.counted, 0) AS counted
FROM listed
JOIN (
  SELECT lines.member, plans.aspect, CAST(SUM(lines.raw) AS BIGINT) AS raw
  FROM lines JOIN plans ON plans.plan = lines.plan
  WHERE lines.refused = 0 AND plans.idx = 'positive' AND plans.aspect <> ''
  GROUP BY lines.member, plans.aspect
) AS worth ON worth.member = listed.member
LEFT JOIN (
  SELECT aspected.member, aspected.aspect, CAST(SUM(aspected.counted) AS BIGINT) AS counted
  FROM aspected GROUP BY aspected.member, aspected.aspect
) AS kept ON kept.member = listed.member AND kept.aspect = worth.aspect
"""
REACHED = """
SELECT listed.place, listed.member, codes.kind, codes.code
FROM listed
JOIN (
  SELECT alarmed.member, 'alarm' AS kind, alarmed.alarm AS number FROM alarmed
  UNION ALL
  SELECT unbroken.member, 'streak' AS kind, unbroken.streak AS number FROM unbroken
) AS reached ON reached.member = listed.member
JOIN codes ON codes.kind = reached.kind AND codes.number = reached.number
"""


def put_listed(slate: Slate, people: Iterable[Person], positions: dict[int, int]) -> int:
    """名册顺序入表 `listed`: whom the settlement lists, by branch and there by the place in its roster."""
    ordered = sorted(people, key=lambda one: (one.path, positions.get(one.number, 0), one.number))
    rows: list[Row] = [(place, one.number, one.branch, one.scored.code) for place, one in enumerate(ordered, start=1)]
    slate.fill("listed", "place INT, member BIGINT, branch BIGINT, member_key TEXT", rows, unique="member")
    return len(rows)


def conclude(slate: Slate) -> str:
    """结论 Everybody is settled and `listed` is on the slate; answers the digest."""
    slate.make("outcome", OUTCOME, unique="member")
    slate.make("outcome_aspects", ASPECTS, unique="member, aspect")
    slate.make("outcome_reached", REACHED)
    return digest_of(
        slate.rows(f"SELECT {', '.join(COLUMNS)} FROM outcome"),
        slate.rows("SELECT place, aspect, raw, counted FROM outcome_aspects"),
        slate.rows("SELECT place, kind, code FROM outcome_reached"),
    )


def digest_of(*tables: Iterable[Sequence[Any]]) -> str:
    """摘要 SHA-256 (hex) over the rows of tables, one after the other, each row a line of JSON. They are sorted here,
    because two databases put texts in different orders."""
    found = hashlib.sha256()
    for rows in tables:
        for row in sorted(map(tuple, rows)):
            found.update(json.dumps(list(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        found.update(b"\n")
    return found.hexdigest()
