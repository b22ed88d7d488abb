"""等次变动图 The geometry of a picture: tiers before on the left, after on the right, bands of members between them.

It is read in black and white: a band that keeps its tier is blank, one that rises is dotted, one that falls is hatched;
every block carries its name and number in words, and the same numbers stand in a table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, GAP, LEAST = 340, 8, 36
LEFT, RIGHT, BLOCK = 122, 288, 10  # in a picture 420 wide: where the blocks stand, and how wide they are


@dataclass(frozen=True, slots=True)
class Block:
    """一格 One tier on one side, with its label."""

    x: int
    y: float
    height: float
    label_x: int
    anchor: str
    label_y: float
    name: str
    members: int


@dataclass(frozen=True, slots=True)
class Band:
    """一带 Members from one tier to another; `kind` is same, up or down."""

    path: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Flow:
    """一张图"""

    height: int
    blocks: tuple[Block, ...]
    bands: tuple[Band, ...]


def flow(before: Sequence[str], after: Sequence[str], table: Sequence[Sequence[int]], same: bool) -> Flow | None:
    """等次变动图 None where there is nobody."""
    total = sum(map(sum, table))
    if not total:
        return None
    sums = ([sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)])
    sides = [_side(amounts, total) for amounts in sums]
    blocks: list[Block] = []
    for place, names in enumerate((before, after)):
        blocks += [_block(place, names[tier], sums[place][tier], *spot) for tier, spot in sides[place].items()]
    bands = _bands(before, after, table, sums, sides, same)
    height = max(block.y + block.height for block in blocks)
    return Flow(round(height) + 24, tuple(blocks), tuple(bands))


Side = dict[int, tuple[float, float]]  # tier → top and height


def _side(amounts: Sequence[int], total: int) -> Side:
    """Blocks one under the other; a small one is still tall enough for its label."""
    found: Side = {}
    top = 24.0
    for tier, amount in enumerate(amounts):
        if amount:
            height = max(LEAST, amount * HEIGHT / total)
            found[tier] = (top, height)
            top += height + GAP
    return found


def _block(side: int, name: str, members: int, top: float, height: float) -> Block:
    if side == 0:
        return Block(LEFT - BLOCK, top, height, LEFT - BLOCK - 8, "end", top + height / 2, name, members)
    return Block(RIGHT, top, height, RIGHT + BLOCK + 8, "start", top + height / 2, name, members)


def _bands(
    before: Sequence[str],
    after: Sequence[str],
    table: Sequence[Sequence[int]],
    sums: tuple[Sequence[int], Sequence[int]],
    sides: Sequence[Side],
    same: bool,
) -> list[Band]:
    used = ({tier: spot[0] for tier, spot in sides[0].items()}, {tier: spot[0] for tier, spot in sides[1].items()})
    found = []
    for was, row in enumerate(table):
        for now, number in enumerate(row):
            if not number:
                continue
            starts, ends = used[0][was], used[1][now]
            leaves = sides[0][was][1] * number / sums[0][was]
            enters = sides[1][now][1] * number / sums[1][now]
            used[0][was], used[1][now] = starts + leaves, ends + enters
            edges = (starts, starts + leaves, ends, ends + enters)
            found.append(
                Band(_path(*edges), _kind(was, now, len(row), same), f"{before[was]}到{after[now]}：{number}名")
            )
    return found


def _path(leave_top: float, leave_bottom: float, enter_top: float, enter_bottom: float) -> str:
    """Along the upper edge to the right, down, and back along the lower one."""
    middle = (LEFT + RIGHT) // 2
    there = f"M{LEFT} {leave_top:.1f}C{middle} {leave_top:.1f} {middle} {enter_top:.1f} {RIGHT} {enter_top:.1f}"
    back = f"V{enter_bottom:.1f}C{middle} {enter_bottom:.1f} {middle} {leave_bottom:.1f} {LEFT} {leave_bottom:.1f}Z"
    return there + back


def _kind(was: int, now: int, columns: int, same: bool) -> str:
    """The last column is no tier: who loses or gets one neither rises nor falls."""
    if was == now or not same or columns - 1 in (was, now):
        return "same"
    return "up" if now < was else "down"
