"""What the member says to an entry, and corrections by a further entry."""

from datetime import timedelta

import pytest

from pioneer.conduct.models import DeclaredRelation
from pioneer.followups.answering import answer_encouragement, answer_entry, correct_entry
from pioneer.followups.queries import entries_of
from pioneer.followups.services import record_visit
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.followups.conftest import NOW, TALK, Case
from tests.followups.test_write_encouragement import encourage
from tests.world import World


def test_the_member_answers_each_entry_even_after_the_end(world: World, case_in: Case) -> None:
    found = case_in("closed")
    for entry in found.entries.all():
        answer_entry(actor=world.actor("guilan"), entry_id=entry.pk, text=f"第{entry.number}条我有话说。")
    shown = entries_of(found)
    assert [one.replies[0].text for one in shown] == [f"第{n}条我有话说。" for n in range(1, len(shown) + 1)]


def test_taken_down_by_the_branch_it_says_how(world: World, case_in: Case) -> None:
    entry = case_in("talked", "张㛃").entries.get(kind="talk")
    with pytest.raises(BadInput, match="怎样代录"):
        answer_entry(actor=world.actor("recorder"), entry_id=entry.pk, text="我没有缺席。")
    made = answer_entry(actor=world.actor("recorder"), entry_id=entry.pk, text="我没有缺席。", how="本人口述")
    assert made.taken_how == "本人口述"
    with pytest.raises(BadInput, match="请写明说明"):
        answer_entry(actor=world.actor("recorder"), entry_id=entry.pk, text=" ", how="本人口述")
    DeclaredRelation.objects.create(
        member=world.member("张㛃"), relative=world.member("解文军"), kind="姐弟", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="您须回避"):
        answer_entry(actor=world.actor("recorder"), entry_id=entry.pk, text="没有意见", how="本人口述")
    with pytest.raises(NotVisible):
        answer_entry(actor=world.actor("xueqin"), entry_id=entry.pk, text="没有意见")


def test_what_was_hoped_is_answered_too(world: World, case_in: Case) -> None:
    hope = encourage(world)
    assert answer_encouragement(actor=world.actor("xueqin"), encouragement_id=hope.pk, text="一定做到。").text
    with pytest.raises(NotVisible):
        answer_encouragement(actor=world.actor("guilan"), encouragement_id=hope.pk, text="一定做到。")


def test_a_talk_is_corrected_by_a_further_entry_and_the_first_stays(world: World, case_in: Case) -> None:
    found = case_in("paired")
    talk = found.entries.get(kind="talk")
    given = {"actor": world.actor("recorder"), "on": NOW, **TALK}
    made = correct_entry(entry_id=talk.pk, **{**given, "words": "当时说的是尽量参加。"})
    assert (made.kind, made.corrects, made.person) == ("talk", talk, talk.person)
    shown = {one.entry.pk: one for one in entries_of(found)}
    assert shown[talk.pk].corrected_by == made and shown[talk.pk].entry.words == TALK["words"]
    assert found.state == "paired"
    assert Message.objects.filter(user=world.users["guilan"], kind="followups.corrected").exists()
    with pytest.raises(DomainError, match="已经更正过"):
        correct_entry(entry_id=talk.pk, **given)
    correct_entry(entry_id=made.pk, **given)


def test_a_correction_keeps_the_order_of_the_steps(world: World, case_in: Case) -> None:
    found = case_in("planned")
    with clock.at(NOW + timedelta(days=20)):
        record_visit(actor=world.actor("deputy"), follow_up_id=found.pk, on=NOW + timedelta(days=10), text="上门。")
        record_visit(actor=world.actor("deputy"), follow_up_id=found.pk, on=NOW + timedelta(days=15), text="又上门。")
        first, second = found.entries.filter(kind="visit")
        given = {"actor": world.actor("deputy"), "text": "上门谈心。"}
        for on, sentence in ((-1, "不能早于上一步"), (16, "不能晚于下一步"), (21, "不能晚于今天")):
            with pytest.raises(BadInput, match=sentence):
                correct_entry(entry_id=first.pk, on=NOW + timedelta(days=on), **given)
        correct_entry(entry_id=second.pk, on=NOW + timedelta(days=18), **given)
    found.refresh_from_db()
    assert found.visit_due_on == NOW + timedelta(days=48), "the next visit is counted from the day as it stands"


def test_persons_days_and_outcomes_have_steps_of_their_own(world: World, case_in: Case) -> None:
    found = case_in("decided")
    for entry in found.entries.filter(kind__in=("assigned", "paired", "decided")):
        with pytest.raises(DomainError, match="不用更正"):
            correct_entry(actor=world.actor("secretary"), entry_id=entry.pk, on=NOW, text="改")
    plan = found.entries.get(kind="plan")
    made = correct_entry(actor=world.actor("secretary"), entry_id=plan.pk, on=NOW, text="每月走访两户。")
    assert made.due_on == plan.due_on
    with pytest.raises(BadInput, match="请写明计划"):
        correct_entry(actor=world.actor("secretary"), entry_id=made.pk, on=NOW, text="")
