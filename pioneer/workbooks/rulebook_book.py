"""积分办法工作簿: a rulebook's content as an Excel file that somebody who knows no TOML can read and change.

rulebook_to_excel(content) -> bytes                 # raises NotForExcel with every place no sheet can hold
read_rulebook_excel(bytes or path) -> ReadBook      # pioneer.workbooks.rulebook_reading, the way back
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import xlsxwriter

from pioneer.scoring import schema
from pioneer.scoring.model import Mistake
from pioneer.scoring.schema import Key
from pioneer.workbooks.rulebook_cells import EMPTY, WrongCell, encode
from pioneer.workbooks.rulebook_layout import HELP_SHEET, INDICATORS, OWNED, Column, Grid, grids

__all__ = ["NotForExcel", "rulebook_to_excel", "times_key"]

_ROWS_TO_COME = 500
_WIDTHS = {
    "text": 28, "code": 14, "reference": 14, "points": 11, "whole": 11, "flag": 9, "day": 13, "choice": 16, "words": 30,
    "references": 18, "choices": 40, "points_list": 16, "points_by_track": 24, "share": 10,
}  # fmt: skip
_NARROW_TEXTS = {"unit": 10, "clause": 16, "version": 10, "by": 14}
_LONGEST_LIST = 250
_HELP = (
    "这是一部积分办法。每张工作表是办法的一章，一行是一项；前两行是表头，请不要删除。",
    "空着的单元格表示“没有写”，按默认处理；列表、文字确实要写成空的，写（空）。",
    "一格里有几项的，用；隔开。分类别的分值写作 类别编号=数，如 rural=65；community=62.5。",
    "数字最多两位小数；扣分也写正数。日期写作 2026-01-01。",
    "按级别、分档计分的各级各档写在“级别与档次”，加倍情形写在“加倍情形”，都用指标编号对应。",
    "各列的含义见表头的批注；完整说明见 docs/rulebook.md。改好后用 pioneer rulebook check 核对。",
)


class NotForExcel(ValueError):
    """放不进表格: what no sheet can hold, all of it; ``mistakes`` are sentences with their places."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("；".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def rulebook_to_excel(content: Mapping[str, Any]) -> bytes:
    """写成 Excel: every sheet of the format, filled with what the content says."""
    laying = _Laying(content)
    rows = {grid.name: laying.rows(grid) for grid in grids()}
    laying.note_strangers()
    if laying.mistakes:
        raise NotForExcel(laying.mistakes)
    return _write(rows)


def times_key(key: Key) -> Key:
    """各次分值: the points of a value as a list, for values by their number of times."""
    return replace(key, kind="points_list")


# ---------------------------------------------------------------- content to rows


