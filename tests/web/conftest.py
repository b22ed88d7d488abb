"""The prepared site; and which pages are asked for on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pioneer.kernel import clock
from tests.web.site import Site, prepared
from tests.world import TODAY

# Every address by every person (so that each page is read on both), and what threads, SQL of its own or a plan decide.
ON_BOTH = {
    "killed_midway",
    "test_overview",
    "test_results",
    "test_roster_import",
    "test_routes",
    "test_sent_again",
    "test_sent_at_once",
    "test_settlements",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What a page says is the same on both databases: most of these are asked on SQLite alone."""
    if config.getoption("--postgresql"):
        here = Path(__file__).parent
        leave = [item for item in items if here in item.path.parents and item.path.stem not in ON_BOTH]
        left = set(leave)
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=leave)


@pytest.fixture(scope="module")
def _site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with django_db_blocker.unblock(), prepared() as made, clock.at(TODAY):
        yield made


@pytest.fixture
def site(_site: Site, db: None, settings: Any) -> Site:
    """备好的站点 On its day; each test takes back what it does."""
    settings.FILES_ROOT = _site.standing.files
    return _site
