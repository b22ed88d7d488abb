"""Two people record the same step at the same moment: one step stands, the other is told so."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from pioneer.disposals.models import Finding, Step
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from tests.disposals.proceedings import FIRST_DAY, WHO, act, announced, calendars, filed, open_case, propose
from tests.world import World, adopt_rulebook, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> Any:
    world = build()
    adopt_rulebook(world)
    calendars()
    with clock.at(FIRST_DAY):
        yield world


def at_once(*acts: Callable[[], Any]) -> tuple[list[Any], list[str]]:
    start, done, refused = Barrier(len(acts)), [], []

    def run(one: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            done.append(one())
        except DomainError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return done, refused


def test_a_step_is_taken_once_and_a_finding_proposed_once(town: World) -> None:
    filed(town)
    case = open_case(town)
    officers = ("township_officer", "second_township_officer")
    done, refused = at_once(*(lambda who=who: act(town, case, "prior_filed", who) for who in officers))
    assert (len(done), refused) == (1, ["not_its_turn"])
    assert Step.objects.filter(case=case).count() == 2
    result = announced(town)[WHO]
    done, refused = at_once(*(lambda who=who: propose(town, result, who) for who in ("secretary", "deputy")))
    assert (len(done), refused) == (1, ["proposed_already"]) and Finding.objects.count() == 1
