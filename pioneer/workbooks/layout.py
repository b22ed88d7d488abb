"""列的安排: where the header of a sheet stands and which column holds what; guessed, changeable, remembered.

A `Layout` is plain: `to_dict` and `from_dict` carry it through a form or a session, and `remembered` keeps what a
person decided under the normalised headings, for the next file with the same headings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pioneer.workbooks.cells import plain_text
from pioneer.workbooks.contents import counts_up, field_by_contents, meaning_of_status_column
from pioneer.workbooks.headings import FIELDS, IGNORE, match_heading, normalise_heading
from pioneer.workbooks.reading import Sheet, Value, Workbook, column_letter
from pioneer.workbooks.sections import labelled_branch, titled_branch

__all__ = ["Column", "Layout", "SheetLayout", "columns_of_rows", "guess_layout"]

_SEARCHED_ROWS = 40
_MAX_HEADER_ROWS = 3


@dataclass(slots=True)
class Column:
    """列: its place (0 is A), its heading as written, the field it fills (None unknown, "ignore" not imported)."""

    index: int
    heading: str
    field: str | None
    confidence: float

    @property
    def letter(self) -> str:
        """列号: the letters over the column."""
        return column_letter(self.index)


@dataclass(slots=True)
class SheetLayout:
    """一张表的安排: `header` holds the 1-based numbers of the header rows; `used` is false for a sheet left out, with
    the reason. `branch` serves rows that name none; `fill_down` carries a branch on to the rows below it."""

    sheet: str
    used: bool = True
    reason: str = ""
    header: list[int] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    branch: str = ""
    fill_down: bool = False
    confidence: float = 0.0

    @property
    def unmapped(self) -> list[str]:
        """未识别的表头: headings nobody has given a field yet."""
        return [column.heading for column in self.columns if column.field is None]

    def fields(self) -> dict[str, int]:
        """字段所在列: field → place of its column."""
        return {column.field: column.index for column in self.columns if column.field and column.field != IGNORE}

    def assign(self, index: int, name: str | None) -> None:
        """改列: give a column another field; the column that had the field before loses it."""
        if name is not None and name != IGNORE and name not in FIELDS:
            raise ValueError(f"没有字段 {name}")
        for column in self.columns:
            if column.index == index:
                column.field, column.confidence = name, 1.0
            elif name not in (None, IGNORE) and column.field == name:
                column.field, column.confidence = IGNORE, 1.0


@dataclass(slots=True)
class Layout:
    """整个文件的安排: one entry per sheet, in order."""

    sheets: list[SheetLayout] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """存: as plain dictionaries and lists."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Layout:
        """取: from what `to_dict` gave."""
        return cls(
            [
                SheetLayout(**{**sheet, "columns": [Column(**column) for column in sheet["columns"]]})
                for sheet in plain["sheets"]
            ]
        )

    def remembered(self) -> dict[str, str | None]:
        """记住: normalised heading → field, for `guess_layout` the next time."""
        return {
            normalise_heading(column.heading): column.field
            for sheet in self.sheets
            if sheet.used
            for column in sheet.columns
            if column.field is not None and normalise_heading(column.heading)
        }


def guess_layout(workbook: Workbook, remembered: Mapping[str, str | None] | None = None) -> Layout:
    """猜列: find each sheet's header and what its columns mean; what a person decided before goes first."""
    return Layout([_guess_sheet(sheet, remembered or {}) for sheet in workbook.sheets])


def _guess_sheet(sheet: Sheet, remembered: Mapping[str, str | None]) -> SheetLayout:
    """The layout of one sheet."""
    found = SheetLayout(sheet.name)
    top, count = _find_header(sheet, remembered)
    if count:
        found.header = list(range(top + 1, top + count + 1))
        found.columns = columns_of_rows(sheet.rows[top : top + count], remembered)
    else:
        top, found.columns = 0, _columns_without_header(sheet)
    body = sheet.rows[top + count : top + count + 300]
    _settle_by_contents(found.columns, body, remembered)
    fields = found.fields()
    found.confidence = round(min((column.confidence for column in found.columns if column.field), default=0.0), 2)
    found.branch = _branch_around(sheet, top)
    if "branch" in fields and fields["branch"] not in sheet.merged_columns:
        found.fill_down = _mostly_empty(body, fields["branch"], fields.get("name", 0))
    if sheet.hidden:
        found.used, found.reason = False, "隐藏的工作表，没有读取；要导入请先取消隐藏或勾选它"
    elif "name" not in fields:
        found.used = False
        found.reason = "空的工作表" if not any(map(any, sheet.rows)) else "没有找到“姓名”一列，不像花名册"
    return found


