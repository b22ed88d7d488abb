"""From the member's answer over the branch meeting to the township: who, when, with which majority."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from pioneer.disposals.models import Finding
from pioneer.disposals.services import answer_unqualified, approve_unqualified, send_back_unqualified
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from tests.disposals.proceedings import CALL, WHO, announced, later, propose, voted
from tests.world import World


@pytest.fixture
def found(ruled: World) -> Finding:
    return propose(ruled, announced(ruled)[WHO])


def answer(world: World, found: Finding, who: str = CALL, said: str = "我有意见。", **more: Any) -> Finding:
    return answer_unqualified(actor=world.actor(who), finding_id=found.pk, statement=said, **more)


def test_the_member_answers_once_in_its_own_words(ruled: World, found: Finding) -> None:
    made = answer(ruled, found)
    assert (made.statement, made.statement_on, made.statement_how) == ("我有意见。", clock.today(), "")
    with pytest.raises(DomainError, match="已经答复"):
        answer(ruled, found)


def test_it_is_taken_down_by_another_than_who_proposed(ruled: World, found: Finding) -> None:
    with pytest.raises(DomainError, match="是您提出的"):
        answer(ruled, found, "secretary", taken_how="口述")
    with pytest.raises(BadInput, match="怎样代录"):
        answer(ruled, found, "deputy")
    assert answer(ruled, found, "deputy", taken_how="本人口述").statement_how == "代录：本人口述"
    with pytest.raises(NotAllowed):
        answer(ruled, found, "township_officer")


def test_after_its_days_the_member_speaks_at_the_meeting(ruled: World, found: Finding) -> None:
    with clock.at(date(2027, 1, 19)), pytest.raises(DomainError, match="党员大会上说明"):
        answer(ruled, found)


def test_the_meeting_waits_for_the_answer_or_the_end_of_the_days(ruled: World, found: Finding) -> None:
    with pytest.raises(DomainError, match="期限到2027年1月18日24时"):
        voted(ruled, found)
    with clock.at(date(2027, 1, 20)):
        with pytest.raises(BadInput, match="2027年1月19日至今天"):
            voted(ruled, found, on=date(2027, 1, 18))
        made = voted(ruled, found, on=date(2027, 1, 19))
    assert (made.state, made.with_vote, made.met_on) == ("adopted", 7, date(2027, 1, 19)), (
        "the probationary has no vote"
    )
    assert Message.objects.filter(user=ruled.users["township_officer"], kind="disposals.finding_adopted").exists()


@pytest.mark.parametrize(
    ("present", "votes", "state"), [(4, (4, 0, 0), "adopted"), (7, (4, 3, 0), "adopted"), (7, (3, 0, 4), "not_adopted")]
)
def test_more_than_half_of_all_with_a_vote_adopt(
    ruled: World, found: Finding, present: int, votes: tuple[int, int, int], state: str
) -> None:
    answer(ruled, found)
    favour, against, abstained = votes
    made = voted(ruled, found, present=present, in_favour=favour, against=against, abstained=abstained)
    assert made.state == state


def test_exactly_half_is_no_quorum_and_no_majority(ruled: World, found: Finding) -> None:
    answer(ruled, found)
    StatusSpell.objects.filter(member=ruled.member("张㛃")).update(status="out_of_contact")  # rights suspended
    with pytest.raises(DomainError, match="6人，到会3人，没有超过半数"):
        voted(ruled, found, present=3, in_favour=3, against=0)
    assert voted(ruled, found, present=6, in_favour=3, against=3).state == "not_adopted"


def test_figures_that_cannot_be_true_are_refused(ruled: World, found: Finding) -> None:
    answer(ruled, found)
    with pytest.raises(BadInput, match="7人，到会人数不能多于此数"):
        voted(ruled, found, present=8, in_favour=8, against=0)
    with pytest.raises(BadInput, match="相加应等于到会的6人"):
        voted(ruled, found, in_favour=2)
    with pytest.raises(BadInput, match="负数"):
        voted(ruled, found, in_favour=7, against=-1)


def test_the_township_approves_and_nothing_else_changes(ruled: World, found: Finding) -> None:
    answer(ruled, found)
    with pytest.raises(DomainError, match="现在不能审批"):
        approve_unqualified(actor=ruled.actor("township_officer"), finding_id=found.pk)
    voted(ruled, found)
    for who in ("secretary", "community_officer", "district_officer"):
        with pytest.raises(DomainError):
            approve_unqualified(actor=ruled.actor(who), finding_id=found.pk)
    made = approve_unqualified(actor=ruled.actor("township_officer"), finding_id=found.pk)
    assert (made.state, made.decided_on) == ("approved", clock.today())
    assert StatusSpell.objects.get(member=made.member, until_on=None).status == "full"
    with pytest.raises(DomainError, match="现在不能审批"):
        send_back_unqualified(actor=ruled.actor("second_township_officer"), finding_id=found.pk, reason="晚了")


def test_sent_back_it_begins_anew(ruled: World, found: Finding) -> None:
    answer(ruled, found)
    voted(ruled, found)
    officer = ruled.actor("township_officer")
    with pytest.raises(BadInput, match="退回的理由"):
        send_back_unqualified(actor=officer, finding_id=found.pk, reason=" ")
    assert send_back_unqualified(actor=officer, finding_id=found.pk, reason="未附签到册").state == "sent_back"
    with clock.at(later(1)):
        assert propose(ruled, found.result).pk != found.pk


def test_the_database_keeps_what_was_decided(ruled: World, found: Finding) -> None:
    answer(ruled, found)
    voted(ruled, found)
    approve_unqualified(actor=ruled.actor("township_officer"), finding_id=found.pk)
    kept = Finding.objects.filter(pk=found.pk)
    for change in ({"in_favour": 4, "abstained": 1}, {"score": 1}, {"state": "sent_back"}, {"statement": "改"}):
        with pytest.raises(Exception, match="keeps what was decided"), transaction.atomic():
            kept.update(**change)
    with pytest.raises(Exception, match="keeps what was decided"), transaction.atomic():
        Finding.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(
            member=found.member, branch=found.branch, result=found.result, announcement=found.announcement,
            first_on=date(2020, 1, 1), last_on=date(2020, 12, 31), score=0, tier_name="不合格", state="adopted",
            proposed_on=clock.today(), proposed_at=clock.now(), answer_until=clock.today(), met_on=clock.today(),
            with_vote=6, present=3, in_favour=3, against=0, abstained=0,
        )  # fmt: skip
