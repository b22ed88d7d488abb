"""The four papers of a zeroing: what each says, when there is one, and that all come from the case."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.zeroing import answer_zeroing, approve_zeroing, propose_zeroing, refuse_zeroing, reverse_zeroing
from pioneer.conduct.zeroing_papers import papers_of, zeroing_pdf
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from tests.papers.reading import pages_of, words_of
from tests.world import TODAY, World, adopt_rulebook


@pytest.fixture(autouse=True)
def _first_of_april() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def case(world: World) -> ZeroingCase:
    adopt_rulebook(world)
    return propose_zeroing(
        actor=world.actor("secretary"),
        member_id=world.member("李桂兰").pk,
        indicator="Z2",
        document_kind="penalty",
        in_force=True,
        issuer="清河示范区公安分局",
        document_number="清公行罚决字〔2026〕18号",
        document_on=date(2026, 3, 20),
        facts="因殴打他人被行政拘留五日，决定书已送达并执行完毕。",
    )


def decided(world: World, case: ZeroingCase, approved: bool = True) -> ZeroingCase:
    answer_zeroing(actor=world.actor("guilan"), case_id=case.pk, statement="当时是劝架。")
    if approved:
        return approve_zeroing(actor=world.actor("township_officer"), case_id=case.pk)
    return refuse_zeroing(actor=world.actor("township_officer"), case_id=case.pk, reason="同名不同人")


def words(case: ZeroingCase, kind: str) -> str:
    case.refresh_from_db()
    return words_of(zeroing_pdf(case, kind))


def test_the_proposal_says_on_what_document_and_until_when_the_member_may_answer(case: ZeroingCase) -> None:
    said = words(case, "proposal")
    for part in (
        "积分清零提议表",
        "李桂兰编号M00002",
        "槐园社区第一党支部",
        "Z2",
        "已送达的行政处罚决定书清河示范区公安分局清公行罚决字〔2026〕18号2026年3月20日",
        "因殴打他人",
        "2026年4月9日24时",
        "提出人王保国",
        "支部书记",
    ):
        assert part in said, part


def test_the_notice_names_the_right_to_answer_and_to_appeal_and_has_a_receipt(case: ZeroingCase) -> None:
    said = words(case, "notice")
    assert "李桂兰同志：" in said
    for part in (
        "您的权利",
        "申辩",
        "2026年4月9日24时以前",
        "看依据",
        "申诉",
        "送达回执",
        "见证人",
        "下一周期照常开始",
    ):
        assert part in said, part
    assert len(pages_of(zeroing_pdf(case, "notice"))) == 1


def test_the_decision_carries_the_members_words_and_the_appeal(world: World, case: ZeroingCase) -> None:
    decided(world, case)
    said = words(case, "decision")
    for part in ("决定如下：批准清零", "当时是劝架", "审批人纪明", "申诉", "得分清零"):
        assert part in said, part


def test_a_refusal_says_why_and_that_the_points_go_on(world: World, case: ZeroingCase) -> None:
    decided(world, case, approved=False)
    said = words(case, "decision")
    assert "不批准清零" in said and "同名不同人" in said and "积分照常计算" in said and "得分清零" not in said


def test_one_who_said_nothing_in_time_is_said_to_have_said_nothing(world: World, case: ZeroingCase) -> None:
    with clock.at(date(2026, 4, 10)):
        approve_zeroing(actor=world.actor("township_officer"), case_id=case.pk)
    assert "本人没有申辩" in words(case, "decision")


def test_the_reversal_restores_as_if_it_had_never_been(world: World, case: ZeroingCase) -> None:
    decided(world, case)
    reverse_zeroing(actor=world.actor("township_officer"), case_id=case.pk, document="法院1号，2026年4月1日")
    said = words(case, "reversal")
    for part in ("撤销积分清零决定", "法院1号", "如同没有清零", "可以补报", "2026年4月1日批准的清零"):
        assert part in said, part


def test_a_paper_exists_once_its_step_was_taken(world: World, case: ZeroingCase) -> None:
    def kinds() -> list[str]:
        case.refresh_from_db()
        return [one.kind for one in papers_of(case)]

    assert kinds() == ["proposal", "notice"]
    for kind in ("decision", "reversal"):
        with pytest.raises(DomainError, match="还没有"):
            zeroing_pdf(case, kind)
    decided(world, case)
    assert kinds() == ["proposal", "notice", "decision"]
    reverse_zeroing(actor=world.actor("township_officer"), case_id=case.pk, document="法院1号")
    assert kinds() == ["proposal", "notice", "decision", "reversal"]
    with pytest.raises(LookupError):
        zeroing_pdf(case, "base")


def test_who_sees_the_case_takes_its_papers_and_its_page_offers_them(world: World, case: ZeroingCase) -> None:
    for who, status in (
        ("secretary", 200),
        ("guilan", 200),
        ("township_officer", 200),
        ("xueqin", 404),
        ("second_secretary", 404),
        ("auditor", 404),
    ):
        client = Client()
        client.force_login(world.users[who])
        answer = client.get(f"/zeroing/{case.pk}/papers/notice/")
        assert answer.status_code == status, who
        if status == 200:
            assert answer.content.startswith(b"%PDF") and "no-store" in answer["Cache-Control"]
            page = client.get(f"/zeroing/{case.pk}/").content.decode()
            assert "积分清零告知书" in page and f"/zeroing/{case.pk}/papers/proposal/" in page
            assert "papers/decision/" not in page
            assert client.get(f"/zeroing/{case.pk}/papers/decision/").status_code == 409
            assert client.get(f"/zeroing/{case.pk}/papers/base/").status_code == 404
    assert Client().get(f"/zeroing/{case.pk}/papers/notice/").status_code == 302
