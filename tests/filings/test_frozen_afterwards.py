"""What is over once a member's cycle is filed: claims however they come in, lines, corrections, another settlement."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.lines import enter_correction, enter_line
from pioneer.assessments.models import Line
from pioneer.assessments.services import open_sheet
from pioneer.declarations.models import Declaration
from pioneer.declarations.services import declare
from pioneer.declarations.together import declare_together
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError
from pioneer.members.closing import close_cycles
from pioneer.results.settling import settle_cycle
from tests.assessments.conftest import MARCH_12, Month, begin
from tests.declarations.test_weekly_forms import enter, form_of
from tests.filings.conftest import filed
from tests.world import TODAY, World, adopt_rulebook
from tests.year import FIRST, LAST

NUMBER = "槐街备〔2027〕3号"


@pytest.fixture
def month(world: World) -> Any:
    """March, in which 李桂兰's and 张㛃's cycle turns out to be filed."""
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield begin(world)


def close(world: World) -> None:
    close_cycles([world.member(name).pk for name in ("李桂兰", "张㛃")], FIRST, LAST, NUMBER)


def refused(act: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == "cycle_filed" and NUMBER in refusal.value.message
    return refusal.value.message


def test_claims_are_refused_with_the_filing_and_the_way_out(month: Month) -> None:
    close(month.world)

    def claim(who: str, name: str) -> Declaration:
        return declare(
            actor=month.actor(who), member_id=month.world.member(name).pk, indicator="B5", event_on=MARCH_12,
            place="槐园小区", matter="帮独居老人修水管", request_key=uuid4(),
        )  # fmt: skip

    assert "由其提出更正" in refused(lambda: claim("guilan", "李桂兰"))
    refused(lambda: claim("recorder", "张㛃"))
    assert claim("xueqin", "单雪琴").pk, "whose cycle is not filed declares as ever"


def test_a_claim_of_many_and_a_form_on_paper_likewise(month: Month) -> None:
    close(month.world)
    with pytest.raises(BadInput, match="已经备案"):
        declare_together(
            actor=month.actor("recorder"),
            branch_id=month.world.branch.pk,
            member_ids=[month.world.member(name).pk for name in ("张㛃", "单雪琴")],
            indicator="B6",
            event_on=MARCH_12,
            place="槐园小区广场",
            matter="防诈骗宣讲，给居民发传单",
            event="3月防诈骗宣讲",
            request_key=uuid4(),
        )
    form = form_of(month.world)
    close_cycles([form.member_id], FIRST, LAST, NUMBER)
    with pytest.raises(BadInput, match="已经备案"):
        enter(month.world, form)
    assert not Declaration.objects.exists()


def test_no_line_is_entered_no_claim_accepted_and_nothing_corrected(month: Month) -> None:
    posted = month.enter("李桂兰", indicator="A3")
    waiting = month.claim("张㛃")
    close(month.world)
    assert "考评表上不再加分、扣分或冲正" in refused(lambda: month.enter("李桂兰"))
    refused(lambda: month.enter("李桂兰", indicator="A2"))
    refused(lambda: month.review(waiting))
    april = open_sheet(actor=CLOCK, branch_id=month.world.branch.pk, year=2026, month=4)
    refused(
        lambda: enter_correction(
            actor=month.actor("recorder"), sheet_id=april.pk, line_id=posted.pk, ground="核对签到册，记错人"
        )
    )
    assert Line.objects.count() == 1
    enter_line(
        actor=month.actor("recorder"), sheet_id=month.sheet.pk, member_id=month.world.member("单雪琴").pk,
        indicator="N2", event_on=MARCH_12, ground="3月主题党日签到册",
    )  # fmt: skip


def test_the_cycle_is_settled_in_earnest_no_more_but_tried(announced: World) -> None:
    filed(announced)

    def ask(is_trial: bool, at: str = "community", who: str = "community_officer") -> Any:
        return settle_cycle(
            actor=announced.actor(who),
            organisation_id=announced.organisations[at].pk,
            first_on=date(2026, 1, 1),
            is_trial=is_trial,
        )

    with pytest.raises(DomainError, match="槐园社区2026年度的结果已经备案（槐街备〔2027〕3号），不再评定"):
        ask(False)
    with pytest.raises(DomainError, match="槐园社区2026年度的结果已经备案"):
        ask(False, "street", "township_officer")
    assert ask(True).is_trial
