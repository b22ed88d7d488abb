"""assessments.edit_line"""

from datetime import date
from typing import Any

import pytest

from pioneer.assessments.lines import answer_line, edit_line
from pioneer.assessments.models import Line
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from tests.assessments.conftest import MARCH_12, Month


def edit(month: Month, line: Line, who: str = "recorder", **changes: Any) -> Line:
    form = {"event_on": line.event_on, "ground": line.ground, "quantity": line.quantity, "edit": line.edit, **changes}
    return edit_line(actor=month.actor(who), line_id=line.pk, **form)


def test_a_changed_deduction_is_told_again_and_waits_anew(month: Month) -> None:
    line = month.enter(indicator="N4")
    answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="已补交")
    with clock.at(date(2026, 4, 3)):
        line = edit(month, line, quantity=200)
    assert line.value == -400 and line.statement_at is None and line.statement == "已补交"
    assert Message.objects.count() == 2
    assert line.wait_until == clock.end_of(date(2026, 4, 9))


def test_an_unchanged_deduction_is_not_told_again(month: Month) -> None:
    line = month.enter(indicator="N4")
    edit(month, line)
    assert Message.objects.count() == 1


def test_the_second_of_two_sees_what_changed(month: Month) -> None:
    line = month.enter(indicator="A3")
    stale = line.edit
    edit(month, line, "committee", event_on=date(2026, 3, 13))
    with pytest.raises(DomainError) as refused:
        edit(month, line, edit=stale, ground="另一依据")
    assert refused.value.code == "edited_meanwhile" and "罗小红" in refused.value.message


def test_of_a_claims_line_only_the_wording(month: Month) -> None:
    month.review(month.claim())
    line = Line.objects.get()
    with pytest.raises(DomainError) as refused:
        edit(month, line, event_on=date(2026, 3, 13))
    assert refused.value.code == "from_claim"
    assert edit(month, line, wording="为老人办实事").wording == "为老人办实事"


def test_who_may_not(month: Month) -> None:
    line = month.enter("单雪琴")
    for who, error in [("xueqin", NotAllowed), ("guilan", NotVisible), ("second_secretary", NotVisible)]:
        with pytest.raises(error):
            edit(month, line, who)


def test_the_rules_hold_as_on_entering(month: Month) -> None:
    line = month.enter()
    for changes in ({"ground": ""}, {"event_on": date(2026, 4, 2)}, {"wording": "打牌没来"}):
        with pytest.raises(DomainError):
            edit(month, line, **changes)
    assert Line.objects.get().event_on == MARCH_12


def test_a_removed_line_is_not_edited(month: Month) -> None:
    from pioneer.assessments.lines import remove_line

    line = month.enter()
    remove_line(actor=month.actor("recorder"), line_id=line.pk, reason="记错人")
    with pytest.raises((DomainError, BadInput)) as refused:
        edit(month, line)
    assert "记错人" in str(refused.value)
