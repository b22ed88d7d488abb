"""Sixty files made to do harm: each is refused with a sentence, or comes out as a harmless picture or document."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from pioneer.files import kinds
from pioneer.files.policies import LIMIT
from pioneer.files.queries import open_file
from pioneer.files.services import keep
from pioneer.kernel.errors import BadInput
from tests.files.test_photographs import photograph, scene

pytestmark = pytest.mark.one_database

SCRIPT = b"<script>alert(1)</script>"
REFUSED, DRAWN, KEPT = "refused", "drawn", "kept"
Case = tuple[str, str, Callable[[], bytes], str]


def picture(format: str, image: Image.Image | None = None, **more: object) -> bytes:
    made = io.BytesIO()
    (image or scene()).save(made, format, **more)  # type: ignore[arg-type]
    return made.getvalue()


def packed(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, content in parts:
            file.writestr(name, content)
    return made.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int, sof: int = 0xC0) -> bytes:
    """A small JPEG whose header claims another size."""
    small = bytearray(picture("JPEG", progressive=sof == 0xC2))
    at = small.index(bytes([0xFF, sof]))
    small[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(small)


def with_segment(marker: int, body: bytes) -> bytes:
    plain = picture("JPEG")
    return plain[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + plain[2:]


def exif(tiff: bytes) -> bytes:
    return with_segment(0xE1, b"Exif\0\0" + tiff)


def directory(*rows: bytes, at: int = 8) -> bytes:
    return b"II*\0" + struct.pack("<I", at) + struct.pack("<H", len(rows)) + b"".join(rows) + struct.pack("<I", 0)


def bomb(size: int = 400_000_000) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"<x/>")
        with file.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(size // 10_000_000):
                part.write(bytes(10_000_000))
    return made.getvalue()


def twice_named() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("xl/workbook.xml", "<x/>")
        file.writestr("xl/workbook.xmX", "<y/>")
    return made.getvalue().replace(b"workbook.xmX", b"workbook.xml")


HEIC_HEAD = struct.pack(">I", 24) + b"ftypheic" + bytes(12)

PICTURES: list[Case] = [
    ("polyglot of a picture and a page", "a.jpg", lambda: photograph() + SCRIPT, DRAWN),
    ("polyglot of a picture and an archive", "a.jpg", lambda: photograph() + packed(("x.exe", b"MZ")), DRAWN),
    ("polyglot of a picture and a document", "a.jpg", lambda: photograph() + b"%PDF-1.7\n", DRAWN),
    ("script in a comment", "a.jpg", lambda: with_segment(0xFE, SCRIPT), DRAWN),
    ("script in XMP", "a.jpg", lambda: with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SCRIPT), DRAWN),
    ("script in IPTC", "a.jpg", lambda: with_segment(0xED, b"Photoshop 3.0\0" + SCRIPT), DRAWN),
    ("script in a colour profile", "a.jpg", lambda: picture("JPEG", icc_profile=SCRIPT * 40), DRAWN),
    ("script in a PNG text", "a.png", lambda: png_text(SCRIPT), DRAWN),
    ("a PNG text that unpacks to a gigabyte", "a.png", lambda: png_text_bomb(), REFUSED),
    ("an EXIF block that points to itself", "a.jpg", lambda: exif(directory(tag(0x8769, 4, 1, 8))), DRAWN),
    ("an EXIF block with 60,000 rows", "a.jpg", lambda: exif(directory(*[tag(1, 3, 1, 1)] * 5000)), DRAWN),
    ("an EXIF value of four gigabytes", "a.jpg", lambda: exif(directory(tag(0x9003, 2, 0xFFFFFFFF, 8))), DRAWN),
    ("an EXIF offset past the end", "a.jpg", lambda: exif(directory(tag(0x8769, 4, 1, 0xFFFFFF00))), DRAWN),
    ("an EXIF fraction over nothing", "a.jpg", lambda: exif(directory(tag(0x011A, 5, 1, 8))), DRAWN),
    ("an EXIF block of noise", "a.jpg", lambda: exif(bytes(range(256)) * 20), DRAWN),
    ("an orientation nobody knows", "a.jpg", lambda: exif(directory(tag(0x0112, 3, 1, 99))), DRAWN),
    ("a hundred megapixels of one colour", "a.png", lambda: png_of(10_000, 10_000, bytes(1000)), REFUSED),
    ("a PNG of two thousand million pixels", "a.png", lambda: png_of(46_000, 46_000), REFUSED),
    ("a PNG of no height", "a.png", lambda: png_of(100, 0), REFUSED),
    ("a PNG whose picture is missing", "a.png", lambda: png_of(100, 100), REFUSED),
    ("a PNG with a wrong check sum", "a.png", lambda: picture("PNG")[:-20] + bytes(20), DRAWN),
    ("a PNG cut in the middle", "a.png", lambda: picture("PNG")[:200], REFUSED),
    ("a JPEG that claims 65,000 by 65,000", "a.jpg", lambda: jpeg_of(65_000, 65_000), REFUSED),
    ("a progressive JPEG that claims 12,000 by 9,000", "a.jpg", lambda: jpeg_of(12_000, 9_000, 0xC2), REFUSED),
    ("a JPEG of nothing", "a.jpg", lambda: b"\xff\xd8\xff\xd9", REFUSED),
    ("a JPEG cut off in its header", "a.jpg", lambda: photograph()[:60], REFUSED),
    ("a JPEG cut in the middle", "a.jpg", lambda: photograph()[:900], REFUSED),
    ("a JPEG full of markers", "a.jpg", lambda: b"\xff\xd8" + b"\xff\xda" * 50_000, REFUSED),
    ("a WEBP of nothing", "a.webp", lambda: b"RIFF\x0c\x00\x00\x00WEBPVP8 ", REFUSED),
    ("a WEBP cut in the middle", "a.webp", lambda: picture("WEBP")[:80], REFUSED),
    ("a WEBP that claims 16,000 by 16,000", "a.webp", lambda: webp_of(16_000, 16_000), REFUSED),
    ("a HEIC that is only its head", "a.heic", lambda: HEIC_HEAD, REFUSED),
    ("a HEIC cut in the middle", "a.heic", lambda: picture("HEIF")[:300], REFUSED),
    ("a HEIC of noise", "a.heic", lambda: HEIC_HEAD + bytes(range(256)) * 40, REFUSED),
    ("a hundred small frames", "a.webp", lambda: animated("WEBP"), DRAWN),
    ("a hundred small frames in a PNG", "a.png", lambda: animated("PNG"), DRAWN),
    ("a palette with one colour", "a.png", lambda: picture("PNG", scene().convert("P")), DRAWN),
    ("sixteen bits of grey", "a.png", lambda: picture("PNG", Image.new("I;16", (20, 20))), DRAWN),
    ("printing colours", "a.jpg", lambda: picture("JPEG", scene().convert("CMYK")), DRAWN),
    ("a line 30,000 pixels long", "a.png", lambda: picture("PNG", Image.new("RGB", (30_000, 1))), DRAWN),
    ("a picture under a document's name", "说明.pdf", lambda: photograph(), DRAWN),
    ("a picture under a program's name", "a.exe", lambda: photograph(), DRAWN),
]
DOCUMENTS: list[Case] = [
    ("an SVG with script", "a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", REFUSED),
    ("an SVG under a picture's name", "a.jpg", lambda: b"<svg onload='alert(1)'/>", REFUSED),
    ("a page under a picture's name", "a.png", lambda: b"<!doctype html>" + SCRIPT, REFUSED),
    ("a program under a document's name", "a.pdf", lambda: b"MZ\x90\x00" + bytes(200), REFUSED),
    ("a shell script", "a.sh", lambda: b"#!/bin/sh\nrm -rf /\n", REFUSED),
    ("a GIF with script behind it", "a.gif", lambda: picture("GIF") + SCRIPT, REFUSED),
    ("a BMP", "a.bmp", lambda: picture("BMP"), REFUSED),
    ("a TIFF", "a.tif", lambda: picture("TIFF"), REFUSED),
    ("an EPS that Pillow would hand to Ghostscript", "a.jpg", lambda: picture("EPS"), REFUSED),
    ("an archive", "a.zip", lambda: packed(("a.txt", b"a")), REFUSED),
    ("an archive under a workbook's name", "a.xlsx", lambda: packed(("../../etc/passwd", b"a")), REFUSED),
    ("a workbook with macros", "a.xlsx", lambda: packed(("xl/workbook.xml", b""), ("xl/vbaProject.bin", b"")), REFUSED),
    ("a document with macros", "a.docx", lambda: packed(("word/document.xml", b""), ("vbaProject.bin", b"")), REFUSED),
    ("a workbook that unpacks to 400 megabytes", "a.xlsx", bomb, REFUSED),
    ("a workbook with two parts of one name", "a.xlsx", twice_named, REFUSED),
    ("a workbook cut in the middle", "a.xlsx", lambda: packed(("xl/workbook.xml", b"x" * 999))[:60], REFUSED),
    ("an old Excel file that is none", "a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), REFUSED),
    ("a PDF with script", "a.pdf", lambda: b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>", KEPT),
    ("a table of formulas", "a.csv", lambda: b"=cmd|' /C calc'!A0,1\n", KEPT),
    ("text with a NUL", "a.txt", lambda: b"a\x00b", REFUSED),
    ("nothing at all", "a.jpg", lambda: b"", REFUSED),
    ("more than may be sent", "a.pdf", lambda: b"%PDF-" + bytes(LIMIT), REFUSED),
]  # fmt: skip


def tag(number: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", number, kind, count, value)


def png_text(text: bytes) -> bytes:
    plain = picture("PNG")
    return plain[:33] + chunk(b"tEXt", b"Comment\0" + text) + plain[33:]


def png_text_bomb() -> bytes:
    plain, packer = picture("PNG"), zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(10_000_000)) for _ in range(100)) + packer.flush()
    return plain[:33] + chunk(b"zTXt", b"Comment\0\0" + body) + plain[33:]


def webp_of(width: int, height: int) -> bytes:
    made = bytearray(picture("WEBP", scene().convert("RGBA"), lossless=True))
    at = made.find(b"VP8L") + 9
    made[at : at + 4] = struct.pack("<I", (width - 1) | (height - 1) << 14)
    return bytes(made)


def animated(format: str) -> bytes:
    frames = [Image.new("RGB", (40, 40), (n * 2, 0, 0)) for n in range(100)]
    return picture(format, frames[0], save_all=True, append_images=frames[1:])


CASES = [*PICTURES, *DOCUMENTS]


@pytest.mark.pure
def test_there_are_sixty_of_them() -> None:
    assert len(CASES) >= 60


@pytest.mark.django_db
@pytest.mark.parametrize(("title", "name", "make", "outcome"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_it_is_refused_with_a_sentence_or_made_harmless(
    title: str, name: str, make: Callable[[], bytes], outcome: str
) -> None:
    content = make()
    if outcome == REFUSED:
        with pytest.raises(BadInput) as refusal:
            keep(content, name, None)
        assert name in refusal.value.message and refusal.value.message.endswith("。")
        return
    stored = keep(content, name, None).file
    with open_file(stored) as file:
        whole = file.read()
    if outcome == KEPT:
        assert stored.content_type in (kinds.PDF, kinds.CSV)
        return
    assert stored.content_type == kinds.JPEG and stored.name.endswith(".jpg")
    drawn = Image.open(io.BytesIO(whole))
    drawn.load()
    assert drawn.format == "JPEG" and max(drawn.size) <= 2560
    assert not {key for key in drawn.info if not key.startswith(("jfif", "dpi"))}
    assert SCRIPT not in whole and b"PK\x03\x04" not in whole and b"%PDF" not in whole


@pytest.mark.pure
def test_a_process_that_draws_all_of_them_stays_under_512_megabytes(tmp_path: Path) -> None:
    large = [picture("PNG", Image.new("RGBA", (6300, 6300))), picture("JPEG", Image.new("L", (14000, 12000)))]
    for number, content in enumerate([*(make() for _, _, make, _ in PICTURES), *large]):
        (tmp_path / f"{number:02}").write_bytes(content)
    command = [sys.executable, "-c", DRAW_ALL, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    drawn, kilobytes = map(int, found.stdout.split())
    assert drawn >= 20 and kilobytes < 512 * 1024, found.stdout


DRAW_ALL = """
import pathlib, sys
import django
django.setup()
from pioneer.files import kinds, photographs
from pioneer.kernel.errors import BadInput
drawn = 0
for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    content = file.read_bytes()
    try:
        photographs.redrawn(content, kinds.kind_of(content, file.name))
        drawn += 1
    except BadInput:
        pass
status = pathlib.Path("/proc/self/status").read_text()  # the peak of this process alone, not of who started it
print(drawn, next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""
ROOT = Path(__file__).resolve().parents[2]
