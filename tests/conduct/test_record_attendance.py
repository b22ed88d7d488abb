"""conduct.record_attendance: everybody in one piece, one state each, correctable until a sheet stands on it."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pioneer.conduct import facts
from pioneer.conduct.meeting_queries import expected
from pioneer.conduct.meetings import Mark, cancel_meeting, record_attendance
from pioneer.conduct.models import Attendance, DeclaredRelation, Leave
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import Exemption, StatusSpell
from tests.conduct.meetings import AHEAD, ask, marks, meet, record, state_of
from tests.world import START, World


def test_everybody_has_one_state(ruled: World) -> None:
    meeting = record(ruled, meet(ruled), 李桂兰="absent", 张㛃=("leave", "住院"), 单雪琴=("late", "迟到二十分钟"))
    states = dict(Attendance.objects.values_list("member__name", "state"))
    assert len(states) == 8 and states["王保国"] == "present"
    assert (states["李桂兰"], states["张㛃"], states["单雪琴"]) == ("absent", "leave", "late")
    leave = Leave.objects.get()
    assert (leave.reason, leave.state, leave.decided_by_number) == ("住院", "granted", ruled.users["recorder"].pk)
    assert meeting.recorded_at == clock.now() and meeting.edit == 1


def test_who_is_left_out_is_named_and_nothing_is_written(ruled: World) -> None:
    meeting = meet(ruled)
    given = marks(meeting)
    given[ruled.member("李桂兰").pk] = Mark("")
    del given[ruled.member("张㛃").pk]
    with pytest.raises(BadInput) as refused:
        record_attendance(actor=ruled.actor("recorder"), meeting_id=meeting.pk, edit=0, marks=given)
    assert [fault.place for fault in refused.value.faults] == ["李桂兰", "张㛃"]
    assert not Attendance.objects.exists()


def test_leave_needs_its_reason_and_words_of_the_list(ruled: World) -> None:
    with pytest.raises(BadInput, match="事由"):
        record(ruled, meet(ruled), 李桂兰="leave")
    with pytest.raises(BadInput, match="所列情况"):
        record(ruled, meet(ruled, kind="lecture"), 李桂兰="asleep", 张㛃="outside")
    assert record(ruled, meet(ruled, kind="committee"), 张㛃="outside").recorded_at


def test_the_exempt_and_those_out_of_contact_are_not_expected(ruled: World) -> None:
    meeting = meet(ruled)
    Exemption.objects.create(
        member=ruled.member("李桂兰"), ground="ill", from_on=START, state="approved", applied_at=clock.now()
    )
    StatusSpell.objects.filter(member=ruled.member("张㛃")).update(status="out_of_contact")
    people = expected(meeting)
    assert {entry.name: why for entry, why in people.others} == {"李桂兰": "免评", "张㛃": "失联，停止党员权利"}
    with pytest.raises(DomainError) as refused:
        record_attendance(
            actor=ruled.actor("recorder"),
            meeting_id=meeting.pk,
            edit=0,
            marks={**marks(meeting), ruled.member("李桂兰").pk: Mark("present")},
        )
    assert refused.value.code == "not_expected"


def test_not_before_it_has_begun(ruled: World) -> None:
    with pytest.raises(DomainError) as refused:
        record(ruled, meet(ruled, on=AHEAD))
    assert refused.value.code == "not_begun"


def test_leave_that_waits_is_answered_first(ruled: World) -> None:
    meeting = meet(ruled, on=AHEAD)
    ask(ruled, meeting)
    with clock.at(AHEAD), pytest.raises(DomainError) as refused:
        record(ruled, meeting)
    assert refused.value.code == "leave_unanswered" and "李桂兰" in refused.value.message


def test_who_has_leave_is_not_absent(ruled: World) -> None:
    meeting = meet(ruled, on=AHEAD)
    Leave.objects.filter(pk=ask(ruled, meeting).pk).update(state="granted", decided_at=clock.now())
    with clock.at(AHEAD):
        with pytest.raises(BadInput, match="已经准假"):
            record(ruled, meeting, 李桂兰="absent")
        record(ruled, meeting, 李桂兰="leave")
    assert state_of(ruled, meeting, "李桂兰").leave.reason == "陪护病人"


def test_nobody_grants_its_own_leave_or_a_relatives(ruled: World) -> None:
    with pytest.raises(BadInput, match="不能由本人批准"):
        record(ruled, meet(ruled), 解文军=("leave", "出差"))
    DeclaredRelation.objects.create(
        member=ruled.member("解文军"), relative=ruled.member("单雪琴"), kind="夫妻", created_at=clock.now()
    )
    meeting = meet(ruled, kind="lecture")
    with pytest.raises(BadInput, match="须回避"):
        record(ruled, meeting, 单雪琴=("leave", "出差"))
    given = marks(meeting, 单雪琴=("leave", "出差"), 解文军=("leave", "出差"))
    granter = ruled.users["secretary"].pk
    record_attendance(actor=ruled.actor("recorder"), meeting_id=meeting.pk, edit=0, marks=given, granted_by=granter)
    assert set(Leave.objects.values_list("decided_by_number", flat=True)) == {granter}
    with pytest.raises(BadInput, match="请选择准假的人"):
        record_attendance(
            actor=ruled.actor("recorder"),
            meeting_id=meet(ruled, kind="life").pk,
            edit=0,
            marks=marks(meeting, 李桂兰=("leave", "出差")),
            granted_by=ruled.users["guilan"].pk,
        )


def test_it_can_be_corrected(ruled: World) -> None:
    meeting = record(ruled, meet(ruled), 李桂兰="absent")
    record(ruled, meeting, 李桂兰=("leave", "住院"))
    assert state_of(ruled, meeting, "李桂兰").state == "leave"
    record(ruled, meeting, 李桂兰="absent")
    assert state_of(ruled, meeting, "李桂兰").leave is None and Leave.objects.get().state == "withdrawn"


def test_one_that_has_not_seen_the_last_change_is_refused(ruled: World) -> None:
    meeting = record(ruled, meet(ruled))
    with pytest.raises(DomainError) as refused:
        record_attendance(actor=ruled.actor("deputy"), meeting_id=meeting.pk, edit=0, marks=marks(meeting))
    assert refused.value.code == "edited_meanwhile"


def test_ones_own_is_corrected_by_somebody_else(ruled: World) -> None:
    meeting = record(ruled, meet(ruled), 解文军="late")
    with pytest.raises(BadInput, match="更正考勤：这是您本人"):
        record(ruled, meeting)
    record(ruled, meeting, "secretary")
    assert state_of(ruled, meeting, "解文军").state == "present"


def test_what_a_sheet_stands_on_stays(ruled: World) -> None:
    meeting = record(ruled, meet(ruled), 李桂兰="absent")
    row = state_of(ruled, meeting, "李桂兰")
    facts.take(row.pk, None)
    with pytest.raises(BadInput, match="冲正"):
        record(ruled, meeting)
    with pytest.raises(DomainError) as refused:
        cancel_meeting(actor=ruled.actor("recorder"), meeting_id=meeting.pk, reason="记错了")
    assert refused.value.code == "taken"
    with pytest.raises(DatabaseError), transaction.atomic():
        Attendance.objects.filter(pk=row.pk).update(state="present")
    with pytest.raises(DatabaseError), transaction.atomic():
        Attendance.objects.filter(pk=row.pk).delete()
    facts.give_back(row.pk, None)
    record(ruled, meeting)
    assert state_of(ruled, meeting, "李桂兰").state == "present"


def test_the_database_keeps_one_state_each_and_leave_with_its_ground(ruled: World) -> None:
    meeting = record(ruled, meet(ruled))
    row = state_of(ruled, meeting, "李桂兰")
    for wrong in (
        lambda: Attendance.objects.create(meeting=meeting, member=row.member, state="absent", created_at=clock.now()),
        lambda: Attendance.objects.filter(pk=row.pk).update(state="leave"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


@pytest.mark.parametrize(("who", "refusal"), [("township_officer", NotAllowed), ("second_secretary", NotVisible)])
def test_only_the_branch_records(ruled: World, who: str, refusal: type[Exception]) -> None:
    meeting = meet(ruled)
    with pytest.raises(refusal):
        record(ruled, meeting, who)
