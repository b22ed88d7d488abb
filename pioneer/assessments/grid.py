"""考评表页面 What a sheet's page shows: a row for each member in roster order, and one member's side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pioneer.accounts.policies import Act, AnyActor, may
from pioneer.assessments import queries, roster, totals
from pioneer.assessments.models import Line, Review, Sheet
from pioneer.declarations.models import Declaration, Flag
from pioneer.declarations.queries import doubts_of
from pioneer.kernel.points import show
from pioneer.members.queries import RosterEntry
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Engine, Fact, Indicator


@dataclass(slots=True)
class Claim:
    """一条申报 As the side shows it: what it would be worth, what the reviewer should look at (`flags`), and what the
    finder noticed (`doubts`), which the reviewer decides with a reason."""

    declaration: Declaration
    name: str
    value: int | None
    is_range: bool
    flags: list[str] = field(default_factory=list)
    local: str = ""
    doubts: list[Flag] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """没有提示和疑点"""
        return not self.flags and not self.doubts


@dataclass(slots=True)
class Shown:
    """一个条目 As the side and the confirmation show it."""

    line: Line
    name: str
    effect: int
    is_told: bool
    by: str
    confirmed_by: str = ""
    local: str = ""

    @property
    def state(self) -> tuple[str, str]:
        """告知状态 Words and colour."""
        if not self.is_told:
            return "", ""
        if self.line.statement_at:
            return "本人已说明", "red"
        return ("申辩期内", "gold") if self.line.told_at else ("待书面告知", "red")


@dataclass(slots=True)
class Row:
    """一名党员 A line of the grid."""

    entry: RosterEntry
    number: int = 0
    kin: str = ""
    closed: str = ""
    waiting: list[Claim] = field(default_factory=list)
    decided: list[Review] = field(default_factory=list)
    lines: list[Shown] = field(default_factory=list)
    total: int | None = None

    @property
    def claimed(self) -> int:
        return len(self.waiting) + len(self.decided)

    @property
    def positive(self) -> int:
        return sum(shown.effect for shown in self.lines if _base(shown.line) > 0)

    @property
    def reverse(self) -> int:
        return sum(shown.effect for shown in self.lines if _base(shown.line) < 0)

    @property
    def month(self) -> int:
        return self.positive + self.reverse

    @property
    def simple(self) -> list[Claim]:
        """可一并核准的 What carries no flag and needs no decided value."""
        return [claim for claim in self.waiting if claim.is_clean and not claim.is_range]

    @property
    def flags(self) -> int:
        return sum(len(claim.flags) + len(claim.doubts) for claim in self.waiting)

    @property
    def doubts(self) -> int:
        """尚未认定的疑点"""
        return sum(len(claim.doubts) for claim in self.waiting)

    @property
    def has_statement(self) -> bool:
        return any(shown.line.statement for shown in self.lines)

    @property
    def untold(self) -> bool:
        return any(shown.is_told and shown.line.told_at is None for shown in self.lines)

    @property
    def state(self) -> tuple[str, str]:
        """状态 The word in the thin frame and its colour; the most pressing first."""
        told = [shown for shown in self.lines if shown.is_told]
        for holds, word, colour in (
            (bool(self.closed), "本周期已清零", "red"),
            (self.has_statement, "本人申辩", "red"),
            (self.untold, "待书面告知", "red"),
            (bool(self.kin and self.waiting), f"应回避：{'本人' if self.kin == roster.SELF else '亲属'}", "muted"),
            (bool(self.doubts), f"{self.doubts} 处疑点", "gold"),
            (bool(self.flags), f"{self.flags} 条提示", "gold"),
            (bool(self.waiting), "待核定", "muted"),
            (bool(told), "申辩期内", "gold"),
            (bool(self.claimed or self.lines), "已评", "green"),
        ):
            if holds:
                return word, colour
        return "没有申报", "muted"


@dataclass(slots=True)
class Grid:
    """一张考评表 Its rows, and what is left to do before it may be submitted."""

    sheet: Sheet
    rows: list[Row]

    def only(self, which: str) -> list[Row]:
        """只看 The rows of one filter."""
        tests: dict[str, Callable[[Row], bool]] = {
            "waiting": lambda row: bool(row.waiting),
            "doubtful": lambda row: bool(row.doubts),
            "none": lambda row: not row.claimed,
            "statement": lambda row: row.has_statement,
            "hinted": lambda row: row.flags > row.doubts,
            "untold": lambda row: row.untold,
        }
        return [row for row in self.rows if which not in tests or tests[which](row)]

    @property
    def waiting(self) -> list[Claim]:
        return [claim for row in self.rows for claim in row.waiting]

    @property
    def waiting_people(self) -> int:
        return len(self.only("waiting"))

    @property
    def positive(self) -> int:
        return sum(row.positive for row in self.rows)

    @property
    def reverse(self) -> int:
        return sum(row.reverse for row in self.rows)

    @property
    def month(self) -> int:
        return self.positive + self.reverse

    def row(self, member_id: int) -> Row | None:
        """某人的一行"""
        return next((row for row in self.rows if row.entry.id == member_id), None)


def grid(actor: AnyActor, sheet: Sheet) -> Grid:
    """考评表页面 The same number of queries whatever the number of members."""
    unpublished = sheet.state != Sheet.State.CONFIRMED
    kin = roster.kin_of(actor)
    entries = enumerate(roster.roster(sheet, unpublished=unpublished), start=1)
    rows = {entry.id: Row(entry, number, kin.get(entry.id, "")) for number, entry in entries}
    engine = engine_for(sheet.branch.district_number)
    for member_id, reason in queries.closed_for(sheet, list(rows)).items():
        rows[member_id].closed = reason
    lines = queries.standing_lines(sheet, unpublished=unpublished)
    names = queries.names_of(number for line in lines for number in (line.entered_by_number, line.confirmed_by_number))
    for line in lines:
        if line.member_id in rows:
            rows[line.member_id].lines.append(_shown(engine, line, names))
    reviews = Review.objects.filter(sheet=sheet).select_related("declaration").order_by("declaration__event_on", "pk")
    for review in reviews:
        if review.declaration.member_id in rows:
            rows[review.declaration.member_id].decided.append(review)
    found = queries.claims(sheet, list(rows))
    doubts = doubts_of(declaration.pk for declaration in found)
    since = engine.cycle_of(roster.last_day(sheet.year, sheet.month)).first_on
    until = totals.taken_over_until(sheet.branch_id, since) if found else None
    for declaration in found:
        row = rows[declaration.member_id]
        claim = _claim(engine, sheet, row, declaration, found)
        if until is not None and declaration.event_on <= until:
            claim.flags.append(f"这件事在结转日（{until.month}月{until.day}日）以前，请核对纸上的累计是否已经算过。")
        claim.doubts = [flag for flag in doubts.get(declaration.pk, []) if not flag.decision]
        row.waiting.append(claim)
    return Grid(sheet, list(rows.values()))


@dataclass(slots=True)
class Section:
    """复核页的一段 Lines and rejected claims that wait for the reader, wait for somebody else, or are confirmed."""

    kind: str
    lines: list[Shown] = field(default_factory=list)
    rejected: list[tuple[Review, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.lines) + len(self.rejected)


@dataclass(slots=True)
class Confirmation:
    """复核页 The three sections, and why the reader may confirm nothing (empty: it may)."""

    mine: Section
    others: Section
    done: Section
    refusal: str
    from_above: str
    elsewhere: str

    @property
    def sections(self) -> list[Section]:
        """非空的段 In the order in which they are read."""
        return [section for section in (self.mine, self.others, self.done) if section.count]

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)


def confirmation(actor: AnyActor, sheet: Sheet) -> Confirmation:
    """复核页的条目 In roster order. The same number of queries whatever the number of lines."""
    second = queries.second_person(sheet)
    share = second.share_of(actor)
    mine, others, done = Section("mine"), Section("others"), Section("done")
    engine = engine_for(sheet.branch.district_number)
    lines = queries.standing_lines(sheet, unpublished=sheet.state != Sheet.State.CONFIRMED)
    rejected = queries.rejected(sheet)
    signed = [*(line.confirmed_by_number for line in lines), *(review.confirmed_by_number for review in rejected)]
    names = queries.names_of([*(line.entered_by_number for line in lines), *signed])
    line_ids, review_ids = {part.line for part in share}, {part.review for part in share}

    def section(is_done: bool, is_mine: bool) -> Section:
        return done if is_done or sheet.state == Sheet.State.CONFIRMED else mine if is_mine else others

    for line in lines:
        into = section(line.confirmed_by_number is not None, line.pk in line_ids)
        into.lines.append(_shown(engine, line, names))
    for review in rejected:
        into = section(review.confirmed_by_number is not None, review.pk in review_ids)
        into.rejected.append((review, names.get(review.confirmed_by_number or 0, "")))
    above = second.why_above(sheet.branch.name, share) if second.is_from_above(actor) else ""
    elsewhere = second.outstanding([part for part in second.left if part not in share]) if share else ""
    return Confirmation(mine, others, done, second.refusal(actor), above, elsewhere)


def may_evaluate(actor: AnyActor, sheet: Sheet) -> bool:
    """可否考评这张表"""
    return sheet.state == Sheet.State.OPEN and may(actor, Act.EVALUATE, sheet.branch)


def written(hundredths: int | None) -> str:
    """填回表单的数 150 → "1.5"."""
    return "" if hundredths is None else show(hundredths)


def name_of(line: Line) -> str:
    """指标名称 Of one line."""
    row = indicator_of(engine_for(line.sheet.branch.district_number), line.indicator, line)
    return row.name if row else line.indicator


def may_step_in(actor: AnyActor, sheet: Sheet, row: Row) -> bool:
    """可否代为考评 The officer above, where everybody of the branch would have to step aside for this member."""
    if sheet.state != Sheet.State.OPEN or row.kin or not row.waiting or may(actor, Act.EVALUATE, sheet.branch):
        return False
    return may(actor, Act.CONFIRM_ABOVE, sheet.branch) and roster.all_step_aside(sheet.branch, row.entry.id)


def indicator_of(engine: Engine, code: str, line: Line | Declaration) -> Indicator | None:
    """指标 By the version of the event's day."""
    version = engine.version_on(line.event_on)
    return version.indicators.get(code) if version else None


