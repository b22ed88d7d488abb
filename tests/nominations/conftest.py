"""推荐的测试 The cast with the shipped rulebook, on 1 April 2026."""

from collections.abc import Iterator

import pytest

from pioneer.kernel import clock
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture
def town(world: World) -> Iterator[World]:
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield world
