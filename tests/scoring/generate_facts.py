"""Facts for a generated rulebook: few days, few indicators, few events, so that what competes meets."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from pioneer.scoring import Cycle, Fact, Member, TrackSpell
from tests.scoring.generate import UNTIERED, rulebooks
from tests.scoring.generate_skeleton import Draw, Row, Skeleton, chance

LONG_AGO = date(2019, 1, 1)
EVENTS = ("甲", "乙")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """A rulebook in one or two versions with the facts of a few members: what engine and oracle are compared on."""

    texts: tuple[str, ...]
    cycle: Cycle
    cases: tuple[tuple[Member, tuple[Fact, ...]], ...]

    def books(self) -> list[dict[str, Any]]:
        return [tomllib.loads(text, parse_float=Decimal) for text in self.texts]

    def __repr__(self) -> str:
        cases = "\n".join(f"{member}\n" + "\n".join(f"    {fact}" for fact in facts) for member, facts in self.cases)
        return "\n# ---- next version\n".join(self.texts) + f"\n{self.cycle}\n{cases}"


@dataclass(frozen=True)
class Scene:
    """What the facts of one pair are drawn around."""

    skeleton: Skeleton
    books: list[dict[str, Any]]
    days: tuple[date, ...]
    rows: tuple[Row, ...]
    postings: int

    def rule(self, code: str, day: date) -> dict[str, Any]:
        """The row in force that day, or in any version."""
        for book in sorted(self.books, key=lambda book: -book["meta"]["valid_from"].toordinal()):
            for index in ("positive", "reverse", "zeroing"):
                for rule in book.get(index, []):
                    if rule["code"] == code and book["meta"]["valid_from"] <= day:
                        return dict(rule)
        return {}


@st.composite
def pairs(draw: Draw, members: int = 6, most: int = 14) -> Pair:
    skeleton, texts = draw(rulebooks())
    books = [tomllib.loads(text, parse_float=Decimal) for text in texts]
    cycle = Cycle(skeleton.first_on, skeleton.last_on)
    rows = [*skeleton.rows, *(row for row in skeleton.rows if row.index != "zeroing")]
    scene = Scene(
        skeleton,
        books,
        days=draw(some_days(cycle, books)),
        rows=tuple(draw(st.lists(st.sampled_from(rows), min_size=1, max_size=4))),
        postings=draw(st.sampled_from((0, 2, 3))),
    )
    found = []
    for number in range(draw(st.sampled_from((2, 1, members, members - 1, 3)))):
        member = draw(people(f"M{number}", scene))
        found.append((member, tuple(draw(facts(scene, row)) for row in range(1, 1 + draw(st.integers(0, most))))))
        if skeleton.components:
            found[-1] = (member, found[-1][1] + draw(marks(scene, len(found[-1][1]) + 1)))
    return Pair(tuple(texts), cycle, tuple(found))


@st.composite
def some_days(draw: Draw, cycle: Cycle, books: list[dict[str, Any]]) -> tuple[date, ...]:
    """Two to six days of the cycle, at edges rather than anywhere."""
    length = (cycle.last_on - cycle.first_on).days
    days = [cycle.first_on + timedelta(draw(st.integers(0, length))) for _ in range(draw(st.integers(1, 4)))]
    edges = [cycle.first_on, cycle.last_on, *(book["meta"]["valid_from"] for book in books[1:])]
    edge = draw(st.sampled_from(edges))
    days += [edge, edge - DAY] if edge > cycle.first_on else [edge]
    if chance(draw, 2):
        days.append(min(days[0] + DAY, cycle.last_on))
    if chance(draw, 2):
        days.append(min(days[0].replace(day=1) + timedelta(31), cycle.last_on))
    return tuple(days)


@st.composite
def people(draw: Draw, code: str, scene: Scene) -> Member:
    skeleton = scene.skeleton
    spells = [TrackSpell(LONG_AGO, draw(st.sampled_from(skeleton.tracks)))]
    if len(skeleton.tracks) > 1 and chance(draw, 4):
        day = draw(st.sampled_from(scene.days))
        spells.append(TrackSpell(day, draw(st.sampled_from(skeleton.tracks))))
    joined = None
    if chance(draw, 5):
        before = 300 if chance(draw, 3) else 0
        joined = skeleton.first_on + timedelta(draw(st.integers(-before, (skeleton.last_on - skeleton.first_on).days)))
        known = joined < skeleton.first_on or any(in_force(book, joined, scene.books) for book in scene.books)
        joined = joined if known else None
    tiers = (*skeleton.tiers, skeleton.tiers[-1], None)
    former = tuple(draw(st.lists(st.sampled_from(tiers), max_size=3))) if chance(draw, 2) else ()
    return Member(
        code,
        tuple(spells),
        status=draw(st.sampled_from(UNTIERED)) if chance(draw, 6) else "full",
        joined_on=joined,
        previous=draw(st.none() | st.integers(0, 12000)) if chance(draw, 2) else None,
        former=former,
    )


def in_force(book: dict[str, Any], day: date, books: list[dict[str, Any]]) -> bool:
    meta = book["meta"]
    later = [other["meta"]["valid_from"] for other in books if meta["valid_from"] < other["meta"]["valid_from"] <= day]
    return bool(meta["valid_from"] <= day <= meta.get("valid_to", day) and not later)


@st.composite
def facts(draw: Draw, scene: Scene, number: int) -> Fact:
    row = draw(st.sampled_from(scene.rows))
    day = draw(st.sampled_from(scene.days))
    if chance(draw, 8):
        reach = 400 if row.back_months else 20
        day = scene.skeleton.first_on - timedelta(draw(st.integers(1, reach)))
    rule = scene.rule(row.code, day)
    events = EVENTS if row.voids else (None, None, *EVENTS)
    fact = Fact(number, row.code, day, event=draw(st.sampled_from(events)))
    if scene.postings and chance(draw, 2):
        fact = fact._replace(posted_order=draw(st.integers(1, scene.postings)))
        if row.shape and chance(draw, 4):
            size = draw(st.integers(0, 500))
            fact = fact._replace(fixed=-size if row.index == "reverse" else size)
            if row.index != "zeroing" and chance(draw, 3):
                fact = fact._replace(carried=True, event=None)
    fact = draw(filled(fact, row, rule))
    return draw(spoilt(fact, scene)) if chance(draw, 8) else fact


@st.composite
def filled(draw: Draw, fact: Fact, row: Row, rule: dict[str, Any]) -> Fact:
    """What the indicator asks for."""
    value = rule.get("value", {})
    if row.shape in ("per_unit", "brackets", "cumulative", "shortfall"):
        whole = value.get("whole") or chance(draw, 2)
        fact = fact._replace(quantity=draw(st.integers(1, 8)) * 100 if whole else draw(st.integers(1, 900)))
        if row.shape == "shortfall" and chance(draw, 5):
            fact = fact._replace(quantity=0)
        if "default" in value and chance(draw, 3):
            fact = fact._replace(quantity=None)
    if row.shape == "range" and value:
        least, most = int(value["min"] * 100), int(value["max"] * 100)
        fact = fact._replace(value=draw(st.integers(least, most)))
    if row.shape == "ladder" and value:
        step = draw(st.sampled_from(value["steps"]))
        spelling = draw(st.sampled_from((step["code"], step["name"], step["aliases"][0], step["name"].upper())))
        fact = fact._replace(level=spelling)
    if "prior" in rule:
        told = draw(st.sampled_from((20, 1, 0, 100, 365, 366, 400)))
        fact = fact._replace(education_on=fact.event_on - timedelta(told))
    if row.index == "zeroing" or "document" in rule:
        fact = fact._replace(document="文件" if not chance(draw, 6) else None)
    if row.index == "zeroing" and chance(draw, 2):
        fact = fact._replace(document_on=fact.event_on + timedelta(draw(st.integers(0, 60))))
    if "decision" in rule:
        fact = fact._replace(decision=draw(st.sampled_from((True, None, False))))
    if "words" in rule:
        fact = fact._replace(words=draw(st.sampled_from((True, None, False))))
    if "multipliers" in rule and chance(draw, 2):
        fact = fact._replace(multiplier=draw(st.sampled_from(("paper", "媒体报道"))))
    return fact


SPOILT = (
    "corrected", "corrected", "corrected", "quantity", "value", "level", "multiplier", "indicator", "track", "outside",
    "later", "education",
)  # fmt: skip


@st.composite
def spoilt(draw: Draw, fact: Fact, scene: Scene) -> Fact:
    """A fact that isn't quite right, or isn't there any more."""
    what = draw(st.sampled_from(SPOILT))
    if what == "corrected":
        return fact._replace(corrected=True)
    if what == "quantity":
        return fact._replace(quantity=draw(st.sampled_from((None, 0, -100, 50))))
    if what == "value":
        return fact._replace(value=draw(st.sampled_from((None, 0, 90000))))
    if what == "level":
        return fact._replace(level=draw(st.sampled_from((None, "省级"))))
    if what == "multiplier":
        return fact._replace(multiplier="广播")
    if what == "indicator":
        return fact._replace(indicator="X9")
    if what == "track":
        return fact._replace(track=draw(st.sampled_from(scene.skeleton.tracks)))
    if what == "education":
        return fact._replace(education_on=None)
    day = scene.skeleton.last_on + DAY if what == "later" else scene.skeleton.first_on - DAY
    return fact._replace(event_on=day)


@st.composite
def marks(draw: Draw, scene: Scene, start: int) -> tuple[Fact, ...]:
    """Marks of the outside components: mostly one of each."""
    found: list[Fact] = []
    for code in scene.skeleton.components:
        for _ in range(draw(st.sampled_from((1, 1, 0, 2, 3)))):
            mark = draw(st.integers(0, 10_000)) if not chance(draw, 10) else draw(st.sampled_from((None, 10_001, -100)))
            day = draw(st.sampled_from(scene.days))
            if chance(draw, 12):
                day = scene.skeleton.last_on + DAY
            found.append(Fact(start + len(found), code, day, value=mark, corrected=chance(draw, 12)))
    return tuple(found)
