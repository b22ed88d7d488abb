"""核对: one member's row, field by field. Every doubt becomes a sentence; no doubt is settled by a guess."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from pioneer.kernel.identity import ROUNDED, born_on, clean_number, number_problem, sex_of
from pioneer.workbooks import cells
from pioneer.workbooks.cells import plain_text
from pioneer.workbooks.dates import ReadDate, read_date
from pioneer.workbooks.rows import Mistake, RosterRow, Severity

__all__ = ["PersonReader"]

_MAJORITY = 18
_LONGEST_PROBATION_DAYS = 2 * 366
_NO_NUMBER = frozenset({"", "无", "不详", "暂无", "-", "/", "待查", "未知", "空"})
_REMARKS = (
    ("去世", "已故"),
    ("已故", "已故"),
    ("死亡", "已故"),
    ("病故", "已故"),
    ("失联", "失联"),
    ("已转出", "已转出"),
    ("退党", "已退党"),
    ("除名", "已除名"),
    ("开除", "已开除"),
)
# What the tables hold at most.
_LONGEST_NOTE, _LONGEST_NUMBER, _LONGEST_EDUCATION, _LONGEST_PLACE = 200, 20, 20, 80


class PersonReader:
    """读一人: turns the picked cells of a row into a RosterRow with its mistakes."""

    def __init__(self, sheet: str, today: date) -> None:
        self.sheet = sheet
        self.today = today
        self.letters: dict[str, str] = {}
        self.section_status = ""
        self.section_floating = False

    def add(self, row: RosterRow, name: str, code: str, message: str, severity: Severity = "wrong") -> None:
        """记下问题: one sentence at the column of the field."""
        row.mistakes.append(Mistake(name, self.letters.get(name, ""), code, message, severity))

    def read(self, number: int, values: tuple[Any, ...]) -> RosterRow:
        """读一行: the cells in the order of `headings.FIELDS`."""
        (name, identity, sex, birth, nation, education, joined, full, status, _branch, track, phone, floating, going,
         code, note) = values  # fmt: skip
        row = RosterRow(self.sheet, number)
        remark = self._name(row, name)
        self._identity(row, identity)
        self._sex(row, sex, remark)
        self._birth(row, birth)
        self._joined(row, joined)
        row.note = plain_text(note).replace("\0", "")[:_LONGEST_NOTE] if note != "" else ""
        self._status(row, status, remark)
        self._full(row, full)
        if phone != "":
            row.phone, problem = cells.phone_of(phone)
            if problem:
                self.add(row, "phone", "phone", problem, "warn")
        self._floating(row, floating, going)
        if track != "":
            self._track(row, track)
        if code != "":
            row.number = plain_text(code)
            if len(row.number) > _LONGEST_NUMBER:
                self.add(row, "number", "number", f"党员编号不能超过{_LONGEST_NUMBER}个字符，请改正")
        if nation != "":
            row.nation = _nation(plain_text(nation))
        if education != "":
            row.education = _short(plain_text(education), _LONGEST_EDUCATION)
        return row

    def _name(self, row: RosterRow, value: Any) -> str:
        """The name; a remark in brackets behind it is handed back and said."""
        row.name, remark, problem = cells.name_of(value if type(value) is str else plain_text(value))
        if problem:
            self.add(row, "name", "name", problem)
        if remark and remark not in ("男", "女") and not cells.status_of(remark)[0]:
            self.add(row, "name", "name_remark", f"姓名后面的“{remark[:20]}”没有导入，请核对", "warn")
        return remark

    def _identity(self, row: RosterRow, value: Any) -> None:
        """The identity number, or what is wrong with it. A number of more than 15 digits has been rounded."""
        if type(value) is str:
            number = clean_number(value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            if abs(value) >= 1e15 or value != value:
                self.add(row, "identity", "identity_rounded", ROUNDED)
                return
            number = str(int(value))
        else:
            self.add(row, "identity", "identity_characters", "这里不是身份证号，请将该列设为文本后重填")
            return
        if number in _NO_NUMBER:
            self.add(row, "identity", "identity_missing", "没有身份证号，导入后会作标记，请尽快补填", "warn")
            return
        problem = number_problem(number, self.today)
        if problem:
            self.add(row, "identity", *problem)
        else:
            row.identity = number

    def _sex(self, row: RosterRow, value: Any, remark: str) -> None:
        """The sex as written, else as the number says it."""
        written = cells.sex_of_text(value if type(value) is str else plain_text(value))
        if written is None:
            self.add(row, "sex", "sex", "性别只能写“男”或“女”，请改正", "warn")
            written = ""
        if not written and remark in ("男", "女"):
            written = "male" if remark == "男" else "female"
        if row.identity:
            by_number = sex_of(row.identity)
            if by_number and written and by_number != written:
                self.add(row, "sex", "sex_differs", "性别与身份证号不一致，请核对", "warn")
            written = written or by_number
        row.sex = written

    def _birth(self, row: RosterRow, value: Any) -> None:
        """The day of birth. Where the number holds and month and year agree, its day is the more exact statement."""
        read = read_date(value)
        by_number = born_on(row.identity) if row.identity else None
        if by_number is not None:
            row.birth_on, row.birth_precision = by_number, "day"
            if read.october and read.year == by_number.year and by_number.month in (1, 10):
                return
            if read.problem:
                self.add(row, "birth", "birth", read.problem)
            elif read.day is not None and not _agrees(read, by_number):
                self.add(row, "birth", "birth_differs", _differs(read, by_number))
            return
        if read.problem:
            self.add(row, "birth", "birth", read.problem)
        elif read.day is not None:
            if read.day > self.today:
                self.add(row, "birth", "birth_future", "出生日期在今天以后，请核对后重填")
            else:
                row.birth_on, row.birth_precision = read.day, read.precision

    def _joined(self, row: RosterRow, value: Any) -> None:
        """The day of joining: not in the future, not before birth, hardly before the 18th birthday."""
        read = read_date(value)
        if read.problem:
            self.add(row, "joined", "joined", read.problem)
        if read.day is None:
            return
        if read.day > self.today:
            self.add(row, "joined", "joined_future", f"入党日期 {_shown(read)} 在今天以后，请核对后重填")
            return
        row.joined_on, row.joined_precision = read.day, read.precision
        if row.birth_on is None:
            return
        if read.day < row.birth_on and (read.day.year, read.day.month) != (row.birth_on.year, row.birth_on.month):
            self.add(row, "joined", "joined_before_birth", "入党日期早于出生日期，请核对后重填")
        elif _under_age(row.birth_on, read):
            self.add(row, "joined", "joined_under_age", "入党时未满18周岁，请核对出生日期和入党日期", "warn")

    def _full(self, row: RosterRow, value: Any) -> None:
        """The day of becoming a full member: after joining; in the future only as a plan for a probationary member."""
        read = read_date(value)
        if read.problem:
            self.add(row, "full", "full", read.problem)
        if read.day is None:
            return
        if read.day > self.today:
            if row.status == "probationary":
                self.add(row, "full", "full_planned", "转正日期在今天以后，按尚未转正处理，没有导入这个日期", "warn")
            else:
                self.add(row, "full", "full_future", f"转正日期 {_shown(read)} 在今天以后，请核对后重填")
            return
        if row.joined_on is not None and read.day < row.joined_on:
            monthly = "month" in (read.precision, row.joined_precision)
            if not monthly or (read.day.year, read.day.month) != (row.joined_on.year, row.joined_on.month):
                self.add(row, "full", "full_before_joined", "转正日期早于入党日期，请核对后重填")
                return
        row.full_on, row.full_precision = read.day, read.precision
        if row.status == "probationary":
            self.add(row, "full", "full_and_probationary", "写着预备党员，却有转正日期，请核对党员类别", "warn")

    def _status(self, row: RosterRow, value: Any, remark: str) -> None:
        """The status as written, else as the section or the remark says; the note may contradict it."""
        text = value if type(value) is str else plain_text(value)
        status, floating = cells.status_of(text)
        if status is None:
            message = f"党员类别“{text[:20]}”看不懂或不是党员，请写“正式党员”或“预备党员”，不是党员的请删去这一行"
            self.add(row, "status", "status", message)
            return
        if floating:
            row.floating = True
        status = status or self.section_status or (cells.status_of(remark)[0] if remark else "") or ""
        if not status:
            status, row.status_stated = "full", False
            if "status" in self.letters or self._recent(row.joined_on):
                self.add(row, "status", "status_missing", "没有写明正式或预备，按正式党员导入，请核对", "warn")
        row.status = status
        if status == "probationary" and row.joined_on is not None and not self._recent(row.joined_on):
            self.add(row, "status", "probation_long", "写着预备党员，入党却已超过两年，请核对党员类别", "warn")
        if row.note and status in ("full", "probationary") and (word := _remark_on_status(row.note)):
            self.add(row, "note", "note_status", f"备注像是说“{word}”，党员类别却不是，请核对", "warn")

    def _recent(self, joined: date | None) -> bool:
        return joined is not None and (self.today - joined).days <= _LONGEST_PROBATION_DAYS

    def _floating(self, row: RosterRow, value: Any, going: Any) -> None:
        """Whether a member is floating, and where to."""
        if value != "":
            floating, place = cells.floating_of(value if type(value) is str else plain_text(value))
            if floating is not None:
                row.floating, row.floating_to = floating, place[:_LONGEST_PLACE]
        elif self.section_floating:
            row.floating = True
        if going != "":
            place = plain_text(going)
            if not cells.is_blank_text(place) and place not in ("否", "本地", "在家"):
                if row.floating is False:
                    self.add(
                        row, "floating_to", "floating_differs", "写着不是流动党员，却填了去向，去向没有导入", "warn"
                    )
                else:
                    row.floating, row.floating_to = True, _short(place, _LONGEST_PLACE)

    def _track(self, row: RosterRow, value: Any) -> None:
        """The track, where the roster says it."""
        track = cells.track_of(plain_text(value))
        if track is None:
            self.add(row, "track", "track", "类别只能写“农村”或“社区”，没有导入，请改正", "warn")
        row.track = track or None


def _agrees(read: ReadDate, born: date) -> bool:
    """Whether a written day of birth and the number's are the same, as far as the written one goes."""
    if read.day is None or read.precision == "day":
        return read.day == born
    return (read.day.year, read.day.month) == (born.year, born.month)


