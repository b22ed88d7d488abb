"""积分办法工作簿的样式: which sheets and columns a rulebook has in Excel, all of it from the format's schema.

One sheet per table, a row per row; the four indices, the three steps and the parameters share a sheet each, with a
first column that says which. Steps and multipliers stand on sheets of their own, with the code of their indicator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from pioneer.scoring import schema
from pioneer.scoring.schema import Choice, Key, Section

__all__ = ["HELP_SHEET", "INDICATORS", "OWNED", "Column", "Grid", "grid_named", "grids"]

HELP_SHEET = "说明"
INDICATORS = ("positive", "reverse", "zeroing")
OWNED = ("steps", "multipliers")
_SHARED = {"indices": ("指数", "index"), "cadence": ("三步工作法", "step"), "procedure": ("程序", "parameter")}
_OWNED_NAMES = {"steps": "级别与档次", "multipliers": "加倍情形"}
_CELL_KINDS = frozenset(("value", "rows", "points_by_window"))


@dataclass(frozen=True, slots=True)
class Column:
    """列: its title, the path of its key within a row's table, and what the schema says of it."""

    title: str
    path: tuple[str, ...]
    key: Key

    @property
    def name(self) -> str:
        """键名: as the second header row writes it, such as ``caps.month``."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Grid:
    """表样: one sheet. ``top`` is the table's name at the top of a file; ``selector`` the first column's key, where a
    sheet holds several tables (its choices are their names); ``owned`` the key of an indicator its rows belong to."""

    name: str
    top: str
    columns: tuple[Column, ...]
    many: bool
    meaning: str
    selector: bool = False
    owned: str = ""

    def column(self, path: tuple[str, ...]) -> Column | None:
        """取列: the column of a path within a row."""
        return next((column for column in self.columns if column.path == path), None)


@lru_cache(maxsize=1)
def grids() -> tuple[Grid, ...]:
    """各表: every sheet in the order of the format, steps and multipliers behind the indicators."""
    found: list[Grid] = []
    for top in schema.top_order():
        sections = tuple(row for row in schema.SECTIONS if row.path[0] == top)
        found.append(_shared(top, sections) if top in _SHARED else _plain(sections[0]))
        if top == INDICATORS[-1]:
            found.extend(_owned(name) for name in OWNED)
    return tuple(found)


def grid_named(name: str) -> Grid | None:
    """按名取表: the sheet of this name, or of the table's name in the file."""
    wanted = name.strip()
    return next((grid for grid in grids() if wanted in (grid.name, grid.owned or grid.top)), None)


def _plain(section: Section) -> Grid:
    columns = tuple(column for key in section.keys for column in _columns(section, key))
    return Grid(section.label, section.name, columns, section.form == "many", section.meaning)


def _columns(section: Section, key: Key) -> list[Column]:
    """The columns of one key: a value and caps have one for each key in them; rows stand on another sheet."""
    if key.kind == "points_by_window":
        return [Column(f"{key.label}·{inner.label}", (key.name, inner.name), inner) for inner in key.keys]
    if key.kind == "value":
        every = {
            inner.name: inner
            for shape in schema.SHAPES_BY_INDEX[section.name]
            for inner in shape.keys
            if inner.kind not in _CELL_KINDS
        }
        words = {shape.name for shape in schema.SHAPES_BY_INDEX[section.name]}
        shapes = replace(schema.SHAPE_KEY, choices=tuple(one for one in schema.SHAPE_KEY.choices if one.word in words))
        every["points"] = replace(
            schema.SHAPES["fixed"].keys[0],
            meaning="每次、每单位或每差一个单位计多少分；按次数递进的依次写出，用；隔开。",
        )
        return [
            Column(f"{key.label}·{inner.label}", (key.name, inner.name), inner) for inner in (shapes, *every.values())
        ]
    return [] if key.kind == "rows" else [Column(key.label, (key.name,), key)]


def _shared(top: str, sections: tuple[Section, ...]) -> Grid:
    """Several tables on one sheet: the first column says which, the others are all their keys."""
    title, name = _SHARED[top]
    choices = tuple(Choice(section.path[1], section.label) for section in sections)
    which = Key(name, "choice", title, f"{title}的哪一项。", choices=choices)
    every: dict[str, Key] = {}
    for section in sections:
        for key in section.keys:
            known = every.get(key.name)
            if known is not None and key.choices:
                both = dict.fromkeys([*known.choices, *key.choices])
                key = replace(key, choices=tuple(both))
            every[key.name] = key
    columns = (Column(which.label, (name,), which), *(Column(key.label, (key.name,), key) for key in every.values()))
    return Grid(title, top, columns, True, "；".join(section.label for section in sections) + "。", selector=True)


def _owned(name: str) -> Grid:
    """Steps or multipliers of all indicators."""
    owner = Key("indicator", "reference", "指标编号", "属于哪个指标。", refers="indicators")
    every: dict[str, Key] = {}
    if name == "steps":
        for shape in schema.SHAPES.values():
            for key in shape.keys:
                every.update(
                    {inner.name: inner for inner in key.keys if key.name == "steps"} if key.kind == "rows" else {}
                )
        every["points"] = replace(every["points"], label="分值", meaning="这一级、这一档计多少分。")
        meaning = "按级别计分的各级，按数量、按累计分档的各档；由低到高，一行一级。"
    else:
        every = {key.name: key for key in schema.section("positive").key("multipliers").keys}
        meaning = "什么情形下分值加倍，一行一种。"
    order = [key for key in ("code", "name", "from", "points", "factor", "aliases") if key in every]
    columns = (
        Column(owner.label, (owner.name,), owner),
        *(Column(every[key].label, (key,), every[key]) for key in order),
    )
    return Grid(_OWNED_NAMES[name], "", columns, True, meaning, owned=name)
