"""What there is in a generated rulebook, whatever its numbers: tracks, tiers, indicators and their shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Draw = st.DrawFn
Book = dict[str, Any]
SOURCE = {"clause": "第一条", "provenance": "assumed"}
BOTH = ("fixed", "per_unit", "range", "ladder", "brackets", "cumulative", "nth")


def chance(draw: Draw, one_in: int) -> bool:
    """True once in so many; shrinks to False."""
    return draw(st.integers(0, one_in - 1)) == one_in - 1


def points(draw: Draw, least: int, most: int) -> Decimal:
    """Points with two decimals, from hundredths; round ones are likelier."""
    found = draw(st.integers(least, most))
    return Decimal(found if chance(draw, 3) else max(least, found // 50 * 50)) / 100


@dataclass(frozen=True)
class Row:
    """What an indicator is in every version: its code, index, shape, and what it belongs to."""

    code: str
    index: str
    shape: str | None
    aspect: str | None
    pool: str | None
    tracks: tuple[str, ...]
    voids: str | None
    back_months: int | None
    droppable: bool


@dataclass(frozen=True)
class Skeleton:
    start_month: int
    months: int
    tracks: tuple[str, ...]
    tiers: tuple[str, ...]
    aspects: tuple[str, ...]
    pools: tuple[str, ...]
    rows: tuple[Row, ...]
    groups: tuple[tuple[str, ...], ...]
    components: tuple[str, ...]
    method: str | None
    period: str | None
    first_on: date
    last_on: date


@st.composite
def skeletons(draw: Draw) -> Skeleton:
    months = draw(st.sampled_from((12, 12, 6, 3)))
    start, year = draw(st.integers(1, 12)), draw(st.sampled_from((2026, 2027, 2023)))
    tracks = tuple(f"t{n}" for n in range(1, 1 + draw(st.sampled_from((2, 1, 3, 5)))))
    aspects = tuple(f"a{n}" for n in range(draw(st.integers(0, 3))))
    pools = tuple(f"pool{n}" for n in range(draw(st.sampled_from((0, 0, 1, 2)))))
    positive = [draw(rows(f"P{n}", "positive", tracks, aspects, pools)) for n in range(draw(st.integers(1, 4)))]
    reverse = [draw(rows(f"N{n}", "reverse", tracks, aspects, pools)) for n in range(draw(st.integers(1, 4)))]
    zeroing = [draw(rows(f"Z{n}", "zeroing", tracks, aspects, pools)) for n in range(draw(st.integers(0, 2)))]
    groups = [draw(members_of_group(some)) for some in (positive, reverse) if len(some) > 1 and chance(draw, 3)]
    if len(positive) > 2 and chance(draw, 6):
        groups.append(draw(members_of_group(positive)))
    method = draw(st.sampled_from((None, "total", "sum", "mean", None)))
    period = draw(st.sampled_from(("quarter", "month") if months > 3 else ("month",)))
    last = date(year + (start + months - 1) // 12, (start + months - 1) % 12 + 1, 1).toordinal() - 1
    return Skeleton(
        start_month=start,
        months=months,
        tracks=tracks,
        tiers=tuple(f"tier{n}" for n in range(1, 1 + draw(st.integers(2, 6)))),
        aspects=aspects,
        pools=pools,
        rows=(*positive, *reverse, *zeroing),
        groups=tuple(groups),
        components=tuple(f"K{n}" for n in range(draw(st.sampled_from((0, 0, 1, 2))))),
        method=method,
        period=period if method in ("sum", "mean") else None,
        first_on=date(year, start, 1),
        last_on=date.fromordinal(last),
    )


@st.composite
def members_of_group(draw: Draw, some: list[Row]) -> tuple[str, ...]:
    codes = [row.code for row in some]
    return tuple(draw(st.lists(st.sampled_from(codes), min_size=2, max_size=3, unique=True)))


@st.composite
def rows(
    draw: Draw, code: str, index: str, tracks: tuple[str, ...], aspects: tuple[str, ...], pools: tuple[str, ...]
) -> Row:
    pool = draw(st.sampled_from((None, *pools))) if index == "reverse" else None
    shapes = (*BOTH, "shortfall") if index == "reverse" else BOTH
    shape: str | None = draw(st.sampled_from((*shapes, "to_floor") if pool else shapes))
    voids = draw(st.sampled_from((None, None, "claim", "event"))) if index == "reverse" else None
    if index == "zeroing" or chance(draw, 12):
        shape = None
    return Row(
        code,
        index,
        shape,
        aspect=draw(st.sampled_from((None, *aspects, *aspects))) if index != "zeroing" else None,
        pool=pool,
        tracks=tuple(draw(st.lists(st.sampled_from(tracks), max_size=2, unique=True))) if chance(draw, 4) else (),
        voids=voids,
        back_months=draw(st.sampled_from((None, 1, 6, 12))) if shape == "nth" else None,
        droppable=chance(draw, 8),
    )
