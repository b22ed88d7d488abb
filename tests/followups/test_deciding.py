"""The end of a follow-up: what the branch decided, a second person's word, and whoever has died, left or moved."""

from datetime import date, timedelta

import pytest

from pioneer.followups.deciding import confirm_outcome, decide_outcome, end_follow_up, return_outcome
from pioneer.followups.models import FollowUp
from pioneer.followups.queries import cases_of, visible_to
from pioneer.followups.services import record_visit
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import Membership, StatusSpell
from pioneer.messages.models import Message
from tests.followups.conftest import NOW, Case, last_entry
from tests.world import World
from tests.year import FIRST


def decide(world: World, found: FollowUp, outcome: str, who: str = "secretary", **changes):
    given = {"on": NOW, "people": "支部委员会", "text": "半年来按时到会。", **changes}
    return decide_outcome(actor=world.actor(who), follow_up_id=found.pk, outcome=outcome, **given)


def confirm(world: World, found: FollowUp, who: str = "deputy", how: str = ""):
    return confirm_outcome(actor=world.actor(who), follow_up_id=found.pk, how=how)


@pytest.mark.parametrize("outcome", ["corrected", "handed_over"])
def test_decided_by_one_and_confirmed_by_another_it_is_closed(world: World, case_in: Case, outcome: str) -> None:
    found = case_in("visited")
    decide(world, found, outcome)
    assert not Message.objects.filter(kind="followups.decided").exists(), "not before it is confirmed"
    with pytest.raises(NotAllowed, match="另一位同志确认"):
        confirm(world, found, "secretary")
    confirm(world, found, "township_officer")
    found.refresh_from_db()
    assert (found.state, found.outcome, found.closed_on) == ("closed", outcome, NOW)
    told = Message.objects.get(user=world.users["guilan"], kind="followups.decided")
    assert "半年来按时到会" in told.text


def test_continued_it_runs_on_until_the_new_day(world: World, case_in: Case) -> None:
    found = case_in("planned")
    with pytest.raises(BadInput, match="请写明新的期限"):
        decide(world, found, "continued")
    until = NOW + timedelta(days=300)
    decide(world, found, "continued", due_on=until)
    confirm(world, found)
    found.refresh_from_db()
    assert (found.state, found.outcome, found.due_on, found.decided_by_number) == ("planned", "", until, None)
    assert found.visit_due_on == NOW + timedelta(days=30)


def test_returned_with_the_reason_it_runs_on(world: World, case_in: Case) -> None:
    found = case_in("decided")
    with pytest.raises(BadInput, match="请写明理由"):
        return_outcome(actor=world.actor("deputy"), follow_up_id=found.pk, reason="")
    return_outcome(actor=world.actor("deputy"), follow_up_id=found.pk, reason="请再走访一次。")
    found.refresh_from_db()
    assert (found.state, found.outcome) == ("planned", "") and last_entry(found).text == "请再走访一次。"
    decide(world, found, "corrected", "committee")
    confirm(world, found, "secretary")


def test_a_decision_says_who_decided_why_and_which(world: World, case_in: Case) -> None:
    found = case_in("visited")
    with pytest.raises(BadInput) as refusal:
        decide(world, found, "ended", people="", text="")
    assert [fault.place for fault in refusal.value.faults] == ["作出结论的会议或人员", "理由", "结论"]


def test_without_an_account_it_says_how_the_member_was_told(world: World, case_in: Case) -> None:
    found = case_in("decided", "张㛃")
    with pytest.raises(BadInput, match="张㛃没有账号"):
        confirm(world, found)
    assert confirm(world, found, how="当面告知，本人签收").told_how == "当面告知，本人签收"


# ------------------------------------------------------------------ who is no longer here


def moved(world: World, name: str = "李桂兰") -> None:
    Membership.objects.filter(member=world.member(name), until_on__isnull=True).update(until_on=NOW - timedelta(days=1))
    Membership.objects.create(member=world.member(name), branch=world.second_branch, from_on=NOW)


def test_the_branch_of_today_takes_it_over_and_says_so(world: World, case_in: Case) -> None:
    found = case_in("planned")
    moved(world)
    assert not visible_to(world.actor("secretary")).filter(pk=found.pk).exists()
    with pytest.raises(NotVisible):
        record_visit(actor=world.actor("secretary"), follow_up_id=found.pk, on=NOW, text="上门谈心。")
    assert cases_of(world.actor("second_secretary"), world.second_branch, FIRST) == [found]
    record_visit(actor=world.actor("second_recorder"), follow_up_id=found.pk, on=NOW, text="上门谈心。")
    found.refresh_from_db()
    assert found.branch == world.second_branch
    said = found.entries.get(kind="moved")
    assert "由槐园社区第一党支部转入槐园社区第二党支部" in said.text
    record_visit(actor=world.actor("second_recorder"), follow_up_id=found.pk, on=NOW, text="又去了一次。")
    assert found.entries.filter(kind="moved").count() == 1
    assert Message.objects.filter(user=world.users["guilan"], kind="followups.moved").count() == 1


@pytest.mark.parametrize("status", ["deceased", "left"])
def test_who_has_gone_is_closed_with_the_reason_and_without_a_message(world: World, case_in: Case, status: str) -> None:
    found = case_in("talked")
    with pytest.raises(DomainError, match="还在花名册上"):
        end_follow_up(actor=world.actor("secretary"), follow_up_id=found.pk, reason="已去世")
    StatusSpell.objects.filter(member=found.member).update(until_on=NOW - timedelta(days=1))
    StatusSpell.objects.create(member=found.member, status=status, from_on=NOW)
    before = Message.objects.count()
    with pytest.raises(DomainError) as refusal:
        decide(world, found, "corrected")
    assert refusal.value.code == "gone"
    with pytest.raises(BadInput, match="请写明原因"):
        end_follow_up(actor=world.actor("secretary"), follow_up_id=found.pk, reason="")
    end_follow_up(actor=world.actor("secretary"), follow_up_id=found.pk, reason="已于1月去世")
    found.refresh_from_db()
    assert (found.state, found.outcome, found.closed_on) == ("closed", "ended", NOW)
    assert Message.objects.count() == before and date(2027, 1, 25) == NOW
