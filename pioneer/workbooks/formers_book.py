"""以往结果表: what was filed of former cycles, as a workbook: an empty one to fill in, and the checked reading of it.

Every mistake is a sentence with sheet, row and column; nothing is guessed. Whose a row is, and what its tier is, the
station decides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pioneer.scoring.points import parse_points
from pioneer.workbooks.cells import plain_text
from pioneer.workbooks.dates import read_date
from pioneer.workbooks.reading import Limits, Sheet, column_letter, read_workbook
from pioneer.workbooks.writing import Heading, Table, write_workbook

__all__ = ["LIMITS", "FormerMistake", "FormerRow", "FormersFile", "formers_template", "read_formers"]

LIMITS = Limits(file_bytes=5 * 1024 * 1024, unpacked_bytes=64 * 1024 * 1024, rows=5_000, columns=60)
SHEET = "以往结果"
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("党员编号", "编号"),
    "name": ("姓名", "党员姓名"),
    "branch": ("支部", "所在支部", "党支部"),
    "year": ("年度", "周期", "年份"),
    "first_on": ("周期起", "起始日期", "开始日期"),
    "last_on": ("周期止", "截止日期", "结束日期"),
    "score": ("得分", "分数", "总分"),
    "tier": ("等次", "评定等次"),
    "lower": ("等次下限", "下限"),
    "why": ("不定等次的原因", "原因"),
    "zeroed": ("清零", "是否清零"),
    "filing": ("备案号", "备案文号", "文号"),
    "filed_on": ("备案日期", "备案时间"),
    "unit": ("评定组织", "组织", "评定单位"),
}
NEEDED = {"name", "filing", "filed_on"}
NAMES = {column: titles[0] for column, titles in HEADINGS.items()}
WIDTHS = {"branch": 26, "unit": 20, "why": 22, "filing": 22}
LONGEST = {"filing": 40, "unit": 80, "tier": 20}
HEADER_WITHIN = 10
# Why no tier was given. A closed list: nobody's health or family is written down here.
WHYS = ("预备党员", "免评", "失联", "转出", "退党", "除名", "开除", "去世", "参评时间不足", "当年没有评定")
YES, NO = frozenset(("是", "清零", "√", "1")), frozenset(("", "否", "无", "0"))
NOTES = (
    "一名党员一个周期填一行。有党员编号的只填编号和姓名；没有编号的填姓名和支部。",
    "周期：公历年度填“年度”，如 2024；其他周期填“周期起”和“周期止”两个日期。",
    "得分最多两位小数；当时没有得分的空着。",
    "等次：填该周期的积分办法里的名称。当时用的是别的办法的，还要填“等次下限”，即达到该等次的最低分；最低一档填 0。",
    f"没有定等次的，等次空着，原因填以下之一：{'、'.join(WHYS)}。",
    "清零的填“是”，得分填 0。",
    "备案号、备案日期、评定组织照备案文件填写，不能空。",
)


@dataclass(frozen=True, slots=True)
class FormerMistake:
    """一处错误: where it stands, and the sentence."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class FormerRow:
    """一行: what is written, read but not yet understood. `places` names each column's cell; points in hundredths."""

    row: str
    places: dict[str, str]
    number: str
    name: str
    branch: str
    year: int | None
    first_on: date | None
    last_on: date | None
    score: int | None
    tier: str
    lower: int | None
    why: str
    is_zeroed: bool
    filing_number: str
    filed_on: date
    unit_name: str

    def place(self, column: str) -> str:
        """一格的位置: with the name of whom it is about."""
        return f"{self.places.get(column, self.row)}（{self.name}）"


@dataclass(slots=True)
class FormersFile:
    """读出的表: the rows, and every mistake."""

    rows: list[FormerRow] = field(default_factory=list)
    mistakes: list[FormerMistake] = field(default_factory=list)


def formers_template(title: str, tiers: Sequence[str]) -> bytes:
    """空表: the headings, and on a sheet of its own how to fill it in and which tiers are known."""
    headings = [Heading(NAMES[column], _form(column), WIDTHS.get(column, 12)) for column in HEADINGS]
    notes = [*NOTES, *(f"现行积分办法的等次：{one}" for one in ["、".join(tiers)] if one)]
    said = Table("填写说明", [Heading("说明", "wrapped", 90)], [(one,) for one in notes])
    return write_workbook([Table(SHEET, headings, [], title), said])


def _form(column: str) -> Any:
    return {"score": "number", "lower": "number", "first_on": "date", "last_on": "date", "filed_on": "date"}.get(
        column, "text"
    )


