"""从考勤和党费提议 What the branch's attendance and dues propose for an open sheet, and entering what was ticked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from pioneer.accounts.policies import AnyActor
from pioneer.assessments import queries, roster, wording, writing
from pioneer.assessments.models import Line, Sheet
from pioneer.assessments.writing import Entry
from pioneer.conduct import facts
from pioneer.conduct.facts import Offered
from pioneer.declarations.models import Declaration
from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import Member
from pioneer.members.queries import RosterEntry
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Engine, Fact, Indicator


@dataclass(frozen=True, slots=True)
class Proposal:
    """一条提议 A fact with the indicator the rulebook of its day names for it. `why_not`: it can't be ticked;
    `notes`: it can, but is not ticked beforehand."""

    fact: Offered
    entry: RosterEntry
    row: Indicator
    value: int
    wording: str
    why_not: str = ""
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.fact.key

    @property
    def is_ticked(self) -> bool:
        """事先勾选"""
        return not self.why_not and not self.notes


@dataclass(slots=True)
class Group:
    """一个指标的提议"""

    row: Indicator
    proposals: list[Proposal] = field(default_factory=list)


def proposals(actor: AnyActor, sheet: Sheet) -> list[Proposal]:
    """考评表的提议 Of the members on the sheet, of its cycle up to its month, by indicator, day and roster order.

    The same number of queries whatever the number of members.
    """
    if sheet.kind == Sheet.Kind.TAKEOVER:
        return []  # it holds totals from paper and nothing else
    entries = {one.id: one for one in roster.roster(sheet) if not one.exempt}
    found = _offered(sheet, entries)
    engine = engine_for(sheet.branch.district_number)
    tracks = members.tracks_of(entries)
    kin = roster.kin_of(actor)
    closed = {**queries.closed_for(sheet, list(entries)), **roster.filed_for(sheet, list(entries))}
    known = _Known(found)
    made = []
    for fact in found:
        track = members.track_at(tracks.get(fact.member_id, []), fact.event_on)
        row = indicator_for(engine, fact, track)
        if row is None or track is None:
            continue
        value = engine.value(_fact(fact, row), track)
        why_not = _why_not(fact, kin.get(fact.member_id, ""), closed.get(fact.member_id, ""))
        made.append(
            Proposal(
                fact=fact,
                entry=entries[fact.member_id],
                row=row,
                value=value.points,
                wording=wording.propose(row, None, ""),
                why_not=why_not or (f"{value.mistake}，请用“加一条”登记。" if value.mistake else ""),
                notes=() if why_not else known.notes(sheet, fact, row),
            )
        )
    made.sort(key=lambda one: (one.row.order, one.fact.event_on, one.entry.position, one.entry.id))
    return made


def grouped(found: Sequence[Proposal]) -> list[Group]:
    """按指标分组"""
    groups: dict[str, Group] = {}
    for one in found:
        groups.setdefault(one.row.code, Group(one.row)).proposals.append(one)
    return list(groups.values())


@operation("assessments.enter_proposals")
def enter_proposals(
    *,
    actor: AnyActor,
    sheet_id: int,
    ticked: Collection[str],
    request_key: UUID,
) -> list[Line]:
    """记入提议 Each ticked fact becomes a line that remembers it, all or none; a fact is charged once, whoever asks.

    `ticked`: the keys of proposals, which carry the state that was seen; one corrected since is not entered.
    """
    sheet = writing.lock_sheet(actor, sheet_id)
    entries = {one.id: one for one in roster.roster(sheet) if not one.exempt}
    wanted = set(ticked)
    chosen = [fact for fact in _offered(sheet, entries, lock=True) if fact.key in wanted]
    if not wanted:
        raise BadInput([Fault("", "没有勾选任何一条，请先勾选。")])
    if len(chosen) != len(wanted):
        raise DomainError("facts_changed", "考勤或党费刚刚有更正，有的已不在其列。请重新打开这一页，核对后再记入。")
    people = {one.pk: one for one in Member.objects.filter(pk__in={fact.member_id for fact in chosen})}
    for member in people.values():
        writing.require_ruling(actor, sheet, member)
    before = Line.objects.filter(request_key__in=[uuid5(request_key, key) for key in wanted])
    if entered := list(before):
        return _same(entered, sheet, chosen, request_key)
    writing.require_open(sheet)
    return _enter(actor, sheet, chosen, people, request_key)


# ------------------------------------------------------------------ in common


def indicator_for(engine: Engine, fact: Offered, track: str | None) -> Indicator | None:
    """提议的指标 The one that the version of the fact's day names for its source and the member's track."""
    version = engine.version_on(fact.event_on)
    if version is None:
        return None
    named = (row for row in version.indicators.values() if row.proposed_from == fact.source)
    return next((row for row in named if not row.tracks or track in row.tracks), None)


def _offered(sheet: Sheet, ids: Collection[int], *, lock: bool = False) -> list[Offered]:
    last = roster.last_day(sheet.year, sheet.month)
    first = engine_for(sheet.branch.district_number).cycle_of(last).first_on
    return facts.offered(ids, first, roster.day_of(sheet), lock=lock)


def _fact(fact: Offered, row: Indicator) -> Fact:
    return Fact(row=0, indicator=row.code, event_on=fact.event_on, document=fact.ground)


def _why_not(fact: Offered, kin: str, closed: str) -> str:
    if fact.is_taken:
        return "已记入考评表。"
    if kin:
        return (
            "应回避：是您本人的，由支部的另一位同志记入。" if kin == roster.SELF else f"应回避：是您的亲属（{kin}）。"
        )
    return f"{closed}。" if closed else ""


class _Known:
    """What already speaks of the same: lines on any sheet, struck ones that stood on a fact, claims of the member."""

    def __init__(self, found: Sequence[Offered]) -> None:
        ids, days = {one.member_id for one in found}, {one.event_on for one in found}
        self.lines: set[tuple[object, ...]] = set()
        self.struck: dict[str, str] = {}
        for line in Line.objects.filter(member__in=ids, event_on__in=days):
            if line.state == Line.State.STANDING and line.corrects_id is None:
                self.lines.add((line.member_id, line.indicator, line.event_on))
            elif line.state == Line.State.STRUCK and (line.attendance_id or line.dues_id):
                key = f"a{line.attendance_id}" if line.attendance_id else f"d{line.dues_id}"
                self.struck[key] = line.struck_why
        claims = Declaration.objects.filter(member__in=ids, event_on__in=days)
        said = claims.exclude(state=Declaration.State.WITHDRAWN)
        self.claims = set(said.values_list("member_id", "indicator", "event_on"))

    def notes(self, sheet: Sheet, fact: Offered, row: Indicator) -> tuple[str, ...]:
        """为何不事先勾选"""
        same = (fact.member_id, row.code, fact.event_on)
        found = []
        if same in self.lines:
            found.append("同一天已有一条同项的，请核对是不是同一件事。")
        if same in self.claims:
            found.append("本人已就同一天申报同一项，请核对是不是同一件事。")
        if fact.row in self.struck:
            found.append(f"曾经记入，已撤下：{self.struck[fact.row]}")
        if (fact.event_on.year, fact.event_on.month) != (sheet.year, sheet.month):
            found.append(f"补记：{fact.event_on.month}月的事。")
        return tuple(found)


def _enter(
    actor: AnyActor, sheet: Sheet, chosen: Sequence[Offered], people: dict[int, Member], request_key: UUID
) -> list[Line]:
    engine = engine_for(sheet.branch.district_number)
    names = roster.names_near(sheet.branch)
    ready, faults = [], []
    for fact in chosen:
        member = people[fact.member_id]
        try:
            entry = _entry(engine, fact, member)
            ready.append((fact, member, entry, writing.appraise(sheet, member, entry, names)))
        except DomainError as refusal:
            faults.append(Fault(f"{member.name} {fact.event_on.month}月{fact.event_on.day}日", refusal.message))
    if faults:
        raise BadInput(faults)
    entered = []
    for fact, member, entry, appraised in ready:
        key = uuid5(request_key, fact.key)
        line = writing.write_line(sheet, member, entry, appraised, actor.number, request_key=key)
        line.attendance, line.dues = fact.attendance, fact.dues
        line.save(update_fields=["attendance", "dues"])
        facts.take(line.attendance_id, line.dues_id)
        writing.touch(sheet, actor.number, line=line)
        entered.append(line)
    return entered


def _entry(engine: Engine, fact: Offered, member: Member) -> Entry:
    if fact.is_taken:
        raise DomainError("taken", "这一件已记入考评表，没有再记。")
    row = indicator_for(engine, fact, members.track_on(member, fact.event_on))
    if row is None:
        raise DomainError("not_proposed", "积分办法没有写明由它记哪一项，请用“加一条”登记。")
    return Entry(indicator=row.code, event_on=fact.event_on, ground=fact.ground)


def _same(before: list[Line], sheet: Sheet, chosen: Sequence[Offered], request_key: UUID) -> list[Line]:
    asked = {uuid5(request_key, fact.key) for fact in chosen}
    if {line.request_key for line in before} != asked or any(line.sheet_id != sheet.pk for line in before):
        raise DomainError("request_key_reused", "这张表单已经提交过不同的勾选，没有再写入。请重新打开这一页再勾选。")
    return before