def _differs(read: ReadDate, born: date) -> str:
    by_number = f"{born.year}年{born.month}月{born.day}日"
    return f"写的是 {_shown(read)}，身份证号里是 {by_number}，请核对后改正其中一个"


def _shown(read: ReadDate) -> str:
    """A day as the sentences print it."""
    day = read.day
    if day is None:
        return ""
    return f"{day.year}年{day.month}月" + (f"{day.day}日" if read.precision == "day" else "")


def _under_age(born: date, joined: ReadDate) -> bool:
    """Whether somebody joined before the 18th birthday; a month counts to its end."""
    day = joined.day
    if day is None or day.year - born.year > _MAJORITY:
        return False
    if joined.precision == "month":
        return (day.year - _MAJORITY, day.month) < (born.year, born.month)
    return (day.year - _MAJORITY, day.month, day.day) < (born.year, born.month, born.day)


@lru_cache(maxsize=4096)
def _nation(text: str) -> str:
    """The nationality with its 族."""
    text = "".join(text.split())
    if cells.is_blank_text(text):
        return ""
    return text + "族" if len(text) <= 4 and not text.endswith("族") and text.isalpha() else text[:20]


def _short(text: str, longest: int) -> str:
    return "" if cells.is_blank_text(text) else " ".join(text.split())[:longest]


@lru_cache(maxsize=4096)
def _remark_on_status(note: str) -> str:
    """What a note says about a status, or an empty text."""
    return next((status for word, status in _REMARKS if word in note), "")
