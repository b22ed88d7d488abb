"""The pages of findings and cases: the next step is open to who takes it, texts only to who may read them."""

from collections.abc import Iterator

import pytest
from django.test import Client

from pioneer.disposals.models import Case, Finding
from pioneer.kernel import clock
from tests.disposals.proceedings import CALL, FIRST_DAY, WHO, announced, brought, calendars, filed, propose
from tests.world import World, adopt_rulebook

pytestmark = pytest.mark.one_database


@pytest.fixture
def town(world: World) -> Iterator[World]:
    adopt_rulebook(world)
    calendars()
    with clock.at(FIRST_DAY):
        yield world


def page(world: World, client: Client, who: str, address: str) -> str:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_from_the_list_over_the_exemption_question_to_the_finding(town: World, client: Client) -> None:
    results = announced(town, {"李桂兰": 4500})
    assert "李桂兰" in page(town, client, "secretary", "/disposals/")
    address = f"/disposals/results/{results['李桂兰'].pk}/"
    said = page(town, client, "secretary", address)
    assert "已满70周岁" in said and "提出并告知本人" not in said, "first the question"
    asked = f"/disposals/members/{town.member('李桂兰').pk}/exemption/"
    assert "2026年度：李桂兰在周期最后一天已满70周岁" in page(town, client, "secretary", asked)
    given = {"question": "2026-01-01/2026-12-31/age", "by": "支部委员会", "on": "2027-01-08", "reason": "身体健康。"}
    assert client.post(asked, given).status_code == 302
    made = client.post(address, {"remarks": "已谈过话。"})
    found = Finding.objects.get()
    assert made.headers["Location"] == f"/unqualified/{found.pk}/"
    assert "没有计入任何正向加分" in page(town, client, "guilan", f"/unqualified/{found.pk}/")


def test_the_next_step_is_open_to_who_takes_it(town: World, client: Client) -> None:
    filed(town)
    case = brought(town, "investigated")
    address = f"/cases/{case.pk}/"
    assert "谈话内容" in page(town, client, "secretary", address)
    officer = page(town, client, "township_officer", address)
    assert "查阅台账" in officer and "谈话内容" not in officer
    own = page(town, client, CALL, address)
    assert "查阅台账" in own and "说明您的意见" in own and "终止这件处置" not in own
    audited = page(town, client, "auditor", address)
    assert "调查核实" in audited and "查阅台账" not in audited and "王保国、曾永福" not in audited
    assert client.get(f"{address}papers/talk/").status_code == 403


def test_a_refusal_stands_at_the_open_step(town: World, client: Client) -> None:
    filed(town)
    case = brought(town, "reviewed")
    client.force_login(town.users["secretary"], backend="pioneer.accounts.backends.NumberBackend")
    votes = {"on": "2027-01-11", "present": "3", "in_favour": "3", "against": "0", "abstained": "0"}
    answer = client.post(f"/cases/{case.pk}/steps/voted/", votes)
    assert answer.status_code == 422 and "没有超过半数，这次表决无效" in answer.content.decode()
    assert client.post(f"/cases/{case.pk}/steps/nothing/", votes).status_code == 404


def test_a_removal_tells_a_person_what_to_enter_and_changes_nothing(town: World, client: Client) -> None:
    filed(town)
    advice = brought(town, "announced", "advice")
    given = {"agreed": "yes", "on": "2027-01-11", "content": "我接受。", "how": "本人书面答复"}
    client.force_login(town.users["secretary"], backend="pioneer.accounts.backends.NumberBackend")
    assert client.post(f"/cases/{advice.pk}/steps/responded/", given).status_code == 302
    said = page(town, client, "secretary", f"/cases/{advice.pk}/")
    assert "请在花名册登记：状态“已退党”，文号“槐委〔2027〕6号”" in said and "5年内不能重新入党" in said
    assert f"/members/{advice.member_id}/status/" in said
    assert Case.objects.get(pk=advice.pk).state == "in_effect"
    assert "对您的处置" in page(town, client, CALL, f"/cases/{advice.pk}/")
    assert "劝其退党" in page(town, client, CALL, "/me/disposals/")


def test_what_is_held_is_taken_away_with_the_rest(town: World, client: Client) -> None:
    filed(town)
    brought(town, "investigated")
    propose(town, announced(town)[WHO])
    client.force_login(town.users[CALL], backend="pioneer.accounts.backends.NumberBackend")
    said = client.post("/me/file/json/").content.decode()
    assert "查阅台账，走访邻居" in said and "本周期没有计入任何正向加分" in said
