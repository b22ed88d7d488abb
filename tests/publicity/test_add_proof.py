"""A proof of display: by the branch, in a channel, with what proves it; entered once, never edited."""

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from PIL import Image

from pioneer.files.models import StoredFile
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members import naming
from pioneer.publicity import proof_queries
from pioneer.publicity.erasure import erase_texts
from pioneer.publicity.models import Proof, Publication
from pioneer.publicity.proofs import add_proof, withdraw_proof
from tests.world import TODAY, World

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def photo() -> bytes:
    made = io.BytesIO()
    image = Image.new("RGB", (60, 40), (180, 30, 30))
    exif = image.getexif()
    exif[0x010F] = "某牌相机"
    exif[0x8825] = {1: "N", 2: (37.0, 52.0, 0.0)}
    exif[0x9003] = "2026:04:01 09:30:00"
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


def add(world: World, shown: Publication, who: str = "recorder", **more: Any) -> Proof:
    given = {
        "channel": "board",
        "done_on": TODAY,
        "place": "槐园社区东门公示栏",
        "request_key": uuid4(),
        "file": ("公示栏.jpg", photo()),
        **more,
    }
    return add_proof(actor=world.actor(who), publication_id=shown.pk, **given)


def test_the_board_with_a_photograph_that_no_longer_says_where(ruled: World, shown: Publication) -> None:
    made = add(ruled, shown)
    assert (made.channel, made.place, made.done_by) == ("board", "槐园社区东门公示栏", "解文军")
    assert made.file is not None and made.file.content_type == "image/jpeg"
    with open_content(made.file) as kept:
        assert not Image.open(kept).getexif()
    audit = AuditEvent.objects.get(operation="publicity.add_proof")
    assert audit.arguments["channel"] == "board" and "槐园" not in str(audit.arguments)


def open_content(stored: StoredFile) -> Any:
    from pioneer.files.queries import open_file

    return open_file(stored)


@pytest.mark.parametrize(
    ("channel", "more"),
    [
        ("meeting", {"file": ("会议记录.pdf", PDF)}),
        ("account", {"file": None, "link": "https://mp.example.cn/s/1"}),
        ("group", {"file": ("截图.jpg", photo())}),
    ],
)
def test_the_other_channels(ruled: World, shown: Publication, channel: str, more: dict[str, Any]) -> None:
    add(ruled, shown, channel=channel, done_by="罗小红", **more)
    found = {one.channel: one for one in proof_queries.by_channel(shown)}
    assert [one.channel for one in found.values() if one.standing] == [channel]
    assert found[channel].standing[0].done_by == "罗小红"


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("请上传公示栏的照片", {"file": None}),
        ("请上传会议记录", {"channel": "meeting", "file": None, "link": "https://example.cn"}),
        ("请填写文章的网址", {"channel": "account", "file": None}),
        ("这里要图片", {"file": ("公示栏.pdf", PDF)}),
        ("请从公示栏", {"channel": "radio"}),
        ("以 https:// 开头", {"channel": "account", "file": None, "link": "javascript:alert(1)"}),
        ("请写明地点", {"place": " "}),
        ("公示之日", {"done_on": date(2026, 3, 31)}),
        ("公示之日", {"done_on": date(2026, 4, 2)}),
        ("最多60个字", {"done_by": "长" * 61}),
    ],
)
def test_what_proves_nothing_is_refused(ruled: World, shown: Publication, said: str, more: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=said):
        add(ruled, shown, **more)
    assert not Proof.objects.exists()


def test_sent_twice_it_is_one(ruled: World, shown: Publication) -> None:
    key = uuid4()
    assert add(ruled, shown, request_key=key) == add(ruled, shown, request_key=key)
    assert Proof.objects.count() == 1


