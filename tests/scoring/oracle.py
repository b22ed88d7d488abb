"""An independent calculation of the shipped rulebook, kept naive on purpose: its table is typed in here once more,
points are Decimal, every window is found again by looking through everything that counted before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

D = Decimal
ZERO = Decimal(0)
CENT = D("0.01")

EACH = {
    "A1": D("0.5"), "A2": D(2), "A3": D(1), "A4": D(1), "A7": D(1), "B1": D("0.5"), "B3": D(2), "B4": D(1),
    "B5": D(1), "B6": D("0.5"), "C1": D(3), "C3": D(3), "C4": D("0.5"), "C5": D(1), "C6": D(1),
    "N1": D(5), "N2": D(2), "N3": D(3), "N5": D(5), "N6": D(5), "N7": D("0.5"), "N8": D(2), "N9": D(2),
    "N10": D(5), "N11": D(2), "N12": D(3), "N13": D(2),
}  # fmt: skip
CAPS = {
    "A1": {"month": 2, "year": 8}, "A2": {"year": 6}, "A3": {"quarter": 3, "year": 6}, "A4": {"year": 4},
    "A5": {"year": 10}, "A6": {"year": 10}, "A7": {"quarter": 1},
    "B1": {"month": 2, "year": 10}, "B2": {"month": 4, "year": 12}, "B3": {"year": 8}, "B4": {"month": 2, "year": 10},
    "B5": {"month": 3, "year": 12}, "B6": {"month": 2, "year": 6}, "B7": {"year": 10},
    "C1": {"year": 6}, "C2": {"year": 8}, "C3": {"year": 9}, "C4": {"month": 3, "year": 12},
    "C5": {"month": 2, "year": 8}, "C6": {"month": 2, "year": 8},
}  # fmt: skip
LEVELS = {"村/社区": 1, "乡镇/街道": 2, "区": 3, "市": 4, "省及以上": 5}
ORDER = [f"A{n}" for n in range(1, 8)] + [f"B{n}" for n in range(1, 8)] + [f"C{n}" for n in range(1, 7)]
ORDER += [f"N{n}" for n in range(1, 14)]
FAR = 10**9


@dataclass
class Row:
    row: int
    indicator: str
    event_on: date
    quantity: Decimal | None = None
    value: Decimal | None = None
    level: str | None = None
    event: str | None = None
    education_on: date | None = None
    posted_order: int | None = None
    worth: Decimal = ZERO
    left: Decimal = ZERO
    counted: Decimal = ZERO
    dead: bool = False


@dataclass
class Result:
    score: Decimal
    tier: str
    positive: Decimal
    reverse: Decimal
    zeroed: bool
    counted: dict[int, Decimal] = field(default_factory=dict)


def worth(row: Row) -> Decimal:
    code = row.indicator
    if code in EACH:
        return EACH[code]
    if code == "B2":
        assert row.quantity is not None
        return min(D(2), (row.quantity * D("0.5")).quantize(CENT, ROUND_HALF_UP))
    if code == "C2":
        assert row.quantity is not None
        return row.quantity * 2
    if code == "N4":
        return (row.quantity or D(1)) * 2
    if code in ("A5", "B7"):
        assert row.value is not None
        return row.value
    assert code == "A6" and row.level
    return D(LEVELS[row.level])


def no_prior(row: Row) -> bool:
    if row.indicator not in ("N1", "N11"):
        return False
    told = row.education_on
    if told is None or told >= row.event_on:
        return True
    year_before = date(row.event_on.year - 1, row.event_on.month, min(row.event_on.day, 28))
    if row.event_on.day > 28:
        year_before = row.event_on - timedelta(days=366 if _leap_between(row.event_on) else 365)
    return told < year_before


def _leap_between(day: date) -> bool:
    return any(
        date(year, 2, 29) > day - timedelta(days=366) and date(year, 2, 29) < day
        for year in (day.year, day.year - 1)
        if year % 4 == 0
    )


def same(window: str, one: date, two: date) -> bool:
    if window == "year":
        return True
    if window == "quarter":
        return (one.month - 1) // 3 == (two.month - 1) // 3
    return one.month == two.month


def order_of(row: Row) -> tuple[int, date, int]:
    return (FAR if row.posted_order is None else row.posted_order, row.event_on, row.row)


def settle(rows: list[Row]) -> None:
    """One event: the best of a posting counts what it has more than the best of the postings before it."""
    for event in {row.event for row in rows if row.event}:
        for reverse in (False, True):
            group = [
                row for row in rows
                if row.event == event and (row.indicator[0] == "N") == reverse and not row.dead
            ]  # fmt: skip
            before = D(0)
            for posted in sorted({order_of(row)[0] for row in group}):
                batch = [row for row in group if order_of(row)[0] == posted]
                batch.sort(key=lambda row: (-row.worth, ORDER.index(row.indicator), order_of(row)))
                for place, row in enumerate(batch):
                    row.left = max(D(0), row.worth - before) if place == 0 else D(0)
                before = max(before, batch[0].worth)


def calculate(rows: list[Row], zeroing: date | None = None) -> Result:
    rows = sorted(rows, key=order_of)
    for row in rows:
        row.worth = row.left = worth(row)
        row.counted = D(0)
        row.dead = no_prior(row) or (zeroing is not None and row.event_on > zeroing)
        if row.dead:
            row.left = D(0)
    settle(rows)
    for place, row in enumerate(rows):
        room = [row.left]
        for window, cap in CAPS.get(row.indicator, {}).items():
            earlier = [r for r in rows[:place] if r.indicator == row.indicator]
            room.append(D(cap) - sum((r.counted for r in earlier if same(window, r.event_on, row.event_on)), D(0)))
        row.counted = max(D(0), min(room))
    positive = D(0)
    for aspect in "ABC":
        positive += min(D(20), sum((row.counted for row in rows if row.indicator[0] == aspect), D(0)))
    reverse = -sum((row.counted for row in rows if row.indicator[0] == "N"), D(0))
    score = D(0) if zeroing else max(D(0), 70 + positive + reverse)
    tier = "t90" if score >= 90 else "t80" if score >= 80 else "t60" if score >= 60 else "t0"
    signs = {row.row: (-row.counted if row.indicator[0] == "N" else row.counted) for row in rows}
    return Result(score, tier, positive, reverse, zeroing is not None, signs)


def plain(number: Decimal) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
