"""合计与等次的数据模型: what a rulebook says of the score as a whole: method, limits, tiers, quotas, streaks, alarms.

Units as in ``model``: exact ``int`` hundredths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pioneer.scoring.kinds import End, Follow, Method, Period, Provenance, Ranked, Rounding, Several, Ties


@dataclass(frozen=True, slots=True)
class Clamp:
    """最低分与最高分: floor and ceiling of the score in hundredths, ``None`` = no such limit."""

    floor: int | None
    ceiling: int | None
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Result:
    """合计: how the cycle's score comes about. ``total`` runs through the cycle; ``sum`` and ``mean`` score each
    ``period`` by itself, within ``floor`` and ``ceiling``, and then add or average.

    ``coefficient`` (hundredths, 100 = 1) multiplies the member's own total, before outside components;
    ``coefficient_by_track`` replaces it for the tracks it names.
    """

    method: Method
    period: Period
    floor: int | None
    ceiling: int | None
    coefficient: int
    coefficient_by_track: Mapping[str, int]
    clause: str
    provenance: Provenance

    @property
    def is_by_period(self) -> bool:
        """分期计分: is each period scored by itself?"""
        return self.method != "total"


@dataclass(frozen=True, slots=True)
class Tier:
    """等次: ``lower`` is the least score (hundredths) that reaches it; the lowest tier has ``lower = 0``.

    ``list`` names the public list of the tier (红榜), where it has one. ``follow`` says which proceeding follows a
    result in it: commend 表扬推荐, encourage 勉励, help 帮教, unqualified 不合格; ``None`` = none.
    """

    code: str
    name: str
    lower: int
    consequence: str
    clause: str
    provenance: Provenance
    list: str = ""
    follow: Follow | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """外部成绩: a mark from outside, at most ``maximum``, that counts ``weight`` (hundredths) times its value.

    ``without`` counts where no mark was entered; ``None`` = then no tier is given. ``several``: what two marks mean.
    """

    code: str
    name: str
    maximum: int
    weight: int
    without: int | None
    several: Several
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Quota:
    """名额: at most ``share`` (numerator, denominator) holds ``tier`` (``end`` top), or the last ``share`` falls to it.

    ``ranked``: of whom the share is taken and who is ranked. ``ties``: where equal scores across the line go.
    """

    tier: str
    share: tuple[int, int]
    end: End
    ranked: Ranked
    rounding: Rounding
    ties: Ties
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Streak:
    """连续等次: reached when ``cycles`` cycles on end closed in ``at_most`` or worse, or in ``at_least`` or better."""

    code: str
    name: str
    at_most: str | None
    at_least: str | None
    cycles: int
    consequence: str
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Alarm:
    """预警线: the score so far is ``below`` a line, or ``deductions`` of one ``period`` reach it (hundredths).

    ``tier_at_most``: no better tier while it stands.
    """

    code: str
    name: str
    below: int | None
    deductions: int | None
    period: Period
    tier_at_most: str | None
    consequence: str
    clause: str
    provenance: Provenance
