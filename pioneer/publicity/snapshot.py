"""公示的成形 What a notice shows, computed by the engine from plain facts; no table is read here.

A notice shows beyond its own lines what only the year's other lines decide: what a cap trims, the running total, and
the posted lines of other months that a correction moves. The same functions draw a notice, check it before it is
closed, and verify it years later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pioneer.kernel import clock, sealing
from pioneer.kernel.points import show
from pioneer.scoring import Cycle, Engine, Fact
from pioneer.scoring import Member as Scored
from pioneer.scoring.counting import Void

OWN, CORRECTION, MOVED = "own", "correction", "moved"
Voids = tuple[Sequence[Void], Sequence[Void]]  # before a notice, and with it
NO_VOIDS: Voids = ((), ())


@dataclass(frozen=True, slots=True)
class Listed:
    """名单上的一位 A member on the notice, in roster order. `key` is what digests know."""

    member_id: int
    key: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """一条事实 A sheet's line as far as scoring needs it; `value` is signed hundredths before any cap."""

    line_id: int
    member_id: int
    indicator: str
    event_on: date
    value: int
    event: str = ""
    wording: str = ""
    corrects_id: int | None = None
    quantity: int | None = None
    level: str = ""
    carried: bool = False
    multiplier: str = ""


@dataclass(slots=True)
class Shown:
    """公示的一条 Raw and counted as shown. A correction shows what it takes back, a moved line its gain or loss."""

    line_id: int
    member_id: int
    indicator: str
    event_on: date
    kind: str
    raw: int
    counted: int
    reason: str
    wording: str


@dataclass(slots=True)
class Row:
    """公示的一行 A member's figures: this notice's additions and deductions as counted, and the running total."""

    listed: Listed
    position: int
    positive: int = 0
    reverse: int = 0
    total: int | None = None
    lines: list[Shown] = field(default_factory=list)

    @property
    def month(self) -> int:
        return self.positive + self.reverse


def fact_of(line: Stated, order: int | None) -> Fact:
    """引擎的事实 A line whose value is settled; `order` is its place among the closed notices, None while open."""
    return Fact(
        row=line.line_id,
        indicator=line.indicator,
        event_on=line.event_on,
        event=line.event or None,
        quantity=line.quantity,
        fixed=line.value,
        posted_order=order,
        carried=line.carried,
    )


def _worded(engine: Engine, line: Stated, member: Scored) -> Fact:
    """The fact of a line not posted yet, with what makes its reason read well: quantity, level, decided value or
    circumstance, as long as its value is what the rulebook gives for them."""
    fact = fact_of(line, None)._replace(level=line.level, value=abs(line.value), multiplier=line.multiplier or None)
    plain = fact._replace(fixed=None, level=line.level or None)
    return fact if engine.value(plain, member.track_on(line.event_on)).points == line.value else fact_of(line, None)


def draw(
    engine: Engine,
    cycle: Cycle,
    roster: Sequence[Listed],
    lines: Iterable[Stated],
    before: Mapping[int, Sequence[Fact]],
    zeroings: Mapping[int, Sequence[Fact]],
    scored: Mapping[int, Scored],
    wordings: Mapping[int, str] | None = None,
    *,
    reasons: bool = True,
    voided: Voids = NO_VOIDS,
) -> list[Row]:
    """成形 A row per member of the roster. `before`: the facts of closed notices, what was corrected left out;
    `wordings`: the public wordings of those, by line, for the ones a correction moves. Without `reasons` faster.
    `voided`: events that members not given here declare void for everybody; what those given do is found here."""
    by_member: dict[int, list[Stated]] = {}
    for line in lines:
        by_member.setdefault(line.member_id, []).append(line)
    if engine.voids_for_everybody:
        found = declared_void(engine, cycle, by_member, before, zeroings, scored)
        voided = ([*voided[0], *found[0]], [*voided[1], *found[1]])
    rows = []
    for position, listed in enumerate(roster, start=1):
        row = Row(listed, position)
        own = by_member.get(listed.member_id, [])
        member = scored[listed.member_id]
        if member.tracks:
            _score(row, engine, cycle, member, own, before, zeroings, wordings or {}, reasons, voided)
        rows.append(row)
    return rows


