"""存折规则: what a posted point is worth in the passbook, which is a currency of its own and never touches a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pioneer.scoring.kinds import Provenance

Feeding = Literal["positive", "reverse"]
Worth = Literal["exact", "down", "half_up", "up"]
Keep = Literal["carried", "cleared", "expiring"]
FEEDING: tuple[Feeding, ...] = ("positive", "reverse")
WORTHS: dict[str, Worth] = {"exact": "exact", "down": "down", "half_up": "half_up", "up": "up"}
KEEPS: dict[str, Keep] = {"carried": "carried", "cleared": "cleared", "expiring": "expiring"}
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class PassbookRule:
    """存折规则: ``ratio`` and ``budget`` in hundredths; ``years`` where points expire, each credit by itself."""

    indices: tuple[Feeding, ...]
    ratio: int
    rounding: Worth
    keep: Keep
    years: int | None
    budget: int | None
    clause: str
    provenance: Provenance

    def worth(self, counted: int) -> int:
        """存折积分: what so many hundredths of a score are worth, rounded once, away from no sign."""
        exact = abs(counted) * self.ratio  # in ten-thousandths
        unit = HUNDRED if self.rounding == "exact" else HUNDRED * HUNDRED
        whole, rest = divmod(exact, unit)
        if (self.rounding in ("exact", "half_up") and rest * 2 >= unit) or (self.rounding == "up" and rest):
            whole += 1
        points = whole * (unit // HUNDRED)
        return points if counted >= 0 else -points
