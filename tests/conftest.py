"""What every test may ask for: the cast, the second database, a flush that gets past append-only tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from tests.world import World, build


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="run on PostgreSQL what touches the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long form of a search runs by `make campaign` alone; on PostgreSQL only what touches the database runs."""
    keep, leave = [], []
    for item in items:
        long = item.get_closest_marker("campaign") and config.option.markexpr != "campaign"
        idle = config.getoption("--postgresql") and not _touches_database(item)
        (leave if long or idle else keep).append(item)
    items[:] = keep
    config.hook.pytest_deselected(items=leave)


def _touches_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("one_database"):
        return False
    return bool(names & {"db", "transactional_db", "world", "live_server"} or item.get_closest_marker("django_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A test database of its own; on SQLite a real file, so that threads meet a real lock."""


@pytest.fixture(autouse=True, scope="session")
def _flush_passes_triggers() -> Iterator[None]:
    """Transactional tests empty the tables afterwards, which the append-only triggers refuse: set them aside."""
    plain = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                sql_list = [
                    "SET session_replication_role = replica",
                    *sql_list,
                    "SET session_replication_role = DEFAULT",
                ]
                plain(self, sql_list)
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        plain(self, [*(f"DROP TRIGGER {name}" for name, _ in triggers), *sql_list, *(sql for _, sql in triggers)])

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.AXES_ENABLED = False
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def world(db: None) -> World:
    """一个小社会 The cast of tests/world.py, on the day World.TODAY unless the test sets the clock."""
    return build()


@pytest.fixture
def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


assert settings.configured
