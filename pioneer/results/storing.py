"""落表 What was worked out on the slate, into the tables of the program, inside the database; and what it says
otherwise than the settlement before."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from pioneer.ledger.queries import posted_at
from pioneer.publicity.models import PublishedLine
from pioneer.results import outcome
from pioneer.results.models import Result, ResultAspect, ResultChange, ResultReached, Settlement
from pioneer.results.slate import Slate

RESULTS, ASPECTS = Result._meta.db_table, ResultAspect._meta.db_table
REACHED, CHANGES = ResultReached._meta.db_table, ResultChange._meta.db_table
SHOWN = PublishedLine._meta.db_table
LONGEST = timedelta(days=400)  # between a notice's closing and its posting

PUT_RESULTS = f"""
INSERT INTO {RESULTS} (settlement_id, unit_id, branch_id, member_id, "order", status,
                       opening, positive, reverse, outside, score, earned, tier, is_zeroed, why)
SELECT %s, unit, branch, member, place, status,
       opening, positive, reverse, outside, score, earned, tier, zeroed = 1, why
FROM outcome ORDER BY place
"""
PUT_ASPECTS = f"""
INSERT INTO {ASPECTS} (result_id, aspect, raw, counted)
SELECT {RESULTS}.id, outcome_aspects.aspect, outcome_aspects.raw, outcome_aspects.counted
FROM outcome_aspects
JOIN {RESULTS} ON {RESULTS}.member_id = outcome_aspects.member AND {RESULTS}.settlement_id = %s
"""
PUT_REACHED = f"""
INSERT INTO {REACHED} (result_id, kind, code)
SELECT {RESULTS}.id, outcome_reached.kind, outcome_reached.code
FROM outcome_reached
JOIN {RESULTS} ON {RESULTS}.member_id = outcome_reached.member AND {RESULTS}.settlement_id = %s
"""

# Before and now, side by side. Of the corrections posted in between, the member's latest.
CORRECTION = f"""
(SELECT MAX(shown.line_id) FROM {SHOWN} AS shown
 WHERE shown.kind = 'correction' AND shown.member_id = now.member_id AND shown.publication_id IN ({{publications}}))
"""
CHANGED = f"""
INSERT INTO {CHANGES} (settlement_id, member_id, what, was, now, correction_id)
SELECT now.settlement_id, now.member_id, '{{what}}', {{was}}, {{now}}, {{correction}}
FROM {RESULTS} AS now
JOIN {RESULTS} AS was ON was.member_id = now.member_id
WHERE now.settlement_id = %s AND was.settlement_id = %s AND was.{{what}} <> now.{{what}}
ORDER BY now."order"
"""
LISTED = f"""
INSERT INTO {CHANGES} (settlement_id, member_id, what, was, now)
SELECT %s, here.member_id, '{{what}}', '', ''
FROM {RESULTS} AS here
WHERE here.settlement_id = %s AND here.member_id NOT IN (
  SELECT other.member_id FROM {RESULTS} AS other WHERE other.settlement_id = %s
)
ORDER BY here."order"
"""
COLUMNS = {"score": "CAST({whose}.score AS TEXT)", "tier": "{whose}.tier", "why": "{whose}.why"}


def put_results(slate: Slate, made: Settlement) -> None:
    """写入结果 `outcome`, `outcome_aspects` and `outcome_reached` are on the slate."""
    for text in (PUT_RESULTS, PUT_ASPECTS, PUT_REACHED):
        _run(text, [made.pk])


def put_changes(made: Settlement, before: Settlement) -> None:
    """写入变动 Line by line, in the order of the roster; who was newly listed or is no longer, last."""
    correction = CORRECTION.format(publications=", ".join(map(str, _corrected_in(made, before))) or "0")
    for what, told in COLUMNS.items():
        was, now = told.format(whose="was"), told.format(whose="now")
        _run(CHANGED.format(what=what, was=was, now=now, correction=correction), [made.pk, before.pk])
    _run(LISTED.format(what="listed"), [made.pk, made.pk, before.pk])
    _run(LISTED.format(what="gone"), [made.pk, before.pk, made.pk])


def _corrected_in(made: Settlement, before: Settlement) -> list[int]:
    """Notices with corrections that were posted between two settlements."""
    shown = PublishedLine.objects.filter(
        kind=PublishedLine.Kind.CORRECTION,
        withheld=False,
        member__district=made.district_id,
        publication__closed_at__range=(before.made_at - LONGEST, made.made_at),
    )
    posted = posted_at(set(shown.order_by().values_list("publication_id", flat=True)))
    return sorted(number for number, at in posted.items() if before.made_at < at <= made.made_at)


def _run(text: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


# ------------------------------------------------------------------ what stands written down


def digest_of(made: Settlement) -> str:
    """表中结果的摘要 Over the rows as they stand, in the same form as when they were written."""
    own = Result.objects.filter(settlement=made).order_by()
    plain = ("unit_id", "branch_id", "status", "opening", "positive", "reverse", "outside", "score", "earned", "tier")
    results = (
        (place, str(key), *row, int(zeroed), why)
        for place, key, *row, zeroed, why in own.values_list(
            "order", "member__key", *plain, "is_zeroed", "why"
        ).iterator()
    )
    aspects = ResultAspect.objects.filter(result__settlement=made).order_by()
    reached = ResultReached.objects.filter(result__settlement=made).order_by()
    return outcome.digest_of(
        results,
        aspects.values_list("result__order", "aspect", "raw", "counted").iterator(),
        reached.values_list("result__order", "kind", "code").iterator(),
    )
