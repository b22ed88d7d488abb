"""assessments.confirm_sheet: where the branch has too few who may, an officer above is the second person."""

from datetime import date

import pytest

from pioneer.accounts.models import Grant
from pioneer.accounts.policies import CLOCK
from pioneer.assessments import queries
from pioneer.assessments.services import confirm_sheet, open_sheet, submit_sheet
from pioneer.kernel.errors import NotAllowed
from tests.assessments.conftest import Month
from tests.assessments.test_confirm_sheet import signers


def test_where_only_one_of_the_branch_may_confirm_the_officer_above_confirms_that_ones_lines(month: Month) -> None:
    Grant.objects.filter(role__in=["committee_member", "deputy_secretary"]).update(until_on=date(2026, 3, 1))
    for name in ("王保国", "李桂兰", "单雪琴"):
        month.enter(name, indicator="A1")
    month.submit()
    assert {part.name for part in queries.second_person(month.sheet).share_of(month.actor("community_officer"))} == {
        "王保国"
    }
    month.confirm("secretary")
    assert signers(month) == {"王保国": "", "李桂兰": "secretary", "单雪琴": "secretary"}
    sheet = month.confirm("community_officer")
    assert (sheet.state, sheet.confirmed_by_role) == ("confirmed", "community_officer")
    assert sheet.confirmed_for == (
        "王保国的1条，槐园社区第一党支部能复核的人均须回避，由槐园社区党务工作者段雅文代为复核"
    )
    assert signers(month)["王保国"] == "community_officer"


def test_the_officer_above_may_come_first_and_stays_named(month: Month) -> None:
    Grant.objects.filter(role__in=["committee_member", "deputy_secretary"]).update(until_on=date(2026, 3, 1))
    for name in ("王保国", "李桂兰"):
        month.enter(name, indicator="A1")
    month.submit()
    assert month.confirm("community_officer").state == "submitted"
    sheet = month.confirm("secretary")
    assert (sheet.state, sheet.confirmed_by_role) == ("confirmed", "secretary")
    assert sheet.confirmed_for.startswith("王保国的1条，") and "段雅文" in sheet.confirmed_for


def test_who_entered_much_in_a_branch_of_two_leaves_it_to_the_officer_above(month: Month) -> None:
    world = month.world
    sheet = open_sheet(actor=CLOCK, branch_id=world.village.pk, year=2026, month=3)
    month.sheet = sheet
    month.enter("柳满仓", "village_recorder", indicator="A1")
    month.enter("柳大妮", "village_secretary", indicator="A1")
    month.submit("village_recorder")
    month.confirm("village_secretary")
    assert signers(month) == {"柳满仓": "village_secretary", "柳大妮": ""}
    sheet = month.confirm("town_officer")
    assert sheet.confirmed_for == "柳大妮的1条，柳沟村能复核的人不足两人，由柳沟镇党务工作者石头代为复核"


def _all_lines(month: Month) -> None:
    """Lines of people all related to one another: the whole branch steps aside for each of them."""
    month.relate("王保国", "罗小红")
    month.relate("曾永福", "罗小红", "兄妹")
    month.relate("曾永福", "王保国", "姻亲")
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
    assert month.confirm("community_officer").state == "submitted"
    with pytest.raises(NotAllowed) as refused:
        month.confirm("community_officer")
    assert "槐园街道的纪明" in refused.value.message
    assert signers(month) == {"王保国": "community_officer", "曾永福": "community_officer", "罗小红": ""}
    assert month.confirm("township_officer").state == "confirmed"
    assert "王保国、曾永福的2条" in month.sheet.confirmed_for and "；罗小红的1条" in month.sheet.confirmed_for
