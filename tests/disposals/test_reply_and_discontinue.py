"""What the member says to a step, and a case that is discontinued."""

import pytest
from django.db import transaction

from pioneer.disposals.cases import discontinue_case, reply_to_step
from pioneer.disposals.erasure import erase_texts
from pioneer.disposals.models import Case, Reply, StepText
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.disposals.proceedings import CALL, act, brought, filed, open_case
from tests.world import World


@pytest.fixture
def case(ruled: World) -> Case:
    filed(ruled)
    return open_case(ruled)


def reply(world: World, case: Case, who: str = CALL, step: int = 1, said: str = "不是这样的。", how: str = "") -> Reply:
    return reply_to_step(actor=world.actor(who), case_id=case.pk, step=step, content=said, how=how)


def test_the_member_answers_each_step_once(ruled: World, case: Case) -> None:
    assert reply(ruled, case).content == "不是这样的。"
    with pytest.raises(DomainError, match="已经记下"):
        reply(ruled, case)
    act(ruled, case, "prior_filed")
    with pytest.raises(DomainError, match="已经办到“基层党委预审”"):
        reply(ruled, case)
    assert reply(ruled, case, step=2)


def test_it_is_taken_down_for_the_member(ruled: World, case: Case) -> None:
    with pytest.raises(BadInput, match="怎样代录"):
        reply(ruled, case, "deputy")
    assert reply(ruled, case, "deputy", how="本人口述").how == "代录：本人口述"
    assert Message.objects.filter(user=ruled.users[CALL], kind="disposals.replied_1").exists()
    for who in ("township_officer", "auditor"):
        with pytest.raises(NotAllowed):
            reply(ruled, case, who, how="口述")
    with pytest.raises(NotVisible):
        reply(ruled, case, "recorder", how="口述")


@pytest.mark.parametrize("who", ["secretary", "committee", "township_officer", "district_officer"])
def test_who_leads_it_may_discontinue_it_at_any_moment(ruled: World, case: Case, who: str) -> None:
    act(ruled, case, "prior_filed")
    with pytest.raises(BadInput, match="终止的理由"):
        discontinue_case(actor=ruled.actor(who), case_id=case.pk, reason=" ")
    made = discontinue_case(actor=ruled.actor(who), case_id=case.pk, reason="结果已经更正")
    assert (made.state, made.ended_why, made.due_on) == ("discontinued", "结果已经更正", None)
    with pytest.raises(DomainError, match="没有要办的步骤"):
        act(ruled, case, "investigated")
    with pytest.raises(DomainError, match="已终止"):
        reply(ruled, case, step=2)
    assert open_case(ruled).pk != case.pk, "what was discontinued may be opened anew"


def test_not_by_others_and_not_after_the_announcement(ruled: World) -> None:
    filed(ruled)
    done = brought(ruled, "announced")
    for who in ("recorder", "second_secretary", "auditor", CALL):
        with pytest.raises((NotAllowed, NotVisible)):
            discontinue_case(actor=ruled.actor(who), case_id=done.pk, reason="不办了")
    with pytest.raises(DomainError, match="可以由本人申诉"):
        discontinue_case(actor=ruled.actor("secretary"), case_id=done.pk, reason="不办了")


def test_erased_the_texts_go_and_what_was_decided_stays(ruled: World, case: Case) -> None:
    reply(ruled, case)
    act(ruled, case, "prior_filed")
    erase_texts(case.member_id)
    assert {(one.people, one.content, one.document) for one in StepText.objects.all()} == {("", "", "")}
    assert Reply.objects.get().content == ""
    assert case.steps.count() == 2
    with pytest.raises(Exception, match="erased, never edited"), transaction.atomic():
        Reply.objects.update(content="改写")


def test_who_took_part_and_is_erased_loses_its_name_there(ruled: World, case: Case) -> None:
    erase_texts(ruled.member("王保国").pk)
    text = case.steps.get(number=1).text
    assert text.people.startswith("（已抹除）、") and text.content and text.erased_at is None
    with pytest.raises(Exception, match="erased, never edited"), transaction.atomic():
        StepText.objects.filter(pk=text.pk).update(people="别人")
