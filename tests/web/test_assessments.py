"""The pages of assessments: the list, the grid with its side, claims, lines, the confirmation, the statement."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pioneer.assessments.models import Line, Review, Sheet
from pioneer.assessments.services import return_sheet
from pioneer.kernel import clock
from pioneer.members.models import Member, Membership, StatusSpell, TrackSpell
from tests.assessments.conftest import MARCH_12, Month, begin
from tests.web.test_declarations import sign_in
from tests.world import START, TODAY, World, adopt_rulebook


@pytest.fixture(autouse=True)
def _first_of_april() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def month(world: World) -> Month:
    adopt_rulebook(world)
    return begin(world)


def at(month: Month, rest: str = "") -> str:
    return f"/sheets/{month.sheet.pk}/{rest}"


def test_the_list_opens_a_month(world: World, client: Client) -> None:
    adopt_rulebook(world)
    sign_in(client, world, "recorder")
    assert "2026年3月" in client.get("/sheets/").content.decode()
    answer = client.post("/sheets/open/", {"branch": world.branch.pk, "month": "2026-03"})
    assert answer.status_code == 302 and Sheet.objects.get().month == 3


def test_a_month_that_cannot_be_opened_says_why(month: Month, client: Client) -> None:
    sign_in(client, month.world, "recorder")
    answer = client.post("/sheets/open/", {"branch": month.world.branch.pk, "month": "2026-03"})
    assert answer.status_code == 409 and "已经开立" in answer.content.decode()
    assert client.post("/sheets/open/", {"branch": "x", "month": "2026-13"}).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("guilan", 404), ("second_secretary", 404), ("other_secretary", 404)])
def test_who_does_not_see_it(month: Month, client: Client, who: str, status: int) -> None:
    assert sign_in(client, month.world, who).get(at(month)).status_code == status


@pytest.mark.parametrize("who", ["recorder", "secretary", "community_officer", "township_officer", "auditor"])
def test_who_sees_it(month: Month, client: Client, who: str) -> None:
    month.claim()
    page = sign_in(client, month.world, who).get(at(month)).content.decode()
    assert "2026年3月考评表" in page and "李桂兰" in page
    assert ("核准</button>" in page) == (who in {"recorder", "secretary"})


def test_the_grid_stands_in_roster_order_with_its_sums(month: Month, client: Client) -> None:
    month.review(month.claim(indicator="B2", quantity=300))
    month.enter(indicator="N7")
    page = sign_in(client, month.world, "recorder").get(at(month)).content.decode()
    assert page.index("王保国</a>") < page.index("李桂兰</a>") < page.index("喆䶮堃</a>")
    for shown in ("+1.5", "−0.5", "预备党员", "没有申报"):
        assert shown in page


def test_a_claim_is_accepted_with_one_press(month: Month, client: Client) -> None:
    claim = month.claim()
    sign_in(client, month.world, "recorder")
    answer = client.post(at(month, f"claims/{claim.pk}/accept/"))
    assert answer.status_code == 302 and answer["Location"].endswith(f"?member={claim.member_id}#m-{claim.member_id}")
    assert Review.objects.get().outcome == "accepted"


def test_the_second_reviewer_is_told_on_the_page(month: Month, client: Client) -> None:
    claim = month.claim()
    month.review(claim, "committee")
    answer = sign_in(client, month.world, "recorder").post(at(month, f"claims/{claim.pk}/accept/"), follow=True)
    assert "已由罗小红考评" in answer.content.decode()


def test_ones_own_claim_shows_why_not_and_is_refused(month: Month, client: Client) -> None:
    claim = month.claim("解文军")
    sign_in(client, month.world, "recorder")
    page = client.get(at(month, f"?member={claim.member_id}")).content.decode()
    assert "应回避：这是您本人" in page and f"/claims/{claim.pk}/accept/" not in page
    assert client.post(at(month, f"claims/{claim.pk}/accept/")).status_code == 403


def test_a_rejection_needs_its_reason_and_keeps_what_was_typed(month: Month, client: Client) -> None:
    claim = month.claim()
    sign_in(client, month.world, "recorder")
    url = at(month, f"claims/{claim.pk}/")
    answer = client.post(url, {"outcome": "rejected"})
    assert answer.status_code == 422 and "本人会看到" in answer.content.decode()
    assert client.post(url, {"outcome": "rejected", "reason": "没有记录"}).status_code == 302
    assert Review.objects.get().reason == "没有记录"


def test_a_claim_is_altered_on_its_page(month: Month, client: Client) -> None:
    claim = month.claim(indicator="B2", quantity=300)
    sign_in(client, month.world, "recorder")
    page = client.get(at(month, f"claims/{claim.pk}/?outcome=altered")).content.decode()
    assert 'value="3"' in page
    form = {"outcome": "altered", "reason": "实为2小时", "indicator": "B2", "quantity": "2"}
    assert client.post(at(month, f"claims/{claim.pk}/"), form).status_code == 302
    assert Line.objects.get().value == 100


def test_many_at_once_and_taken_back(month: Month, client: Client) -> None:
    chosen = [month.claim(event_on=date(2026, 3, day)).pk for day in (2, 3)]
    sign_in(client, month.world, "recorder")
    client.post(at(month, "claims/accept/"), {"claims": chosen})
    assert Line.objects.count() == 2
    client.post(at(month, f"claims/{chosen[0]}/reopen/"))
    assert Review.objects.count() == 1


def line_form(**changes: object) -> dict[str, object]:
    return {"indicator": "N2", "event_on": str(MARCH_12), "ground": "签到册", "request_key": str(uuid4()), **changes}


def test_a_line_for_one_and_for_several(month: Month, client: Client) -> None:
    ids = [month.world.member(name).pk for name in ("李桂兰", "单雪琴")]
    sign_in(client, month.world, "recorder")
    url = at(month, f"lines/new/?member={ids[0]}")
    assert "给李桂兰加一条" in client.get(url).content.decode()
    answer = client.post(url, line_form(members=[ids[0]]), follow=True)
    assert "已发消息告知本人" in answer.content.decode()
    assert client.post(at(month, "lines/new/"), line_form(members=ids, indicator="A1")).status_code == 302
    assert Line.objects.count() == 3


def test_a_line_that_is_refused_says_so_at_the_form(month: Month, client: Client) -> None:
    member = month.world.member("李桂兰").pk
    answer = sign_in(client, month.world, "recorder").post(
        at(month, f"lines/new/?member={member}"), line_form(members=[member], indicator="A3", wording="帮王保国")
    )
    assert answer.status_code == 422 and "其他人的姓名" in answer.content.decode()


def test_a_line_is_edited_and_removed(month: Month, client: Client) -> None:
    line = month.enter()
    sign_in(client, month.world, "recorder")
    form = {"edit": line.edit, "event_on": "2026-03-13", "ground": "签到册", "wording": line.wording}
    assert client.post(f"/lines/{line.pk}/edit/", form).status_code == 302
    assert "刚刚改了这一条" in client.post(f"/lines/{line.pk}/edit/", form).content.decode()
    assert client.post(f"/lines/{line.pk}/remove/", {"reason": "记错人"}).status_code == 302
    line.refresh_from_db()
    assert line.state == "struck"


def test_a_paper_notice_is_recorded(month: Month, client: Client) -> None:
    line = month.enter("张㛃")
    sign_in(client, month.world, "recorder")
    assert "待书面告知" in client.get(at(month)).content.decode()
    answer = client.post(f"/lines/{line.pk}/notice/", {"told_on": str(TODAY), "how": "witnesses", "first": "单雪琴"})
    assert answer.status_code == 422
    assert client.post(f"/lines/{line.pk}/notice/", {"told_on": str(TODAY), "how": "receipt"}).status_code == 302


def test_the_member_finds_reads_and_answers_its_deduction(month: Month, client: Client) -> None:
    line = month.enter()
    sign_in(client, month.world, "guilan")
    page = client.get(f"/lines/{line.pk}/statement/").content.decode()
    assert "签到册" in page and "2026年4月7日24时以前" in page
    answer = client.post(f"/lines/{line.pk}/statement/", {"statement": "那天送医"}, follow=True)
    assert "那天送医" in answer.content.decode()
    page = sign_in(client, month.world, "recorder").get(at(month)).content.decode()
    assert "本人申辩" in page
    assert sign_in(client, month.world, "xueqin").get(f"/lines/{line.pk}/statement/").status_code == 404


def test_a_sheet_goes_its_way_over_the_pages(month: Month, client: Client) -> None:
    month.review(month.claim())
    sign_in(client, month.world, "recorder")
    month.sheet.refresh_from_db()
    client.post(at(month, "submit/"), {"edit": month.sheet.edit})
    assert "复核通过" not in client.get(at(month)).content.decode()
    sign_in(client, month.world, "secretary")
    page = client.get(at(month, "confirm/")).content.decode()
    assert "为群众办好事实事" in page and "帮独居老人修水管" in page and "复核通过" in page
    month.sheet.refresh_from_db()
    stale = client.post(at(month, "confirm/"), {"edit": month.sheet.edit - 1}, follow=True)
    assert "又有改动" in stale.content.decode()
    client.post(at(month, "confirm/"), {"edit": month.sheet.edit})
    month.sheet.refresh_from_db()
    assert month.sheet.state == "confirmed"


def test_who_must_step_aside_sees_why_and_who_could(month: Month, client: Client) -> None:
    month.review(month.claim("王保国"))
    month.submit()
    page = sign_in(client, month.world, "secretary").get(at(month, "confirm/")).content.decode()
    assert "这1条是您本人" in page and "曾永福" in page and "复核通过" not in page


def test_the_sheet_is_confirmed_by_parts_and_says_what_is_left_and_who_could(month: Month, client: Client) -> None:
    for name in ("王保国", "李桂兰"):
        month.enter(name, indicator="A1")
    edit = month.submit().edit
    left = "还有1条（王保国的）待另一位同志复核：可由罗小红（支部委员）、曾永福（副书记）办理。"
    sign_in(client, month.world, "secretary")
    home = client.get("/").content.decode()
    assert "3月考评表待复核" in home and left in home
    page = client.get(at(month, "confirm/")).content.decode()
    assert "由您复核　1条" in page and "待另一位同志复核　1条" in page and left in page
    assert "以上1条核对无误，复核通过" in page
    after = client.post(at(month, "confirm/"), {"edit": edit}, follow=True).content.decode()
    assert (
        all(text in after for text in ("您的部分已复核。", left, "已复核一部分，未完", "看复核"))
        and "王保国复核" in client.get(at(month, f"?member={month.world.member('李桂兰').pk}")).content.decode()
    )
    page = client.get(at(month, "confirm/")).content.decode()
    assert "您能复核的都已复核" in page and "复核通过" not in page and "已复核　1条" in page
    for who in ("secretary", "recorder"):
        home = sign_in(client, month.world, who).get("/").content.decode()
        assert "3月考评表还没有复核完" in home and left in home
    home = sign_in(client, month.world, "committee").get("/").content.decode()
    assert "3月考评表待复核" in home
    after = client.post(at(month, "confirm/"), {"edit": edit}, follow=True).content.decode()
    assert "已复核。下一步是公示。" in after
    page = client.get(at(month, "confirm/")).content.decode()
    assert "王保国复核" in page and "罗小红复核" in page


def test_who_will_confirm_reads_why_it_still_has_to_wait(month: Month, client: Client) -> None:
    month.enter()  # told on 1 April: the member has until the 7th
    month.submit()
    home = sign_in(client, month.world, "committee").get("/").content.decode()
    assert "3月考评表已送复核，还要等一等" in home and "李桂兰的申辩期到4月7日24时为止" in home


def test_it_is_returned_with_its_reason(month: Month, client: Client) -> None:
    month.submit()
    sign_in(client, month.world, "secretary").post(at(month, "return/"), {"reason": "缺签到册"})
    page = sign_in(client, month.world, "recorder").get(at(month)).content.decode()
    assert "复核退回" in page and "缺签到册" in page


def test_a_correction_is_chosen_and_entered(month: Month, client: Client) -> None:
    line = month.enter("单雪琴")
    month.done()
    april = month.april()
    sign_in(client, month.world, "recorder")
    url = f"/sheets/{april.pk}/corrections/new/"
    assert "单雪琴" in client.get(url).content.decode()
    assert client.post(f"{url}?line={line.pk}", {"ground": "核对签到册，记错人"}).status_code == 302
    assert Line.objects.get(corrects=line)


def test_the_first_page_says_what_is_to_do(month: Month, client: Client) -> None:
    month.claim()
    assert "申报待考评" in sign_in(client, month.world, "recorder").get("/").content.decode()


@pytest.mark.parametrize("which", ["", "confirm/"])
def test_a_sheet_of_thirty_members_asks_as_much_as_one_of_ten(month: Month, client: Client, which: str) -> None:
    sign_in(client, month.world, "secretary").get("/sheets/")  # the session's own first writes are not the page's
    counts = []
    for batch in (2, 24):
        before = len(month.world.members)
        enlarge(month.world, before, batch)
        for name in list(month.world.members)[before:]:
            month.claim(name)
            month.review(month.claim(name, event_on=date(2026, 3, 3)))
            month.enter(name, indicator="N7")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(month, which)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
    assert counts[1] <= 46


@pytest.mark.parametrize("which", ["", "confirm/", "home"])
def test_a_partly_confirmed_sheet_of_thirty_asks_as_much_as_one_of_ten(
    month: Month, client: Client, which: str
) -> None:
    sign_in(client, month.world, "secretary").get("/sheets/")
    counts = []
    for batch in (2, 24):
        before = len(month.world.members)
        enlarge(month.world, before, batch)
        for name in list(month.world.members)[before:]:
            month.enter(name, indicator="A3")
            month.review(month.claim(name), outcome="rejected", reason="不符")
        month.enter("曾永福", indicator="A3")
        month.submit()
        month.confirm("deputy")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/" if which == "home" else at(month, which)).status_code == 200
        counts.append(len(asked))
        return_sheet(actor=month.actor("recorder"), sheet_id=month.sheet.pk, reason="再记几条")
    assert counts[0] == counts[1], counts
    assert counts[1] < 48


def enlarge(world: World, first: int, count: int) -> None:
    """更多党员"""
    for number in range(first, first + count):
        member = Member.objects.create(
            district=world.district,
            number=f"X{number:05d}",
            name=f"名{number:03d}",
            position=100 + number,
            created_at=clock.now(),
        )
        Membership.objects.create(member=member, branch=world.branch, from_on=START)
        StatusSpell.objects.create(member=member, status="full", from_on=START)
        TrackSpell.objects.create(member=member, track="community", from_on=START)
        world.members[member.name] = member