def _shown(engine: Engine, line: Line, names: dict[int, str]) -> Shown:
    row = indicator_of(engine, line.indicator, line)
    return Shown(
        line=line,
        name=row.name if row else line.indicator,
        effect=queries.effect(line),
        is_told=queries.is_told(line),
        by=names.get(line.entered_by_number or 0, ""),
        confirmed_by=names.get(line.confirmed_by_number or 0, ""),
        local=row.local if row else "",
    )


def _base(line: Line) -> int:
    return int(line.corrects.value if line.corrects is not None else line.value)


def _claim(
    engine: Engine, sheet: Sheet, row: Row, declaration: Declaration, all_claims: Sequence[Declaration]
) -> Claim:
    indicator = indicator_of(engine, declaration.indicator, declaration)
    is_range = bool(indicator and indicator.value and indicator.value.shape == "range")
    value = None
    if indicator is not None and not is_range and row.entry.track:
        fact = Fact(
            row=0,
            indicator=declaration.indicator,
            event_on=declaration.event_on,
            quantity=declaration.quantity,
            level=declaration.level or None,
        )
        found = engine.value(fact, row.entry.track)
        value = found.points if found.mistake is None else None
    name = indicator.name if indicator else declaration.indicator
    flags = _flags(sheet, row, declaration, all_claims)
    return Claim(declaration, name, value, is_range, flags, indicator.local if indicator else "")


def _flags(sheet: Sheet, row: Row, claim: Declaration, all_claims: Sequence[Declaration]) -> list[str]:
    """提示 Things to look at that stand on this very sheet; they never decide anything."""
    flags = []
    if (claim.event_on.year, claim.event_on.month) != (sheet.year, sheet.month):
        flags.append(f"补报：{claim.event_on.month}月的事，{claim.event_on.month}月的考评表已不能再记。")
    for other in all_claims:
        if other.pk != claim.pk and other.member_id == claim.member_id and claim.event and other.event == claim.event:
            flags.append(f"与“{other.matter[:20]}”申报为同一件事，按分值高的一项计。")
    entered = [shown.line for shown in row.lines if shown.line.event_on == claim.event_on]
    if any(line.indicator == claim.indicator for line in entered):
        flags.append("本表同一天已有一条同项加分。请核对是不是同一件事。")
    return flags
