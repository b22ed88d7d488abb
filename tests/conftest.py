"""What every test may ask for: the cast, a database, files of its own; and which tests a run leaves out."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as searching

from tests import copies
from tests.stage import Stage, scene_of
from tests.world import World, build

searching.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
searching.load_profile("busy")  # a machine with other work is no fault of a test's


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="run on PostgreSQL what touches the database")
    parser.addoption(
        "--everything", action="store_true", help="leave out none of the sweeps, and on PostgreSQL nothing"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long form of a search runs by `make campaign` alone; on PostgreSQL only what touches the database runs, and
    of that a share (all of it by `make campaign`, too)."""
    keep, leave = [], []
    share = set(items)
    if not config.getoption("--everything") and config.option.markexpr != "campaign":
        share = _share(items) if config.getoption("--postgresql") else set(filter(_has_its_turn, items))
    for item in items:
        long = item.get_closest_marker("campaign") and config.option.markexpr != "campaign"
        idle = config.getoption("--postgresql") and not _touches_database(item)
        (leave if long or idle or item not in share else keep).append(item)
    items[:] = _by_scene(keep)
    config.hook.pytest_deselected(items=leave)


def _by_scene(items: list[pytest.Item]) -> list[pytest.Item]:
    """The tests of a file that stand on the same stage one after another, so that it is made once."""
    places: dict[tuple[Path, object], int] = {}
    files: dict[Path, int] = {}

    def place(item: pytest.Item) -> tuple[int, int]:
        asked = scene_of(item) or "world" in getattr(item, "fixturenames", ())
        stage = item.path, "none" if _commits(item) else asked
        return files.setdefault(item.path, len(files)), places.setdefault(stage, len(places))

    return sorted(items, key=place)


PLAIN = {
    "accounts", "assessments", "conduct", "declarations", "disposals", "files", "filings", "followups", "members",
    "nominations", "organisations", "publicity", "rulebook",
}  # fmt: skip # stations that ask the database through Django alone: statements of their own have ledger and results


def _share(items: list[pytest.Item]) -> set[pytest.Item]:
    """Of each test's cases the first, one in the middle and the last (all of one that is marked `every_case`); of the
    tests of the plain stations that commit nothing every second, the same ones at every run."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        whole = item.get_closest_marker("every_case") is not None
        cases.setdefault(item.nodeid if whole else item.nodeid.split("[")[0], []).append(item)
    found: set[pytest.Item] = set()
    for name, some in cases.items():
        is_plain = name.split("/")[1] in PLAIN and not _commits(some[0])
        if not is_plain or zlib.crc32(name.encode()) % 2:
            found |= {some[0], some[len(some) // 2], some[-1]}
    return found


SWEEPS = ("tests/web/test_routes.py", "tests/web/test_hostile_input.py", "tests/web/test_sent_twice.py")


def _has_its_turn(item: pytest.Item) -> bool:
    """Of the sweeps over every route and form a half, the same at every run; the campaign sweeps all. (On PostgreSQL
    every route is asked.)"""
    return not item.nodeid.startswith(SWEEPS) or "[" not in item.nodeid or zlib.crc32(item.nodeid.encode()) % 2 == 0


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = set(getattr(item, "fixturenames", ()))
    return bool({"transactional_db", "live_server"} & asked or (marker and marker.kwargs.get("transaction")))


def _touches_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("one_database"):
        return False
    return bool(names & {"db", "transactional_db", "world", "live_server"} or item.get_closest_marker("django_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A test database of its own, migrated once for all; on SQLite a real file, so that threads meet a real lock, and
    one which is not held to survive the machine."""
    if connection.vendor == "sqlite":
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    connection.creation.create_test_db = _test_database  # type: ignore[method-assign]
    connection.creation.destroy_test_db = _left  # type: ignore[method-assign]


def _left(*_: Any, **__: Any) -> None:
    """The server or the folder it lies in goes with the run."""
    connection.close()


def _test_database(*_: Any, **__: Any) -> str:
    name = str(connection.creation._get_test_db_name())
    copies.migrated(name)
    return copies.opened(name)


@pytest.fixture(autouse=True, scope="session")
def _quick() -> Iterator[None]:
    """For every test; and what one committed is taken out in our way."""
    with pytest.MonkeyPatch.context() as patch, override_settings(**copies.QUICK):
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: copies.emptied())
        yield


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture(scope="module")
def _stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """One for the tests of a file."""
    stage = Stage(django_db_blocker)
    yield stage
    stage.close()


@pytest.fixture
def _staged(request: pytest.FixtureRequest, _stage: Stage) -> None:
    """Before a test's own transaction begins: the cast stands for who asks for it and commits nothing."""
    make = scene_of(request.node)
    if (make is not None or "world" in request.fixturenames) and not _commits(request.node):
        _stage.open(make)
    else:
        _stage.close()


@pytest.fixture
def _django_db_helper(_staged: None, _django_db_helper: None) -> None:
    """pytest-django's own, after the stage is set."""


@pytest.fixture
def world(db: None, _stage: Stage) -> World:
    """一个小社会 The cast of tests/world.py, on the day World.TODAY unless the test sets the clock."""
    found: World = _stage.given() if _stage.is_open else build()
    return found


@pytest.fixture
def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


assert settings.configured
