"""The pages of declarations: what a member and its proxy see and send."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from tests.declarations.conftest import Declare
from tests.declarations.conftest import declares as declares
from tests.declarations.conftest import ruled as ruled
from tests.world import TODAY, World


def sign_in(client: Client, world: World, who: str) -> Client:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def form(**changes: object) -> dict[str, object]:
    return {
        "indicator": "B2",
        "quantity": "1.5",
        "event_on": "2026-03-12",
        "place": "槐园小区",
        "matter": "清扫积雪",
        "request_key": str(uuid4()),
        **changes,
    }


@pytest.fixture(autouse=True)
def _first_of_april():  # type: ignore[no-untyped-def]
    with clock.at(TODAY):
        yield


def test_a_member_declares_on_one_screen_and_sees_it_listed(ruled: World, client: Client) -> None:
    sign_in(client, ruled, "guilan")
    page = client.get("/declarations/new/").content.decode()
    assert "志愿服务" in page and "带头发展产业致富" not in page and "无故不参加" not in page
    answer = client.post("/declarations/new/", form(), follow=True)
    assert answer.redirect_chain[-1][0] == "/declarations/" and "清扫积雪" in answer.content.decode()
    assert Declaration.objects.get().quantity == 150


def test_the_last_used_come_first(ruled: World, declares: Declare, client: Client) -> None:
    declares(indicator="C4", place="南门岗亭")
    page = sign_in(client, ruled, "guilan").get("/declarations/new/").content.decode()
    assert page.index("参与网格巡查") < page.index("其他项目") < page.index("参加“三会一课”")
    assert "南门岗亭" in page


def test_what_is_wrong_stands_at_the_form_and_nothing_is_lost(ruled: World, client: Client) -> None:
    answer = sign_in(client, ruled, "guilan").post("/declarations/new/", form(quantity="", matter="扫雪除冰一上午"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "缺少数量（小时）" in page and "扫雪除冰一上午" in page
    answer = client.post("/declarations/new/", form(event_on=str(TODAY + timedelta(days=1))))
    assert "发生日期在今天之后" in answer.content.decode()


def test_sent_twice_it_is_one(ruled: World, client: Client) -> None:
    sign_in(client, ruled, "guilan")
    sent = form()
    for _ in range(2):
        assert client.post("/declarations/new/", sent).status_code == 302
    assert Declaration.objects.count() == 1


def test_it_is_withdrawn_by_a_button(ruled: World, declares: Declare, client: Client) -> None:
    made = declares()
    sign_in(client, ruled, "guilan")
    assert client.get(f"/declarations/{made.pk}/withdraw/").status_code == 405
    assert "已撤回" in client.post(f"/declarations/{made.pk}/withdraw/", follow=True).content.decode()


def test_another_members_claim_does_not_exist(ruled: World, declares: Declare, client: Client) -> None:
    made = declares()
    assert sign_in(client, ruled, "xueqin").post(f"/declarations/{made.pk}/withdraw/").status_code == 404


def test_the_recorder_declares_for_a_member_without_account(ruled: World, client: Client) -> None:
    member = ruled.member("张㛃")
    sign_in(client, ruled, "recorder")
    assert "张㛃" in client.get("/declarations/for/").content.decode()
    answer = client.post(f"/declarations/new/?member={member.pk}", form(), follow=True)
    assert "张㛃的申报已交到支部" in answer.content.decode()
    assert Declaration.objects.get().is_proxy


@pytest.mark.parametrize("who", ["guilan", "second_recorder", "other_recorder"])
def test_nobody_else_gets_the_form_for_a_member(ruled: World, client: Client, who: str) -> None:
    member = ruled.member("张㛃")
    assert sign_in(client, ruled, who).get(f"/declarations/new/?member={member.pk}").status_code == 404


def test_a_member_does_not_declare_for_others(ruled: World, client: Client) -> None:
    assert sign_in(client, ruled, "guilan").get("/declarations/for/").status_code == 404


def test_the_name_is_searched(ruled: World, client: Client) -> None:
    page = sign_in(client, ruled, "recorder").get("/declarations/for/?q=张").content.decode()
    assert "张㛃" in page and "单雪琴" not in page


def test_evidence_is_seen_by_who_sees_the_claim(ruled: World, client: Client) -> None:
    sign_in(client, ruled, "guilan")
    proof = SimpleUploadedFile("经过.txt", "扫雪的经过".encode())
    client.post("/declarations/new/", form(evidence=[proof]))
    made = Declaration.objects.get()
    url = f"/declarations/{made.pk}/files/{made.files.get().file_id}/"
    answer = client.get(url)
    assert b"".join(answer.streaming_content).decode() == "扫雪的经过"  # type: ignore[attr-defined]
    assert sign_in(client, ruled, "recorder").get(url).status_code == 200
    assert sign_in(client, ruled, "xueqin").get(url).status_code == 404


def test_the_list_asks_the_same_for_one_claim_and_for_twenty(ruled: World, declares: Declare, client: Client) -> None:
    sign_in(client, ruled, "guilan").get("/declarations/")  # the session's own first writes are not the page's
    counts = []
    for number in (1, 19):
        for day in range(number):
            declares(event_on=date(2026, 3, 1 + day))
        with CaptureQueriesContext(connection) as asked:
            client.get("/declarations/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_signing_in_comes_first(client: Client, ruled: World) -> None:
    for url in ("/declarations/", "/declarations/new/", "/declarations/for/"):
        assert client.get(url).status_code == 302


# ------------------------------------------------------------------ week by week


def test_the_own_page_shows_week_by_week_and_says_calmly_where_nothing_was_declared(
    ruled: World, declares: Declare, client: Client
) -> None:
    declares(event_on=date(2026, 3, 31), matter="三月最后一天做的")
    declares(event_on=date(2026, 3, 25), matter="再前面一周做的")
    declares(event_on=date(2026, 3, 12), matter="早些时候做的")
    page = sign_in(client, ruled, "guilan").get("/declarations/").content.decode()
    places = [page.index(said) for said in ("本周", "还没有申报", "上周", "三月最后一天", "再前面", "早些时候")]
    assert places == sorted(places) and page.count("还没有申报") == 1
    assert "4月1日至4月5日" in page and "3月30日至3月31日" in page  # a week is cut where the month ends
    assert page.count("再报一次") == 2  # since last Monday


def test_one_of_last_week_is_declared_again_with_all_but_the_date(
    ruled: World, declares: Declare, client: Client
) -> None:
    made = declares(indicator="B2", quantity=150, event_on=date(2026, 3, 25), place="南门岗亭", matter="清扫积雪")
    address = f"/declarations/new/?again={made.pk}"
    page = sign_in(client, ruled, "guilan").get(address).content.decode()
    for said in ('value="B2" required checked', 'value="1.5"', 'value="南门岗亭"', "清扫积雪</textarea>"):
        assert said in page, said
    assert 'value="2026-04-01"' not in page.split('name="event_on"')[1].split(">")[0]
    assert client.post(address, form(event_on="2026-04-01")).status_code == 302
    assert Declaration.objects.count() == 2


@pytest.mark.parametrize("again", ["{other}", "0", "x", "9" * 40])
def test_nobody_declares_again_what_another_member_did(
    ruled: World, declares: Declare, client: Client, again: str
) -> None:
    other = declares("xueqin", "单雪琴", matter="别人的事情")
    sign_in(client, ruled, "guilan")
    answer = client.get(f"/declarations/new/?again={again.format(other=other.pk)}")
    assert answer.status_code == 200 and "别人的事情" not in answer.content.decode()


def test_last_weeks_indicators_stand_before_what_was_entered_later(
    ruled: World, declares: Declare, client: Client
) -> None:
    declares(indicator="C4", event_on=date(2026, 3, 26))
    declares(indicator="B6", event_on=date(2026, 2, 3))
    page = sign_in(client, ruled, "guilan").get("/declarations/new/").content.decode()
    assert page.index('value="C4"') < page.index('value="B6"') < page.index("其他项目")


def test_used_places_and_days_are_offered_for_one_tap(ruled: World, declares: Declare, client: Client) -> None:
    declares(place="南门岗亭", event_on=date(2026, 3, 27))
    page = sign_in(client, ruled, "guilan").get("/declarations/new/").content.decode()
    assert 'data-fill="place" data-value="南门岗亭"' in page
    for day in ("2026-04-01", "2026-03-31", "2026-03-27"):
        assert f'data-fill="event_on" data-value="{day}"' in page


def test_photographs_of_phones_are_taken_from_camera_or_files(ruled: World, client: Client) -> None:
    page = sign_in(client, ruled, "guilan").get("/declarations/new/").content.decode()
    field = page.split('name="evidence"')[1].split(">")[0]
    assert "multiple" in field and "image/*" in field and ".heic" in field
