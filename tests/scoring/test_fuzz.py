"""Whatever a file holds: loading, checking, formatting, comparing, converting end in sentences, never a traceback."""

from __future__ import annotations

import io
from argparse import Namespace
from pathlib import Path

import pytest

from pioneer.jobs.rulebook_commands import SUBCOMMANDS, run
from pioneer.scoring import load_text
from pioneer.scoring.comparison import compare
from pioneer.scoring.writing import NotToml, format_text, read_content
from pioneer.workbooks.rulebook_book import NotForExcel, rulebook_to_excel
from pioneer.workbooks.rulebook_reading import read_rulebook_excel
from tests.scoring.everything import contents
from tests.scoring.mutations import spoilt

pytestmark = pytest.mark.pure
CHECK = next(sub for sub in SUBCOMMANDS if sub.name == "check")
BOUNDED, CAMPAIGN = 120, 5_000


def hold(seed: int, file: Path) -> None:
    """One spoilt file through everything that reads one."""
    data = spoilt(seed)
    outcome = load_text(data)
    assert (outcome.rulebook is None) == bool(outcome.mistakes), seed
    file.write_bytes(data)
    out, err = io.StringIO(), io.StringIO()
    code = run(CHECK, Namespace(files=[file]), out, err)
    assert code == (1 if outcome.mistakes else 0), seed
    said = out.getvalue().splitlines()
    assert len(said) == len(outcome.mistakes) + len(outcome.warnings) + (code == 0), seed
    try:
        content = read_content(data)
        text = format_text(content)
    except NotToml:
        return
    assert format_text(text) == text, seed
    again = load_text(text)
    assert (again.rulebook is None) == (outcome.rulebook is None), seed
    compare(contents()[0], content)
    compare(content, contents()[1])
    assert compare(content, read_content(text)) == () or "nan" in text, seed
    try:
        book = rulebook_to_excel(content)
    except NotForExcel:
        return
    back = read_rulebook_excel(book)
    assert back.mistakes == () and back.content is not None, (seed, back.mistakes[:2])
    assert format_text(back.content) == text, seed


@pytest.mark.parametrize("part", range(4))
def test_spoilt_files_end_in_sentences(part: int, tmp_path: Path) -> None:
    for seed in range(part, BOUNDED, 4):
        hold(seed, tmp_path / "rulebook.toml")


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(20))
def test_many_spoilt_files_end_in_sentences(part: int, tmp_path: Path) -> None:
    for seed in range(part, CAMPAIGN, 20):
        hold(seed, tmp_path / "rulebook.toml")
