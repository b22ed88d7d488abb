"""assessments.open_supplementary_sheet"""

from datetime import date

import pytest

from pioneer.assessments.services import open_supplementary_sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from tests.assessments.conftest import Month

REASON = "年末补报"


def _open(month: Month, who: str = "recorder", reason: str = REASON):  # type: ignore[no-untyped-def]
    return open_supplementary_sheet(
        actor=month.actor(who), branch_id=month.world.branch.pk, year=2026, month=3, reason=reason
    )


def test_it_works_once_the_months_sheet_is_confirmed(month: Month) -> None:
    month.submit()
    month.confirm()
    sheet = _open(month)
    assert (sheet.kind, sheet.sequence, sheet.reason) == ("supplementary", 1, REASON)


def test_it_takes_the_late_claims_of_its_month(month: Month) -> None:
    month.submit()
    month.confirm()
    sheet = _open(month)
    with clock.at(date(2026, 4, 20)):
        assert month.review(month.claim(), on=sheet).sheet == sheet


@pytest.mark.parametrize("who", ["guilan", "second_secretary", "township_officer"])
def test_nobody_else_opens_it(month: Month, who: str) -> None:
    with pytest.raises(NotAllowed):
        _open(month, who)


def test_not_while_the_months_sheet_can_still_take_it(month: Month) -> None:
    with pytest.raises(DomainError) as refused:
        _open(month)
    assert refused.value.code == "sheet_open"


def test_not_without_a_reason(month: Month) -> None:
    with pytest.raises(DomainError) as refused:
        _open(month, reason=" ")
    assert refused.value.code == "reason_missing"
