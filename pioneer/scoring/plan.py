"""计分方案: one rulebook version prepared for fast counting. Derived from the model, adds no rule of its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pioneer.scoring.model import WINDOWS, Component, Indicator, Rulebook, Value, Window
from pioneer.scoring.reasons import CAPPED, GROUP_CAPPED, window_text

UNLIMITED = 10**15  # hundredths: a window that only another version limits, kept to know what counted in it
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


def compile_versions(versions: Sequence[Rulebook]) -> tuple[CompiledRulebook, ...]:
    """各版本的计分方案: where one version looks at what happened before, or at what already counted in a window,
    occurrences under the others count too."""
    compiled = _named_apart([compile_rulebook(version) for version in versions])
    looked_at = {code for one in compiled for code, plan in one.plans.items() if plan.by_history}
    capped: dict[str, dict[str, CapPlan]] = {}
    for one in compiled:
        for code, plan in one.plans.items():
            capped.setdefault(code, {}).update((cap.bucket, cap._replace(cap=UNLIMITED)) for cap in plan.caps)

    def joined(code: str, plan: Plan) -> Plan:
        own = {cap.bucket for cap in plan.caps}
        others = [cap for bucket, cap in capped[code].items() if bucket not in own]
        caps = tuple(sorted((*plan.caps, *others), key=lambda cap: cap.window))
        return replace(plan, caps=caps, by_history=plan.by_history or code in looked_at)

    return tuple(replace(one, plans={code: joined(code, plan) for code, plan in one.plans.items()}) for one in compiled)


def _named_apart(compiled: Sequence[CompiledRulebook]) -> list[CompiledRulebook]:
    """合并封顶的区分: a group that changed its members from one version to the next is another group."""
    members: dict[str, tuple[str, ...]] = {}
    found = []
    for place, one in enumerate(compiled):
        renamed = {
            f"group:{group.code}/": f"group:{group.code}#{place}/"
            for group in one.rulebook.groups
            if members.setdefault(group.code, tuple(sorted(group.indicators))) != tuple(sorted(group.indicators))
        }
        plans = {code: replace(plan, caps=_renamed(plan.caps, renamed)) for code, plan in one.plans.items()}
        found.append(replace(one, plans=plans) if renamed else one)
    return found


def _renamed(caps: tuple[CapPlan, ...], names: Mapping[str, str]) -> tuple[CapPlan, ...]:
    return tuple(
        next(
            (cap._replace(bucket=cap.bucket.replace(old, new)) for old, new in names.items() if old in cap.bucket), cap
        )
        for cap in caps
    )


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
