"""得分: what comes out of scoring. Lines with their reasons, sub-totals, the score and its tier.

Units: points are exact ``int`` in hundredths, deductions negative. ``points.show`` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pioneer.scoring.facts import Cycle, Fact, Member
from pioneer.scoring.model import Indicator, Rulebook
from pioneer.scoring.reasons import Note, explain, sentence


class Unusable(NamedTuple):
    """不可用: a fact that could not be scored at all (unknown indicator, another track, malformed …), and why."""

    row: int
    reason: str


class Line(NamedTuple):
    """得分明细: one fact with its value ``raw`` (step 3) and what ``counted`` after the indicator's caps (step 5).

    Both signed hundredths. ``refused`` = step 2, 4 or a zeroing left nothing of it. ``rulebook`` is the version used.
    ``notes`` say what was trimmed or refused; the sentence is only made when ``reason`` is read. ``outdone``: refused
    by step 4 alone, because another line of the same event counts instead.
    """

    fact: Fact
    indicator: Indicator
    rulebook: Rulebook
    raw: int
    counted: int
    refused: bool
    notes: tuple[Note, ...]
    outdone: bool = False

    @property
    def row(self) -> int:
        """行号: the fact's ``row``."""
        return self.fact.row

    @property
    def event_on(self) -> date:
        """发生日期: the day of the event."""
        return self.fact.event_on

    @property
    def reason(self) -> str:
        """得分依据: one Chinese sentence with value, trims or refusal, and the clause."""
        return explain(self.fact, self.indicator, self.raw, self.counted, self.notes)


@dataclass(frozen=True, slots=True)
class AspectScore:
    """方面小计: ``counted`` additions of its indicators, and what its cap leaves of them (``capped``)."""

    code: str
    name: str
    counted: int
    capped: int
    cap: int | None
    clause: str


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """外部成绩小计: what one component adds; without an ``entered`` mark that is what the rulebook says for then."""

    code: str
    name: str
    points: int
    weight: int
    entered: bool
    clause: str


@dataclass(frozen=True, slots=True)
class PeriodScore:
    """分期得分: one period of a cycle whose periods are scored by themselves (``sum``, ``mean``).

    ``basic`` + ``positive`` + ``reverse`` (what pools and caps leave of it) is limited to ``score``. ``counts`` is
    false for a period that a mean leaves out.
    """

    number: int
    basic: int
    positive: int
    reverse: int
    score: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """已触发: an alarm line or a streak that was reached, and what it proposes. Nothing follows by itself."""

    code: str
    name: str
    consequence: str
    clause: str


@dataclass(frozen=True, slots=True)
class PoolScore:
    """分池小计: one pool in one period: allotment, deductions (≤ 0), and what its floor forgives (≥ 0)."""

    code: str
    name: str
    period: str
    points: int
    deducted: int
    forgiven: int
    clause: str


@dataclass(frozen=True, slots=True)
class Score:
    """得分: the result of one member in one cycle.

    ``basic`` opening score · ``positive`` additions after aspect caps and the cap on all additions · ``reverse`` the
    plain sum of the reverse lines (≤ 0) · ``outside`` the components · ``zeroed``: then ``score`` is 0 and the tier the
    lowest, the indices stay. ``score`` after pools, floor and ceiling. ``tier`` is a code, ``None`` when no tier is
    given; ``steps`` say why, in the order of evaluation. ``lines`` in order of evaluation, marks of components last;
    ``version`` is the one in force on the last day. ``periods`` is empty for a running total; there ``basic``,
    ``positive`` and ``reverse`` are sums over the periods that count.
    """

    member: Member
    cycle: Cycle
    version: Rulebook
    track: str
    basic: int
    positive: int
    reverse: int
    zeroed: bool
    score: int
    tier: str | None
    lines: tuple[Line, ...]
    unusable: tuple[Unusable, ...]
    aspects: tuple[AspectScore, ...]
    pools: tuple[PoolScore, ...]
    notes: tuple[Note, ...]
    outside: int = 0
    components: tuple[ComponentScore, ...] = ()
    periods: tuple[PeriodScore, ...] = ()
    alarms: tuple[Reached, ...] = ()
    streaks: tuple[Reached, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """计算过程: sentences from the opening score to the tier, each citing its clause."""
        return tuple(sentence(note) for note in self.notes)
