"""What the tests of declarations share: a rulebook in force and a short way to declare."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from pioneer.declarations.models import Declaration
from pioneer.declarations.services import declare
from tests.world import World, adopt_rulebook

Declare = Callable[..., Declaration]


@pytest.fixture
def ruled(world: World) -> World:
    """The cast with the shipped rulebook in force."""
    adopt_rulebook(world)
    return world


def filled(world: World, name: str = "李桂兰", **changes: Any) -> dict[str, Any]:
    """A form as filled in, with what the test changes of it."""
    return {
        "member_id": world.member(name).pk,
        "indicator": "B5",
        "event_on": date(2026, 3, 12),
        "place": "槐园小区",
        "matter": "帮独居老人修水管",
        "request_key": uuid4(),
        **changes,
    }


@pytest.fixture
def declares(ruled: World) -> Declare:
    def run(who: str = "guilan", name: str = "李桂兰", **changes: Any) -> Declaration:
        return declare(actor=ruled.actor(who), **filled(ruled, name, **changes))

    return run
