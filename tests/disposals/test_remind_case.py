"""Deadlines of a case are told once to who has to act, by the clock alone."""

from datetime import date

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.disposals.models import Case
from pioneer.disposals.queries import due_to_remind
from pioneer.disposals.reminders import remind_case
from pioneer.jobs.clock import go_round
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.messages.models import Message
from tests.disposals.proceedings import brought, filed, open_case
from tests.world import World


@pytest.fixture
def case(ruled: World) -> Case:
    filed(ruled)
    return open_case(ruled)


def told(world: World, who: str) -> list[str]:
    rows = Message.objects.filter(user=world.users[who], kind__startswith="disposals.due_").order_by("pk")
    return [row.title.split("：", 1)[1] for row in rows]


def test_the_clock_tells_whose_turn_it_is_once(ruled: World, case: Case) -> None:
    with pytest.raises(DomainError, match="还没有到期"):
        remind_case(actor=CLOCK, case_id=case.pk)
    with clock.at(date(2027, 1, 25)):
        for _ in range(2):
            done = go_round()
            assert not [line for line in done.failures if "处置" in line]
        assert told(ruled, "township_officer") == ["基层党委预审"] and told(ruled, "secretary") == []
        assert due_to_remind() == []
        assert remind_case(actor=CLOCK, case_id=case.pk) == case.reminders.get()


def test_the_end_of_a_correction_is_told_to_the_branch(ruled: World) -> None:
    filed(ruled)
    brought(ruled, "announced")
    with clock.at(date(2027, 7, 12)):
        go_round()
    assert told(ruled, "secretary") == ["改正期满，请评议改正情况"]


def test_by_nobody_else(ruled: World, case: Case) -> None:
    with pytest.raises(NotAllowed, match="自动办理"):
        remind_case(actor=ruled.actor("secretary"), case_id=case.pk)
