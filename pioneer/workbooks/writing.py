"""写表: writes .xlsx files that are safe to open: no cell becomes a formula, identity numbers stay text, the header
stays in view."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Literal

import xlsxwriter

__all__ = ["Heading", "Table", "write_workbook"]

Form = Literal["text", "wrapped", "number", "date"]

_FORBIDDEN_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "·"))
_LONGEST_TEXT = 32_000
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Heading:
    """列: its title, what it holds, and its width in characters (0: fitted to the title and the first rows)."""

    title: str
    form: Form = "text"
    width: float = 0


@dataclass(frozen=True, slots=True)
class Table:
    """一张表: the sheet's name, its columns and rows (a generator will do), and an optional title over the header."""

    sheet: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Any]] = field(default_factory=list)
    title: str = ""


def write_workbook(tables: Sequence[Table], *, made_on: date | None = None) -> bytes:
    """写出: the tables as one .xlsx file. Texts are written as texts, whatever they begin with. `made_on`: the day the
    file says it was made, where the same tables must give the same bytes."""
    stream = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        if made_on is not None:
            book.set_properties({"created": datetime.combine(made_on, time.min)})
        styles = _styles(book)
        taken: set[str] = set()
        for table in tables:
            _write_table(book.add_worksheet(_sheet_name(table.sheet, taken)), table, styles)
    return stream.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    """The few looks a sheet needs."""
    cell = {"valign": "vcenter", "border": 1, "border_color": "#BFB8AA"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "valign": "vcenter"}),
        "header": book.add_format({**cell, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#F3EEE4"}),
        "text": book.add_format({**cell, "num_format": "@"}),
        "wrapped": book.add_format({**cell, "num_format": "@", "text_wrap": True}),
        "number": book.add_format({**cell, "num_format": "0.##"}),
        "whole": book.add_format({**cell, "num_format": "0"}),
        "date": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
    }


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it: 31 characters, none of its forbidden ones, each name once."""
    base = wanted.translate(_FORBIDDEN_IN_SHEET_NAMES).strip(" '")[:31] or "表"
    name, count = base, 1
    while name.lower() in taken:
        count += 1
        name = f"{base[: 31 - len(str(count)) - 2]}({count})"
    taken.add(name.lower())
    return name


def _write_table(sheet: Any, table: Table, styles: dict[str, Any]) -> None:
    """Title, header and rows; the header is frozen and repeated on every printed page."""
    rows = iter(table.rows)
    first = list(islice(rows, 50))
    for column, heading in enumerate(table.headings):
        sheet.set_column(column, column, heading.width or _fitted(column, heading, first), styles[heading.form])
    top = 0
    if table.title:
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, table.title, styles["title"])
        top = 1
    for column, heading in enumerate(table.headings):
        sheet.write_string(top, column, heading.title, styles["header"])
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(0, top)
    for line, row in enumerate(chain(first, rows), top + 1):
        for column, heading in enumerate(table.headings):
            _write_cell(sheet, line, column, row[column] if column < len(row) else "", heading.form, styles)


def _write_cell(sheet: Any, line: int, column: int, value: Any, form: Form, styles: dict[str, Any]) -> None:
    """One cell: a text column holds texts whatever comes, so a number keeps all its digits."""
    if value is None or value == "":
        sheet.write_blank(line, column, None, styles[form])
    elif form == "number" and isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        style = styles["whole"] if value == value and value % 1 == 0 else styles["number"]
        sheet.write_number(line, column, value, style)
    elif form == "date" and isinstance(value, (date, datetime)) and value.year >= 1900:
        sheet.write_datetime(line, column, value, styles["date"])
    else:
        sheet.write_string(line, column, str(value)[:_LONGEST_TEXT], styles[form if form == "wrapped" else "text"])


def _fitted(column: int, heading: Heading, rows: Sequence[Sequence[Any]]) -> float:
    """A width that shows the title and the first rows; Chinese characters count double."""
    texts = [heading.title, *(str(row[column]) for row in rows if column < len(row) and row[column] is not None)]
    longest = max(sum(2 if ord(character) > 0x2E80 else 1 for character in text) for text in texts)
    return float(min(max(longest + 2, 6), _WIDEST))
