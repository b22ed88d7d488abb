"""The format as data says what the loader accepts and what docs/rulebook.md tells, key by key."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pioneer.scoring import load_text, schema
from pioneer.scoring.schema_indicators import SHAPES_BY_INDEX
from pioneer.scoring.writing import format_text
from tests.scoring.conftest import RULEBOOK
from tests.scoring.everything import FILES, contents

pytestmark = pytest.mark.pure
ROOT = RULEBOOK.parents[2]
PAGE = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")
UNKNOWN = "zzz"
KEPT = ("code", "shape")
TABLES = ("value", "rows", "points_by_window", "points_by_track")


def tables(content: Any, path: schema.Place = ()) -> list[tuple[schema.Place, dict[str, Any]]]:
    """Every table of a content with its path."""
    found = []
    if isinstance(content, dict):
        found.append((path, content))
        for name, inner in content.items():
            found += tables(inner, (*path, name))
    elif isinstance(content, list):
        for number, inner in enumerate(content):
            found += tables(inner, (*path, number))
    return found


def kind_of(path: schema.Place, content: dict[str, Any]) -> str:
    """The dotted name of a table, as `schema.all_keys` says it: without numbers, a value with its shape."""
    names, here = [], content
    for part in path:
        here = here[part]
        if isinstance(part, str):
            names.append(part)
            if part == "value":
                names.append(here["shape"])
    return ".".join(names)


def accepted() -> dict[str, set[str]]:
    """What the loader says may be written in each kind of table: a stray key stands in all of them at once."""
    found: dict[str, set[str]] = {}
    for content in contents():
        here = [
            (schema.point((*path, UNKNOWN)), kind_of(path, content), table)
            for path, table in tables(content)
            if not path or path[-1] not in ("by_track", "coefficient_by_track")
        ]
        for _, _, table in here:
            table[UNKNOWN] = 1
        said = {mistake.place: mistake.message for mistake in load_text(format_text(content)).mistakes}
        for place, kind, _ in here:
            assert said[place].startswith("不认识"), place
            found.setdefault(kind, set()).update(said[place].rpartition("可写：")[2].split("、"))
    return found


def described() -> dict[str, set[str]]:
    """The keys of the schema by kind of table."""
    found: dict[str, set[str]] = {"": set(schema.top_order())}
    for row in schema.SECTIONS:
        first, _, second = row.name.partition(".")
        if second:
            found.setdefault(first, set()).add(second)
        found[row.name] = {key.name for key in row.keys}
        for key in row.keys:
            if key.kind == "value":
                for shape in SHAPES_BY_INDEX[row.name]:
                    here = f"{row.name}.value.{shape.name}"
                    found[here] = {"shape", *(inner.name for inner in shape.keys)}
                    for inner in shape.keys:
                        if inner.keys:
                            found[f"{here}.{inner.name}"] = {last.name for last in inner.keys}
            elif key.keys:
                found[f"{row.name}.{key.name}"] = {inner.name for inner in key.keys}
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_files_that_write_everything_load_and_are_canonical(file: Any) -> None:
    text = file.read_text(encoding="utf-8")
    assert [str(mistake) for mistake in load_text(text).mistakes] == []
    assert format_text(text) == text


def test_the_two_files_write_every_key_of_the_schema() -> None:
    written = {kind: set(table) for kind, table in described().items()}
    for content in contents():
        for path, table in tables(content):
            written.get(kind_of(path, content), set()).difference_update(table)
    assert {kind: left for kind, left in written.items() if left} == {}


def test_the_loader_accepts_the_keys_of_the_schema_and_no_others() -> None:
    assert accepted() == described()


@pytest.mark.parametrize("number", range(24))
def test_the_loader_agrees_on_which_keys_must_be_written(number: int) -> None:
    """The n-th key of every table is taken away at once, so that one reading says it of all of them."""
    for content in contents():
        gone = []
        for path, table in tables(content):
            keys = [
                key for key in schema.keys_of(path, content) if key.name in table and key.name not in ("code", "shape")
            ]
            if number < len(keys) and keys[number].kind not in TABLES:
                gone.append(((*path, keys[number].name), keys[number], table))
        for path, _, table in gone:
            del table[path[-1]]
        missed = {mistake.place: mistake.message for mistake in load_text(format_text(content)).mistakes}
        for path, key, _ in gone:
            said = missed.get(schema.point(path), "")
            assert bool(said) == key.required or key.needed, (path, said)


@pytest.mark.parametrize("number", range(24))
def test_the_loader_agrees_on_every_choice(number: int) -> None:
    for content in contents():
        wrong = []
        for path, table in tables(content):
            keys = [key for key in schema.keys_of(path, content) if key.name in table]
            if number < len(keys) and keys[number].kind in ("choice", "choices"):
                wrong.append((schema.point((*path, keys[number].name)), keys[number], table))
        for _, key, table in wrong:
            table[key.name] = [UNKNOWN] if key.kind == "choices" else UNKNOWN
        said = [(mistake.place, mistake.message) for mistake in load_text(format_text(content)).mistakes]
        for place, key, _ in wrong:
            words = {choice.word for choice in key.choices}
            offered = [set(text.rpartition("：")[2].split("、")) for at, text in said if at == place]
            assert any(words == one or (words <= one and key.name in ("shape", "period")) for one in offered), place


def test_labels_and_explanations_are_complete() -> None:
    for table, key in schema.all_keys():
        assert key.label and key.meaning.endswith("。"), (table, key.name)
        assert all(choice.label for choice in key.choices)
    for row in schema.SECTIONS:
        assert row.label and row.meaning.endswith("。")
        assert len({key.label for key in row.keys}) == len(row.keys), row.name
    assert len({row.label for row in schema.SECTIONS}) == len(schema.SECTIONS)


# ---------------------------------------------------------------- the page


def chapter(name: str) -> str:
    """The part of the page that speaks of a table."""
    top = name.partition(".")[0]
    if top == "procedure":
        return PAGE.split("### `[procedure.<name>]`")[1].split("\n## ")[0]
    for part in re.split(r"^### ", PAGE, flags=re.M)[1:]:
        heading = part.split("\n", 1)[0]
        if re.search(rf"\[{re.escape(name)}\]", heading) or f"[[{name}]]" in heading:
            return re.split(r"^##? ", part, flags=re.M)[0]
    raise AssertionError(f"docs/rulebook.md has no chapter for {name}")


def rows(part: str) -> dict[str, str]:
    """The keys of a chapter's table with their defaults."""
    found = {}
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) in (3, 4):
            for name in re.findall(r"`(\w+)`", cells[0]):
                found[name] = cells[-2]
    return found


