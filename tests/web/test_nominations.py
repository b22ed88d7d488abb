"""推荐页 What the pages say: nobody by score, everybody's own steps, the objector's name where it may be seen."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from pioneer.kernel import clock
from pioneer.nominations.deciding import record_objection
from pioneer.web.nominations import todo
from tests.nominations.course import announced, call, decide, drafted, file, propose, ready
from tests.world import TODAY, World, adopt_rulebook

pytestmark = pytest.mark.one_database


@pytest.fixture
def town(world: World) -> Iterator[World]:
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield world


def opened(world: World, who: str, address: str) -> str:
    """What the page itself says: what stands around it holds tokens, in which any number may occur."""
    client = Client()
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode()).partition("<main")[2]


def test_a_list_names_nobody_s_score_and_the_member_answers_on_its_own_page(town: World) -> None:
    shown = drafted(town)
    page = opened(town, "township_officer", f"/commendations/{shown.pk}/")
    assert page.index("王保国") < page.index("李桂兰") < page.index("单雪琴") and "95" not in page
    assert "同意公布姓名" in opened(town, "guilan", "/me/nominations/")
    assert [one.text for one in todo(town.actor("guilan"))] == ["推荐或表扬等您本人答复"]
    assert "95" not in opened(town, "secretary", "/nominations/")


def test_the_pool_says_of_everybody_why_not(town: World) -> None:
    file(town, "李桂兰")
    made = call(town)
    page = opened(town, "secretary", f"/nominations/calls/{made.pk}/pool/{town.branch.pk}/")
    assert "8名党员，1名符合条件" in page and page.count("到2025年12月31日为止的周期没有备案的结果") == 7
    assert page.count("/propose/") == 1
    assert [one.text for one in todo(town.actor("secretary"))] == ["“槐园街道优秀共产党员”等您推荐"]


def test_who_objected_is_seen_by_who_answers_and_by_nobody_else(town: World) -> None:
    file(town, "李桂兰")
    one, _ = ready(town, call(town), "李桂兰")
    record_objection(
        actor=town.actor("committee"),
        nomination_id=one.pk,
        organisation_id=town.branch.pk,
        came_on=TODAY,
        text="有一次志愿服务没有到场",
        objector_name="赵某某",
        objector_contact="13900000000",
    )
    address = f"/nominations/{one.pk}/"
    for who in ("guilan", "deputy", "township_officer", "community_officer", "auditor"):
        page = opened(town, who, address)
        assert "有一次志愿服务没有到场" in page and "赵某某" not in page and "13900000000" not in page, who
    assert "赵某某" in opened(town, "secretary", address)
    assert "对李桂兰推荐的异议待答复" in [waits.text for waits in todo(town.actor("secretary"))]


def test_what_waits_for_whom(town: World) -> None:
    file(town, "李桂兰")
    made = call(town)
    one = propose(town, made, "李桂兰")
    assert [waits.text for waits in todo(town.actor("guilan"))] == ["推荐或表扬等您本人答复"]
    type(one).objects.filter(pk=one.pk).update(state="agreed")
    assert [waits.text for waits in todo(town.actor("community_officer"))] == ["李桂兰的推荐待提意见"]
    assert todo(town.actor("recorder")) == []


def test_the_chosen_takes_its_letter_and_everything_held_away(town: World) -> None:
    file(town, "李桂兰")
    one, day = ready(town, call(town), "李桂兰")
    decide(town, one, day)
    announced(town)
    with clock.at(day):
        client = Client()
        client.force_login(town.users["guilan"], backend="pioneer.accounts.backends.NumberBackend")
        assert client.get(f"/nominations/{one.pk}/letter/").content.startswith(b"%PDF")  # type: ignore[attr-defined]
        held = client.post("/me/file/json/").content.decode()  # type: ignore[attr-defined]
    assert "三年如一日照看独居老人。" in held and "表现突出，同意。" in held
