"""Amending what was filed: proposed by the unit, answered by the member, approved by the township; tiers follow."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.conduct.models import DeclaredRelation
from pioneer.filings.amending import answer_amendment, approve_amendment, propose_amendment, refuse_amendment
from pioneer.filings.checking import check
from pioneer.filings.collecting import send_collected
from pioneer.filings.models import Amendment, Filing
from pioneer.filings.services import receive
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from pioneer.results.formers import former_results
from tests.filings.conftest import filed
from tests.filings.test_send import content_of
from tests.world import World
from tests.year import AFTER, FIRST

LATER = AFTER + timedelta(30)


def propose(world: World, name: str = "李桂兰", who: str = "community_officer", **changes: Any) -> Amendment:
    filing = Filing.objects.filter(unit=world.organisations["community"]).latest("revision")
    given: dict[str, Any] = {
        "indicator": "N4", "event_on": date(2026, 11, 20), "was_points": 0, "now_points": -400,
        "ground": "两个月党费没有按时交，年底对账才发现。", "document": "党费收缴台账，2027年1月8日核对",
    }  # fmt: skip
    given |= changes
    return propose_amendment(actor=world.actor(who), filing_id=filing.pk, member_id=world.member(name).pk, **given)


@pytest.fixture
def received(announced: World) -> World:
    filed(announced)
    return announced


def test_it_works_from_the_proposal_to_the_new_filing(received: World) -> None:
    made = propose(received)
    assert (made.was_score, made.now_score, made.was_tier, made.now_tier) == (9250, 8850, "t90", "t80")
    told = Message.objects.get(kind="filings.amendment_proposed")
    assert told.user == received.users["guilan"] and "2027年1月18日24时" in told.text and "党费" not in told.text
    with pytest.raises(DomainError, match="本人还没有说明意见，期限未满"):
        approve_amendment(actor=received.actor("township_officer"), amendment_id=made.pk)
    answer_amendment(actor=received.actor("guilan"), amendment_id=made.pk, statement="属实。")
    done = approve_amendment(actor=received.actor("township_officer"), amendment_id=made.pk)
    assert done.state == "approved" and done.made is not None
    assert (done.made.revision, done.made.number, done.made.state) == (2, "槐街备〔2027〕3号（更正1）", "received")
    found = check(content_of(done.made))
    assert found.amendments == 1 and dict(found.counts)["90分及以上"] == 0
    kept = former_results([received.member("李桂兰").pk])[received.member("李桂兰").pk][0]
    assert (kept.revision, kept.tier, int(kept.score or 0), kept.filing_number) == (2, "t80", 8850, done.made.number)
    others = former_results([received.member("张㛃").pk])[received.member("张㛃").pk][0]
    assert others.revision == 1
    first = Filing.objects.get(revision=1)
    assert check(content_of(first)).amendments == 0, "the one before stays as it was"
    again = propose(received, now_points=-100, was_points=-400, event_on=date(2026, 11, 20))
    assert (again.was_score, again.now_score, again.now_tier) == (8850, 9150, "t90")
    with clock.at(LATER):
        last = approve_amendment(actor=received.actor("second_township_officer"), amendment_id=again.pk)
    assert last.made is not None and last.made.number.endswith("（更正2）")
    assert check(content_of(last.made)).amendments == 2


def test_the_township_files_again_what_was_amended(received: World) -> None:
    street = received.organisations["street"].pk
    collected = send_collected(actor=received.actor("township_officer"), township_id=street, first_on=FIRST, reasons={})
    receive(actor=received.actor("district_officer"), filing_id=collected.pk, number="1号")
    made = propose(received)
    with clock.at(LATER):
        approve_amendment(actor=received.actor("township_officer"), amendment_id=made.pk)
        again = send_collected(actor=received.actor("township_officer"), township_id=street, first_on=FIRST, reasons={})
    assert again.revision == 2 and again.collected.get().part.number.endswith("（更正1）")


def test_a_quota_and_a_missing_tier_are_kept(received: World) -> None:
    made = propose(received, name="喆䶮堃", told_how="本人签收，2027年1月11日")
    assert (made.now_tier, made.now_score) == ("", 7100), "probationary: a score, no tier"


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"now_points": 0}, "changes_nothing", "更正前后的分值相同"),
        ({"indicator": "B5", "now_points": 100}, "addition_too_late", "备案以后不再补记加分"),
        ({"now_points": 100}, "bad_input", "扣分的指标填0或负数"),
        ({"indicator": "Z1"}, "bad_input", "没有这个加分或扣分指标"),
        ({"event_on": date(2027, 1, 2)}, "bad_input", "这份备案的周期以内"),
        ({"event_on": date(2026, 1, 5)}, "too_late", "12个月内（2027年1月5日以前）"),
        ({"ground": " "}, "bad_input", "请写明更正的事由"),
        ({"document": ""}, "bad_input", "请写明依据"),
    ],
)
def test_what_is_refused(received: World, changes: dict[str, Any], code: str, said: str) -> None:
    with pytest.raises(DomainError, match=said) as refusal:
        propose(received, **changes)
    assert refusal.value.code == code and not Amendment.objects.exists()


def test_a_mistake_against_the_member_is_mended_after_a_year_too(received: World) -> None:
    with clock.at(date(2027, 12, 20)):
        made = propose(received, name="解文军", was_points=-300, now_points=0, event_on=date(2026, 2, 3))
    assert (made.was_tier, made.now_tier, made.now_score) == ("t0", "t60", 6100)


def test_what_stands_at_the_floor_changes_nothing(received: World) -> None:
    propose(received, name="解文军", now_points=-5800)
    with clock.at(LATER):
        approve_amendment(actor=received.actor("township_officer"), amendment_id=Amendment.objects.get().pk)
    with pytest.raises(DomainError, match="得分和等次都不变"):
        propose(received, name="解文军")


def test_who_may_propose_and_decide(received: World) -> None:
    for who in ("second_secretary", "recorder", "guilan", "town_officer"):
        with pytest.raises(NotVisible):
            propose(received, who=who)
    with pytest.raises(NotAllowed, match="更正由槐园社区的党务工作者"):
        propose(received, who="township_officer")
    with pytest.raises(BadInput, match="没有这名党员"):
        propose(received, name="柳满仓")
    with pytest.raises(BadInput, match="张㛃没有账号"):
        propose(received, name="张㛃")
    made = propose(received)
    with pytest.raises(DomainError, match="已有一项更正在办"):
        propose(received)
    with clock.at(LATER):
        for who in ("community_officer", "secretary", "district_officer"):
            with pytest.raises(NotAllowed):
                approve_amendment(actor=received.actor(who), amendment_id=made.pk)
        with pytest.raises(NotVisible):
            approve_amendment(actor=received.actor("xueqin"), amendment_id=made.pk)


def test_recusal_follows_the_person(received: World) -> None:
    officer = received.member("单雪琴")
    officer.user = received.users["township_officer"]
    officer.save()
    DeclaredRelation.objects.create(
        member=received.member("李桂兰"), relative=officer, kind="姑嫂", created_at=clock.now()
    )
    made = propose(received)
    with clock.at(LATER):
        with pytest.raises(NotAllowed, match="您申明的亲属"):
            approve_amendment(actor=received.actor("township_officer"), amendment_id=made.pk)
        assert approve_amendment(actor=received.actor("second_township_officer"), amendment_id=made.pk).made


def test_an_answer_is_the_members_own_or_taken_down(received: World) -> None:
    made = propose(received)
    with pytest.raises(NotAllowed, match="没有提出这项更正的另一位"):
        answer_amendment(
            actor=received.actor("community_officer"), amendment_id=made.pk, statement="无", taken_how="口述"
        )
    with pytest.raises(BadInput, match="怎样代录"):
        answer_amendment(actor=received.actor("recorder"), amendment_id=made.pk, statement="没有意见")
    done = answer_amendment(
        actor=received.actor("recorder"), amendment_id=made.pk, statement="没有意见", taken_how="本人口述"
    )
    assert done.statement_how == "代录：本人口述" and Message.objects.filter(kind="filings.amendment_answered").exists()
    with pytest.raises(DomainError, match="不能再答复"):
        answer_amendment(actor=received.actor("guilan"), amendment_id=made.pk, statement="我有意见")
    other = propose(received, name="单雪琴")
    with clock.at(LATER), pytest.raises(DomainError, match="答复期限已过"):
        answer_amendment(actor=received.actor("xueqin"), amendment_id=other.pk, statement="我有意见")


def test_refused_with_a_reason_what_was_filed_stands(received: World) -> None:
    made = propose(received)
    answer_amendment(actor=received.actor("guilan"), amendment_id=made.pk, statement="已经补交，有收据。")
    with pytest.raises(BadInput, match="请写明不批准的理由"):
        refuse_amendment(actor=received.actor("township_officer"), amendment_id=made.pk, reason=" ")
    done = refuse_amendment(actor=received.actor("township_officer"), amendment_id=made.pk, reason="收据属实。")
    assert done.state == "refused" and Filing.objects.count() == 1
    with pytest.raises(DomainError, match="已经办完"):
        approve_amendment(actor=received.actor("township_officer"), amendment_id=made.pk)
    for change in ({"state": "proposed"}, {"now_score": 1}, {"was_points": -1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Amendment.objects.filter(pk=made.pk).update(**change)
    propose(received)


def test_before_filing_there_is_nothing_to_amend(announced: World) -> None:
    from tests.filings.conftest import sent

    sent(announced)
    with pytest.raises(DomainError, match="还没有备案，不用更正"):
        propose(announced)
