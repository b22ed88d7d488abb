"""积分办法的数据模型: a rulebook, frozen, as the loader makes it.

Shapes only: no behaviour that needs a clock, a database or a file.
Units: every amount of points and every quantity is an exact ``int`` in hundredths
(``150`` is 1.5 points, or 1.5 hours). Deductions are negative wherever they stand for a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pioneer.scoring.channels import Channels as Channels
from pioneer.scoring.closing import Alarm as Alarm
from pioneer.scoring.closing import Clamp as Clamp
from pioneer.scoring.closing import Component as Component
from pioneer.scoring.closing import Quota as Quota
from pioneer.scoring.closing import Result as Result
from pioneer.scoring.closing import Streak as Streak
from pioneer.scoring.closing import Tier as Tier
from pioneer.scoring.kinds import WINDOWS as WINDOWS
from pioneer.scoring.kinds import End as End
from pioneer.scoring.kinds import Every as Every
from pioneer.scoring.kinds import Follow as Follow
from pioneer.scoring.kinds import Index as Index
from pioneer.scoring.kinds import Method as Method
from pioneer.scoring.kinds import MistakeLevel as MistakeLevel
from pioneer.scoring.kinds import Period as Period
from pioneer.scoring.kinds import PriorKind as PriorKind
from pioneer.scoring.kinds import Provenance as Provenance
from pioneer.scoring.kinds import Ranked as Ranked
from pioneer.scoring.kinds import Rounding as Rounding
from pioneer.scoring.kinds import Several as Several
from pioneer.scoring.kinds import Shape as Shape
from pioneer.scoring.kinds import Source as Source
from pioneer.scoring.kinds import Ties as Ties
from pioneer.scoring.kinds import Unit as Unit
from pioneer.scoring.kinds import Voids as Voids
from pioneer.scoring.kinds import Window as Window
from pioneer.scoring.passbook import PassbookRule as PassbookRule
from pioneer.scoring.procedure import Parameter as Parameter
from pioneer.scoring.procedure import Procedure as Procedure

# ---------------------------------------------------------------- the rulebook


@dataclass(frozen=True, slots=True)
class Meta:
    """办法名称: name, district and validity. ``valid_to`` is the last day it holds, ``None`` = until replaced."""

    code: str
    name: str
    district: str
    version: str
    valid_from: date
    valid_to: date | None
    provenance: Provenance
    note: str = ""


@dataclass(frozen=True, slots=True)
class CycleRule:
    """周期: ``months`` (3, 6 or 12) counted from the first day of ``start_month`` (1–12)."""

    start_month: int
    months: int
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Track:
    """类别: a kind of member with indicators of its own, such as ``rural`` 农村 and ``community`` 社区."""

    code: str
    name: str
    clause: str
    provenance: Provenance
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """基本指数: opening points of a cycle, in hundredths.

    ``by_track`` replaces ``points`` for the tracks it names; both are allotted anew in each ``period``.
    ``inherited_share`` (hundredths of one) of the former cycle's score is added, ``inherited_without`` where there is
    none. Allotments of pools are added too.
    """

    points: int
    by_track: Mapping[str, int]
    inherited_share: int
    clause: str
    provenance: Provenance
    period: Period = "cycle"
    inherited_without: int = 0


@dataclass(frozen=True, slots=True)
class IndexRule:
    """指数: one of basic, positive, reverse, zeroing, as the regulation names it.

    ``cap`` limits all additions (positive) or all deductions (reverse), in each ``cap_period``; ``net`` (positive only)
    lets deductions make room under it; ``repeat = "double"`` (reverse only) doubles the second and later occurrence of
    an indicator in a cycle.
    """

    code: Literal["basic", "positive", "reverse", "zeroing"]
    name: str
    clause: str
    provenance: Provenance
    cap: int | None = None
    net: bool = False
    repeat: Literal["none", "double"] = "none"
    cap_period: Period = "cycle"


@dataclass(frozen=True, slots=True)
class Aspect:
    """方面: a group of indicators; ``cap`` limits its additions in each ``cap_period``, ``None`` = no limit."""

    code: str
    name: str
    cap: int | None
    net: bool
    clause: str
    provenance: Provenance
    cap_provenance: Provenance
    cap_period: Period = "cycle"


@dataclass(frozen=True, slots=True)
class Pool:
    """分池: a deduct-only allotment with its own floor, once per period (扣完为止)."""

    code: str
    name: str
    points: int
    floor: int
    period: Period
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Step:
    """档: one step of a ladder, bracket or cumulative ladder. ``start`` is a quantity in hundredths (0 on a ladder)."""

    code: str
    name: str
    points: int
    start: int = 0
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """分值: how an occurrence is valued. All amounts are magnitudes in hundredths; the index gives the sign.

    fixed: ``points`` · per_unit: ``points`` per ``unit``, at most ``maximum`` per event, ``whole`` numbers only,
    ``default`` quantity when none is given · range: ``minimum``..``maximum``, decided with a reason ·
    ladder: ``steps`` by level · brackets, cumulative: ``steps`` by quantity · nth: ``times`` for the 1st, 2nd, … time,
    the last repeats, counted over the cycle or ``back_months`` back · shortfall: ``points`` per ``unit`` that the
    quantity stays under ``required``, at most ``maximum`` · to_floor: all its pool can lose in a period (``points`` is
    filled in from the pool). ``by_track`` replaces ``points`` per track.
    """

    shape: Shape
    points: int = 0
    by_track: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    whole: bool = False
    default: int | None = None
    minimum: int = 0
    maximum: int | None = None
    steps: tuple[Step, ...] = ()
    times: tuple[int, ...] = ()
    back_months: int | None = None
    required: int = 0


@dataclass(frozen=True, slots=True)
class Multiplier:
    """加倍: a named circumstance that multiplies the value; ``factor`` in hundredths (200 = ×2)."""

    code: str
    name: str
    factor: int


@dataclass(frozen=True, slots=True)
class Prior:
    """前置教育: an education record or reminder needed on an earlier day than the event."""

    kind: PriorKind


@dataclass(frozen=True, slots=True)
class Indicator:
    """指标: one row of the positive, reverse or zeroing index.

    ``tracks`` empty = all tracks. ``caps`` maps a window to hundredths. ``value`` is ``None`` for zeroing, and where
    an occurrence only decides the tier or voids claims: ``tier_direct`` gives that tier, ``tier_at_most`` none better
    than that; ``voids``: the ``claim`` named when it is entered, or everybody's additions of the same ``event``.
    ``order`` is its place in the rulebook. ``provenance`` speaks of the item, ``points_provenance`` of its points.
    ``proposed_from`` names what of the branch's daily conduct proposes a line of it.
    ``local`` names the branch and its minutes where the row is a local supplement. Index ``outside`` is a component.
    """

    code: str
    name: str
    index: Index
    clause: str
    order: int
    provenance: Provenance
    points_provenance: Provenance
    wording: str
    aspect: str | None = None
    pool: str | None = None
    tracks: tuple[str, ...] = ()
    value: Value | None = None
    caps: Mapping[Window, int] = field(default_factory=dict)
    prior: Prior | None = None
    needs_decision: bool = False
    needs_document: bool = False
    needs_words: bool = False
    voids: Voids | None = None
    multipliers: tuple[Multiplier, ...] = ()
    tier_direct: str | None = None
    tier_at_most: str | None = None
    proposed_from: Source | None = None
    note: str = ""
    answer: str = ""
    local: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """合并封顶: a cap shared by several indicators."""

    code: str
    name: str
    indicators: tuple[str, ...]
    caps: Mapping[Window, int]
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SupplementRule:
    """支部补充: a branch may add ``indicators`` of up to ``points`` an occurrence; ``caps`` limit all together."""

    indicators: int
    points: int
    caps: Mapping[Window, int]
    aspect: str | None
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class CadenceRow:
    """频次: how often a step of the method is taken."""

    every: Every
    by: str
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Cadence:
    """三步工作法: declaration 党员申报, assessment 支部考评, announcement 年底通报."""

    declaration: CadenceRow
    assessment: CadenceRow
    announcement: CadenceRow


@dataclass(frozen=True, slots=True)
class People:
    """人员: statuses on the cycle's last day that are scored but get no tier."""

    untiered: tuple[str, ...]
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Rulebook:
    """积分办法: one version, complete and immutable. ``digest`` is the SHA-256 of its text, in hex."""

    meta: Meta
    cycle: CycleRule
    tracks: tuple[Track, ...]
    opening: Opening
    clamp: Clamp
    indices: Mapping[str, IndexRule]
    aspects: tuple[Aspect, ...]
    pools: tuple[Pool, ...]
    groups: tuple[Group, ...]
    indicators: Mapping[str, Indicator]
    tiers: tuple[Tier, ...]
    cadence: Cadence
    procedure: Procedure
    people: People
    digest: str
    result: Result
    components: tuple[Component, ...] = ()
    quotas: tuple[Quota, ...] = ()
    streaks: tuple[Streak, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    supplement: SupplementRule | None = None
    channels: Channels | None = None
    passbook: PassbookRule | None = None

    def component(self, code: str) -> Component | None:
        """外部成绩: the component of this code, or ``None``."""
        return next((row for row in self.components if row.code == code), None)

    def track(self, code: str) -> Track | None:
        """类别: the track of this code, or ``None``."""
        return next((track for track in self.tracks if track.code == code), None)

    def aspect(self, code: str) -> Aspect | None:
        """方面: the aspect of this code, or ``None``."""
        return next((aspect for aspect in self.aspects if aspect.code == code), None)

    def tier(self, code: str) -> Tier | None:
        """等次: the tier of this code, or ``None``."""
        return next((tier for tier in self.tiers if tier.code == code), None)

    def of_index(self, index: Index, track: str | None = None) -> tuple[Indicator, ...]:
        """指标: the indicators of one index in rulebook order, of one track if given."""
        return tuple(
            row
            for row in self.indicators.values()
            if row.index == index and (track is None or not row.tracks or track in row.tracks)
        )


# ---------------------------------------------------------------- mistakes


@dataclass(frozen=True, slots=True)
class Mistake:
    """错误或提示: where (table and key), the line (1-based, 0 = the whole file), a sentence that says what to do."""

    place: str
    line: int
    message: str
    level: MistakeLevel = "mistake"

    def __str__(self) -> str:
        where = f"第{self.line}行 {self.place}" if self.line else self.place
        return f"{where}：{self.message}"
