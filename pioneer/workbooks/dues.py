"""党费表: a branch's dues of one month as a workbook: the sheet to fill in, and the checked reading of it.

Every mistake is a sentence with sheet, row and column; nothing is guessed. Whose a row is, the station decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from pioneer.workbooks.cells import plain_text
from pioneer.workbooks.reading import Limits, Sheet, column_letter, read_workbook
from pioneer.workbooks.writing import Heading, Table, write_workbook

__all__ = ["DuesFile", "DuesMistake", "DuesRow", "Person", "dues_template", "read_dues"]

LIMITS = Limits(file_bytes=5 * 1024 * 1024, unpacked_bytes=64 * 1024 * 1024, rows=5_000, columns=60)
HEADINGS = {
    "number": ("党员编号", "编号"),
    "name": ("姓名", "党员姓名"),
    "state": ("缴纳情况", "情况", "缴费情况"),
    "amount": ("金额（元）", "金额", "实缴金额", "缴纳金额"),
    "note": ("备注", "说明", "批准依据"),
}
HEADER_WITHIN = 10
MOST_FEN = 10_000_000
Person = tuple[str, str]  # number, name


@dataclass(frozen=True, slots=True)
class DuesMistake:
    """一处错误: where it stands, and the sentence."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class DuesRow:
    """党费表的一行: `place` names its sheet and row, for whoever finds something more to say of it."""

    place: str
    number: str
    name: str
    state: str
    fen: int | None
    note: str


@dataclass(slots=True)
class DuesFile:
    """读出的党费表: the rows that say something, and every mistake."""

    rows: list[DuesRow] = field(default_factory=list)
    mistakes: list[DuesMistake] = field(default_factory=list)


def dues_template(title: str, people: Iterable[Person], states: Sequence[str]) -> bytes:
    """空表: the members with their numbers; what may be written under 缴纳情况 stands on a sheet of its own."""
    headings = [
        Heading("党员编号", width=16),
        Heading("姓名", width=14),
        Heading("缴纳情况", width=20),
        Heading("金额（元）", width=12),
        Heading("备注", "wrapped", 36),
    ]
    help_sheet = Table("填写说明", [Heading("“缴纳情况”可以填写", width=30)], [(state,) for state in states])
    rows = [(number, name, "", "", "") for number, name in people]
    return write_workbook([Table("党费", headings, rows, title), help_sheet])


def read_dues(content: bytes, name: str, states: dict[str, str]) -> DuesFile:
    """读党费表: ``states`` maps what may be written to its code. Raises UnreadableWorkbook for what is no workbook."""
    found = DuesFile()
    for sheet in read_workbook(content, name, LIMITS).sheets:
        header = _header(sheet)
        if header is not None and not sheet.hidden:
            _read_sheet(sheet, *header, states, found)
            return found
    found.mistakes.append(DuesMistake("", "没有找到同时有“姓名”和“缴纳情况”两列的表头。请下载空表，照表填写后再上传。"))
    return found


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of the headings, counted from 0, and the place of each column."""
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for place, value in enumerate(row):
            text = "".join(plain_text(value).split()).replace("(", "（").replace(")", "）").rstrip("*：:")
            for column, spellings in HEADINGS.items():
                if text in spellings:
                    columns.setdefault(column, place)
        if {"name", "state"} <= columns.keys():
            return index, columns
    return None


def _read_sheet(sheet: Sheet, top: int, columns: dict[str, int], states: dict[str, str], found: DuesFile) -> None:
    for index in range(top + 1, len(sheet.rows)):
        row = sheet.rows[index]
        cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
        if not any(plain_text(cells.get(name, "")) for name in ("name", "state", "amount")):
            continue
        if not any(plain_text(cells.get(name, "")) for name in ("state", "amount", "note")):
            continue  # a member of whom nothing is known yet
        _read_row(sheet.name, index + 1, cells, columns, states, found)


def _read_row(
    sheet: str, number: int, cells: dict[str, Any], columns: dict[str, int], states: dict[str, str], found: DuesFile
) -> None:
    before = len(found.mistakes)

    def wrong(column: str, message: str) -> None:
        found.mistakes.append(DuesMistake(f"「{sheet}」第{number}行{column_letter(columns[column])}列", message))

    name, note = plain_text(cells["name"]), plain_text(cells.get("note", ""))
    if not name:
        wrong("name", "没有姓名，请补填。")
    state = states.get("".join(plain_text(cells["state"]).split()), "")
    if not state:
        said = plain_text(cells["state"])
        what = f"不认识“{said[:20]}”" if said else "没有写缴纳情况"
        wrong("state", f"{what}，请填写以下之一：{'、'.join(dict.fromkeys(states))}。")
    fen = None
    if (amount := plain_text(cells.get("amount", ""))) and (fen := fen_of(amount)) is None:
        wrong("amount", f"“{amount[:20]}”不是可用的金额，请写成 12 或 12.50，最多两位小数。")
    if len(note) > 120:
        wrong("note", "最多120个字，请缩短。")
    if len(found.mistakes) == before:
        place = f"「{sheet}」第{number}行"
        found.rows.append(DuesRow(place, plain_text(cells.get("number", "")), name, state, fen, note))


def fen_of(text: str) -> int | None:
    """分: an amount in yuan as fen; None for what is none."""
    try:
        amount = Decimal(text.replace(",", "").replace("，", "").removesuffix("元").strip()) * 100
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST_FEN or amount != amount.to_integral_value():
        return None
    return int(amount)
