"""Making an archive: what it holds and what it does not, when it may be whole, editions beside one another."""

import hashlib
import io
import json
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
from django.db import DatabaseError, transaction
from python_calamine import CalamineWorkbook

from pioneer.archives import queries
from pioneer.archives.checking import check
from pioneer.archives.contents import make
from pioneer.archives.gathering import gather
from pioneer.archives.models import Archive, ArchivedMember, ArchiveRun
from pioneer.archives.services import ask_archive
from pioneer.filings.amending import answer_amendment, approve_amendment, propose_amendment
from pioneer.filings.models import Filing
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.kernel.tasks import run_task
from pioneer.ledger.models import Posting
from pioneer.publicity.models import Publication
from tests.archives.conftest import AFTER, FIRST, bytes_of, file_year, made
from tests.notices import make_sheet
from tests.world import World

NAMES = [
    *("说明.txt", "年度档案.pdf", "年度档案.xlsx", "数据.json"),
    *("积分办法-第1版.toml", "附件-会议记录.pdf", "指纹.txt"),
]


def test_it_works_and_holds_everything(filed: World) -> None:
    archive = made(filed)
    assert (archive.edition, archive.is_provisional, archive.unfinished, archive.changes) == (1, False, 0, [])
    content = bytes_of(archive)
    held = zipfile.ZipFile(io.BytesIO(content))
    assert held.namelist() == ["manifest.json", *NAMES]
    found = check(content)
    assert (found.branch, found.cycle, found.edition) == ("柳沟村", "2026年度", 1)
    assert (found.figures["results"], found.figures["recounted"], found.figures["entries"]) == (3, 3, 6)
    for line in held.read("指纹.txt").decode().splitlines():
        fingerprint, name = line.split("  ")
        assert hashlib.sha256(held.read(name)).hexdigest() == fingerprint, "as sha256sum -c reads it"
    assert hashlib.sha256(held.read("指纹.txt")).hexdigest() == archive.list_digest
    assert hashlib.sha256(held.read("积分办法-第1版.toml")).hexdigest() == _facts(held)["rulebooks"][0]["digest"]
    named = ArchivedMember.objects.values_list("member__name", flat=True)
    assert set(named) == {"柳长根", "柳大妮", "柳满仓"}
    _on_paper(held.read("年度档案.pdf"))
    _in_the_workbook(held.read("年度档案.xlsx"))
    _in_words(held.read("说明.txt").decode())
    _left_out(b"".join(held.read(name) for name in held.namelist()).decode("utf-8", "replace"), filed)
    told = AuditEvent.objects.get(operation="archives.write_archive").arguments
    assert told == {"run_id": ArchiveRun.objects.get().pk, "edition": 1, "changes": []}, "no fact stands in the audit"

    again = gather(filed.village, queries.cycle_for(filed.village, FIRST))
    assert make(again.facts, 1, [], again.attached).content == content, "the same facts give the same bytes"
    with clock.at(AFTER + timedelta(40)):
        assert made(filed) == archive and Archive.objects.count() == 1, "nothing changed: no further edition"


