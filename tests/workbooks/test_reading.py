"""打开: kinds of files, renamed ones, locked ones, absurd ones; merged cells; nothing kills the process."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer.workbooks.reading import Limits, UnreadableWorkbook, column_letter, read_workbook
from tests.workbooks.people import xlsx

pytestmark = pytest.mark.pure
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_CELL = '<table:table-cell office:value-type="string"><text:p>姓名</text:p></table:table-cell>'


def _refused(data: bytes, name: str, limits: Limits | None = None) -> UnreadableWorkbook:
    with pytest.raises(UnreadableWorkbook) as caught:
        read_workbook(data, name, limits)
    assert caught.value.message.endswith("。")
    assert caught.value.message.count("。") == 1
    return caught.value


def _with_sheet(cells: str) -> bytes:
    """A workbook whose first sheet holds these XML cells."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx({"表": [["x"]]}))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'.encode()
            new.writestr(name, content)
    return stream.getvalue()


def _ods(rows: str) -> bytes:
    stream = io.BytesIO()
    spaces = ("office", "text", "table")
    names = " ".join(f'xmlns:{s}="urn:oasis:names:tc:opendocument:xmlns:{s}:1.0"' for s in spaces)
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="一支部">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return stream.getvalue()


def test_a_workbook_gives_its_sheets_in_order() -> None:
    data = xlsx({"一": [["甲", 1.5]], "二": [["乙"]]}, hidden="二")
    book = read_workbook(data, "册.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("一", False), ("二", True)]
    assert book.sheet("一").rows == [["甲", 1.5]]
    with pytest.raises(KeyError):
        book.sheet("三")


def test_merged_cells_are_filled_and_marked() -> None:
    rows = [["支部", "姓名"], ["一支部", "甲"], [None, "乙"], ["二支部", "丙"]]
    sheet = read_workbook(xlsx({"表": rows}, {"表": ["A2:A3"]}), "a.xlsx").sheets[0]
    assert [row[0] for row in sheet.rows] == ["支部", "一支部", "一支部", "二支部"]
    assert sheet.continued == {(2, 0)}
    assert sheet.merged_columns == {0}


def test_row_numbers_count_from_the_top_of_the_sheet() -> None:
    sheet = read_workbook(xlsx({"表": [[], [], ["", "甲"]]}), "a.xlsx").sheets[0]
    assert sheet.rows[2][1] == "甲"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_files_in_their_encodings(encoding: str, separator: str) -> None:
    data = f"姓名{separator}性别\r\n郭㛃明{separator}女\r\n".encode(encoding)
    assert read_workbook(data, "册.csv").sheets[0].rows == [["姓名", "性别"], ["郭㛃明", "女"]]


def test_an_opendocument_sheet() -> None:
    row = f"<table:table-row>{_CELL}</table:table-row>"
    assert read_workbook(_ods(row), "a.ods").sheets[0].rows == [["姓名"]]


def test_an_opendocument_sheet_that_claims_a_million_rows_is_refused() -> None:
    wide = '<table:table-cell table:number-columns-repeated="16383"/>'
    rows = f'<table:table-row table:number-rows-repeated="1048575"/><table:table-row>{wide}{_CELL}</table:table-row>'
    assert _refused(_ods(rows.replace("/><table:table-row>", f">{_CELL}</table:table-row><table:table-row>")), "a.ods")


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "empty"),
        (b"   \r\n", "a.csv", "empty"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.xls", "renamed"),
        (OLE + b"\0" * 600, "a.xls", "damaged"),
        (b"PK\x03\x04nothing", "a.xlsx", "damaged"),
        ("姓名,性别\n".encode(), "a.xlsx", "renamed"),
        (b"<html><table></table></html>", "a.xls", "web_page"),
        (b"%PDF-1.7", "a.xlsx", "not_a_workbook"),
        (b"\x89PNG\r\n", "a.csv", "not_a_workbook"),
        (b"a\0b", "a.csv", "not_a_workbook"),
        (b"x", "a.docx", "unknown_kind"),
        (b"\xff\xff\xff", "a.csv", "encoding"),
        (xlsx({"表": [["x"]]}), "a.csv", "renamed"),
    ],
)
def test_what_is_no_workbook_gets_one_sentence(data: bytes, name: str, code: str) -> None:
    assert _refused(data, name).code == code


@pytest.mark.parametrize(
    ("part", "code"),
    [("word/document.xml", "renamed"), ("photo.jpg", "not_a_workbook"), ("xl/workbook.bin", "unknown_kind")],
)
def test_other_archives_get_one_sentence(part: str, code: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(part, "x")
    assert _refused(stream.getvalue(), "a.xlsx").code == code


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c\nr = \'XFD1\'><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="IV1"><v>2</v></c></row><row r="999999"><c r="A999999"><v>2</v></c>'
        "</row>",
    ],
)
def test_a_cell_far_out_is_refused_before_it_is_opened(cells: str) -> None:
    assert _refused(_with_sheet(cells), "a.xlsx").code in ("too_wide", "too_long")


def test_empty_formatted_cells_far_out_do_no_harm() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read_workbook(_with_sheet(cells), "a.xlsx").sheets[0].rows == [[1.0]]


def test_limits_are_said() -> None:
    data = xlsx({"表": [["x"]] * 20})
    assert _refused(data, "a.xlsx", Limits(rows=10)).code == "too_long"
    assert _refused(data, "a.xlsx", Limits(file_bytes=100)).code == "too_large"
    assert _refused(data, "a.xlsx", Limits(unpacked_bytes=100)).code == "too_large"
    assert _refused(b"a,b,c\n", "a.csv", Limits(columns=2)).code == "too_wide"
    assert _refused(b"a\n" * 5, "a.csv", Limits(rows=2)).code == "too_long"


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableWorkbook, match="找不到"):
        read_workbook(tmp_path / "none.xlsx")
    place = tmp_path / "册.xlsx"
    place.write_bytes(xlsx({"表": [["甲"]]}))
    assert read_workbook(place).name == "册.xlsx"


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_refused_or_read(place: int, noise: bytes) -> None:
    data = xlsx({"表": [["姓名", "性别"], ["甲", "女"]]})
    place %= len(data)
    with suppress(UnreadableWorkbook):
        read_workbook(data[:place] + noise + data[place + len(noise) :], "a.xlsx")


def test_column_letters() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
