"""Receiving a filing: by another person at the level above, once, and then it stands for good."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from pioneer.filings.models import Filing, FilingStep
from pioneer.filings.services import receive
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import ClosedCycle, StatusSpell
from pioneer.messages.models import Message
from pioneer.results.models import FormerResult
from tests.filings.conftest import filed, sent
from tests.world import World
from tests.year import AFTER, settle_plainly


def test_it_works_and_the_cycle_is_closed_for_its_members(announced: World) -> None:
    made = filed(announced)
    assert (made.state, made.number) == ("received", "槐街备〔2027〕3号")
    kept = {one.member.name: one for one in FormerResult.objects.select_related("member")}
    assert len(kept) == 10 and kept["李桂兰"].tier == "t90" and kept["李桂兰"].lower == 9000
    assert (kept["喆䶮堃"].tier, kept["喆䶮堃"].why) == ("", "预备党员，不定等次")
    assert {one.filing_number for one in ClosedCycle.objects.all()} == {"槐街备〔2027〕3号"}
    assert ClosedCycle.objects.count() == 10
    assert [one.kind for one in FilingStep.objects.filter(filing=made)] == ["sent", "received"]
    assert Message.objects.get(kind="filings.received").user == announced.users["community_officer"]


def test_who_has_died_since_is_on_no_list(announced: World) -> None:
    made = sent(announced)
    guilan = announced.member("李桂兰")
    StatusSpell.objects.filter(member=guilan).update(until_on="2027-01-09")
    StatusSpell.objects.create(member=guilan, status="deceased", from_on="2027-01-10")
    receive(actor=announced.actor("township_officer"), filing_id=made.pk, number="1号")
    assert not FormerResult.objects.filter(member=guilan).exists()


def test_only_the_level_above_and_never_who_sent(announced: World) -> None:
    made = sent(announced, "township_officer")

    def take(who: str, number: str = "1号") -> Any:
        return receive(actor=announced.actor(who), filing_id=made.pk, number=number)

    for who in ("secretary", "guilan", "town_officer", "village_secretary"):
        with pytest.raises(NotVisible):
            take(who)
    for who in ("community_officer", "district_officer", "auditor"):
        with pytest.raises(NotAllowed, match="由槐园街道的党务工作者接收或退回"):
            take(who)
    with pytest.raises(DomainError, match="由槐园街道的另一位工作人员") as refusal:
        take("township_officer")
    assert refusal.value.code == "same_person"
    with pytest.raises(BadInput, match="请填写备案号"):
        take("second_township_officer", " ")
    assert take("second_township_officer").state == "received"
    with pytest.raises(DomainError, match="已经接收（1号），不用再办"):
        take("second_township_officer", "2号")


def test_who_stands_on_it_steps_aside(announced: World) -> None:
    made = sent(announced)
    member = announced.member("张㛃")
    member.user = announced.users["township_officer"]
    member.save()
    with pytest.raises(DomainError, match="有您本人的结果"):
        receive(actor=announced.actor("township_officer"), filing_id=made.pk, number="1号")


def test_a_number_is_given_once_per_township(announced: World) -> None:
    first = filed(announced)
    other = Filing.objects.get(pk=first.pk)
    other.pk, other.revision, other.state, other.number, other.decided_at = None, 2, "sent", "", None
    other.save(force_insert=True)
    with pytest.raises(BadInput, match="已经用过"):
        receive(actor=announced.actor("township_officer"), filing_id=other.pk, number=first.number)


def test_what_moved_on_since_is_sent_back_instead(announced: World) -> None:
    made = sent(announced)
    settle_plainly(announced)
    with pytest.raises(DomainError, match=r"报送以后又有变动.*请退回") as refusal:
        receive(actor=announced.actor("township_officer"), filing_id=made.pk, number="1号")
    assert refusal.value.code == "moved_on"


def test_received_it_is_frozen(announced: World) -> None:
    made = filed(announced)
    for change in ({"state": "returned"}, {"number": "9号"}, {"package": None}, {"untold_reason": "改"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Filing.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Filing.objects.filter(pk=made.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_two_who_receive_at_once_leave_one_number(announced: World) -> None:
    made = sent(announced)
    together = Barrier(2)

    def take(who: str, number: str) -> str:
        try:
            with clock.at(AFTER):
                actor = announced.actor(who)
                together.wait(20)
                receive(actor=actor, filing_id=made.pk, number=number)
            return "received"
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(take, who, number)
            for who, number in (("township_officer", "1号"), ("second_township_officer", "2号"))
        ]
        assert sorted(run.result(60) for run in runs) == ["decided_already", "received"]
    assert FormerResult.objects.count() == 10 and FilingStep.objects.filter(kind="received").count() == 1
