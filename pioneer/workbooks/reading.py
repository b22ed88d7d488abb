"""读表: opens .xlsx, .xls, .ods and .csv files as plain rows. Nothing in a file is executed or followed.

What a file is, its content says, not its name; where the two disagree the sentence says so. Merged cells are filled
with the value they show, because rosters write a branch's name once over all its rows.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine

from pioneer.workbooks.boundaries import Limits, UnreadableWorkbook, check_extent

__all__ = ["Limits", "Sheet", "UnreadableWorkbook", "Value", "Workbook", "column_letter", "read_workbook"]

# What a cell holds: text, number, yes/no, a day or a moment; an empty text where there is nothing.
Value = Any

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_KNOWN_NAMES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt", ".tsv", ".et")
_TEXT_NAMES = (".csv", ".txt", ".tsv")
_UPLOAD = "请上传 .xlsx、.xls、.ods 或 .csv"
_RESAVE = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"


@dataclass(slots=True)
class Sheet:
    """工作表: its name and its rows; `rows[0]` is row 1. `continued` holds the (row, column) places, counted from 0,
    that were empty below or beside a merged cell's corner and now repeat its value; `merged_columns` the columns with
    vertical merges."""

    name: str
    rows: list[list[Value]]
    hidden: bool = False
    continued: frozenset[tuple[int, int]] = frozenset()
    merged_columns: frozenset[int] = frozenset()


@dataclass(slots=True)
class Workbook:
    """工作簿: a file's name and its sheets in their order."""

    name: str
    sheets: list[Sheet] = field(default_factory=list)

    def sheet(self, name: str) -> Sheet:
        """取工作表: the sheet of that name; KeyError when there is none."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


def column_letter(index: int) -> str:
    """列号: the letters of a column counted from 0 (0 → A, 26 → AA)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_workbook(source: str | os.PathLike[str] | bytes, name: str = "", limits: Limits | None = None) -> Workbook:
    """打开: read a file, given as path or bytes, into plain rows; raises UnreadableWorkbook with one sentence."""
    limits = limits or Limits()
    data = _bytes_of(source, limits)
    if not name and not isinstance(source, bytes):
        name = os.path.basename(os.fspath(source))
    if not data.strip(b" \t\r\n\0"):
        raise UnreadableWorkbook("empty", "文件是空的，请检查后重新上传")
    if len(data) > limits.file_bytes:
        raise UnreadableWorkbook("too_large", _too_large(limits))
    suffix = Path(name.lower()).suffix
    if suffix and suffix not in _KNOWN_NAMES:
        raise UnreadableWorkbook("unknown_kind", f"不能读取 {suffix} 文件，{_RESAVE}")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE)):
        if suffix in _TEXT_NAMES:
            raise UnreadableWorkbook("renamed", f"文件名是 {suffix}，内容却不是文本，可能被改过扩展名，{_RESAVE}")
        return _read_packed(data, name, limits)
    _refuse_other_kinds(data, suffix)
    return Workbook(name, [_read_text(data, name, limits)])


def _bytes_of(source: str | os.PathLike[str] | bytes, limits: Limits) -> bytes:
    """The file's content, never more than one byte above the limit."""
    if isinstance(source, bytes):
        return source
    try:
        with open(source, "rb") as file:
            return file.read(limits.file_bytes + 1)
    except OSError as error:
        raise UnreadableWorkbook("missing", "找不到或打不开这个文件，请检查路径和权限") from error


def _too_large(limits: Limits) -> str:
    return f"文件超过 {limits.file_bytes // (1024 * 1024)} MB，请删去图片等多余内容，或分成几个文件再上传"


def _refuse_other_kinds(data: bytes, suffix: str) -> None:
    """One sentence for each kind of content that is neither a workbook nor plain text."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"<?xml", b"<div", b"mime-version")):
        raise UnreadableWorkbook("web_page", f"这其实是网页或 XML 文件，扩展名被写成了 {suffix or '空'}，{_RESAVE}")
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise UnreadableWorkbook("not_a_workbook", f"这是 PDF、图片或压缩包，不是表格文件，{_UPLOAD}")
    if suffix and suffix not in _TEXT_NAMES:
        raise UnreadableWorkbook("renamed", f"文件名是 {suffix}，内容却不是工作簿，可能被改过扩展名，{_RESAVE}")


def _refuse_other_archives(data: bytes, limits: Limits) -> None:
    """A packed file is a workbook of a kind we read, within the limits, or one sentence."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names or "ppt/presentation.xml" in names:
                raise UnreadableWorkbook("renamed", f"这是 Word 或 PPT 文件，请把其中的表格复制到 Excel，{_RESAVE}")
            if "xl/workbook.bin" in names:
                raise UnreadableWorkbook("unknown_kind", f"这是二进制工作簿（.xlsb），{_RESAVE}")
            if not any(part.lower() == "xl/workbook.xml" for part in names) and "content.xml" not in names:
                raise UnreadableWorkbook("not_a_workbook", "这是压缩包，不是表格文件，请解压后上传其中的表格")
            check_extent(archive, limits)
    except UnreadableWorkbook:
        raise
    except Exception as error:  # a broken archive fails in many ways: zipfile, zlib, the path of a part
        raise _damaged() from error