def read_formers(content: bytes, name: str) -> FormersFile:
    """读以往结果表: raises UnreadableWorkbook for what is no workbook."""
    found = FormersFile()
    for sheet in read_workbook(content, name, LIMITS).sheets:
        header = _header(sheet)
        if header is not None and not sheet.hidden:
            _read_sheet(sheet, *header, found)
            if not found.rows and not found.mistakes:
                found.mistakes.append(FormerMistake(f"「{sheet.name}」", "表里还没有填写，没有可以导入的内容。"))
            return found
    found.mistakes.append(
        FormerMistake("", "没有找到同时有“姓名”“备案号”“备案日期”的表头。请下载空表，照表填写后再上传。")
    )
    return found


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for place, value in enumerate(row):
            text = "".join(plain_text(value).split()).split("（")[0].split("(")[0].rstrip("*：:")
            for column, spellings in HEADINGS.items():
                if text in spellings:
                    columns.setdefault(column, place)
        if columns.keys() >= NEEDED:
            return index, columns
    return None


def _read_sheet(sheet: Sheet, top: int, columns: dict[str, int], found: FormersFile) -> None:
    for index in range(top + 1, len(sheet.rows)):
        row = sheet.rows[index]
        cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
        if not any(plain_text(value) for value in cells.values()):
            continue
        where = f"「{sheet.name}」第{index + 1}行"
        places = {name: f"{where}{column_letter(place)}列" for name, place in columns.items()}
        _Reading(where, places, cells, found).read()


class _Reading:
    """One row, cell by cell."""

    def __init__(self, where: str, places: dict[str, str], cells: dict[str, Any], found: FormersFile) -> None:
        self.where, self.places, self.cells, self.found = where, places, cells, found

    def read(self) -> None:
        before = len(self.found.mistakes)
        name = self._text("name")
        if not name:
            self._wrong("name", "没有姓名，请补填。")
        texts = self._texts()
        year, score, lower = self._year(), self._points("score"), self._points("lower")
        first_on, last_on, filed_on = self._day("first_on"), self._day("last_on"), self._day("filed_on")
        if not plain_text(self.cells.get("filed_on", "")):
            self._wrong("filed_on", "缺备案日期，请照备案文件填写。")
        zeroed = self._text("zeroed")
        if zeroed not in YES | NO:
            self._wrong("zeroed", f"“{zeroed[:20]}”看不懂，清零的填“是”，没有的空着。")
        if len(self.found.mistakes) > before or filed_on is None:
            return
        self.found.rows.append(
            FormerRow(
                self.where,
                self.places,
                self._text("number"),
                name,
                self._text("branch"),
                year,
                first_on,
                last_on,
                score,
                texts["tier"],
                lower,
                texts["why"],
                zeroed in YES,
                texts["filing"],
                filed_on,
                texts["unit"],
            )
        )

    def _texts(self) -> dict[str, str]:
        texts = {column: self._text(column) for column in ("tier", "why", "filing", "unit")}
        for column, longest in LONGEST.items():
            if len(texts[column]) > longest:
                self._wrong(column, f"最多{longest}个字，请缩短。")
        if texts["why"] and texts["why"] not in WHYS:
            self._wrong("why", f"“{texts['why'][:20]}”不在所列原因里，请填以下之一：{'、'.join(WHYS)}。")
        for column in ("filing", "unit"):
            if not texts[column]:
                self._wrong(column, f"缺{NAMES[column]}，请照备案文件填写。")
        return texts

    def _wrong(self, column: str, message: str) -> None:
        self.found.mistakes.append(FormerMistake(self.places.get(column, self.where), message))

    def _text(self, column: str) -> str:
        return " ".join(plain_text(self.cells.get(column, "")).split())

    def _year(self) -> int | None:
        written = self._text("year")
        text = unicodedata.normalize("NFKC", written).removesuffix("度").removesuffix("年")
        if not text:
            return None
        if not text.isdecimal() or not 1950 <= int(text) <= 2200:
            self._wrong("year", f"“{written[:20]}”不是年份，请写成 2024 这样的年份，或填周期的起止日期。")
            return None
        return int(text)

    def _day(self, column: str) -> date | None:
        value = self.cells.get(column, "")
        if not plain_text(value):
            return None
        read = read_date(value)
        if read.day is None or read.precision != "day":
            self._wrong(column, f"“{plain_text(value)[:20]}”不是可用的日期，请写成 2025-01-20 的样子。")
            return None
        return read.day

    def _points(self, column: str) -> int | None:
        value = self.cells.get(column, "")
        text = f"{round(value, 6):.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else self._text(column)
        if not text:
            return None
        try:
            found = parse_points(unicodedata.normalize("NFKC", text).replace("−", "-").removesuffix("分"))
        except ValueError:
            self._wrong(column, f"“{text[:20]}”不是数字，或多于两位小数，请填如 85.5 这样的数。")
            return None
        if abs(found) > 1_000_000:
            self._wrong(column, f"“{text[:20]}”太大了，请核对。")
            return None
        return found
