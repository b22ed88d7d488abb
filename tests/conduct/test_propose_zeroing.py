"""Proposing a zeroing: only on a document with final effect, by who leads the branch."""

from datetime import date
from typing import Any

import pytest

from pioneer.conduct.models import DeclaredRelation, ZeroingCase
from pioneer.conduct.zeroing import propose_zeroing
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.messages.models import Message
from tests.conduct.conftest import document
from tests.world import TODAY, World


def propose(world: World, who: str = "secretary", name: str = "李桂兰", **changes: Any) -> ZeroingCase:
    return propose_zeroing(actor=world.actor(who), member_id=world.member(name).pk, **document(**changes))


def test_it_works_and_the_member_is_told_at_once(ruled: World) -> None:
    made = propose(ruled)
    assert (made.state, made.branch, made.indicator) == ("proposed", ruled.branch, "Z2")
    assert made.answer_until == clock.end_of(date(2026, 4, 9)), "five working days, past the holiday"
    assert made.told_at == clock.now() and made.told_how == "站内消息"
    message = Message.objects.get(user=ruled.users["guilan"])
    assert "2026年4月9日24时之前申辩" in message.text and message.link == f"/zeroing/{made.pk}/"
    assert "殴打" not in message.text and "殴打" not in str(AuditEvent.objects.latest("pk").arguments)


def test_who_has_no_account_is_told_on_paper(ruled: World) -> None:
    with pytest.raises(BadInput, match="如何当面告知"):
        propose(ruled, name="张㛃")
    made = propose(ruled, name="张㛃", told_how="2026年4月1日本人签收")
    assert made.told_how == "2026年4月1日本人签收" and not Message.objects.exists()


@pytest.mark.parametrize(
    ("kind", "said"),
    [("suspicion", "涉嫌"), ("detention", "拘留、留置"), ("open_case", "尚未审结"), ("notice", "事先告知书")],
)
def test_suspicion_a_detention_pending_and_an_open_case_are_refused(ruled: World, kind: str, said: str) -> None:
    with pytest.raises(DomainError, match=said) as refusal:
        propose(ruled, document_kind=kind)
    assert refusal.value.code == "not_final" and "不能据此清零" in refusal.value.message
    assert not ZeroingCase.objects.exists()


def test_a_document_not_yet_in_force_is_refused(ruled: World) -> None:
    with pytest.raises(DomainError, match="还没有发生效力"):
        propose(ruled, document_kind="judgment", in_force=False)


@pytest.mark.parametrize(
    "who", ["recorder", "committee", "township_officer", "community_officer", "second_township_officer"]
)
def test_only_the_branch_leads_propose(ruled: World, who: str) -> None:
    with pytest.raises(NotAllowed, match="支部书记"):
        propose(ruled, who)


def test_the_deputy_may(ruled: World) -> None:
    assert propose(ruled, "deputy").proposed_by_number == ruled.users["deputy"].pk


@pytest.mark.parametrize("who", ["second_secretary", "village_secretary", "other_secretary", "xueqin"])
def test_for_others_there_is_no_such_member(ruled: World, who: str) -> None:
    with pytest.raises(NotVisible):
        propose(ruled, who)


def test_nobody_proposes_its_own_or_a_declared_relatives(ruled: World) -> None:
    with pytest.raises(NotAllowed, match="本人的事项"):
        propose(ruled, name="王保国")
    DeclaredRelation.objects.create(
        member=ruled.member("李桂兰"), relative=ruled.member("王保国"), kind="母子", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="亲属（母子），您须回避"):
        propose(ruled)
    assert propose(ruled, "deputy")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"issuer": " ", "document_number": "", "facts": ""}, "发文机关：不能为空"),
        ({"document_on": date(2026, 4, 2)}, "不能晚于今天"),
        ({"indicator": "N1"}, "不是清零的情形"),
        ({"indicator": "Z9"}, "不是清零的情形"),
        ({"document_kind": "rumour"}, "文件种类"),
        ({"facts": "字" * 2001}, "最多2000个字"),
        ({"told_how": "字" * 201}, "最多200个字"),
    ],
)
def test_it_says_what_is_wrong(ruled: World, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        propose(ruled, **changes)
    assert not ZeroingCase.objects.exists()


def test_all_mistakes_come_together(ruled: World) -> None:
    with pytest.raises(BadInput) as refusal:
        propose(ruled, name="张㛃", issuer="", document_number="", facts="", document_on=date(2026, 5, 1))
    assert [fault.place for fault in refusal.value.faults] == ["发文机关", "文号", "事实", "文件日期", "如何告知"]


def test_one_document_proposes_once(ruled: World) -> None:
    propose(ruled)
    with pytest.raises(DomainError, match="已经提出过"):
        propose(ruled, "deputy")
    assert propose(ruled, document_number="另一份")


def test_without_rules_or_holidays_it_says_what_to_enter(world: World) -> None:
    with clock.at(TODAY), pytest.raises(DomainError, match="没有适用的积分办法"):
        propose(world)


def test_a_year_without_holidays_stops_it(ruled: World) -> None:
    with clock.at(date(2026, 12, 30)), pytest.raises(DomainError, match="录入2027年"):
        propose(ruled)
