"""性质 Whatever months bring, the books add up: sequences of sheets and corrections drawn at random."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pioneer.assessments.models import Line
from pioneer.ledger import chain
from pioneer.ledger.models import Entry
from pioneer.ledger.queries import score_of
from pioneer.ledger.verification import verify
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Fact, Member, TrackSpell
from tests.notices import On, run
from tests.world import World

NAMES = ["李桂兰", "王保国", "张㛃"]
LINES = st.lists(
    st.builds(
        On,
        name=st.sampled_from(NAMES),
        indicator=st.sampled_from(["A3", "B1", "B5", "B6", "C4", "N7", "N2"]),
        day=st.integers(1, 27),
        event=st.sampled_from(["", "", "", "同一件事"]),
    ),
    max_size=6,
)
MONTHS = st.lists(st.tuples(LINES, st.lists(st.integers(0, 20), max_size=2)), min_size=1, max_size=4)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(months=MONTHS)
def test_standing_values_are_the_engines_and_a_corrected_line_leaves_no_trace(ruled: World, months: Any) -> None:
    try:
        with transaction.atomic():
            for month, (lines, wrong) in enumerate(months, start=1):
                run(ruled, [*lines, *_corrections(wrong)], month=month)
                assert verify().disagreement == ""
            for name in NAMES:
                _check(ruled, name)
            raise _Undone
    except _Undone:
        pass


class _Undone(Exception):
    """So that each example begins on empty books."""


def _corrections(wrong: list[int]) -> list[On]:
    """Some of what is posted and stands is taken back."""
    standing = list(Entry.objects.filter(corrects__isnull=True).exclude(pk__in=_taken_back()).order_by("pk"))
    picked = {number % len(standing) for number in wrong} if standing else set()
    lines = [Line.objects.get(pk=chain.line_of(standing[number].reference)) for number in picked]
    return [On(line.member.name, corrects=line) for line in lines]


def _taken_back() -> list[int]:
    return [one for one in Entry.objects.values_list("corrects_id", flat=True) if one]


def _check(world: World, name: str) -> None:
    """The score equals that of a ledger in which what was corrected had never been written."""
    member = world.member(name)
    entries = Entry.objects.filter(member_key=member.key)
    standing = list(entries.filter(corrects__isnull=True).exclude(pk__in=_taken_back()).order_by("posting_id", "order"))
    score = score_of(member, date(2026, 6, 1))
    assert sum(entry.value for entry in entries) == sum(entry.value for entry in standing)
    assert sum(entry.value for entry in standing) == sum(line.raw for line in score.lines)
    facts = [
        Fact(
            chain.line_of(entry.reference), entry.indicator, entry.event_on, event=entry.event or None,
            fixed=entry.value, posted_order=entry.posting_id,
        )
        for entry in standing
    ]  # fmt: skip
    engine = engine_for(world.district.pk)
    alone = engine.score(Member("x", (TrackSpell(date(2026, 1, 1), "community"),)), facts, score.cycle)
    assert (alone.score, alone.positive, alone.reverse) == (score.score, score.positive, score.reverse)
