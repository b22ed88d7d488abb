"""Storing contents: once each, whole, by what they are and not by what they are called."""

import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, TiffImagePlugin

from pioneer.files import kinds, photographs, policies
from pioneer.files.models import StoredFile
from pioneer.files.queries import open_file, place_of
from pioneer.files.services import store
from pioneer.kernel.errors import BadInput, DomainError

PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n"


def office(*parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for part in parts:
            file.writestr(part, "<x/>")
    return made.getvalue()


def photograph(format: str = "JPEG", **more: Any) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "手机厂商".encode().decode("latin-1")
    exif.get_ifd(0x8769)[0x9003] = "2026:03:08 09:30:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = (
        "N",
        (TiffImagePlugin.IFDRational(37), TiffImagePlugin.IFDRational(56), TiffImagePlugin.IFDRational(7)),
    )
    made = io.BytesIO()
    Image.new("RGB", (24, 16), "firebrick").save(made, format, exif=exif, **more)
    return made.getvalue()


@pytest.mark.django_db
def test_it_works_and_keeps_the_same_bytes_once() -> None:
    first = store(PDF, "处罚决定书.pdf", "application/pdf", 7)
    again = store(io.BytesIO(PDF), "同一份.pdf", "application/pdf", 8)
    assert first == again and StoredFile.objects.count() == 1
    assert first.digest == hashlib.sha256(PDF).hexdigest() and first.size == len(PDF)
    assert (first.name, first.content_type, first.uploaded_by_number) == ("处罚决定书.pdf", kinds.PDF, 7)
    with open_file(first) as file:
        assert file.read() == PDF


@pytest.mark.django_db
def test_it_stands_in_two_levels_of_folders_and_no_half_file_is_left(settings: Any) -> None:
    stored = store(PDF, "a.pdf", "", None)
    digest = stored.digest
    assert place_of(digest) == Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest
    assert [p.name for p in Path(settings.FILES_ROOT).rglob("*") if p.is_file()] == [digest]


@pytest.mark.django_db
def test_a_truncated_content_on_the_disk_is_written_anew() -> None:
    stored = store(PDF, "a.pdf", "", None)
    place_of(stored.digest).write_bytes(b"%PDF")
    store(PDF, "a.pdf", "", None)
    assert place_of(stored.digest).read_bytes() == PDF


@pytest.mark.django_db
def test_a_content_gone_from_the_disk_is_said_so() -> None:
    stored = store(PDF, "a.pdf", "", None)
    place_of(stored.digest).unlink()
    with pytest.raises(DomainError, match="备份"):
        open_file(stored)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (office("xl/workbook.xml"), "花名册.xlsx", kinds.XLSX),
        (office("word/document.xml"), "说明.docx", kinds.DOCX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "Workbook".encode("utf-16-le"), "旧.xls", kinds.XLS),
        ("姓名,编号\n李桂兰,M00002\n".encode("gb18030"), "名单.csv", kinds.CSV),
        ("说明".encode(), "说明.txt", kinds.TXT),
        (PDF, "其实是.jpg", kinds.PDF),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), "宏.xlsx", None),
        (office("a.txt"), "包.xlsx", None),
        (b"PK\x03\x04broken", "坏.xlsx", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "旧.doc", None),
        (b"MZ\x90\x00\x03", "说明.pdf", None),
        (b"<script>alert(1)</script>", "页面.html", None),
        (b"<svg/>", "图.svg", None),
        (b"\x00\x01", "a.txt", None),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and "/" not in value else "",
)
def test_the_bytes_say_what_it_is(content: bytes, name: str, kind: str | None) -> None:
    assert kinds.kind_of(content, name) == kind


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [(b"MZ\x90\x00", "不能上传"), (b"", "空的"), (b"%PDF-" + bytes(100), "超过")],
    ids=["kind", "empty", "size"],
)
def test_it_refuses_with_a_sentence(content: bytes, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "LIMIT", 50)
    with pytest.raises(BadInput, match=said) as refusal:
        store(content, "文件.pdf", "application/pdf", None)
    assert "文件.pdf" in refusal.value.message and not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\张\\决定书.PDF", "决定书.PDF"),
        ('a"b\r\n.pdf', "ab.pdf"),
        ("", "附件.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("病毒.exe", "病毒.exe.pdf"),
    ],
)
def test_a_name_says_its_kind_and_carries_no_path(name: str, kept: str) -> None:
    assert kinds.with_ending(name, kinds.PDF) == kept


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_loses_its_place_and_keeps_its_picture(format: str) -> None:
    before = photograph(format)
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(0x8825)
    kind = kinds.kind_of(before, "照片")
    assert kind is not None
    after = photographs.without_place(before, kind)
    seen = Image.open(io.BytesIO(after))
    assert not seen.getexif().get_ifd(0x8825) and 0x010F not in seen.getexif()
    assert seen.tobytes() == Image.open(io.BytesIO(before)).tobytes()


def test_a_photograph_keeps_when_it_was_taken_and_which_way_up_it_is() -> None:
    after = photographs.without_place(photograph(), kinds.JPEG)
    assert photographs.taken_at(after) == "2026:03:08 09:30:00"
    assert Image.open(io.BytesIO(after)).getexif()[0x0112] == 6
    assert photographs.without_place(after, kinds.JPEG) == after


def test_what_telephones_put_behind_the_picture_goes_too() -> None:
    after = photographs.without_place(photograph() + photograph(), kinds.JPEG)
    assert after.count(b"\xff\xd8\xff") == 1 and b"GPS" not in after
    Image.open(io.BytesIO(after)).load()


def test_a_progressive_photograph_stays_whole() -> None:
    after = photographs.without_place(photograph(progressive=True), kinds.JPEG)
    Image.open(io.BytesIO(after)).load()


def test_a_photograph_without_a_place_may_pass_as_it_is() -> None:
    plain = io.BytesIO()
    Image.new("RGB", (8, 8)).save(plain, "JPEG")
    assert photographs.without_place(plain.getvalue(), kinds.JPEG) == plain.getvalue()
    assert photographs.without_place(PDF, kinds.PDF) == PDF


def test_texts_inside_a_png_go() -> None:
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    body = b"tEXtXML:com.adobe.xmp\0GPSLatitude"
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    whole = made.getvalue()
    assert photographs.without_place(whole[:33] + chunk + whole[33:], kinds.PNG) == whole


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_photograph_is_said_so(format: str) -> None:
    with pytest.raises(BadInput, match="不完整"):
        store(photograph(format)[:-7] if format != "JPEG" else photograph()[:60], "照片.jpg", "image/jpeg", None)
