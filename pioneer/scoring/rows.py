"""指标各行: reads ``[[positive]]``, ``[[reverse]]`` and ``[[zeroing]]`` with their values and conditions."""

from __future__ import annotations

from collections.abc import Callable, Collection

from pioneer.scoring.model import Index, Indicator, Multiplier, Prior, PriorKind, Shape, Source, Step, Value, Voids
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
    "shortfall": "shortfall",
    "to_floor": "to_floor",
}
VOIDS: dict[str, Voids] = {"claim": "claim", "event": "event"}
SOURCES: dict[str, dict[str, Source]] = {
    "positive": {"attendance": "attendance"},
    "reverse": {"late": "late", "absence": "absence", "dues": "dues"},
}
REVERSE_ONLY = ("shortfall", "to_floor")
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
        aspect=table.text("aspect") if scored and table.knows("aspect") else None,
        pool=table.text("pool") if index == "reverse" and table.knows("pool") else None,
        tracks=table.words("tracks"),
        value=_value(table, tracks, index) if scored and not _goes_without_value(table) else None,
        caps=read_caps(table) if scored else {},
        prior=prior,
        needs_decision=table.flag("decision") if scored else False,
        needs_document=_document(table, scored),
        needs_words=table.flag("words") if scored else False,
        voids=table.choice("voids", VOIDS) if index == "reverse" and table.knows("voids") else None,
        multipliers=_multipliers(table) if scored else (),
        tier_direct=table.text("tier_direct") if scored and table.knows("tier_direct") else None,
        tier_at_most=table.text("tier_at_most") if scored and table.knows("tier_at_most") else None,
        proposed_from=_proposed_from(table, index) if scored else None,
        note=table.text("note", ""),
        answer=table.text("answer", ""),
    )


def read_local(table: Table, order: int, tracks: Collection[str]) -> Indicator:
    """支部补充: one row of a branch's own; its clause and aspect come from the rulebook's ``[supplement]``."""
    return Indicator(
        code=table.code(),
        name=table.text("name"),
        index="positive",
        clause="",
        order=order,
        provenance="assumed",
        points_provenance="assumed",
        wording=table.text("wording"),
        tracks=table.words("tracks"),
        value=_value(table, tracks, "positive"),
        caps=read_caps(table),
        note=table.text("note", ""),
    )


def _document(table: Table, scored: bool) -> bool:
    """文件: whether one must be named. A zeroing without one isn't looked at, whatever the rulebook says."""
    needed = table.flag("document", default=not scored)
    if not scored and not needed:
        table.note("document", "清零须依据生效文件，不能写 false，请改为 true 或删去这一项")
    return needed


def _goes_without_value(table: Table) -> bool:
    """不计分值: an indicator that decides the tier, or makes claims void, may go without a value."""
    return not table.knows("value") and any(table.has(key) for key in ("tier_direct", "tier_at_most", "voids"))


def _prior(table: Table) -> Prior | None:
    return Prior(table.choice("prior", PRIORS)) if table.knows("prior") else None


def _proposed_from(table: Table, index: Index) -> Source | None:
    """提议来源: what of the branch's daily conduct proposes a line; attendance adds, the others deduct."""
    if not table.knows("proposed_from"):
        return None
    other = "reverse" if index == "positive" else "positive"
    written = table.content["proposed_from"]
    if isinstance(written, str) and written in SOURCES[other]:
        which = "反向" if other == "reverse" else "正向"
        table.note("proposed_from", f"“{written}”只用于{which}指数，请移到 [[{other}]] 的指标，或删去这一项")
        return None
    return table.choice("proposed_from", SOURCES[index])


def _multipliers(table: Table) -> tuple[Multiplier, ...]:
    found: list[Multiplier] = []
    for row in table.tables("multipliers"):
        multiplier = Multiplier(row.code(), row.text("name"), row.points("factor", positive=True))
        row.done()
        for spelling in dict.fromkeys((multiplier.code, multiplier.name)):
            if spelling in {word for known in found for word in (known.code, known.name)}:
                row.note("", f"加倍情形“{spelling}”写了两次，按哪个计没有定法，请改名或删去其一")
        found.append(multiplier)
    return tuple(found)


def _value(table: Table, tracks: Collection[str], index: Index) -> Value:
    inner = table.table("value")
    if inner is None:
        return Value("fixed")
    shape = inner.choice("shape", SHAPES)
    if shape in REVERSE_ONLY and index != "reverse":
        inner.note("shape", f"“{shape}”只用于反向指数，请改用其他形式，或把这一项移到 [[reverse]]")
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
        table.note("default", "数量须为整数（whole = true），默认数量也须为整数，请改正")
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
        if step.code in {known.code for known in steps}:
            row.note("code", f"级别“{step.code}”写了两次，请另取一个或删去其一")
        if steps and step.points <= steps[-1].points:
            row.note("points", "级别须由低到高排列，分值逐级升高，请调整次序或分值")
        steps.append(step)
    return Value("ladder", steps=tuple(steps))


def _steps(table: Table) -> tuple[Step, ...]:
    steps: list[Step] = []
    for row in table.tables("steps", required=True):
        start, points = row.points("from"), row.points("points")
        row.done()
        if steps and start <= steps[-1].start:
            row.note("from", "各档的起点须由小到大排列，请调整次序或起点")
        if steps and points <= steps[-1].points:
            row.note("points", "各档的分值须逐档升高，请改正")
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


def _shortfall(table: Table, tracks: Collection[str]) -> Value:
    whole, required = table.flag("whole"), table.points("required", positive=True)
    if whole and required % 100:
        table.note("required", "数量须为整数（whole = true），应达数量也须为整数，请改正")
    return Value(
        "shortfall",
        points=table.points("points", positive=True),
        unit=table.text("unit"),
        whole=whole,
        maximum=table.maybe_points("max", positive=True),
        required=required,
    )


def _to_floor(table: Table, tracks: Collection[str]) -> Value:
    return Value("to_floor")


_READERS: dict[Shape, Callable[[Table, Collection[str]], Value]] = {
    "fixed": _fixed,
    "per_unit": _per_unit,
    "range": _range,
    "ladder": _ladder,
    "brackets": _brackets,
    "cumulative": _cumulative,
    "nth": _nth,
    "shortfall": _shortfall,
    "to_floor": _to_floor,
}
