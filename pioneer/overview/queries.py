"""总览的读取 Which branch stands where with its month, what waits, how the scores lie. No leaderboard."""

import calendar as months_of
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Max, Q

from pioneer.accounts.policies import AnyActor
from pioneer.assessments.models import Sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.ledger.queries import posted_at
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import calendar, in_tree_order
from pioneer.overview.policies import scope
from pioneer.overview.waiting import Waiting, below, waiting
from pioneer.publicity.due_days import DueDays, due_days, proof_due
from pioneer.publicity.models import Objection, Proof, Publication, PublishedMember
from pioneer.rulebook.queries import current_rulebook
from pioneer.scoring import Rulebook

OPEN_OBJECTIONS = (Objection.State.OPEN, Objection.State.TOWNSHIP)


@dataclass(frozen=True, slots=True)
class Month:
    """月份"""

    year: int
    month: int

    @property
    def last(self) -> date:
        return date(self.year, self.month, months_of.monthrange(self.year, self.month)[1])

    @property
    def before(self) -> "Month":
        return Month(self.year, self.month - 1) if self.month > 1 else Month(self.year - 1, 12)

    @property
    def after(self) -> "Month":
        return Month(self.year, self.month + 1) if self.month < 12 else Month(self.year + 1, 1)

    @property
    def text(self) -> str:
        return f"{self.year}年{self.month}月"

    @property
    def code(self) -> str:
        return f"{self.year}-{self.month:02d}"


def current_month() -> Month:
    """正在办理的月份 The last whole month: its sheet is what a branch works on now."""
    return running_month().before


def running_month() -> Month:
    """本月"""
    today = clock.today()
    return Month(today.year, today.month)


@dataclass(frozen=True, slots=True)
class Step:
    """一步 `on` the day it was done, `due` the day it should be, `days_late` how long past that day, done or not."""

    name: str
    on: date | None
    due: date | None = None
    days_late: int = 0
    note: str = ""

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def is_done(self) -> bool:
        return self.on is not None


@dataclass(frozen=True, slots=True)
class BranchProgress:
    """一个支部的进度 `above` are its township and community; `spread` counts members by tier, highest first."""

    branch: Organisation
    township_id: int
    township: str
    community: str
    sheet_id: int | None
    steps: tuple[Step, ...]
    objections: int
    spread: tuple[int, ...] = ()

    @property
    def is_late(self) -> bool:
        """是否逾期未办 A step that is past its day and still not done."""
        return any(step.is_late and not step.is_done for step in self.steps)

    @property
    def next_step(self) -> Step | None:
        return next((step for step in self.steps if not step.is_done), None)


@dataclass(frozen=True, slots=True)
class TownshipProgress:
    """一个乡镇、街道的进度 How many of its branches have done each step."""

    number: int
    name: str
    branches: int
    done: tuple[int, ...]
    late: int
    objections: int
    spread: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """总览 One month. `tiers` name the columns of every `spread`; members without a score stand in none of them."""

    month: Month
    steps: tuple[str, ...]
    rows: tuple[BranchProgress, ...]
    tiers: tuple[str, ...]
    deadlines: DueDays | None
    waiting: Waiting

    @property
    def late(self) -> tuple[BranchProgress, ...]:
        return tuple(row for row in self.rows if row.is_late)

    @property
    def done(self) -> tuple[int, ...]:
        return _done(self.rows, len(self.steps))

    @property
    def objections(self) -> int:
        return sum(row.objections for row in self.rows)

    @property
    def spread(self) -> tuple[int, ...]:
        return _added(row.spread for row in self.rows)

    @property
    def townships(self) -> tuple[TownshipProgress, ...]:
        """按乡镇、街道 In organisation order."""
        grouped: dict[int, list[BranchProgress]] = {}
        for row in self.rows:
            grouped.setdefault(row.township_id, []).append(row)
        return tuple(
            TownshipProgress(
                number,
                rows[0].township,
                len(rows),
                _done(rows, len(self.steps)),
                sum(row.is_late for row in rows),
                sum(row.objections for row in rows),
                _added(row.spread for row in rows),
            )
            for number, rows in grouped.items()
        )


STEPS = ("开表", "送复核", "复核", "公示", "凭证", "入账")


