"""assessments.review_declaration"""

import threading
from datetime import date

import pytest
from django.db import connections

from pioneer.accounts.policies import CLOCK
from pioneer.assessments.claims import accept_declarations, reopen_review, review_declaration
from pioneer.assessments.models import Line, Review
from pioneer.assessments.services import open_sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.members.models import Membership
from pioneer.messages.models import Message
from tests.assessments.conftest import Month, begin
from tests.world import TODAY, adopt_rulebook, build


def test_accepted_it_becomes_a_line_with_the_rulebooks_value(month: Month) -> None:
    claim = month.claim(indicator="B2", quantity=300)
    review = month.review(claim)
    line = Line.objects.get(declaration=claim)
    assert review.outcome == Review.Outcome.ACCEPTED
    assert (line.value, line.quantity, line.wording) == (150, 300, "参加志愿服务3小时")
    assert line.told_at is None and line.wait_until is None
    claim.refresh_from_db()
    assert claim.state == "taken"


def test_the_value_is_before_caps(month: Month) -> None:
    for _ in range(5):
        month.review(month.claim())
    assert sum(Line.objects.values_list("value", flat=True)) == 500  # B5 counts 3 a month; that is for the notice


def test_altered_it_needs_a_reason_and_is_told_with_it(month: Month) -> None:
    claim = month.claim(indicator="B2", quantity=300)
    with pytest.raises(BadInput):
        month.review(claim, outcome="altered", quantity=200)
    month.review(claim, outcome="altered", quantity=200, reason="签到表上是2小时")
    assert Line.objects.get().value == 100
    assert "签到表上是2小时" in Message.objects.get(user=month.world.users["guilan"]).text


def test_altered_to_another_indicator(month: Month) -> None:
    month.review(month.claim(), outcome="altered", indicator="B1", reason="属于走访")
    assert Line.objects.get().indicator == "B1"


def test_altered_must_alter_something(month: Month) -> None:
    with pytest.raises(BadInput):
        month.review(month.claim(), outcome="altered", reason="看了")


def test_a_claim_never_becomes_a_deduction(month: Month) -> None:
    with pytest.raises(BadInput):
        month.review(month.claim(), outcome="altered", indicator="N2", reason="扣")
    assert not Line.objects.exists()


def test_rejected_it_needs_a_reason_leaves_no_line_and_is_told(month: Month) -> None:
    claim = month.claim()
    with pytest.raises(BadInput):
        month.review(claim, outcome="rejected")
    month.review(claim, outcome="rejected", reason="没有这件事的记录")
    assert not Line.objects.exists()
    assert "没有这件事的记录" in Message.objects.get().text


def test_a_range_needs_the_decided_value_and_why(month: Month) -> None:
    claim = month.claim(indicator="A5")
    for more in ({}, {"decided": 300}, {"decided": 900, "decision": "防汛三昼夜"}):
        with pytest.raises(BadInput):
            month.review(claim, **more)
    month.review(claim, decided=300, decision="防汛三昼夜")
    assert (Line.objects.get().value, Line.objects.get().decision) == (300, "防汛三昼夜")


@pytest.mark.parametrize("who", ["guilan", "auditor", "district_officer", "township_officer", "community_officer"])
def test_only_the_branchs_people_evaluate(month: Month, who: str) -> None:
    with pytest.raises((NotAllowed, NotVisible)):
        month.review(month.claim("单雪琴"), who)


@pytest.mark.parametrize("who", ["second_secretary", "other_secretary", "town_officer"])
def test_other_branches_do_not_see_it(month: Month, who: str) -> None:
    with pytest.raises(NotVisible):
        month.review(month.claim(), who)


def test_nobody_reviews_its_own_claim(month: Month) -> None:
    with pytest.raises(NotAllowed) as refused:
        month.review(month.claim("解文军"), "recorder")
    assert refused.value.code == "recusal" and "是您本人" in refused.value.message


@pytest.mark.parametrize("pair", [("解文军", "单雪琴"), ("单雪琴", "解文军")])
def test_nobody_reviews_a_declared_relatives_claim(month: Month, pair: tuple[str, str]) -> None:
    month.relate(*pair)
    claim = month.claim("单雪琴")
    with pytest.raises(NotAllowed) as refused:
        month.review(claim, "recorder")
    assert refused.value.code == "recusal" and "夫妻" in refused.value.message
    assert month.review(claim, "secretary").pk


def test_where_everybody_steps_aside_the_officer_above_reviews(month: Month) -> None:
    for name in ("王保国", "曾永福", "解文军", "罗小红"):
        month.relate("单雪琴", name, "亲属")
    claim = month.claim("单雪琴")
    with pytest.raises(NotAllowed):
        month.review(claim, "secretary")
    assert month.review(claim, "community_officer").pk


def test_a_withdrawn_claim_is_not_reviewed(month: Month) -> None:
    from pioneer.declarations.services import withdraw_declaration

    claim = month.claim()
    withdraw_declaration(actor=month.actor("guilan"), declaration_id=claim.pk)
    with pytest.raises(DomainError) as refused:
        month.review(claim)
    assert refused.value.code == "withdrawn"


