"""Every state of a zeroing case × every act on it: what it becomes, or the code it is refused with."""

from collections.abc import Callable
from typing import Any

import pytest

from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.zeroing import answer_zeroing, approve_zeroing, refuse_zeroing, reverse_zeroing
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from tests.conduct.conftest import OVER, Case
from tests.world import TODAY, World

Act = Callable[..., Any]
ACTS: dict[str, tuple[Act, str, dict[str, str]]] = {
    "answer": (answer_zeroing, "guilan", {"statement": "请核实"}),
    "approve": (approve_zeroing, "township_officer", {}),
    "refuse": (refuse_zeroing, "township_officer", {"reason": "文书有误"}),
    "reverse": (reverse_zeroing, "township_officer", {"document": "行终3号"}),
}
TABLE = {
    # state       answer               approve             refuse              reverse
    "proposed": ("answered", "!too_early", "!too_early", "!not_in_force"),
    "waited": ("!answer_over", "approved", "refused", "!not_in_force"),
    "answered": ("!answered_already", "approved", "refused", "!not_in_force"),
    "approved": ("!answered_already", "!decided_already", "!decided_already", "reversed"),
    "refused": ("!answered_already", "!decided_already", "!decided_already", "!not_in_force"),
    "reversed": ("!answered_already", "!decided_already", "!decided_already", "!not_in_force"),
}
CASES = [(state, act, outcome) for state, row in TABLE.items() for act, outcome in zip(ACTS, row, strict=True)]


@pytest.mark.parametrize(("state", "act", "outcome"), CASES, ids=lambda value: value)
def test_state_by_act(ruled: World, case_in: Case, state: str, act: str, outcome: str) -> None:
    case = case_in("proposed" if state == "waited" else state)
    before = ZeroingCase.objects.values().get(pk=case.pk)
    run, who, filled = ACTS[act]
    with clock.at(OVER if state == "waited" else TODAY):
        if not outcome.startswith("!"):
            assert run(actor=ruled.actor(who), case_id=case.pk, **filled).state == outcome
            return
        with pytest.raises(DomainError) as refusal:
            run(actor=ruled.actor(who), case_id=case.pk, **filled)
    assert refusal.value.code == outcome[1:]
    assert ZeroingCase.objects.values().get(pk=case.pk) == before
