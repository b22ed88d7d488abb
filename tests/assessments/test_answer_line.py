"""assessments.answer_line"""

from datetime import date

import pytest

from pioneer.assessments import queries
from pioneer.assessments.lines import answer_line, record_paper_notice
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.assessments.conftest import Month
from tests.world import TODAY


def test_the_member_answers_and_it_stands_beside_the_line(month: Month) -> None:
    line = month.enter()
    assert list(queries.awaiting_statement(month.actor("guilan"))) == [line]
    line = answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="那天送医，已请假")
    assert line.statement == "那天送医，已请假" and line.statement_by_number == month.world.users["guilan"].pk
    assert not queries.awaiting_statement(month.actor("guilan"))


def test_having_answered_nobody_need_wait(month: Month) -> None:
    line = month.enter()
    month.submit()
    with pytest.raises(DomainError) as refused:
        month.confirm()
    assert "申辩期到4月7日24时" in refused.value.message
    answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="没有意见")
    assert month.confirm().state == "confirmed"


@pytest.mark.parametrize("who", ["xueqin", "second_secretary", "secretary"])
def test_nobody_answers_in_the_members_name(month: Month, who: str) -> None:
    line = month.enter()
    with pytest.raises(NotVisible):
        answer_line(actor=month.actor(who), line_id=line.pk, statement="同意")


def test_the_branch_enters_what_the_member_wrote_on_paper_once_told(month: Month) -> None:
    line = month.enter("张㛃")
    with pytest.raises(DomainError) as refused:
        answer_line(actor=month.actor("committee"), line_id=line.pk, statement="没有意见", by_proxy=True)
    assert refused.value.code == "not_told"
    record_paper_notice(actor=month.actor("recorder"), line_id=line.pk, told_on=TODAY, receipt=True)
    with pytest.raises(DomainError) as refused:
        answer_line(actor=month.actor("recorder"), line_id=line.pk, statement="没有意见", by_proxy=True)
    assert refused.value.code == "same_person"  # whoever deducts can't also say that the member agrees
    line = answer_line(actor=month.actor("committee"), line_id=line.pk, statement="没有意见", by_proxy=True)
    assert line.statement_by_number == month.world.users["committee"].pk


def test_a_member_with_an_account_is_told_what_was_entered_in_its_name(month: Month) -> None:
    line = month.enter()
    answer_line(actor=month.actor("committee"), line_id=line.pk, statement="没有意见", by_proxy=True)
    told = Message.objects.get(user=month.world.users["guilan"], kind="assessments.statement_entered")
    assert "没有意见" in told.text and told.link == f"/lines/{line.pk}/statement/"


def test_a_member_enters_nothing_by_proxy(month: Month) -> None:
    line = month.enter()
    with pytest.raises(NotAllowed):
        answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="同意", by_proxy=True)


def test_an_empty_statement_is_none(month: Month) -> None:
    with pytest.raises(BadInput):
        answer_line(actor=month.actor("guilan"), line_id=month.enter().pk, statement="  ")


def test_an_addition_needs_no_answer(month: Month) -> None:
    line = month.enter(indicator="A3")
    with pytest.raises(DomainError) as refused:
        answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="同意")
    assert refused.value.code == "nothing_to_answer"


def test_once_confirmed_the_way_is_an_objection(month: Month) -> None:
    line = month.enter()
    month.submit()
    with clock.at(date(2026, 4, 9)):
        month.confirm()
        with pytest.raises(DomainError) as refused:
            answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="不同意")
    assert "异议" in refused.value.message