def overview(actor: AnyActor, month: Month | None = None, at: int | None = None) -> Overview:
    """总览 Of what lies below the actor, or of one organisation there (`at`). The number of queries is constant."""
    month = month or current_month()
    within = _within(scope(actor), at)
    branches = list(Organisation.objects.filter(below(within), is_branch=True, opened_on__lte=month.last))
    branches = in_tree_order(one for one in branches if one.closed_on is None or one.closed_on > month.last)
    record = _Record.of(branches, month)
    rulebook = _rulebook(branches, month)
    due = _due(rulebook, month)
    tiers = sorted(rulebook.tiers, key=lambda tier: -tier.lower) if rulebook else []
    spreads = _spreads(record.latest.values(), [tier.lower for tier in tiers])
    names = _names_above(branches)
    rows = tuple(_row(branch, names, record, due, spreads) for branch in branches)
    return Overview(month, STEPS, rows, tuple(tier.name for tier in tiers), due, waiting(within))


def _within(paths: list[str], at: int | None) -> list[str]:
    if at is None:
        return paths
    found = Organisation.objects.filter(pk=at).values_list("path", flat=True).first()
    if found is None or not any(found.startswith(path) for path in paths):
        raise NotVisible
    return [found]


@dataclass(slots=True)
class _Record:
    """What happened to the month's sheets: sheet by branch, who had begun, latest publication by sheet, when
    posted, objections."""

    sheets: dict[int, Sheet] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)  # branches that had a sheet by then; the rest weren't there yet
    latest: dict[int, Publication] = field(default_factory=dict)
    posted: dict[int, datetime] = field(default_factory=dict)
    proven: dict[int, datetime] = field(default_factory=dict)  # when the board's first photograph was entered
    objections: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, branches: Collection[Organisation], month: Month) -> "_Record":
        ids = [branch.pk for branch in branches]
        sheets = Sheet.objects.filter(branch__in=ids, year=month.year, month=month.month, sequence=0)
        until = Q(year__lt=month.year) | Q(year=month.year, month__lte=month.month)
        begun = Sheet.objects.filter(until, branch__in=ids).order_by().values_list("branch_id", flat=True).distinct()
        record = cls({sheet.branch_id: sheet for sheet in sheets}, set(begun))
        numbers = [sheet.pk for sheet in record.sheets.values()]
        for publication in Publication.objects.filter(sheet__in=numbers).order_by("revision"):
            record.latest[publication.sheet_id] = publication
        shown = [publication.pk for publication in record.latest.values()]
        record.posted = posted_at(shown)
        proofs = Proof.objects.filter(publication__in=shown, channel=Proof.Channel.BOARD, withdrawn_at__isnull=True)
        record.proven = dict(proofs.order_by("-created_at").values_list("publication_id", "created_at"))
        waiting = Objection.objects.filter(publication__sheet__in=numbers, state__in=OPEN_OBJECTIONS).order_by()
        record.objections.update(waiting.values_list("publication__sheet_id", flat=True))
        return record


def _rulebook(branches: list[Organisation], month: Month) -> Rulebook | None:
    if not branches:
        return None
    try:
        return current_rulebook(branches[0].district_number, month.last)
    except DomainError:
        return None


def _due(rulebook: Rulebook | None, month: Month) -> DueDays | None:
    """Where the holiday table lacks the year, the page still says what was done."""
    try:
        return due_days(rulebook, calendar(), month.last) if rulebook else None
    except DomainError:
        return None


def _names_above(branches: Iterable[Organisation]) -> dict[int, str]:
    numbers = {int(number) for branch in branches for number in branch.path.strip("/").split("/")[1:]}
    return dict(Organisation.objects.filter(pk__in=numbers).order_by().values_list("pk", "name"))


