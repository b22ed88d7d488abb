"""读纸面 What a PDF says, as its reader would copy it out of it."""

import io

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    """各页的文字"""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def words_of(pdf: bytes) -> str:
    """全文 Without the breaks that lines and pages bring."""
    return "".join("".join(pages_of(pdf)).split())
