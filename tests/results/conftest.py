"""A small invented district, filled at random, on which many members are settled at once and one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from pioneer.assessments.models import Line
from pioneer.jobs.demo.extent import Extent
from pioneer.jobs.demo.filling import fill
from pioneer.kernel import clock
from pioneer.ledger.models import Entry
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from tests.copies import standing
from tests.notices import On, run
from tests.results.cycles import AFTER, close_year
from tests.results.past import at_random
from tests.stage import scene
from tests.world import World, adopt_rulebook

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[Organisation]:
    """Two branches, eight months, and entries at random so that caps, events and corrections meet."""
    with django_db_blocker.unblock(), standing("crowded", _crowded):
        yield Organisation.objects.get(level="district")


def _crowded() -> None:
    with clock.at(TODAY):
        fill(Extent(townships=2, branches=3, members=60, months=8))
        crowd(random.Random(26))
        at_random(random.Random(7), list(Member.objects.order_by("pk")), _any_branch())


def _any_branch() -> int:
    return Organisation.objects.filter(is_branch=True).order_by("pk").values_list("pk", flat=True)[0]


def crowd(chance: random.Random) -> None:
    """Six hundred more entries in few months, with events of two or three indicators among them."""
    members = list(Member.objects.order_by("pk"))[:25]
    carried = {f"line:{number}" for number in Line.objects.filter(carried=True).values_list("pk", flat=True)}
    entries = list(Entry.objects.exclude(reference__in=carried).select_related("posting").order_by("pk"))
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


@scene
def posted_year(world: World) -> None:
    """One month with entries, then the whole year posted."""
    adopt_rulebook(world)
    run(world, [On("李桂兰", "B5", 12), On("王保国", "A1", 13)])
    close_year(world.district)


@pytest.fixture
def year(posted_year: World) -> Iterator[World]:
    """The year is over."""
    with clock.at(AFTER):
        yield posted_year
