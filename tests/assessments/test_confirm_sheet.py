"""assessments.confirm_sheet: the second person."""

import threading
from datetime import date

import pytest
from django.db import connections

from pioneer.accounts.models import Grant
from pioneer.accounts.policies import CLOCK
from pioneer.assessments import queries
from pioneer.assessments.services import confirm_sheet, open_sheet, submit_sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from tests.assessments.conftest import Month, begin
from tests.world import TODAY, adopt_rulebook, build


def test_it_works(month: Month) -> None:
    month.review(month.claim())
    month.submit()
    sheet = month.confirm()
    assert (sheet.state, sheet.confirmed_by_role, sheet.confirmed_for) == ("confirmed", "secretary", "")


@pytest.mark.parametrize("who", ["secretary", "deputy", "committee"])
def test_the_leads_and_committee_members_confirm(month: Month, who: str) -> None:
    month.submit()
    assert month.confirm(who).confirmed_by_number == month.world.users[who].pk


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("recorder", NotAllowed),
        ("guilan", NotVisible),
        ("auditor", NotAllowed),
        ("district_officer", NotAllowed),
        ("second_secretary", NotVisible),
        ("other_secretary", NotVisible),
    ],
)
def test_who_may_not(month: Month, who: str, error: type[Exception]) -> None:
    month.submit("secretary" if who == "recorder" else "recorder")
    with pytest.raises(error):
        month.confirm(who)


def test_never_by_who_submitted_it(month: Month) -> None:
    month.submit("secretary")
    with pytest.raises(NotAllowed) as refused:
        month.confirm("secretary")
    assert "另一个人" in refused.value.message and "曾永福" in refused.value.message


def test_never_by_who_entered_or_reviewed_anything_on_it(month: Month) -> None:
    month.review(month.claim(), "deputy", outcome="rejected", reason="不符")
    month.enter("单雪琴", "committee", indicator="A3")
    month.submit()
    for who in ("deputy", "committee"):
        with pytest.raises(NotAllowed):
            month.confirm(who)
    assert month.confirm("secretary").pk


def test_not_with_ones_own_lines_and_the_sentence_says_how_many_and_who_could(month: Month) -> None:
    for _ in range(2):
        month.review(month.claim("王保国"))
    month.submit()
    with pytest.raises(NotAllowed) as refused:
        month.confirm("secretary")
    assert "表中有2条" in refused.value.message
    assert "可由" in refused.value.message and "曾永福" in refused.value.message and "罗小红" in refused.value.message
    assert month.confirm("deputy").pk


def test_not_with_a_declared_relatives_lines(month: Month) -> None:
    month.relate("单雪琴", "王保国")
    month.review(month.claim("单雪琴"))
    month.submit()
    with pytest.raises(NotAllowed) as refused:
        month.confirm("secretary")
    assert "表中有1条" in refused.value.message


def test_not_with_ones_own_rejected_claim(month: Month) -> None:
    month.review(month.claim("王保国"), outcome="rejected", reason="不符")
    month.submit()
    with pytest.raises(NotAllowed):
        month.confirm("secretary")


def _all_lines(month: Month) -> None:
    for name in ("王保国", "曾永福", "罗小红"):
        month.review(month.claim(name))
    month.submit()


def test_where_everybody_steps_aside_the_communitys_officer_is_named_on_the_sheet(month: Month) -> None:
    _all_lines(month)
    with pytest.raises(NotAllowed):
        month.confirm("secretary")
    with pytest.raises(NotAllowed) as refused:
        month.confirm("township_officer")
    assert "段雅文" in refused.value.message
    sheet = month.confirm("community_officer")
    assert sheet.confirmed_for == "槐园社区第一党支部能复核的人均须回避，由槐园社区党务工作者段雅文代为复核"