class _Laying:
    """铺表: the rows of each sheet, and what they cannot hold."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.mistakes: list[Mistake] = []
        self._owned: dict[str, list[list[object]]] = {name: [] for name in OWNED}
        self._owners: set[str] = set()

    def _note(self, path: schema.Place, message: str) -> None:
        self.mistakes.append(Mistake(schema.point(path), 0, message))

    def note_strangers(self) -> None:
        """What stands at the top of the content and is no table of the format."""
        for name in self.content:
            if name not in schema.top_order():
                self._note((name,), "不认识这张表，表格里没有它的位置，请删去或改正")

    def rows(self, grid: Grid) -> list[list[object]]:
        """The rows of one sheet."""
        if grid.owned:
            return self._owned[grid.owned]
        if grid.top not in self.content:
            return []
        value = self.content[grid.top]
        if grid.selector:
            return self._selected(grid, value)
        if not grid.many:
            return [self._row(grid, (grid.top,), value)]
        if not isinstance(value, list):
            self._note((grid.top,), "须为多张表，请先改正")
            return []
        return [self._row(grid, (grid.top, number), row) for number, row in enumerate(value)] or [[EMPTY]]

    def _selected(self, grid: Grid, value: object) -> list[list[object]]:
        rows = []
        if not isinstance(value, Mapping) or not value:
            self._note((grid.top,), "须为一张有内容的表，请先改正")
            return []
        order = [choice.word for choice in grid.columns[0].key.choices]
        for name in sorted(value, key=lambda name: order.index(name) if name in order else len(order)):
            if name not in order:
                self._note((grid.top, name), "不认识这一项，表格里没有它的位置，请删去或改正")
                continue
            row = self._row(grid, (grid.top, name), value[name])
            rows.append([grid.columns[0].key.label_of(name), *row[1:]])
        return rows

    def _row(self, grid: Grid, path: schema.Place, table: object) -> list[object]:
        """One table as the cells of a row."""
        if not isinstance(table, Mapping) or not table:
            self._note(path, "须为一张有内容的表，请先改正")
            return []
        cells: dict[tuple[str, ...], object] = {}
        for name, value in table.items():
            if name in OWNED and grid.top in INDICATORS:
                self._own(name, path, table, value)
            elif name in ("caps", "value") and grid.column((name,)) is None:
                self._inner(grid, (*path, name), name, table, value, cells)
            else:
                self._cell(grid, (*path, name), (name,), value, cells)
        return [cells.get(column.path, "") for column in grid.columns]

    def _inner(
        self,
        grid: Grid,
        path: schema.Place,
        name: str,
        table: Mapping[str, Any],
        value: object,
        cells: dict[tuple[str, ...], object],
    ) -> None:
        """Caps or a value: a column for each key in it."""
        if not isinstance(value, Mapping) or (name == "value" and not value):
            self._note(path, "须为一张有内容的表，请先改正")
            return
        if not value:
            first = next((column for column in grid.columns if column.path[0] == name), None)
            if first is not None:
                cells[first.path] = EMPTY
        for inner, item in value.items():
            if inner in OWNED:
                self._own(inner, path, table, item)
            else:
                times = inner == "points" and value.get("shape") == "nth"
                self._cell(grid, (*path, inner), (name, inner), item, cells, times)

    def _cell(
        self,
        grid: Grid,
        path: schema.Place,
        at: tuple[str, ...],
        value: object,
        cells: dict[tuple[str, ...], object],
        times: bool = False,
    ) -> None:
        column = grid.column(at)
        if column is None or (grid.selector and column is grid.columns[0]):
            self._note(path, "不认识这一项，表格里没有它的位置，请删去或改正")
            return
        try:
            cells[at] = encode(times_key(column.key) if times else column.key, value)
        except WrongCell as wrong:
            self._note(path, str(wrong))

    def _own(self, name: str, path: schema.Place, table: Mapping[str, Any], value: object) -> None:
        """Steps or multipliers of an indicator: rows of a sheet of their own, which find it by its code."""
        owner = table.get("code")
        codes = [
            row.get("code") for top in INDICATORS for row in _listed(self.content.get(top)) if isinstance(row, Mapping)
        ]
        if not isinstance(owner, str) or not owner.strip() or codes.count(owner) != 1:
            self._note(path, "有级别、档次或加倍情形的指标须有不重复的编号，请先改正")
        if not isinstance(value, list) or not (value or name == "multipliers"):
            self._note((*path, name), "须为多张表，请先改正")
            return
        grid = next(grid for grid in grids() if grid.owned == name)
        rows = self._owned[name]
        if not value:
            rows.append([owner, EMPTY])
        for number, row in enumerate(value):
            rows.append([owner, *self._row(grid, (*path, name, number), row)[1:]])


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


# ---------------------------------------------------------------- rows to a file


def _write(rows: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """The workbook: a page of instructions, then a sheet for every table."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        styles = _styles(book)
        sheet = book.add_worksheet(HELP_SHEET)
        sheet.set_column(0, 0, 100)
        for line, sentence in enumerate(_HELP):
            sheet.write_string(line, 0, sentence, styles["wrapped"])
        for grid in grids():
            _write_grid(book.add_worksheet(grid.name), grid, rows[grid.name], styles)
    return stream.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    cell = {"valign": "vcenter", "border": 1, "border_color": "#BFB8AA"}
    head = {**cell, "align": "center", "bg_color": "#F3EEE4"}
    return {
        "title": book.add_format({**head, "bold": True, "text_wrap": True}),
        "key": book.add_format({**head, "font_size": 9, "font_color": "#5F5A50"}),
        "text": book.add_format({**cell, "num_format": "@", "text_wrap": True}),
        "wrapped": book.add_format({"num_format": "@", "text_wrap": True, "valign": "vcenter"}),
        "number": book.add_format({**cell, "num_format": "General"}),
        "date": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
        "text_column": book.add_format({"num_format": "@"}),
        "date_column": book.add_format({"num_format": "yyyy-mm-dd"}),
    }


