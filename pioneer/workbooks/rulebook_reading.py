"""读积分办法工作簿: an Excel file back to a rulebook's content, in any order of sheets and columns.

Every mistake of the file is listed in one run with its sheet, row and column; where there is one, nothing is read.

    book = read_rulebook_excel(bytes or path)     # raises UnreadableWorkbook where it is no workbook at all
    book.content                                  # None where there are mistakes
    book.outcome()                                # what the loader says of it, each sentence at its cell
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pioneer.scoring import Outcome, load_text
from pioneer.scoring.model import Mistake
from pioneer.scoring.schema import point
from pioneer.scoring.writing import Content, format_text
from pioneer.workbooks.reading import Sheet, column_letter, read_workbook
from pioneer.workbooks.rulebook_book import column_of, times_key
from pioneer.workbooks.rulebook_cells import EMPTY, WrongCell, decode
from pioneer.workbooks.rulebook_layout import HELP_SHEET, INDICATORS, Column, Grid, grid_named, grids

__all__ = ["ReadBook", "read_rulebook_excel"]

_HEADER_WITHIN = 6
_SEVERAL = re.compile(r"[；;、，,\s]")


@dataclass(slots=True)
class ReadBook:
    """读出的工作簿: the content, or the mistakes; ``rows`` say on which sheet and row each table of it stands."""

    content: Content | None
    mistakes: tuple[Mistake, ...]
    rows: dict[str, tuple[Grid, int]] = field(default_factory=dict)

    def outcome(self) -> Outcome:
        """核对: the rulebook, or all mistakes; the loader's sentences point to cells."""
        if self.content is None:
            return Outcome(None, self.mistakes)
        found = load_text(format_text(self.content))
        mistakes, warnings = (tuple(map(self._at_cell, some)) for some in (found.mistakes, found.warnings))
        return Outcome(found.rulebook, mistakes, warnings)

    def _at_cell(self, mistake: Mistake) -> Mistake:
        """A sentence of the loader at the cell it speaks of."""
        place, rest = mistake.place, ""
        while place not in self.rows:
            place, _, last = place.rpartition(".")
            rest = f"{last}.{rest}" if rest else last
            if not place:
                return Mistake(mistake.place, 0, mistake.message, mistake.level)
        grid, row = self.rows[place]
        names = tuple(re.sub(r"\[\d+\]$", "", name) for name in rest.split(".") if name)
        column = column_of(grid, names)
        return Mistake(
            _place(grid.name, row, column.title if column else ".".join(names)), 0, mistake.message, mistake.level
        )


def _place(sheet: str, row: int, title: str = "") -> str:
    return f"工作表「{sheet}」第{row}行{f'“{title}”' if title else ''}"


def read_rulebook_excel(source: str | os.PathLike[str] | bytes, name: str = "") -> ReadBook:
    """读入 Excel: every sheet; raises UnreadableWorkbook where the file cannot be opened."""
    return _Reading().book(read_workbook(source, name).sheets)


@dataclass(frozen=True, slots=True)
class _Row:
    """One filled row of a sheet: its number, and the cells under the columns that were found."""

    number: int
    cells: dict[tuple[str, ...], tuple[Any, str]]


