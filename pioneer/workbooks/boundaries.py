"""界限: how large a file may be, and a look at a workbook's real extent before it is opened.

A few kilobytes can claim a cell in the last row and the last column; the reader would ask for half a terabyte and the
whole process would end. So the extent is measured first, on the compressed parts, without building anything.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from pioneer.kernel.errors import DomainError

__all__ = ["Limits", "UnreadableWorkbook", "check_extent"]


class UnreadableWorkbook(DomainError):
    """打不开的表格: carries a code and one Chinese sentence that says what to do."""

    status = 422

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, f"{message}。")


@dataclass(frozen=True, slots=True)
class Limits:
    """上限: bytes of the file, bytes once unpacked, and rows, columns and cells of one sheet."""

    file_bytes: int = 100 * 1024 * 1024
    unpacked_bytes: int = 1536 * 1024 * 1024
    rows: int = 1_048_576
    columns: int = 512
    cells: int = 25_000_000
    sheets: int = 300

    def check(self, sheet: str, rows: int, columns: int) -> None:
        """核对: refuse a sheet that is too large, naming it and what to do."""
        if columns > self.columns:
            raise UnreadableWorkbook(
                "too_wide",
                f"{sheet}有内容的列超过{self.columns}列，请删去右侧多余的列后再上传",
            )
        if rows > self.rows or rows * columns > self.cells:
            raise UnreadableWorkbook(
                "too_long",
                f"{sheet}的内容一直到第{rows}行，超出了可读取的范围，请删去下方多余的内容或分成几个文件再上传",
            )


_CHUNK = 4 * 1024 * 1024
_OVERLAP = 4096
# Cells right of column Z or below row 99,999; the spaces and quotes are those that XML allows.
_FAR = re.compile(rb'r\s*=\s*["\']([A-Za-z]{2,4}[0-9]{1,12}|[A-Za-z][0-9]{6,12})')
_FILLED = re.compile(rb'r\s*=\s*["\']([A-Za-z]{1,4}[0-9]{1,12})["\'][^<>]*(?<!/)>\s*<')
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_ODS_TOKEN = re.compile(rb"<(/?)table:(table-row|table|table-cell|covered-table-cell)\b([^<>]*?)(/?)>")
_ROWS_REPEATED = re.compile(rb'number-rows-repeated="([0-9]{1,12})"')
_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="([0-9]{1,12})"')


def _place(reference: bytes) -> tuple[int, int]:
    """The 1-based row and column of a cell's reference such as AB12."""
    letters = reference.upper().rstrip(b"0123456789")
    column = 0
    for code in letters:
        column = column * 26 + code - 64
    return int(reference[len(letters) :]), column


def _chunks(part: IO[bytes]) -> Iterator[bytes]:
    """The part piece by piece, each beginning with the end of the one before, cut where a tag begins."""
    tail = b""
    while piece := part.read(_CHUNK):
        piece = tail + piece
        cut = piece.rfind(b"<", max(len(piece) - _OVERLAP, 0))
        tail = piece[cut:] if cut > 0 else b""
        yield piece


def _farthest(archive: zipfile.ZipFile, name: str, pattern: re.Pattern[bytes]) -> tuple[int, int]:
    """The last row and the last column among the cells a pattern finds in a worksheet."""
    rows = columns = 0
    with archive.open(name) as part:
        for chunk in _chunks(part):
            for row, column in map(_place, pattern.findall(chunk)):
                rows, columns = max(rows, row), max(columns, column)
    return rows, columns


def _sheet_extent(archive: zipfile.ZipFile, name: str, limits: Limits) -> tuple[int, int]:
    """Rows and columns of a worksheet; empty formatted cells count only while they do no harm."""
    rows, columns = _farthest(archive, name, _FAR)
    rows, columns = max(rows, 99_999), max(columns, 26)
    if columns > limits.columns or rows > limits.rows or rows * columns > limits.cells:
        return _farthest(archive, name, _FILLED)
    return 0, 0


def _ods_extent(archive: zipfile.ZipFile) -> Iterator[tuple[int, int]]:
    """Rows and columns of each table of an OpenDocument sheet, with its repeated rows and cells counted out."""
    row = column = rows = columns = repeated = 0
    with archive.open("content.xml") as part:
        whole = part.read()
    for closing, kind, attributes, empty in _ODS_TOKEN.findall(whole):
        if kind == b"table":
            if closing:
                yield rows, columns
            row = rows = columns = 0
        elif kind == b"table-row":
            if not closing:
                found = _ROWS_REPEATED.search(attributes)
                repeated = int(found[1]) if found else 1
                column = 0
            if closing or empty:
                row += repeated
        elif not closing:
            found = _COLUMNS_REPEATED.search(attributes)
            column += int(found[1]) if found else 1
            if not empty:
                rows, columns = max(rows, row + repeated), max(columns, column)


def check_extent(archive: zipfile.ZipFile, limits: Limits) -> None:
    """核对大小: refuse a packed workbook that would unpack to more than the limits allow."""
    if sum(entry.file_size for entry in archive.infolist()) > limits.unpacked_bytes:
        raise UnreadableWorkbook("too_large", "文件解压后过大，请删去图片和多余内容，或分成几个文件再上传")
    names = archive.namelist()
    if "content.xml" in names:
        for rows, columns in _ods_extent(archive):
            limits.check("工作表", rows, columns)
    for name in names:
        if _SHEET_PART.fullmatch(name):
            rows, columns = _sheet_extent(archive, name, limits)
            limits.check("工作表", rows, columns)