def columns_of_rows(rows: list[list[Value]], remembered: Mapping[str, str | None]) -> list[Column]:
    """表头的列: the columns that header rows describe; of two claims to a field the surer, then the left."""
    columns = []
    for index in range(max(map(len, rows), default=0)):
        parts: list[str] = []
        for row in rows:
            text = "".join(plain_text(row[index]).split()) if index < len(row) else ""
            if text and text not in parts:
                parts.append(text)
        if parts:
            columns.append(Column(index, " ".join(parts), *_match_parts(parts, remembered)))
    best: dict[str, Column] = {}
    for column in columns:
        if column.field and column.field != IGNORE:
            rival = best.get(column.field)
            if rival is None or column.confidence > rival.confidence:
                best[column.field] = column
    for column in columns:
        if column.field and column.field != IGNORE and best[column.field] is not column:
            column.field, column.confidence = None, 0.0
    return columns


def _match_parts(parts: list[str], remembered: Mapping[str, str | None]) -> tuple[str | None, float]:
    """The meaning of a heading whose parts stand one above another: a remembered one, the lowest, all, the highest."""
    whole = "".join(parts)
    for text in (" ".join(parts), parts[-1]):
        heading = normalise_heading(text)
        if heading in remembered:
            return remembered[heading], 1.0
    joined = match_heading(whole)
    if len(parts) == 1:
        return joined
    if joined[0] == IGNORE or joined[1] == 1.0:
        return joined
    lowest = match_heading(parts[-1])
    return max((lowest, joined, match_heading(parts[0])), key=lambda match: match[1])


def _row_score(row: list[Value], remembered: Mapping[str, str | None]) -> tuple[float, set[str]]:
    """How much a row looks like headings: the sum of its surest matches, each field once."""
    best: dict[str, float] = {}
    for value in row:
        if isinstance(value, str) and value and len(value) < 60:
            name, confidence = match_heading(value)
            if normalise_heading(value) in remembered:
                name, confidence = remembered[normalise_heading(value)], 1.0
            if name:
                weight = confidence * (0.3 if name == IGNORE else 1.0)
                best[name] = max(best.get(name, 0.0), weight)
    return sum(best.values()), set(best) - {IGNORE}


def _find_header(sheet: Sheet, remembered: Mapping[str, str | None]) -> tuple[int, int]:
    """(first header row counted from 0, number of header rows); no rows when there is no header."""
    top, best = 0, 0.0
    for index, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        texts = {text for value in row if (text := plain_text(value))}
        if len(texts) < 2 and not (len(texts) == 1 and normalise_heading(next(iter(texts))) in ("姓名", "党员姓名")):
            continue
        score, fields = _row_score(row, remembered)
        enough = "name" in fields or len(fields) >= 3 or {"identity"} < fields
        if enough and score > best + 0.5 and not _looks_like_a_person(row):
            top, best = index, score
    if not best:
        return 0, 0
    count = 1
    while count < _MAX_HEADER_ROWS and _continues_header(sheet, top, top + count, remembered):
        count += 1
    while count < _MAX_HEADER_ROWS and top and _is_group_row(sheet.rows[top - 1], sheet.rows[top], remembered):
        top, count = top - 1, count + 1
    return top, count


def _looks_like_a_person(row: list[Value]) -> bool:
    """Whether a row carries an identity or phone number, or a day: headings never do."""
    for value in row:
        text = plain_text(value)
        if sum(character.isdigit() for character in text) >= 8 and len(text) <= 24:
            return True
    return False


