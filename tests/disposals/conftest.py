"""The cast with the shipped rulebook, on Monday 11 January 2027, when the cycle 2026 is over."""

from collections.abc import Iterator

import pytest

from pioneer.kernel import clock
from tests.disposals.proceedings import FIRST_DAY, calendars
from tests.world import World, adopt_rulebook


@pytest.fixture
def ruled(world: World) -> Iterator[World]:
    adopt_rulebook(world)
    calendars()
    with clock.at(FIRST_DAY):
        yield world
