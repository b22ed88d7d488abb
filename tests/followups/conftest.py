"""帮教的测试 A cycle settled and announced, and a follow-up brought to the state a test begins with."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from pioneer.followups.deciding import confirm_outcome, decide_outcome
from pioneer.followups.models import Entry, FollowUp
from pioneer.followups.services import (
    assign_talker,
    open_follow_ups,
    pair_helper,
    record_talk,
    record_visit,
    set_plan,
)
from pioneer.kernel import clock
from pioneer.organisations.models import HolidayYear
from pioneer.results.models import Announcement
from tests.world import World, adopt_rulebook
from tests.year import AFTER, FIRST, announce_plainly, settle_plainly

NOW = AFTER + timedelta(days=14)  # two weeks after the announcement
DUE = date(2027, 6, 30)
TALK = {
    "place": "支部活动室",
    "people": "王保国、罗小红",
    "text": "全年没有申报，两次缺席。",
    "words": "今后按时参加。",
}
Case = Callable[..., FollowUp]


@pytest.fixture
def announced(world: World) -> Iterator[Announcement]:
    """The cast's community settled and announced: 单雪琴 85 points, 王保国 95, 解文军 55, everybody else 75."""
    adopt_rulebook(world)
    HolidayYear.objects.create(year=2027, source="测试")
    with clock.at(AFTER):
        made = settle_plainly(world, scores={"单雪琴": 8500, "王保国": 9500, "解文军": 5500})
        held = announce_plainly(made, world.organisations["community"])
    with clock.at(NOW):
        yield held


def opened(world: World, name: str = "李桂兰", first_on: date = FIRST) -> FollowUp:
    """Of the whole branch; answers the one of this member."""
    open_follow_ups(actor=world.actor("secretary"), branch_id=world.branch.pk, first_on=first_on)
    return FollowUp.objects.get(member=world.member(name), first_on=first_on)


def bring_to(world: World, found: FollowUp, state: str, by: str = "secretary", on: date | None = None) -> FollowUp:
    """By the operations, one step after the other, all of one day."""
    on, who = on or clock.today(), world.actor(by)
    committee, deputy = world.member("罗小红").pk, world.member("曾永福").pk
    given: dict[str, Any] = {"actor": who, "follow_up_id": found.pk, "on": on}
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("assigned", lambda: assign_talker(**given, person_id=committee)),
        ("talked", lambda: record_talk(**given, **TALK)),
        ("paired", lambda: pair_helper(**given, person_id=deputy)),
        (
            "planned",
            lambda: set_plan(**given, text="按时参加组织生活，每月走访一户。", due_on=on + timedelta(days=150)),
        ),
        ("visited", lambda: record_visit(**given, text="上门谈心，近来都到会。")),
        (
            "decided",
            lambda: decide_outcome(**given, outcome="corrected", people="支部委员会", text="半年来按时到会。"),
        ),
        ("closed", lambda: confirm_outcome(actor=world.actor("deputy"), follow_up_id=found.pk, how="当面告知")),
    ]
    if state != "opened":
        for reached, step in steps:
            step()
            if reached == state:
                break
    found.refresh_from_db()
    return found


@pytest.fixture
def case_in(world: World, announced: Announcement) -> Case:
    """A follow-up of 李桂兰, or whom one names, in a state."""

    def make(state: str, name: str = "李桂兰", by: str = "secretary") -> FollowUp:
        return bring_to(world, opened(world, name), state, by)

    return make


def last_entry(found: FollowUp) -> Entry:
    return found.entries.order_by("-number")[0]
