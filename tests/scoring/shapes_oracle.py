"""An independent calculation of any rulebook of the format, step by step after docs/rulebook.md, naive on purpose.

It reads rulebooks as the plain dicts TOML gives, and finds every window, event and turn again by looking through
everything that counted before. Steps 1, 2, 4 and 5 are here; step 3 in shapes_values, steps 6 to 13 in shapes_totals.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pioneer.scoring import Cycle, Fact, Member
from tests.scoring.shapes_totals import close, component_of, read_marks, settle_quotas, settle_streaks
from tests.scoring.shapes_values import (
    ZERO,
    Book,
    Found,
    Line,
    is_malformed,
    months_before,
    same_window,
    version_on,
    worth,
)

Case = tuple[Member, list[Fact]]
WHOLE = ("year", "cycle")  # two words for one window


def calculate(books: list[Book], cases: list[Case], cycle: Cycle) -> dict[str, Found]:
    """Every member of one organisation, through all thirteen steps."""
    answers = {member.code: Found() for member, _ in cases}
    lines: dict[str, list[Line]] = {}
    for member, facts in cases:
        lines[member.code] = read(books, member, facts, cycle, answers[member.code])
    everybody = [line for some in lines.values() for line in some]
    for some in lines.values():
        refuse(some)
    refuse_void(everybody)
    for member, facts in cases:
        some = sorted(lines[member.code], key=lambda line: line.order)
        value(some)
        settle_events(some)
        count(some, cycle)
        found = answers[member.code]
        report(some, found)
        close(books, member, some, read_marks(books, facts, cycle, found), cycle, found)
    settle_quotas(books, [member for member, _ in cases], answers, cycle)
    for member, _ in cases:
        settle_streaks(books, member, answers[member.code], cycle)
    return answers


# ---------------------------------------------------------------- step 1: version, track, form


def read(books: list[Book], member: Member, facts: list[Fact], cycle: Cycle, found: Found) -> list[Line]:
    """The usable facts. What was corrected has never been; what can't be used is named."""
    lines = []
    for fact in facts:
        if fact.corrected or component_of(books, fact, cycle):
            continue
        line = read_one(books, member, fact, cycle)
        if line is None:
            found.unusable.add(fact.row)
        else:
            lines.append(line)
    return lines


def read_one(books: list[Book], member: Member, fact: Fact, cycle: Cycle) -> Line | None:
    zeroing_on = fact.document_on or fact.event_on
    line = as_line(books, member, fact, zeroing_on)
    if line is None or line.index != "zeroing":
        line = as_line(books, member, fact, fact.event_on)
        if line is None or line.index == "zeroing":
            return None
    day = zeroing_on if line.index == "zeroing" else fact.event_on
    known = [track["code"] for track in line.book["tracks"]]
    if line.track not in known or line.track not in line.rule.get("tracks", known):
        return None
    if line.index == "zeroing" and line.rule.get("document", True) and not fact.document:
        return None
    if is_malformed(line):
        return None
    if not cycle.first_on <= day <= cycle.last_on:
        line.before_cycle = line.index != "zeroing" and is_looked_back_to(line, cycle)
        return line if line.before_cycle else None
    return line


def is_looked_back_to(line: Line, cycle: Cycle) -> bool:
    """Before the cycle, but not so far that the count of times can't reach it from the cycle's first day."""
    back = line.rule.get("value", {}).get("back_months")
    return back is not None and months_before(cycle.first_on, back) <= line.day < cycle.first_on


def as_line(books: list[Book], member: Member, fact: Fact, day: date) -> Line | None:
    book = version_on(books, day)
    if book is None:
        return None
    place = 0
    for index in ("positive", "reverse", "zeroing"):
        for rule in book.get(index, []):
            if rule["code"] == fact.indicator:
                return Line(member, fact, book, rule, index, place, fact.track or member.track_on(fact.event_on))
            place += 1
    return None


# ---------------------------------------------------------------- step 2: refusals


