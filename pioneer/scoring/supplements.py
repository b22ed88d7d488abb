"""支部补充: indicators a branch adds within what the rulebook allows. Minuted by the branch, approved above it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pioneer.scoring.consistency import WINDOW_WORDS, check_caps, check_room
from pioneer.scoring.loader import parse
from pioneer.scoring.model import Indicator, Mistake, Rulebook, SupplementRule
from pioneer.scoring.points import show
from pioneer.scoring.positions import Positions
from pioneer.scoring.reader import Notebook, Table
from pioneer.scoring.rows import read_local

SHAPES = ("fixed", "per_unit", "range")


@dataclass(frozen=True, slots=True)
class Supplement:
    """支部补充: the rows of one branch, and the meeting that decided them."""

    branch: str
    minutes: str
    rows: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class SupplementOutcome:
    """读入结果: ``supplement`` is ``None`` when there are ``mistakes``."""

    supplement: Supplement | None
    mistakes: tuple[Mistake, ...]


def load_supplement_path(path: Path, rulebook: Rulebook) -> SupplementOutcome:
    """读入支部补充: from a file. What cannot be read is a mistake, not an exception."""
    try:
        content = path.read_bytes()
    except (OSError, ValueError):
        return SupplementOutcome(None, (Mistake(str(path), 0, f"读不到“{path}”，请核对路径"),))
    return load_supplement(content, rulebook)


def load_supplement(text: str | bytes, rulebook: Rulebook) -> SupplementOutcome:
    """读入支部补充: TOML text, checked against what the rulebook allows. All mistakes come in one run."""
    parsed = parse(text)
    if isinstance(parsed, Mistake):
        return SupplementOutcome(None, (parsed,))
    notebook = Notebook(Positions(parsed.text))
    found = read_supplement_table(Table(notebook, (), parsed.content), rulebook)
    if notebook.mistakes:
        return SupplementOutcome(None, tuple(sorted(set(notebook.mistakes), key=lambda row: (row.line, row.place))))
    return SupplementOutcome(found, ())


def read_supplement_table(table: Table, rulebook: Rulebook) -> Supplement:
    """支部补充: its rows, with every mistake noted."""
    branch, minutes = table.text("branch"), table.text("minutes")
    rows = []
    rule, tracks = rulebook.supplement, [track.code for track in rulebook.tracks]
    taken = {*rulebook.indicators, *(component.code for component in rulebook.components)}
    for place, inner in enumerate(table.tables("positive", required=True)):
        row = read_local(inner, 10_000 + place, tracks)
        inner.done()
        if row.code in taken:
            inner.note("code", f"编号“{row.code}”已用过，请另取一个")
        taken.add(row.code)
        if rule is not None:
            _check_row(row, rule, inner, tracks)
            rows.append(_marked(row, rule, f"{branch}，{minutes}"))
    table.done()
    if rule is None:
        table.note("positive", "本区的积分办法不允许支部补充指标，请改由区级在办法中写明")
    elif len(rows) > rule.indicators:
        table.note("positive", f"支部最多补充{rule.indicators}项，这里有{len(rows)}项，请删减（{rule.clause}）")
    return Supplement(branch, minutes, tuple(rows))


def _marked(row: Indicator, rule: SupplementRule, local: str) -> Indicator:
    return replace(row, aspect=rule.aspect, clause=rule.clause, local=local)


def _check_row(row: Indicator, rule: SupplementRule, table: Table, tracks: Collection[str]) -> None:
    value = row.value
    for track in row.tracks:
        if track not in tracks:
            table.note("tracks", f"没有类别“{track}”，请改正，可写：{'、'.join(tracks)}")
    check_caps(row.caps, table.path, table.notebook)
    check_room(row, table.path, table.notebook)
    if value is None or value.shape not in SHAPES:
        table.note("value", f"支部补充的分值不能用这种形式，可写：{'、'.join(SHAPES)}")
        return
    if value.shape == "per_unit" and value.maximum is None:
        table.note("value", "按数量计分须写明一次最多几分，请补上 max")
        return
    most = value.maximum if value.maximum is not None else max([value.points, *value.by_track.values()])
    if most > rule.points:
        limit = f"一次最多{show(rule.points)}分（{rule.clause}）"
        table.note("value", f"支部补充{limit}，这里是{show(most)}分，请改低")
    for window, cap in row.caps.items():
        if window in rule.caps and cap > rule.caps[window]:
            allowed = f"{WINDOW_WORDS[window]}上限{show(cap)}分高于支部补充合计的{show(rule.caps[window])}分"
            table.note("caps", f"{allowed}，永远不会起作用，请改低")


def with_supplements(rulebook: Rulebook, supplements: Iterable[Supplement]) -> Rulebook:
    """并入支部补充: the rulebook with the rows of these branches, each marked. Codes must differ."""
    rows: Sequence[Indicator] = [row for supplement in supplements for row in supplement.rows]
    if not rows:
        return rulebook
    order = len(rulebook.indicators)
    added = {row.code: replace(row, order=order + place) for place, row in enumerate(rows)}
    if len(added) < len(rows) or any(code in rulebook.indicators for code in added):
        raise ValueError("支部补充的编号重复")
    return replace(rulebook, indicators={**rulebook.indicators, **added})