def _write_grid(sheet: Any, grid: Grid, rows: Sequence[Sequence[object]], styles: dict[str, Any]) -> None:
    """Two header rows, frozen; the columns' widths, forms and lists of choices; the rows."""
    sheet.set_row(0, 32)
    sheet.freeze_panes(2, 2 if grid.many and len(grid.columns) > 2 else 0)
    last = 2 + max(len(rows), 1 if not grid.many else _ROWS_TO_COME)
    for place, column in enumerate(grid.columns):
        key = column.key
        form = {"points": None, "whole": None, "day": styles["date_column"]}.get(key.kind, styles["text_column"])
        width = max(_NARROW_TEXTS.get(key.name, _WIDTHS[key.kind]), min(2 * len(column.title) + 2, 24))
        sheet.set_column(place, place, width, form)
        sheet.write_string(0, place, column.title, styles["title"])
        sheet.write_string(1, place, column.name, styles["key"])
        sheet.write_comment(0, place, _comment(key), {"x_scale": 2, "font_size": 10})
        for options in _validation(key):
            sheet.data_validation(2, place, last, place, options)
    for line, row in enumerate(rows, 2):
        for place in range(len(grid.columns)):
            _write_cell(sheet, line, place, row[place] if place < len(row) else "", styles)


def _comment(key: Key) -> str:
    must = "必填。" if key.required else key.needed or "可不填。"
    return f"{key.meaning}{must}"


def _validation(key: Key) -> Iterator[dict[str, Any]]:
    """A list of the words a cell may hold; codes of other tables are proposed, not forced."""
    if key.kind in ("choice", "flag"):
        labels = [choice.label for choice in key.choices] if key.kind == "choice" else ["是", "否"]
        if len(",".join(labels)) <= _LONGEST_LIST:
            yield {
                "validate": "list",
                "source": labels,
                "error_title": "请选一项",
                "error_message": "请从列表里选一项。",
            }
    elif key.kind == "text" and key.choices:
        yield {"validate": "list", "source": [choice.word for choice in key.choices], "error_type": "information"}
    elif key.kind == "reference" and key.refers not in ("", "indicators"):
        target = next(grid for grid in grids() if grid.top == key.refers)
        source = f"='{target.name}'!$A$3:$A${2 + _ROWS_TO_COME}"
        yield {"validate": "list", "source": source, "error_type": "information"}


def _write_cell(sheet: Any, line: int, place: int, value: object, styles: dict[str, Any]) -> None:
    if value == "" or value is None:
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(line, place, value, styles["number"])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, styles["date"])
    else:
        sheet.write_string(line, place, str(value), styles["text"])


def column_of(grid: Grid, path: tuple[str, ...]) -> Column | None:
    """取列: the column in which a key of a row stands, or the first of its columns."""
    exact = grid.column(path)
    return exact or next((column for column in grid.columns if path and column.path[0] == path[0]), None)
