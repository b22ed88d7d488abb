"""Sending a filing: when a unit may, what the package holds, and that the same facts give the same bytes."""

import io
import json
import time
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.assessments.models import Sheet
from pioneer.conduct.models import ZeroingCase
from pioneer.filings import contents, queries
from pioneer.filings.checking import check
from pioneer.filings.models import Filing, FilingStep
from pioneer.filings.services import send
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.ledger.models import Posting
from pioneer.messages.models import Message
from pioneer.publicity.models import Publication
from pioneer.results.models import Told
from tests.filings.conftest import sent
from tests.web.scenario import PNG
from tests.world import World
from tests.year import FIRST, announce_plainly, settle_plainly


def content_of(filing: Filing) -> bytes:
    from pioneer.files.queries import open_file

    assert filing.package is not None
    with open_file(filing.package) as file:
        return file.read()


def test_it_works_and_the_package_holds_everything(announced: World) -> None:
    told = Told.objects.get(result__member__name="单雪琴")
    told.answer, told.words = "dissents", "有两次志愿服务没有算。"
    told.save()
    made = sent(announced, minutes=("会议记录.png", PNG))
    assert (made.state, made.revision, made.to.name, made.number) == ("sent", 1, "槐园街道", "")
    found = check(content_of(made))
    assert (found.unit, found.members, found.is_whole) == ("槐园社区", 10, True)
    assert [members for _, members in found.counts] == [1, 1, 6, 1, 1] and found.counts[0][0] == "90分及以上"
    archive = zipfile.ZipFile(io.BytesIO(content_of(made)))
    names = archive.namelist()
    assert names == [
        "manifest.json",
        "评定结果.xlsx",
        "备案表.pdf",
        "公示指纹.json",
        "不同意见.json",
        "更正.json",
        "会议记录.jpg",
    ]
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["rows"]["digest"] == manifest["settlement"]["digest"] == made.settlement.digest  # type: ignore[union-attr]
    assert manifest["announcement"] == {
        "all_told": True, "dissents": 1, "handed": 10, "held_on": "2027-01-11", "present": 10,
    }  # fmt: skip
    assert "李桂兰" not in archive.read("manifest.json").decode(), "the list knows members by their keys"
    assert json.loads(archive.read("不同意见.json")) == [{"name": "单雪琴", "words": "有两次志愿服务没有算。"}]
    assert Message.objects.filter(kind="filings.sent").count() == 2, "both officers of the township"
    assert FilingStep.objects.get(filing=made).kind == "sent"
    assert "minutes" not in AuditEvent.objects.latest("pk").arguments


def test_the_same_facts_give_the_same_bytes(announced: World) -> None:
    unit = announced.organisations["community"]
    held = queries.standing(unit, queries.cycle_for(unit, FIRST)).held
    assert held is not None
    first = contents.make_package(contents.gather(unit, queries.receiver_of(unit), 1, held)).content
    time.sleep(2.1)  # a ZIP's clock ticks every second second
    assert contents.make_package(contents.gather(unit, queries.receiver_of(unit), 1, held)).content == first


def test_only_the_unit_and_what_stands_above_it_sends(announced: World) -> None:
    for who in ("second_secretary", "recorder", "guilan", "town_officer", "other_township_officer"):
        with pytest.raises(NotVisible):
            sent(announced, who)
    for who in ("district_officer", "auditor"):
        with pytest.raises(NotAllowed):
            sent(announced, who)
    assert sent(announced, "township_officer").sent_by_number == announced.users["township_officer"].pk


def test_it_waits_for_settlement_and_announcement(ruled: World) -> None:
    with pytest.raises(DomainError, match="还没有正式评定，请先在“年度评定”页评定"):
        sent(ruled)
    settle_plainly(ruled, is_trial=True)
    with pytest.raises(DomainError, match="还没有正式评定"):
        sent(ruled)
    made = settle_plainly(ruled, "street")
    with pytest.raises(DomainError, match="还没有通报，请先开会通报"):
        sent(ruled)
    announce_plainly(made, ruled.organisations["community"])
    filing = sent(ruled)
    assert filing.settlement == made, "the settlement of the organisation above covers the unit"
    settle_plainly(ruled)
    filing.refresh_from_db()
    with pytest.raises(NotVisible):
        send(actor=ruled.actor("community_officer"), unit_id=filing.unit_id, first_on=date(2026, 7, 1))


def test_a_part_of_a_greater_settlement_says_so(ruled: World) -> None:
    made = settle_plainly(ruled, "district")
    announce_plainly(made, ruled.organisations["community"])
    assert not check(content_of(sent(ruled))).is_whole


def test_a_sheet_that_came_afterwards_must_be_done_with_first(announced: World) -> None:
    Sheet.objects.create(branch=announced.branch, year=2026, month=12, opened_at=clock.now())
    with pytest.raises(DomainError, match=r"2026年12月的月度考评表还没有公示.*请重新评定、通报，再报备案"):
        sent(announced)


def test_what_was_posted_since_the_settlement_is_settled_again_first(announced: World) -> None:
    now = clock.now()
    sheet = Sheet.objects.create(
        branch=announced.branch, year=2026, month=12, state="confirmed", opened_at=now, confirmed_at=now
    )
    shown = Publication.objects.create(
        sheet=sheet, published_at=clock.noon(FIRST), closes_at=clock.noon(FIRST), closed_at=clock.noon(FIRST), digest=""
    )
    given = {"previous_digest": "", "digest": "", "posted_at": clock.now() + timedelta(hours=1)}
    Posting.objects.create(branch=announced.branch, number=1, publication=shown, **given)
    with pytest.raises(DomainError, match="以后又有入账"):
        sent(announced)


def test_a_zeroing_since_the_settlement_likewise(announced: World) -> None:
    later = clock.now() + timedelta(hours=1)
    ZeroingCase.objects.create(
        member=announced.member("李桂兰"), branch=announced.branch, indicator="Z2", document_kind="penalty",
        issuer="某公安分局", document_number="1号", document_on=date(2026, 12, 20), facts="略", state="approved",
        answer_until=later, decided_at=later, proposed_at=later,
    )  # fmt: skip
    with pytest.raises(DomainError, match="清零有变动"):
        sent(announced)


def test_who_was_not_told_needs_a_reason(announced: World) -> None:
    Told.objects.filter(result__member__name="张㛃").update(was_present=False, handed_on=None)
    with pytest.raises(BadInput, match="张㛃没有到会，也没有送达"):
        sent(announced)
    made = sent(announced, untold_reason="张㛃在外地住院，已电话告知。")
    assert made.untold_reason and check(content_of(made)).members == 10


def test_sent_it_waits_and_is_not_sent_twice(announced: World) -> None:
    made = sent(announced)
    with pytest.raises(DomainError, match="正等槐园街道接收") as refusal:
        sent(announced)
    assert refusal.value.code == "sent_already" and Filing.objects.count() == 1
    changes: list[dict[str, Any]] = [{"package_digest": "0" * 64}, {"counts": []}, {"members": 3}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Filing.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        FilingStep.objects.all().delete()
