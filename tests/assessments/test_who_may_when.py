"""谁在何时可办什么 Every state × operation × person, for sheets and declarations: allowed, or with what it is refused.

One word for each person of WHO, in that order, "word*3" for three of them: "." is allowed; 403 and 404 are who may not
and who sees nothing; any other word is the code of a refusal for now.
"""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from pioneer.assessments.claims import accept_declarations, reopen_review, review_declaration
from pioneer.assessments.lines import (
    answer_line,
    edit_line,
    enter_correction,
    enter_line,
    enter_lines,
    record_paper_notice,
    remove_line,
)
from pioneer.assessments.models import Line
from pioneer.assessments.services import (
    confirm_sheet,
    open_sheet,
    open_supplementary_sheet,
    return_sheet,
    submit_sheet,
)
from pioneer.assessments.takeover import enter_totals, open_takeover_sheet
from pioneer.assessments.totals import Total
from pioneer.declarations.services import declare, withdraw_declaration
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from tests.assessments.conftest import MARCH_12, Month
from tests.assessments.test_takeover import fill, take_over
from tests.world import TODAY

pytestmark = pytest.mark.one_database

LATER = TODAY + timedelta(days=20)
WHO = (
    "recorder",
    "committee",
    "deputy",
    "secretary",
    "guilan",  # whose lines and claims they are
    "xueqin",
    "second_secretary",
    "community_officer",
    "township_officer",
    "district_officer",
    "auditor",
)
Ops = dict[str, Callable[[Any], object]]


class Scene:
    """What the operations act on: a line told to its member, one of who has no account, a claim decided."""

    def __init__(self, month: Month) -> None:
        self.month, self.world = month, month.world
        self.line, self.paper = month.enter(), month.enter("张㛃", "committee")
        self.decided = month.claim()
        self.review = month.review(self.decided)
        self.sheet = month.sheet
        self.waiting: Any = None

    def fact(self) -> dict[str, Any]:
        return {"indicator": "A3", "event_on": MARCH_12, "ground": "签到册"}

    def member(self, name: str = "李桂兰") -> int:
        return self.world.member(name).pk


def sheet_operations(s: Scene) -> Ops:
    sheet, edit = s.sheet.pk, s.sheet.edit
    on = {"event_on": MARCH_12, "ground": "签到册二"}
    cells = [Total(s.member(), "A1", 100)]
    return {
        "enter": lambda a: enter_line(actor=a, sheet_id=sheet, member_id=s.member(), **s.fact()),
        "enter for several": lambda a: enter_lines(actor=a, sheet_id=sheet, member_ids=[s.member()], **s.fact()),
        "edit": lambda a: edit_line(actor=a, line_id=s.line.pk, edit=s.line.edit, **on),
        "remove": lambda a: remove_line(actor=a, line_id=s.line.pk, reason="记错"),
        "tell on paper": lambda a: record_paper_notice(
            actor=a, line_id=s.paper.pk, told_on=clock.today(), receipt=True
        ),
        "answer": lambda a: answer_line(actor=a, line_id=s.line.pk, statement="没有意见"),
        "answer for": lambda a: answer_line(actor=a, line_id=s.line.pk, statement="没有意见", by_proxy=True),
        "reopen": lambda a: reopen_review(actor=a, declaration_id=s.decided.pk),
        "totals": lambda a: enter_totals(actor=a, sheet_id=sheet, edit=edit, cells=cells),
        "submit": lambda a: submit_sheet(actor=a, sheet_id=sheet, edit=edit),
        "return": lambda a: return_sheet(actor=a, sheet_id=sheet, reason="缺依据"),
        "confirm": lambda a: confirm_sheet(actor=a, sheet_id=sheet, edit=edit),
        "correct": lambda a: enter_correction(actor=a, sheet_id=s.month.april().pk, line_id=s.line.pk, ground="记错人"),
        "open": lambda a: open_sheet(actor=a, branch_id=s.world.branch.pk, year=2026, month=3),
        "open another": lambda a: open_supplementary_sheet(
            actor=a, branch_id=s.world.branch.pk, year=2026, month=3, reason="补记"
        ),
        "take over": lambda a: open_takeover_sheet(
            actor=a, branch_id=s.world.branch.pk, on=date(2026, 3, 31), ground="台账"
        ),
    }


def in_state(month: Month, state: str) -> Scene:
    if state == "takeover":
        scene = Scene.__new__(Scene)
        scene.month, scene.world = month, month.world
        scene.sheet = fill(month.world, take_over(month.world), ("李桂兰", "A3", 100), ("张㛃", "N7", 50))
        scene.line, scene.paper = (Line.objects.get(indicator=code) for code in ("A3", "N7"))
        scene.decided = month.claim()
        return scene
    scene = Scene(month)
    if state == "partly":
        month.enter("曾永福", "committee", indicator="A3")
    if state != "open":
        month.submit()
    if state in ("partly", "confirmed"):
        record_paper_notice(actor=month.actor("recorder"), line_id=scene.paper.pk, told_on=TODAY, receipt=True)
    if state == "partly":
        with clock.at(LATER):
            month.confirm("deputy")
    if state == "confirmed":
        with clock.at(LATER):
            month.confirm("deputy")
    for one in (scene.line, scene.paper):
        one.refresh_from_db()
    month.sheet.refresh_from_db()
    scene.sheet = month.sheet
    return scene


