"""支部补充页 Proposing, deciding and ending what a branch adds, and the annex its members read."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.kernel import clock
from pioneer.rulebook.models import Supplement
from tests.rulebook.local import PATROL, RESCUE, TALK, added, propose
from tests.web.scenario import PNG
from tests.world import SUPPLEMENT, TODAY, World, adopt_rulebook

Enter = Callable[[str], Client]
BASE = "/rulebook/supplements/"


@pytest.fixture(autouse=True)
def _first_of_april() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def ruled(world: World) -> World:
    adopt_rulebook(world, more=SUPPLEMENT)
    return world


@pytest.fixture
def enter(world: World) -> Enter:
    def run(who: str) -> Client:
        client = Client()
        client.force_login(world.users[who])
        return client

    return run


def typed(**changes: Any) -> dict[str, Any]:
    """A form as filled in, one row."""
    return {
        "rows": "1",
        "row0-name": "参加古树巡护",
        "row0-shape": "fixed",
        "row0-points": "0.5",
        "row0-month": "1",
        "row0-wording": "参加古树巡护",
        "met_on": "2026-03-30",
        "present": "8",
        "in_favour": "7",
        "reference": "会议记录第5号",
        "effective_on": "2026-04-02",
        **changes,
    }


def new(world: World) -> str:
    return f"{BASE}new/{world.branch.pk}/"


def test_a_branch_proposes_and_the_township_approves(ruled: World, enter: Enter) -> None:
    secretary, officer = enter("secretary"), enter("township_officer")
    assert "还没有支部补充的指标" in secretary.get(BASE).content.decode()
    form = secretary.get(new(ruled)).content.decode()
    assert "一个支部最多3项，一次最多2分；一名党员合计每月最多3分，每周期最多8分" in form
    scan = SimpleUploadedFile("会议记录.png", PNG, "image/png")
    answer = secretary.post(new(ruled), typed(scan=scan, **{"row0-tracks": ["community"]}))
    made = Supplement.objects.get()
    assert answer["Location"] == f"{BASE}{made.pk}/"
    assert "支部补充指标待批准" in officer.get("/").content.decode()
    page = officer.get(f"{BASE}{made.pk}/").content.decode()
    for words in ("参加古树巡护", "每次0.5分；每月最多1分", "社区", "到会8人，赞成7人", "会议记录第5号", "王保国"):
        assert words in page, words
    assert officer.get(f"{BASE}{made.pk}/scan/")["Content-Disposition"].startswith("attachment")
    assert officer.post(f"{BASE}{made.pk}/approve/").status_code == 302
    assert "施行" in officer.get(f"{BASE}{made.pk}/").content.decode()
    assert "支部补充指标已批准" in secretary.get("/inbox/").content.decode()
    assert "支部补充指标待批准" not in officer.get("/").content.decode()
    text = secretary.get(f"{BASE}{made.pk}/text/")
    assert text.content.decode() == Supplement.objects.get().text and text["X-Content-Type-Options"] == "nosniff"


def test_a_row_is_added_without_a_script_and_nothing_typed_is_lost(ruled: World, enter: Enter) -> None:
    page = enter("secretary").post(new(ruled), typed(more="1", met_on="", **{"row0-tracks": ["rural"]}))
    said = page.content.decode()
    assert page.status_code == 200 and "第2项" in said and "第3项" not in said
    assert 'value="参加古树巡护"' in said and 'value="会议记录第5号"' in said and "errorlist" not in said
    assert re.search(r'value="rural"[^>]*checked', said) and not re.search(r'value="community"[^>]*checked', said)
    full = enter("secretary").post(new(ruled), typed(rows="2", more="1")).content.decode()
    assert "第3项" in full and "再加一项" not in full
    assert not Supplement.objects.exists()


def test_empty_rows_are_left_out(ruled: World, enter: Enter) -> None:
    third = {"name": "汛期值守", "shape": "range", "least": "0.5", "most": "2", "wording": "汛期值守"}
    rows = {"row1-shape": "fixed"} | {f"row2-{field}": said for field, said in third.items()}
    assert enter("secretary").post(new(ruled), typed(rows="3", **rows)).status_code == 302
    assert Supplement.objects.get().count == 2


def test_every_mistake_stands_at_its_field(ruled: World, enter: Enter) -> None:
    rows = {"row1-name": "讲课", "row1-shape": "per_unit", "row1-points": "0.5", "row1-cycle": "9"}
    page = enter("secretary").post(
        new(ruled), typed(rows="2", in_favour="4", effective_on="2026-04-01", **{"row0-points": "3"}, **rows)
    )
    said = page.content.decode()
    assert page.status_code == 422
    for words in (
        "一次最多2分（第三条），这里是3分",
        "请填写按什么计",
        "请填写一次最多几分",
        "没有超过到会人数的一半",
    ):
        assert said.count(words) == 1, words
    assert "第1项的" not in said, "at the field, not on top"
    assert "请填写数字" in enter("secretary").post(new(ruled), typed(**{"row0-points": "半分"})).content.decode()
    assert "至少填写一项" in enter("secretary").post(new(ruled), typed(**{
        "row0-name": "", "row0-points": "", "row0-month": "", "row0-wording": ""
    })).content.decode()  # fmt: skip


def test_what_was_returned_is_taken_up_again(ruled: World, enter: Enter) -> None:
    made = propose(ruled, PATROL, TALK, RESCUE)
    officer, secretary = enter("township_officer"), enter("secretary")
    assert officer.post(f"{BASE}{made.pk}/return/", {"reason": " "}).status_code == 422
    assert officer.post(f"{BASE}{made.pk}/return/", {"reason": "请写清楚什么算一次"}).status_code == 302
    page = secretary.get(f"{BASE}{made.pk}/").content.decode()
    assert "请写清楚什么算一次" in page and f"{new(ruled)}?from={made.pk}" in page
    form = secretary.get(f"{new(ruled)}?from={made.pk}").content.decode()
    for words in ('value="参加古树巡护"', 'value="课时"', 'value="2"', 'value="汛期值守"', 'value="按课时"', "第3项"):
        assert words in form, words


def test_it_is_ended_from_its_page(ruled: World, enter: Enter) -> None:
    made = added(ruled)
    secretary = enter("secretary")
    form = {"ended_from": "2026-04-01", "met_on": "2026-03-30", "present": "8", "in_favour": "8", "why": "第9号"}
    assert "最早自2026年4月2日起终止" in secretary.post(f"{BASE}{made.pk}/end/", form).content.decode()
    assert secretary.post(f"{BASE}{made.pk}/end/", {**form, "ended_from": "2026-05-01"}).status_code == 302
    page = secretary.get(f"{BASE}{made.pk}/").content.decode()
    assert "2026年5月1日起终止" in page and 'action="/rulebook/supplements' not in page


def test_who_proposed_is_told_why_it_may_not_approve(ruled: World, enter: Enter) -> None:
    from pioneer.accounts.models import Grant

    made = propose(ruled)
    street = ruled.organisations["street"]
    Grant.objects.create(user=ruled.users["secretary"], role="township_officer", organisation=street, from_on=TODAY)
    page = enter("secretary").get(f"{BASE}{made.pk}/").content.decode()
    assert "须由乡镇（街道）的另一位工作人员审批" in page and "退回</button>" not in page


def test_the_branchs_members_read_it_as_an_annex_to_the_regulation(ruled: World, enter: Enter) -> None:
    made = added(ruled)
    address = f"/rulebook/{made.version_id}/"
    for who in ("guilan", "recorder"):
        page = enter(who).get(address).content.decode()
        assert "附录　支部补充指标" in page and "L1-1" in page and "会议记录第1号" in page
    for who in ("second_secretary", "mancang", "township_officer"):
        assert "附录　支部补充指标" not in enter(who).get(address).content.decode()


def test_where_the_rules_dont_allow_it_nothing_is_asked_or_shown(world: World, enter: Enter) -> None:
    version = adopt_rulebook(world)
    assert "现在的办法不允许支部补充" in enter("secretary").get(new(world)).content.decode()
    client = enter("guilan")
    client.get(f"/rulebook/{version.pk}/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/declarations/new/")
    assert not [one for one in asked if "rulebook_supplement" in one["sql"]]


def test_the_list_asks_the_same_for_one_and_for_many(ruled: World, enter: Enter) -> None:
    client = enter("township_officer")
    client.get(BASE)
    counts = []
    for rows in ([PATROL], [TALK], [RESCUE]):
        added(ruled, *rows)
        added(ruled, *rows, who="second_secretary", branch="second_branch")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(BASE).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_what_begins_with_the_next_rulebook_can_be_proposed_ahead(world: World, enter: Enter) -> None:
    from pioneer.rulebook.services import adopt_version, draft_version
    from tests.rulebook.conftest import TEXT

    adopt_rulebook(world)
    later = draft_version(
        actor=world.actor("district_officer"), district_id=world.district.pk, text=TEXT + SUPPLEMENT,
        valid_from=date(2026, 7, 1),
    )  # fmt: skip
    adopt_version(actor=world.actor("second_district_officer"), version_id=later.pk)
    assert "办法第2版（第三条）" in enter("secretary").get(new(world)).content.decode()
    assert enter("secretary").post(new(world), typed(effective_on="2026-07-01")).status_code == 302
