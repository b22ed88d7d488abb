"""结转表的工作簿: the branch's members down, the indicators across; written to be filled in, and read back with every
mistake of it, each with sheet, row and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pioneer.scoring.points import parse_points
from pioneer.workbooks.cells import plain_text
from pioneer.workbooks.reading import Sheet, column_letter, read_workbook
from pioneer.workbooks.writing import Heading, Table, write_workbook

__all__ = ["Cell", "Column", "Person", "Read", "read_totals", "write_totals"]

SHEET = "结转累计"
NUMBER, NAME = "党员编号", "姓名"
NOTE = "填写说明"


@dataclass(frozen=True, slots=True)
class Column:
    """一列: an indicator, its code and name, and what its cells hold (分 or a unit)."""

    code: str
    name: str
    unit: str

    @property
    def title(self) -> str:
        return f"{self.code} {self.name}（{self.unit}）"


@dataclass(frozen=True, slots=True)
class Person:
    """一行: a member's number and name, and what stands in its cells by indicator, in hundredths."""

    number: str
    name: str
    amounts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """读到的一格: the amount in hundredths, None where the cell is empty, and where it stands."""

    number: str
    code: str
    amount: int | None
    place: str


@dataclass(slots=True)
class Read:
    """读到的累计: every cell of the people and indicators known, or the mistakes, and then nothing counts."""

    cells: list[Cell] = field(default_factory=list)
    mistakes: list[tuple[str, str]] = field(default_factory=list)


def write_totals(title: str, people: Iterable[Person], columns: Sequence[Column], notes: Sequence[str]) -> bytes:
    """写出: the sheet to fill in, and one with the notes."""
    headings = [Heading(NUMBER, width=12), Heading(NAME, width=12)]
    headings += [Heading(column.title, "number", 14) for column in columns]
    rows = [
        [person.number, person.name, *(_shown(person.amounts.get(column.code)) for column in columns)]
        for person in people
    ]
    said = Table(NOTE, [Heading("说明", "wrapped", 80)], [[note] for note in notes])
    return write_workbook([Table(SHEET, headings, rows, title), said])


def _shown(amount: int | None) -> Any:
    return "" if amount is None else Decimal(amount) / 100


def read_totals(content: bytes, name: str, people: Mapping[str, str], codes: Iterable[str]) -> Read:
    """读回: `people` are the names by number. Raises UnreadableWorkbook where the file cannot be opened."""
    book = read_workbook(content, name)
    found = Read()
    known = set(codes)
    sheet = next((one for one in book.sheets if one.name == SHEET), book.sheets[0] if book.sheets else None)
    if sheet is None:
        found.mistakes.append(("", "文件里没有工作表，请用下载的表填写后上传。"))
        return found
    top = _header(sheet)
    if top is None:
        found.mistakes.append(
            (f"工作表“{sheet.name}”", f"找不到表头。表头须有“{NUMBER}”“{NAME}”两列，请用下载的表填写。")
        )
        return found
    columns = _columns(sheet, top, known, found)
    _read_rows(sheet, top, columns, people, found)
    return found


def _header(sheet: Sheet) -> int | None:
    for place, row in enumerate(sheet.rows[:20]):
        texts = {plain_text(value) for value in row}
        if NUMBER in texts and NAME in texts:
            return place
    return None


def _columns(sheet: Sheet, top: int, known: set[str], found: Read) -> dict[int, str]:
    """Where which indicator stands; a column of none, or of one twice, is a mistake."""
    columns: dict[int, str] = {}
    for place, value in enumerate(sheet.rows[top]):
        text = plain_text(value)
        if not text or text in (NUMBER, NAME):
            continue
        code = text.split()[0].split("（")[0]
        at = f"工作表“{sheet.name}”第{top + 1}行{column_letter(place)}列"
        if code not in known:
            found.mistakes.append((at, f"“{text}”不是办法里可以结转的指标，请用下载的表填写，不改表头。"))
        elif code in columns.values():
            found.mistakes.append((at, f"“{code}”有两列，请合并成一列。"))
        else:
            columns[place] = code
    return columns


def _read_rows(sheet: Sheet, top: int, columns: Mapping[int, str], people: Mapping[str, str], found: Read) -> None:
    heads = [plain_text(value) for value in sheet.rows[top]]
    number_at, name_at = heads.index(NUMBER), heads.index(NAME)
    seen: dict[str, int] = {}
    for line, row in enumerate(sheet.rows[top + 1 :], start=top + 2):
        number, name = _text(row, number_at), _text(row, name_at)
        if not any(plain_text(value) for value in row):
            continue
        at = f"工作表“{sheet.name}”第{line}行"
        if wrong := _who_is_wrong(number, name, people, seen):
            found.mistakes.append((f"{at}{column_letter(number_at)}列", wrong))
            continue
        seen[number] = line
        for place, code in columns.items():
            where = f"{at}{column_letter(place)}列（{name} {code}）"
            amount, wrong = _amount(row[place] if place < len(row) else "")
            if wrong:
                found.mistakes.append((where, wrong))
            else:
                found.cells.append(Cell(number, code, amount, where))


def _who_is_wrong(number: str, name: str, people: Mapping[str, str], seen: Mapping[str, int]) -> str:
    if not number:
        return f"缺{NUMBER}，请填写，或删去这一行。"
    if number not in people:
        return f"名单上没有编号{number}的党员，请核对，或删去这一行。"
    if people[number] != name:
        return f"编号{number}是{people[number]}，表上写的是“{name}”，请核对。"
    if number in seen:
        return f"{name}在第{seen[number]}行已有一行，请合并。"
    return ""


def _text(row: Sequence[Any], place: int) -> str:
    return plain_text(row[place]) if place < len(row) else ""


def _amount(value: Any) -> tuple[int | None, str]:
    """A number with two decimals at most; what Excel made of a decimal fraction is rounded to what was typed."""
    if isinstance(value, bool):
        return None, "这里应是数字，请改正。"
    text = f"{round(value, 6):.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else plain_text(value)
    if not text:
        return None, ""
    try:
        return parse_points(text.replace("−", "-").replace("－", "-").replace("＋", "+")), ""
    except ValueError:
        return None, f"“{text}”不是数字，或多于两位小数，请填如 1.5 这样的数。"
