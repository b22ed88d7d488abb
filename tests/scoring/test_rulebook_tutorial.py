"""The tutorial of docs/rulebook.md: each of its examples is loaded, added to those before it."""

from __future__ import annotations

import re

import pytest

from pioneer.scoring import load_text, schema
from pioneer.scoring.writing import format_text, read_content
from tests.scoring.conftest import RULEBOOK

pytestmark = pytest.mark.pure
PAGE = (RULEBOOK.parents[2] / "docs" / "rulebook.md").read_text(encoding="utf-8")
PART = PAGE.split("## From an empty file to a full scheme")[1].split("\n## ")[0]
STEPS = re.findall(r"```toml step\n(.*?)```", PART, flags=re.S)
FIRST_WHOLE = 4


def test_an_empty_file_says_which_tables_are_missing() -> None:
    missing = {mistake.place for mistake in load_text("").mistakes}
    assert missing == {row.path[0] for row in schema.SECTIONS if row.required}


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_each_step_loads_with_those_before_it(step: int) -> None:
    text = "\n".join(STEPS[:step])
    outcome = load_text(text)
    told = {mistake.place for mistake in outcome.mistakes}
    if step >= FIRST_WHOLE:
        assert outcome.rulebook is not None, [str(mistake) for mistake in outcome.mistakes]
    else:
        written = set(read_content(text))
        assert told == {row.path[0] for row in schema.SECTIONS if row.required} - written


def test_the_last_step_has_neither_mistakes_nor_warnings() -> None:
    outcome = load_text("\n".join(STEPS))
    assert len(STEPS) == len(re.findall(r"^\*\*[0-9]+\. ", PART, flags=re.M))
    assert outcome.rulebook is not None and [str(row) for row in outcome.warnings] == []
    assert load_text(format_text("\n".join(STEPS))).mistakes == ()


def test_the_warning_the_tutorial_speaks_of_is_gone_where_it_says() -> None:
    before, after = ("\n".join(STEPS[:step]) for step in (4, 5))
    assert any("达不到最高等次" in warning.message for warning in load_text(before).warnings)
    assert not any("达不到最高等次" in warning.message for warning in load_text(after).warnings)
