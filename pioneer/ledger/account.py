"""积分单 A member's points as its own page shows them: the score, what is to come, every line with its reason."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from pioneer.assessments.models import Line, Sheet
from pioneer.assessments.queries import effect
from pioneer.conduct.models import ZeroingCase
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.ledger import chain, queries
from pioneer.ledger.models import Entry, Posting
from pioneer.members import queries as members
from pioneer.members.models import Member, Status
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Publication, PublishedLine
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Cycle, Engine, Indicator, Score
from pioneer.scoring import Line as ScoreLine
from pioneer.scoring.model import Tier


@dataclass(frozen=True, slots=True)
class Shown:
    """一条 `points` is what counts, or would; `value` differs where a cap trimmed. `statement`: the member is asked."""

    wording: str
    indicator: str
    name: str
    event_on: date
    points: int
    value: int
    state: str
    colour: str
    why: str = ""
    clause: str = ""
    is_gone: bool = False
    statement: int | None = None
    notice: str = ""
    local: str = ""

    @property
    def is_minus(self) -> bool:
        return self.points < 0 or (self.points == 0 and self.value < 0)


@dataclass(slots=True)
class Account:
    """积分单"""

    member: Member
    branch: Organisation | None
    cycle: Cycle | None = None
    score: Score | None = None
    tiers: list[Tier] = field(default_factory=list)
    status: str = ""
    is_exempt: bool = False
    lines: list[Shown] = field(default_factory=list)
    until: Sheet | None = None
    zeroing: ZeroingCase | None = None
    waiting_claims: int = 0

    @property
    def tier(self) -> Tier | None:
        """现在的等次"""
        return next((tier for tier in self.tiers if self.score and tier.code == self.score.tier), None)

    @property
    def next_tier(self) -> Tier | None:
        """上一档 The next higher one."""
        higher = [tier for tier in self.tiers if self.score and tier.lower > self.score.score]
        return min(higher, key=lambda tier: tier.lower, default=None)

    @property
    def missing(self) -> int:
        """还差几分"""
        return self.next_tier.lower - self.score.score if self.next_tier and self.score else 0

    @property
    def coming(self) -> list[int]:
        """待公示和公示中的分 Additions together, deductions together."""
        points = [line.points for line in self.lines if line.colour in ("gold", "red") and not line.is_gone]
        parts = sum(one for one in points if one > 0), sum(one for one in points if one < 0)
        return [part for part in parts if part]


def account_of(member: Member, known: queries.Known = queries.nothing_known) -> Account:
    """积分单 Of the cycle that runs today; `known` tells what later stations know. A constant number of queries."""
    today = clock.today()
    found = Account(member, members.branch_on(member, today) or members.last_branch(member))
    engine = engine_for(member.district_id)
    found.cycle = engine.cycle_of(today)
    found.status = members.statuses_on([member.pk], today).get(member.pk, Status.FULL.value)
    found.is_exempt = member.pk in members.exempt_on([member.pk], today)
    beyond = known(member, found.cycle)
    told = {member.pk: beyond} if beyond is not None else None
    found.score = queries.scores_of([member.pk], today, engine, beyond=told).get(member.pk)
    if found.score is not None:
        found.tiers = sorted(found.score.version.tiers, key=lambda tier: tier.lower)
    found.zeroing = _zeroing(member, found.cycle)
    posted = _posted(found, engine)
    coming = _coming(member, engine, found.cycle)
    found.lines = [*(_never_posted(coming, found.cycle) if found.zeroing else coming), *posted]
    found.waiting_claims = Declaration.objects.filter(member=member, state=Declaration.State.SUBMITTED).count()
    return found


def _zeroing(member: Member, cycle: Cycle) -> ZeroingCase | None:
    cases = ZeroingCase.objects.filter(
        member=member, state=ZeroingCase.State.APPROVED, document_on__range=(cycle.first_on, cycle.last_on)
    )
    return cases.order_by("document_on").first()


def _row(engine: Engine, code: str, on: date) -> Indicator | None:
    version = engine.version_on(on)
    return version.indicators.get(code) if version else None


# ------------------------------------------------------------------ posted


def _posted(found: Account, engine: Engine) -> list[Shown]:
    """What stands in the ledger, the latest first; what was taken back is shown as taken back."""
    cycle = found.cycle
    assert cycle is not None
    entries = list(
        Entry.objects.filter(member_key=found.member.key, event_on__range=(cycle.first_on, cycle.last_on))
        .select_related("text", "posting__publication__sheet")
        .order_by("-event_on", "-pk")
    )
    if entries:
        found.until = max(entries, key=lambda one: one.posting_id).posting.publication.sheet
    taken_back = {entry.corrects_id for entry in entries if entry.corrects_id}
    reasons = _reasons(found.member)
    counted = {line.row: line for line in found.score.lines} if found.score else {}
    shown = []
    for entry in entries:
        number = chain.line_of(entry.reference)
        line = counted.get(number)
        row = _row(engine, entry.indicator, entry.event_on)
        is_gone = entry.pk in taken_back or entry.corrects_id is not None
        points = line.counted if line else 0
        why = _why(entry, entry.pk in taken_back, line, reasons.get(number, ""))
        shown.append(
            Shown(
                wording=entry.text.wording or (row.name if row else entry.indicator),
                indicator=entry.indicator,
                name=row.name if row else "",
                local=row.local if row else "",
                event_on=entry.event_on,
                points=0 if is_gone else points,
                value=entry.value,
                state="已更正" if entry.pk in taken_back else "更正" if entry.corrects_id else "已入账",
                colour="muted" if is_gone else "green",
                why=why,
                clause=row.clause if row else "",
                is_gone=is_gone,
                notice=entry.posting.publication.token,
            )
        )
    return shown


def _why(entry: Entry, is_taken_back: bool, line: ScoreLine | None, said: str) -> str:
    """What explains the points: nothing where all of it counts, for then the clause says enough."""
    if is_taken_back:
        return "已更正：这一条作废，视同从未发生。"
    if entry.corrects_id is not None:
        return "更正：冲回上面作废的一条。"
    if line is None or line.counted == line.raw:
        return ""
    return line.reason if not said or "变为" in said else said


def _reasons(member: Member) -> dict[int, str]:
    """The reason last shown for each line. One query."""
    lines = PublishedLine.objects.filter(member=member, publication__closed_at__isnull=False).order_by("publication_id")
    return dict(lines.values_list("line_id", "reason"))


# ------------------------------------------------------------------ on its way


def _coming(member: Member, engine: Engine, cycle: Cycle) -> list[Shown]:
    """What is being shown, then what the branch is still evaluating."""
    live = Publication.objects.filter(superseded_at__isnull=True).exclude(
        Exists(Posting.objects.filter(publication=OuterRef("pk")))
    )
    lines = PublishedLine.objects.filter(member=member, publication__in=live, withheld=False)
    shown = [
        _in_window(line, engine) for line in lines.select_related("publication", "line").order_by("-event_on", "-pk")
    ]
    published = Publication.objects.filter(sheet=OuterRef("sheet"))
    waiting = Line.objects.filter(
        member=member, state=Line.State.STANDING, event_on__range=(cycle.first_on, cycle.last_on)
    ).exclude(Exists(published))
    shown += [
        _on_sheet(line, engine) for line in waiting.select_related("sheet", "corrects").order_by("-event_on", "-pk")
    ]
    return shown


def _never_posted(coming: list[Shown], cycle: Cycle) -> list[Shown]:
    """A zeroing has closed the cycle: what was still on its way in it stays where it is."""
    return [
        replace(line, state="已清零，不入账", colour="muted", statement=None)
        if cycle.first_on <= line.event_on <= cycle.last_on
        else line
        for line in coming
    ]


def _in_window(line: PublishedLine, engine: Engine) -> Shown:
    row = _row(engine, line.indicator, line.event_on)
    closes = line.publication.closes_at
    last = closes.astimezone(clock.SHANGHAI).date() - timedelta(days=1)
    if line.publication.closed_at is not None:
        state = "公示期满，待入账"
    elif clock.now() >= closes:
        state = "公示期满，办理中"
    else:
        state = f"公示至{last.month}月{last.day}日"
    return Shown(
        wording=line.wording,
        indicator=line.indicator,
        name=row.name if row else "",
        local=row.local if row else "",
        event_on=line.event_on,
        points=line.counted,
        value=line.raw,
        state=state,
        colour="gold",
        why=line.reason if line.counted != line.raw or line.kind != PublishedLine.Kind.OWN else "",
        clause=row.clause if row else "",
        notice=line.publication.token,
    )


def _on_sheet(line: Line, engine: Engine) -> Shown:
    row = _row(engine, line.indicator, line.event_on)
    asked = effect(line) < 0 and line.statement_at is None and line.sheet.state != Sheet.State.CONFIRMED
    if asked:
        state, colour = "等您说明", "red"
    elif line.sheet.state == Sheet.State.CONFIRMED:
        state, colour = "待公示", "gold"
    else:
        state, colour = "考评中", "gold"
    return Shown(
        wording=line.wording,
        indicator=line.indicator,
        name=row.name if row else "",
        local=row.local if row else "",
        event_on=line.event_on,
        points=effect(line),
        value=effect(line),
        state=state,
        colour=colour,
        why="更正以前入账的一条" if line.corrects_id else "",
        clause=row.clause if row else "",
        statement=line.pk if asked else None,
    )
