"""A case stands on filed results, unqualified on end as often as the rulebook says, and on nothing else."""

from dataclasses import replace

import pytest

from pioneer.conduct.models import DeclaredRelation
from pioneer.disposals import grounds
from pioneer.disposals.models import Case
from pioneer.disposals.queries import members_to_propose
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.scoring import load_text
from tests.disposals.proceedings import CALL, WHO, act, brought, filed, later, open_case, refused_advice
from tests.world import World, adopt_rulebook


def offered(world: World, who: str = "secretary") -> list[str]:
    return [one.member.name for one, _ in members_to_propose(world.actor(who))]


def test_it_works_and_the_member_and_the_township_are_told(ruled: World) -> None:
    filed(ruled)
    assert offered(ruled) == [WHO]
    case = open_case(ruled, months=9)
    assert (case.state, case.months, case.cycles, case.streak) == ("open", 9, 2, "S1")
    assert [row.former.score for row in case.grounds.all()] == [5000, 4500]
    step = case.steps.get()
    assert (step.number, step.kind, step.on, step.text.people) == (
        1,
        "proposed",
        clock.today(),
        "王保国、曾永福、罗小红",
    )
    assert case.due_on is not None and str(case.due_on) == "2027-01-25", "ten working days for the township"
    assert Message.objects.filter(user=ruled.users[CALL], kind="disposals.step_1", link=f"/cases/{case.pk}/").exists()
    assert Message.objects.filter(
        user=ruled.users["second_township_officer"], kind="disposals.next_prior_filed"
    ).exists()
    assert StatusSpell.objects.get(member=case.member, until_on=None).status == "full"
    assert offered(ruled) == []


def test_a_zeroed_cycle_counts_and_one_without_tier_breaks(ruled: World) -> None:
    filed(ruled, scores=(5000, 9000), zeroed=True)
    filed(ruled, "李桂兰", (5000, None, 5000))
    filed(ruled, "罗小红", (5000, 8500))
    filed(ruled, "曾永福", (5000,))
    filed(ruled, "解文军", (4000,), last_year=2024)
    filed(ruled, "解文军", (4000,))
    assert offered(ruled) == [WHO]
    for name in ("李桂兰", "罗小红", "曾永福", "解文军"):
        with pytest.raises(DomainError, match="还不到提出组织处置的次数"):
            open_case(ruled, name=name)


def test_the_rulebook_says_how_many_cycles(world: World) -> None:
    version = adopt_rulebook(world)
    text = version.text.replace('at_most = "t0"\ncycles = 2', 'at_most = "t0"\ncycles = 3')
    found = load_text(text).rulebook
    assert found is not None and text != version.text
    asked = grounds._needed(found, grounds.unqualified_tiers(found))
    assert asked == (3, "S1")
    bare = replace(found, streaks=())
    assert grounds._needed(bare, grounds.unqualified_tiers(bare)) == (2, ""), "two where the rulebook says nothing"


@pytest.mark.parametrize("who", ["recorder", "township_officer", "community_officer", "second_secretary", CALL])
def test_only_the_branch_leads_and_its_committee_propose(ruled: World, who: str) -> None:
    filed(ruled)
    with pytest.raises((NotAllowed, NotVisible)):
        open_case(ruled, who=who)
    assert open_case(ruled, who="committee").state == "open"


def test_nobody_its_own_nor_a_relatives_and_never_a_probationary_member(ruled: World) -> None:
    for name in ("王保国", WHO, "喆䶮堃"):
        filed(ruled, name)
    with pytest.raises(NotAllowed, match="本人的事项"):
        open_case(ruled, name="王保国")
    with pytest.raises(DomainError, match="预备党员，不作组织处置"):
        open_case(ruled, name="喆䶮堃")
    DeclaredRelation.objects.create(
        member=ruled.member(WHO), relative=ruled.member("王保国"), kind="姑表", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="须回避"):
        open_case(ruled)
    StatusSpell.objects.filter(member=ruled.member(WHO)).update(status="left")
    with pytest.raises(DomainError, match="已退党"):
        open_case(ruled, who="deputy")


def test_one_at_a_time_and_once_on_the_same_results(ruled: World) -> None:
    filed(ruled)
    case = open_case(ruled)
    with pytest.raises(DomainError, match="已有一件组织处置在办"):
        open_case(ruled, "advice")
    act(ruled, case, "prior_filed", agreed=False)
    with pytest.raises(DomainError, match="办过一件组织处置"):
        open_case(ruled)


def test_what_it_says_and_for_how_long(ruled: World) -> None:
    filed(ruled)
    for months in (0, 13):
        with pytest.raises(BadInput, match="最长不超过12个月"):
            open_case(ruled, months=months)
    with pytest.raises(BadInput, match="处置方式"):
        open_case(ruled, "expulsion")
    with pytest.raises(BadInput, match="不能为空"):
        open_case(ruled, people="", content=" ")
    with pytest.raises(BadInput, match="不能晚于今天"):
        open_case(ruled, on=later(1))
    assert open_case(ruled).months == 6


def test_a_removal_follows_an_advice_that_was_refused(ruled: World) -> None:
    filed(ruled)
    with pytest.raises(DomainError, match="只用于劝其退党以后坚持不退"):
        open_case(ruled, "removal")
    advice = refused_advice(ruled)
    removal = open_case(ruled, "removal")
    assert removal.follows == advice
    assert Case.objects.get(pk=advice.pk).state == "in_effect"


def test_seventy_and_floating_are_asked_here_too(ruled: World) -> None:
    filed(ruled, "李桂兰")
    with pytest.raises(DomainError, match="已满70周岁"):
        open_case(ruled, name="李桂兰")


def test_a_member_without_account_is_told_by_nobody_but_the_case_goes_on(ruled: World) -> None:
    filed(ruled, "张㛃")
    case = brought(ruled, "investigated", name="张㛃")
    assert case.steps.count() == 3 and not Message.objects.filter(kind="disposals.step_1").exists()
