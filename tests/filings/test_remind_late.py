"""Who has not filed by the day due is told once, by the clock, and the level above with it."""

from datetime import date, timedelta

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.models import Sheet
from pioneer.filings import queries
from pioneer.filings.models import FilingReminder
from pioneer.filings.reminders import remind_late, to_remind
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.messages.models import Message
from tests.filings.conftest import filed
from tests.world import World
from tests.year import FIRST, LAST

DUE = date(2027, 2, 28)


def test_it_works_once_and_only_for_who_was_at_work(ruled: World) -> None:
    Sheet.objects.create(branch=ruled.branch, year=2026, month=12, opened_at=clock.now())
    unit = ruled.organisations["community"]
    cycle = queries.cycle_for(unit, FIRST)
    assert queries.due_day(unit.district_number, cycle) == DUE and cycle.last_on == LAST
    with clock.at(DUE):
        assert to_remind() == []
        with pytest.raises(DomainError, match="还没有逾期"):
            remind_late(actor=CLOCK, unit_id=unit.pk, first_on=FIRST)
    with clock.at(DUE + timedelta(1)):
        assert to_remind() == [(unit, cycle)], "the village had no sheet in the cycle"
        for _ in range(2):
            remind_late(actor=CLOCK, unit_id=unit.pk, first_on=FIRST)
        assert to_remind() == [] and FilingReminder.objects.get().due_on == DUE
        told = Message.objects.filter(kind="filings.late")
        assert {one.user.name for one in told} == {"段雅文", "纪明", "苗青"}
        assert "已逾期1天" in told[0].text


def test_who_has_filed_is_left_in_peace(announced: World) -> None:
    filed(announced)
    Sheet.objects.create(branch=announced.branch, year=2026, month=12, opened_at=clock.now())
    with clock.at(DUE + timedelta(1)):
        assert to_remind() == []


def test_only_the_clock(ruled: World) -> None:
    with pytest.raises(NotAllowed):
        remind_late(actor=ruled.actor("township_officer"), unit_id=ruled.organisations["community"].pk, first_on=FIRST)
