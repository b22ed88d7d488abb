"""A package in hand: whole it passes, one byte changed it is refused with the document's name. No database is asked."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer.filings.checking import check
from pioneer.filings.packing import pack, seal_of, sealed
from pioneer.kernel.errors import DomainError
from pioneer.results.outcome import COLUMNS, digest_of

ROW = [0, "3f0c", 4, 5, "full", 7000, 500, 0, 0, 7500, "t60", "t60", 0, ""]
DOCUMENTS = {"评定结果.xlsx": b"PK-table", "备案表.pdf": b"%PDF-form", "更正.json": b"[]"}


def manifest(**changes: object) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": "unit",
        "unit": {"number": 3, "name": "槐园社区", "level": "community"},
        "to": {"number": 2, "name": "槐园街道"},
        "cycle": {"first_on": "2026-01-01", "last_on": "2026-12-31", "name": "2026年度"},
        "revision": 1,
        "settlement": {"digest": digest_of([ROW], [], []), "is_whole": True, "number": 1},
        "rows": {
            "columns": list(COLUMNS), "results": [ROW], "aspects": [], "reached": [],
            "digest": digest_of([ROW], [], []),
        },
        "left_out": [],
        "counts": [["t60", "60至79分", 1], ["", "不定等次", 0]],
        "amendments": [],
    }  # fmt: skip
    return {**found, **changes}


def package(**changes: object) -> bytes:
    return pack(sealed(manifest(**changes), DOCUMENTS), DOCUMENTS)


def test_a_whole_package_passes_and_says_what_it_is() -> None:
    found = check(package())
    assert (found.unit, found.to, found.cycle, found.members) == ("槐园社区", "槐园街道", "2026年度", 1)
    assert found.documents == tuple(DOCUMENTS) and found.is_whole


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_one_byte_changed_anywhere_is_refused(data: st.DataObject) -> None:
    whole = package()
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(1, 255))
    with pytest.raises(DomainError) as refusal:
        check(whole[:place] + bytes([whole[place] ^ other]) + whole[place + 1 :])
    assert refusal.value.code == "package_wrong"


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["manifest.json", *DOCUMENTS]))
def test_one_byte_changed_in_a_document_names_the_document(data: st.DataObject, name: str) -> None:
    """Packed anew, so that the ZIP's own check sums fit: only the digests can tell."""
    archive = zipfile.ZipFile(io.BytesIO(package()))
    held = {each: archive.read(each) for each in archive.namelist()}
    place = data.draw(st.integers(0, len(held[name]) - 1))
    held[name] = (
        held[name][:place] + bytes([held[name][place] ^ data.draw(st.integers(1, 255))]) + held[name][place + 1 :]
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as anew:
        for each, content in held.items():
            anew.writestr(each, content)
    with pytest.raises(DomainError, match=f"“{name}”.*不能采信"):
        check(stream.getvalue())


def test_who_seals_a_changed_list_anew_must_still_match_the_settlement() -> None:
    better = [*ROW[:9], 9500, "t90", "t90", 0, ""]
    rows = {"columns": list(COLUMNS), "results": [better], "aspects": [], "reached": []}
    with pytest.raises(DomainError, match="结果各行与结果摘要不符"):
        check(package(rows={**rows, "digest": digest_of([ROW], [], [])}))
    with pytest.raises(DomainError, match="结果各行与评定的摘要不符"):
        check(package(rows={**rows, "digest": digest_of([better], [], [])}))
    with pytest.raises(DomainError, match="各等次人数与结果各行合不上"):
        check(package(counts=[["t90", "90分及以上", 1]]))
    with pytest.raises(DomainError, match="内容不完整"):
        check(package(rows={}))


def test_documents_missing_added_or_twice_are_named() -> None:
    listed = sealed(manifest(), DOCUMENTS)
    fewer = {name: content for name, content in DOCUMENTS.items() if name != "备案表.pdf"}
    with pytest.raises(DomainError, match=r"“备案表\.pdf”目录里有，包里没有"):
        check(pack(listed, fewer))
    with pytest.raises(DomainError, match=r"“附加\.txt”包里有，目录里没有"):
        check(pack(listed, {**DOCUMENTS, "附加.txt": b"?"}))
    with pytest.raises(DomainError, match="打不开"):
        check(b"not a zip")
    later = {**listed, "version": 9}
    with pytest.raises(DomainError, match="请用最新的程序"):
        check(pack({**later, "seal": seal_of(later)}, DOCUMENTS))


def test_the_command_needs_nothing_but_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "备案.zip"
    file.write_bytes(package())
    call_command("verify", filing=str(file))
    assert "核验相符：槐园社区2026年度备案" in capsys.readouterr().out
    file.write_bytes(package().replace(b"%PDF-form", b"%PDF-farm"))
    with pytest.raises(SystemExit):
        call_command("verify", filing=str(file))
    assert "核验不符：“备案表.pdf”" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        call_command("verify", filing=str(tmp_path / "没有.zip"))
