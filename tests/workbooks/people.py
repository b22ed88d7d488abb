"""Invented people for rosters: identity numbers with the never-issued serial 000, workbooks built cell by cell."""

import io
from datetime import date
from typing import Any

import xlsxwriter

from pioneer.kernel.identity import check_digit
from pioneer.workbooks.reading import Workbook, read_workbook
from pioneer.workbooks.roster import Layout, RosterRow, Skipped, guess_layout, parse_roster

TODAY = date(2026, 4, 1)
PHONE = "10000000001"


def number(born: str = "19870315", region: str = "140108") -> str:
    """A valid identity number nobody has."""
    front = f"{region}{born}000"
    return front + check_digit(front)


def xlsx(sheets: dict[str, list[list[Any]]], merged: dict[str, list[str]] | None = None, hidden: str = "") -> bytes:
    """A workbook; dates become date cells, numbers numbers; `merged` names ranges such as J2:J9 per sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd", "strings_to_numbers": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(line, column, value)
                    elif value is not None:
                        sheet.write(line, column, value)
            for place in (merged or {}).get(name, []):
                corner = place.split(":")[0]
                column, line = ord(corner[0]) - 65, int(corner[1:]) - 1
                sheet.merge_range(place, rows[line][column])
            if name == hidden:
                sheet.hide()
    return stream.getvalue()


def opened(rows: list[list[Any]], *, merged: list[str] | None = None, sheet: str = "花名册") -> Workbook:
    """A workbook of one sheet, through a real file."""
    return read_workbook(xlsx({sheet: rows}, {sheet: merged or []}), "花名册.xlsx")


def read(
    rows: list[list[Any]], *, merged: list[str] | None = None, sheet: str = "花名册"
) -> tuple[list[RosterRow], list[Skipped], Layout]:
    """What one sheet of these rows comes to."""
    return read_all(opened(rows, merged=merged, sheet=sheet))


def read_all(workbook: Workbook) -> tuple[list[RosterRow], list[Skipped], Layout]:
    """What a workbook comes to, with the layout guessed."""
    skipped: list[Skipped] = []
    layout = guess_layout(workbook)
    return list(parse_roster(workbook, layout, today=TODAY, skipped=skipped)), skipped, layout


def codes(row: RosterRow) -> set[str]:
    """The codes of a row's mistakes."""
    return {mistake.code for mistake in row.mistakes}
