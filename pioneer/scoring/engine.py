"""计分引擎: scores one member in the fixed order of evaluation and says why. (Public signatures; see docs/rulebook.md.)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from pioneer.scoring.facts import Cycle, Fact, Member
from pioneer.scoring.model import Rulebook
from pioneer.scoring.outcome import Score


class Valuation(NamedTuple):
    """分值: signed ``points`` of one occurrence before caps; ``refusal`` by a rule, or ``mistake`` = unusable."""

    points: int
    refusal: str | None
    mistake: str | None


class Engine:
    """计分引擎: several versions of one rulebook, picked by event date."""

    def __init__(self, versions: Sequence[Rulebook]) -> None:
        """Raises ValueError when there is no version, or two hold on the same day."""
        raise NotImplementedError

    def version_on(self, day: date) -> Rulebook | None:
        """适用版本: the version in force on ``day``, ``None`` when there is none."""
        raise NotImplementedError

    def cycle_of(self, day: date) -> Cycle:
        """周期: the cycle that holds ``day``. Raises LookupError when no version is in force on it."""
        raise NotImplementedError

    def value(self, fact: Fact, track: str) -> Valuation:
        """分值: steps 1–3 for one fact, without looking at any other."""
        raise NotImplementedError

    def score(self, member: Member, facts: Iterable[Fact], cycle: Cycle) -> Score:
        """得分: all steps for one member in one cycle."""
        raise NotImplementedError