def _score(
    row: Row,
    engine: Engine,
    cycle: Cycle,
    member: Scored,
    own: Sequence[Stated],
    before: Mapping[int, Sequence[Fact]],
    zeroings: Mapping[int, Sequence[Fact]],
    wordings: Mapping[int, str],
    reasons: bool,
    voided: Voids,
) -> None:
    former = list(before.get(row.listed.member_id, ()))
    corrected = {line.corrects_id for line in own if line.corrects_id is not None}
    kept = [fact for fact in former if fact.row not in corrected]
    said = _worded if reasons else _unworded
    new = [said(engine, line, member) for line in own if line.corrects_id is None]
    zeroing = list(zeroings.get(row.listed.member_id, ()))
    after = engine.score(member, [*kept, *new, *zeroing], cycle, voided[1])
    row.total = None if member.status == "exempt" else after.score
    counted = {line.row: line for line in after.lines}
    for line in own:
        if line.corrects_id is not None:
            continue
        found = counted.get(line.line_id)
        raw, counts = (found.raw, found.counted) if found else (line.value, 0)
        reason = found.reason if found and reasons else ""
        if line.event:  # the name of the happening is nobody else's business
            reason = reason.replace(f"同一事项（{line.event}）", "同一事项")
        row.lines.append(
            Shown(line.line_id, line.member_id, line.indicator, line.event_on, OWN, raw, counts, reason, line.wording)
        )
    if corrected:
        earlier = engine.score(member, [*former, *zeroing], cycle, voided[0])
        _corrections(row, own, {line.row: line for line in earlier.lines}, counted, wordings)
    for shown in row.lines:
        if _is_positive(engine, shown):
            row.positive += shown.counted
        else:
            row.reverse += shown.counted


def declared_void(
    engine: Engine,
    cycle: Cycle,
    by_member: Mapping[int, Sequence[Stated]],
    before: Mapping[int, Sequence[Fact]],
    zeroings: Mapping[int, Sequence[Fact]],
    scored: Mapping[int, Scored],
) -> Voids:
    """认定无效的事项 Events that these members' lines declare void for everybody, before this notice and with it."""
    gone = {line.corrects_id for own in by_member.values() for line in own if line.corrects_id is not None}
    was: list[Void] = []
    now: list[Void] = []
    for number, member in scored.items():
        former = [fact for fact in before.get(number, ()) if fact.event]
        new = [fact_of(line, None) for line in by_member.get(number, ()) if line.event and line.corrects_id is None]
        if not member.tracks or not (former or new):
            continue
        zeroing = zeroings.get(number, ())
        kept = [fact for fact in former if fact.row not in gone]
        was += engine.voided_events(member, [*former, *zeroing], cycle)
        now += engine.voided_events(member, [*kept, *new, *zeroing], cycle)
    return was, now


def _unworded(engine: Engine, line: Stated, member: Scored) -> Fact:
    return fact_of(line, None)


def _is_positive(engine: Engine, shown: Shown) -> bool:
    """By the index of the indicator: what gives a deduction back stands among the deductions."""
    version = engine.version_on(shown.event_on)
    found = version.indicators.get(shown.indicator) if version else None
    return shown.counted > 0 if found is None else found.index == "positive"


def _corrections(
    row: Row, own: Sequence[Stated], earlier: Mapping[int, Any], counted: Mapping[int, Any], wordings: Mapping[int, str]
) -> None:
    for line in own:
        if line.corrects_id is None:
            continue
        was = earlier.get(line.corrects_id)
        raw, counts = (-was.raw, -was.counted) if was else (0, 0)
        reason = "更正：原条目撤回，视同从未发生"
        row.lines.append(
            Shown(
                line.line_id,
                line.member_id,
                line.indicator,
                line.event_on,
                CORRECTION,
                raw,
                counts,
                reason,
                line.wording,
            )
        )
    for number, was in earlier.items():
        now = counted.get(number)
        if now is not None and now.counted != was.counted:
            row.lines.append(
                Shown(
                    number,
                    row.listed.member_id,
                    was.indicator.code,
                    was.event_on,
                    MOVED,
                    0,
                    now.counted - was.counted,
                    f"因更正，本条计入由{show(was.counted)}分变为{show(now.counted)}分",
                    wordings.get(number, ""),
                )
            )


# ------------------------------------------------------------------ fingerprints


def member_commitment(salt: str, name: str, note: str) -> str:
    """名单的承诺值"""
    return sealing.commitment(salt, {"name": name, "note": note})


def line_commitment(salt: str, wording: str, reason: str) -> str:
    """条目的承诺值"""
    return sealing.commitment(salt, {"wording": wording, "reason": reason})


def publication_digest(
    *,
    sheet_id: int,
    revision: int,
    published_at: datetime,
    closes_at: datetime,
    heading: Mapping[str, Any],
    members: Iterable[Sequence[Any]],
    lines: Iterable[Sequence[Any]],
) -> str:
    """公示的摘要 Over what was shown; of names and wordings only their commitments.

    `members`: (position, key, positive, reverse, total or None, commitment); `lines`: (line, key, indicator, event day,
    kind, raw, counted, open again, commitment), sorted by line.
    """
    return sealing.digest(
        {
            "sheet": sheet_id,
            "revision": revision,
            "published": instant(published_at),
            "closes": instant(closes_at),
            "heading": dict(heading),
            "members": [list(row) for row in members],
            "lines": sorted(list(row) for row in lines),
        }
    )


def instant(moment: datetime) -> str:
    """时刻的写法 One form of a moment in every digest, whatever the database gave back."""
    return moment.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds")
