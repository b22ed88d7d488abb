"""The pages of follow-ups: a branch's way from the announcement to the end, the member's own page, who oversees."""

from datetime import timedelta

import pytest
from django.test import Client

from pioneer.accounts.models import Grant
from pioneer.followups.models import Encouragement, FollowUp
from pioneer.kernel import clock
from pioneer.results.models import Announcement
from pioneer.workbooks.reading import read_workbook
from tests.followups.conftest import NOW, TALK, Case
from tests.followups.conftest import announced as announced
from tests.followups.conftest import case_in as case_in
from tests.world import World

pytestmark = pytest.mark.one_database
DAY = NOW.isoformat()


@pytest.fixture
def enter(world: World, client: Client):
    def sign_in(who: str) -> Client:
        client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
        return client

    return sign_in


def text(answer) -> str:
    return answer.content.decode()


def test_a_follow_up_goes_its_way_from_the_announcement_to_the_end(
    world: World, enter, announced: Announcement
) -> None:
    client, branch = enter("secretary"), world.branch.pk
    home = text(client.get("/"))
    assert "党员的帮教待开展" in home and "党员的勉励待写" in home
    page = text(client.get("/followups/", follow=True))
    assert "以下4名党员须由专人谈话、结对帮带：李桂兰、张㛃、曾永福、罗小红" in page
    said = text(client.post(f"/followups/branches/{branch}/open/", {"first_on": "2026-01-01"}, follow=True))
    assert "已为4名党员开展帮教" in said and "下一步：确定由谁谈话" in said
    found = FollowUp.objects.get(member=world.member("李桂兰"))
    at = f"/followups/{found.pk}/"
    assert "谈话人" in text(client.get(at))
    steps = [
        ("assign", {"person_id": world.member("罗小红").pk, "on": DAY}, "已确定谈话人"),
        ("talk", {"on": DAY, **TALK}, "谈话已登记"),
        ("pair", {"person_id": world.member("曾永福").pk, "on": DAY}, "已确定帮带人"),
        ("plan", {"on": DAY, "text": "按时到会。", "due_on": "2027-06-30"}, "帮教计划已定"),
        ("visit", {"on": DAY, "text": "上门谈心。"}, "走访已登记"),
        ("extend", {"due_on": "2027-08-31", "reason": "外出务工。"}, "期限已延长"),
        ("decide", {"outcome": "corrected", "on": DAY, "people": "支部委员会", "text": "按时到会。"}, "结论已登记"),
    ]
    for name, given, sentence in steps:
        assert sentence in text(client.post(f"{at}{name}/", given, follow=True)), name
    assert "确认结论</button>" not in text(client.get(at)), "the second person is another"
    client = enter("committee")
    assert "李桂兰的帮教结论待确认" in text(client.get("/"))
    page = text(client.post(f"{at}confirm/", {"how": ""}, follow=True))
    assert "已了结：已经改正" in page and "结论已确认" in page


def test_a_form_that_comes_back_says_why_where_it_was(world: World, enter, case_in: Case) -> None:
    at = f"/followups/{case_in('assigned').pk}/"
    answer = enter("secretary").post(f"{at}talk/", {**TALK, "on": (NOW + timedelta(days=1)).isoformat()})
    assert answer.status_code == 422
    assert "日期不能晚于今天" in text(answer) and TALK["text"] in text(answer), "what was typed stays"
    assert "还不能办理或已经办过" in text(enter("secretary").post(f"{at}visit/", {"on": DAY, "text": "上门。"}))


def test_the_member_sees_everything_and_answers(world: World, enter, case_in: Case) -> None:
    found = case_in("visited")
    client = enter("guilan")
    assert f"/followups/{found.pk}/" in text(client.get("/my/followups/"))
    page = text(client.get(f"/followups/{found.pk}/"))
    assert TALK["words"] in page and "上门谈心，近来都到会。" in page and "我有话说" in page and "登记走访" not in page
    talk = found.entries.get(kind="talk")
    said = client.post(f"/followups/entries/{talk.pk}/answer/", {"text": "我没有缺席。"}, follow=True)
    assert "我没有缺席。" in text(said)
    assert client.post(f"/followups/entries/{talk.pk}/answer/", {"text": ""}).status_code == 422


def test_who_was_entrusted_finds_it_without_an_office(world: World, enter, case_in: Case) -> None:
    found = case_in("planned")
    Grant.objects.filter(user__in=[world.users["committee"], world.users["deputy"]]).delete()
    page = text(enter("deputy").get("/followups/"))
    assert "托付给您的" in page and "李桂兰" in page
    at = f"/followups/{found.pk}/"
    page = text(enter("deputy").get(at))
    assert "登记走访" in page and "作出结论</button>" not in page
    assert "走访已登记" in text(enter("deputy").post(f"{at}visit/", {"on": DAY, "text": "上门谈心。"}, follow=True))


