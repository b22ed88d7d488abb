"""得分工作簿: writes scores to Excel: one sheet of members, one of lines with their reasons.

Every text is written as text, never as a formula or a link, whatever it begins with.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter

from pioneer.scoring import Score, show
from pioneer.workbooks.score_lines import by_row

MEMBER_HEADINGS = ("党员编号", "姓名", "类别", "基本指数", "正向指数", "反向指数", "清零", "得分", "等次", "计算过程")
LINE_HEADINGS = ("党员编号", "姓名", "行号", "发生日期", "指标", "指标名称", "本可得", "计入", "依据", "条款")
MOST_ROWS = 1_048_000
LONGEST_CELL = 32_000


class _Sheets:
    """工作表: rows one after another; a new sheet where one is full."""

    def __init__(self, book: Any, name: str, headings: tuple[str, ...], widths: tuple[int, ...]) -> None:
        self._book, self._name, self._headings, self._widths = book, name, headings, widths
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._number = book.add_format({"num_format": "0.##"})
        self._count = 0
        self._open()

    def _open(self) -> None:
        self._count += 1
        self._sheet = self._book.add_worksheet(self._name if self._count == 1 else f"{self._name}{self._count}")
        self._sheet.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(zip(self._headings, self._widths, strict=True)):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, heading, self._head)
        self._row = 1

    def add(self, cells: tuple[str | int, ...]) -> None:
        """加行: texts as text; whole numbers are points in hundredths and become numbers."""
        if self._row >= MOST_ROWS:
            self._open()
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self._sheet.write_string(self._row, column, cell[:LONGEST_CELL])
            else:
                self._sheet.write_number(self._row, column, float(show(cell)), self._number)
        self._row += 1


class ScoreWorkbook:
    """得分工作簿: used in a ``with`` block; ``add`` one score after another, the file is written at its end."""

    def __init__(self, path: Path) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._members = _Sheets(self._book, "得分", MEMBER_HEADINGS, (12, 12, 8, 9, 9, 9, 6, 9, 14, 80))
        self._lines = _Sheets(self._book, "明细", LINE_HEADINGS, (12, 12, 7, 12, 7, 30, 9, 9, 80, 14))

    def __enter__(self) -> ScoreWorkbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def add(self, score: Score) -> None:
        """加入: one member's score and its lines."""
        member, version = score.member, score.version
        track, tier = version.track(score.track), version.tier(score.tier) if score.tier else None
        zeroed = "是" if score.zeroed else "否"
        self._members.add(
            (
                member.code, member.name, track.name if track else score.track,
                score.basic, score.positive, score.reverse, zeroed, score.score,
                tier.name if tier else "不定等次", "；".join(score.steps),
            )
        )  # fmt: skip
        for line in by_row(score.lines):
            self._lines.add(
                (
                    member.code, member.name, str(line.row), line.event_on.isoformat(),
                    line.indicator.code, line.indicator.name, line.raw, line.counted,
                    line.reason, line.indicator.clause,
                )
            )  # fmt: skip
