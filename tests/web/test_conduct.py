"""The pages of daily conduct: records, relations, and a zeroing from proposal to reversal."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pioneer.conduct.models import DeclaredRelation, EducationRecord, ZeroingCase
from pioneer.kernel import clock
from tests.conduct.conftest import OVER, document
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture(autouse=True)
def _today(world: World):
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield


@pytest.fixture
def enter(world: World, client: Client):
    def sign_in(who: str) -> Client:
        client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
        return client

    return sign_in


def filled(world: World, name: str = "李桂兰", **changes):
    given = document(member=world.member(name).pk, **changes)
    return {**given, "in_force": "yes", "document_on": given["document_on"].isoformat()}


def propose(world: World, client: Client, **changes) -> ZeroingCase:
    answer = client.post(f"/conduct/{world.branch.pk}/zeroing/new/", filled(world, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return ZeroingCase.objects.get()


def test_a_zeroing_goes_its_way_from_proposal_to_reversal(world: World, enter) -> None:
    case = propose(world, enter("secretary"), file=SimpleUploadedFile("决定书.pdf", b"%PDF-1.7 x"))
    client = enter("guilan")
    assert f"/zeroing/{case.pk}/" in client.get("/my/conduct/").content.decode()
    assert "您的申辩" in client.get(f"/zeroing/{case.pk}/").content.decode()
    page = client.post(f"/zeroing/{case.pk}/answer/", {"statement": "我认错。"}, follow=True).content.decode()
    assert "申辩已记入" in page and "我认错。" in page
    client = enter("township_officer")
    assert "李桂兰的清零待审批" in client.get("/").content.decode()
    assert "批准清零" in client.get(f"/zeroing/{case.pk}/").content.decode()
    page = client.post(f"/zeroing/{case.pk}/approve/", {"reason": "同意"}, follow=True).content.decode()
    assert "本周期得分清零" in page and "撤销清零" in page
    page = client.post(f"/zeroing/{case.pk}/reverse/", {"document": "行终3号"}, follow=True).content.decode()
    assert "得分已恢复" in page and "行终3号" in page


def test_the_document_leaves_only_as_an_attachment_and_only_to_who_sees_the_case(world: World, enter) -> None:
    case = propose(world, enter("secretary"), file=SimpleUploadedFile("决定书.pdf", b"%PDF-1.7 x"))
    answer = enter("guilan").get(f"/zeroing/{case.pk}/file/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert enter("xueqin").get(f"/zeroing/{case.pk}/file/").status_code == 404


def test_a_detention_pending_is_refused_with_the_sentence(world: World, enter) -> None:
    page = enter("secretary").post(
        f"/conduct/{world.branch.pk}/zeroing/new/", filled(world, document_kind="detention")
    ).content.decode()  # fmt: skip
    assert "不是有最终效力的文件" in page and "清公（治）行罚决字" in page, "what was typed stays"
    assert not ZeroingCase.objects.exists()


def test_the_township_waits_until_the_days_are_over(world: World, enter) -> None:
    case = propose(world, enter("secretary"))
    client = enter("township_officer")
    assert "<h2>批准清零</h2>" not in client.get(f"/zeroing/{case.pk}/").content.decode()
    page = client.post(f"/zeroing/{case.pk}/approve/")
    assert page.status_code == 422 and ZeroingCase.objects.get().state == "proposed"
    with clock.at(OVER):
        client = enter("township_officer")
        assert "<h2>批准清零</h2>" in client.get(f"/zeroing/{case.pk}/").content.decode()


def test_somebody_else_of_the_branch_takes_the_answer_down(world: World, enter) -> None:
    case = propose(world, enter("secretary"))
    assert "代录本人的申辩" not in enter("secretary").get(f"/zeroing/{case.pk}/").content.decode()
    client = enter("recorder")
    assert "代录本人的申辩" in client.get(f"/zeroing/{case.pk}/").content.decode()
    client.post(f"/zeroing/{case.pk}/answer/", {"statement": "没有意见", "taken_how": "本人口述"})
    assert ZeroingCase.objects.get().statement_how == "代录：本人口述"


def test_a_record_is_written_and_read_by_the_member(world: World, enter) -> None:
    client, url = enter("recorder"), f"/conduct/{world.branch.pk}/records/education/"
    page = client.get(url).content.decode()
    assert "N1 发布不良言论" in page and "N11" not in page and "解文军</option>" not in page
    wrong = {"member": world.member("张㛃").pk, "indicator": "N1", "on": "2026-04-01", "content": "谈话"}
    assert "张㛃没有账号" in client.post(url, wrong).content.decode()
    right = {**wrong, "member": world.member("李桂兰").pk}
    assert "已写入教育记录" in client.post(url, right, follow=True).content.decode()
    assert EducationRecord.objects.get().by_number == world.users["recorder"].pk
    assert "谈话" in enter("guilan").get("/my/conduct/").content.decode()
    assert enter("recorder").get(f"/conduct/{world.branch.pk}/records/gossip/").status_code == 404


def test_relations_are_declared_by_the_member_and_the_branch(world: World, enter) -> None:
    page = enter("guilan").post("/my/relations/new/", {"relative_name": "没有此人", "kind": "夫妻"}).content.decode()
    assert "本支部没有叫“没有此人”的党员" in page
    filled = {"relative_name": "王保国", "kind": "母子"}
    assert "互相回避" in enter("guilan").post("/my/relations/new/", filled, follow=True).content.decode()
    client = enter("recorder")
    url = f"/conduct/{world.branch.pk}/relations/new/"
    client.post(url, {"member": world.member("曾永福").pk, "relative_name": "罗小红", "kind": "夫妻"})
    assert DeclaredRelation.objects.count() == 2
    page = client.get(f"/conduct/{world.branch.pk}/").content.decode()
    assert "李桂兰" in page and "夫妻" in page
    assert client.post(f"/relations/{DeclaredRelation.objects.get(kind='夫妻').pk}/withdraw/").status_code == 302
    assert client.get(f"/conduct/{world.branch.pk}/").content.decode().count("夫妻</") == 0


def test_an_officer_who_must_step_aside_is_told_so(world: World, enter) -> None:
    case = propose(world, enter("secretary"))
    officer = world.member("单雪琴")
    officer.user = world.users["township_officer"]
    officer.save()
    DeclaredRelation.objects.create(
        member=officer, relative=world.member("李桂兰"), kind="姑侄", created_at=clock.now()
    )
    with clock.at(OVER):
        page = enter("township_officer").get(f"/zeroing/{case.pk}/").content.decode()
    assert "您须回避" in page and "<h2>批准清零</h2>" not in page


@pytest.mark.parametrize(
    ("who", "index", "branch", "record", "propose_page", "case"),
    [
        ("recorder", 302, 200, 200, 403, 200),
        ("secretary", 302, 200, 200, 200, 200),
        ("community_officer", 200, 200, 403, 403, 404),
        ("township_officer", 200, 200, 403, 403, 200),
        ("district_officer", 200, 404, 404, 404, 404),
        ("auditor", 200, 404, 404, 404, 404),
        ("xueqin", 200, 404, 404, 404, 404),
        ("second_secretary", 302, 404, 404, 404, 404),
        ("other_secretary", 302, 404, 404, 404, 404),
    ],
)
def test_who_gets_in(world: World, enter, who, index, branch, record, propose_page, case) -> None:
    made = propose(world, enter("secretary"))
    client, here = enter(who), f"/conduct/{world.branch.pk}/"
    assert client.get("/conduct/").status_code == index
    assert client.get(here).status_code == branch
    assert client.get(here + "records/education/").status_code == record
    assert client.get(here + "zeroing/new/").status_code == propose_page
    assert client.get(f"/zeroing/{made.pk}/").status_code == case


def test_who_is_on_no_roster_has_no_page_of_its_own(world: World, enter) -> None:
    assert enter("township_officer").get("/my/conduct/").status_code == 404
    assert enter("township_officer").get("/my/relations/new/").status_code == 404


@pytest.mark.parametrize("path", ["conduct/", "my/conduct/", "zeroing/1/", "zeroing/1/file/"])
def test_who_isnt_signed_in_is_led_to_the_door(world: World, client: Client, path: str) -> None:
    assert client.get("/" + path).status_code == 302


def test_the_page_of_a_branch_takes_the_same_queries_however_much_it_holds(
    world: World, enter, django_assert_max_num_queries
) -> None:
    for name in ("李桂兰", "单雪琴", "张㛃"):
        EducationRecord.objects.create(
            member=world.member(name), branch=world.branch, kind="education", indicator="N1", on=date(2026, 3, 1),
            content="谈话", created_at=clock.now(), shown_at=clock.now(),
        )  # fmt: skip
    client = enter("recorder")
    client.get(f"/conduct/{world.branch.pk}/")
    with django_assert_max_num_queries(20):
        client.get(f"/conduct/{world.branch.pk}/")