def tried(act: Callable[[Any], object], actor: Any) -> str:
    """The outcome; whatever was written is taken back."""
    try:
        with transaction.atomic():
            act(actor)
            transaction.set_rollback(True)
    except DomainError as refusal:
        return str(refusal.status) if refusal.status in (403, 404) else refusal.code
    return "."


def row(month: Month, act: Callable[[Any], object]) -> str:
    found = [list(same) for _, same in groupby(tried(act, month.actor(who)) for who in WHO)]
    return " ".join(f"{same[0]}*{len(same)}" if len(same) > 1 else same[0] for same in found)


SHEETS: dict[str, dict[str, str]] = {
    "open": {
        "enter": ".*4 404*3 403*4",
        "enter for several": ".*4 404*3 403*4",
        "edit": ".*4 403 404*2 403*4",
        "remove": ".*4 403 404*2 403*4",
        "tell on paper": ".*4 404*3 403*4",
        "answer": "404*4 . 404*6",
        "answer for": "same_person .*3 403 404*2 403*4",
        "reopen": ".*4 404*3 403*4",
        "totals": "no_takeover_sheet*4 404*3 403*4",
        "submit": ".*4 404*3 403*4",
        "return": "sheet_not_submitted*4 404*3 sheet_not_submitted*2 403*2",
        "confirm": "403 sheet_not_submitted*3 404*3 403*4",
        "correct": "not_confirmed*4 404*3 403*4",
        "open": "sheet_exists*4 403*7",
        "open another": "sheet_open*4 403*7",
        "take over": "sheet_begun*4 403*7",
    },
    "submitted": {
        "enter": "sheet_not_open*4 404*3 403*4",
        "enter for several": "sheet_not_open*4 404*3 403*4",
        "edit": "sheet_not_open*4 403 404*2 403*4",
        "remove": "sheet_not_open*4 403 404*2 403*4",
        "tell on paper": ".*4 404*3 403*4",
        "answer": "404*4 . 404*6",
        "answer for": "same_person .*3 403 404*2 403*4",
        "reopen": "sheet_not_open*4 404*3 403*4",
        "totals": "no_takeover_sheet*4 404*3 403*4",
        "submit": "sheet_not_open*4 404*3 403*4",
        "return": ".*4 404*3 .*2 403*2",
        "confirm": "403 sheet_not_ready*3 404*3 403*4",
        "correct": "not_confirmed*4 404*3 403*4",
        "open": "sheet_exists*4 403*7",
        "open another": "sheet_open*4 403*7",
        "take over": "sheet_begun*4 403*7",
    },
    "partly": {
        "enter": "sheet_not_open*4 404*3 403*4",
        "enter for several": "sheet_not_open*4 404*3 403*4",
        "edit": "sheet_not_open*4 403 404*2 403*4",
        "remove": "sheet_not_open*4 403 404*2 403*4",
        "tell on paper": "already_told*4 404*3 403*4",
        "answer": "404*4 line_confirmed 404*6",
        "answer for": "same_person line_confirmed*3 403 404*2 403*4",
        "reopen": "sheet_not_open*4 404*3 403*4",
        "totals": "no_takeover_sheet*4 404*3 403*4",
        "submit": "sheet_not_open*4 404*3 403*4",
        "return": ".*4 404*3 .*2 403*2",
        "confirm": "403*3 . 404*3 403*4",
        "correct": "not_confirmed*4 404*3 403*4",
        "open": "sheet_exists*4 403*7",
        "open another": "sheet_open*4 403*7",
        "take over": "sheet_begun*4 403*7",
    },
    "confirmed": {
        "enter": "sheet_not_open*4 404*3 403*4",
        "enter for several": "sheet_not_open*4 404*3 403*4",
        "edit": "sheet_not_open*4 403 404*2 403*4",
        "remove": "sheet_not_open*4 403 404*2 403*4",
        "tell on paper": "sheet_not_open*4 404*3 403*4",
        "answer": "404*4 sheet_not_open 404*6",
        "answer for": "same_person sheet_not_open*3 403 404*2 403*4",
        "reopen": "sheet_not_open*4 404*3 403*4",
        "totals": "no_takeover_sheet*4 404*3 403*4",
        "submit": "sheet_not_open*4 404*3 403*4",
        "return": "sheet_not_submitted*4 404*3 sheet_not_submitted*2 403*2",
        "confirm": "403 sheet_confirmed*3 404*3 sheet_confirmed*2 403*2",
        "correct": ".*4 404*3 403*4",
        "open": "sheet_exists*4 403*7",
        "open another": ".*4 403*7",
        "take over": "sheet_confirmed*4 403*7",
    },
    "takeover": {
        "enter": "takeover_sheet*4 404*3 403*4",
        "enter for several": "takeover_sheet*4 404*3 403*4",
        "edit": "takeover_sheet*4 403 404*2 403*4",
        "remove": ".*4 403 404*2 403*4",
        "tell on paper": "nothing_to_tell*4 404*3 403*4",
        "answer": "404*4 nothing_to_answer 404*6",
        "answer for": "same_person nothing_to_answer*3 403 404*2 403*4",
        "reopen": "404*11",
        "totals": ".*4 404*3 403*4",
        "submit": ".*4 404*3 403*4",
        "return": "sheet_not_submitted*4 404*3 sheet_not_submitted*2 403*2",
        "confirm": "403 sheet_not_submitted*3 404*3 403*4",
        "correct": "not_confirmed*4 404*3 403*4",
        "open": "taken_over*4 403*7",
        "open another": "taken_over*4 403*7",
        "take over": "taken_over*4 403*7",
    },
}


