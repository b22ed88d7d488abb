"""The rulebooks that come with the program: seven whole ones, and a scenario for every shape of rule."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from pioneer.scoring import load_path, schema
from pioneer.scoring.writing import format_text, read_content
from pioneer.workbooks.score_run import Order, run_score
from tests.scoring.scenarios import ROOT, SHAPES, play, read

pytestmark = pytest.mark.pure
FOLDERS = sorted(file.parent for file in ROOT.glob("*/rulebook.toml"))
INVENTED = [folder for folder in FOLDERS if folder.name != "jiancaoping"]
SHAPE_FILES = sorted(file for file in SHAPES.glob("*.toml") if file.name != "base.toml")
FEWEST_CASES, FEWEST_SHAPES = 8, 50
FROM_ZERO = "yunxiu"
ids = [folder.name for folder in INVENTED]


def test_there_are_seven() -> None:
    assert [folder.name for folder in FOLDERS] == [
        *("chengwan", "jiancaoping", "luqu", "qingwu", "qitang", "wangtang", "yunxiu"),
    ]


@pytest.mark.parametrize("folder", INVENTED, ids=ids)
def test_an_invented_one_loads_says_so_and_passes_nothing_off_as_anybodys(folder: Path) -> None:
    outcome = load_path(folder)
    assert outcome.rulebook is not None, [str(mistake) for mistake in outcome.mistakes]
    assert outcome.rulebook.meta.code == folder.name and "虚构" in outcome.rulebook.meta.note
    text = (folder / "rulebook.toml").read_text(encoding="utf-8")
    assert "虚构" in text.split("\n")[0] and 'provenance = "source"' not in text
    head = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    assert text == f"{head}\n{format_text(text)}"


@pytest.mark.parametrize("folder", INVENTED, ids=ids)
def test_only_what_begins_at_nothing_warns_that_doing_nothing_is_the_lowest_tier(folder: Path) -> None:
    warnings = [str(warning) for warning in load_path(folder).warnings]
    assert all("没有申报、没有扣分的" in said for said in warnings)
    assert bool(warnings) == (folder.name == FROM_ZERO)


@pytest.mark.parametrize("folder", INVENTED, ids=ids)
def test_each_has_scenarios_enough_to_use_every_row(folder: Path) -> None:
    files = sorted(folder.glob("cases/*.toml"))
    rulebook = load_path(folder).rulebook
    assert rulebook is not None and len(files) >= FEWEST_CASES
    scores = [score for file in files for _, score in play(file, read(file))]
    lines = [line for score in scores for line in score.lines]
    assert set(rulebook.indicators) <= {line.indicator.code for line in lines}
    assert {row.code for row in rulebook.components} <= {line.indicator.code for line in lines}
    assert {row.code for row in rulebook.alarms} == {row.code for score in scores for row in score.alarms}
    assert {tier.code for tier in rulebook.tiers} <= {score.tier for score in scores}


def used(content: Any, names: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """Every key a content writes, named as ``schema.all_keys`` names it."""
    found: set[tuple[str, str]] = set()
    for item in content if isinstance(content, list) else [content]:
        for key, value in item.items() if isinstance(item, dict) else ():
            found.add((".".join(names), key))
            if key == "value" and isinstance(value, dict):
                found.add((".".join((*names, "value")), "shape"))
                found |= used(value, (*names, "value", value["shape"]))
            else:
                found |= used(value, (*names, key))
    return found


def test_together_they_use_every_key_of_the_format() -> None:
    written = set[tuple[str, str]]().union(
        *(used(read_content((folder / "rulebook.toml").read_bytes())) for folder in FOLDERS)
    )
    assert [f"{table} {key.name}" for table, key in schema.all_keys() if (table, key.name) not in written] == []


def test_every_shape_has_its_row_in_the_table_and_every_row_its_shape() -> None:
    text = (SHAPES / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| \[(\w+\.toml)\]\((\w+\.toml)\) \| ([^|]+) \|$", text, flags=re.M)
    titles = {file.name: read(file)["title"] for file in SHAPE_FILES}
    assert {name: title for _, name, _, title in rows} == titles and len(rows) == len(titles) >= FEWEST_SHAPES
    assert all(shown == linked for _, shown, linked, _ in rows)
    assert text.count("## ") == 6


def test_every_scenario_shows_its_sums() -> None:
    for file in [*SHAPE_FILES, *(file for folder in INVENTED for file in folder.glob("cases/*.toml"))]:
        sums = [line for line in file.read_text(encoding="utf-8").split("\n\n")[0].split("\n") if line.startswith("# ")]
        assert any(letter.isdigit() for letter in "".join(sums)), file.name


COLUMNS = ("member", "track", "indicator", "event_on", "quantity", "value", "level", "document", "status")


@pytest.mark.parametrize("folder", INVENTED, ids=ids)
def test_the_command_scores_and_explains_with_each(folder: Path, tmp_path: Path) -> None:
    rulebook = load_path(folder).rulebook
    assert rulebook is not None
    row = next(
        row for row in rulebook.of_index("reverse") if row.value and row.value.shape == "fixed" and not row.prior
    )
    facts = tmp_path / "facts.csv"
    track = rulebook.tracks[0].name if not row.tracks else row.tracks[0]
    with facts.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow({"member": "M1", "track": track, "indicator": row.code, "event_on": "2026-03-08"})
    out, err = io.StringIO(), io.StringIO()
    assert run_score(Order(folder, facts, explain=True), out, err) == 0, err.getvalue()
    assert row.name in out.getvalue() and f"（{row.clause}）" in out.getvalue() and "等次" in out.getvalue()
