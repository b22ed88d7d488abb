"""公示页的内容 A notice as people read it: rows with their lines, which may be objected to, what was answered."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pioneer.kernel import clock, sealing
from pioneer.publicity import objection_queries, queries
from pioneer.publicity.models import Objection, Publication, PublishedLine, PublishedMember
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Indicator

Kind = PublishedLine.Kind


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """公示的一条 Of a deduction only indicator, points and kind of ground are shown: no day and no story."""

    line: PublishedLine
    indicator: str
    index: str
    clause: str
    is_trimmed: bool
    can_object: bool
    is_new: bool
    answers: tuple[str, ...] = ()
    waiting: int = 0
    local: str = ""

    @property
    def is_minus(self) -> bool:
        return self.index == "reverse"

    @property
    def shows_day(self) -> bool:
        return not self.is_minus


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """公示的一行"""

    person: PublishedMember
    lines: tuple[NoticeLine, ...]

    @property
    def month(self) -> int:
        return int(self.person.positive + self.person.reverse)


@dataclass(slots=True)
class Notice:
    """一次公示 `last_on` is the window's last day. `struck` are wordings of lines an upheld objection took off."""

    publication: Publication
    rows: list[NoticeRow] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    objections: int = 0
    is_in_window: bool = False
    other_windows: datetime | None = None

    @property
    def last_on(self) -> date:
        return self.publication.closes_at.astimezone(clock.SHANGHAI).date() - timedelta(days=1)

    @property
    def fingerprint(self) -> str:
        """短指纹"""
        return sealing.short(self.publication.digest)

    @property
    def count(self) -> int:
        return sum(len(row.lines) for row in self.rows)


def notice_of(publication: Publication) -> Notice:
    """公示的内容 As it was shown. A constant number of queries."""
    engine = engine_for(publication.sheet.branch.district_number)
    notice = Notice(publication, is_in_window=queries.in_window(publication))
    is_over = publication.closed_at is not None
    until = {} if is_over else _open_until(publication)
    notice.other_windows = max(until.values(), default=None)
    said, waiting = _answers(publication)
    notice.objections = sum(waiting.values()) + sum(len(answers) for answers in said.values())
    seen: set[int] = set()
    for person, lines in queries.shown(publication):
        rows = []
        for line in lines:
            seen.add(line.line_id)
            version = engine.version_on(line.event_on)
            row = version.indicators.get(line.indicator) if version else None
            rows.append(_line(line, row, line.line_id in until, publication, said, waiting))
        rows.sort(key=lambda one: (one.index == "reverse", one.line.event_on, one.line.line_id))
        notice.rows.append(NoticeRow(person, tuple(rows)))
    if publication.revision > 1:
        notice.struck = _struck(publication, seen)
    return notice


def _line(
    line: PublishedLine,
    row: Indicator | None,
    can_object: bool,
    publication: Publication,
    said: dict[int, list[str]],
    waiting: dict[int, int],
) -> NoticeLine:
    return NoticeLine(
        line=line,
        indicator=row.name if row else line.indicator,
        index=row.index if row else ("reverse" if line.counted < 0 else "positive"),
        clause=row.clause if row else "",
        is_trimmed=line.kind != Kind.OWN or line.raw != line.counted,
        can_object=can_object and line.kind != Kind.MOVED,
        is_new=publication.revision > 1 and line.is_open,
        answers=tuple(said.get(line.line_id, ())),
        waiting=waiting.get(line.line_id, 0),
        local=row.local if row else "",
    )


def _open_until(publication: Publication) -> dict[int, datetime]:
    """Until when each line may be objected to, over all revisions of the sheet. One query."""
    lines = PublishedLine.objects.filter(
        publication__sheet=publication.sheet_id, is_open=True, publication__closes_at__gt=clock.now()
    )
    found: dict[int, datetime] = {}
    for number, closes in lines.values_list("line_id", "publication__closes_at"):
        found[number] = max(closes, found.get(number, closes))
    return found


def _answers(publication: Publication) -> tuple[dict[int, list[str]], dict[int, int]]:
    """What was answered in public to each line, and how many objections still wait. One query."""
    said: dict[int, list[str]] = {}
    waiting: dict[int, int] = {}
    rows = Objection.objects.filter(line__sheet=publication.sheet_id).order_by("created_at")
    for line, state, answer in rows.values_list("line_id", "state", "public_answer"):
        if state in objection_queries.WAITING:
            waiting[line] = waiting.get(line, 0) + 1
        else:
            verdict = "成立" if state in objection_queries.UPHELD else "不成立"
            said.setdefault(line, []).append(f"异议{verdict}{f'：{answer}' if answer else ''}")
    return said, waiting


def _struck(publication: Publication, seen: set[int]) -> list[str]:
    """The lines of the revision before that are gone. One query."""
    before = PublishedLine.objects.filter(
        publication__sheet=publication.sheet_id, publication__revision=publication.revision - 1, kind=Kind.OWN
    ).exclude(line__in=seen)
    rows = before.order_by("line_id").values_list("wording", "line__state")
    return [wording for wording, _ in rows]
