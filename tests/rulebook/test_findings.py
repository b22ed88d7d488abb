"""What the check says on the pages: at the right row and field, and in no word of the file."""

import copy
import re
from typing import Any

import pytest

from pioneer.rulebook.findings import findings_of, path_of, split
from pioneer.rulebook.outline import CHAPTERS, chapter_with, naming
from pioneer.scoring import schema
from pioneer.scoring.writing import format_text, read_content
from tests.rulebook.conftest import FORBIDDEN, TEXT, changed
from tests.scoring.everything import contents

pytestmark = pytest.mark.pure
KNOWN = {key.name for _, key in schema.all_keys()} | {one.name for one in schema.SECTIONS}


def broken(wrong: Any, every: int) -> list[str]:
    """One key after another of a whole rulebook left out, or something else in its place: `every` so-manieth."""
    found = []
    base = contents()[0]
    for path in list(schema.places(base))[::every]:
        if path[0] == "procedure" and path[1:2] != ("erasure",) and len(path) > 1:
            continue  # all alike
        content = copy.deepcopy(base)
        table: Any = content
        for part in path[:-1]:
            table = table[part]
        if wrong is None:
            del table[path[-1]]
        else:
            table[path[-1]] = wrong
        found.append(format_text(content))
    return found


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("wrong", [None, "七"], ids=["left out", "a text"])
def test_no_sentence_speaks_the_words_of_the_file(wrong: Any, every: int) -> None:
    said = {one.sentence for text in broken(wrong, every) for one in findings_of(text).all}
    codes = {"rural", "community", "discipline", "top", "good", "low", "six", "sixty"}
    for sentence in said:
        words = set(re.findall(r"[a-z_]{2,}", sentence)) - codes
        assert not words & KNOWN and not re.search(r"\[\[|TOML|引号| = ", sentence), sentence
    assert len(said) > 60 / every


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("positive[4].caps.year", ("positive", 3, ("caps", "year"))),
        ("positive[3].value.steps[2].points", ("positive", 2, ("value", "steps", 1, "points"))),
        ("procedure.erasure.value", ("procedure.erasure", None, ("value",))),
        ("indices", ("indices", None, ())),
        ("meta.name", ("meta", None, ("name",))),
        ("全文", ("", None, ())),
    ],
)
def test_a_place_leads_to_table_row_and_field(place: str, expected: Any) -> None:
    assert split(path_of(place)) == expected


def test_warnings_are_no_mistakes() -> None:
    found = findings_of(format_text(FORBIDDEN))
    assert not found.mistakes and found.warnings and found.warnings[0].section == "reverse"
    assert found.at("reverse", found.warnings[0].row) == found.warnings
    assert findings_of("[meta").mistakes[0].section == ""


def test_every_table_stands_in_a_chapter_once() -> None:
    listed = [name for chapter in CHAPTERS for name in chapter.sections]
    assert sorted(listed) == sorted(one.name for one in schema.SECTIONS)
    assert chapter_with("procedure").slug == "procedure" and chapter_with("klamp").slug == "basics"


def test_where_else_a_row_is_named() -> None:
    content = contents()[0]
    assert naming(content, "tiers", "good") and naming(content, "pools", "discipline")
    assert ("合并封顶", "G1 服务合并") in naming(content, "positive", "A2")
    assert ("基本指数", "") in naming(content, "tracks", "rural")
    assert not naming(read_content(TEXT), "tracks", "nobody")


def test_the_title_says_row_and_field() -> None:
    (found,) = findings_of(format_text(changed(("caps = { year = 10 }", "caps = { year = 1.234 }")))).all
    assert found.title == "正向指标 A5 在急难险重任务中冲锋在前·封顶·每年上限"
    assert found.sentence == "“1.234”超过两位小数，请先取到两位"
