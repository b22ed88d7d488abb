"""花名册的一行: what has been read from one row, and what is wrong with it, as sentences with their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pioneer.workbooks.headings import FIELDS

__all__ = ["Mistake", "RosterRow", "Severity", "Skipped"]

# wrong: the row can't be taken as it stands · ask: a person must decide · warn: taken, but worth a look
Severity = Literal["wrong", "ask", "warn"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """问题: the field, the letters of its column (empty where the file has none), a code for programs, one sentence
    that says what is wrong and what to do, and how grave it is."""

    field: str
    column: str
    code: str
    message: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Skipped:
    """跳过的行: a row that is no member's (a total, a note, a repeated header), and why it was passed over."""

    sheet: str
    row: int
    reason: str
    text: str


@dataclass(slots=True)
class RosterRow:
    """花名册的一行: empty text, None or an unset day means that the row does not say; nothing is filled in by guessing.

    `sex` is male or female. A precision is "day" or "month" (then the day is the first of its month).
    `status` is one of `cells.STATUSES`, `track` "rural", "community" or None.
    """

    sheet: str
    row: int
    name: str = ""
    identity: str = ""
    sex: str = ""
    birth_on: date | None = None
    birth_precision: str = ""
    joined_on: date | None = None
    joined_precision: str = ""
    full_on: date | None = None
    full_precision: str = ""
    branch: str = ""
    phone: str = ""
    status: str = ""
    status_stated: bool = True  # false where the row says nothing and a full member is assumed
    floating: bool | None = None
    floating_to: str = ""
    track: str | None = None
    number: str = ""
    nation: str = ""
    education: str = ""
    note: str = ""
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        """有错: at least one mistake forbids taking the row as it stands."""
        return any(mistake.severity == "wrong" for mistake in self.mistakes)

    @property
    def asks(self) -> bool:
        """待定: at least one question a person must answer."""
        return any(mistake.severity == "ask" for mistake in self.mistakes)

    def say(self, mistake: Mistake) -> str:
        """说明: the mistake with its place: 工作表「…」第N行 F列「身份证号」：…"""
        place = f"工作表「{self.sheet}」第{self.row}行"
        if mistake.column:
            place += f" {mistake.column}列「{FIELDS[mistake.field]}」"
        return f"{place}：{mistake.message}"

    def sentences(self) -> list[str]:
        """全部说明: every mistake with its place, the gravest first."""
        order = {"wrong": 0, "ask": 1, "warn": 2}
        return [self.say(mistake) for mistake in sorted(self.mistakes, key=lambda mistake: order[mistake.severity])]
