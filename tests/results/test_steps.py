"""The statements against the engine, member by member: the shipped rulebook, and rulebooks of every shape."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pioneer.results.slate import clean_slate
from pioneer.scoring import Cycle, Fact, Member, Rulebook, TrackSpell
from tests.results.plain import Case, by_engine, put, settled
from tests.scoring.conftest import rulebook_of
from tests.scoring.generate_facts import Pair, pairs
from tests.scoring.test_properties import CROWDED, facts
from tests.scoring.test_shapes_properties import versions

CYCLE = Cycle(date(2026, 1, 1), date(2026, 12, 31))
BOOKS = {"shipped": rulebook_of(), "crowded": CROWDED}
EASY = [*HealthCheck]
bounded = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=EASY, phases=[Phase.generate]
)
long = settings(
    max_examples=int(os.environ.get("EXAMPLES", "3000")),
    deadline=None,
    suppress_health_check=EASY,
    phases=[Phase.generate],  # a rulebook takes too long to shrink
)
pytestmark = pytest.mark.django_db


def agree(books: Sequence[Rulebook], cases: Sequence[Case], cycle: Cycle) -> None:
    """What the statements make of them all at once is what the engine makes of each."""
    wanted = by_engine(books, cases, cycle)
    with transaction.atomic(), clean_slate() as slate:
        found = settled(slate, cases, put(slate, books, cases, cycle))
        transaction.set_rollback(True)  # so that the locks of these tables don't pile up over all examples
    assert list(differences(found, wanted)) == []


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> Iterator[str]:
    for code, want in wanted.items():
        for key in want:
            if found[code][key] != want[key]:
                yield f"{code} {key}: {found[code][key]}, the engine says {want[key]}"


@pytest.mark.parametrize("name", BOOKS)
@bounded
@given(data=st.data())
def test_the_shipped_rules_agree_with_the_engine(name: str, data: st.DataObject) -> None:
    many = data.draw(st.lists(facts(most=25, posted=True), min_size=1, max_size=4))
    zeroed = data.draw(st.none() | st.dates(*CYCLE))
    cases = [(Member(f"M{n}", (TrackSpell(date(2019, 1, 1), "rural"),)), some) for n, some in enumerate(many)]
    if zeroed:
        cases[0][1].append(Fact(9999, "Z1", zeroed, document="判决书"))
    agree([BOOKS[name]], cases, CYCLE)


@bounded
@given(pairs())
def test_rules_of_every_shape_agree_with_the_engine(pair: Pair) -> None:
    agree(versions(pair), [(member, list(given)) for member, given in pair.cases], pair.cycle)


@pytest.mark.campaign
@long
@given(pairs())
def test_many_rules_of_every_shape_agree_with_the_engine(pair: Pair) -> None:
    agree(versions(pair), [(member, list(given)) for member, given in pair.cases], pair.cycle)
