"""Whatever an Excel file holds, reading it as a rulebook ends in a rulebook or in sentences, never a traceback."""

from __future__ import annotations

import io
import random
import zipfile
from argparse import Namespace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from pioneer.jobs.rulebook_commands import SUBCOMMANDS, run
from pioneer.workbooks.boundaries import UnreadableWorkbook
from pioneer.workbooks.rulebook_book import rulebook_to_excel
from pioneer.workbooks.rulebook_reading import read_rulebook_excel
from tests.scoring.everything import contents
from tests.workbooks.test_rulebook_book import book_of, sheets_of

pytestmark = pytest.mark.pure
CHECK, TOML = (next(sub for sub in SUBCOMMANDS if sub.name == name) for name in ("check", "toml"))
WHOLE = rulebook_to_excel(contents()[0])
SHEETS = sheets_of(WHOLE)
CELLS: list[Any] = [
    *("", " ", "（空）", "[]", '"', '""', '"\\ud800"', '"\\u0000"', "=1/0", "；；", "a=b=c", "=65", "rural="),
    *(0, -1, 1.5, 1e300, 0.1 + 0.2, True, False, "x" * 20_000, "１２．５", "\ufeff", "\n\n", "rural", "N1"),
    *(datetime(2026, 1, 3, 12, 30), date(1900, 1, 1), time(1, 2, 3), "指标编号", "code", "value.shape", "9" * 20),
    *("1/0", "1e999", "nth", "是", "每次固定"),
]  # fmt: skip


def spoilt(seed: int) -> bytes:
    """One spoilt workbook: cells, rows and columns exchanged, or the bytes of the file itself."""
    chance = random.Random(seed)
    if chance.random() < 0.25:
        data = bytearray(WHOLE)
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data[: chance.randrange(1, len(data))]) if chance.random() < 0.3 else bytes(data)
    if chance.random() < 0.2:
        return _with_spoilt_part(chance)
    sheets = {name: [list(row) for row in rows] for name, rows in SHEETS.items()}
    for _ in range(chance.choice((1, 3, 10, 60))):
        name = chance.choice([name for name in sheets if name != "说明"] or ["x"])
        rows = sheets.setdefault(name, [])
        act = chance.random()
        if act < 0.6 and rows:
            row = chance.choice(rows)
            row[chance.randrange(len(row)) : chance.randrange(len(row)) + 1] = [chance.choice(CELLS)]
            row.extend([""] * (not row))
        elif act < 0.7 and rows:
            del rows[chance.randrange(len(rows))]
        elif act < 0.8:
            rows.insert(chance.randrange(len(rows) + 1), [chance.choice(CELLS) for _ in range(8)])
        elif act < 0.9:
            chance.shuffle(rows)
        else:
            sheets[chance.choice(["草稿", "positive", "反向指标 ", "steps"])] = sheets.pop(name)
    return book_of(sheets)


def _with_spoilt_part(chance: random.Random) -> bytes:
    """The archive is whole, the XML of a sheet or of the texts is not."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as old, zipfile.ZipFile(stream, "w") as new:
        parts = [name for name in old.namelist() if name.endswith(".xml")]
        wrong = chance.choice(parts)
        for name in old.namelist():
            data = bytearray(old.read(name))
            if name == wrong and data:
                for _ in range(chance.choice((1, 5))):
                    place = chance.randrange(len(data))
                    data[place : place + chance.randrange(3)] = bytes([chance.randrange(256)])
            new.writestr(name, bytes(data))
    return stream.getvalue()


def hold(seed: int, folder: Path) -> None:
    """One spoilt workbook through reading, checking and converting."""
    data = spoilt(seed)
    file = folder / "spoilt.xlsx"
    file.write_bytes(data)
    for sub in (CHECK, TOML):
        out, err = io.StringIO(), io.StringIO()
        code = run(sub, Namespace(files=[file], file=file, out=folder / "out.toml"), out, err)
        assert code == 0 or (code == 1 and out.getvalue() + err.getvalue()), seed
    try:
        book = read_rulebook_excel(data)
    except UnreadableWorkbook as refusal:
        assert refusal.message  # noqa: PT017 the sentence is what is asked for
        return
    assert (book.content is None) == bool(book.mistakes), seed
    outcome = book.outcome()
    assert (outcome.rulebook is None) == bool(outcome.mistakes), seed


def test_spoilt_workbooks_end_in_sentences(tmp_path: Path) -> None:
    for seed in range(30):
        hold(seed, tmp_path)


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(8))
def test_many_spoilt_workbooks_end_in_sentences(part: int, tmp_path: Path) -> None:
    for seed in range(part, 400, 8):
        hold(seed, tmp_path)
