"""草稿的文件 A rulebook as it comes and goes: the Excel workbook, the TOML file, either of them read back."""

from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.scoring import load_text
from pioneer.scoring.writing import NotToml, format_text, read_content
from pioneer.workbooks.rulebook_book import NotForExcel, rulebook_to_excel
from pioneer.workbooks.rulebook_reading import read_rulebook_excel

EXCEL_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def as_excel(text: str) -> bytes:
    """写成 Excel Raises DomainError where the text holds what no sheet can."""
    try:
        return rulebook_to_excel(read_content(text))
    except NotForExcel as refusal:
        first = refusal.mistakes[0]
        raise DomainError(
            "not_for_excel",
            f"有{len(refusal.mistakes)}处放不进 Excel，例如{first.place}：{first.message}。请先改正，再下载。",
        ) from None


def as_toml(text: str) -> str:
    """规范写法 One order of tables and keys; comments are left out."""
    return format_text(text)


def text_of(name: str, content: bytes, with_mistakes: bool) -> str:
    """读回 The text of an uploaded Excel or TOML file. Mistakes of the sheets are always refused, with sheet, row and
    column; what the rules say against it only where `with_mistakes` is not set."""
    if not (content.startswith(EXCEL_MARKS) or name.lower().endswith((".xlsx", ".xls", ".et"))):
        return _from_toml(content, with_mistakes)
    book = read_rulebook_excel(content, name)
    if book.content is None:
        raise BadInput([Fault(one.place, one.message) for one in book.mistakes])
    mistakes = book.outcome().mistakes
    if mistakes and not with_mistakes:
        raise BadInput([Fault(one.place, one.message) for one in mistakes])
    return format_text(book.content)


def _from_toml(content: bytes, with_mistakes: bool) -> str:
    try:
        text = format_text(content)
    except NotToml as refusal:
        raise BadInput(
            [Fault(f"第{one.line}行" if one.line else one.place, one.message) for one in refusal.mistakes]
        ) from None
    mistakes = load_text(content).mistakes
    if mistakes and not with_mistakes:
        raise BadInput(
            [Fault(f"第{one.line}行 {one.place}" if one.line else one.place, one.message) for one in mistakes]
        )
    return text
