"""What the tests of the rulebook share: the shipped text, and texts changed in one place."""

from pathlib import Path

import pytest

from tests.world import SUPPLEMENT, World, adopt_rulebook

TEXT = (Path(__file__).resolve().parents[2] / "rulebooks" / "jiancaoping" / "rulebook.toml").read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str]) -> str:
    """The shipped text with some words replaced; each must stand in it."""
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


FORBIDDEN = changed(
    ('name = "服务群众推诿扯皮，经核实"', 'name = "越级上访"'),
    ('wording = "服务群众推诿扯皮"', 'wording = "违反信访规定"'),
)


@pytest.fixture
def text() -> str:
    return TEXT


@pytest.fixture
def supplemented(world: World) -> World:
    """The cast with a rulebook by which a branch may add three indicators of two points at most."""
    adopt_rulebook(world, more=SUPPLEMENT)
    return world
