"""逐行核对 What each row of a roster would do: new, changed, same, wrong with every reason, or a question.

The same judge looks when the file is checked, when a person answers a row, and once more when the import is confirmed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from pioneer.kernel import clock
from pioneer.kernel.encryption import lookup
from pioneer.members import queries
from pioneer.members.branch_names import BranchNames
from pioneer.members.comparing import Difference, difference
from pioneer.members.known import Entry, Known, Standing, standing_for
from pioneer.members.matching import Match, match
from pioneer.members.models import GONE, RosterImportRow, Status, Track
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import above
from pioneer.workbooks.layout import Layout
from pioneer.workbooks.reading import column_letter
from pioneer.workbooks.rows import Mistake, RosterRow

Verdict = RosterImportRow.Verdict
Letters = Mapping[tuple[str, str], str]
SKIP, NEW, UNNUMBERED = "skip", "new", "unnumbered"
_TWINS = frozenset({"same_name", "same_name_and_birth"})
_ORDER = {"wrong": 0, "ask": 1, "warn": 2}
ROUNDED_WHY = "花名册中的号码末几位已被 Excel 丢失，待补填"
MISSING_WHY = "花名册中没有身份证号，待补填"


@dataclass(slots=True)
class Judged:
    """一行的结论 With all sentences, the gravest first, and the answers a person may give."""

    entry: Entry
    verdict: str = Verdict.SAME
    known: Known | None = None
    branch: Organisation | None = None
    track: str = ""
    missing_why: str = ""
    difference: Difference | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """是否写入"""
        return self.verdict in (Verdict.NEW, Verdict.CHANGED)

    @property
    def sentences(self) -> list[str]:
        """全部说明 With their places."""
        return [self.entry.row.say(mistake) for mistake in self.mistakes]


def _organisations(top: Organisation) -> list[Organisation]:
    """The chain above, and all that stand at and below, in the order of the tree."""
    below = Organisation.objects.filter(path__startswith=top.path, closed_on__isnull=True, opened_on__lte=clock.today())
    return [*above(top), *below.order_by("path")]


def entries_of(rows: Iterable[RosterRow]) -> list[Entry]:
    """待核对的行 With the lookups of their identity numbers."""
    return [Entry(row, lookup(row.identity) if row.identity else "") for row in rows]


def letters_of(layout: Layout) -> dict[tuple[str, str], str]:
    """列号 By sheet and field."""
    return {(plan.sheet, name): column_letter(place) for plan in layout.sheets for name, place in plan.fields().items()}


class Judge:
    """核对人 Knows the organisation, its branches and who stands on the rosters; judges row after row, in order."""

    def __init__(self, top: Organisation, standing: Standing, letters: Letters, actor_number: int | None) -> None:
        self.standing = standing
        self.letters = letters
        self.actor_number = actor_number
        self.today = clock.today()
        self.names = BranchNames(top, _organisations(top))
        self.tracks = queries.track_names(top.district_number, self.today)
        self.usual: dict[int, str] = {}  # branch → the track its setting suggests
        self.met: dict[int, str] = {}  # member → the row that has meant it before

    @classmethod
    def of(cls, top: Organisation, entries: list[Entry], letters: Letters, actor_number: int | None) -> "Judge":
        """就位 With everything these rows can meet, read at once."""
        return cls(top, standing_for(top, entries), letters, actor_number)

    def judge(self, entry: Entry) -> Judged:
        """核对一行"""
        made = Judged(entry)
        row = entry.row
        found = self.names.find(row.branch)
        made.branch = found.branch
        matched = match(entry, found.branch.id if found.branch else None, self.standing)
        made.known = known = matched.known
        mistakes = self._from_file(made, matched) if row.mistakes else []
        if matched.mistakes:
            mistakes += self._placed(matched.mistakes, row)
        if known is not None and not row.branch:
            made.branch = self.names.by_id.get(known.branch_id)
        elif found.branch is None:
            mistakes.append(self._at(row, "branch", found.code, found.sentence))
        made.options += matched.options
        if known is not None:
            mistakes += self._against_known(made, known)
        elif row.name:
            mistakes += self._as_new(made)
        made.mistakes = sorted(mistakes, key=lambda one: _ORDER[one.severity]) if len(mistakes) > 1 else mistakes
        self._settle(made)
        return made

    def _at(self, row: RosterRow, name: str, code: str, message: str) -> Mistake:
        return Mistake(name, self.letters.get((row.sheet, name), ""), code, message, "wrong")

    def _placed(self, mistakes: list[Mistake], row: RosterRow) -> list[Mistake]:
        return [replace(one, column=self.letters.get((row.sheet, one.field), "")) for one in mistakes]

    def _from_file(self, made: Judged, matched: Match) -> list[Mistake]:
        """What the reader has found, without what people have answered or the roster itself has."""
        decisions, kept = made.entry.decisions, []
        for mistake in made.entry.row.mistakes:
            if mistake.code in _TWINS:
                if matched.certain or NEW in decisions or any(one.startswith("same:") for one in decisions):
                    continue
                if matched.known is not None:
                    made.options.append((f"same:{matched.known.id}", f"就是在册的{matched.known.name}"))
                made.options.append((NEW, "确认是两个人，按新党员导入"))
            elif mistake.code == "identity_rounded":
                if UNNUMBERED in decisions:
                    made.missing_why = ROUNDED_WHY
                    continue
                made.options.append((UNNUMBERED, "按无身份证号导入，并标记"))
            elif mistake.code == "identity_missing" and made.known is not None and made.known.lookup:
                continue
            kept.append(mistake)
        return kept

    def _against_known(self, made: Judged, known: Known) -> list[Mistake]:
        """A member on record: met once in a file, never moved, changed only where the row says something."""
        row, mistakes = made.entry.row, []
        place = f"工作表「{row.sheet}」第{row.row}行"
        before = self.met.setdefault(known.id, place)
        if before != place:
            mistakes.append(self._at(row, "name", "member_repeated", f"与{before}是同一位在册党员，请核对后删去一行"))
        if known.status not in GONE and made.branch is not None and made.branch.pk != known.branch_id:
            where = self.names.by_id.get(known.branch_id)
            message = (
                f"已在“{where.name if where else '别的支部'}”，请由该支部办理“组织关系转接”，导入不移动党员；"
                "如果不是同一个人，请补填身份证号"
            )
            mistakes.append(self._at(row, "branch", "in_other_branch", message))
        found = made.difference = difference(known, made.entry, self.today, self.actor_number)
        made.options += found.options
        return mistakes + self._placed(found.mistakes, row)

    def _as_new(self, made: Judged) -> list[Mistake]:
        """Nobody on record: enters as full, probationary or out of contact, on a track the rulebook has."""
        row, mistakes = made.entry.row, []
        codes = [code for code, _ in made.options]
        if NEW not in codes and any(code.startswith("same:") for code in codes):
            made.options.append((NEW, "是另一个人，按新党员导入"))
        if row.status in GONE:
            message = f"写着“{Status(row.status).label}”，不在册的不能作为新党员导入，请删去这一行"
            mistakes.append(self._at(row, "status", "gone_new", message))
        if made.branch is not None:
            made.track = row.track or self._usual_track(made.branch)
            if made.track not in self.tracks:
                listed = "、".join(self.tracks.values())
                message = f"本区的积分办法没有“{Track(made.track).label}”这一类（有{listed}），请先核对积分办法"
                mistakes.append(self._at(row, "track", "track_unknown", message))
        if not row.identity and not made.missing_why:
            made.missing_why = MISSING_WHY
        return mistakes

    def _usual_track(self, branch: Organisation) -> str:
        found = self.usual.get(branch.id)
        if found is None:
            found = self.usual[branch.id] = queries.usual_track(branch)
        return found

    def _settle(self, made: Judged) -> None:
        """The verdict: the gravest sentence decides, then whether anything would be written."""
        gravest = made.mistakes[0].severity if made.mistakes else "warn"
        if gravest == "wrong":
            others = any(one.severity == "wrong" and one.code != "identity_rounded" for one in made.mistakes)
            made.options = [] if others else [one for one in made.options if one[0] == UNNUMBERED]
            made.verdict = Verdict.WRONG
        elif gravest == "ask":
            made.verdict = Verdict.ASK
        elif made.known is None:
            made.verdict = Verdict.NEW
        elif made.difference is not None and (made.difference.columns or made.difference.turned):
            made.verdict = Verdict.CHANGED
        if SKIP in made.entry.decisions:
            made.verdict = Verdict.LEFT_OUT


def starting_day(joined: date | None, opened: date, cycle_start: date, today: date) -> date:
    """编入日 The first day of the cycle, so that what happened in it before the import counts; later only for who
    joined, or whose branch was set up, within the cycle."""
    return min(max(cycle_start, opened, joined or cycle_start), today)
