"""Two people settle the same organisation at the same moment: one run after the other, each with its own number."""

from __future__ import annotations

from typing import Any

import pytest

from pioneer.kernel import clock
from pioneer.kernel.models import Task
from pioneer.results.models import Result, Settlement
from pioneer.results.settling import settle_cycle
from tests.notices import On, run
from tests.results.cycles import AFTER, FIRST, close_year
from tests.test_at_once import at_once
from tests.world import World, adopt_rulebook, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def year(transactional_db: None) -> World:
    world = build()
    adopt_rulebook(world)
    run(world, [On("李桂兰", "B5", 12)])
    close_year(world.district)
    return world


def test_two_settle_at_once_and_get_one_run_each(year: World) -> None:
    def by(who: str) -> Any:
        unit = year.organisations["community"].pk
        return lambda: settle_cycle(actor=year.actor(who), organisation_id=unit, first_on=FIRST, is_trial=False)

    with clock.at(AFTER):  # the clock is the whole process's: set around both, not by each
        done, refused = at_once(by("community_officer"), by("township_officer"))
    assert len(done) == 2 and refused == []
    assert [task.message for task in Task.objects.exclude(state="done")] == []
    first, second = Settlement.objects.order_by("number")
    assert (first.number, second.number, second.replaces) == (1, 2, first)
    assert first.digest == second.digest and Result.objects.count() == 2 * first.members
