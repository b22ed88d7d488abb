"""conduct.ask_leave, enter_leave, grant_leave, refuse_leave, withdraw_leave"""

import pytest

from pioneer.conduct.leaves import enter_leave, grant_leave, refuse_leave, withdraw_leave
from pioneer.conduct.meeting_queries import leaves_waiting_for, meetings_ahead
from pioneer.conduct.meetings import cancel_meeting
from pioneer.conduct.models import DeclaredRelation, Leave
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import Exemption
from pioneer.messages.models import Message
from tests.conduct.meetings import AHEAD, ask, meet, record
from tests.world import START, World


def enter(world: World, meeting, who: str = "recorder", name: str = "张㛃", reason: str = "住院", **more):
    return enter_leave(
        actor=world.actor(who), meeting_id=meeting.pk, member_id=world.member(name).pk, reason=reason, **more
    )


def test_a_member_asks_and_the_branch_grants(ruled: World) -> None:
    meeting = meet(ruled, on=AHEAD)
    assert [one for one, _ in meetings_ahead(ruled.member("李桂兰"))] == [meeting]
    leave = ask(ruled, meeting)
    assert leaves_waiting_for(ruled.actor("secretary")) == [leave]
    assert leaves_waiting_for(ruled.actor("guilan")) == leaves_waiting_for(ruled.actor("second_secretary")) == []
    done = grant_leave(actor=ruled.actor("secretary"), leave_id=leave.pk)
    assert (done.state, done.decided_by_number) == ("granted", ruled.users["secretary"].pk)
    assert Message.objects.filter(user=ruled.users["guilan"], title__startswith="已准假").exists()
    with pytest.raises(DomainError) as refused:
        refuse_leave(actor=ruled.actor("secretary"), leave_id=leave.pk, reason="晚了")
    assert refused.value.code == "answered_already"


def test_or_refuses_with_a_reason_that_is_told(ruled: World) -> None:
    leave = ask(ruled, meet(ruled, on=AHEAD))
    with pytest.raises(BadInput):
        refuse_leave(actor=ruled.actor("secretary"), leave_id=leave.pk, reason=" ")
    refuse_leave(actor=ruled.actor("secretary"), leave_id=leave.pk, reason="须全员到会表决")
    assert "须全员到会表决" in Message.objects.get(user=ruled.users["guilan"], title__startswith="未准假").text
    assert ask(ruled, leave.meeting, reason="另有急事").state == "asked"


def test_leave_is_asked_once_with_a_reason_and_before_it_begins(ruled: World) -> None:
    meeting = meet(ruled, on=AHEAD)
    with pytest.raises(BadInput):
        ask(ruled, meeting, reason=" ")
    ask(ruled, meeting)
    with pytest.raises(DomainError) as refused:
        ask(ruled, meeting)
    assert refused.value.code == "asked_already"
    with clock.at(AHEAD), pytest.raises(DomainError) as refused:
        ask(ruled, meeting, "xueqin")
    assert refused.value.code == "begun_already"


def test_only_for_a_meeting_of_ones_branch_that_stands(ruled: World) -> None:
    meeting = meet(ruled, on=AHEAD)
    for who in ("mancang", "second_secretary", "township_officer"):
        with pytest.raises(NotVisible):
            ask(ruled, meeting, who)
    cancel_meeting(actor=ruled.actor("recorder"), meeting_id=meeting.pk, reason="防汛")
    with pytest.raises(DomainError) as refused:
        ask(ruled, meeting)
    assert refused.value.code == "cancelled"


def test_who_is_not_expected_needs_no_leave(ruled: World) -> None:
    Exemption.objects.create(
        member=ruled.member("李桂兰"), ground="ill", from_on=START, state="approved", applied_at=clock.now()
    )
    with pytest.raises(DomainError) as refused:
        ask(ruled, meet(ruled, on=AHEAD))
    assert refused.value.code == "not_expected"


def test_nobody_answers_its_own_or_a_relatives(ruled: World) -> None:
    meeting = meet(ruled, on=AHEAD)
    own = ask(ruled, meeting, "secretary")
    with pytest.raises(NotAllowed, match="本人"):
        grant_leave(actor=ruled.actor("secretary"), leave_id=own.pk)
    assert leaves_waiting_for(ruled.actor("secretary")) == []
    DeclaredRelation.objects.create(
        member=ruled.member("王保国"), relative=ruled.member("李桂兰"), kind="夫妻", created_at=clock.now()
    )
    kin = ask(ruled, meeting)
    with pytest.raises(NotAllowed, match="亲属"):
        refuse_leave(actor=ruled.actor("secretary"), leave_id=kin.pk, reason="不同意")
    assert grant_leave(actor=ruled.actor("deputy"), leave_id=kin.pk).state == "granted"


def test_only_the_branch_answers(ruled: World) -> None:
    leave = ask(ruled, meet(ruled, on=AHEAD))
    with pytest.raises(NotAllowed):
        grant_leave(actor=ruled.actor("township_officer"), leave_id=leave.pk)
    for who in ("xueqin", "second_secretary"):
        with pytest.raises(NotVisible):
            grant_leave(actor=ruled.actor(who), leave_id=leave.pk)


def test_the_branch_enters_it_for_who_asked_by_word(ruled: World) -> None:
    meeting = meet(ruled, on=AHEAD)
    leave = enter(ruled, meeting, granted_by=ruled.users["secretary"].pk)
    assert (leave.state, leave.by_number, leave.decided_by_number) == (
        "granted",
        ruled.users["recorder"].pk,
        ruled.users["secretary"].pk,
    )
    with pytest.raises(DomainError):
        enter(ruled, meeting)
    with pytest.raises(BadInput, match="本人"):
        enter(ruled, meeting, name="解文军")
    with pytest.raises(NotAllowed):
        enter(ruled, meeting, "community_officer", "单雪琴")
    with pytest.raises(DomainError) as refused:
        enter(ruled, record(ruled, meet(ruled)))
    assert refused.value.code == "recorded_already"


def test_it_is_withdrawn_by_the_member_or_the_branch(ruled: World) -> None:
    meeting = meet(ruled, on=AHEAD)
    leave = ask(ruled, meeting)
    assert withdraw_leave(actor=ruled.actor("guilan"), leave_id=leave.pk).state == "withdrawn"
    with pytest.raises(DomainError) as refused:
        withdraw_leave(actor=ruled.actor("guilan"), leave_id=leave.pk)
    assert refused.value.code == "answered_already"
    again = ask(ruled, meeting)
    with clock.at(AHEAD), pytest.raises(DomainError) as refused:
        withdraw_leave(actor=ruled.actor("guilan"), leave_id=again.pk)
    assert refused.value.code == "begun_already"
    withdraw_leave(actor=ruled.actor("recorder"), leave_id=again.pk)
    assert Message.objects.filter(user=ruled.users["guilan"], title="支部撤回了您的请假").exists()
    with pytest.raises(NotAllowed):
        withdraw_leave(actor=ruled.actor("township_officer"), leave_id=ask(ruled, meeting).pk)
    assert Leave.objects.count() == 3