def _row(
    branch: Organisation,
    names: dict[int, str],
    record: _Record,
    due: DueDays | None,
    spreads: dict[int, tuple[int, ...]],
) -> BranchProgress:
    chain = [int(number) for number in branch.path.strip("/").split("/")]
    township = chain[1] if len(chain) > 1 else branch.pk
    community = chain[2] if len(chain) > 2 else branch.pk
    sheet = record.sheets.get(branch.pk)
    publication = record.latest.get(sheet.pk) if sheet else None
    objections = record.objections[sheet.pk] if sheet else 0
    return BranchProgress(
        branch=branch,
        township_id=township,
        township=names.get(township, branch.name),
        community=names.get(community, branch.name),
        sheet_id=sheet.pk if sheet else None,
        steps=_steps(sheet, publication, record, due if branch.pk in record.begun else None, objections),
        objections=objections,
        spread=spreads.get(publication.pk, ()) if publication else (),
    )


def _steps(
    sheet: Sheet | None, publication: Publication | None, record: _Record, due: DueDays | None, objections: int
) -> tuple[Step, ...]:
    posted = record.posted.get(publication.pk) if publication else None
    window = f"公示到{_day_before(publication.closes_at)}" if publication and posted is None else ""
    note = f"{objections}条异议待答复" if objections else window
    closes = None if publication is None or objections else _local(publication.closes_at)
    return (
        _step(STEPS[0], sheet.opened_at if sheet else None, due.opened if due else None),
        _step(STEPS[1], sheet.submitted_at if sheet else None, due.submitted if due else None),
        _step(STEPS[2], sheet.confirmed_at if sheet else None, due.confirmed if due else None),
        _step(STEPS[3], publication.published_at if publication else None, due.published if due else None),
        _proof(publication, record),
        _step(STEPS[5], posted, closes, note),
    )


def _proof(publication: Publication | None, record: _Record) -> Step:
    """The board's photograph; of a notice posted without one, nobody asks any more."""
    if publication is None:
        return Step(STEPS[4], None)
    at = record.proven.get(publication.pk)
    if at is None and publication.closed_at is not None:
        return Step(STEPS[4], None, note="没有登记照片")
    return _step(STEPS[4], at, proof_due(publication.closes_at))


def _step(name: str, at: datetime | None, due: date | None, note: str = "") -> Step:
    on = _local(at) if at else None
    return Step(name, on, due, max(0, ((on or clock.today()) - due).days) if due else 0, note)


def _local(at: datetime) -> date:
    return at.astimezone(clock.SHANGHAI).date()


def _day_before(end: datetime) -> str:
    """A window ends at 24:00 of its last day, stored as the next day's 0:00."""
    last = date.fromordinal(_local(end).toordinal() - 1)
    return f"{last.month}月{last.day}日"


def _spreads(publications: Iterable[Publication], lowers: list[int]) -> dict[int, tuple[int, ...]]:
    """得分分布 Members by tier on each notice. One query."""
    counts = {}
    above: int | None = None
    for place, lower in enumerate(lowers):
        in_tier = Q(total__gte=lower) & (Q(total__lt=above) if above is not None else Q())
        counts[f"tier_{place}"] = Count("pk", filter=in_tier)
        above = lower
    shown = PublishedMember.objects.filter(publication__in=[publication.pk for publication in publications])
    rows = shown.order_by().values("publication_id").annotate(**counts)
    return {number: tuple(spread) for number, *spread in rows.values_list("publication_id", *counts)}


def _done(rows: Collection[BranchProgress], count: int) -> tuple[int, ...]:
    return tuple(sum(row.steps[place].is_done for row in rows) for place in range(count))


def _added(spreads: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*(spread for spread in spreads if spread), strict=True))


# ------------------------------------------------------------------ for the clock


def unopened(today: date) -> list[tuple[int, int, int]]:
    """待开的考评表 Branch, year and month, the earliest first: every month since a branch's last sheet up to today's;
    for a branch that never had one, today's."""
    branches = Organisation.objects.filter(is_branch=True, closed_on__isnull=True, opened_on__lte=today)
    latest = dict(
        Sheet.objects.filter(sequence=0)
        .order_by()
        .values("branch_id")
        .annotate(at=Max(F("year") * 12 + F("month") - 1))
        .values_list("branch_id", "at")
    )
    current = today.year * 12 + today.month - 1
    found = []
    for number in branches.order_by("path").values_list("pk", flat=True):
        since = latest[number] if number in latest else current - 1
        found += [(index, number) for index in range(since + 1, current + 1)]
    return [(number, index // 12, index % 12 + 1) for index, number in sorted(found, key=lambda row: row[0])]
