"""What is printed and passed on from a notice's page: who may, what each carries, and what it never carries."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from pioneer.kernel import clock, sealing
from pioneer.publicity.models import Publication
from tests.notices import On, make_sheet, post, publish
from tests.papers.reading import pages_of, words_of
from tests.world import TODAY, World, adopt_rulebook

KINDS = ("poster-a3", "poster-a4", "handout", "article", "chat", "picture")
PASSED_ON = ("article", "chat", "picture")


@pytest.fixture
def ruled(world: World) -> World:
    adopt_rulebook(world)
    return world


@pytest.fixture(autouse=True)
def _april() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def shown(ruled: World) -> Publication:
    lines = [On("李桂兰", "B5", day) for day in (3, 5, 7, 9)]
    return publish(ruled, make_sheet(ruled, [*lines, On("李桂兰", "N7", 14), On("喆䶮堃", "N7", 14), On("王保国")]))


def get(world: World, shown: Publication, kind: str, who: str = "recorder") -> Any:
    client = Client()
    client.force_login(world.users[who])
    return client.get(f"/publications/{shown.pk}/papers/{kind}/")


def wording(shown: Publication, indicator: str) -> str:
    return shown.lines.filter(indicator=indicator).first().wording


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_a_download_with_a_plain_name(ruled: World, shown: Publication, kind: str) -> None:
    answer = get(ruled, shown, kind)
    suffix = {"article": "html", "chat": "txt", "picture": "png"}.get(kind, "pdf")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="notice-2026-03-1-{kind}.{suffix}"'
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    begins = {"pdf": b"%PDF", "png": b"\x89PNG", "html": b"<!doctype html>", "txt": "【".encode()}[suffix]
    assert answer.content.startswith(begins)


@pytest.mark.parametrize(("who", "status"), [("deputy", 200), ("township_officer", 200), ("guilan", 404)])
def test_who_sees_the_notices_own_page_takes_its_papers(
    ruled: World, shown: Publication, who: str, status: int
) -> None:
    assert {get(ruled, shown, kind, who).status_code for kind in ("poster-a3", "chat")} == {status}
    assert get(ruled, shown, "chat", "village_recorder").status_code == 404
    assert Client().get(f"/publications/{shown.pk}/papers/chat/").status_code == 302


def test_what_is_no_paper_is_not_found(ruled: World, shown: Publication) -> None:
    assert get(ruled, shown, "base").status_code == 404


def test_the_board_and_the_meeting_carry_every_ground_in_its_public_wording(ruled: World, shown: Publication) -> None:
    for kind in ("poster-a3", "poster-a4", "handout"):
        words = words_of(get(ruled, shown, kind).content)
        for said in ("槐园社区第一党支部", "4月1日至4月9日", "5个工作日", "喆䶮堃", "张㛃", "截去1分"):
            assert said in words, (kind, said)
        for indicator in ("B5", "N7"):
            assert "".join(wording(shown, indicator).split()) in words
        assert "".join(sealing.short(shown.digest).split()) in words
        for private in ("签到册", "199000", "M00002", "3月14日"):
            assert private not in words, (kind, private)
        assert words.index("王保国") < words.index("李桂兰") < words.index("张㛃")


def test_groups_and_accounts_carry_figures_additions_and_the_absolute_address_only(
    ruled: World, shown: Publication
) -> None:
    for kind in ("chat", "article"):
        text = get(ruled, shown, kind).content.decode()
        for said in ("李桂兰", "喆䶮堃", wording(shown, "B5"), f"http://testserver/n/{shown.token}/", "−"):
            assert said in text, (kind, said)
        for kept in (wording(shown, "N7"), "签到册", "3月14日", "截去"):
            assert kept not in text, (kind, kept)
    assert Image.open(io.BytesIO(get(ruled, shown, "picture").content)).width == 1080


def test_the_papers_hold_what_was_published_whatever_the_roster_says_now(ruled: World, shown: Publication) -> None:
    before = get(ruled, shown, "poster-a3").content
    member = ruled.member("李桂兰")
    member.name = "李桂香"
    member.save()
    assert get(ruled, shown, "poster-a3").content == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_queries_doesnt_grow(ruled: World, shown: Publication, kind: str) -> None:
    client = Client()
    client.force_login(ruled.users["township_officer"])
    small = publish(ruled, make_sheet(ruled, [], branch=ruled.second_branch), "second_recorder")
    address = "/publications/{}/papers/" + kind + "/"
    client.get(address.format(small.pk))
    with CaptureQueriesContext(connection) as few:
        client.get(address.format(small.pk))
    with CaptureQueriesContext(connection) as more:
        client.get(address.format(shown.pk))
    assert shown.lines.count() > small.lines.count()
    assert len(few) == len(more) <= 20


def test_a_closed_notice_still_prints_and_asks_for_no_objection(ruled: World, shown: Publication) -> None:
    post(shown)
    with clock.at(shown.closes_at):
        words = words_of(get(ruled, shown, "poster-a3").content)
        assert "公示已结束" in words and "认为哪一分不对" not in words
        assert get(ruled, shown, "chat").status_code == 200


def test_once_the_public_page_has_ended_nothing_is_passed_on_any_more(ruled: World, shown: Publication) -> None:
    post(shown)
    with clock.at(TODAY.replace(month=6)):
        for kind in PASSED_ON:
            answer = get(ruled, shown, kind)
            assert answer.status_code == 409 and "已到期" in answer.content.decode()
        assert get(ruled, shown, "poster-a3").status_code == 200
        client = Client()
        client.force_login(ruled.users["recorder"])
        page = client.get(f"/publications/{shown.pk}/").content.decode()
    assert "papers/poster-a3/" in page and "papers/chat/" not in page and "不再向群里" in page


def test_one_that_was_replaced_still_prints_and_says_so(ruled: World, shown: Publication) -> None:
    Publication.objects.filter(pk=shown.pk).update(superseded_at=clock.now())
    Publication.objects.create(
        sheet=shown.sheet,
        revision=2,
        published_at=shown.published_at,
        closes_at=shown.closes_at,
        digest=shown.digest,
        heading=shown.heading,
    )
    pages = pages_of(get(ruled, shown, "poster-a3").content)
    words = "".join("".join(pages).split())
    assert "第1次公示已由下一次公示代替" in words and "认为哪一分不对" not in words


def test_the_notices_page_offers_them_all(ruled: World, shown: Publication) -> None:
    client = Client()
    client.force_login(ruled.users["recorder"])
    page = client.get(f"/publications/{shown.pk}/").content.decode()
    assert "张贴与传达" in page
    for kind in KINDS:
        assert f"/publications/{shown.pk}/papers/{kind}/" in page


CHANNELS = """
[channels]
account = ["link"]
group = ["scores", "additions", "deductions", "link"]
clause = "第八条"
provenance = "assumed"
"""


def test_the_rulebooks_channels_decide_what_an_account_and_a_group_carry(world: World) -> None:
    adopt_rulebook(world, more=CHANNELS)
    shown = publish(world, make_sheet(world, [On("李桂兰"), On("喆䶮堃", "N7", 14)]))
    chat = get(world, shown, "chat").content.decode()
    assert wording(shown, "N7") in chat and "加分、扣分依据：" in chat
    article = get(world, shown, "article").content.decode()
    assert "李桂兰" not in article and f"http://testserver/n/{shown.token}/" in article
    client = Client()
    client.force_login(world.users["recorder"])
    page = client.get(f"/publications/{shown.pk}/").content.decode()
    assert "群里写得分、加分、扣分依据、公示页的链接，公众号上写公示页的链接" in page


def test_a_large_roster_has_its_long_picture_in_parts(ruled: World, shown: Publication) -> None:
    client = Client()
    client.force_login(ruled.users["recorder"])
    first = client.get(f"/publications/{shown.pk}/pictures/1/")
    assert first["Content-Disposition"] == 'attachment; filename="notice-2026-03-1-picture-01.png"'
    assert first.content == get(ruled, shown, "picture").content
    assert client.get(f"/publications/{shown.pk}/pictures/2/").status_code == 404
    post(shown)
    with clock.at(TODAY.replace(month=6)):
        client.force_login(ruled.users["recorder"])
        assert client.get(f"/publications/{shown.pk}/pictures/1/").status_code == 409