def _facts(held: zipfile.ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(held.read("数据.json"))
    return found


def _on_paper(content: bytes) -> None:
    metadata = content[content.index(b"<x:xmpmeta") : content.index(b"</x:xmpmeta>")].decode()
    assert re.search(r"pdfaid:part>2<", metadata) and re.search(r"pdfaid:conformance>B<", metadata)
    paper = pypdf.PdfReader(io.BytesIO(content))
    fonts = {
        name: font.get_object()
        for page in paper.pages
        for name, font in page["/Resources"].get("/Font", {}).items()  # type: ignore[attr-defined]
    }
    assert fonts
    for font in fonts.values():
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in inner or "/FontFile3" in inner, "every font is in the file"
    assert paper.outline[0].title == "一、花名册"  # type: ignore[union-attr]
    text = "".join(page.extract_text() for page in paper.pages)
    for said in ("柳沟村", "怎样核对", "公示指纹", "带头发展产业", "经核实，属实。", "柳镇备〔2027〕1号"):
        assert said in text, said


def _in_the_workbook(content: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first = "说明 花名册 公示 公示名单 公示条目 异议 张贴 入账 台账条目"
    assert book.sheet_names[:9] == first.split()
    entries = book.get_sheet_by_name("台账条目").to_python()
    assert sum(float(str(row[7])) for row in entries[1:]) == 6.5
    shown = book.get_sheet_by_name("公示条目").to_python()
    assert sorted(float(str(row[7])) for row in shown[1:]) == sorted(float(str(row[7])) for row in entries[1:])
    links = book.get_sheet_by_name("入账").to_python()
    assert [row[4] for row in links[2:]] == [row[5] for row in links[1:-1]], "each cites the one before"


def _in_words(text: str) -> None:
    for said in ("sha256sum -c 指纹.txt", "certutil -hashfile", "逐一重算，结果相同", "指纹是怎样算的", "保管"):
        assert said in text, said


def _left_out(everything: str, world: World) -> None:
    assert "路人甲" not in everything and "他家的大棚" not in everything, "neither who objected nor its words"
    assert "有合同" not in everything, "the answer is the public one"
    assert "签到册在支部" not in everything, "the private ground of an entry"
    for member in world.members.values():
        if member.identity_shown:
            assert member.identity_shown not in everything


def test_only_the_lead_the_township_and_the_district_make_one(posted: World) -> None:
    with clock.at(AFTER):
        for who in ("village_recorder", "mancang", "secretary", "township_officer", "auditor", "security_admin"):
            with pytest.raises(NotVisible):
                made(posted, who, is_provisional=True)
        with pytest.raises(NotVisible):
            made(posted, first_on=date(2026, 3, 1), is_provisional=True)
        with pytest.raises(NotVisible):
            made(posted, first_on=date(2028, 1, 1), is_provisional=True)
        for who in ("village_secretary", "town_officer", "district_officer"):
            ask_archive(actor=posted.actor(who), branch_id=posted.village.pk, first_on=FIRST, is_provisional=True)
        assert ArchiveRun.objects.count() == 1, "asked for while one is being made, it is that one"


def test_whole_only_when_all_is_done_and_for_the_time_being_before(posted: World) -> None:
    with clock.at(date(2026, 12, 30)):
        said = [one.kind for one in queries.unfinished(posted.village, queries.cycle_for(posted.village, FIRST))]
        assert said[0] == "running"
    with clock.at(AFTER):
        with pytest.raises(DomainError, match=r"不能做成正式的.*还没有正式评定.*先做一份暂存的") as refusal:
            made(posted)
        assert refusal.value.code == "unfinished"
        first = made(posted, is_provisional=True)
        assert (first.edition, first.is_provisional, first.unfinished) == (1, True, 1)
        assert check(bytes_of(first)).is_provisional
        before = bytes_of(first)
        file_year(posted)
        second = made(posted)
        assert (second.edition, second.is_provisional) == (2, False)
        assert second.changes[0] == "上一版是暂存，这一版事情已经办完。"
        assert "备案：新增1次。" in second.changes and "评定结果：新增3人。" in second.changes
        assert bytes_of(Archive.objects.get(pk=first.pk)) == before, "the one before stays as it is"
        changes: list[dict[str, Any]] = [{"list_digest": "0" * 64}, {"edition": 9}, {"changes": []}]
        for change in changes:
            with pytest.raises(DatabaseError), transaction.atomic():
                Archive.objects.filter(pk=second.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Archive.objects.filter(pk=second.pk).update(package=first.package)
        for rows in (Archive.objects.filter(pk=first.pk), ArchivedMember.objects.all()):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows._raw_delete("default")


def test_books_that_do_not_agree_are_not_kept(ruled: World) -> None:
    now = clock.noon(date(2026, 3, 9))
    with clock.at(AFTER):
        sheet = make_sheet(ruled, [], month=2)
        shown = Publication.objects.create(sheet=sheet, published_at=now, closes_at=now, closed_at=now, digest="0" * 64)
        Posting.objects.create(
            branch=ruled.branch, number=1, publication=shown, posted_at=now, previous_digest="", digest="0" * 64
        )
        run = ask_archive(
            actor=ruled.actor("secretary"), branch_id=ruled.branch.pk, first_on=FIRST, is_provisional=True
        )
        run_task.call(run.task_id)
    run.task.refresh_from_db()
    assert run.task.state == "failed" and not Archive.objects.exists()
    assert "第1次公示的内容与它的指纹不符。请系统管理员运行 pioneer verify" in run.task.message


def test_an_amendment_makes_a_new_edition_beside_the_old(filed: World) -> None:
    first = made(filed)
    proposed = propose_amendment(
        actor=filed.actor("village_secretary"), filing_id=Filing.objects.get().pk,
        member_id=filed.member("柳满仓").pk, indicator="N4", event_on=date(2026, 12, 20), was_points=0,
        now_points=-200, ground="十二月党费迟交，他家里有事。", document="党费台账2027年1月15日核对",
    )  # fmt: skip
    with pytest.raises(DomainError, match="备案（柳镇备〔2027〕1号）的一项更正待本人答复"):
        made(filed)
    answer_amendment(actor=filed.actor("mancang"), amendment_id=proposed.pk, statement="属实。")
    approve_amendment(actor=filed.actor("town_officer"), amendment_id=proposed.pk)
    second = made(filed)
    assert second.edition == 2 and "备案的更正：新增1项。" in second.changes and "备案：新增1次。" in second.changes
    facts = json.loads(zipfile.ZipFile(io.BytesIO(bytes_of(second))).read("数据.json"))
    (amended,) = facts["amendments"]
    assert (amended["was_score"], amended["now_score"]) == (7500, 7300)
    assert amended["document"] == "党费台账2027年1月15日核对"
    assert "他家里有事" not in json.dumps(facts, ensure_ascii=False), "the document is named, the matter stays in it"
    assert check(bytes_of(second)).figures["recounted"] == 3 and Archive.objects.get(edition=1).package == first.package
