"""assessments.remove_line"""

import pytest

from pioneer.assessments import queries
from pioneer.assessments.lines import remove_line
from pioneer.assessments.models import Line
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed
from pioneer.messages.models import Message
from tests.assessments.conftest import Month


def test_it_stays_on_record_with_its_reason_and_the_member_is_told(month: Month) -> None:
    line = month.enter()
    line = remove_line(actor=month.actor("committee"), line_id=line.pk, reason="记错人")
    assert (line.state, line.struck_why) == ("struck", "记错人")
    assert queries.standing_lines(month.sheet) == []
    assert Message.objects.filter(title__contains="撤下").count() == 1


def test_twice_is_once(month: Month) -> None:
    line = month.enter()
    for _ in range(2):
        remove_line(actor=month.actor("recorder"), line_id=line.pk, reason="记错人")
    assert Message.objects.filter(title__contains="撤下").count() == 1


def test_it_needs_a_reason(month: Month) -> None:
    with pytest.raises(BadInput):
        remove_line(actor=month.actor("recorder"), line_id=month.enter().pk, reason="")


def test_nobody_removes_its_own(month: Month) -> None:
    line = month.enter("解文军", "secretary")
    with pytest.raises(NotAllowed):
        remove_line(actor=month.actor("recorder"), line_id=line.pk, reason="没有这事")


def test_a_claims_line_is_taken_back_by_its_review(month: Month) -> None:
    month.review(month.claim())
    with pytest.raises(DomainError) as refused:
        remove_line(actor=month.actor("recorder"), line_id=Line.objects.get().pk, reason="记错")
    assert refused.value.code == "from_claim"
