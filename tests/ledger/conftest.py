"""What the tests of the ledger share: the shipped rulebook in force, and a way past the triggers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.world import World, adopt_rulebook


@pytest.fixture
def ruled(world: World) -> World:
    """The cast with the shipped rulebook in force."""
    adopt_rulebook(world)
    return world


@pytest.fixture
def by_hand() -> Callable[..., None]:
    """One statement past the triggers, as somebody with the database in hands would run it."""

    def run(table: str, statement: str, values: list[Any] | None = None) -> None:
        with connection.cursor() as cursor:
            for act in ("update", "delete"):
                name = f"{table}_no_{act}"
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
            cursor.execute(statement, values or [])

    return run
