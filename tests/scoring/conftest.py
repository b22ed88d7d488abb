"""The shipped rulebook, read once, and a way to change single words of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pioneer.scoring import Engine, Rulebook, load_text

RULEBOOK = Path(__file__).resolve().parents[2] / "rulebooks" / "jiancaoping" / "rulebook.toml"


def changed(*replacements: tuple[str, str]) -> str:
    """The shipped rulebook's text with every `old` (which must stand there exactly once) replaced by `new`."""
    text = RULEBOOK.read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the rulebook"
        text = text.replace(old, new)
    return text


def rulebook_of(*replacements: tuple[str, str]) -> Rulebook:
    """The shipped rulebook, changed."""
    outcome = load_text(changed(*replacements))
    assert outcome.rulebook is not None, [str(mistake) for mistake in outcome.mistakes]
    return outcome.rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return rulebook_of()


@pytest.fixture(scope="session")
def engine(rulebook: Rulebook) -> Engine:
    return Engine([rulebook])
