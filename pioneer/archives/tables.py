"""档案的表格 What a table is: it stands in the workbook, and mostly on the paper, too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pioneer.archives.frame import Row
from pioneer.kernel.points import show
from pioneer.workbooks.writing import Form, Heading, Table, write_workbook

Kind = Literal["text", "wrapped", "points", "change", "number", "date", "digest"]
FORMS: dict[str, Form] = {
    "text": "text", "wrapped": "wrapped", "points": "number", "change": "number", "number": "number", "date": "date",
    "digest": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """一列 `share` of the paper's width; 0: as wide as what it holds, and -1 not on the paper."""

    title: str
    kind: Kind = "text"
    share: float = 0


@dataclass(frozen=True, slots=True)
class Part:
    """一张表 `chapter` is where it stands on the paper; "" where only the workbook has it."""

    name: str
    chapter: str
    columns: Sequence[Column]
    rows: list[list[Any]] = field(default_factory=list)


ROSTER, SHOWN, BOOKS, RESULT = "花名册", "公示", "积分台账", "评定结果"
TOLD, FILED, AFTER, RULES = "通报", "备案和更正", "清零、跟进、推荐和处置", "积分办法"
CHAPTERS = (ROSTER, SHOWN, BOOKS, RESULT, TOLD, FILED, AFTER, RULES)


def workbook(facts: Row, parts: Iterable[Part], notes: Sequence[str]) -> bytes:
    """Excel A sheet per table, and what it is on the first."""
    title = f"{facts['branch']['name']}{facts['cycle']['name']}档案"
    tables = [Table("说明", [Heading("说明", "wrapped", 90)], [[text] for text in notes], title)]
    for part in parts:
        headings = [Heading(one.title, FORMS[one.kind], _width(one)) for one in part.columns]
        rows = [
            [_cell(column.kind, value) for column, value in zip(part.columns, row, strict=True)] for row in part.rows
        ]
        tables.append(Table(part.name, headings, rows))
    return write_workbook(tables, made_on=date.fromisoformat(facts["facts_until"]))


def _width(one: Column) -> float:
    return {"wrapped": 40, "digest": 68, "date": 12}.get(one.kind, 0)


def _cell(kind: Kind, value: Any) -> Any:
    if kind in ("points", "change"):
        return Decimal(value) / 100 if value is not None else ""
    if kind == "date":
        return date.fromisoformat(value) if value else ""
    return value


def text_of(kind: Kind, value: Any) -> str:
    """纸面上的写法"""
    if value is None or value == "":
        return ""
    if kind in ("points", "change"):
        return show(int(value), signed=kind == "change")
    return day(value) if kind == "date" else str(value)


def day(text: str) -> str:
    """日期的写法 2026年3月8日."""
    if not text:
        return ""
    on = date.fromisoformat(text[:10])
    return f"{on.year}年{on.month}月{on.day}日"


def month(row: Row) -> str:
    """月份 Of a notice or posting."""
    heading = row.get("heading") or {}
    if heading.get("month"):
        return str(heading["month"])
    return f"{row['year']}年{row['month']}月" + (f"（补充{row['sequence']}）" if row["sequence"] else "")


PERSON = (Column("党员编号"), Column("姓名"))


def who_of(row: Row) -> list[Any]:
    """是谁"""
    return [row["number"], row["name"]]
