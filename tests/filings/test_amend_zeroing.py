"""A zeroing approved or annulled only after the filing: the filed result follows by an amendment of its own kind."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.zeroing import answer_zeroing, approve_zeroing, propose_zeroing, reverse_zeroing
from pioneer.filings import zeroed
from pioneer.filings.amending import answer_amendment, approve_amendment, propose_amendment
from pioneer.filings.checking import check
from pioneer.filings.models import Amendment, Filing
from pioneer.filings.zeroing import propose_zeroing_amendment
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.results.formers import former_results
from tests.filings.conftest import SCORES, filed
from tests.filings.test_send import content_of
from tests.world import World
from tests.year import AFTER, announce_plainly, settle_plainly

LATER = AFTER + timedelta(30)
WHO = "单雪琴"


def zero(world: World, *, document_on: date = date(2026, 11, 3), number: str = "18", name: str = WHO) -> ZeroingCase:
    """A penalty, answered and approved, as the clock says."""
    case = propose_zeroing(
        actor=world.actor("secretary"), member_id=world.member(name).pk, indicator="Z2", document_kind="penalty",
        in_force=True, issuer="清河示范区公安分局", document_number=f"清公行罚决字〔2026〕{number}号",
        document_on=document_on, facts="因殴打他人被行政拘留五日。", told_how="当面签收",
    )  # fmt: skip
    answer_zeroing(actor=world.actor("deputy"), case_id=case.pk, statement="我认错。", taken_how="本人口述")
    return approve_zeroing(actor=world.actor("township_officer"), case_id=case.pk)


def annul(world: World, case: ZeroingCase) -> None:
    reverse_zeroing(
        actor=world.actor("township_officer"), case_id=case.pk, document="复议决定〔2027〕3号，2027年1月9日"
    )


def propose(world: World, who: str = "community_officer", name: str = WHO, told_how: str = "") -> Amendment:
    filing = Filing.objects.filter(unit=world.organisations["community"]).latest("revision")
    return propose_zeroing_amendment(
        actor=world.actor(who), filing_id=filing.pk, member_id=world.member(name).pk, told_how=told_how
    )


def approved(world: World, made: Amendment) -> Amendment:
    answer_amendment(actor=world.actor("xueqin"), amendment_id=made.pk, statement="没有意见")
    return approve_amendment(actor=world.actor("township_officer"), amendment_id=made.pk)


def kept(world: World, name: str = WHO) -> Any:
    return former_results([world.member(name).pk])[world.member(name).pk][0]


@pytest.fixture
def received(announced: World) -> World:
    filed(announced)
    return announced


def test_zeroed_after_the_filing_and_annulled_again(received: World) -> None:
    officer = received.actor("community_officer")
    assert zeroed.waiting_for(officer) == []
    with clock.at(AFTER + timedelta(1)):
        case = zero(received)
        assert [one.case for _, one in zeroed.waiting_for(officer)] == [case]
        assert zeroed.waiting_for(received.actor("township_officer")) == []
        made = propose(received)
        assert (made.kind, made.was_score, made.now_score, made.was_tier, made.now_tier) == (
            *("zeroed", 6100, 0, "t60", "t0"),
        )
        assert "Z2" in made.ground and "清公行罚决字" in made.document
        assert zeroed.waiting_for(officer) == [], "it is in hand"
        done = approved(received, made)
    assert done.made is not None and check(content_of(done.made)).amendments == 1
    assert (kept(received).is_zeroed, kept(received).score, kept(received).tier) == (True, 0, "t0")
    with pytest.raises(DomainError, match="已清零，得分是0"):
        propose_amendment(
            actor=officer, filing_id=done.made.pk, member_id=received.member(WHO).pk, indicator="N4",
            event_on=date(2026, 11, 20), was_points=0, now_points=-400, ground="未交党费", document="台账",
        )  # fmt: skip
    with clock.at(LATER):
        assert zeroed.waiting_for(officer) == []
        annul(received, case)
        back = propose(received)
        assert (back.kind, back.now_score, back.now_tier) == ("restored", 6100, "t60")
        assert "如同没有清零" in back.ground and "复议决定" in back.document
        approved(received, back)
        assert zeroed.waiting_for(officer) == []
    assert (kept(received).is_zeroed, kept(received).score, kept(received).tier) == (False, 6100, "t60")
    assert kept(received).filing_number.endswith("（更正2）")


def test_filed_as_zeroed_and_annulled_later_the_posted_entries_decide(ruled: World) -> None:
    with clock.at(date(2026, 12, 1)):
        case = zero(ruled)
    announce_plainly(settle_plainly(ruled, scores=SCORES, zeroed=(WHO,)), ruled.organisations["community"])
    filed(ruled)
    assert kept(ruled).is_zeroed
    with pytest.raises(DomainError, match="与这一周期的清零相符"):
        propose(ruled)
    annul(ruled, case)
    made = propose(ruled)
    assert (made.kind, made.was_score, made.now_score, made.now_tier) == ("restored", 0, 7000, "t60")
    approved(ruled, made)
    assert (kept(ruled).is_zeroed, kept(ruled).score) == (False, 7000)


def test_what_is_refused(received: World) -> None:
    with pytest.raises(DomainError, match="与这一周期的清零相符"):
        propose(received)
    zero(received)
    for who in ("second_secretary", "recorder", "town_officer"):
        with pytest.raises(NotVisible):
            propose(received, who)
    with pytest.raises(NotAllowed, match="更正由槐园社区的党务工作者"):
        propose(received, "township_officer")
    with pytest.raises(BadInput, match="没有这名党员"):
        propose(received, name="柳满仓")
    zero(received, name="张㛃", number="19")
    with pytest.raises(BadInput, match="张㛃没有账号"):
        propose(received, name="张㛃")
    made = propose(received)
    with pytest.raises(DomainError, match="已有一项更正在办"):
        propose(received)
    annul(received, made.zeroing)  # type: ignore[arg-type]
    with clock.at(LATER), pytest.raises(DomainError, match="提出以后清零又有变动"):
        approve_amendment(actor=received.actor("township_officer"), amendment_id=made.pk)
    for change in ({"kind": "restored"}, {"zeroing": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Amendment.objects.filter(pk=made.pk).update(**change)


def test_later_than_the_rulebook_lets_a_score_be_lowered(received: World) -> None:
    with clock.at(date(2027, 11, 20)):
        zero(received)
        assert zeroed.waiting_for(received.actor("community_officer")) == []
        with pytest.raises(DomainError, match="12个月内（2027年11月3日以前）"):
            propose(received)


def test_who_gets_no_tier_gets_none_by_a_zeroing_either(received: World) -> None:
    zero(received, name="喆䶮堃")
    made = propose(received, name="喆䶮堃", told_how="本人签收，2027年1月11日")
    assert (made.now_score, made.now_tier) == (0, "")
