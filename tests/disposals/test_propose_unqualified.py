"""Proposing the finding "unqualified": by the branch's lead, with causes from the books, of whom it may be said."""

from datetime import date

import pytest

from pioneer.conduct.models import DeclaredRelation, ZeroingCase
from pioneer.disposals.grounds import causes_of
from pioneer.disposals.models import Finding
from pioneer.disposals.queries import results_to_propose
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import Exemption, StatusSpell
from pioneer.messages.models import Message
from pioneer.results.models import ResultAspect
from tests.disposals.proceedings import CALL, WHO, announced, propose
from tests.world import World
from tests.year import settle_plainly


def test_it_works_and_the_member_is_told_at_once_with_the_causes(ruled: World) -> None:
    results = announced(ruled)
    assert [row.member.name for row in results_to_propose(ruled.actor("secretary"))] == [WHO]
    made = propose(ruled, results[WHO])
    assert (made.state, made.branch, made.score, made.tier_name) == ("proposed", ruled.branch, 4500, "60分以下")
    assert made.causes == ["本周期没有计入任何正向加分。"]
    assert made.answer_until == date(2027, 1, 18), "five working days"
    message = Message.objects.get(user=ruled.users[CALL])
    assert "2027年1月18日24时之前答复" in message.text and message.link == f"/unqualified/{made.pk}/"
    assert not any(WHO in str(row.arguments) for row in AuditEvent.objects.all())
    assert results_to_propose(ruled.actor("secretary")) == []
    assert StatusSpell.objects.get(member=made.member).status == "full", "nothing else changes"


def test_the_causes_name_a_zeroing_and_the_aspects_without_additions(ruled: World) -> None:
    results = announced(ruled, zeroed=(WHO,))
    ZeroingCase.objects.create(
        member=ruled.member(WHO), branch=ruled.branch, indicator="Z2", document_kind="penalty",
        issuer="清河示范区公安分局",
        document_number="18号", document_on=date(2026, 3, 20), facts="…", told_at=clock.now(), told_how="站内消息",
        answer_until=clock.now(), proposed_at=clock.now(), state="approved", decided_at=clock.now(),
        decided_by_number=ruled.users["township_officer"].pk,
    )  # fmt: skip
    (said,) = propose(ruled, results[WHO]).causes
    assert said.startswith("清零：Z2") and "清河示范区公安分局18号（2026年3月20日）" in said


def test_the_causes_name_each_aspect_without_additions(ruled: World) -> None:
    earned = announced(ruled, {"李桂兰": 7100}, first_on=date(2025, 1, 1), last_on=date(2025, 12, 31))["李桂兰"]
    for aspect, counted in (("A", 100), ("B", 0)):
        ResultAspect.objects.create(result=earned, aspect=aspect, raw=counted, counted=counted)
    assert causes_of(ruled.actor("secretary"), earned) == ["“带头联系服务群众”没有计入加分。"]


def test_what_is_not_announced_or_not_in_that_tier_is_refused(ruled: World) -> None:
    made = settle_plainly(ruled, scores={WHO: 4500})
    with pytest.raises(DomainError, match="还没有在组织生活会上通报"):
        propose(ruled, made.results.get(member=ruled.member(WHO)))
    results = announced(ruled)
    with pytest.raises(DomainError, match="不在办法规定的不合格等次"):
        propose(ruled, results["罗小红"])


@pytest.mark.parametrize(
    "who",
    ["recorder", "committee", "township_officer", "community_officer", "second_secretary", "other_secretary", CALL],
)
def test_only_the_branch_leads_propose(ruled: World, who: str) -> None:
    results = announced(ruled)
    with pytest.raises((NotAllowed, NotVisible)):
        propose(ruled, results[WHO], who)
    assert not Finding.objects.exists()
    assert propose(ruled, results[WHO], "deputy").proposed_by_number == ruled.users["deputy"].pk


def test_nobody_proposes_its_own_or_a_declared_relatives(ruled: World) -> None:
    results = announced(ruled, {"王保国": 4000, WHO: 4000})
    with pytest.raises(NotAllowed, match="本人的事项"):
        propose(ruled, results["王保国"])
    DeclaredRelation.objects.create(
        member=ruled.member(WHO), relative=ruled.member("王保国"), kind="姑表", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="须回避"):
        propose(ruled, results[WHO])


def test_never_of_a_probationary_member_nor_of_who_has_gone(ruled: World) -> None:
    results = announced(ruled, {"喆䶮堃": 1000, WHO: 4000})
    with pytest.raises(DomainError, match="预备党员，不作不合格认定"):
        propose(ruled, results["喆䶮堃"], told_how="当面签收")
    StatusSpell.objects.filter(member=ruled.member(WHO)).update(status="out_of_contact")
    with pytest.raises(DomainError, match="失联"):
        propose(ruled, results[WHO])


def test_who_has_no_account_is_told_on_paper(ruled: World) -> None:
    results = announced(ruled, {"张㛃": 4000})
    with pytest.raises(BadInput, match="如何当面告知"):
        propose(ruled, results["张㛃"])
    assert propose(ruled, results["张㛃"], told_how="2027年1月11日本人签收").told_how == "2027年1月11日本人签收"


def test_twice_for_one_cycle_is_refused(ruled: World) -> None:
    results = announced(ruled)
    propose(ruled, results[WHO])
    with pytest.raises(DomainError, match="已经提出过"):
        propose(ruled, results[WHO], "deputy")


def test_an_exemption_applied_for_is_decided_first(ruled: World) -> None:
    results = announced(ruled)
    Exemption.objects.create(member=ruled.member(WHO), ground="ill", from_on=date(2027, 1, 1), applied_at=clock.now())
    with pytest.raises(DomainError, match="等它办结"):
        propose(ruled, results[WHO])
    Exemption.objects.update(state="refused", branch_at=clock.now())
    assert propose(ruled, results[WHO]), "refused in this cycle or since: the question is answered"


def test_a_result_that_a_later_announcement_replaced_is_refused(ruled: World) -> None:
    before = announced(ruled)[WHO]
    after = announced(ruled)[WHO]
    assert results_to_propose(ruled.actor("secretary")) == [after]
    with pytest.raises(DomainError, match="已被后来通报的结果代替"):
        propose(ruled, before)
