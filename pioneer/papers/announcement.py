"""年底通报的纸面 What the organisation-life meeting at the year's end has in hand: the handout, the form of its
minutes, and a statement for each member. People stand in the order of the roster, never by their points.

The handout and the minutes are for members of the unit; a statement is for one person and names nobody else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from pioneer.papers.rendering import render

STATEMENT = "年度评定告知单"


@dataclass(frozen=True, slots=True)
class Listed:
    """名单的一行 All as the pages show it; `score` and `tier` are empty where none is given, `note` says why."""

    position: int
    name: str
    positive: str
    reverse: str
    score: str
    tier: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """一个支部"""

    name: str
    people: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class TierRow:
    """一个等次 With what follows for its members; `share` is its part of all listed, in thousandths."""

    name: str
    lower: str
    members: int
    share: int
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class Handout:
    """通报材料 `notes` explain who has no tier; `meeting` is empty before it was held."""

    unit: str
    cycle: str
    rulebook: str
    made_on: str
    fingerprint: str
    branches: tuple[Branch, ...]
    tiers: tuple[TierRow, ...]
    notes: tuple[str, ...] = ()
    meeting: str = ""
    has_outside: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """签到的一行 What is recorded so far; empty where it is to be written by hand."""

    position: int
    name: str
    branch: str
    present: str = ""
    handed: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """一条不同意见"""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """会议记录 With what is recorded already; what is not is left to the pen."""

    unit: str
    cycle: str
    held_on: str
    place: str
    presided_by: str
    expected: int
    present: str
    absent: str
    tiers: tuple[TierRow, ...]
    people: tuple[Came, ...]
    dissents: tuple[Said, ...]
    rulebook: str


@dataclass(frozen=True, slots=True)
class Part:
    """计分的一行 An index or an aspect: what its occurrences are worth, and what of it counts."""

    index: str
    name: str
    raw: str
    counted: str
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """一项扣分 With its days and grounds."""

    indicator: str
    days: str
    ground: str
    points: str


@dataclass(frozen=True, slots=True)
class Statement:
    """一份告知单 `tier` and `consequence`, or `why` there is no tier. `score` is empty where none is given."""

    name: str
    number: str
    branch: str
    unit: str
    cycle: str
    rulebook: str
    fingerprint: str
    parts: tuple[Part, ...]
    grounds: tuple[Ground, ...]
    score: str
    tier: str
    consequence: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()
    meeting: str = ""


def handout(content: Handout) -> bytes:
    """组织生活会材料 PDF, A4."""
    return render("year_handout", {"title": "年度评定通报", **asdict(content)})


def minutes(content: Minutes) -> bytes:
    """会议记录 PDF, A4, to be filled in and signed."""
    return render("year_minutes", {"title": "组织生活会会议记录", **asdict(content)})


def statements(pages: Iterable[Statement], *, large: bool = False) -> bytes:
    """告知单 PDF, A4, one for each; `large` for old eyes. The same content gives the same bytes."""
    return render("year_statement", {"title": STATEMENT, "large": large, "pages": _plain(list(pages))})


def _plain(pages: Sequence[Statement]) -> list[dict[str, object]]:
    return [asdict(one) for one in pages]
