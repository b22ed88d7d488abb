"""The pages on which several claims are entered at once: one event for many, the rows of a paper form."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.declarations.models import Batch, Declaration, DeclarationFile, WeeklyForm
from pioneer.declarations.weekly_forms import print_weekly_forms
from pioneer.kernel import clock
from pioneer.members.models import TrackSpell
from tests.declarations.conftest import ruled as ruled
from tests.files.test_photographs import photograph
from tests.papers.reading import pages_of, words_of
from tests.web.test_declarations import sign_in
from tests.world import TODAY, World

TOGETHER = "/declarations/together/"


@pytest.fixture(autouse=True)
def _first_of_april() -> Any:
    with clock.at(TODAY):
        yield


def event(world: World, *names: str, **changes: Any) -> dict[str, Any]:
    return {
        "indicator": "B6",
        "event_on": "2026-03-12",
        "place": "槐园小区",
        "matter": "防诈骗宣讲",
        "event": "3月宣讲",
        "members": [world.member(name).pk for name in names],
        "request_key": str(uuid4()),
        **changes,
    }


def rows(*deeds: Mapping[str, str], **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"row-TOTAL_FORMS": "4", "row-INITIAL_FORMS": "0", "request_key": str(uuid4()), **more}
    for number, deed in enumerate(deeds):
        said |= {f"row-{number}-{name}": value for name, value in deed.items()}
    return said


DEED = {"indicator": "B5", "event_on": "2026-03-31", "place": "槐园小区", "matter": "帮独居老人修水管"}


def paper_of(world: World, name: str = "张㛃") -> WeeklyForm:
    actor = world.actor("recorder")
    forms = print_weekly_forms(actor=actor, branch_id=world.branch.pk, monday=date(2026, 3, 30))
    return next(one for one in forms if one.member.name == name)


# ------------------------------------------------------------------ one event for many


def test_the_roster_is_ticked_and_one_press_makes_a_claim_for_each(ruled: World, client: Client) -> None:
    page = sign_in(client, ruled, "recorder").get(TOGETHER).content.decode()
    assert "喆䶮堃　预备党员" in page and "温如春" not in page
    answer = client.post(TOGETHER, event(ruled, "李桂兰", "张㛃"), follow=True)
    assert "已为2位党员录入" in answer.content.decode() and "防诈骗宣讲" in answer.content.decode()
    assert Declaration.objects.filter(is_proxy=True).count() == 2


def test_who_cannot_declare_is_named_and_nothing_typed_is_lost(ruled: World, client: Client) -> None:
    TrackSpell.objects.filter(member=ruled.member("张㛃")).update(track="rural")
    sent = event(ruled, "李桂兰", "张㛃", indicator="C4", matter="巡查了两个楼院")
    answer = sign_in(client, ruled, "recorder").post(TOGETHER, sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "张㛃：" in page and "巡查了两个楼院" in page
    assert f'value="{ruled.member("李桂兰").pk}" id' in page and not Declaration.objects.exists()


def test_sent_twice_it_counts_once(ruled: World, client: Client) -> None:
    sign_in(client, ruled, "recorder")
    sent = event(ruled, "李桂兰", "张㛃")
    for _ in range(2):
        assert client.post(TOGETHER, sent).status_code == 302
    assert Declaration.objects.count() == 2 and Batch.objects.count() == 1


def test_who_enters_for_several_branches_chooses_first(ruled: World, client: Client) -> None:
    page = sign_in(client, ruled, "community_officer").get(TOGETHER).content.decode()
    assert "先选支部" in page and f"?branch={ruled.second_branch.pk}" in page
    assert client.get(f"{TOGETHER}?branch={ruled.second_branch.pk}").status_code == 200
    for branch in (str(ruled.village.pk), "0", "x", "9" * 40):
        assert client.get(f"{TOGETHER}?branch={branch}").status_code == 404


@pytest.mark.parametrize("address", [TOGETHER, "/declarations/forms/"])
def test_a_member_has_no_such_page(ruled: World, client: Client, address: str) -> None:
    assert sign_in(client, ruled, "guilan").get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


# ------------------------------------------------------------------ the paper form


def test_the_branch_prints_its_forms_for_a_week(ruled: World, client: Client) -> None:
    page = sign_in(client, ruled, "recorder").get("/declarations/forms/").content.decode()
    assert "3月30日至4月5日（本周）" in page
    answer = client.post("/declarations/forms/", {"branch": ruled.branch.pk, "week": "2026-W14"})
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    assert len(pages_of(answer.content)) == 8 and "喆䶮堃" in words_of(answer.content)
    assert client.post("/declarations/forms/", {"branch": ruled.branch.pk, "week": "x"}).status_code == 422
    assert client.post("/declarations/forms/", {"branch": ruled.village.pk, "week": "2026-W14"}).status_code == 404


def test_the_code_typed_on_the_page_leads_to_the_member_and_the_week(ruled: World, client: Client) -> None:
    paper = paper_of(ruled)
    typed = f"{paper.code[:4]}-{paper.code[4:]}".lower()
    answer = sign_in(client, ruled, "recorder").get("/declarations/for/", {"code": typed}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/declarations/forms/{paper.code}/"
    assert "张㛃的申报表" in page and "周一　3月30日" in page and "周四" not in page  # that day is still to come
    assert "没有找到这个编码" in client.get("/declarations/for/?code=23456789").content.decode()


def test_rows_are_entered_one_after_another_each_with_the_scan(ruled: World, client: Client) -> None:
    paper = paper_of(ruled)
    address = f"/declarations/forms/{paper.code}/"
    sign_in(client, ruled, "recorder")
    second = {**DEED, "indicator": "B2", "quantity": "1.5", "matter": "清扫广场"}
    scan = SimpleUploadedFile("表.jpg", photograph())
    page = client.post(address, rows(DEED, {}, second, evidence=[scan]), follow=True).content.decode()
    assert "已为张㛃录入" in page and "帮独居老人修水管" in page and "附件1个" in page
    page = client.post(address, rows({**DEED, "indicator": "B1", "matter": "走访两户"}), follow=True).content.decode()
    assert "走访两户" in page and page.count("附件1个") == 3
    assert Declaration.objects.count() == 3 and DeclarationFile.objects.count() == 3


def test_mistakes_stand_at_their_row_and_the_form_keeps_what_was_typed(ruled: World, client: Client) -> None:
    address = f"/declarations/forms/{paper_of(ruled).code}/"
    sign_in(client, ruled, "recorder")
    answer = client.post(address, rows(DEED, {}, {**DEED, "indicator": "B2", "matter": "清扫广场"}))
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "第3行：指标B2按数量计分，缺少数量（小时）" in page and "帮独居老人修水管" in page
    )
    answer = client.post(address, rows({**DEED, "place": ""}))
    assert answer.status_code == 422 and "请填写在哪里" in answer.content.decode()
    assert "至少填一行" in client.post(address, rows()).content.decode()
    assert not Declaration.objects.exists()


def test_the_rows_sent_twice_are_entered_once(ruled: World, client: Client) -> None:
    address = f"/declarations/forms/{paper_of(ruled).code}/"
    sign_in(client, ruled, "recorder")
    sent = rows(DEED)
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    assert Declaration.objects.count() == 1


@pytest.mark.parametrize("who", ["guilan", "second_recorder", "other_recorder", "township_officer"])
def test_the_code_of_another_branch_leads_nowhere(ruled: World, client: Client, who: str) -> None:
    address = f"/declarations/forms/{paper_of(ruled).code}/"
    assert sign_in(client, ruled, who).get(address).status_code == 404
    assert client.post(address, rows(DEED)).status_code == 404
    assert not Declaration.objects.exists()


def test_a_week_to_come_has_nothing_to_enter_yet(ruled: World, client: Client) -> None:
    forms = print_weekly_forms(actor=ruled.actor("recorder"), branch_id=ruled.branch.pk, monday=date(2026, 4, 6))
    page = sign_in(client, ruled, "recorder").get(f"/declarations/forms/{forms[0].code}/").content.decode()
    assert "这一周还没有到" in page


def test_the_page_asks_the_same_for_one_row_and_for_many(ruled: World, client: Client) -> None:
    address = f"/declarations/forms/{paper_of(ruled).code}/"
    sign_in(client, ruled, "recorder").get(address)
    counts = []
    for number in (1, 4):
        client.post(address, rows(*[{**DEED, "matter": f"第{number}批第{one}件事"} for one in range(number)]))
        client.get("/declarations/for/")  # shows the message
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
