from datetime import date
from typing import Any

import pytest
from django.test import Client

from pioneer.kernel import clock
from pioneer.members.models import Exemption
from tests.notices import On, make_sheet, publish, run
from tests.world import World, adopt_rulebook


@pytest.fixture
def ruled(world: World) -> World:
    adopt_rulebook(world)
    return world


@pytest.fixture(autouse=True)
def _april() -> Any:
    with clock.at(date(2026, 4, 20)):
        yield


def test_my_page_shows_score_reason_and_what_is_still_being_shown(ruled: World, client: Client) -> None:
    run(ruled, [On("李桂兰", "B2", 8, quantity=300), On("李桂兰", "N2", 28)], month=2)
    sheet = make_sheet(ruled, [On("李桂兰", "B5", 12)])
    publish(ruled, sheet)
    client.force_login(ruled.users["guilan"])
    page = client.get("/me/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "69.5<small>" in text  # 70 + 1.5 − 2
    assert "已入账，截至2月公示" in text
    assert "公示至4月27日" in text
    assert "第三条" in text
    assert "申报本周做的事" in text


def test_the_branch_sees_the_same_page_and_another_branch_does_not(ruled: World, client: Client) -> None:
    run(ruled, [On("李桂兰")], month=2)
    address = f"/members/{ruled.member('李桂兰').pk}/score/"
    client.force_login(ruled.users["recorder"])
    text = client.get(address).content.decode()
    assert "71<small>" in text and "申报本周做的事" not in text
    client.force_login(ruled.users["second_secretary"])
    assert client.get(address).status_code == 404
    client.force_login(ruled.users["guilan"])
    assert client.get(address)["Location"] == "/me/"


def test_a_deduction_asks_for_the_members_word(ruled: World, client: Client) -> None:
    sheet = make_sheet(ruled, [On("李桂兰", "N7")], month=4, state="open", confirmed_by_number=None, confirmed_at=None)
    client.force_login(ruled.users["guilan"])
    text = client.get("/me/").content.decode()
    assert "有1条扣分等您说明" in text and f"/lines/{sheet.lines.get().pk}/statement/" in text


def test_the_exempt_the_probationary_and_the_zeroed_read_what_holds_for_them(ruled: World, client: Client) -> None:
    from pioneer.conduct.models import ZeroingCase

    client.force_login(ruled.users["recorder"])
    page = client.get(f"/members/{ruled.member('喆䶮堃').pk}/score/").content.decode()
    assert "预备党员：计分，不定等次" in page
    Exemption.objects.create(
        member=ruled.member("李桂兰"), ground="age", from_on=date(2026, 1, 1), state="approved", applied_at=clock.now()
    )
    assert "免评期间列名" in client.get(f"/members/{ruled.member('李桂兰').pk}/score/").content.decode()
    ZeroingCase.objects.create(
        member=ruled.member("单雪琴"), branch=ruled.branch, indicator="Z2", document_kind="penalty", issuer="x",
        document_number="1", document_on=date(2026, 4, 9), facts="x", state="approved", answer_until=clock.now(),
        decided_at=clock.now(), proposed_at=clock.now(),
    )  # fmt: skip
    page = client.get(f"/members/{ruled.member('单雪琴').pk}/score/").content.decode()
    assert "本周期已清零" in page and "0<small>" in page


def test_my_page_takes_a_constant_number_of_queries(
    ruled: World, client: Client, django_assert_num_queries: Any
) -> None:
    run(ruled, [On("李桂兰")], month=1)
    client.force_login(ruled.users["guilan"])
    client.get("/me/")
    with django_assert_num_queries(26):
        client.get("/me/")
    run(ruled, [On("李桂兰", "B1", day) for day in range(1, 20)], month=2)
    publish(ruled, make_sheet(ruled, [On("李桂兰", "B5", day) for day in range(1, 20)]))
    with django_assert_num_queries(26):
        client.get("/me/")


def test_who_is_on_no_roster_is_told_so(ruled: World, client: Client) -> None:
    client.force_login(ruled.users["township_officer"])
    page = client.get("/me/")
    assert page.status_code == 404 and "没有对应的党员档案" in page.content.decode()


def test_a_proposed_zeroing_asks_for_the_members_word_first(ruled: World, client: Client) -> None:
    from pioneer.conduct.models import ZeroingCase

    case = ZeroingCase.objects.create(
        member=ruled.member("李桂兰"),
        branch=ruled.branch,
        indicator="Z2",
        document_kind="penalty",
        issuer="清河示范区公安分局",
        document_on=date(2026, 4, 1),
        facts="决定书已送达。",
        proposed_by_number=ruled.users["secretary"].pk,
        proposed_at=clock.now(),
        told_at=clock.now(),
        told_how="站内消息",
        answer_until=clock.end_of(date(2026, 4, 27)),
    )
    client.force_login(ruled.users["guilan"])
    assert f'href="/zeroing/{case.pk}/">支部对您提出清零，等您申辩' in client.get("/me/").content.decode()


def test_whoever_is_zeroed_reads_that_nothing_more_is_posted(ruled: World, client: Client) -> None:
    from pioneer.conduct.models import ZeroingCase

    publish(ruled, make_sheet(ruled, [On("李桂兰", "B5", 12)]))
    ZeroingCase.objects.create(
        member=ruled.member("李桂兰"), branch=ruled.branch, indicator="Z2", document_kind="penalty", issuer="某局",
        document_on=date(2026, 4, 1), facts="某事", state="approved", told_at=clock.now(), told_how="当面",
        proposed_by_number=1, proposed_at=clock.now(), answer_until=clock.now(), decided_by_number=2,
        decided_at=clock.now(),
    )  # fmt: skip
    client.force_login(ruled.users["guilan"])
    text = client.get("/me/").content.decode()
    assert "已清零，不入账" in text and "公示至" not in text and "申报本周做的事" not in text
