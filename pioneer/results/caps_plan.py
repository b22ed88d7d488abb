"""封顶的形状 How the caps on indicators and groups lie in one another: mostly nested, sometimes crossing.

Nested caps (a day in a week in a month … in the cycle, and around them the windows of a group) are counted by running
totals in one statement. Where a group's window is narrower than one of its indicators', where an indicator stands in
two groups, or where versions of the rules differ within the cycle, the order of evaluation decides: those codes are
`crossing` and are worked out by repetition. See steps/caps.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pioneer.results.slate import Row, Slate
from pioneer.scoring.model import WINDOWS
from pioneer.scoring.plan import Plan

Own = dict[int, int]  # window → cap
Shared = dict[str, Own]  # group → its caps


@dataclass(slots=True)
class CapShape:
    """封顶的形状 Windows in use by nested caps of indicators and of groups; the codes whose caps cross."""

    own: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    crossing: Mapping[str, int] = field(default_factory=dict)  # code → the number of those whose caps cross with it


def caps_of(plan: Plan) -> tuple[Own, Shared]:
    """一项的上限 Of its own, and of the groups it stands in."""
    own: Own = {}
    shared: Shared = {}
    for cap in plan.caps:
        owner = cap.bucket.rsplit("/", 1)[0]
        if owner == plan.indicator.code:
            own[cap.window] = cap.cap
        else:
            shared.setdefault(owner, {})[cap.window] = cap.cap
    return own, shared


def shape_of(plans: Iterable[Plan]) -> CapShape:
    """封顶的形状 Of all plans of the versions in play."""
    listed = list(plans)
    said: dict[str, list[tuple[Own, Shared]]] = {}
    for plan in listed:
        said.setdefault(plan.indicator.code, []).append(caps_of(plan))
    members: dict[str, set[str]] = {}
    for code, all_caps in said.items():
        for _, shared in all_caps:
            for group in shared:
                members.setdefault(group, set()).add(code)
    crossing: dict[str, int] = {}
    for number, code in enumerate((code for code, all_caps in said.items() if _crosses(all_caps)), start=1):
        if code not in crossing:
            crossing |= dict.fromkeys(_around(code, members), number)
    plain = [caps for code, all_caps in said.items() if code not in crossing for caps in all_caps[:1]]
    return CapShape(
        tuple(sorted({window for own, _ in plain for window in own})),
        tuple(sorted({window for _, shared in plain for caps in shared.values() for window in caps})),
        crossing,
    )


def _around(code: str, members: Mapping[str, set[str]]) -> set[str]:
    """The codes that share a cap with it, or with one that does."""
    found = {code}
    while grown := {other for codes in members.values() if codes & found for other in codes} - found:
        found |= grown
    return found


def _crosses(all_caps: list[tuple[Own, Shared]]) -> bool:
    own, shared = all_caps[0]
    if any(caps != (own, shared) for caps in all_caps) or len(shared) > 1:
        return True
    return any(max(own, default=0) > min(caps) for caps in shared.values())


def write_caps(slate: Slate, plans: Mapping[int, Plan], shape: CapShape) -> None:
    """上限入表 `nested`: a row per plan with a column per window; `crossing`: a row per plan and window."""
    nested: list[Row] = []
    crossing: list[Row] = []
    for number, plan in plans.items():
        if plan.indicator.code in shape.crossing:
            tangle = shape.crossing[plan.indicator.code]
            crossing += [(number, tangle, cap.bucket, cap.window, cap.cap) for cap in plan.caps]
            continue
        own, shared = caps_of(plan)
        group, caps = next(iter(shared.items()), ("", {}))
        windows = range(len(WINDOWS))
        nested.append((number, group, *(own.get(one) for one in windows), *(caps.get(one) for one in windows)))
    columns = [f"{whose}_{window} BIGINT" for whose in ("own", "shared") for window in WINDOWS]
    slate.fill("nested", f"plan INT, team TEXT, {', '.join(columns)}", nested, unique="plan")
    slate.fill("crossing", "plan INT, tangle INT, bucket TEXT, span INT, cap BIGINT", crossing, unique="plan, bucket")
