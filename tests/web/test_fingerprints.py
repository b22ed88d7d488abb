"""The page for whoever holds a paper: no sign-in, no names, and not as often as one likes."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.kernel import clock, sealing
from pioneer.publicity.models import Publication, PublishedLine
from pioneer.web import fingerprints
from tests.notices import On, make_sheet, post, publish
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture(autouse=True)
def _april() -> Any:
    cache.clear()
    with clock.at(TODAY):
        yield


@pytest.fixture
def shown(world: World) -> Publication:
    adopt_rulebook(world)
    return publish(world, make_sheet(world, [On("李桂兰"), On("张㛃", "N7", 14)]))


def ask(text: str) -> Any:
    return Client().get("/c/", {"fingerprint": text})


def test_it_says_which_notice_it_is_and_until_when_it_is_shown(shown: Publication) -> None:
    page = ask(sealing.short(shown.digest)).content.decode()
    for said in ("是公示过的", "槐园社区第一党支部", "2026年3月", "第1次公示", "2026年4月9日24时", "列名8人，2条"):
        assert said in page, said
    assert "还没有入账" in page


def test_no_name_and_no_score_is_given_away_while_it_stands_or_afterwards(shown: Publication) -> None:
    post(shown)
    for on in (date(2026, 4, 10), date(2026, 6, 10)):
        with clock.at(on):
            page = ask(shown.digest).content.decode()
        assert "入账，第1号，与公示一致" in page
        for private in ("李桂兰", "张㛃", shown.token, "/n/", shown.lines.all()[0].wording, "+1"):
            assert private not in page, private


def test_one_that_was_replaced_says_by_which(shown: Publication) -> None:
    Publication.objects.filter(pk=shown.pk).update(superseded_at=clock.now())
    Publication.objects.create(
        sheet=shown.sheet,
        revision=2,
        published_at=shown.published_at,
        closes_at=shown.closes_at,
        digest="f" * 64,
        heading=shown.heading,
    )
    page = ask(shown.digest).content.decode()
    assert "2026年4月1日起由第2次代替" in page and "以第2次为准" in page


def test_what_no_longer_agrees_is_said_without_details(shown: Publication) -> None:
    PublishedLine.objects.filter(publication=shown).update(counted=900)
    page = ask(shown.digest).content.decode()
    assert "保存的内容与指纹不符" in page and "line:" not in page


def test_an_unknown_one_and_an_ill_typed_one(shown: Publication) -> None:
    assert "没有查到" in ask("0000 0000 0000").content.decode()
    page = ask("你好").content.decode()
    assert "三组" in page and "没有查到" not in page
    assert "没有查到" not in Client().get("/c/").content.decode()


def test_it_is_kept_by_no_search_engine_and_by_no_cache(shown: Publication) -> None:
    answer = ask(shown.digest)
    assert "noindex" in answer["X-Robots-Tag"] and "no-store" in answer["Cache-Control"]


def test_too_many_in_a_minute_are_asked_to_wait(shown: Publication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "PER_MINUTE", 2)
    assert ["请过一分钟" in ask(shown.digest).content.decode() for _ in range(3)] == [False, False, True]
    with clock.at(clock.noon(TODAY).replace(minute=1)):
        assert "是公示过的" in ask(shown.digest).content.decode()


def test_the_number_of_queries_is_small_and_constant(shown: Publication) -> None:
    with CaptureQueriesContext(connection) as asked:
        ask(shown.digest)
    assert len(asked) <= 14, len(asked)


def test_the_notice_and_what_is_left_of_it_lead_there(shown: Publication) -> None:
    assert "/c/?fingerprint=" in Client().get(f"/n/{shown.token}/").content.decode()
    post(shown)
    with clock.at(date(2026, 6, 10)):
        page = Client().get(f"/n/{shown.token}/").content.decode()
    assert f"/c/?fingerprint={shown.digest}" in page and "李桂兰" not in page


def test_the_file_is_for_who_sees_the_notices_own_page(world: World, shown: Publication) -> None:
    for who, status in (("recorder", 200), ("township_officer", 200), ("auditor", 200), ("guilan", 404)):
        client = Client()
        client.force_login(world.users[who])
        answer = client.get(f"/publications/{shown.pk}/sheet.json")
        assert answer.status_code == status, who
        if status == 200:
            assert answer.json()["fingerprint"] == shown.digest
            assert answer["Content-Disposition"] == 'attachment; filename="notice-2026-03-1-sheet.json"'
