"""That something is in hand against a member is known to the stations before, from its first day to its last."""

from datetime import date

from pioneer.disposals import services
from pioneer.disposals.cases import discontinue_case
from pioneer.kernel import clock
from pioneer.members.matters import open_matters
from tests.disposals.proceedings import WHO, announced, brought, filed, open_case, propose, voted
from tests.world import World


def in_hand(world: World, on: date | None = None) -> list[str]:
    return open_matters([world.member(WHO).pk], on or clock.today()).get(world.member(WHO).pk, [])


def test_a_finding_until_the_meeting_or_the_township_has_decided(ruled: World) -> None:
    found = propose(ruled, announced(ruled)[WHO])
    assert in_hand(ruled) == ["不合格认定"]
    services.answer_unqualified(actor=ruled.actor("xueqin"), finding_id=found.pk, statement="没有意见")
    voted(ruled, found)
    assert in_hand(ruled) == ["不合格认定"]
    services.approve_unqualified(actor=ruled.actor("township_officer"), finding_id=found.pk)
    assert in_hand(ruled) == []


def test_a_finding_that_is_not_adopted_is_over(ruled: World) -> None:
    found = propose(ruled, announced(ruled)[WHO])
    services.answer_unqualified(actor=ruled.actor("xueqin"), finding_id=found.pk, statement="没有意见")
    voted(ruled, found, in_favour=2, against=4)
    assert in_hand(ruled) == []


def test_a_case_until_it_is_discontinued(ruled: World) -> None:
    filed(ruled)
    case = open_case(ruled)
    assert in_hand(ruled) == ["组织处置"]
    discontinue_case(actor=ruled.actor("township_officer"), case_id=case.pk, reason="依据有误。")
    assert in_hand(ruled) == []


def test_a_correction_until_its_months_are_over(ruled: World) -> None:
    filed(ruled)
    brought(ruled)
    assert in_hand(ruled, date(2027, 7, 10)) == ["组织处置"] and in_hand(ruled, date(2027, 7, 11)) == []
