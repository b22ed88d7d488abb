"""评定的结论 What a settlement writes down of each member, worked out on the slate: `outcome`, `outcome_aspects` and
`outcome_reached`; and the digest over those rows, which says the same whichever database they stand in."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from pioneer.results.slate import Slate, key_text

COLUMNS = (
    *("place", "member_key", "unit", "branch", "status", "opening", "positive", "reverse", "outside", "score"),
    *("earned", "tier", "zeroed", "why"),
)
TEXTS = {"member_key", "status", "earned", "tier", "why", "aspect", "kind", "code"}  # the others are whole numbers
OUTCOME = """
SELECT people.place, people.member, {key} AS member_key, people.unit, people.branch, people.status,
       placed.basic AS opening, placed.positive, placed.reverse, placed.outside, placed.score,
       COALESCE(was.code, '') AS earned, COALESCE(now.code, '') AS tier, placed.zeroed,
       CASE WHEN placed.tier IS NOT NULL THEN ''
            WHEN untiered.status IS NOT NULL THEN people.status
            WHEN people.joined >= closing.tier_from THEN 'too_short'
            ELSE 'missing' END AS why
FROM people
JOIN placed ON placed.member = people.member
LEFT JOIN tiers AS was ON was.tier = placed.earned
LEFT JOIN tiers AS now ON now.tier = placed.tier
LEFT JOIN untiered ON untiered.status = people.status
CROSS JOIN closing
WHERE people.listed = 1
"""

# What the occurrences are worth, and what is left after the caps of the indicator, the group and the aspect.
ASPECTS = """
SELECT people.place, people.member, worth.aspect, worth.raw, COALESCE(kept.counted, 0) AS counted
FROM people
JOIN (
  SELECT lines.member, plans.aspect, CAST(SUM(lines.raw) AS BIGINT) AS raw
  FROM lines JOIN plans ON plans.plan = lines.plan
  WHERE lines.refused = 0 AND plans.idx = 'positive' AND plans.aspect <> ''
  GROUP BY lines.member, plans.aspect
) AS worth ON worth.member = people.member
LEFT JOIN (
  SELECT aspected.member, aspected.aspect, CAST(SUM(aspected.counted) AS BIGINT) AS counted
  FROM aspected GROUP BY aspected.member, aspected.aspect
) AS kept ON kept.member = people.member AND kept.aspect = worth.aspect
WHERE people.listed = 1
"""
REACHED = """
SELECT people.place, people.member, codes.kind, codes.code
FROM people
JOIN (
  SELECT alarmed.member, 'alarm' AS kind, alarmed.alarm AS number FROM alarmed
  UNION ALL
  SELECT unbroken.member, 'streak' AS kind, unbroken.streak AS number FROM unbroken
) AS reached ON reached.member = people.member
JOIN codes ON codes.kind = reached.kind AND codes.number = reached.number
WHERE people.listed = 1
"""


def conclude(slate: Slate, short: Sequence[str] = ()) -> str:
    """结论 Everybody is settled; answers the digest. `short`: statements of the aspects of those who went the short
    way."""
    slate.make("outcome", OUTCOME.format(key=key_text("people.member_key")))
    slate.make("outcome_aspects", " UNION ALL ".join([ASPECTS, *short]))
    slate.make("outcome_reached", REACHED)
    return digest(slate)


def digest(slate: Slate) -> str:
    """结论的摘要"""
    return digest_in_place(
        slate,
        ("outcome", COLUMNS, ("place",)),
        ("outcome_aspects", ("place", "aspect", "raw", "counted"), ("place", "aspect")),
        ("outcome_reached", ("place", "kind", "code"), ("place", "kind", "code")),
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


def digest_in_place(slate: Slate, *tables: tuple[str, Sequence[str], Sequence[str]]) -> str:
    """库内的摘要 The same of tables of the slate, with their columns and what tells their rows apart: the lines are
    written and sorted by the database."""
    found = hashlib.sha256()
    for name, columns, order in tables:
        line = " || ',' || ".join(_json(one) for one in columns)
        for lines in slate.joined(name, f"'[' || {line} || ']'", order):
            found.update(lines.encode() + b"\n")
        found.update(b"\n")
    return found.hexdigest()


def _json(column: str) -> str:
    """As Python's `json` writes it: the texts are codes of letters, digits, and strokes."""
    return f"'\"' || {column} || '\"'" if column in TEXTS else f"CAST({column} AS TEXT)"
