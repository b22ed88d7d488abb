"""assessments.submit_sheet, assessments.return_sheet"""

from datetime import date

import pytest

from pioneer.assessments.services import return_sheet, submit_sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.assessments.conftest import Month


def test_it_works(month: Month) -> None:
    sheet = month.submit()
    assert (sheet.state, sheet.submitted_by_number) == ("submitted", month.world.users["recorder"].pk)


def test_not_before_the_month_is_over(month: Month) -> None:
    with clock.at(date(2026, 3, 31)), pytest.raises(DomainError) as refused:
        month.submit()
    assert refused.value.code == "sheet_not_ready" and "3月31日以后" in refused.value.message


def test_not_while_a_claim_of_the_month_waits(month: Month) -> None:
    claim = month.claim()
    with pytest.raises(DomainError) as refused:
        month.submit()
    assert "还有1条申报没有考评（李桂兰）" in refused.value.message
    month.review(claim)
    assert month.submit().state == "submitted"


def test_a_claim_of_a_later_month_does_not_hold_it_up(month: Month) -> None:
    month.claim(event_on=date(2026, 4, 1))
    assert month.submit().state == "submitted"


def test_not_what_changed_since_it_was_shown(month: Month) -> None:
    shown = month.sheet.edit
    month.enter()
    with pytest.raises(DomainError) as refused:
        submit_sheet(actor=month.actor("recorder"), sheet_id=month.sheet.pk, edit=shown)
    assert refused.value.code == "edited_meanwhile"


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("township_officer", NotAllowed),
        ("auditor", NotAllowed),
        ("guilan", NotVisible),
        ("second_secretary", NotVisible),
    ],
)
def test_who_may_not(month: Month, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        month.submit(who)


def test_returned_with_its_reason_it_is_open_again(month: Month) -> None:
    month.submit()
    sheet = return_sheet(actor=month.actor("secretary"), sheet_id=month.sheet.pk, reason="缺签到册")
    assert (sheet.state, sheet.returned_why, sheet.submitted_by_number) == ("open", "缺签到册", None)
    assert "缺签到册" in Message.objects.get(user=month.world.users["recorder"]).text
    assert month.submit().returned_why == ""


def test_returning_needs_a_reason_and_a_submitted_sheet(month: Month) -> None:
    for code in ("sheet_not_submitted", "reason_missing"):
        with pytest.raises(DomainError) as refused:
            return_sheet(actor=month.actor("secretary"), sheet_id=month.sheet.pk, reason="")
        assert refused.value.code == code
        if code == "sheet_not_submitted":
            month.submit()


def test_who_may_not_return(month: Month) -> None:
    month.submit()
    for who, error in [("auditor", NotAllowed), ("second_secretary", NotVisible)]:
        with pytest.raises(error):
            return_sheet(actor=month.actor(who), sheet_id=month.sheet.pk, reason="不行")
