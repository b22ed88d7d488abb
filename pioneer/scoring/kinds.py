"""用词: the closed sets of words a rulebook may use."""

from __future__ import annotations

from typing import Literal

Provenance = Literal["source", "assumed"]
Index = Literal["positive", "reverse", "zeroing", "outside"]
Window = Literal["day", "week", "month", "quarter", "cycle"]
Unit = Literal["working_days", "days", "months", "years", "count"]
Every = Literal["week", "month", "quarter", "year"]
Period = Literal["month", "quarter", "cycle"]
Shape = Literal["fixed", "per_unit", "range", "ladder", "brackets", "cumulative", "nth", "shortfall", "to_floor"]
Method = Literal["total", "sum", "mean"]
Voids = Literal["claim", "event"]
Source = Literal["attendance", "late", "absence", "dues"]
Several = Literal["refuse", "latest", "mean"]
End = Literal["top", "bottom"]
Ranked = Literal["full", "all"]
Rounding = Literal["down", "up", "half_up"]
Ties = Literal["below", "above"]
Follow = Literal["commend", "encourage", "help", "unqualified"]
PriorKind = Literal["education", "reminder"]
MistakeLevel = Literal["mistake", "warning"]

WINDOWS: tuple[Window, ...] = ("day", "week", "month", "quarter", "cycle")
