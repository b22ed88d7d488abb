"""事实: what goes into scoring. A member, its facts, and the cycle they are scored in.

Units: points and quantities are exact ``int`` in hundredths. Dates are plain ``date`` (days of Asia/Shanghai).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Cycle(NamedTuple):
    """周期: first and last day, both included."""

    first_on: date
    last_on: date


class TrackSpell(NamedTuple):
    """类别时段: the member belongs to ``track`` from ``from_on`` until the next spell begins."""

    from_on: date
    track: str


class Fact(NamedTuple):
    """事实: one occurrence. A named tuple and no dataclass, because a million of them must be cheap.

    ``row`` names it in answers (row of a file, number of a ledger entry or sheet line; unique per member).
    ``quantity``, ``value`` (decided value of a range, a magnitude) and ``fixed`` are hundredths.
    ``fixed`` is the signed value a ledger entry already holds: steps 2 and 3 were done when it was posted.
    ``posted_order`` is the order of posting, ``None`` = not posted yet, counted after all that are.
    ``decision`` and ``words``: ``None`` = not asked (a plain file), ``False`` = missing.
    ``track`` overrides the member's spells for this fact. ``education_on`` is the education record or reminder.
    ``corrected``: this entry was corrected and is left out as if it had never been.
    ``carried``: a total taken over from paper (``fixed``, and ``quantity`` for a cumulative ladder). It is held to the
    caps of the whole cycle only, is no time of anything and belongs to no event.
    """

    row: int
    indicator: str
    event_on: date
    quantity: int | None = None
    value: int | None = None
    level: str | None = None
    event: str | None = None
    education_on: date | None = None
    decision: bool | None = None
    words: bool | None = None
    document: str | None = None
    document_on: date | None = None
    posted_order: int | None = None
    fixed: int | None = None
    multiplier: str | None = None
    track: str | None = None
    corrected: bool = False
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """党员: what scoring needs to know. ``tracks`` ascend by date; ``status`` is that of the cycle's last day.

    ``status`` is ``full`` or any word of the rulebook's ``people.untiered`` (``probationary``, ``exempt`` …).
    ``joined_on`` is the joining or the transfer from outside, ``None`` = long before the cycle.
    ``previous`` is the former cycle's score (hundredths), only needed where the opening inherits a share of it.
    ``former`` are the tiers of the cycles before, the latest first, ``None`` = a cycle without tier: each a code of the
    rulebook, or the tier's lower bound (hundredths) as it was filed then.
    """

    code: str
    tracks: tuple[TrackSpell, ...]
    name: str = ""
    status: str = "full"
    joined_on: date | None = None
    previous: int | None = None
    former: tuple[str | int | None, ...] = ()

    def track_on(self, day: date) -> str:
        """类别: the track on ``day``; before the first spell, the first one's."""
        found = self.tracks[0].track
        for spell in self.tracks:
            if spell.from_on > day:
                break
            found = spell.track
        return found