def test_by_the_branch_seen_by_branch_township_and_auditor(ruled: World, shown: Publication) -> None:
    made = add(ruled, shown)
    for who in ("deputy", "township_officer", "district_officer", "auditor"):
        assert proof_queries.get_proof(ruled.actor(who), made.pk) == made
    for who in ("guilan", "second_recorder", "other_secretary", "town_officer"):
        with pytest.raises(NotVisible):
            proof_queries.file_of(ruled.actor(who), made.pk)
    for who, refusal in (("auditor", NotAllowed), ("township_officer", NotAllowed), ("second_recorder", NotVisible)):
        with pytest.raises(refusal):
            add(ruled, shown, who)


def test_a_mistaken_one_is_withdrawn_with_a_reason_and_both_stay(ruled: World, shown: Publication) -> None:
    made = add(ruled, shown)
    with pytest.raises(BadInput, match="为什么撤回"):
        withdraw_proof(actor=ruled.actor("deputy"), proof_id=made.pk, why=" ")
    withdraw_proof(actor=ruled.actor("deputy"), proof_id=made.pk, why="传错了照片")
    with pytest.raises(DomainError, match="已经撤回"):
        withdraw_proof(actor=ruled.actor("deputy"), proof_id=made.pk, why="再撤")
    board = proof_queries.by_channel(shown)[0]
    assert not board.standing and board.withdrawn[0].withdrawn_why == "传错了照片"
    assert shown in proof_queries.to_prove(ruled.actor("recorder"))
    add(ruled, shown)
    assert shown not in proof_queries.to_prove(ruled.actor("recorder"))


def test_withdrawn_by_the_branch_alone(ruled: World, shown: Publication) -> None:
    made = add(ruled, shown)
    for who, refusal in (("auditor", NotAllowed), ("second_recorder", NotVisible), ("guilan", NotVisible)):
        with pytest.raises(refusal):
            withdraw_proof(actor=ruled.actor(who), proof_id=made.pk, why="x")


@pytest.mark.parametrize(
    "change",
    [
        {"place": "别处"},
        {"done_on": date(2026, 4, 2)},
        {"channel": "meeting"},
        {"link": "https://example.cn"},
        {"done_by": "别人"},
        {"withdrawn_why": "x"},
    ],
)
def test_the_database_refuses_to_change_one(ruled: World, shown: Publication, change: dict[str, Any]) -> None:
    made = add(ruled, shown)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proof.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proof.objects.filter(pk=made.pk).delete()
    withdraw_proof(actor=ruled.actor("deputy"), proof_id=made.pk, why="传错了")
    with pytest.raises(DatabaseError), transaction.atomic():
        Proof.objects.filter(pk=made.pk).update(withdrawn_at=None, withdrawn_why="")


def test_a_photograph_that_shows_somebody_erased_goes_and_that_there_was_one_stays(
    ruled: World, shown: Publication
) -> None:
    made = add(ruled, shown)
    assert erase_texts(ruled.member("李桂兰").pk, None) == [made.file]
    made.refresh_from_db()
    assert (made.file, made.done_by, made.place) == (None, "", "槐园社区东门公示栏")
    assert made.erased_at is not None and made.done_on == TODAY
    assert erase_texts(ruled.member("王保国").pk, None) == []


def test_who_put_it_up_and_is_erased_loses_its_name_there(ruled: World, shown: Publication) -> None:
    made = add(ruled, shown, done_by="罗小红、社区网格员")
    with pytest.raises(DatabaseError), transaction.atomic():
        Proof.objects.filter(pk=made.pk).update(done_by="别人")
    naming.erase_name(Proof.objects.all(), "done_by", ruled.member("罗小红"))
    made.refresh_from_db()
    assert (made.done_by, made.erased_at) == ("（已抹除）、社区网格员", None) and made.file is not None


def test_none_is_asked_for_once_the_notice_is_closed(ruled: World, shown: Publication) -> None:
    from tests.notices import close

    assert proof_queries.to_prove(ruled.actor("recorder")) == [shown]
    assert proof_queries.to_prove(ruled.actor("township_officer")) == []
    close(shown)
    with clock.at(date(2026, 4, 10)):
        assert proof_queries.to_prove(ruled.actor("recorder")) == []
