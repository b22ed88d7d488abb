"""Wrong rulebooks: each file in rulebooks/wrong says on top what the loader has to print of it, word for word."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from pioneer.scoring import Engine, Rulebook, load_path, load_text
from pioneer.scoring.supplements import load_supplement_path
from tests.scoring.conftest import RULEBOOK, rulebook_of
from tests.scoring.scenarios import ROOT

pytestmark = pytest.mark.pure
WRONG = sorted((ROOT / "wrong").glob("*.toml"))
SUPPLEMENTS = sorted((ROOT / "wrong" / "supplements").glob("*.toml"))
SAYS, FOR, WHY = "# 应报：", "# 办法：", "# 错处："
SCORING = Path(load_path.__code__.co_filename).parent
FEWEST, MOST_AT_ONCE = 60, 10
LOADING = ("reader", "sections", "rows", "closing_rows", "consistency", "closing_checks", "loader", "supplements")
# a path that leads nowhere, two million letters, and what the tracer doesn't survive to see
NOT_FROM_A_FILE = ("读不到", "文件过大", "Mistake(place, line, message)", "过深的嵌套")


def head(file: Path, begins: str) -> list[str]:
    lines = file.read_bytes().decode("utf-8", "replace").split("\n")
    return [line.removeprefix(begins) for line in lines if line.startswith(begins)]


def printed(file: Path) -> list[str]:
    """What is said of a file: a rulebook, or a branch's supplement to the rulebook it names."""
    if file in WRONG:
        return [str(mistake) for mistake in load_path(file).mistakes]
    (name,) = head(file, FOR)
    base = load_path(ROOT / name).rulebook
    assert base is not None
    return [str(mistake) for mistake in load_supplement_path(file, base).mistakes]


@pytest.mark.parametrize("file", [*WRONG, *SUPPLEMENTS], ids=lambda file: str(file.stem))
def test_exactly_what_is_wrong_is_said(file: Path) -> None:
    assert head(file, WHY)
    assert printed(file) == head(file, SAYS) != []


def test_there_are_many_and_each_has_one_mistake_but_one() -> None:
    assert len(WRONG) >= FEWEST
    several = {file.stem: len(head(file, SAYS)) for file in WRONG if len(head(file, SAYS)) > 1}
    assert list(several) == ["many_at_once"] and several["many_at_once"] >= MOST_AT_ONCE


def test_the_line_said_is_one_with_something_in_it() -> None:
    without = set()
    for file in WRONG:
        lines = file.read_bytes().decode("utf-8", "replace").split("\n")
        for said in head(file, SAYS):
            found = re.match(r"第(\d+)行", said)
            if found is None:
                without.add(file.stem)
            else:
                line = lines[int(found[1]) - 1]
                assert line.strip() and not line.startswith("#"), (file.stem, said)
    assert without == {"table_missing", "tiers_missing", "tracks_missing", "too_deep"}


# ---------------------------------------------------------------- nothing the loader may say is left out


def sayings(module: str) -> dict[tuple[str, int], str]:
    """Every place in a module where a mistake is noted: file and line, with its text."""
    file = SCORING / f"{module}.py"
    source = file.read_text(encoding="utf-8")
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "note",
            "Mistake",
        ):
            found[str(file), node.lineno] = ast.get_source_segment(source, node) or ""
    return found


def lines_run(work: Callable[[], Any], files: Iterable[str]) -> set[tuple[str, int]]:
    """The lines of ``files`` that ``work`` runs through."""
    watched, seen = set(files), set()

    def tracer(frame: FrameType, event: str, _: object) -> Any:
        name = frame.f_code.co_filename
        if name not in watched:
            return None
        seen.add((name, frame.f_lineno))
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work()
    finally:
        sys.settrace(before)
    return seen


def test_every_sentence_of_the_loader_is_said_of_some_file() -> None:
    wanted = {place: text for module in LOADING for place, text in sayings(module).items()}
    assert len(wanted) > FEWEST
    files = {file for file, _ in wanted}
    seen = {place for file in (*WRONG, *SUPPLEMENTS) for place in lines_run(partial(printed, file), files)}
    unsaid = {place: text for place, text in wanted.items() if place not in seen}
    assert not {p: text for p, text in unsaid.items() if not any(known in text for known in NOT_FROM_A_FILE)}


def test_what_no_small_file_can_show(tmp_path: Path) -> None:
    assert "过深的嵌套" in printed(ROOT / "wrong" / "too_deep.toml")[0]
    (mistake,) = load_text("a" + ".a" * 200 + " = 1").mistakes
    assert "过深的嵌套" in mistake.message
    assert [str(row) for row in load_text("#" * 2_000_001).mistakes] == ["全文：文件过大，不像是一部积分办法"]
    (mistake,) = load_path(tmp_path / "none.toml").mistakes
    assert "读不到" in mistake.message and "请核对路径" in mistake.message
    (mistake,) = load_supplement_path(tmp_path / "none.toml", rulebook_of()).mistakes
    assert "读不到" in mistake.message


# ---------------------------------------------------------------- two versions


def version(number: str, start: str, end: str = "") -> Rulebook:
    until = f"\nvalid_to = {end}" if end else ""
    return rulebook_of(
        ('version = "1"', f'version = "{number}"'), ("valid_from = 2019-01-01", f"valid_from = {start}{until}")
    )


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (("1", "2026-01-01", "2026-07-01"), ("2", "2026-07-01")),
        (("1", "2026-01-01", "2026-12-31"), ("2", "2026-07-01")),
        (("1", "2026-01-01"), ("2", "2026-01-01")),
    ],
)
def test_two_versions_may_not_hold_on_the_same_day(earlier: tuple[str, ...], later: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="版本1与版本2的有效期重叠，请给前者写明早于后者起始日的截止日"):
        Engine([version(*earlier), version(*later)])


def test_the_shipped_file_beside_them_is_right() -> None:
    assert load_path(RULEBOOK).mistakes == ()
