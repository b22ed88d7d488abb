"""Which pages are asked for on both databases."""

from pathlib import Path

import pytest

# Every address by every person (so that each page is read on both), and what threads, SQL of its own or a plan decide.
ON_BOTH = {
    "test_overview",
    "test_results",
    "test_roster_import",
    "test_routes",
    "test_sent_at_once",
    "test_settlements",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What a page says is the same on both databases: most of these are asked on SQLite alone."""
    if config.getoption("--postgresql"):
        here = Path(__file__).parent
        leave = [item for item in items if here in item.path.parents and item.path.stem not in ON_BOTH]
        items[:] = [item for item in items if item not in leave]
        config.hook.pytest_deselected(items=leave)
