"""The pages of a settlement: what stands in the way, settled, waited for, read, taken away; and one's own result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.assessments.models import Sheet
from pioneer.kernel import clock
from pioneer.members.models import StatusSpell
from pioneer.results.models import Settlement
from pioneer.results.settling import settle_cycle
from pioneer.workbooks.reading import read_workbook
from tests.notices import On, run
from tests.results.cycles import AFTER, FIRST, close_year, settled
from tests.world import World, adopt_rulebook


@pytest.fixture
def year(world: World) -> Iterator[World]:
    adopt_rulebook(world)
    run(world, [On("李桂兰", "B5", 12)])
    close_year(world.district)
    with clock.at(AFTER):
        yield world


def enter(world: World, client: Client, who: str = "community_officer") -> Client:
    client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    return client


def asked(world: World, **changes: Any) -> dict[str, Any]:
    return {"organisation": world.organisations["community"].pk, "first_on": "2026-01-01", **changes}


def test_from_the_choice_to_the_table(year: World, client: Client, django_capture_on_commit_callbacks: Any) -> None:
    page = enter(year, client).get("/results/").content.decode()
    assert "没有要先办的事，可以正式评定" in page and "2026年度" in page and "这一次不作提议" in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/results/settle/", asked(year))
    made = Settlement.objects.get()
    assert client.get(answer["Location"])["Location"] == f"/results/{made.pk}/"
    table = client.get(f"/results/{made.pk}/").content.decode()
    assert "拟定" in table and "由组织通报后生效" in table and "按花名册顺序，不排名次" in table
    assert table.index("王保国") < table.index("李桂兰") < table.index("温如春")
    member = year.member("李桂兰").pk
    assert f"/members/{member}/explain/?cycle=2026-01-01" in table
    explained = client.get(f"/members/{member}/explain/?cycle=2026-01-01").content.decode()
    assert "2026年1月1日至2026年12月31日" in explained and "周期已经结束" in explained
    assert "如果再做一件" not in explained
    assert client.get(f"/members/{member}/explain/?cycle=1950-01-01").status_code == 404
    assert "2027年1月1日至" in client.get(f"/members/{member}/explain/?cycle=什么").content.decode()
    assert "预备党员，不定等次" in table and ">71<" in table and "第1次" in client.get("/results/").content.decode()


def test_what_stands_in_the_way_comes_first_with_its_link(year: World, client: Client) -> None:
    sheet = Sheet.objects.create(branch=year.branch, year=2026, month=5, opened_at=clock.now())
    page = enter(year, client).get("/results/").content.decode()
    assert "先办完这些，才能正式评定" in page and f'href="/sheets/{sheet.pk}/"' in page
    assert ">正式评定<" not in page and ">先试算<" in page
    answer = client.post("/results/settle/", asked(year))
    assert answer.status_code == 409 and "还没有公示" in answer.content.decode()


def test_a_trial_says_that_it_is_one(year: World, client: Client) -> None:
    made = settled(year.organisations["community"], is_trial=True)
    page = enter(year, client).get(f"/results/{made.pk}/").content.decode()
    assert "试算，不是评定结果" in page


def test_work_on_its_way_can_be_left_and_found(year: World, client: Client) -> None:
    made = settle_cycle(
        actor=year.actor("community_officer"),
        organisation_id=year.organisations["community"].pk,
        first_on=FIRST,
        is_trial=False,
    )
    enter(year, client)
    assert "可以离开这一页" in client.get(f"/results/runs/{made.pk}/").content.decode()
    assert "正在计算" in client.get("/results/").content.decode()


def test_what_changed_since_is_shown_line_by_line(year: World, client: Client) -> None:
    community = year.organisations["community"]
    first = settled(community)
    StatusSpell.objects.filter(member=year.member("喆䶮堃")).update(status="full")
    second = settled(community)
    table = enter(year, client).get(f"/results/{second.pk}/").content.decode()
    assert "有2处变动" in table
    page = client.get(f"/results/{second.pk}/changes/").content.decode()
    assert "喆䶮堃" in page and "不定等次" in page and "预备党员，不定等次" in page
    assert client.get(f"/results/{first.pk}/changes/").status_code == 404


def test_it_is_taken_away_as_excel(year: World, client: Client) -> None:
    made = settled(year.organisations["community"])
    answer = enter(year, client).get(f"/results/{made.pk}/workbook/")
    book = {sheet.name: sheet.rows for sheet in read_workbook(answer.content, "结果.xlsx").sheets}
    own = next(row for row in book["评定结果"] if row[2] == "李桂兰")
    assert [float(str(one)) for one in own[5:10]] == [70, 1, 0, 0, 71] and len(book["评定结果"]) == 12
    assert "由组织通报后生效" in str(book["说明"][1][0])


def test_a_member_sees_the_own_result_once_it_is_settled_in_earnest(year: World, client: Client) -> None:
    enter(year, client, "guilan")
    settled(year.organisations["community"], is_trial=True)
    assert "还没有评定结果" in client.get("/me/results/").content.decode()
    settled(year.organisations["community"])
    page = client.get("/me/results/").content.decode()
    assert "71分" in page and "本结果由组织通报后生效" in page


def test_a_secretary_within_a_community_is_told_who_settles(year: World, client: Client) -> None:
    assert "由上级党组织评定" in enter(year, client, "secretary").get("/results/").content.decode()
    assert enter(year, client, "guilan").get("/results/").status_code == 404


def test_the_queries_do_not_grow_with_the_members(year: World, client: Client) -> None:
    counts = []
    enter(year, client, "district_officer")
    for at in (year.organisations["community"], year.district):
        made = settled(at)
        client.get(f"/results/{made.pk}/")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/results/{made.pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
