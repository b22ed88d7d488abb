"""Dry runs of a small invented district against the same by hand: every member, every line, before and after."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from pioneer.assessments.models import Line
from pioneer.jobs.demo.extent import Extent
from pioneer.jobs.demo.filling import fill
from pioneer.kernel import clock
from pioneer.ledger.models import Entry
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.results import dry_run
from pioneer.results.dry_run import Question
from pioneer.results.gathering import people_of
from pioneer.results.slate import Slate, clean_slate
from pioneer.rulebook.models import RulebookVersion
from pioneer.scoring import Cycle, Rulebook
from tests.results import by_hand
from tests.results.drafts import DRAFTS, load, lower_opening, text_of

TODAY = date(2026, 11, 24)
CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[Organisation]:
    """Two branches, eight months, and entries at random so that caps, events and corrections meet."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(TODAY):
            fill(Extent(townships=2, branches=3, members=60, months=8))
            crowd(random.Random(26))
        yield Organisation.objects.get(level="district")
        transaction.set_rollback(True)


def crowd(chance: random.Random) -> None:
    """Six hundred more entries in few months, with events of two or three indicators among them."""
    members = list(Member.objects.order_by("pk"))[:25]
    entries = list(Entry.objects.select_related("posting").order_by("pk"))
    codes = ["A1", "A2", "A3", "A4", "A5", "A6", "B2", "B4", "B5", "B6", "N2", "N4", "N7", "N1", "C1", "C4"]
    names = {f"甲{n}" for n in range(8)}
    for number in range(600):
        model, member, code = chance.choice(entries), chance.choice(members), chance.choice(codes)
        line = Line.objects.filter(pk=int(model.reference.removeprefix("line:"))).get()
        day = date(2026, chance.choice([2, 3, 4]), 1) + timedelta(chance.randrange(28))
        worth = {"A5": chance.choice([300, 350, 500]), "B2": 100, "A6": 300}.get(
            code, 50 if code in ("A1", "N7") else 100
        )
        worth = -worth if code[0] == "N" else worth
        made = Line.objects.create(
            sheet=line.sheet, member=member, indicator=code, event_on=day, value=worth, wording="随机", ground="记录",
            level=chance.choice(["区", "市"]) if code == "A6" else "", decision=chance.choice(["", "支委会决定"]),
            quantity=chance.choice([100, 150, 300]) if code == "B2" else None, created_at=clock.now(),
        )  # fmt: skip
        event = chance.choice(sorted(names)) if chance.random() < 0.4 else ""
        Entry.objects.create(
            posting=model.posting, order=10_000 + number, member_key=member.key,
            rulebook_version=model.rulebook_version, indicator=code, event=event, value=worth, quantity=made.quantity,
            event_on=day, event_month=day.year * 12 + day.month, created_at=clock.now(), reference=f"line:{made.pk}",
            commitment="", digest="",
        )  # fmt: skip


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
        if row.row > 0
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