def test_the_second_reviewer_hears_what_the_first_decided(month: Month) -> None:
    claim = month.claim()
    month.review(claim, "committee")
    with pytest.raises(DomainError) as refused:
        month.review(claim, outcome="rejected", reason="不符")
    assert refused.value.code == "already_reviewed"
    assert "罗小红" in refused.value.message and "核准" in refused.value.message
    assert Review.objects.get().outcome == "accepted"


def test_a_late_claim_goes_to_the_next_open_sheet(month: Month) -> None:
    april = month.april()
    month.submit()
    month.confirm()
    claim = month.claim()
    assert month.review(claim, on=april).sheet == april


def test_a_claim_goes_to_its_own_months_sheet_while_that_is_open(month: Month) -> None:
    april = month.april()
    with pytest.raises(DomainError) as refused:
        month.review(month.claim(), on=april)
    assert refused.value.code == "other_sheet" and "2026年3月" in refused.value.message


def test_the_branch_of_the_months_last_day_assesses_it(month: Month) -> None:
    claim = month.claim()
    member = month.world.member("李桂兰")
    Membership.objects.filter(member=member).update(until_on=date(2026, 3, 20))
    Membership.objects.create(member=member, branch=month.world.second_branch, from_on=date(2026, 3, 21))
    with pytest.raises(DomainError):
        month.review(claim)
    theirs = open_sheet(actor=CLOCK, branch_id=month.world.second_branch.pk, year=2026, month=3)
    assert month.review(claim, "second_secretary", on=theirs).sheet == theirs


def test_it_never_counts_in_the_next_cycle(month: Month) -> None:
    month.done()
    claim = month.claim()
    with clock.at(date(2026, 12, 30)):
        pass
    with clock.at(date(2027, 1, 5)):
        january = open_sheet(actor=CLOCK, branch_id=month.world.branch.pk, year=2027, month=1)
        with pytest.raises(DomainError):
            month.review(claim, on=january)


def test_after_a_zeroing_it_can_only_be_rejected(month: Month) -> None:
    claim = month.claim()
    month.zero()
    with pytest.raises(DomainError) as refused:
        month.review(claim)
    assert refused.value.code == "cycle_closed"
    assert month.review(claim, outcome="rejected", reason="本周期已清零").pk


@pytest.mark.parametrize(
    "wording",
    ["帮王保国修水管", "修好3号楼2单元的水管", "电话13800138000", "证号14010819560308000X", "照顾瘫痪老人"],
)
def test_private_matters_never_reach_the_public_wording(month: Month, wording: str) -> None:
    with pytest.raises(BadInput) as refused:
        month.review(month.claim(), wording=wording)
    assert refused.value.faults[0].place == "公示用语"


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_lose_nothing() -> None:
    world = build()
    adopt_rulebook(world)
    month = begin(world)
    claim = month.claim()
    other = month.claim("单雪琴")
    answers: list[str] = []

    def decide(who: str, about: int, outcome: str) -> None:
        try:
            review_declaration(
                actor=actors[who], sheet_id=month.sheet.pk, declaration_id=about, outcome=outcome, reason="核对签到册"
            )
            answers.append("done")
        except DomainError as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    actors = {who: world.actor(who) for who in ("recorder", "committee", "deputy")}
    with clock.at(TODAY):
        threads = [
            threading.Thread(target=decide, args=("recorder", claim.pk, "accepted")),
            threading.Thread(target=decide, args=("committee", claim.pk, "rejected")),
            threading.Thread(target=decide, args=("deputy", other.pk, "accepted")),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == ["already_reviewed", "done", "done"]
    month.sheet.refresh_from_db()
    assert Review.objects.count() == 2 and month.sheet.edit == 2


def test_a_doubt_is_decided_with_a_reason_before_the_claim_counts(month: Month) -> None:
    month.claim(matter="帮独居老人修好水管")
    claim = month.claim(indicator="B4", matter="帮独居老人修好了水管")
    doubt = claim.flags.get(kind="same_event")
    with pytest.raises(BadInput, match=r"疑似一事多报.*请写明核实的情况"):
        month.review(claim)
    assert not Review.objects.exists() and not Line.objects.exists()
    with pytest.raises(BadInput, match="有疑点待认定"):
        accept_declarations(actor=month.actor("recorder"), sheet_id=month.sheet.pk, declaration_ids=[claim.pk])
    month.review(claim, doubts={doubt.pk: "一件在上午，一件在下午，问过两家老人"})
    doubt.refresh_from_db()
    assert (doubt.decision, doubt.decided_by_number) == ("unfounded", month.world.users["recorder"].pk)
    reopen_review(actor=month.actor("recorder"), declaration_id=claim.pk)
    doubt.refresh_from_db()
    assert (doubt.decision, doubt.reason, doubt.decided_at) == ("", "", None)


def test_rejecting_a_claim_says_its_doubts_are_founded(month: Month) -> None:
    month.claim(matter="帮独居老人修好水管")
    claim = month.claim(indicator="B4", matter="帮独居老人修好了水管")
    month.review(claim, outcome="rejected", reason="与B5所报是同一件事")
    doubt = claim.flags.get(kind="same_event")
    assert (doubt.decision, doubt.reason) == ("founded", "与B5所报是同一件事")
