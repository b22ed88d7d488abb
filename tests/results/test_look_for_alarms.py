"""预警 After a posting: whom it brought across an alarm line is told once, and so is the branch."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from pioneer.accounts.policies import CLOCK
from pioneer.jobs.clock import Round, raise_alarms
from pioneer.kernel import clock
from pioneer.kernel.errors import NotAllowed, NotVisible
from pioneer.ledger.models import Posting
from pioneer.messages.models import Message
from pioneer.results import alarm_queries
from pioneer.results.alarms import look_for_alarms
from pioneer.results.models import Alarmed, AlarmLook
from tests.notices import On, run
from tests.world import World, adopt_rulebook

ALARM = """
[[alarms]]
code = "y69"
name = "低于69.5分"
below = 69.5
consequence = "支部书记谈话提醒。"
clause = "第八条"
provenance = "assumed"
"""
LATE = "N7"  # half a point each


def look(posting: Posting) -> AlarmLook:
    with clock.at(posting.posted_at + timedelta(minutes=5)):
        return look_for_alarms(actor=CLOCK, posting_id=posting.pk)


def told(world: World, who: str, kind: str = "results.alarm") -> list[str]:
    return list(Message.objects.filter(user=world.users[who], kind=kind).values_list("text", flat=True))


@pytest.fixture
def alarmed(world: World) -> World:
    adopt_rulebook(world, more=ALARM)
    return world


def names() -> list[str]:
    return list(Alarmed.objects.order_by("id").values_list("member__name", flat=True))


def test_who_is_brought_across_is_told_once_and_the_branch_without_names(alarmed: World, client: Client) -> None:
    first = run(alarmed, [On("李桂兰", LATE, 3), On("单雪琴", LATE, 4), On("单雪琴", "B5", 5)], month=1)
    look(first)
    assert names() == []
    second = run(alarmed, [On("李桂兰", LATE, 5), On("张㛃", LATE, 6), On("张㛃", LATE, 9)], month=2)
    made = look(second)
    assert look(second) == made and names() == ["李桂兰", "张㛃"]
    (text,) = told(alarmed, "guilan")
    assert "得分69分" in text and "低于69.5分" in text and "支部书记谈话提醒" in text and "不会自动有什么后果" in text
    (said,) = told(alarmed, "secretary", "results.alarm_branch")
    assert "李桂兰" not in said and told(alarmed, "deputy", "results.alarm_branch")
    assert not told(alarmed, "recorder", "results.alarm_branch") and not told(alarmed, "second_secretary")
    look(run(alarmed, [On("李桂兰", LATE, 6)], month=3))
    assert names() == ["李桂兰", "张㛃"] and len(told(alarmed, "guilan")) == 1
    with clock.at(date(2026, 4, 20)):
        client.force_login(alarmed.users["recorder"], backend="pioneer.accounts.backends.NumberBackend")
        page = client.get(f"/branches/{alarmed.branch.pk}/alarms/").content.decode()
        assert page.index("李桂兰") < page.index("张㛃") and "没有账号，请当面告知" in page and "单雪琴" not in page
        client.force_login(alarmed.users["guilan"], backend="pioneer.accounts.backends.NumberBackend")
        assert client.get(f"/branches/{alarmed.branch.pk}/alarms/").status_code == 404
        assert "y69" in client.post("/me/file/json/").content.decode()


def test_the_clock_goes_over_each_posting_once(alarmed: World) -> None:
    posting = run(alarmed, [On("李桂兰", LATE, 3), On("李桂兰", LATE, 4)], month=1)
    with clock.at(posting.posted_at + timedelta(minutes=5)):
        assert alarm_queries.to_look_at() == [posting]
        done = Round()
        raise_alarms(done)
        assert done.done == {"预警": 1} and not done.failures and alarm_queries.to_look_at() == []
    assert names() == ["李桂兰"]


def test_a_correction_that_takes_an_addition_back_counts_too(alarmed: World) -> None:
    first = run(alarmed, [On("李桂兰", "B5", 3), On("李桂兰", LATE, 4), On("李桂兰", LATE, 5)], month=1)
    look(first)
    assert names() == []
    line = first.publication.sheet.lines.get(indicator="B5")
    look(run(alarmed, [On("李桂兰", corrects=line)], month=2))
    assert names() == ["李桂兰"]


def test_a_rulebook_without_lines_and_a_cycle_that_is_over_are_left_alone(world: World) -> None:
    adopt_rulebook(world)
    posting = run(world, [On("李桂兰", LATE, 3)], month=1)
    with clock.at(posting.posted_at + timedelta(minutes=5)):
        assert alarm_queries.to_look_at() == []
    with clock.at(date(2027, 2, 1)):
        look_for_alarms(actor=CLOCK, posting_id=posting.pk)
    assert names() == []


@pytest.mark.parametrize("who", ["secretary", "district_officer"])
def test_nobody_but_the_clock_looks(alarmed: World, who: str) -> None:
    posting = run(alarmed, [On("李桂兰", LATE, 3)], month=1)
    with pytest.raises(NotAllowed, match="系统在入账以后自动查看"):
        look_for_alarms(actor=alarmed.actor(who), posting_id=posting.pk)
    with pytest.raises(NotVisible):
        look_for_alarms(actor=CLOCK, posting_id=0)


def test_what_was_raised_stays(alarmed: World) -> None:
    look(run(alarmed, [On("李桂兰", LATE, 3), On("李桂兰", LATE, 4)], month=1))
    changes: list[Any] = [lambda: Alarmed.objects.all().delete(), lambda: AlarmLook.objects.update(at=clock.now())]
    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