def _continues_header(sheet: Sheet, top: int, index: int, remembered: Mapping[str, str | None]) -> bool:
    """Whether a row under the header goes on with it: it adds headings and puts nothing of its own under 姓名."""
    if index >= len(sheet.rows):
        return False
    row = sheet.rows[index]
    if any(value != "" and not isinstance(value, str) for value in row) or _looks_like_a_person(row):
        return False
    names = [place for place, value in enumerate(sheet.rows[top]) if _means_name(value)]
    for place in names:
        below = row[place] if place < len(row) else ""
        if below != "" and below != sheet.rows[top][place] and not _means_name(below):
            return False
    own = [
        value
        for place, value in enumerate(row)
        if value and (place >= len(sheet.rows[top]) or value != sheet.rows[top][place])
    ]
    # One text alone is a section's title (第一党支部) rather than a heading, unless it is a heading to the letter.
    least = 0.9 if len(set(own)) == 1 else 0.1
    known = sum(match_heading(value)[1] > least or normalise_heading(value) in _SUBHEADINGS for value in own)
    return bool(own) and known * 2 >= len(own)


_SUBHEADING_WORDS = "时间 日期 年月 年月日 地点 地址 单位 名称 号码 类别 类型 是否 情况 年 月 日 原因 人数"
_SUBHEADINGS = frozenset(_SUBHEADING_WORDS.split())


def _means_name(value: Value) -> bool:
    return isinstance(value, str) and match_heading(value)[0] == "name"


def _is_group_row(above: list[Value], below: list[Value], remembered: Mapping[str, str | None]) -> bool:
    """Whether the row above the header names groups of its columns (基本信息 | 党籍信息) rather than being a title."""
    texts = [plain_text(value) for value in above]
    distinct = {text for text in texts if text}
    if len(distinct) < 2 or any(":" in text or "：" in text or len(text) > 20 for text in distinct):
        return False
    shown = sum(bool(text) for text in texts)
    return shown * 2 >= sum(bool(plain_text(value)) for value in below) and not _looks_like_a_person(above)


def _columns_without_header(sheet: Sheet) -> list[Column]:
    """Columns of a sheet that has no header, by what stands in them; none unless identity numbers are among them."""
    body = sheet.rows[:300]
    columns: list[Column] = []
    taken: set[str] = set()
    for index in range(min(max(map(len, body), default=0), 60)):
        name = field_by_contents([row[index] for row in body if index < len(row)], bare=True)
        if name and name not in taken:
            taken.add(name)
            columns.append(Column(index, f"（无表头）{column_letter(index)}列", name, 0.4))
    return columns if {"identity", "name"} <= taken else []


def _settle_by_contents(columns: list[Column], body: list[list[Value]], remembered: Mapping[str, str | None]) -> None:
    """Let what stands in a column decide where its heading leaves a doubt."""
    taken = {column.field for column in columns}
    for column in columns:
        values = [row[column.index] for row in body if column.index < len(row)]
        if column.field == "status" and normalise_heading(column.heading) not in remembered:
            column.field = meaning_of_status_column(values, taken)
        elif column.field == "number" and counts_up(values):
            column.field = IGNORE
        elif column.field is None and normalise_heading(column.heading) not in remembered:
            found = field_by_contents(values, bare=False)
            if found and found not in taken:
                column.field, column.confidence = found, 0.5
        taken.add(column.field)


def _mostly_empty(body: list[list[Value]], place: int, name_place: int) -> bool:
    """Whether a column is written at the head of each group only: more rows without it than with it."""
    people = [row for row in body if name_place < len(row) and row[name_place] != "" and place < len(row)]
    filled = sum(bool(row[place] != "") for row in people)
    return bool(0 < filled * 2 < len(people))


def _branch_around(sheet: Sheet, header_top: int) -> str:
    """The branch a whole sheet belongs to: labelled above the header, in its title, or as the sheet's name."""
    rows = [
        list(dict.fromkeys(text for value in row if (text := plain_text(value)))) for row in sheet.rows[:header_top]
    ]
    for texts in rows:
        for position in range(len(texts)):
            if name := labelled_branch(texts[position:]):
                return name
    for text in [*(text for texts in rows for text in texts), sheet.name]:
        if name := titled_branch(text):
            return name
    return ""
