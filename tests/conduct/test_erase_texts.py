"""What is said of a member in attendance, leave and dues goes with its other texts; that and when stays."""

from pioneer.conduct import facts
from pioneer.conduct.erasure import erase_texts
from pioneer.conduct.models import Attendance, Dues, Leave
from tests.conduct.meetings import AHEAD, ask, meet, paid, pay, record, state_of
from tests.world import World


def test_reasons_notes_and_amounts_go_and_the_states_stay(ruled: World) -> None:
    meeting = record(ruled, meet(ruled), 李桂兰=("late", "接孙子"), 单雪琴=("late", "堵车"))
    record(ruled, meet(ruled, kind="lecture"), 李桂兰=("leave", "住院"))
    ask(ruled, meet(ruled, on=AHEAD))
    pay(ruled, 李桂兰=("late", 1250, "住院晚交"))
    member = ruled.member("李桂兰")
    facts.take(state_of(ruled, meeting, "李桂兰").pk, paid(ruled, "李桂兰").pk)
    erase_texts(member.pk)
    assert set(Leave.objects.filter(member=member).values_list("reason", "answer")) == {("", "")}
    assert list(Attendance.objects.filter(member=member).order_by("pk").values_list("state", "note")) == [
        ("late", ""),
        ("leave", ""),
    ]
    assert list(Dues.objects.values_list("state", "fen", "note")) == [("late", None, "")]
    assert state_of(ruled, meeting, "单雪琴").note == "堵车"
