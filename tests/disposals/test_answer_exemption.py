"""Over 70, once ill by an application, or floating: whether the member should be exempt is answered first."""

from datetime import date
from typing import Any

import pytest

from pioneer.disposals.models import ExemptionAnswer
from pioneer.disposals.services import answer_exemption
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import Exemption, Member
from pioneer.messages.models import Message
from tests.disposals.proceedings import WHO, announced, propose
from tests.world import World
from tests.year import FIRST, LAST


def answer(world: World, name: str, ground: str, who: str = "secretary", **more: Any) -> ExemptionAnswer:
    given = {"by": "支部委员会", "on": date(2027, 1, 8), "reason": "本人身体健康，愿意参加评定。", **more}
    return answer_exemption(
        actor=world.actor(who), member_id=world.member(name).pk, first_on=FIRST, last_on=LAST, ground=ground, **given
    )


def test_at_seventy_the_question_comes_first(ruled: World) -> None:
    results = announced(ruled, {"李桂兰": 4000})
    with pytest.raises(DomainError, match=r"已满70周岁.*免评不适用"):
        propose(ruled, results["李桂兰"])
    made = answer(ruled, "李桂兰", "age")
    assert (made.by, made.on, made.by_number) == ("支部委员会", date(2027, 1, 8), ruled.users["secretary"].pk)
    assert Message.objects.filter(user=ruled.users["guilan"], title="免评不适用").exists()
    assert propose(ruled, results["李桂兰"])
    with pytest.raises(DomainError, match="已答复"):
        answer(ruled, "李桂兰", "age")


def test_floating_and_once_ill_are_asked_each_by_itself(ruled: World) -> None:
    results = announced(ruled)
    Member.objects.filter(pk=ruled.member(WHO).pk).update(is_floating=True)
    Exemption.objects.create(
        member=ruled.member(WHO), ground="ill", from_on=date(2026, 3, 1), until_on=date(2026, 6, 1), state="ended",
        applied_at=clock.now(), township_at=clock.now(),
    )  # fmt: skip
    for ground, said in (("ill", "因病免评"), ("floating", "流动党员")):
        with pytest.raises(DomainError, match=said):
            propose(ruled, results[WHO])
        answer(ruled, WHO, ground)
    assert propose(ruled, results[WHO])


def test_who_and_when_and_why_are_asked_for(ruled: World) -> None:
    with pytest.raises(BadInput) as refusal:
        answer(ruled, "李桂兰", "age", by=" ", reason="", on=date(2027, 2, 1))
    assert [fault.place for fault in refusal.value.faults] == ["由谁认定", "理由", "认定日期"]


def test_only_the_branch_leads_and_nobody_its_own(ruled: World) -> None:
    for who in ("committee", "recorder", "township_officer"):
        with pytest.raises(NotAllowed):
            answer(ruled, "李桂兰", "age", who)
    with pytest.raises(NotVisible):
        answer(ruled, "李桂兰", "age", "second_secretary")
    Member.objects.filter(pk=ruled.member("王保国").pk).update(is_floating=True)
    with pytest.raises(NotAllowed, match="本人的事项"):
        answer(ruled, "王保国", "floating")
