"""Dry runs of a small invented district against the same by hand: every member, every line, before and after."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from pioneer.kernel import clock
from pioneer.organisations.models import Organisation
from pioneer.results import dry_run
from pioneer.results.dry_run import Question
from pioneer.results.gathering import people_of
from pioneer.results.slate import Slate, clean_slate
from pioneer.rulebook.models import RulebookVersion
from pioneer.scoring import Cycle, Rulebook
from tests.results import by_hand
from tests.results.drafts import DRAFTS, load, lower_opening, text_of

CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))
pytestmark = pytest.mark.django_db


def check(slate: Slate, district: Organisation, draft: Rulebook, cycle: Cycle = CYCLE) -> None:
    """What stands on the slate is what the engine makes of each."""
    people = people_of(district, cycle)
    numbers, units = [one.number for one in people], {one.number: one.unit for one in people}
    tiers = [dict(enumerate(tier.code for tier in sorted(draft.tiers, key=lambda tier: -tier.lower)))] * 2
    before = by_hand.today(district.pk, numbers, units, cycle)
    after = by_hand.drafted(draft, district.pk, numbers, units, cycle)
    for table, wanted, names in zip(("former", "present"), (before, after), tiers, strict=True):
        got = slate.rows(f"SELECT member, score, tier FROM {table}")  # noqa: S608
        assert {member: (score, names.get(tier)) for member, score, tier in got} == {
            number: (score.score, tier) for number, (score, tier) in wanted.items()
        }
    lines = {
        (number, row.row): (abs(row.raw), abs(row.counted), row.refused)
        for number, (score, _) in after.items()
        for row in score.lines
        if row.row > 0 and row.indicator.index != "outside"
    }
    got = slate.rows(
        "SELECT lines.member, entries.line, lines.raw, lines.counted, lines.refused "
        "FROM lines JOIN entries ON entries.entry = lines.fact"
    )
    assert {(member, line): (raw, counted, bool(refused)) for member, line, raw, counted, refused in got} == lines


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_by_statements_is_the_draft_by_hand(district: Organisation, name: str) -> None:
    draft = DRAFTS[name]
    with clean_slate() as slate:
        dry_run._simulate(slate, Question(draft, district, 2026), lambda done, total: None)
        check(slate, district, draft)


def test_rules_that_changed_in_mid_cycle_are_told_apart(district: Organisation) -> None:
    """The column before: caps by the day of the event, the opening by the first day, the rest by the last."""
    with transaction.atomic():
        first = RulebookVersion.objects.get()
        text = text_of(lower_opening)
        RulebookVersion.objects.filter(pk=first.pk).update(valid_until=date(2026, 3, 14))
        RulebookVersion.objects.create(
            district=district, number=2, name="第二版", text=text, digest=load(text).digest, state="adopted",
            valid_from=date(2026, 3, 15), drafted_at=clock.now(), adopted_at=clock.now(),
        )  # fmt: skip
        draft = DRAFTS["the same"]
        with clean_slate() as slate:
            dry_run._simulate(slate, Question(draft, district, 2026), lambda done, total: None)
            check(slate, district, draft)
        transaction.set_rollback(True)
