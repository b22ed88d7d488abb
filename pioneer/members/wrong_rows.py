"""没有导入的行 As a workbook: the cells as they stood in the file, and the reasons beside them. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from pioneer.members.import_content import Opened
from pioneer.workbooks.headings import FIELDS
from pioneer.workbooks.layout import Layout, SheetLayout
from pioneer.workbooks.reading import Sheet, Workbook
from pioneer.workbooks.writing import Heading, Table, write_workbook

REASON = "没有导入的原因"


def wrong_rows_workbook(book: Workbook, layout: Layout, rows: Sequence[Opened]) -> bytes:
    """写成工作簿 One sheet for each of the file; put right, it can be uploaded as it is."""
    tables = []
    for plan in layout.sheets:
        here = [row for row in rows if row.sheet == plan.sheet]
        if here:
            tables.append(_table(book.sheet(plan.sheet), plan, here))
    return write_workbook(tables or [Table("没有要改的行", [Heading(REASON, width=40)])])


def _table(sheet: Sheet, plan: SheetLayout, rows: Sequence[Opened]) -> Table:
    """Numbers stay numbers, so that a day or a rounded identity number reads as it did before."""
    names_branch = "branch" in plan.fields()
    titles = [column.heading if plan.header else FIELDS.get(column.field or "", "") for column in plan.columns]
    headings = [Heading(title, "number") for title in titles]
    if not names_branch:
        headings.append(Heading(FIELDS["branch"]))
    headings.append(Heading(REASON, "wrapped", 60))
    return Table(plan.sheet, headings, _lines(sheet, plan, rows, names_branch))


def _lines(sheet: Sheet, plan: SheetLayout, rows: Sequence[Opened], names_branch: bool) -> Iterator[list[Any]]:
    for opened in rows:
        cells = sheet.rows[opened.number - 1]
        line = [cells[column.index] if column.index < len(cells) else "" for column in plan.columns]
        if not names_branch:
            line.append(opened.branch)
        line.append("\n".join(opened.sentence(mistake) for mistake in opened.said if mistake.severity != "warn"))
        yield line
