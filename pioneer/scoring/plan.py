"""计分方案: one rulebook version prepared for fast counting. Derived from the model, adds no rule of its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pioneer.scoring.model import WINDOWS, Component, Indicator, Rulebook, Value, Window
from pioneer.scoring.reasons import CAPPED, GROUP_CAPPED, window_text

SUPPLEMENT = "supplement:"  # no code holds a colon, so no indicator or group can share the bucket


class CapPlan(NamedTuple):
    """封顶: a cap (hundredths) in one window; ``bucket`` is what it is used up by, the rest words the reason."""

    window: int
    cap: int
    bucket: str
    template: str
    window_name: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """指标方案: one indicator with its sign, caps (narrowest window first) and ladder levels by spelling."""

    indicator: Indicator
    rulebook: Rulebook
    value: Value | None
    sign: int
    caps: tuple[CapPlan, ...]
    tracks: frozenset[str] | None
    levels: Mapping[str, int]
    guarded: bool
    by_history: bool
    doubles: bool


@dataclass(frozen=True, slots=True)
class CompiledRulebook:
    """版本方案: all plans of one version by indicator code, its outside components as indicators, its tracks' codes."""

    rulebook: Rulebook
    plans: Mapping[str, Plan]
    tracks: frozenset[str]
    outside: Mapping[str, Indicator]


def level_key(text: str) -> str:
    """级别写法: the spelling levels are compared by: full width made half, no spaces, small letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def compile_rulebook(rulebook: Rulebook) -> CompiledRulebook:
    """计分方案: the rulebook prepared for counting."""
    plans = {code: _plan(rulebook, indicator) for code, indicator in rulebook.indicators.items()}
    outside = {row.code: _outside(row, len(plans) + place) for place, row in enumerate(rulebook.components)}
    return CompiledRulebook(rulebook, plans, frozenset(track.code for track in rulebook.tracks), outside)


def _outside(row: Component, order: int) -> Indicator:
    return Indicator(
        code=row.code,
        name=row.name,
        index="outside",
        clause=row.clause,
        order=order,
        provenance=row.provenance,
        points_provenance=row.provenance,
        wording=row.name,
        value=Value("per_unit", points=row.weight, unit="分", maximum=row.maximum),
    )


def _plan(rulebook: Rulebook, indicator: Indicator) -> Plan:
    value = indicator.value
    levels: dict[str, int] = {}
    if value is not None and value.shape == "ladder":
        for step in value.steps:
            for spelling in (step.code, step.name, *step.aliases):
                levels[level_key(spelling)] = step.points
    doubles = indicator.index == "reverse" and rulebook.indices["reverse"].repeat == "double"
    return Plan(
        indicator=indicator,
        rulebook=rulebook,
        value=value,
        sign=-1 if indicator.index == "reverse" else 1,
        caps=_caps(rulebook, indicator),
        tracks=frozenset(indicator.tracks) or None,
        levels=levels,
        guarded=bool(indicator.prior) or indicator.needs_decision or indicator.needs_words or indicator.needs_document,
        by_history=doubles or (value is not None and value.shape in ("nth", "cumulative")),
        doubles=doubles,
    )


def _caps(rulebook: Rulebook, indicator: Indicator) -> tuple[CapPlan, ...]:
    own = [_cap(window, cap, indicator.code, CAPPED, indicator.name) for window, cap in indicator.caps.items()]
    shared = [
        _cap(window, cap, f"group:{group.code}", GROUP_CAPPED, f"“{group.name}”")
        for group in rulebook.groups
        if indicator.code in group.indicators
        for window, cap in group.caps.items()
    ]
    rule = rulebook.supplement
    local = rule.caps.items() if rule is not None and indicator.local else ()
    shared += [_cap(window, cap, SUPPLEMENT, GROUP_CAPPED, "支部补充") for window, cap in local]
    return tuple(sorted(own + shared, key=lambda cap: cap.window))


def _cap(window: Window, cap: int, owner: str, template: str, name: str) -> CapPlan:
    return CapPlan(WINDOWS.index(window), cap, f"{owner}/{window}", template, window_text(window), name)
