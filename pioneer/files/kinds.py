"""附件类型 What a content is, judged by its bytes and never by its name."""

import zipfile
from io import BytesIO
from pathlib import PurePath

JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIC = "image/heic"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLS = "application/vnd.ms-excel"
CSV = "text/csv"
TXT = "text/plain"
ZIP = "application/zip"  # made here, never taken in

ENDINGS = {
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    HEIC: (".heic", ".heif"),
    PDF: (".pdf",),
    XLSX: (".xlsx",),
    DOCX: (".docx",),
    XLS: (".xls",),
    CSV: (".csv",),
    TXT: (".txt",),
}
PHOTOGRAPHS = (JPEG, PNG, WEBP, HEIC)
MOST_UNPACKED = 300 * 1024 * 1024
ALLOWED = "jpg、png、webp、heic 图片，pdf，xlsx、xls、docx，csv 或 txt"


_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def kind_of(content: bytes, name: str) -> str | None:
    """类型 The content type, or None for what is on no list. The name only tells csv from txt."""
    for judge in (_image, _document, _office, _old_excel):
        if found := judge(content):
            return found
    return _text(content, name)


def with_ending(name: str, kind: str) -> str:
    """规范文件名 The last part of the name, without control characters, ending as its kind does."""
    last = PurePath(name.replace("\\", "/")).name
    last = "".join(c for c in last if c.isprintable() and c not in '"<>|:*?').strip(" .") or "附件"
    if kind == JPEG and last.lower().endswith((*ENDINGS[PNG], *ENDINGS[WEBP], *ENDINGS[HEIC])):
        last = last[: last.rindex(".")] or "附件"
    if last.lower().endswith(ENDINGS[kind]):
        stem, ending = last[: last.rindex(".")], last[last.rindex(".") :]
    else:
        stem, ending = last, ENDINGS[kind][0]
    return f"{stem[: 200 - len(ending)] or '附件'}{ending}"


def _image(content: bytes) -> str | None:
    if content[:3] == b"\xff\xd8\xff":
        return JPEG
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return None


def _document(content: bytes) -> str | None:
    return PDF if content[:5] == b"%PDF-" else None


def _office(content: bytes) -> str | None:
    """Office files are zips; one that carries macros is on no list."""
    if content[:4] != b"PK\x03\x04":
        return None
    try:
        parts = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    names = {part.filename for part in parts}
    if sum(part.file_size for part in parts) > MOST_UNPACKED or len(names) < len(parts):
        return None  # a bomb, or two parts of one name of which each reader takes another
    if any(part.endswith("vbaProject.bin") for part in names):
        return None
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return XLSX
    return DOCX if "word/document.xml" in names else None


def _old_excel(content: bytes) -> str | None:
    if content[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return None
    marks = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
    return XLS if any(mark in content for mark in marks) else None


def _text(content: bytes, name: str) -> str | None:
    if b"\x00" in content or not any(_reads(content, codec) for codec in ("utf-8", "gb18030")):
        return None
    if name.lower().endswith(ENDINGS[CSV]):
        return CSV
    return TXT if name.lower().endswith(ENDINGS[TXT]) else None


def _reads(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