def test_without_a_community_officer_the_townships_officer_is_the_second(month: Month) -> None:
    _all_lines(month)
    Grant.objects.filter(role="community_officer").update(until_on=date(2026, 3, 1))
    assert "槐园街道" in month.confirm("township_officer").confirmed_for


def test_an_officer_above_does_not_confirm_where_the_branch_can(month: Month) -> None:
    month.submit()
    for who in ("community_officer", "township_officer"):
        with pytest.raises(NotAllowed) as refused:
            month.confirm(who)
        assert "王保国" in refused.value.message


def test_a_branch_of_one_secretary_is_too_small(month: Month) -> None:
    world = month.world
    Grant.objects.filter(user=world.users["village_recorder"]).update(until_on=date(2026, 3, 1))
    sheet = open_sheet(actor=CLOCK, branch_id=world.village.pk, year=2026, month=3)
    sheet = submit_sheet(actor=world.actor("village_secretary"), sheet_id=sheet.pk, edit=0)
    with pytest.raises(NotAllowed):
        confirm_sheet(actor=world.actor("village_secretary"), sheet_id=sheet.pk, edit=sheet.edit)
    done = confirm_sheet(actor=world.actor("town_officer"), sheet_id=sheet.pk, edit=sheet.edit)
    assert done.confirmed_for.startswith("柳沟村能复核的人不足两人，由柳沟镇")


def test_recusal_follows_the_person_into_the_office_above(month: Month) -> None:
    _all_lines(month)
    officer = month.world.users["community_officer"]
    from pioneer.members.models import Member

    Member.objects.filter(pk=month.world.member("张㛃").pk).update(user=officer)
    month.relate("张㛃", "罗小红", "兄妹")
    with pytest.raises(NotAllowed) as refused:
        month.confirm("community_officer")
    assert "表中有1条" in refused.value.message
    assert month.confirm("township_officer").pk


def test_not_before_the_time_to_answer_is_over(month: Month) -> None:
    month.enter()
    month.submit()
    with clock.at(date(2026, 4, 7)), pytest.raises(DomainError) as refused:
        month.confirm()
    assert refused.value.code == "sheet_not_ready"
    with clock.at(date(2026, 4, 8)):
        assert month.confirm().state == "confirmed"


def test_not_what_changed_since_it_was_shown(month: Month) -> None:
    from pioneer.assessments.lines import answer_line

    line = month.enter()
    shown = month.submit().edit
    answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="请看请假条")
    with pytest.raises(DomainError) as refused:
        confirm_sheet(actor=month.actor("secretary"), sheet_id=month.sheet.pk, edit=shown)
    assert refused.value.code == "edited_meanwhile"


def test_the_deceased_and_the_zeroed_leave_the_unpublished_sheet(month: Month) -> None:
    from pioneer.members.models import StatusSpell

    month.enter(indicator="A3")
    month.enter("张㛃", indicator="A3")
    month.enter("单雪琴", indicator="A3")
    month.zero()
    member = month.world.member("张㛃")
    StatusSpell.objects.filter(member=member).update(until_on=date(2026, 3, 31))
    StatusSpell.objects.create(member=member, status="deceased", from_on=date(2026, 4, 1))
    assert [line.member.name for line in queries.standing_lines(month.sheet)] == ["单雪琴"]


@pytest.mark.django_db(transaction=True)
def test_two_confirming_at_once_one_does() -> None:
    world = build()
    adopt_rulebook(world)
    month = begin(world)
    with clock.at(TODAY):
        edit = month.submit().edit
        answers: list[str] = []

        def confirm(who: str) -> None:
            try:
                confirm_sheet(actor=actors[who], sheet_id=month.sheet.pk, edit=edit)
                answers.append("done")
            except DomainError as refused:
                answers.append(refused.code)
            finally:
                connections.close_all()

        actors = {who: world.actor(who) for who in ("secretary", "deputy")}
        threads = [threading.Thread(target=confirm, args=(who,)) for who in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == ["done", "sheet_confirmed"]
