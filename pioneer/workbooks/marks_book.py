"""外部成绩表: a branch's marks of one component as a workbook: the sheet to fill in, and the checked reading of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pioneer.scoring.points import parse_points
from pioneer.workbooks.cells import plain_text
from pioneer.workbooks.reading import Limits, Sheet, column_letter, read_workbook
from pioneer.workbooks.writing import Heading, Table, write_workbook

__all__ = ["LIMITS", "MarkMistake", "MarkRow", "MarksFile", "marks_template", "read_marks"]

LIMITS = Limits(file_bytes=5 * 1024 * 1024, unpacked_bytes=64 * 1024 * 1024, rows=5_000, columns=60)
SHEET = "外部成绩"
HEADINGS = {
    "number": ("党员编号", "编号"),
    "name": ("姓名", "党员姓名"),
    "value": ("成绩", "得分", "分数", "评议得分", "测评得分"),
}
HEADER_WITHIN = 10


@dataclass(frozen=True, slots=True)
class MarkMistake:
    """一处错误: where it stands, and the sentence."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class MarkRow:
    """一行: the mark in hundredths; `place` names sheet and row."""

    place: str
    number: str
    name: str
    value: int


@dataclass(slots=True)
class MarksFile:
    """读出的成绩: the rows that hold one, and every mistake."""

    rows: list[MarkRow] = field(default_factory=list)
    mistakes: list[MarkMistake] = field(default_factory=list)


def marks_template(title: str, people: Iterable[tuple[str, str, int | None]], notes: Iterable[str]) -> bytes:
    """空表: the members with their numbers, and what waits already."""
    headings = [Heading("党员编号", width=16), Heading("姓名", width=14), Heading("成绩", "number", 12)]
    rows = [(number, name, "" if value is None else Decimal(value) / 100) for number, name, value in people]
    said = Table("填写说明", [Heading("说明", "wrapped", 80)], [(one,) for one in notes])
    return write_workbook([Table(SHEET, headings, rows, title), said])


def read_marks(content: bytes, name: str) -> MarksFile:
    """读成绩表: raises UnreadableWorkbook for what is no workbook."""
    found = MarksFile()
    for sheet in read_workbook(content, name, LIMITS).sheets:
        header = _header(sheet)
        if header is not None and not sheet.hidden:
            _read_sheet(sheet, *header, found)
            return found
    found.mistakes.append(MarkMistake("", "没有找到同时有“姓名”和“成绩”两列的表头。请下载空表，照表填写后再上传。"))
    return found


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for place, value in enumerate(row):
            text = "".join(plain_text(value).split()).split("（")[0].split("(")[0].rstrip("*：:")
            for column, spellings in HEADINGS.items():
                if text in spellings:
                    columns.setdefault(column, place)
        if {"name", "value"} <= columns.keys():
            return index, columns
    return None


def _read_sheet(sheet: Sheet, top: int, columns: dict[str, int], found: MarksFile) -> None:
    for index in range(top + 1, len(sheet.rows)):
        row = sheet.rows[index]
        cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
        if not plain_text(cells["value"]):
            continue  # a member of whom nothing is known yet
        place = f"「{sheet.name}」第{index + 1}行"
        name = plain_text(cells["name"])
        value = _points(cells["value"])
        if not name:
            found.mistakes.append(MarkMistake(f"{place}{column_letter(columns['name'])}列", "没有姓名，请补填。"))
        if value is None:
            said = f"“{plain_text(cells['value'])[:20]}”不是数字，或多于两位小数，请填如 85.5 这样的数。"
            found.mistakes.append(MarkMistake(f"{place}{column_letter(columns['value'])}列", said))
        if name and value is not None:
            found.rows.append(MarkRow(place, plain_text(cells.get("number", "")), name, value))


def _points(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    text = f"{round(value, 6):.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else plain_text(value)
    try:
        found = parse_points(unicodedata.normalize("NFKC", text).replace("−", "-").removesuffix("分"))
    except ValueError:
        return None
    return found if abs(found) <= 1_000_000 else None
