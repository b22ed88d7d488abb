"""步骤的次序 Which step follows which, and at whose desk each is taken. Pure: no table is read.

The kinds, the order and the bounds of a correction are the national measures', no rulebook changes them.
"""

from collections.abc import Collection
from typing import Literal

from pioneer.disposals.models import Case, Step

Kind = Case.Kind
Taken = Step.Kind
Desk = Literal["branch", "township", "district", "member"]
USUAL_MONTHS, MOST_MONTHS = 6, 12  # how long a correction usually takes, and at most
BARRED_YEARS = 5  # who left or was removed may not rejoin within

_ORDER = (
    Taken.PROPOSED, Taken.PRIOR_FILED, Taken.INVESTIGATED, Taken.TALKED, Taken.REVIEWED, Taken.REVIEWED_ABOVE,
    Taken.VOTED, Taken.APPROVED, Taken.APPROVED_ABOVE, Taken.ANNOUNCED,
)  # fmt: skip
_ABOVE = (Taken.REVIEWED_ABOVE, Taken.APPROVED_ABOVE)
DESK: dict[str, Desk] = {
    Taken.PROPOSED: "branch",
    Taken.PRIOR_FILED: "township",
    Taken.INVESTIGATED: "branch",
    Taken.TALKED: "branch",
    Taken.REVIEWED: "township",
    Taken.REVIEWED_ABOVE: "district",
    Taken.VOTED: "branch",
    Taken.APPROVED: "township",
    Taken.APPROVED_ABOVE: "district",
    Taken.ANNOUNCED: "branch",
    Taken.RESPONDED: "branch",
    Taken.APPEALED: "member",
    Taken.APPEAL_ANSWERED: "district",
}
ANSWERS = frozenset({Taken.PRIOR_FILED, Taken.REVIEWED, Taken.REVIEWED_ABOVE, Taken.APPROVED, Taken.APPROVED_ABOVE})


def order_of(kind: str) -> tuple[Taken, ...]:
    """一类处置的各步 Up to the announcement."""
    return tuple(one for one in _ORDER if kind != Kind.CORRECTION or one not in _ABOVE)


def next_steps(kind: str, state: str, taken: Collection[str]) -> tuple[Taken, ...]:
    """接下来的一步 Exactly one until the announcement; then what the member may still do, and the answer to it."""
    if state == Case.State.OPEN:
        return tuple(one for one in order_of(kind) if one not in taken)[:1]
    if state != Case.State.IN_EFFECT:
        return ()
    if Taken.APPEALED in taken and Taken.APPEAL_ANSWERED not in taken:
        return (Taken.APPEAL_ANSWERED,)
    found: tuple[Taken, ...] = ()
    if kind == Kind.ADVICE and Taken.RESPONDED not in taken:
        found = (Taken.RESPONDED,)
    return found if Taken.APPEALED in taken else (*found, Taken.APPEALED)
