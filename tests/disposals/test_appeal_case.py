"""The appeal: once, in time, by the member or for it; answered by the level above, and upheld it undoes the case."""

from datetime import date

import pytest

from pioneer.disposals.models import Case
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.disposals.proceedings import CALL, act, brought, filed, later
from tests.world import World


@pytest.fixture
def case(ruled: World) -> Case:
    filed(ruled)
    return brought(ruled, "announced")


def test_the_member_appeals_and_the_district_is_told(ruled: World, case: Case) -> None:
    step = act(ruled, case, "appealed")
    case.refresh_from_db()
    assert (step.number, step.on, step.text.opinion) == (9, clock.today(), "有两次请过假，没有算上。")
    assert case.due_on == date(2027, 4, 11), "three months for the answer"
    assert Message.objects.filter(user=ruled.users["district_officer"], kind="disposals.next_appeal_answered").exists()
    with pytest.raises(DomainError, match="申诉的答复"):
        act(ruled, case, "appealed")


def test_it_is_entered_for_the_member_with_how_it_came(ruled: World, case: Case) -> None:
    with pytest.raises(BadInput, match="怎样提出的"):
        act(ruled, case, "appealed", "township_officer")
    for who in ("recorder", "second_secretary", "auditor"):
        with pytest.raises((NotAllowed, NotVisible)):
            act(ruled, case, "appealed", who, how="来信")
    assert act(ruled, case, "appealed", "township_officer", how="本人来信").text.people == "代录：本人来信"


def test_its_time_ends(ruled: World, case: Case) -> None:
    with clock.at(date(2027, 4, 12)), pytest.raises(DomainError, match="期限到2027年4月11日为止"):
        act(ruled, case, "appealed")
    with clock.at(date(2027, 4, 11)):
        assert act(ruled, case, "appealed")


def test_before_the_announcement_there_is_nothing_to_appeal_against(ruled: World) -> None:
    filed(ruled)
    early = brought(ruled, "approved")
    with pytest.raises(DomainError, match="宣布"):
        act(ruled, early, "appealed")


@pytest.mark.parametrize(("upheld", "state"), [(True, "revoked"), (False, "in_effect")])
def test_the_level_above_answers(ruled: World, case: Case, upheld: bool, state: str) -> None:
    act(ruled, case, "appealed")
    with pytest.raises(BadInput, match="不能为空"):
        act(ruled, case, "appeal_answered", content="")
    step = act(ruled, case, "appeal_answered", upheld=upheld)
    case.refresh_from_db()
    assert (case.state, step.agreed) == (state, upheld)
    said = "申诉成立" if upheld else "维持原决定"
    assert said in Message.objects.filter(user=ruled.users[CALL]).latest("pk").text


def test_who_took_another_step_does_not_answer(ruled: World) -> None:
    filed(ruled)
    advice = brought(ruled, "announced", "advice")
    act(ruled, advice, "appealed")
    with pytest.raises(NotAllowed, match="另一位同志答复"):
        act(ruled, advice, "appeal_answered", actor=ruled.actor("district_officer"))
    with pytest.raises(NotAllowed, match="区委组织部"):
        act(ruled, advice, "appeal_answered", actor=ruled.actor("township_officer"))
    with clock.at(later(3)):
        assert act(ruled, advice, "appeal_answered", upheld=True)