class _Reading:
    """读表过程."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.content: Content = {}
        self.rows: dict[str, tuple[Grid, int]] = {}
        self._owners: dict[str, tuple[str, dict[str, Any]]] = {}
        self._twice: set[str] = set()

    def book(self, sheets: Sequence[Sheet]) -> ReadBook:
        """Every sheet: first the tables, then what belongs to their rows."""
        known: dict[str, Sheet] = {}
        for sheet in sheets:
            grid = grid_named(sheet.name)
            filled = any(cell != "" for row in sheet.rows for cell in row)
            if grid is None and sheet.name.strip() != HELP_SHEET and filled:
                names = "、".join(one.name for one in grids())
                self._note(f"工作表「{sheet.name}」", f"不认识这张工作表，请删去或改名；可用的名称：{names}")
            elif grid is not None and grid.name in known and filled:
                self._note(f"工作表「{sheet.name}」", f"与另一张同是“{grid.name}”，请删去其一")
            elif grid is not None:
                known[grid.name] = sheet
        if not known and not self.mistakes:
            self._note("全文", "没有找到积分办法的工作表，请用 pioneer rulebook excel 导出后再改")
        for grid in sorted(grids(), key=lambda grid: bool(grid.owned)):
            if grid.name in known:
                self._sheet(grid, known[grid.name])
        content = None if self.mistakes else self.content
        return ReadBook(content, tuple(self.mistakes), self.rows)

    def _note(self, place: str, message: str) -> None:
        self.mistakes.append(Mistake(place, 0, message))

    # ------------------------------------------------------------ one sheet

    def _sheet(self, grid: Grid, sheet: Sheet) -> None:
        rows = list(self._rows(grid, sheet))
        if grid.owned:
            for row in rows:
                self._own(grid, row)
        elif grid.selector:
            for row in rows:
                self._select(grid, row)
        elif grid.many:
            self._many(grid, rows)
        elif rows:
            for row in rows[1:]:
                self._note(_place(grid.name, row.number), "这张表只能有一行，请删去")
            self.rows[grid.top] = (grid, rows[0].number)
            self.content[grid.top] = self._table(grid, rows[0])

    def _rows(self, grid: Grid, sheet: Sheet) -> Iterator[_Row]:
        """The filled rows below the header; what stands outside known columns is a mistake."""
        if not any(cell != "" for row in sheet.rows for cell in row):
            return
        header = self._header(grid, sheet)
        if header is None:
            return
        first, columns = header
        for number, cells in enumerate(sheet.rows[first:], first + 1):
            filled = {place: cell for place, cell in enumerate(cells) if decodable(cell)}
            strays = [place for place in filled if place not in columns]
            for place in strays:
                self._note(_place(grid.name, number), f"{column_letter(place)}列没有表头，请补上表头或删去这一格")
            found = {columns[place].path: (filled[place], columns[place].title) for place in filled if place in columns}
            if found:
                yield _Row(number, found)

    def _header(self, grid: Grid, sheet: Sheet) -> tuple[int, dict[int, Column]] | None:
        """The number of the first row below the header, and which column is which."""
        names: dict[str, Column] = {}
        for column in grid.columns:
            names[_plain(column.title)] = names[_plain(column.name)] = column
        best, columns = -1, dict[int, Column]()
        for number, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
            found = {place: names[_plain(cell)] for place, cell in enumerate(cells) if _plain(cell) in names}
            if len(found) > len(columns):
                best, columns = number, found
        if not columns:
            self._note(
                f"工作表「{grid.name}」", f"找不到表头，请在第一行写：{'、'.join(c.title for c in grid.columns[:6])}……"
            )
            return None
        after = best + 1
        if after < len(sheet.rows):
            second = {place: names.get(_plain(cell)) for place, cell in enumerate(sheet.rows[after]) if _plain(cell)}
            if second and all(second.values()):
                after += 1
                columns.update({place: column for place, column in second.items() if column and place not in columns})
        self._check_header(grid, sheet.rows[best], best, columns)
        return after, columns

    def _check_header(self, grid: Grid, cells: Sequence[Any], number: int, columns: dict[int, Column]) -> None:
        seen: set[tuple[str, ...]] = set()
        for place, column in sorted(columns.items()):
            if column.path in seen:
                self._note(
                    _place(grid.name, number + 1, column.title), f"{column_letter(place)}列与前面的列重复，请删去其一"
                )
            seen.add(column.path)
        for place, cell in enumerate(cells):
            if place not in columns and _plain(cell):
                self._note(
                    _place(grid.name, number + 1),
                    f"{column_letter(place)}列“{str(cell).strip()[:40]}”不是这张表的列，请改正或删去整列；"
                    f"可用的列：{'、'.join(one.title for one in grid.columns)}",
                )

    # ------------------------------------------------------------ one row

    def _table(self, grid: Grid, row: _Row, skip: tuple[str, ...] = ()) -> dict[str, Any]:
        """A row as a table: caps and value become tables within it."""
        table: dict[str, Any] = {}
        for column in grid.columns:
            if column.path not in row.cells or column.path == skip:
                continue
            cell, title = row.cells[column.path]
            outer = column.path[0] if len(column.path) > 1 else ""
            if outer == "caps" and isinstance(cell, str) and cell.strip() == EMPTY:
                table.setdefault(outer, {})
                continue
            try:
                value = decode(self._key(column, cell, row), cell)
            except WrongCell as wrong:
                self._note(_place(grid.name, row.number, title), str(wrong))
                continue
            into = table.setdefault(outer, {}) if outer else table
            into[column.path[-1]] = value
        return table

    @staticmethod
    def _key(column: Column, cell: object, row: _Row) -> Any:
        """Points of a value are a list where the value goes by the number of times, or where several are written."""
        if column.path == ("value", "points"):
            shape = str(row.cells.get(("value", "shape"), ("", ""))[0]).strip()
            if shape in ("nth", "按次数递进") or (isinstance(cell, str) and _SEVERAL.search(cell.strip())):
                return times_key(column.key)
        return column.key

    def _many(self, grid: Grid, rows: Sequence[_Row]) -> None:
        """The rows of an array of tables; a single （空） says that it is there and has none."""
        if len(rows) == 1 and [str(cell).strip() for cell, _ in rows[0].cells.values()] == [EMPTY]:
            self.content[grid.top] = []
            return
        tables = []
        for number, row in enumerate(rows):
            table = self._table(grid, row)
            self.rows[point((grid.top, number))] = (grid, row.number)
            tables.append(table)
            if grid.top in INDICATORS:
                self._remember(table, point((grid.top, number)))
        if tables:
            self.content[grid.top] = tables

    def _remember(self, table: dict[str, Any], place: str) -> None:
        """An indicator's code, for the steps and multipliers that belong to it."""
        code = table.get("code")
        if not isinstance(code, str):
            return
        if code in self._owners:
            self._twice.add(code)
        self._owners[code] = (place, table)

    def _select(self, grid: Grid, row: _Row) -> None:
        """A row of a sheet that holds several tables."""
        which = grid.columns[0]
        name = None
        if which.path in row.cells:
            try:
                name = decode(which.key, row.cells[which.path][0])
            except WrongCell as wrong:
                self._note(_place(grid.name, row.number, which.title), str(wrong))
                return
        if name is None:
            self._note(_place(grid.name, row.number, which.title), "没有写明是哪一项，请补填")
            return
        inner = self.content.setdefault(grid.top, {})
        if name in inner:
            self._note(_place(grid.name, row.number, which.title), "这一项写了两次，请删去其一")
            return
        self.rows[point((grid.top, str(name)))] = (grid, row.number)
        inner[name] = self._table(grid, row, which.path)

    def _own(self, grid: Grid, row: _Row) -> None:
        """A step or a multiplier: into the table of its indicator."""
        owner = row.cells.get(("indicator",), ("", ""))[0]
        try:
            code = decode(grid.columns[0].key, owner)
        except WrongCell as wrong:
            self._note(_place(grid.name, row.number, "指标编号"), str(wrong))
            return
        if not isinstance(code, str) or code not in self._owners:
            said = f"没有指标“{code}”，请改正" if code else "没有写明属于哪个指标，请补填"
            self._note(_place(grid.name, row.number, "指标编号"), said)
            return
        if code in self._twice:
            self._note(
                _place(grid.name, row.number, "指标编号"), f"编号“{code}”用于几个指标，不知属于哪一个，请改正编号"
            )
            return
        place, table = self._owners[code]
        into = table.setdefault("value", {}) if grid.owned == "steps" else table
        steps = into.setdefault(grid.owned, [])
        rest = [str(cell).strip() for path, (cell, _) in row.cells.items() if path != ("indicator",)]
        if rest == [EMPTY] and grid.owned == "multipliers":
            return
        outer = "value." if grid.owned == "steps" else ""
        self.rows[f"{place}.{outer}{grid.owned}[{len(steps) + 1}]"] = (grid, row.number)
        steps.append(self._table(grid, row, ("indicator",)))


def decodable(cell: object) -> bool:
    """有内容: something stands in the cell."""
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip(" \t\r\n\u3000\u00a0\u200b\ufeff")))


def _plain(cell: object) -> str:
    """A heading without spaces, as it is compared."""
    return "".join(str(cell).split()).lower() if isinstance(cell, str) else ""
