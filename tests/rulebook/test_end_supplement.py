"""Ending what a branch added: by its meeting or by the township, from a day to come on."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from pioneer.rulebook import queries
from pioneer.rulebook.models import Supplement
from pioneer.rulebook.supplement_queries import rules_for, standing_of
from pioneer.rulebook.supplements import end_supplement
from tests.rulebook.local import BEGINS, PATROL, PROPOSED, RESCUE, TALK, added, propose
from tests.world import World

TODAY = date(2026, 3, 10)
LAST = date(2026, 4, 1)
MINUTED: dict[str, Any] = {"met_on": date(2026, 3, 9), "present": 8, "in_favour": 8, "why": "会议记录第3号"}


def end(world: World, made: Supplement, who: str = "secretary", on: date = TODAY, **changes: Any) -> Supplement:
    form = {"ended_from": LAST, **(MINUTED if who in ("secretary", "deputy") else {"why": "不合实际"}), **changes}
    with clock.at(on):
        return end_supplement(actor=world.actor(who), supplement_id=made.pk, **form)


def test_it_works(supplemented: World) -> None:
    made = end(supplemented, added(supplemented))
    assert made.ended_from == LAST and made.turn == 2
    assert made.ended_why == "2026年3月9日支部党员大会（会议记录第3号）决定，到会8人、赞成8人"
    with clock.at(LAST - timedelta(days=1)):
        assert standing_of(made) == ("施行中", "green")
    with clock.at(LAST):
        assert standing_of(made) == ("已终止", "muted")


def test_what_lies_before_is_still_understood(supplemented: World) -> None:
    end(supplemented, added(supplemented))
    district, branch = supplemented.district.pk, supplemented.branch.pk
    assert "L1-1" in queries.engine_for(district).version_on(LAST).indicators
    assert "L1-1" in rules_for(district, [branch], LAST - timedelta(days=1)).indicators
    assert "L1-1" not in rules_for(district, [branch], LAST).indicators
    assert "L1-1" in rules_for(district, [branch], LAST, since=date(2026, 3, 1)).indicators


def test_it_makes_room_from_that_day_on(supplemented: World) -> None:
    end(supplemented, added(supplemented, PATROL, TALK, RESCUE))
    with pytest.raises(BadInput, match="已有3项"):
        propose(supplemented, on=TODAY, effective_on=LAST - timedelta(days=1))
    assert propose(supplemented, on=TODAY, effective_on=LAST).number == 2


def test_the_township_may_end_it_with_a_reason_and_the_branch_is_told(supplemented: World) -> None:
    made = end(supplemented, added(supplemented), "township_officer")
    assert made.ended_why == "乡镇（街道）终止：不合实际"
    told = Message.objects.filter(kind="rulebook.supplement_ended")
    assert {one.user.name for one in told} == {"王保国", "曾永福"} and "自2026年4月1日起终止" in told[0].text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"why": ""}, "请写明依据"),
        ({"met_on": None}, "请填写支部党员大会的日期"),
        ({"met_on": date(2026, 3, 11)}, "今天之后"),
        ({"in_favour": 4}, "没有超过到会人数的一半"),
        ({"ended_from": TODAY}, "最早自2026年3月11日起终止"),
    ],
)
def test_the_branch_minutes_it(supplemented: World, changes: dict[str, Any], said: str) -> None:
    made = added(supplemented)
    with pytest.raises(BadInput, match=said):
        end(supplemented, made, **changes)


def test_what_hasnt_begun_never_does(supplemented: World) -> None:
    made = added(supplemented)
    with pytest.raises(BadInput, match="最早自2026年2月1日起终止"):
        end(supplemented, made, on=PROPOSED, ended_from=BEGINS - timedelta(days=1), met_on=date(2026, 1, 7))
    end(supplemented, made, on=PROPOSED, ended_from=BEGINS, met_on=date(2026, 1, 7))
    assert "L1-1" not in rules_for(supplemented.district.pk, [supplemented.branch.pk], BEGINS).indicators


def test_who_else_may_not(supplemented: World) -> None:
    made = added(supplemented)
    for who in ("recorder", "community_officer", "district_officer"):
        with pytest.raises(NotAllowed, match="书记、副书记或乡镇"):
            end(supplemented, made, who)
    with pytest.raises(NotVisible):
        end(supplemented, made, "town_officer")


def test_only_an_approved_one_and_once(supplemented: World) -> None:
    waiting = propose(supplemented, TALK)
    with pytest.raises(DomainError, match="只有已批准的"):
        end(supplemented, waiting)
    Supplement.objects.filter(pk=waiting.pk).delete()
    made = end(supplemented, added(supplemented))
    with pytest.raises(DomainError, match="已定自2026年4月1日起终止"):
        end(supplemented, made, ended_from=date(2026, 5, 1))
    for change in ("ended_from = '2026-05-01'", "ended_why = 'x'", "turn = 9", "ended_at = NULL, ended_from = NULL"):
        with pytest.raises(Exception, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE rulebook_supplement SET {change}")  # noqa: S608
