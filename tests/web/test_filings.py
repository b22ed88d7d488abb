"""The pages of filings: what each is told, and what a form brings about."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pioneer.assessments.models import Sheet
from pioneer.filings.models import Amendment, Filing
from pioneer.kernel import clock
from pioneer.ledger.erasure import later
from pioneer.results.models import Told
from tests.filings.conftest import _files as _files
from tests.filings.conftest import announced as announced
from tests.filings.conftest import filed, sent
from tests.filings.conftest import ruled as ruled
from tests.filings.test_amendments import propose
from tests.filings.test_send import content_of
from tests.world import World
from tests.year import AFTER

pytestmark = pytest.mark.one_database
UNIT = "/filings/units/{}/2026-01-01/"


def sign_in(client: Client, world: World, who: str) -> Client:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def unit_url(world: World) -> str:
    return UNIT.format(world.organisations["community"].pk)


def test_from_the_first_page_to_the_filing_and_back_and_received(announced: World, client: Client) -> None:
    Sheet.objects.create(
        branch=announced.branch, year=2026, month=12, kind="supplementary", sequence=3, opened_at=clock.now()
    )
    sign_in(client, announced, "community_officer")
    assert "2026年度还没有备案" in text(client.get("/"))
    page = text(client.get(unit_url(announced)))
    assert "每个人都到会或收到了个人结果" in page and "未通报到人的原因" not in page
    answer = client.post(unit_url(announced))
    filing = Filing.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == f"/filings/{filing.pk}/"
    assert "2026年度还没有备案" not in text(client.get("/"))

    sign_in(client, announced, "township_officer")
    assert "有备案待收" in text(client.get("/"))
    page = text(client.get(f"/filings/{filing.pk}/"))
    assert "评定结果.xlsx" in page and "接收备案" in page
    member = announced.member("张㛃")
    client.post(f"/filings/{filing.pk}/return/", {"reason": "", f"member_{member.pk}": "与公示不符"})

    sign_in(client, announced, "community_officer")
    assert "2026年度的备案被退回" in text(client.get("/"))
    page = text(client.get(f"/filings/{filing.pk}/"))
    assert "与公示不符" in page and "改正以后再报送" in page
    client.post(unit_url(announced))
    again = Filing.objects.get(revision=2)
    assert "改正以后再报送" not in text(client.get(f"/filings/{filing.pk}/")), "it was sent again"
    sign_in(client, announced, "township_officer")
    answer = client.post(f"/filings/{again.pk}/receive/", {"number": " "})
    assert answer.status_code == 422 and "这个字段是必填项" in text(answer)
    client.post(f"/filings/{again.pk}/receive/", {"number": "槐街备〔2027〕3号"})
    again.refresh_from_db()
    assert again.state == "received" and "槐街备〔2027〕3号" in text(client.get("/filings/"))


def test_what_is_missing_is_said_before_and_asked_for(announced: World, client: Client) -> None:
    Told.objects.filter(result__member__name="张㛃").update(was_present=False, handed_on=None)
    sign_in(client, announced, "community_officer")
    assert "张㛃没有到会，也没有送达个人结果" in text(client.get(unit_url(announced)))
    answer = client.post(unit_url(announced), {"untold_reason": ""})
    assert answer.status_code == 422 and "这个字段是必填项" in text(answer) and not Filing.objects.exists()


def test_documents_come_out_of_the_package(announced: World, client: Client) -> None:
    filing = sent(announced)
    sign_in(client, announced, "township_officer")
    answer = client.get(f"/filings/{filing.pk}/documents/2/")
    assert answer.content.startswith(b"%PDF-") and "attachment" in answer.headers["Content-Disposition"]
    assert client.get(f"/filings/{filing.pk}/documents/9/").status_code == 404
    whole = client.get(f"/filings/{filing.pk}/package/")
    assert b"".join(whole.streaming_content) == content_of(filing)  # type: ignore[attr-defined]


def test_a_package_in_hand_is_checked_on_the_page(announced: World, client: Client) -> None:
    filing = sent(announced)
    content = content_of(filing)
    sign_in(client, announced, "township_officer")

    def check(given: bytes) -> str:
        return text(client.post("/filings/check/", {"package": SimpleUploadedFile("备案.zip", given)}))

    assert "这就是系统里登记的那一份" in check(content)
    place = content.find(b"%PDF") + 200
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert "“备案表.pdf”读不出来，或与压缩包记的校验值不符" in check(changed)
    sign_in(client, announced, "town_officer")
    assert "系统里没有登记过" in check(content), "another township learns nothing of whose it is"


def test_a_member_sees_its_amendment_answers_and_takes_it_away(announced: World, client: Client) -> None:
    filed(announced)
    made = propose(announced)
    sign_in(client, announced, "guilan")
    page = text(client.get(f"/amendments/{made.pk}/"))
    assert "您的备案结果拟更正" in page and "92.5分" in page and "88.5分" in page and "回到备案" not in page
    client.post(f"/amendments/{made.pk}/answer/", {"statement": "属实。"})
    assert Amendment.objects.get().statement == "属实。"
    held = client.post("/me/file/json/").json()
    assert [one["本人意见"] for one in held["备案的更正"]] == ["属实。"] and held["备案"][0]["第几次"] == "1"
    sign_in(client, announced, "xueqin")
    assert client.get(f"/amendments/{made.pk}/").status_code == 404
    sign_in(client, announced, "township_officer")
    assert "备案的更正待审批" in text(client.get("/"))
    client.post(f"/amendments/{made.pk}/approve/", {"reason": ""})
    assert "更正以后的备案" in text(client.get(f"/amendments/{made.pk}/"))


def test_an_erasure_takes_the_package_and_the_texts(announced: World, client: Client) -> None:
    filing = filed(announced)
    made = propose(announced)
    for erase in later():
        erase(announced.member("李桂兰").pk)
    filing.refresh_from_db()
    made.refresh_from_db()
    assert filing.package is None and filing.package_digest and made.ground == "" and made.now_points == -400
    sign_in(client, announced, "township_officer")
    page = text(client.get(f"/filings/{filing.pk}/"))
    assert "已按规定抹除" in page and client.get(f"/filings/{filing.pk}/package/").status_code == 404


def test_who_is_late_stands_on_the_list(announced: World, client: Client) -> None:
    Sheet.objects.create(branch=announced.branch, year=2026, month=12, opened_at=clock.now())
    sign_in(client, announced, "district_officer")
    assert date(2027, 1, 11) == AFTER
    page = text(client.get("/filings/?cycle=2026-01-01"))
    assert "还有1个没有备案" in page and "没有报送" in page and "2027年2月28日" in page
    with clock.at(date(2027, 3, 3)):
        assert "逾期3天" in text(client.get("/filings/?cycle=2026-01-01"))
