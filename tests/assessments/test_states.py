"""Which act a sheet takes in which state: one table. "partly" is submitted, with some of it confirmed by a deputy."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from pioneer.assessments.claims import accept_declarations, reopen_review
from pioneer.assessments.lines import answer_line, edit_line, enter_correction, remove_line
from pioneer.assessments.models import Line
from pioneer.assessments.services import confirm_sheet, return_sheet, submit_sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from tests.assessments.conftest import MARCH_12, Month
from tests.world import TODAY

LATER = TODAY + timedelta(days=20)
Act = Callable[[Month, Line], object]


def _edit(month: Month, line: Line) -> object:
    return edit_line(
        actor=month.actor("recorder"), line_id=line.pk, edit=line.edit, event_on=MARCH_12, ground="签到册二"
    )


def _submit(month: Month, line: Line) -> object:
    return submit_sheet(actor=month.actor("recorder"), sheet_id=month.sheet.pk, edit=month.sheet.edit)


def _confirm(month: Month, line: Line) -> object:
    return confirm_sheet(actor=month.actor("secretary"), sheet_id=month.sheet.pk, edit=month.sheet.edit)


ACTS: dict[str, Act] = {
    "enter": lambda month, line: month.enter(indicator="A3"),
    "edit": _edit,
    "remove": lambda month, line: remove_line(actor=month.actor("recorder"), line_id=line.pk, reason="记错"),
    "review": lambda month, line: month.review(month.claim(event_on=date(2026, 3, 20))),
    "accept": lambda month, line: accept_declarations(
        actor=month.actor("recorder"), sheet_id=month.sheet.pk, declaration_ids=[month.claim().pk]
    ),
    "reopen": lambda month, line: reopen_review(
        actor=month.actor("recorder"), declaration_id=Line.objects.get(declaration__isnull=False).declaration_id or 0
    ),
    "answer": lambda month, line: answer_line(actor=month.actor("guilan"), line_id=line.pk, statement="没有意见"),
    "submit": _submit,
    "return": lambda month, line: return_sheet(
        actor=month.actor("secretary"), sheet_id=month.sheet.pk, reason="缺依据"
    ),
    "confirm": _confirm,
    "correct": lambda month, line: enter_correction(
        actor=month.actor("recorder"), sheet_id=month.april().pk, line_id=line.pk, ground="记错人"
    ),
}
MAY = {
    "open": {"enter", "edit", "remove", "review", "accept", "reopen", "answer", "submit"},
    "submitted": {"answer", "return", "confirm"},
    "partly": {"return", "confirm"},
    "confirmed": {"correct"},
}


@pytest.mark.parametrize("state", MAY)
@pytest.mark.parametrize("act", ACTS)
def test_state_by_act(month: Month, state: str, act: str) -> None:
    line = month.enter()
    month.review(month.claim())
    if state == "partly":
        month.enter("曾永福", indicator="A3")
    if state != "open":
        month.submit()
    with clock.at(LATER):
        if state == "confirmed":
            month.confirm()
        if state == "partly":
            month.confirm("deputy")
        month.sheet.refresh_from_db()
        assert month.sheet.state == state.replace("partly", "submitted")
        if act in MAY[state]:
            assert ACTS[act](month, line)
        else:
            with pytest.raises(DomainError):
                ACTS[act](month, line)
            month.sheet.refresh_from_db()
            assert month.sheet.state == state.replace("partly", "submitted")