def test_a_correction_leaves_what_was_written(world: World, enter, case_in: Case) -> None:
    found = case_in("talked")
    talk = found.entries.get(kind="talk")
    client = enter("recorder")
    assert TALK["text"] in text(client.get(f"/followups/entries/{talk.pk}/correct/"))
    given = {**TALK, "on": DAY, "words": "尽量参加。"}
    page = text(client.post(f"/followups/entries/{talk.pk}/correct/", given, follow=True))
    assert "更正第2条" in page and "已由第3条更正" in page and TALK["words"] in page
    assigned = found.entries.get(kind="assigned")
    assert client.get(f"/followups/entries/{assigned.pk}/correct/").status_code == 404


def test_hopes_are_written_told_answered_and_printed(world: World, enter, announced: Announcement) -> None:
    client, member = enter("secretary"), world.member("单雪琴").pk
    at = f"/followups/branches/{world.branch.pk}/members/{member}/encourage/"
    assert "85分" in text(client.get(at))
    given = {"text": "希望多带动邻里。", "spoken_by": "王保国", "spoken_on": DAY}
    assert "已写勉励，单雪琴已被告知" in text(client.post(at, given, follow=True))
    hope = Encouragement.objects.get()
    assert client.get(f"/followups/encouragements/{hope.pk}/slip.pdf").content.startswith(b"%PDF")
    other = f"/followups/branches/{world.branch.pk}/members/{world.member('李桂兰').pk}/encourage/"
    assert client.get(other).status_code == 404, "75 points call for something else"
    client = enter("xueqin")
    assert "希望多带动邻里。" in text(client.get("/my/followups/"))
    said = client.post(f"/followups/encouragements/{hope.pk}/answer/", {"text": "一定做到。"}, follow=True)
    assert "一定做到。" in text(said)
    page = text(enter("secretary").get(f"/followups/encouragements/{hope.pk}/answer/"))
    assert "一定做到。" in page and "代录" in page


def test_the_township_sees_who_is_late_and_filters(world: World, enter, case_in: Case) -> None:
    case_in("assigned")
    with clock.at(NOW + timedelta(days=1)):
        client = enter("township_officer")
        page = text(client.get("/followups/"))
        assert "槐园社区第一党支部" in page and "待开展2人，进行中4人，已了结0人" in page and "4件" in page
        page = text(client.get("/followups/below/?late=1&state=assigned"))
        assert "李桂兰" in page and "张㛃" not in page and "谈话应在2027年1月25日以前进行，已逾期" in page
        assert "4件" in text(client.get("/followups/below/?state=x&cycle=x"))
        assert "全部支部" in text(enter("district_officer").get("/followups/?show=open"))
    assert "还没有要跟进的" in text(enter("town_officer").get("/followups/", follow=True))
    assert enter("secretary").get("/followups/below/").status_code == 404


def test_pages_ask_the_database_no_more_for_more_people(
    world: World, enter, case_in: Case, django_assert_max_num_queries
) -> None:
    found = case_in("visited")
    client = enter("township_officer")
    for address, most in (("/followups/", 30), ("/followups/below/", 20), (f"/followups/{found.pk}/", 35)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_a_branch_takes_its_follow_ups_along_as_excel(world: World, enter, case_in: Case) -> None:
    case_in("visited")
    answer = enter("secretary").get(f"/followups/branches/{world.branch.pk}/workbook/?cycle=2026-01-01")
    book = {sheet.name: sheet.rows for sheet in read_workbook(answer.content, "跟进.xlsx").sheets}
    assert list(book) == ["帮教", "帮教记录", "勉励"]
    assert [row[1] for row in book["帮教"][1:]] == ["李桂兰", "张㛃", "曾永福", "罗小红"]
    assert len(book["帮教记录"]) == 6 and book["勉励"][1][2] == "还没有写"


def test_papers_are_filled_or_empty_and_of_three_kinds(world: World, enter, case_in: Case) -> None:
    at = f"/followups/{case_in('visited').pk}/papers/"
    client = enter("secretary")
    for kind in ("talk", "plan", "closing"):
        filled, empty = client.get(f"{at}{kind}/"), client.get(f"{at}{kind}/?empty=1")
        assert filled.content.startswith(b"%PDF") and empty.content != filled.content
    assert client.get(f"{at}other/").status_code == 404
    assert enter("xueqin").get(f"{at}talk/").status_code == 404
