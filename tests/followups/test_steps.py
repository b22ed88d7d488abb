"""The steps of a follow-up: what is written down, in which order of days, who can be chosen, and who is told."""

from datetime import date, timedelta

import pytest

from pioneer.conduct.models import DeclaredRelation
from pioneer.followups.models import FollowUp
from pioneer.followups.queries import entries_of
from pioneer.followups.services import (
    assign_talker,
    extend_plan,
    pair_helper,
    record_talk,
    record_visit,
    set_plan,
)
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, NotAllowed
from pioneer.kernel.models import AuditEvent
from pioneer.messages.models import Message
from tests.followups.conftest import NOW, TALK, Case, last_entry
from tests.world import World
from tests.year import AFTER


def assign(world: World, found: FollowUp, name: str = "罗小红", on: date = NOW, who: str = "secretary"):
    return assign_talker(actor=world.actor(who), follow_up_id=found.pk, person_id=world.members[name].pk, on=on)


def related(world: World, one: str, other: str) -> None:
    DeclaredRelation.objects.create(
        member=world.member(one), relative=world.member(other), kind="夫妻", created_at=clock.now()
    )


def test_from_who_talks_to_the_visits_each_told_at_once(world: World, case_in: Case) -> None:
    found = case_in("visited")
    kinds = [one.entry.kind for one in entries_of(found)]
    assert kinds == ["assigned", "talk", "paired", "plan", "visit"]
    assert (found.assigned, found.helper) == (world.member("罗小红"), world.member("曾永福"))
    assert (found.state, found.due_on) == ("planned", NOW + timedelta(days=150))
    assert found.visit_due_on == NOW + timedelta(days=30)
    talk = found.entries.get(kind="talk")
    assert (talk.place, talk.people, talk.words) == (TALK["place"], TALK["people"], TALK["words"])
    told = Message.objects.filter(user=world.users["guilan"], kind__startswith="followups.")
    assert {one.kind.split(".")[1] for one in told} == {"opened", "talker", "talk", "helper", "plan", "visit"}
    asked = Message.objects.get(user=world.users["committee"], kind="followups.assigned")
    assert "2027年1月25日以前" in asked.text and asked.link == f"/followups/{found.pk}/"
    assert Message.objects.filter(user=world.users["deputy"], kind="followups.paired").exists()


def test_no_text_stands_in_the_audit(world: World, case_in: Case) -> None:
    case_in("visited")
    said = str(list(AuditEvent.objects.filter(operation__startswith="followups.").values_list("arguments", flat=True)))
    assert "缺席" not in said and "支部活动室" not in said and "person_id" in said


def test_neither_the_member_nor_a_relative_nor_a_stranger_talks_or_helps(world: World, case_in: Case) -> None:
    found = case_in("opened")
    related(world, "李桂兰", "单雪琴")
    for name, sentence in (
        ("李桂兰", "不能选本人"),
        ("单雪琴", "申明的亲属"),
        ("喆䶮堃", "正式党员"),
        ("温如春", "正式党员"),
        ("外一", "正式党员"),
    ):
        with pytest.raises(BadInput, match=sentence):
            assign(world, found, name)
    assign(world, found)
    assign(world, found, "曾永福")
    found.refresh_from_db()
    assert found.assigned == world.member("曾永福") and found.entries.count() == 2, "another one until the talk"


def test_nobody_deals_with_a_relative_or_with_oneself(world: World, case_in: Case) -> None:
    related(world, "王保国", "李桂兰")
    with pytest.raises(NotAllowed, match="您须回避"):
        assign(world, case_in("opened"))
    own = FollowUp.objects.get(member=world.member("曾永福"))
    with pytest.raises(NotAllowed, match="本人的事项"):
        assign(world, own, who="deputy")


def test_no_step_before_the_announcement_the_step_before_or_after_today(world: World, case_in: Case) -> None:
    found = case_in("opened")
    for on, sentence in (
        (AFTER - timedelta(days=1), "不能早于通报的日期（2027年1月11日）"),
        (NOW + timedelta(days=1), "不能晚于今天"),
    ):
        with pytest.raises(BadInput, match=sentence):
            assign(world, found, on=on)
    assign(world, found, on=NOW - timedelta(days=2))
    given = {"actor": world.actor("secretary"), "follow_up_id": found.pk}
    with pytest.raises(BadInput, match="不能早于上一步的日期（2027年1月23日）"):
        record_talk(**given, on=NOW - timedelta(days=3), **TALK)
    record_talk(**given, on=NOW - timedelta(days=2), **TALK)
    with pytest.raises(BadInput, match="上一步"):
        pair_helper(**given, on=NOW - timedelta(days=4), person_id=world.member("曾永福").pk)


def test_a_talk_says_where_with_whom_what_and_what_the_member_said(world: World, case_in: Case) -> None:
    found = case_in("assigned")
    with pytest.raises(BadInput) as refusal:
        record_talk(
            actor=world.actor("recorder"),
            follow_up_id=found.pk,
            on=NOW,
            place=" ",
            people="",
            text="长" * 2001,
            words="",
        )
    assert [fault.place for fault in refusal.value.faults] == ["地点", "在场人", "本人的话", "谈话内容"]
    assert not found.entries.filter(kind="talk").exists()


def test_a_plan_runs_a_year_at_most_and_so_does_an_extension(world: World, case_in: Case) -> None:
    found = case_in("paired")
    given = {"actor": world.actor("secretary"), "follow_up_id": found.pk}
    for due_on, sentence in ((date(2028, 1, 26), "最晚到2028年1月25日"), (NOW, "须晚于今天")):
        with pytest.raises(BadInput, match=sentence):
            set_plan(**given, on=NOW, text="按时到会。", due_on=due_on)
    set_plan(**given, on=NOW, text="按时到会。", due_on=date(2027, 3, 31))
    with pytest.raises(BadInput, match="须晚于现在的期限"):
        extend_plan(**given, due_on=date(2027, 3, 31), reason="外出务工")
    with pytest.raises(BadInput, match="最晚到"):
        extend_plan(**given, due_on=date(2028, 3, 31), reason="外出务工")
    with pytest.raises(BadInput, match="请写明理由"):
        extend_plan(**given, due_on=date(2027, 5, 31), reason=" ")
    extend_plan(**given, due_on=date(2027, 5, 31), reason="外出务工")
    found.refresh_from_db()
    assert found.due_on == date(2027, 5, 31) and last_entry(found).kind == "extended"


def test_a_visit_moves_the_next_one(world: World, case_in: Case) -> None:
    found = case_in("planned")
    with clock.at(date(2027, 2, 20)):
        record_visit(actor=world.actor("deputy"), follow_up_id=found.pk, on=date(2027, 2, 18), text="上门谈心。")
    found.refresh_from_db()
    assert found.visit_due_on == date(2027, 3, 20)
