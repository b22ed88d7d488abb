"""What the tests of daily conduct share: rules in force, and a zeroing case brought into any state."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from pioneer.conduct.models import ZeroingCase
from pioneer.conduct.zeroing import (
    answer_zeroing,
    approve_zeroing,
    propose_zeroing,
    refuse_zeroing,
    reverse_zeroing,
)
from pioneer.kernel import clock
from tests.world import TODAY, World, adopt_rulebook

OVER = date(2026, 4, 10)  # the day after the last of the five working days: 2, 3, 7, 8, 9 April


@pytest.fixture
def ruled(world: World) -> Iterator[World]:
    """The cast with the shipped rulebook in force, on Wednesday 1 April 2026."""
    adopt_rulebook(world)
    with clock.at(TODAY):
        yield world


def document(**changes: Any) -> dict[str, Any]:
    """A document with final effect, as filled in."""
    return {
        "indicator": "Z2",
        "document_kind": "penalty",
        "in_force": True,
        "issuer": "清河示范区公安分局",
        "document_number": "清公（治）行罚决字〔2026〕18号",
        "document_on": date(2026, 3, 20),
        "facts": "因殴打他人被行政拘留五日，决定书已送达并执行完毕。",
        **changes,
    }


Case = Callable[..., ZeroingCase]


@pytest.fixture
def case_in(ruled: World) -> Case:
    """A case of 李桂兰 in a state: proposed, waited, answered, approved, refused, reversed."""

    def bring(state: str = "proposed", name: str = "李桂兰", who: str = "guilan", by: str = "secretary") -> ZeroingCase:
        made = propose_zeroing(actor=ruled.actor(by), member_id=ruled.member(name).pk, **document(told_how="当面签收"))
        officer = ruled.actor("township_officer")
        if state in ("answered", "approved", "refused", "reversed"):
            made = answer_zeroing(actor=ruled.actor(who), case_id=made.pk, statement="我认错。")
        if state in ("approved", "reversed"):
            made = approve_zeroing(actor=officer, case_id=made.pk)
        if state == "refused":
            made = refuse_zeroing(actor=officer, case_id=made.pk, reason="文书当事人同名不同人")
        if state == "reversed":
            made = reverse_zeroing(actor=officer, case_id=made.pk, document="清河区法院（2026）行终3号，2026年4月1日")
        return made

    return bring
