"""conduct.enter_meeting, conduct.change_meeting, conduct.cancel_meeting"""

from datetime import date, time
from typing import Any

import pytest

from pioneer.conduct.meetings import cancel_meeting, change_meeting
from pioneer.conduct.models import Meeting
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.messages.models import Message
from tests.conduct.meetings import AHEAD, HELD, meet, record
from tests.world import World


def change(world: World, meeting: Meeting, who: str = "recorder", **changes: Any) -> Meeting:
    names = ("kind", "on", "starts_at", "place", "theme", "edit")
    filled = {**{name: getattr(meeting, name) for name in names}, **changes}
    return change_meeting(actor=world.actor(who), meeting_id=meeting.pk, **filled)


def test_one_that_was_held_is_entered_and_tells_nobody(ruled: World) -> None:
    made = meet(ruled)
    assert (made.branch, made.on, made.recorded_at) == (ruled.branch, HELD, None)
    assert not Message.objects.exists()
    audit = AuditEvent.objects.get(operation="conduct.enter_meeting")
    assert audit.arguments["kind"] == "theme" and "学雷锋" not in str(audit.arguments)


def test_one_still_to_come_is_announced_to_who_is_expected(ruled: World) -> None:
    meet(ruled, on=AHEAD)
    told = set(Message.objects.values_list("user__name", flat=True))
    assert told == {"王保国", "李桂兰", "曾永福", "单雪琴", "解文军", "罗小红"}
    assert "2026年4月8日09:00，社区活动室" in Message.objects.first().text


def test_the_same_meeting_is_entered_once(ruled: World) -> None:
    meet(ruled)
    with pytest.raises(DomainError) as refused:
        meet(ruled, "secretary")
    assert refused.value.code == "entered_already"
    meet(ruled, starts_at=time(15))


def test_all_mistakes_come_together(ruled: World) -> None:
    with pytest.raises(BadInput) as refused:
        meet(ruled, kind="party", on=date(2062, 3, 10), place=" ", theme="题" * 121)
    assert [fault.place for fault in refused.value.faults] == ["类别", "日期", "地点", "主题"]


@pytest.mark.parametrize("who", ["guilan", "second_secretary", "community_officer", "township_officer", "auditor"])
def test_only_the_branch_enters_meetings(ruled: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        meet(ruled, who)


def test_it_can_be_changed_and_who_is_expected_is_told(ruled: World) -> None:
    made = meet(ruled, on=AHEAD)
    changed = change(ruled, made, on=date(2026, 4, 9), place="村委会")
    assert (changed.on, changed.place) == (date(2026, 4, 9), "村委会")
    assert Message.objects.filter(title__startswith="会议有变动", user=ruled.users["guilan"]).count() == 1


def test_a_change_that_has_not_seen_the_last_one_is_refused(ruled: World) -> None:
    made = meet(ruled)
    change(ruled, made, place="村委会")
    with pytest.raises(DomainError) as refused:
        change(ruled, made, place="学校")
    assert refused.value.code == "edited_meanwhile"


def test_once_attendance_is_recorded_the_day_stays(ruled: World) -> None:
    made = record(ruled, meet(ruled))
    with pytest.raises(DomainError) as refused:
        change(ruled, made, on=date(2026, 3, 11))
    assert refused.value.code == "recorded_already"
    assert change(ruled, made, place="村委会").place == "村委会"


def test_it_does_not_move_onto_another(ruled: World) -> None:
    meet(ruled)
    other = meet(ruled, on=date(2026, 3, 17))
    with pytest.raises(DomainError) as refused:
        change(ruled, other, on=HELD)
    assert refused.value.code == "entered_already"


def test_other_branches_do_not_see_it(ruled: World) -> None:
    made = meet(ruled)
    for who in ("second_secretary", "guilan", "other_recorder"):
        with pytest.raises(NotVisible):
            change(ruled, made, who)
    with pytest.raises(NotAllowed):
        change(ruled, made, "township_officer")


def test_it_is_cancelled_with_a_reason_that_is_told(ruled: World) -> None:
    made = meet(ruled, on=AHEAD)
    with pytest.raises(BadInput):
        cancel_meeting(actor=ruled.actor("recorder"), meeting_id=made.pk, reason=" ")
    cancel_meeting(actor=ruled.actor("recorder"), meeting_id=made.pk, reason="防汛")
    assert "防汛" in Message.objects.get(title__startswith="会议取消", user=ruled.users["guilan"]).text
    with pytest.raises(DomainError) as refused:
        change(ruled, made)
    assert refused.value.code == "cancelled"
    meet(ruled, on=AHEAD)
