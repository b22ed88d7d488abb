"""提出推荐人选, 本人答复, 撤回: by the branch, of who is eligible, with the member's own word."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.conduct.services import declare_relation
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.messages.models import Message
from pioneer.nominations.calling import withdraw_call
from pioneer.nominations.models import Nomination
from pioneer.nominations.services import answer_nomination, withdraw_nomination
from tests.nominations.course import agreed, call, decide, file, propose, ready
from tests.world import World


def answer(world: World, one: Nomination, who: str, is_willing: bool = True, **more: Any) -> Nomination:
    return answer_nomination(actor=world.actor(who), nomination_id=one.pk, is_willing=is_willing, **more)


def withdraw(world: World, one: Nomination, who: str = "secretary", reason: str = "本人工作调动") -> Nomination:
    return withdraw_nomination(actor=world.actor(who), nomination_id=one.pk, reason=reason)


def code_of(act: Any) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def test_the_branch_proposes_an_eligible_member_who_is_told_at_once(town: World) -> None:
    file(town, "李桂兰")
    one = propose(town, call(town), "李桂兰", present=7, in_favour=6)
    assert one.state == "proposed" and one.branch == town.branch and one.in_favour == 6
    told = Message.objects.get(kind="nominations.proposed")
    assert told.user.name == "李桂兰" and told.link == "/me/nominations/"


@pytest.mark.parametrize("who", ["recorder", "committee", "township_officer", "guilan", "second_secretary", "auditor"])
def test_nobody_else_proposes(town: World, who: str) -> None:
    file(town, "李桂兰")
    made = call(town)
    with pytest.raises(DomainError) as refused:
        propose(town, made, "李桂兰", who)
    assert refused.value.status in (403, 404)


def test_not_oneself_and_not_a_relative(town: World) -> None:
    for name in ("王保国", "李桂兰"):
        file(town, name)
    made = call(town)
    assert code_of(lambda: propose(town, made, "王保国", "secretary")) == "step_aside"
    declare_relation(
        actor=town.actor("guilan"),
        member_id=town.member("李桂兰").pk,
        relative_id=town.member("曾永福").pk,
        kind="夫妻",
    )
    assert code_of(lambda: propose(town, made, "李桂兰", "deputy")) == "step_aside"


def test_who_is_not_eligible_is_refused_with_every_reason(town: World) -> None:
    with pytest.raises(DomainError) as refused:
        propose(town, call(town), "喆䶮堃")
    assert refused.value.code == "not_eligible"
    assert "现为预备党员" in refused.value.message and "没有备案的结果" in refused.value.message


def test_only_while_the_call_is_open_and_once(town: World) -> None:
    file(town, "李桂兰")
    made = call(town, opens_on=date(2026, 4, 2))
    assert code_of(lambda: propose(town, made, "李桂兰")) == "not_open"
    made = call(town, closes_on=date(2026, 4, 1))
    propose(town, made, "李桂兰")
    assert code_of(lambda: propose(town, made, "李桂兰")) == "proposed_already"
    other = call(town)
    withdraw_call(actor=town.actor("township_officer"), call_id=other.pk, reason="另发")
    assert code_of(lambda: propose(town, other, "李桂兰")) == "call_withdrawn"
    elsewhere = call(town, "town_officer", "town")
    with pytest.raises(DomainError) as refused:
        propose(town, elsewhere, "李桂兰")
    assert refused.value.status in (404, 409)


@pytest.mark.parametrize(
    "changes",
    [
        {"grounds": " "},
        {"wording": ""},
        {"meeting_on": date(2026, 4, 2)},
        {"present": 5, "in_favour": 6},
        {"in_favour": 6},
    ],
)
def test_what_is_missing_is_said(town: World, changes: dict[str, Any]) -> None:
    file(town, "李桂兰")
    made = call(town)
    assert code_of(lambda: propose(town, made, "李桂兰", **changes)) == "bad_input"


def test_the_member_answers_itself_and_may_still_say_no(town: World) -> None:
    file(town, "李桂兰")
    made = call(town)
    one = propose(town, made, "李桂兰")
    assert answer(town, one, "guilan").state == "agreed"
    assert code_of(lambda: answer(town, one, "guilan")) == "answered_already"
    assert answer(town, one, "guilan", False).state == "declined"
    assert code_of(lambda: answer(town, one, "guilan")) == "answered_already"
    assert propose(town, made, "李桂兰").state == "proposed"  # asked again, it is another proposal


def test_on_paper_it_is_taken_down_by_another_than_who_proposed(town: World) -> None:
    file(town, "李桂兰")
    one = propose(town, call(town), "李桂兰")
    assert code_of(lambda: answer(town, one, "deputy", how="书面")) == "two_people"
    assert code_of(lambda: answer(town, one, "secretary")) == "bad_input"
    for who in ("recorder", "xueqin", "second_secretary"):
        assert code_of(lambda who=who: answer(town, one, who, how="书面")) in ("not_allowed", "not_visible")
    assert answer(town, one, "secretary", how="书面同意").answer_how == "代录：书面同意"
    assert Message.objects.filter(kind="nominations.answered_agreed").exists()


def test_the_branch_takes_it_back_with_a_reason_before_it_is_decided(town: World) -> None:
    file(town, "李桂兰")
    made = call(town)
    one = agreed(town, made, "李桂兰")
    assert code_of(lambda: withdraw(town, one, reason=" ")) == "bad_input"
    for who in ("guilan", "township_officer", "committee"):
        assert code_of(lambda who=who: withdraw(town, one, who)) in ("not_allowed", "not_visible")
    assert withdraw(town, one).state == "withdrawn"
    assert Message.objects.get(kind="nominations.withdrawn").text.endswith("本人工作调动")
    assert code_of(lambda: withdraw(town, one)) == "decided_already"
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Nomination.objects.filter(pk=one.pk).update(state="agreed")


def test_after_the_decision_nothing_is_taken_back(town: World) -> None:
    file(town, "李桂兰")
    one, day = ready(town, call(town), "李桂兰")
    decide(town, one, day)
    with clock.at(day):
        assert code_of(lambda: withdraw(town, one)) == "decided_already"
        assert code_of(lambda: answer(town, one, "guilan", False)) == "answered_already"
