"""年度图的画法 The geometry of a settlement's pictures, SVG drawn on the server, each with its numbers below.

They are read in black and white: a tier is known by its pattern and its label, a track too; colour says nothing alone.
"""

from dataclasses import dataclass

from pioneer.kernel.points import show
from pioneer.overview.year import Aspects, Bin, Counts, Year
from pioneer.web.tier_flow import Flow, flow

WIDTH = 420
PATTERNS = ("solid", "dots", "slant", "cross", "lines", "none")  # in the template as patterns; none is white
BASE, TOP = 190, 24  # of the columns
ROW, BAR = 46, 20
FIRST = 8  # left edge of bars


@dataclass(frozen=True, slots=True)
class Column:
    """一柱 `label` is what stands below, or nothing; `words` what is said of it."""

    x: float
    width: float
    y: float
    height: float
    label: str
    members: int
    words: str


@dataclass(frozen=True, slots=True)
class Piece:
    """一段 Of a bar, by its pattern."""

    x: float
    width: float
    pattern: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """一条 With its label above it."""

    y: int
    label: str
    pieces: tuple[Piece, ...]
    end: str = ""
    end_x: float = 0

    @property
    def text_y(self) -> int:
        return self.y - 5

    @property
    def number_y(self) -> int:
        return self.y + 15


@dataclass(frozen=True, slots=True)
class Legend:
    """图例 A pattern and its name."""

    pattern: str
    name: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """年度图 Each with the numbers of its table."""

    year: Year
    columns: tuple[Column, ...]
    bins: tuple[tuple[str, int], ...]
    tiers: tuple[Bar, ...]
    tiers_height: int
    tiers_legend: tuple[Legend, ...]
    tiers_table: tuple[tuple[str, tuple[tuple[str, int], ...], int], ...]
    moved: Flow | None
    moved_table: tuple[tuple[str, tuple[tuple[str, int], ...], int], ...]
    aspects: tuple[Bar, ...]
    aspects_height: int
    aspects_legend: tuple[Legend, ...]
    aspects_table: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


def pictures(found: Year) -> Pictures:
    """年度图"""
    tiers, aspects = _tiers(found.tiers), _aspects(found.aspects)
    moved = found.moved
    return Pictures(
        year=found,
        columns=_columns(found.bins),
        bins=tuple((_span(one), one.members) for one in found.bins),
        tiers=tiers,
        tiers_height=ROW * len(tiers) + 8,
        tiers_legend=_legend(found.tiers.columns if found.tiers else ()),
        tiers_table=_rows(found.tiers),
        moved=flow(moved.rows, moved.columns, moved.cells, True) if moved else None,
        moved_table=_rows(moved),
        aspects=aspects,
        aspects_height=max((bar.y for bar in aspects), default=0) + BAR + 8,
        aspects_legend=_legend(tuple(name for name, _ in found.aspects.tracks) if found.aspects else ()),
        aspects_table=_means(found.aspects),
    )


def _span(one: Bin) -> str:
    """From, to: the upper end belongs to the next."""
    return f"{show(one.lower)}至不足{show(one.upper)}分"


def _columns(bins: tuple[Bin, ...]) -> tuple[Column, ...]:
    """As wide as the points they cover; where they were put together, lower in proportion, so that areas compare."""
    if not bins:
        return ()
    first, last = bins[0].lower, bins[-1].upper
    wide = (WIDTH - 40) / (last - first)
    unit = min(one.upper - one.lower for one in bins)
    most = max(one.members * unit / (one.upper - one.lower) for one in bins)
    every = max(1, -(-(last - first) // unit // 10))
    found = []
    for place, one in enumerate(bins):
        height = one.members * unit / (one.upper - one.lower) / most * (BASE - TOP)
        label = show(one.lower) if place % every == 0 else ""
        x = 20 + (one.lower - first) * wide
        width = (one.upper - one.lower) * wide
        words = f"{_span(one)}：{one.members}名"
        found.append(Column(x, width, BASE - height, height, label, one.members, words))
    return tuple(found)


def _tiers(counts: Counts | None) -> tuple[Bar, ...]:
    """One bar for each organisation, all of one length: shares compare; the numbers stand in the table."""
    if counts is None:
        return ()
    bars = []
    for place, (name, row) in enumerate(zip(counts.rows, counts.cells, strict=True)):
        total, x, pieces = sum(row), float(FIRST), []
        for column, (tier, number) in enumerate(zip(counts.columns, row, strict=True)):
            if number:
                width = number * (WIDTH - 2 * FIRST) / total
                pieces.append(Piece(x, width, _pattern(column, len(row)), f"{name}，{tier}：{number}名"))
                x += width
        bars.append(Bar(ROW * place + 24, f"{name}　{total}名", tuple(pieces)))
    return tuple(bars)


def _pattern(place: int, columns: int) -> str:
    return PATTERNS[-1] if place == columns - 1 and columns > 1 else PATTERNS[place % (len(PATTERNS) - 1)]


def _legend(names: tuple[str, ...]) -> tuple[Legend, ...]:
    return tuple(Legend(_pattern(place, len(names)), name) for place, name in enumerate(names))


def _aspects(found: Aspects | None) -> tuple[Bar, ...]:
    """By aspect a bar for each track, from the same scale."""
    if found is None or not found.tracks:
        return ()
    most = max((mean for row in found.means for mean in row), default=0)
    bars, y = [], 24
    for aspect, row in zip(found.aspects, found.means, strict=True):
        for place, ((track, _), mean) in enumerate(zip(found.tracks, row, strict=True)):
            width = mean * (WIDTH - 90) / most if most > 0 else 0.0
            piece = Piece(
                FIRST, max(width, 0.0), _pattern(place, len(found.tracks)), f"{aspect}，{track}：{show(mean)}分"
            )
            label = aspect if place == 0 else ""
            bars.append(Bar(y, label, (piece,), f"{show(mean)}分", FIRST + max(width, 0.0) + 8))
            y += BAR + 4
        y += 24
    return tuple(bars)


def _rows(counts: Counts | None) -> tuple[tuple[str, tuple[tuple[str, int], ...], int], ...]:
    if counts is None:
        return ()
    return tuple(
        (name, tuple(zip(counts.columns, row, strict=True)), sum(row))
        for name, row in zip(counts.rows, counts.cells, strict=True)
    )


def _means(found: Aspects | None) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    if found is None:
        return ()
    tracks = tuple(name for name, _ in found.tracks)
    return tuple(
        (aspect, tuple(zip(tracks, row, strict=True))) for aspect, row in zip(found.aspects, found.means, strict=True)
    )
