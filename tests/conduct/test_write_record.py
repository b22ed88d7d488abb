"""Education records and reminders: for an indicator that needs one, shown as they are written."""

from datetime import date
from typing import Any

import pytest

from pioneer.conduct.models import DeclaredRelation, EducationRecord
from pioneer.conduct.queries import education_for
from pioneer.conduct.services import write_education_record, write_reminder
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.messages.models import Message
from tests.world import TODAY, World

CONTENT = "2月微信群转发不实消息，谈话指出，要求删除并不再转发。"


def write(world: World, who: str = "recorder", name: str = "李桂兰", run=write_education_record, **changes: Any):
    filled = {"indicator": "N1", "on": TODAY, "content": CONTENT, **changes}
    return run(actor=world.actor(who), member_id=world.member(name).pk, **filled)


def test_it_works_and_is_shown_at_once(ruled: World) -> None:
    made = write(ruled)
    assert (made.kind, made.branch, made.shown_at, made.shown_how) == (
        "education",
        ruled.branch,
        clock.now(),
        "站内消息",
    )
    assert CONTENT in Message.objects.get(user=ruled.users["guilan"]).text
    audit = AuditEvent.objects.get(operation="conduct.write_education_record")
    assert audit.arguments["indicator"] == "N1" and CONTENT not in str(audit.arguments)


def test_a_reminder_works(ruled: World) -> None:
    assert write(ruled, run=write_reminder, indicator="N11").kind == "reminder"


@pytest.mark.parametrize(
    ("run", "indicator"),
    [(write_education_record, "N11"), (write_reminder, "N1"), (write_education_record, "N2"), (write_reminder, "X")],
)
def test_the_indicator_must_need_this_kind(ruled: World, run: Any, indicator: str) -> None:
    with pytest.raises(BadInput, match="请从所列指标中选择"):
        write(ruled, run=run, indicator=indicator)


def test_without_an_account_it_is_shown_on_paper(ruled: World) -> None:
    with pytest.raises(BadInput, match="张㛃没有账号"):
        write(ruled, name="张㛃")
    assert write(ruled, name="张㛃", shown_how="2026年4月1日本人签字").shown_how == "2026年4月1日本人签字"
    assert not Message.objects.exists()


def test_an_earlier_day_needs_the_paper_it_was_shown_on(ruled: World) -> None:
    with pytest.raises(BadInput, match="补录"):
        write(ruled, on=date(2026, 3, 1))
    assert write(ruled, on=date(2026, 3, 1), shown_how="当日本人签字，原件存支部").on == date(2026, 3, 1)


def test_all_mistakes_come_together(ruled: World) -> None:
    with pytest.raises(BadInput) as refusal:
        write(ruled, name="张㛃", indicator="X", content="  ")
    assert [fault.place for fault in refusal.value.faults] == ["指标", "内容", "如何出示"]
    with pytest.raises(BadInput, match="不能晚于今天"):
        write(ruled, on=date(2026, 4, 2))
    assert not EducationRecord.objects.exists()


@pytest.mark.parametrize("who", ["community_officer", "township_officer", "district_officer", "auditor"])
def test_only_the_branch_writes(ruled: World, who: str) -> None:
    with pytest.raises(NotAllowed, match="支部书记"):
        write(ruled, who)


@pytest.mark.parametrize("who", ["second_secretary", "xueqin", "other_recorder"])
def test_for_others_there_is_no_such_member(ruled: World, who: str) -> None:
    with pytest.raises(NotVisible):
        write(ruled, who)


def test_not_about_oneself_or_a_declared_relative(ruled: World) -> None:
    with pytest.raises(NotAllowed, match="本人的事项"):
        write(ruled, name="解文军")
    DeclaredRelation.objects.create(
        member=ruled.member("解文军"), relative=ruled.member("李桂兰"), kind="婆媳", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="回避"):
        write(ruled)


def test_it_counts_from_an_earlier_day_for_twelve_months(ruled: World) -> None:
    made = write(ruled)
    member = ruled.member("李桂兰")
    said = {
        event_on: education_for(member, "N1", event_on)
        for event_on in (TODAY, date(2026, 4, 2), date(2027, 4, 1), date(2027, 4, 2))
    }
    assert list(said.values()) == [None, made, made, None]
    assert education_for(member, "N11", date(2026, 4, 2)) is None
    assert education_for(member, "N2", date(2026, 4, 2)) is None
    assert education_for(ruled.member("单雪琴"), "N1", date(2026, 4, 2)) is None


def test_what_was_never_shown_doesnt_count(ruled: World) -> None:
    made = write(ruled)
    EducationRecord.objects.filter(pk=made.pk).update(shown_at=None)
    assert education_for(ruled.member("李桂兰"), "N1", date(2026, 4, 2)) is None


def test_the_latest_one_counts(ruled: World) -> None:
    write(ruled, on=date(2026, 2, 1), shown_how="签字")
    later = write(ruled, on=date(2026, 3, 1), shown_how="签字")
    assert education_for(ruled.member("李桂兰"), "N1", date(2026, 3, 20)) == later
