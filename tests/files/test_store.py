"""Storing contents: once each, whole, by what they are and not by what they are called."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pioneer.files import kinds, policies
from pioneer.files.models import StoredFile
from pioneer.files.queries import open_file
from pioneer.files.services import store
from pioneer.files.storage import place_of
from pioneer.kernel.errors import BadInput, DomainError

PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n"


def office(*parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for part in parts:
            file.writestr(part, "<x/>")
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