@pytest.mark.parametrize("state", ["open", "submitted", "partly", "confirmed", "takeover"])
def test_sheets(month: Month, state: str) -> None:
    scene = in_state(month, state)
    with clock.at(TODAY if state in ("open", "takeover") else LATER):
        found = {name: row(month, act) for name, act in sheet_operations(scene).items()}
    assert found == SHEETS[state]


def claim_in(month: Month, state: str) -> Any:
    claim = month.claim()
    if state == "taken":
        month.review(claim)
    if state == "withdrawn":
        withdraw_declaration(actor=month.actor("guilan"), declaration_id=claim.pk)
    if state == "shown":
        month.review(claim)
        month.done()
    claim.refresh_from_db()
    return claim


def claim_operations(month: Month, claim: Any) -> Ops:
    sheet = month.sheet.pk
    fact = {"indicator": "B5", "event_on": date(2026, 3, 20), "place": "槐园小区", "matter": "送邻居就医"}
    return {
        "declare": lambda a: declare(actor=a, member_id=claim.member_id, request_key=uuid4(), **fact),
        "withdraw": lambda a: withdraw_declaration(actor=a, declaration_id=claim.pk),
        "accept": lambda a: review_declaration(actor=a, sheet_id=sheet, declaration_id=claim.pk, outcome="accepted"),
        "reject": lambda a: review_declaration(
            actor=a, sheet_id=sheet, declaration_id=claim.pk, outcome="rejected", reason="不符"
        ),
        "accept many": lambda a: accept_declarations(actor=a, sheet_id=sheet, declaration_ids=[claim.pk]),
        "reopen": lambda a: reopen_review(actor=a, declaration_id=claim.pk),
    }


CLAIMS: dict[str, dict[str, str]] = {
    "submitted": {
        "declare": ".*5 404*2 . 403*3",
        "withdraw": "403*4 . 404*2 403*4",
        "accept": ".*4 404*3 403*4",
        "reject": ".*4 404*3 403*4",
        "accept many": ".*4 404*3 403*4",
        "reopen": "404*11",
    },
    "taken": {
        "declare": ".*5 404*2 . 403*3",
        "withdraw": "403*4 already_reviewed 404*2 403*4",
        "accept": "already_reviewed*4 404*3 403*4",
        "reject": "already_reviewed*4 404*3 403*4",
        "accept many": "bad_input*4 404*3 403*4",
        "reopen": ".*4 404*3 403*4",
    },
    "withdrawn": {
        "declare": ".*5 404*2 . 403*3",
        "withdraw": "403*4 . 404*2 403*4",
        "accept": "withdrawn*4 404*3 403*4",
        "reject": "withdrawn*4 404*3 403*4",
        "accept many": "bad_input*4 404*3 403*4",
        "reopen": "404*11",
    },
    "shown": {
        "declare": ".*5 404*2 . 403*3",
        "withdraw": "403*4 already_reviewed 404*2 403*4",
        "accept": "sheet_not_open*4 404*3 403*4",
        "reject": "sheet_not_open*4 404*3 403*4",
        "accept many": "sheet_not_open*4 404*3 sheet_not_open*2 403*2",
        "reopen": "sheet_not_open*4 404*3 403*4",
    },
}


@pytest.mark.parametrize("state", ["submitted", "taken", "withdrawn", "shown"])
def test_declarations(month: Month, state: str) -> None:
    claim = claim_in(month, state)
    found = {name: row(month, act) for name, act in claim_operations(month, claim).items()}
    assert found == CLAIMS[state]
