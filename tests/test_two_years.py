"""两年以后 Zeroed in one cycle and in the next: settled, announced, filed and received twice, the finding "unqualified"
voted and approved, an advice to leave taken through all its steps, announced, appealed against, and the appeal upheld.

Everything that follows the year's books is done by operations; only that the months were posted is written as rows.
"""

from datetime import date
from typing import Any

from pioneer.conduct.zeroing import answer_zeroing, approve_zeroing, propose_zeroing
from pioneer.disposals import services
from pioneer.disposals.models import Case, Step
from pioneer.disposals.order import order_of
from pioneer.disposals.queries import members_to_propose, results_to_propose
from pioneer.filings.services import receive, send
from pioneer.kernel import clock
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.results.announcing import announce
from pioneer.results.formers import former_results
from pioneer.results.models import Result
from tests.disposals.proceedings import CALL, WHO, act, calendars, open_case
from tests.results.cycles import close_year, settled
from tests.world import World, adopt_rulebook


def zero(world: World, year: int) -> None:
    """A penalty in the summer, answered by the member, approved by the street."""
    case = propose_zeroing(
        actor=world.actor("secretary"), member_id=world.member(WHO).pk, indicator="Z2", document_kind="penalty",
        in_force=True, issuer="清河示范区公安分局", document_number=f"清公行罚决字〔{year}〕18号",
        document_on=date(year, 6, 1), facts="因殴打他人被行政拘留五日，决定书已送达。",
    )  # fmt: skip
    answer_zeroing(actor=world.actor(CALL), case_id=case.pk, statement="我认错。")
    approve_zeroing(actor=world.actor("township_officer"), case_id=case.pk)


def year_over(world: World, year: int) -> Result:
    """Settled, announced, sent and received: the member's result."""
    community = world.organisations["community"]
    first = date(year, 1, 1)
    close_year(community, date(year, 12, 31))
    officer = world.actor("community_officer")
    made = settled(community, officer, first_on=first)
    announce(
        actor=officer, settlement_id=made.pk, unit_id=community.pk, held_on=clock.today(), place="党群服务中心",
        presided_by="段雅文",
    )  # fmt: skip
    sent = send(actor=officer, unit_id=community.pk, first_on=first, untold_reason="未到会的会后逐一告知。")
    receive(actor=world.actor("township_officer"), filing_id=sent.pk, number=f"槐街备〔{year + 1}〕3号")
    return Result.objects.get(settlement=made, member=world.member(WHO))


def found_unqualified(world: World, result: Result) -> None:
    secretary, member = world.actor("secretary"), world.actor(CALL)
    assert result in results_to_propose(secretary)
    found = services.propose_unqualified(actor=secretary, result_id=result.pk)
    assert any(cause.startswith("清零：Z2") for cause in found.causes)
    services.answer_unqualified(actor=member, finding_id=found.pk, statement="事出有因，我已向对方道歉。")
    vote: dict[str, Any] = {"present": 7, "in_favour": 5, "against": 1, "abstained": 1}
    services.vote_unqualified(actor=secretary, finding_id=found.pk, on=clock.today(), **vote)
    done = services.approve_unqualified(actor=world.actor("second_township_officer"), finding_id=found.pk)
    assert done.state == "approved"


def test_two_years_to_an_appeal_that_is_upheld(world: World) -> None:
    adopt_rulebook(world)
    calendars()
    with clock.at(date(2026, 6, 10)):
        zero(world, 2026)
    with clock.at(date(2027, 1, 20)):
        found_unqualified(world, year_over(world, 2026))
        assert members_to_propose(world.actor("secretary")) == [], "once is not twice on end"
    with clock.at(date(2027, 6, 10)):
        zero(world, 2027)
    with clock.at(date(2028, 1, 20)):
        found_unqualified(world, year_over(world, 2027))
        ((on_end, branch),) = members_to_propose(world.actor("secretary"))
        assert (on_end.member.name, branch, len(on_end.results)) == (WHO, world.branch, 2)
        case = open_case(world, "advice")
    for place, step in enumerate(order_of("advice")[1:], start=1):
        with clock.at(date(2028, 2, 1 + place)):
            act(world, case, step)
    with clock.at(date(2028, 3, 1)):
        act(world, case, Step.Kind.RESPONDED)
        act(world, case, Step.Kind.APPEALED)
    with clock.at(date(2028, 4, 10)):
        act(world, case, Step.Kind.APPEAL_ANSWERED, upheld=True, content="第二次处罚决定已被复议机关撤销。")
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.steps.count()) == ("revoked", 13)
    assert StatusSpell.objects.get(member=case.member, until_on=None).status == "full", "nothing was changed by itself"
    assert [one.filing_number for one in former_results([case.member_id])[case.member_id]] == [
        "槐街备〔2028〕3号",
        "槐街备〔2027〕3号",
    ]
    told = Message.objects.filter(user=world.users[CALL], kind__startswith="disposals.step_")
    assert told.count() == 13, "the member was told of every step at once"
