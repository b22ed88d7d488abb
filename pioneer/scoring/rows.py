"""指标各行: reads ``[[positive]]``, ``[[reverse]]`` and ``[[zeroing]]`` with their values and conditions."""

from __future__ import annotations

from collections.abc import Callable, Collection

from pioneer.scoring.model import Index, Indicator, Multiplier, Prior, PriorKind, Shape, Step, Value
from pioneer.scoring.plan import level_key
from pioneer.scoring.reader import Table
from pioneer.scoring.sections import read_caps

SHAPES: dict[str, Shape] = {
    "fixed": "fixed",
    "per_unit": "per_unit",
    "range": "range",
    "ladder": "ladder",
    "brackets": "brackets",
    "cumulative": "cumulative",
    "nth": "nth",
}
PRIORS: dict[str, PriorKind] = {"education": "education", "reminder": "reminder"}
MOST_BACK = 120


def read_indicator(table: Table, index: Index, order: int, tracks: Collection[str]) -> Indicator:
    """指标: one row. ``order`` is its place in the whole rulebook."""
    provenance = table.provenance()
    code, name = table.code(), table.text("name")
    scored = index != "zeroing"
    prior = _prior(table) if scored else None
    return Indicator(
        code=code,
        name=name,
        index=index,
        clause=table.text("clause"),
        order=order,
        provenance=provenance,
        points_provenance=table.provenance("points_provenance", provenance) if scored else provenance,
        wording=table.text("wording"),
        aspect=table.text("aspect") if scored and table.has("aspect") else None,
        pool=table.text("pool") if index == "reverse" and table.has("pool") else None,
        tracks=table.words("tracks"),
        value=_value(table, tracks) if scored and not _decides_tier_only(table) else None,
        caps=read_caps(table) if scored else {},
        prior=prior,
        needs_decision=table.flag("decision") if scored else False,
        needs_document=table.flag("document", default=not scored),
        needs_words=table.flag("words") if scored else False,
        voids_claim=table.flag("voids_claim") if index == "reverse" else False,
        multipliers=_multipliers(table) if scored else (),
        tier_direct=table.text("tier_direct") if scored and table.has("tier_direct") else None,
        tier_at_most=table.text("tier_at_most") if scored and table.has("tier_at_most") else None,
        note=table.text("note", ""),
        answer=table.text("answer", ""),
    )


def _decides_tier_only(table: Table) -> bool:
    """只定等次: an indicator that decides the tier may go without a value."""
    return not table.has("value") and (table.has("tier_direct") or table.has("tier_at_most"))


def _prior(table: Table) -> Prior | None:
    return Prior(table.choice("prior", PRIORS)) if table.has("prior") else None


def _multipliers(table: Table) -> tuple[Multiplier, ...]:
    found = []
    for row in table.tables("multipliers"):
        found.append(Multiplier(row.code(), row.text("name"), row.points("factor", positive=True)))
        row.done()
    return tuple(found)


def _value(table: Table, tracks: Collection[str]) -> Value:
    inner = table.table("value")
    if inner is None:
        return Value("fixed")
    shape = inner.choice("shape", SHAPES)
    value = _READERS[shape](inner, tracks)
    inner.done()
    return value


def _by_track(table: Table, tracks: Collection[str]) -> dict[str, int]:
    return table.points_by("by_track", tracks, lambda name: f"没有类别“{name}”，请先在 [[tracks]] 写明或改正")


def _fixed(table: Table, tracks: Collection[str]) -> Value:
    return Value("fixed", points=table.points("points", positive=True), by_track=_by_track(table, tracks))


def _per_unit(table: Table, tracks: Collection[str]) -> Value:
    whole = table.flag("whole")
    default = table.maybe_points("default", positive=True)
    if whole and default is not None and default % 100:
        table.note("default", "数量须为整数（whole = true），默认数量也须为整数")
    return Value(
        "per_unit",
        points=table.points("points", positive=True),
        by_track=_by_track(table, tracks),
        unit=table.text("unit"),
        whole=whole,
        default=default,
        maximum=table.maybe_points("max", positive=True),
    )


def _range(table: Table, tracks: Collection[str]) -> Value:
    minimum, maximum = table.points("min"), table.points("max", positive=True)
    if maximum and minimum >= maximum:
        table.note("max", '最高值须大于最低值；若分值固定，请改用 shape = "fixed"')
    return Value("range", minimum=minimum, maximum=maximum)


def _ladder(table: Table, tracks: Collection[str]) -> Value:
    steps: list[Step] = []
    seen: dict[str, str] = {}
    for row in table.tables("steps", required=True):
        step = Step(row.code(), row.text("name"), row.points("points", positive=True), 0, row.words("aliases"))
        row.done()
        for spelling in (step.code, step.name, *step.aliases):
            key = level_key(spelling)
            if seen.setdefault(key, step.code) != step.code:
                row.note("", f"“{spelling}”同时属于“{seen[key]}”和“{step.code}”两级，请改正")
        if steps and step.points <= steps[-1].points:
            row.note("points", "级别须由低到高排列，分值逐级升高")
        steps.append(step)
    return Value("ladder", steps=tuple(steps))


def _steps(table: Table) -> tuple[Step, ...]:
    steps: list[Step] = []
    for row in table.tables("steps", required=True):
        start, points = row.points("from"), row.points("points")
        row.done()
        if steps and start <= steps[-1].start:
            row.note("from", "各档的起点须由小到大排列")
        if steps and points <= steps[-1].points:
            row.note("points", "各档的分值须逐档升高")
        steps.append(Step("", "", points, start))
    return tuple(steps)


def _brackets(table: Table, tracks: Collection[str]) -> Value:
    return Value("brackets", unit=table.text("unit"), whole=table.flag("whole"), steps=_steps(table))


def _cumulative(table: Table, tracks: Collection[str]) -> Value:
    return Value("cumulative", unit=table.text("unit"), whole=table.flag("whole"), steps=_steps(table))


def _nth(table: Table, tracks: Collection[str]) -> Value:
    listed = table.take("points")
    times: tuple[int, ...] = ()
    if isinstance(listed, list) and listed:
        times = tuple(table.as_points("points", item) for item in listed)
    else:
        table.note("points", "须为每次分值的列表，如 [1, 2, 5]，末项用于以后各次")
    back = table.whole("back_months", 1, MOST_BACK) if table.has("back_months") else None
    return Value("nth", times=times or (0,), back_months=back)


_READERS: dict[Shape, Callable[[Table, Collection[str]], Value]] = {
    "fixed": _fixed,
    "per_unit": _per_unit,
    "range": _range,
    "ladder": _ladder,
    "brackets": _brackets,
    "cumulative": _cumulative,
    "nth": _nth,
}
