"""核对一份文件 Opening, reading and judging a whole roster. Reads only; the caller decides what becomes of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from pioneer.kernel import clock
from pioneer.members.import_queries import remembered_for
from pioneer.members.judging import Judge, Judged, entries_of, letters_of
from pioneer.members.models import RosterImportRow
from pioneer.organisations.models import Organisation
from pioneer.workbooks.layout import Layout
from pioneer.workbooks.reading import Limits, Workbook, read_workbook
from pioneer.workbooks.roster import guess_layout, parse_roster
from pioneer.workbooks.rows import RosterRow, Skipped

Progress = Callable[[int, int], None]
LIMITS = Limits(file_bytes=30 * 1024 * 1024)
_LONGEST_SHEET_NAME = 60
_STEP = 2_000


@dataclass(slots=True)
class Examined:
    """核对的结果 Every row with its conclusion, and the rows passed over."""

    rows: list[Judged] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """各类行数"""
        counted = Counter(row.verdict for row in self.rows)
        return {verdict.value: counted.get(verdict.value, 0) for verdict in RosterImportRow.Verdict}


def open_book(content: bytes, name: str) -> Workbook:
    """打开文件 Raises UnreadableWorkbook with one sentence."""
    book = read_workbook(content, name, LIMITS)
    for sheet in book.sheets:
        sheet.name = sheet.name[:_LONGEST_SHEET_NAME]
    return book


def layout_for(book: Workbook, organisation: Organisation) -> Layout:
    """猜列 With what was remembered at the organisation."""
    return guess_layout(book, remembered_for(organisation))


def unused(progress: int, total: int) -> None:
    """不报进度"""


def examine(
    organisation: Organisation, book: Workbook, layout: Layout, actor_number: int | None, progress: Progress = unused
) -> Examined:
    """核对 Reads every row, then judges each in order. Progress counts both halves."""
    found = Examined()
    rows: list[RosterRow] = []
    total = 2 * sum(len(book.sheet(plan.sheet).rows) for plan in layout.sheets if plan.used)
    progress(0, total)
    for row in parse_roster(book, layout, today=clock.today(), skipped=found.skipped):
        rows.append(row)
        if len(rows) % _STEP == 0:
            progress(len(rows), total)
    entries = entries_of(rows)
    judge = Judge.of(organisation, entries, letters_of(layout), actor_number)
    for done, entry in enumerate(entries, start=1):
        found.rows.append(judge.judge(entry))
        if done % _STEP == 0:
            progress(total // 2 + done, total)
    progress(total, total)
    return found