def refuse(lines: list[Line]) -> None:
    """What lacks its record, decision, words or document; and what happened after a zeroing's document."""
    ends = [line.fact.document_on or line.day for line in lines if line.index == "zeroing"]
    for line in lines:
        if line.index == "zeroing":
            continue
        line.refused = (line.fact.fixed is None and lacks(line)) or bool(ends and line.day > min(ends))


def lacks(line: Line) -> bool:
    fact, rule = line.fact, line.rule
    if "prior" in rule:
        validity = line.book["procedure"]["education_validity"]["value"]
        told = fact.education_on
        if told is None or not months_before(line.day, validity) <= told < line.day:
            return True
    if rule.get("decision") and fact.decision is False:
        return True
    if rule.get("words") and fact.words is False:
        return True
    return bool(rule.get("document")) and not fact.document


def refuse_void(everybody: list[Line]) -> None:
    """Everybody's additions under an event declared void, unless they were posted before that was."""
    voids = [
        line
        for line in everybody
        if line.rule.get("voids") == "event" and line.fact.event and not line.refused and not line.before_cycle
    ]
    for line in everybody:
        for void in voids:
            if line.index == "positive" and void.fact.event == line.fact.event and line.posting >= void.posting:
                line.refused = True


# ---------------------------------------------------------------- steps 3 and 4: values, one event


def value(lines: list[Line]) -> None:
    """Step 3, in order of posting. What was not refused came before, whatever step 4 will make of it."""
    for place, line in enumerate(lines):
        line.raw = worth(line, [other for other in lines[:place] if other.code == line.code and not other.refused])
        line.left = ZERO if line.refused or line.before_cycle else line.raw


def settle_events(lines: list[Line]) -> None:
    """Step 4: in each posting the highest of an event counts what it has more than those of the postings before."""
    for event in {line.fact.event for line in lines if line.fact.event}:
        for index in ("positive", "reverse"):
            group = [
                line for line in lines
                if line.fact.event == event and line.index == index and takes_part(line)
            ]  # fmt: skip
            before = ZERO
            for posting in sorted({line.posting for line in group}):
                batch = [line for line in group if line.posting == posting]
                batch.sort(key=lambda line: (-line.raw, line.place, line.order))
                for place, line in enumerate(batch):
                    line.outdone = place > 0 or (posting != group[0].posting and line.raw <= before)
                    line.left = ZERO if line.outdone else line.raw - before
                before = max(before, batch[0].raw)


def takes_part(line: Line) -> bool:
    return not line.refused and not line.before_cycle and line.shape not in ("", "cumulative")


# ---------------------------------------------------------------- step 5: caps on the indicator and its groups


def count(lines: list[Line], cycle: Cycle) -> None:
    for place, line in enumerate(lines):
        room = [line.left]
        for codes, window, cap in caps_of(line):
            if line.fact.carried and window not in WHOLE:
                continue
            used = [
                other.counted for other in lines[:place]
                if other.code in codes and same_window(window, other.day, line.day, cycle) and not other.before_cycle
                and (window in WHOLE or not other.fact.carried)
            ]  # fmt: skip
            room.append(cap - sum(used, ZERO))
        line.counted = max(ZERO, min(room))


def caps_of(line: Line) -> list[tuple[list[str], str, Decimal]]:
    """Every cap over a line: the codes that share it, the window, the points."""
    found = [([line.code], window, Decimal(cap)) for window, cap in line.rule.get("caps", {}).items()]
    for group in line.book.get("groups", []):
        if line.code in group["indicators"]:
            found += [(group["indicators"], window, Decimal(cap)) for window, cap in group["caps"].items()]
    return found


# ---------------------------------------------------------------- what is told of the lines


def report(lines: list[Line], found: Found) -> None:
    for line in lines:
        sign = -1 if line.index == "reverse" else 1
        row = line.fact.row
        found.raw[row], found.counted[row] = sign * line.raw, sign * line.counted
        if line.refused or line.outdone or line.before_cycle:
            found.refused.add(row)
        if line.refused and (line.shape in ("nth", "cumulative") or doubles(line)):
            found.unsure.add(row)


def doubles(line: Line) -> bool:
    return line.index == "reverse" and line.book["indices"]["reverse"].get("repeat") == "double"
