"""两人同时决定 Two officers decide two nominations of a call with one place at the same moment: one is chosen."""

from collections.abc import Callable
from typing import Any

import pytest

from pioneer.kernel import clock
from pioneer.nominations.deciding import decide_nomination
from pioneer.nominations.models import Nomination
from tests.nominations.course import call, file, ready
from tests.test_at_once import at_once
from tests.world import TODAY, adopt_rulebook, build


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once() -> None:
    world = build()
    adopt_rulebook(world)
    with clock.at(TODAY):
        for name in ("李桂兰", "单雪琴"):
            file(world, name)
        made = call(world)
        (first, day), (second, _) = ready(world, made, "李桂兰"), ready(world, made, "单雪琴")

    def act(who: str, one: Nomination) -> Callable[[], Any]:
        actor = world.actor(who)
        return lambda: decide_nomination(
            actor=actor, nomination_id=one.pk, is_chosen=True, document_number="槐街党〔2026〕12号", decided_on=day
        )

    with clock.at(day):
        done, refused = at_once(act("township_officer", first), act("second_township_officer", second))
    assert len(done) == 1 and refused == ["places_full"]
    assert Nomination.objects.filter(state="chosen").count() == 1