def _damaged() -> UnreadableWorkbook:
    return UnreadableWorkbook("damaged", f"文件打不开，可能已损坏或没有传完整，{_RESAVE}")


def _read_packed(data: bytes, name: str, limits: Limits) -> Workbook:
    """A workbook through calamine; whatever goes wrong inside becomes one sentence."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableWorkbook("password", f"文件设有打开密码，请先取消密码，{_RESAVE}")
        if "WordDocument".encode("utf-16-le") in data:
            raise UnreadableWorkbook("renamed", f"这是 Word 文件，请把其中的表格复制到 Excel，{_RESAVE}")
    else:
        _refuse_other_archives(data, limits)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as opened:
            return Workbook(name, _sheets(opened, limits))
    except UnreadableWorkbook:
        raise
    except python_calamine.PasswordError as error:
        raise UnreadableWorkbook("password", f"文件设有打开密码，请先取消密码，{_RESAVE}") from error
    except BaseException as error:
        # A panic inside the reader is not an Exception; anything that is not the user's own interruption is damage.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit)):
            raise
        raise _damaged() from error


def _sheets(opened: python_calamine.CalamineWorkbook, limits: Limits) -> list[Sheet]:
    """Every worksheet, hidden ones marked; charts and macro sheets are left out."""
    kinds = python_calamine.SheetTypeEnum
    found = []
    for entry in opened.sheets_metadata[: limits.sheets]:
        if entry.typ != kinds.WorkSheet:
            continue
        opened_sheet = opened.get_sheet_by_name(entry.name)
        limits.check(f"工作表「{entry.name}」", *(edge + 1 for edge in opened_sheet.end or (-1, -1)))
        rows = opened_sheet.to_python(skip_empty_area=False)
        hidden = entry.visible != python_calamine.SheetVisibleEnum.Visible
        continued, columns = _fill_merged(rows, opened_sheet.merged_cell_ranges or ())
        found.append(Sheet(entry.name, rows, hidden, continued, columns))
    return found


def _fill_merged(
    rows: list[list[Value]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> tuple[frozenset[tuple[int, int]], frozenset[int]]:
    """Write a merged cell's value into the empty places it covers, within the sheet's extent, each place once."""
    continued: set[tuple[int, int]] = set()
    columns: set[int] = set()
    height, width = len(rows), max(map(len, rows), default=0)
    for (top, left), (bottom, right) in ranges:
        if top >= height or left >= len(rows[top]) or rows[top][left] == "":
            continue
        value = rows[top][left]
        if bottom > top:
            columns.update(range(left, min(right + 1, width)))
        for row in range(top, min(bottom + 1, height)):
            cells = rows[row]
            for column in range(left, min(right + 1, len(cells))):
                if cells[column] == "" and (row, column) != (top, left):
                    cells[column] = value
                    continued.add((row, column))
    return frozenset(continued), frozenset(columns)


def _decode(data: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark), UTF-16 with mark, or GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableWorkbook("encoding", f"文件的文字编码无法识别（应为 UTF-8 或 GB18030），{_RESAVE}")


def _read_text(data: bytes, name: str, limits: Limits) -> Sheet:
    """A comma-, tab- or semicolon-separated text as one sheet."""
    text = _decode(data)
    if "\0" in text:
        raise UnreadableWorkbook("not_a_workbook", f"这不是表格文件，{_UPLOAD}")
    head = text[:20_000]
    separator = max(",\t;，", key=head.count)
    rows: list[list[Value]] = []
    widest = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(cells)
            widest = max(widest, len(cells))
            if len(rows) > limits.rows or widest > limits.columns:
                break
    except csv.Error as error:
        raise UnreadableWorkbook("damaged", f"文件第{len(rows) + 1}行附近的引号不成对或内容过长，{_RESAVE}") from error
    limits.check("文件", len(rows), widest)
    return Sheet(Path(name).stem or "表格", rows)
