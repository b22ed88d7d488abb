"""Every state of a follow-up × every act × every role: who may do what when, each cell tried and taken back.

By act, `WHO` says whom it is open to; whoever sees the follow-up all the same is told it may not, for everybody else it
is not there. By state and act, `TABLE` says what becomes of it for those whom it is open to.
"""

from datetime import timedelta

import pytest

from pioneer.accounts.models import Grant
from pioneer.followups.answering import answer_entry, correct_entry
from pioneer.followups.deciding import confirm_outcome, decide_outcome, end_follow_up, return_outcome
from pioneer.followups.services import (
    assign_talker,
    extend_plan,
    pair_helper,
    record_talk,
    record_visit,
    set_plan,
)
from tests.followups.conftest import NOW, TALK, Case
from tests.publicity.test_who_may_when import Acts, tried
from tests.world import World

pytestmark = pytest.mark.one_database

BRANCH = "recorder committee secretary deputy"
ABOVE = "community_officer township_officer"
ROLES = (
    *("guilan", *BRANCH.split(), *ABOVE.split(), "district_officer", "auditor", "system_admin"),
    *("xueqin", "second_secretary", "other_secretary", "other_district_officer", "clock", "visitor"),
)
SEES = set(f"guilan {BRANCH} {ABOVE} district_officer auditor".split())
OTHERS = f"committee deputy {ABOVE}"  # the secretary has entered the outcome, the recorder confirms nothing
WHO = {
    "assign": BRANCH, "talk": BRANCH, "pair": BRANCH, "plan": BRANCH, "visit": BRANCH, "extend": BRANCH,
    "decide": BRANCH, "confirm": OTHERS, "return": OTHERS, "end": BRANCH,
}  # fmt: skip
NOT = "not_now"
TABLE = {
    # state    assign  talk    pair    plan    visit   extend  decide       confirm return  end
    "opened": ("done", NOT, NOT, NOT, NOT, NOT, NOT, NOT, NOT, "still_here"),
    "assigned": ("done", "done", NOT, NOT, NOT, NOT, NOT, NOT, NOT, "still_here"),
    "talked": (NOT, NOT, "done", NOT, NOT, NOT, NOT, NOT, NOT, "still_here"),
    "paired": (NOT, NOT, "done", "done", NOT, NOT, NOT, NOT, NOT, "still_here"),
    "planned": (NOT, NOT, "done", NOT, "done", "done", "no_visit", NOT, NOT, "still_here"),
    "visited": (NOT, NOT, "done", NOT, "done", "done", "done", NOT, NOT, "still_here"),
    "decided": (NOT, NOT, NOT, NOT, NOT, NOT, NOT, "done", "done", "still_here"),
    "closed": ("closed",) * 10,
}


def acts_on(world: World, number: int) -> Acts:
    given = {"follow_up_id": number}
    dated = {**given, "on": NOW}
    person = world.member("曾永福").pk
    plan = {"text": "按时到会。", "due_on": NOW + timedelta(days=150)}
    decision = {"outcome": "corrected", "people": "支部委员会", "text": "按时到会。"}
    return {
        "assign": lambda actor: assign_talker(actor=actor, **dated, person_id=person),
        "talk": lambda actor: record_talk(actor=actor, **dated, **TALK),
        "pair": lambda actor: pair_helper(actor=actor, **dated, person_id=person),
        "plan": lambda actor: set_plan(actor=actor, **dated, **plan),
        "visit": lambda actor: record_visit(actor=actor, **dated, text="上门谈心。"),
        "extend": lambda actor: extend_plan(
            actor=actor, **given, due_on=NOW + timedelta(days=200), reason="外出务工，走访延后。"
        ),
        "decide": lambda actor: decide_outcome(actor=actor, **dated, **decision),
        "confirm": lambda actor: confirm_outcome(actor=actor, **given),
        "return": lambda actor: return_outcome(actor=actor, **given, reason="请再走访一次。"),
        "end": lambda actor: end_follow_up(actor=actor, **given, reason="已去世。"),
    }


def expected(state: str) -> dict[tuple[str, str], str]:
    cells = {}
    for act, outcome in zip(WHO, TABLE[state], strict=True):
        may = set(WHO[act].split())
        for role in ROLES:
            cells[act, role] = outcome if role in may else "not_allowed" if role in SEES else "not_visible"
            if state == "decided" and role == "secretary" and act in ("confirm", "return"):
                cells[act, role] = "same_person"
            elif role == "secretary" and act in ("confirm", "return"):
                cells[act, role] = "same_person" if state == "closed" else outcome
    return cells


@pytest.mark.parametrize("state", TABLE)
def test_who_may_do_what_with_a_follow_up(world: World, case_in: Case, state: str) -> None:
    found = case_in(state)
    assert tried(world, acts_on(world, found.pk), ROLES) == expected(state)


def test_who_talks_and_who_helps_enter_what_they_do_as_long_as_it_runs(world: World, case_in: Case) -> None:
    found = case_in("assigned")  # 罗小红 is to talk; here without an office
    Grant.objects.filter(user__in=[world.users["committee"], world.users["deputy"]]).delete()
    outcomes = tried(world, acts_on(world, found.pk), ("committee", "deputy"))
    assert outcomes["talk", "committee"] == "done" and outcomes["assign", "committee"] == "not_allowed"
    assert outcomes["talk", "deputy"] == "not_visible"


def test_what_the_member_says_and_what_is_corrected(world: World, case_in: Case) -> None:
    """An answer at any time by the member, or taken down by the branch; a correction by who enters the step."""
    found = case_in("planned")
    talk = found.entries.get(kind="talk").pk
    acts: Acts = {
        "answer": lambda actor: answer_entry(actor=actor, entry_id=talk, text="我没有缺席。", how="本人口述"),
        "correct": lambda actor: correct_entry(actor=actor, entry_id=talk, on=NOW, **TALK),
    }
    may = {"answer": {"guilan", *BRANCH.split()}, "correct": set(BRANCH.split())}
    assert tried(world, acts, ROLES) == {
        (act, role): "done" if role in may[act] else "not_allowed" if role in SEES else "not_visible"
        for act in acts
        for role in ROLES
    }
