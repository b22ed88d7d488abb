"""The sheet's page worked through in one sitting: filters, a row opened in place, two people over one thing."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.assessments.lines import answer_line, remove_line
from pioneer.assessments.models import Line, Review
from pioneer.kernel import clock
from tests.assessments.conftest import MARCH_12, Month, begin
from tests.web.test_assessments import at, enlarge, line_form
from tests.web.test_declarations import sign_in
from tests.world import TODAY, World, adopt_rulebook

HTMX: Any = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _first_of_april() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def month(world: World) -> Month:
    adopt_rulebook(world)
    return begin(world)


@pytest.fixture
def desk(month: Month, client: Client) -> Client:
    return sign_in(client, month.world, "recorder")


def second(month: Month, who: str = "committee") -> Client:
    return sign_in(Client(), month.world, who)


def number(month: Month, name: str = "李桂兰") -> int:
    return month.world.member(name).pk


def rows_in(page: str) -> list[str]:
    return re.findall(r'<tbody id="m-\d+".*?aria-expanded="\w+">(.+?)</a>', page, re.S)


# ------------------------------------------------------------------ filters


def test_each_filter_says_how_many_and_shows_those(month: Month, desk: Client) -> None:
    month.claim("曾永福", matter="帮独居老人修水管三个小时")
    month.claim("李桂兰", matter="帮独居老人修水管三个小时", event_on=date(2026, 3, 13))  # alike: a doubt
    month.review(month.claim("单雪琴"))
    line = month.enter("张㛃")
    answered = month.enter("单雪琴", "committee")
    answer_line(actor=month.actor("xueqin"), line_id=answered.pk, statement="那天请过假")
    shown = {"waiting": ["李桂兰", "曾永福"], "doubtful": ["李桂兰"], "statement": ["单雪琴"], "untold": ["张㛃"]}
    for which, names in shown.items():
        page = desk.get(at(month, f"?show={which}")).content.decode()
        assert rows_in(page) == names
        assert re.search(rf'\?show={which}" aria-current="true">[^<]+<span class="num">{len(names)}<', page)
    page = desk.get(at(month, "?show=none")).content.decode()
    assert rows_in(page) == ["王保国", "张㛃", "解文军", "罗小红", "喆䶮堃"] and line.member.name in page


def test_the_filter_stays_in_the_address(month: Month, desk: Client) -> None:
    claim = month.claim()
    page = desk.get(at(month, "?show=waiting")).content.decode()
    assert f"/claims/{claim.pk}/accept/?show=waiting" in page
    answer = desk.post(at(month, f"claims/{claim.pk}/accept/?show=waiting"))
    assert answer["Location"] == f"{at(month)}?show=waiting&member={claim.member_id}#m-{claim.member_id}"
    assert desk.get(at(month, "?show=%22%3E")).status_code == 200


# ------------------------------------------------------------------ a row, in place


def test_a_row_is_answered_alone_with_the_totals(month: Month, desk: Client) -> None:
    month.enter(indicator="A1")
    page = desk.get(at(month, f"?member={number(month)}"), **HTMX).content.decode()
    assert rows_in(page) == ["李桂兰"] and 'aria-expanded="true"' in page
    assert all(
        f'id="{part}"' in page for part in ("sheet-top", "sheet-filters", "sheet-totals", f"slot-{number(month)}")
    )
    shut = desk.get(at(month, f"?closed={number(month)}"), **HTMX).content.decode()
    assert rows_in(shut) == ["李桂兰"] and 'aria-expanded="true"' not in shut and "slot-" not in shut
    assert desk.get(at(month, "?member=999999"), **HTMX).status_code == 404


def test_an_act_in_the_row_answers_with_the_row_and_says_what_was_done(month: Month, desk: Client) -> None:
    claims = [month.claim().pk, month.claim(event_on=date(2026, 3, 3)).pk]
    form = {"claims": claims, "member": number(month)}
    page = desk.post(at(month, "claims/accept/"), form, follow=True, **HTMX).content.decode()
    assert rows_in(page) == ["李桂兰"] and "已核准2条申报。" in page and "<b>+2</b>" in page


@pytest.mark.parametrize("which", ["new", "edit", "remove", "notice", "claim"])
def test_a_form_opens_in_its_row_and_shows_there_what_is_wrong(month: Month, desk: Client, which: str) -> None:
    line, claim = month.enter("张㛃"), month.claim("张㛃")
    url = {
        "new": at(month, f"lines/new/?member={line.member_id}"),
        "claim": at(month, f"claims/{claim.pk}/"),
    }.get(which, f"/lines/{line.pk}/{which}/")
    for answer in (desk.get(url, **HTMX), desk.post(url, {"how": "witnesses", "outcome": "rejected"}, **HTMX)):
        assert answer["HX-Push-Url"] == "false"
        assert (answer["HX-Retarget"], answer["HX-Reselect"]) == (f"#slot-{line.member_id}", "#part")
        assert 'id="part"' in answer.content.decode()
    assert answer.status_code == 422 and "errorlist" in answer.content.decode()
    assert "HX-Retarget" not in desk.get(url)


def test_the_row_asks_as_much_for_more_than_thirty_members_as_for_ten(month: Month, desk: Client) -> None:
    counts = []
    for batch in (2, 24):
        before = len(month.world.members)
        enlarge(month.world, before, batch)
        for name in list(month.world.members)[before:]:
            month.claim(name)
            month.enter(name, indicator="N7")
        url = at(month, f"?member={number(month, '名' + f'{before:03d}')}")
        desk.get(url, **HTMX)
        with CaptureQueriesContext(connection) as asked:
            desk.get(url, **HTMX)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 45, counts


# ------------------------------------------------------------------ who steps aside, said beforehand


def test_who_must_step_aside_reads_for_whom_and_who_else_can(month: Month, desk: Client) -> None:
    month.relate("解文军", "单雪琴")
    claim = month.claim("单雪琴")
    page = desk.get(at(month)).content.decode()
    assert "您须回避2人" in page and "解文军（您本人）" in page and "单雪琴（夫妻）" in page
    assert "由王保国（支部书记）、罗小红（支部委员）、曾永福（副书记）考评" in page
    page = desk.get(at(month, f"claims/{claim.pk}/")).content.decode()
    assert "您申明的亲属（夫妻）" in page and "罗小红" in page and "写入考评表" not in page
    assert desk.post(at(month, f"claims/{claim.pk}/"), {"outcome": "accepted"}).status_code == 403
    assert "您须回避" not in second(month, "auditor").get(at(month)).content.decode()


def test_where_the_whole_branch_steps_aside_the_officer_above_is_named(month: Month, desk: Client) -> None:
    for name in ("王保国", "罗小红", "曾永福", "解文军"):
        month.relate(name, "单雪琴", "姻亲")
    page = desk.get(at(month)).content.decode()
    assert "单雪琴（姻亲），由槐园社区的段雅文" in page


# ------------------------------------------------------------------ two people over one line


def edit_form(line: Line, **changes: object) -> dict[str, object]:
    return {"edit": line.edit, "event_on": MARCH_12, "ground": line.ground, "wording": line.wording, **changes}


def test_who_comes_second_sees_both_side_by_side_and_takes_its_own(month: Month, desk: Client) -> None:
    line = month.enter(indicator="A3")
    url = f"/lines/{line.pk}/edit/"
    assert second(month).post(url, edit_form(line, ground="罗小红的依据")).status_code == 302
    answer = desk.post(url, edit_form(line, ground="解文军的依据"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "罗小红刚刚改了这一条" in page
    assert "罗小红的依据" in page and "解文军的依据" in page and "保留现在的" in page
    assert page.count('class="differs"') == 1 and 'name="edit" value="1"' in page
    assert Line.objects.get().ground == "罗小红的依据"
    assert desk.post(url, edit_form(line, ground="解文军的依据", edit=1)).status_code == 302
    assert Line.objects.get().ground == "解文军的依据"


def test_what_was_typed_for_a_line_removed_meanwhile_becomes_a_line(month: Month, desk: Client) -> None:
    line = month.enter(indicator="A3")
    remove_line(actor=month.actor("committee"), line_id=line.pk, reason="重复")
    page = desk.post(f"/lines/{line.pk}/edit/", edit_form(line, ground="解文军的依据")).content.decode()
    assert "撤下了这一条" in page and "按我填的另加一条" in page and "解文军的依据" in page
    url = at(month, f"lines/new/?member={line.member_id}")
    assert url in page
    form = line_form(members=[line.member_id], indicator="A3", ground="解文军的依据")
    assert desk.post(url, form).status_code == 302
    assert Line.objects.get(state="standing").ground == "解文军的依据"


def test_an_edit_of_a_sheet_submitted_meanwhile_keeps_what_was_typed(month: Month, desk: Client) -> None:
    line = month.enter(indicator="A3")
    month.submit("committee")
    answer = desk.post(f"/lines/{line.pk}/edit/", edit_form(line, ground="解文军的依据"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "已送复核" in page and "解文军的依据" in page


# ------------------------------------------------------------------ two people over one claim


def test_who_reviews_second_sees_both_and_may_insist(month: Month, desk: Client) -> None:
    claim = month.claim(indicator="B2", quantity=300)
    url = at(month, f"claims/{claim.pk}/")
    second(month).post(url, {"outcome": "altered", "reason": "签到两小时", "indicator": "B2", "quantity": "2"})
    mine = {"outcome": "rejected", "reason": "那天没有活动"}
    answer = desk.post(url, mine)
    page = answer.content.decode()
    assert answer.status_code == 422 and "罗小红刚刚考评了这条申报" in page
    assert "签到两小时" in page and "那天没有活动" in page and "用我填的，撤回现在的" in page
    first = Review.objects.get()
    assert f'name="instead_of" value="{first.pk}"' in page and first.reason == "签到两小时"
    assert desk.post(url, {**mine, "instead_of": first.pk}).status_code == 302
    assert Review.objects.get().reason == "那天没有活动" and not Line.objects.filter(state="standing").exists()


def test_a_review_after_submission_can_only_be_kept(month: Month, desk: Client) -> None:
    claim = month.claim()
    month.review(claim, "committee")
    month.submit("committee")
    page = desk.post(at(month, f"claims/{claim.pk}/"), {"outcome": "rejected", "reason": "不符"}).content.decode()
    assert "已送复核" in page and "用我填的" not in page


# ------------------------------------------------------------------ the sheet's own number


def test_who_submits_an_old_page_reads_what_was_changed_and_submits_again(month: Month, desk: Client) -> None:
    month.sheet.refresh_from_db()
    opened = month.sheet.edit
    month.enter("单雪琴", "committee", indicator="A3")
    page = desk.post(at(month, "submit/"), {"edit": opened}, follow=True).content.decode()
    assert "您打开这一页以后" in page and "罗小红加了一条：单雪琴" in page
    month.sheet.refresh_from_db()
    assert month.sheet.state == "open" and f'name="edit" value="{month.sheet.edit}"' in page
    desk.post(at(month, "submit/"), {"edit": month.sheet.edit})
    month.sheet.refresh_from_db()
    assert month.sheet.state == "submitted"


def test_a_page_worked_on_row_by_row_does_not_take_over_what_others_did_unseen(month: Month, desk: Client) -> None:
    month.sheet.refresh_from_db()
    opened = month.sheet.edit
    seen: Any = {**HTMX, "HTTP_X_SEEN": str(opened)}
    month.enter(indicator="A3")  # one's own: the page goes on with the newest number
    page = desk.get(at(month, f"?member={number(month)}"), **seen).content.decode()
    assert f'id="seen" value="{opened + 1}"' in page and "您打开这一页以后" not in page
    month.enter("单雪琴", "committee", indicator="A3")
    page = desk.get(at(month, f"?member={number(month)}"), **seen).content.decode()
    assert f'id="seen" value="{opened}"' in page and "罗小红加了一条：单雪琴" in page and "重新打开" in page


def test_who_confirms_an_old_page_reads_what_was_changed(month: Month) -> None:
    line = month.enter()
    month.submit()
    desk = second(month, "secretary")
    old = month.sheet.edit
    answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="那天请过假")
    page = desk.post(at(month, "confirm/"), {"edit": old}, follow=True).content.decode()
    assert "李桂兰写了说明" in page and "请看过以后再复核" in page
    month.sheet.refresh_from_db()
    assert month.sheet.state == "submitted"
