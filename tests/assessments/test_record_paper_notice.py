"""assessments.record_paper_notice"""

from datetime import date
from typing import Any

import pytest

from pioneer.assessments.lines import record_paper_notice
from pioneer.assessments.models import Line
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from tests.assessments.conftest import Month
from tests.world import TODAY


def tell(month: Month, line: Line, who: str = "recorder", **how: Any) -> Line:
    return record_paper_notice(actor=month.actor(who), line_id=line.pk, **{"told_on": TODAY, "receipt": True, **how})


def test_a_signed_receipt(month: Month) -> None:
    line = tell(month, month.enter("张㛃"))
    assert line.told_how == "书面告知，2026年4月1日，本人签收回执"
    assert line.wait_until == clock.end_of(date(2026, 4, 7))


def test_two_witnesses_by_name(month: Month) -> None:
    line = month.enter("张㛃")
    for witnesses in ([], ["单雪琴"], ["单雪琴", "单雪琴 "]):
        with pytest.raises(BadInput):
            tell(month, line, receipt=False, witnesses=witnesses)
    assert "见证人：单雪琴、李桂兰" in tell(month, line, receipt=False, witnesses=["单雪琴", "李桂兰"]).told_how


def test_the_time_to_answer_runs_from_the_day_on_the_receipt(month: Month) -> None:
    line = month.enter("张㛃")
    with clock.at(date(2026, 4, 10)):
        assert tell(month, line, told_on=date(2026, 4, 2)).wait_until == clock.end_of(date(2026, 4, 8))


def test_not_before_the_line_was_entered_nor_tomorrow(month: Month) -> None:
    line = month.enter("张㛃")
    for day in (date(2026, 3, 31), date(2026, 4, 2)):
        with pytest.raises(BadInput):
            tell(month, line, told_on=day)


def test_without_it_the_sheet_is_not_confirmed(month: Month) -> None:
    line = month.enter("张㛃")
    month.submit()
    with clock.at(date(2026, 6, 1)):
        with pytest.raises(DomainError) as refused:
            month.confirm()
        assert "张㛃没有账号" in refused.value.message
        tell(month, line, told_on=date(2026, 5, 20))
        assert month.confirm().state == "confirmed"


def test_not_where_the_inbox_has_told_already(month: Month) -> None:
    with pytest.raises(DomainError) as refused:
        tell(month, month.enter())
    assert refused.value.code == "already_told"


def test_who_may_not(month: Month) -> None:
    line = month.enter("张㛃")
    for who, error in [("township_officer", NotAllowed), ("second_secretary", NotVisible), ("guilan", NotVisible)]:
        with pytest.raises(error):
            tell(month, line, who)
