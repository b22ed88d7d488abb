"""The township's decision and its reversal."""

import pytest
from django.db import IntegrityError, transaction

from pioneer.accounts.models import Grant, Role
from pioneer.conduct.models import DeclaredRelation, ZeroingCase
from pioneer.conduct.zeroing import approve_zeroing, refuse_zeroing, reverse_zeroing
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.conduct.conftest import OVER, Case
from tests.world import START, World


def test_approving_works_and_the_member_is_told_of_the_appeal(ruled: World, case_in: Case) -> None:
    made = approve_zeroing(actor=ruled.actor("township_officer"), case_id=case_in("answered").pk, reason="文件已生效。")
    assert (made.state, made.decision_reason, made.decided_at) == ("approved", "文件已生效。", clock.now())
    assert "申诉" in Message.objects.get(title="清零已经批准").text


def test_refusing_works_with_a_reason(ruled: World, case_in: Case) -> None:
    case = case_in("answered")
    with pytest.raises(BadInput, match="理由"):
        refuse_zeroing(actor=ruled.actor("township_officer"), case_id=case.pk, reason=" ")
    made = refuse_zeroing(actor=ruled.actor("township_officer"), case_id=case.pk, reason="文书当事人同名不同人")
    assert made.state == "refused" and Message.objects.filter(title="清零未获批准").exists()


def test_reversing_works_with_its_document(ruled: World, case_in: Case) -> None:
    case = case_in("approved")
    with pytest.raises(BadInput, match="依据"):
        reverse_zeroing(actor=ruled.actor("township_officer"), case_id=case.pk, document="")
    made = reverse_zeroing(actor=ruled.actor("second_township_officer"), case_id=case.pk, document="行终3号判决")
    assert (made.state, made.reversal_document, made.reversed_at) == ("reversed", "行终3号判决", clock.now())


@pytest.mark.parametrize("who", ["secretary", "recorder", "guilan"])
def test_those_who_see_it_but_may_not(ruled: World, case_in: Case, who: str) -> None:
    actor = ruled.actor(who)
    case = case_in("answered")
    for act in (approve_zeroing, refuse_zeroing):
        with pytest.raises(NotAllowed, match="乡镇（街道）党务工作者"):
            act(actor=actor, case_id=case.pk, reason="x")
    with pytest.raises(NotAllowed):
        reverse_zeroing(actor=actor, case_id=case_in_force(case), document="x")


def case_in_force(case: ZeroingCase) -> int:
    ZeroingCase.objects.filter(pk=case.pk).update(state="approved", decided_at=clock.now())
    return case.pk


@pytest.mark.parametrize(
    "who", ["town_officer", "community_officer", "district_officer", "other_township_officer", "xueqin"]
)
def test_for_others_there_is_no_such_case(ruled: World, case_in: Case, who: str) -> None:
    case = case_in("answered")
    with pytest.raises(NotVisible):
        approve_zeroing(actor=ruled.actor(who), case_id=case.pk)
    with pytest.raises(NotVisible):
        reverse_zeroing(actor=ruled.actor(who), case_id=case_in_force(case), document="x")


def test_not_before_the_answer_or_the_end_of_the_days(ruled: World, case_in: Case) -> None:
    officer, case = ruled.actor("township_officer"), case_in()
    for act in (approve_zeroing, refuse_zeroing):
        with pytest.raises(DomainError, match="2026年4月10日0时之后再审批"):
            act(actor=officer, case_id=case.pk, reason="x")
    with clock.at(OVER):
        assert approve_zeroing(actor=officer, case_id=case.pk).state == "approved"


def test_two_people_whatever_their_roles(ruled: World, case_in: Case) -> None:
    """The secretary who is the township's officer as well doesn't decide on what it proposed."""
    Grant.objects.create(
        user=ruled.users["secretary"],
        role=Role.TOWNSHIP_OFFICER,
        organisation=ruled.organisations["street"],
        from_on=START,
    )
    case = case_in("answered")
    with pytest.raises(DomainError, match="另一位工作人员") as refusal:
        approve_zeroing(actor=ruled.actor("secretary"), case_id=case.pk)
    assert refusal.value.code == "same_person"


def test_an_officer_steps_aside_for_its_own_and_for_a_declared_relative(ruled: World, case_in: Case) -> None:
    case = case_in("answered")
    officer = ruled.member("单雪琴")
    officer.user = ruled.users["township_officer"]
    officer.save()
    relation = DeclaredRelation.objects.create(
        member=officer, relative=ruled.member("李桂兰"), kind="姑侄", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="您须回避") as refusal:
        approve_zeroing(actor=ruled.actor("township_officer"), case_id=case.pk)
    assert refusal.value.code == "step_aside"
    relation.withdrawn_at = clock.now()
    relation.save()
    assert approve_zeroing(actor=ruled.actor("township_officer"), case_id=case.pk)


def test_the_database_itself_wants_two_people_and_a_document(ruled: World, case_in: Case) -> None:
    case = case_in("approved")
    wrong = [
        {"decided_by_number": case.proposed_by_number},
        {"state": "reversed"},
        {"decided_at": None},
        {"state": "reversed", "reversed_at": clock.now(), "reversal_document": ""},
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            ZeroingCase.objects.filter(pk=case.pk).update(**change)
