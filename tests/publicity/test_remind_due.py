"""What is due is told to the branch once, what is late to the township once; late steps stand on the first page."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.models import Sheet
from pioneer.jobs.clock import Round as ClockRound
from pioneer.jobs.clock import remind
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.messages.models import Message
from pioneer.organisations.models import HolidayYear
from pioneer.publicity import lateness
from pioneer.publicity.models import Publication, Reminder
from pioneer.publicity.proofs import add_proof
from pioneer.publicity.reminders import remind_due
from tests.notices import On, close, make_sheet, object_to, publish
from tests.publicity.conftest import line_of
from tests.world import World

OPEN = {"state": "open"}
UNCONFIRMED = {"confirmed_at": None, "confirmed_by_number": None}


def march(world: World, **columns: Any) -> Sheet:
    return make_sheet(world, [On("李桂兰")], **columns)


def awaited() -> list[tuple[str, date, int]]:
    return [(one.step, one.due_on, one.days_late) for one in lateness.awaited()]


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=f"publicity.{kind}").values_list("user__name", flat=True))


@pytest.mark.parametrize(
    ("columns", "step", "due"),
    [
        ({**OPEN, **UNCONFIRMED}, "submit", date(2026, 4, 3)),
        ({"state": "submitted", **UNCONFIRMED}, "confirm", date(2026, 4, 9)),
        ({}, "publish", date(2026, 4, 15)),
    ],
)
def test_each_step_has_its_day_by_the_rulebook(ruled: World, columns: dict[str, Any], step: str, due: date) -> None:
    march(ruled, **columns)
    assert awaited() == [(step, due, 0)]
    with clock.at(date(2026, 4, 20)):
        assert awaited() == [(step, due, (date(2026, 4, 20) - due).days)]


def test_the_running_month_and_a_supplement_are_due_by_no_day(ruled: World) -> None:
    make_sheet(ruled, [], month=4, **OPEN, **UNCONFIRMED)
    make_sheet(ruled, [], month=2, sequence=1, kind="supplementary", reason="漏报")
    assert awaited() == []


def test_a_year_without_holidays_claims_no_day(ruled: World) -> None:
    HolidayYear.objects.update(year=2025)
    march(ruled)
    assert awaited() == []


def test_the_notice_asks_for_the_boards_photograph_then_for_the_closing(ruled: World, shown: Publication) -> None:
    assert awaited() == [("prove", date(2026, 4, 9), 0)]
    with clock.at(date(2026, 4, 12)):
        assert awaited() == [("prove", date(2026, 4, 9), 3), ("close", date(2026, 4, 10), 2)]
    object_to(shown, line_of(shown, "王保国"))
    with clock.at(date(2026, 4, 12)):
        assert [step for step, _, _ in awaited()] == ["prove"]  # an objection is no lateness of the closing
    add_proof(
        actor=ruled.actor("recorder"),
        publication_id=shown.pk,
        channel="board",
        done_on=date(2026, 4, 1),
        place="东门",
        request_key=uuid4(),
        file=("a.png", _png()),
    )
    assert awaited() == []


def _png() -> bytes:
    from tests.web.scenario import PNG

    return PNG


def test_one_that_waits_for_the_notice_before_it_is_not_late(ruled: World, shown: Publication) -> None:
    make_sheet(ruled, [], month=4)
    with clock.at(date(2026, 6, 1)):
        assert "publish" not in [step for step, _, _ in awaited()]
    close(shown)
    with clock.at(date(2026, 6, 1)):
        assert [step for step, _, _ in awaited()] == ["publish"]


def test_nothing_is_asked_of_a_closed_notice(ruled: World, shown: Publication) -> None:
    close(shown)
    with clock.at(date(2026, 4, 20)):
        assert awaited() == []


def test_the_branch_is_told_on_the_day_and_the_township_the_day_after_each_once(ruled: World) -> None:
    sheet = march(ruled, **OPEN, **UNCONFIRMED)
    for on in (date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 3), date(2026, 4, 7), date(2026, 4, 8)):
        with clock.at(on):
            remind(ClockRound())
        if on < date(2026, 4, 3):
            assert not Message.objects.exists()
    assert told("due_submit") == {"解文军", "王保国", "曾永福", "罗小红"}
    assert told("late_submit") == {"纪明", "苗青"}
    assert Message.objects.count() == 6 and Reminder.objects.count() == 2
    message = Message.objects.filter(kind="publicity.due_submit")[0]
    assert message.title == "3月考评表应于4月3日前送复核" and message.link == f"/sheets/{sheet.pk}/"
    late = Message.objects.filter(kind="publicity.late_submit")[0]
    assert "逾期4天" in late.text and late.link == "/overview/?month=2026-03"


def test_after_a_stop_it_catches_up_once(ruled: World) -> None:
    march(ruled, **OPEN, **UNCONFIRMED)
    with clock.at(date(2026, 5, 20)):
        done = ClockRound()
        remind(done)
        assert done.done == {"到期提醒": 2} and not done.failures
        again = ClockRound()
        remind(again)
        assert again.done == {"到期提醒": 0}
    assert "已逾期47天" in Message.objects.filter(kind="publicity.due_submit")[0].text


def test_by_the_clock_alone_and_only_what_is_due(ruled: World) -> None:
    sheet = march(ruled)
    with pytest.raises(NotAllowed):
        remind_due(actor=ruled.actor("secretary"), sheet_id=sheet.pk, step="publish", kind="due")
    for step, kind in (("publish", "due"), ("submit", "due")):
        with pytest.raises(DomainError, match="还没有到期"):
            remind_due(actor=CLOCK, sheet_id=sheet.pk, step=step, kind=kind)
    with clock.at(date(2026, 4, 15)):
        with pytest.raises(DomainError, match="还没有到期"):
            remind_due(actor=CLOCK, sheet_id=sheet.pk, step="publish", kind="late")
        made = remind_due(actor=CLOCK, sheet_id=sheet.pk, step="publish", kind="due")
        assert remind_due(actor=CLOCK, sheet_id=sheet.pk, step="publish", kind="due") == made
    with pytest.raises(DatabaseError), transaction.atomic():
        Reminder.objects.update(due_on=date(2026, 1, 1))


def first_page(world: World, who: str) -> str:
    client = Client()
    client.force_login(world.users[who])
    return client.get("/").content.decode()


def test_the_branchs_first_page_says_what_is_late_and_by_how_many_days(ruled: World) -> None:
    march(ruled, **OPEN, **UNCONFIRMED)
    assert "逾期" not in first_page(ruled, "secretary")
    with clock.at(date(2026, 4, 7)):
        assert "2026年3月考评表逾期4天未送复核" in first_page(ruled, "secretary")
        assert "逾期4天" not in first_page(ruled, "second_secretary")


def test_the_first_page_asks_for_the_boards_photograph(ruled: World, shown: Publication) -> None:
    assert "3月公示待上传公示栏照片" in first_page(ruled, "recorder")
    assert "公示栏照片" not in first_page(ruled, "township_officer")


def test_a_sheet_to_be_shown_has_its_day_on_the_first_page(ruled: World) -> None:
    publish(ruled, make_sheet(ruled, [], branch=ruled.second_branch), "second_recorder")
    march(ruled)
    assert "4月15日前办完" in first_page(ruled, "recorder")