def test_the_page_names_every_key_with_its_default() -> None:
    for row in schema.SECTIONS:
        part = chapter(row.name)
        if row.path[0] == "procedure":
            assert f"`{row.path[1]}`" in part
            continue
        if "| key | default | meaning |" not in part and "| key | where | default | meaning |" not in part:
            for key in row.keys:
                said = key.name in ("clause", "provenance") or re.search(rf"`{key.name}\b", part)
                assert said, f"{row.name}: {key.name}"
            continue
        defaults = rows(part)
        for key in row.keys:
            if key.name in ("clause", "provenance") or (row.name.startswith("indices.") and key.name == "name"):
                continue
            assert key.name in defaults, f"{row.name}: {key.name}"
            documented = defaults[key.name]
            if key.name == "document":
                assert documented == "false; zeroing true"
            elif key.name == "tracks":
                assert documented == "all"
            elif key.needed or key.kind == "value":
                assert documented.startswith(("—", "none", key.default_text)), (row.name, key.name, documented)
            else:
                assert documented == key.default_text, (row.name, key.name, documented)


def test_the_page_names_every_shape_with_its_keys_and_every_word() -> None:
    values = PAGE.split("### Values")[1].split("\n### ")[0]
    for shape in schema.SHAPES.values():
        assert f"`{shape.name}`" in values
        for key in shape.keys:
            assert re.search(rf"\b{key.name}\b", values), (shape.name, key.name)
            assert all(re.search(rf"\b{inner.name}\b", values) for inner in key.keys)
    for table, key in schema.all_keys():
        for choice in key.choices:
            assert re.search(rf"\b{choice.word}\b", PAGE), (table, key.name, choice.word)
