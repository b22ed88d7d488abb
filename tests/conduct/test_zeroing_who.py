"""Every state of a zeroing × every act × every role: who may do what when, each cell tried.

By act, `WHO` says whom it is open to and whom it is shown to all the same; for everybody else it is not there. By state
and act, `ZEROING` says what becomes of it for those whom it is open to: `done`, or the code of the refusal. All of it
is tried twice: proposed by the secretary, and by an officer of the township who is the branch's deputy secretary too.
"""

from typing import Any

import pytest

from pioneer.accounts.models import Grant, Role
from pioneer.conduct.zeroing import answer_zeroing, approve_zeroing, propose_zeroing, refuse_zeroing, reverse_zeroing
from pioneer.kernel import clock
from tests.conduct.conftest import OVER, Case, document
from tests.publicity.test_who_may_when import Acts, tried
from tests.world import START, TODAY, World

pytestmark = pytest.mark.one_database

BOTH = "second_township_officer"  # here the deputy secretary of the branch as well
LEADS = f"secretary deputy {BOTH}"
BRANCH = f"recorder committee {LEADS}"
ABOVE = "community_officer district_officer auditor"
ROLES = (
    *("guilan", *BRANCH.split(), "township_officer", *ABOVE.split(), "system_admin", "security_admin"),
    *("xueqin", "second_secretary", "second_recorder", "town_officer", "village_secretary"),
    *("other_secretary", "other_township_officer", "other_district_officer", "clock", "visitor"),
)
WHO = {
    # act       (open to,                    shown to)
    "propose": (LEADS, f"guilan recorder committee township_officer {ABOVE}"),  # who sees the member
    "answer": (f"guilan {BRANCH}", "township_officer"),  # the member, or who takes it down
    "approve": (f"township_officer {BOTH}", f"guilan {BRANCH}"),
    "refuse": (f"township_officer {BOTH}", f"guilan {BRANCH}"),
    "reverse": (f"township_officer {BOTH}", f"guilan {BRANCH}"),
}
ZEROING = {
    # state      propose             answer              approve            refuse             reverse
    "none": ("done", "not_visible", "not_visible", "not_visible", "not_visible"),
    "proposed": ("proposed_already", "done", "too_early", "too_early", "not_in_force"),
    "waited": ("proposed_already", "answer_over", "done", "done", "not_in_force"),
    "answered": ("proposed_already", "answered_already", "done", "done", "not_in_force"),
    "approved": ("proposed_already", "answered_already", "decided_already", "decided_already", "done"),
    "refused": ("done", "answered_already", "decided_already", "decided_already", "not_in_force"),
    "reversed": ("done", "answered_already", "decided_already", "decided_already", "not_in_force"),
}  # `propose`: once more on the same document


def expected(state: str, proposer: str) -> dict[tuple[str, str], str]:
    """Who proposed neither takes down the answer nor decides, at whatever time; the zeroing's end is open to it."""
    cells = {}
    for act, outcome in zip(WHO, ZEROING[state], strict=True):
        may, see = (set(roles.split()) for roles in WHO[act])
        if state == "none" and act != "propose":
            may = see = set()
        for role in ROLES:
            cells[act, role] = outcome if role in may else "not_allowed" if role in see else "not_visible"
            if role == proposer and role in may and act in ("answer", "approve", "refuse"):
                cells[act, role] = "same_person"
    return cells


def acts_on(world: World, case_id: int) -> Acts:
    member = world.member("李桂兰").pk
    given: dict[str, Any] = {"case_id": case_id}
    return {
        "propose": lambda actor: propose_zeroing(actor=actor, member_id=member, **document(told_how="当面签收")),
        "answer": lambda actor: answer_zeroing(actor=actor, **given, statement="请核实", taken_how="本人口述"),
        "approve": lambda actor: approve_zeroing(actor=actor, **given),
        "refuse": lambda actor: refuse_zeroing(actor=actor, **given, reason="文书有误"),
        "reverse": lambda actor: reverse_zeroing(actor=actor, **given, document="行终3号"),
    }


@pytest.mark.parametrize("proposer", ["secretary", BOTH])
@pytest.mark.parametrize("state", ZEROING)
def test_who_may_do_what_with_a_zeroing(ruled: World, case_in: Case, state: str, proposer: str) -> None:
    Grant.objects.create(user=ruled.users[BOTH], role=Role.DEPUTY_SECRETARY, organisation=ruled.branch, from_on=START)
    reached = "proposed" if state == "waited" else state
    case_id = 0 if state == "none" else case_in(reached, by=proposer).pk
    with clock.at(OVER if state == "waited" else TODAY):
        assert tried(ruled, acts_on(ruled, case_id), ROLES) == expected(state, proposer)
