"""事实文件: reads a CSV or Excel file of facts for scoring, row by row, and says of each unusable row why.

Made for a million rows: cells are turned into compact facts at once, and equal texts and dates are kept once.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import python_calamine

from pioneer.scoring import Fact, Member, TrackSpell, Unusable, parse_points
from pioneer.workbooks.dates import read_date

HEADINGS: dict[str, tuple[str, ...]] = {
    "member": ("党员编号", "编号", "党员", "党员号", "党员代码", "党员号码", "工号"),
    "name": ("姓名", "党员姓名", "名字"),
    "track": ("类别", "党员类别", "类型", "党员类型"),
    "indicator": ("指标", "指标编号", "指标代码", "指标编码", "项目编号", "项目代码"),
    "event_on": ("发生日期", "日期", "时间", "发生时间", "事件日期", "事项日期", "事件时间"),
    "quantity": ("数量", "数额", "时长", "小时数", "户数", "月数"),
    "value": ("定分", "分值", "定分值", "核定分值", "认定分值", "决定分值", "裁定分值"),
    "level": ("级别", "层级", "表彰级别", "等级"),
    "event": ("事件", "同一事项", "同一事件", "事件编号", "事件名称", "事项编号"),
    "education_on": (
        "教育日期",
        "教育提醒日期",
        "教育/提醒日期",
        "教育记录日期",
        "教育时间",
        "提醒日期",
        "提醒记录日期",
    ),
    "document": ("文件", "文书", "文号", "文件名称", "处理文件", "依据文件", "证明文件"),
    "ground": ("依据", "事由", "理由", "得分依据", "说明", "备注"),
    "document_on": ("文件日期", "文书日期", "发文日期", "文件时间"),
    "posted_order": ("入账顺序", "入账次序", "入账序号", "过账顺序", "过账次序", "公示次序"),
    "status": ("身份", "状态", "党员身份", "党员状态", "人员状态", "党籍状态"),
    "multiplier": ("加倍", "加倍情形"),
    "joined_on": ("入党或转入日期", "入党日期", "转入日期", "加入日期"),
    "previous": ("上周期得分", "上年得分", "上年度得分"),
    "former_tiers": ("前几周期等次", "以往等次", "上周期等次", "上年等次"),
}
NEEDED = ("member", "track", "indicator", "event_on")
STATUSES = {
    "full": "full", "正式": "full", "正式党员": "full",
    "probationary": "probationary", "预备": "probationary", "预备党员": "probationary",
    "exempt": "exempt", "豁免": "exempt", "免评": "exempt",
    "out_of_contact": "out_of_contact", "失联": "out_of_contact", "失联党员": "out_of_contact",
    "transferred_out": "transferred_out", "已转出": "transferred_out", "转出": "transferred_out",
    "left": "left", "已退党": "left", "退党": "left", "removed": "removed", "已除名": "removed", "除名": "removed",
    "expelled": "expelled", "已开除": "expelled", "开除": "expelled",
    "deceased": "deceased", "已故": "deceased", "去世": "deceased",
}  # fmt: skip
VOID = frozenset({"corrected", "已冲正", "冲正", "void", "voided", "作废", "无效", "annulled", "已撤销", "撤销"})
STANDING = frozenset({"posted", "已入账", "入账", "valid", "有效", "active", "pending", "待公示"})
NO_TIER = frozenset({"无", "不定等次", "none", "-"})
_LISTED = re.compile(r"[,，、;；\s]+")
HEADER_WITHIN = 20
LONGEST_TEXT = 500


class UnreadableFacts(ValueError):
    """读不了: the file as a whole cannot be read; the message is a Chinese sentence that says what to do."""


@dataclass(slots=True)
class MemberFacts:
    """党员的事实: one member's facts in the order of the file, and what the rows say of the member itself."""

    code: str
    name: str = ""
    track: str = ""
    facts: list[Fact] = field(default_factory=list)
    first: tuple[date, str] | None = None
    last: tuple[date, str] | None = None
    status: str = "full"
    status_on: date = date.min
    joined_on: date | None = None
    previous: int | None = None
    former: tuple[str | None, ...] = ()

    def member(self) -> Member | None:
        """党员: as scoring wants it; ``None`` when no row says a track."""
        spells: tuple[TrackSpell, ...] = (TrackSpell(date.min, self.first[1] if self.first else self.track),)
        if self.first is None or self.last is None:
            if not self.track:
                return None
        elif self.last[1] != self.first[1]:
            spells = (*spells, TrackSpell(self.last[0], self.last[1]))
        return Member(self.code, spells, self.name, self.status, self.joined_on, self.previous, self.former)


@dataclass(slots=True)
class FactFile:
    """事实文件: members in the order of their first row, and the rows that could not even be read."""

    members: dict[str, MemberFacts] = field(default_factory=dict)
    unusable: list[Unusable] = field(default_factory=list)
    days: dict[date, int] = field(default_factory=dict)


def read_facts(
    path: Path, tracks: Mapping[str, str], only: str | None = None, tiers: Mapping[str, str] | None = None
) -> FactFile:
    """读事实: ``tracks`` and ``tiers`` map every spelling to its code; ``only`` keeps one member.

    Raises UnreadableFacts when the file cannot be opened or has no usable header.
    """
    found = FactFile()
    names = (tracks, tiers or {})
    if path.suffix.lower() in (".csv", ".txt"):
        _read_rows(_csv_rows(path), found, names, only)
        return found
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                start = (sheet.start or (0, 0))[0] + 1
                _read_rows(enumerate(sheet.iter_rows(), start=start), found, names, only)
                return found
    except (python_calamine.CalamineError, OSError) as error:
        raise UnreadableFacts(f"读不了“{path}”，请核对路径，并确认是 .xlsx 或 UTF-8 的 .csv") from error
    raise UnreadableFacts(f"“{path}”里没有内容，请核对")


def _csv_rows(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            line = 1
            for row in reader:
                yield line, row
                line = reader.line_num + 1
    except OSError as error:
        raise UnreadableFacts(f"读不了“{path}”，请核对路径") from error
    except UnicodeDecodeError as error:
        raise UnreadableFacts(f"“{path}”不是UTF-8编码，请另存为“CSV UTF-8”后再试") from error
    except csv.Error as error:
        raise UnreadableFacts(f"“{path}”不合CSV写法，请检查引号，或另存为 .xlsx 后再试") from error


Names = tuple[Mapping[str, str], Mapping[str, str]]


def _read_rows(rows: Iterable[tuple[int, Sequence[Any]]], found: FactFile, names: Names, only: str | None) -> None:
    rows = iter(rows)
    reader = _RowReader(_header(rows), found, names, only)
    for number, row in rows:
        reader.read(number, row)


def _header(rows: Iterator[tuple[int, Sequence[Any]]]) -> dict[str, int]:
    best: dict[str, int] = {}
    for number, row in rows:
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            field_name = _SPELLINGS.get(_heading(cell))
            if field_name is not None:
                columns.setdefault(field_name, place)
        if all(name in columns for name in NEEDED):
            return columns
        best = max(best, columns, key=len)
        if number >= HEADER_WITHIN:
            break
    missing = "、".join(f"{HEADINGS[name][0]}（{name}）" for name in NEEDED if name not in best)
    raise UnreadableFacts(f"表头缺少这些列：{missing}，请补上后再试")


def _heading(cell: Any) -> str:
    text = unicodedata.normalize("NFKC", str(cell)).casefold()
    return "".join(text.split()).split("(")[0].strip("*：:")


_SPELLINGS = {
    _heading(spelling): name for name, spellings in HEADINGS.items() for spelling in (name, *spellings)
}  # fmt: skip


class _RowReader:
    """读行: turns rows into facts. Readers of single cells keep what they have read, so equal cells cost little."""

    def __init__(self, columns: Mapping[str, int], found: FactFile, names: Names, only: str | None) -> None:
        tracks, tiers = names
        self._tiers = {_heading(spelling): code for spelling, code in tiers.items()}
        self._tier_names = "、".join(tiers)
        self._places = [columns.get(name, -1) for name in HEADINGS]
        self._found = found
        self._tracks = {_heading(spelling): code for spelling, code in tracks.items()}
        self._names = "、".join(dict.fromkeys(tracks.values()))
        self._only = only
        self._texts: dict[Any, str] = {"": ""}
        self._points: dict[Any, int] = {}
        self._days: dict[Any, date] = {}

    def read(self, number: int, row: Sequence[Any]) -> None:
        """读行: one row into a fact, or into the list of unusable rows. Blank rows are passed over."""
        width = len(row)
        cells = [row[place] if 0 <= place < width else "" for place in self._places]
        code = self._text(cells[0])
        if self._only is not None and code != self._only:
            return
        if not code:
            if any(self._text(cell) for cell in cells):
                self._found.unusable.append(Unusable(number, "缺少党员编号（member），请补填"))
            return
        owner = self._found.members.get(code)
        if owner is None:
            owner = self._found.members[code] = MemberFacts(code)
        if not owner.name:
            owner.name = self._text(cells[1])
        try:
            self._read_fact(number, cells, owner)
        except ValueError as error:
            self._found.unusable.append(Unusable(number, str(error)))

    def _read_fact(self, number: int, cells: list[Any], owner: MemberFacts) -> None:
        _, _, track, indicator, event_on, quantity, value, level, event, education, document, _, issued, *rest = cells
        posted, status, multiplier, *about = rest
        track_code = owner.track = self._track(track)
        document_on = self._maybe_day(issued, "文件日期（document_on）")
        day = self._maybe_day(event_on, "发生日期（event_on）") or document_on
        if day is None:
            raise ValueError("缺少发生日期（event_on），请补填，如 2026-03-08")
        self._note_member(owner, day, track_code)
        if any(cell != "" for cell in about):
            self._note_person(owner, *about)
        corrected = bool(self._text(status)) and self._status(owner, day, self._text(status))
        code = self._text(indicator)
        if not code:
            raise ValueError("缺少指标（indicator），请补填")
        fact = Fact(
            row=number,
            indicator=code,
            event_on=day,
            quantity=None if quantity == "" else self._amount(quantity, "数量（quantity）"),
            value=None if value == "" else self._amount(value, "定分（value）"),
            level=self._text(level) or None,
            event=self._text(event) or None,
            education_on=None if education == "" else self._maybe_day(education, "教育日期（education_on）"),
            document=self._text(document) or None,
            document_on=document_on,
            posted_order=None if posted == "" else self._order(posted),
            multiplier=self._text(multiplier) or None,
            track=track_code,
            corrected=corrected,
        )
        owner.facts.append(fact)
        self._found.days[day] = self._found.days.get(day, 0) + 1

    def _text(self, cell: Any) -> str:
        text = self._texts.get(cell)
        if text is None:
            if isinstance(cell, float) and cell.is_integer():
                text = str(int(cell))
            else:
                text = str(cell).strip()[:LONGEST_TEXT]
            if len(self._texts) < _REMEMBERED:
                self._texts[cell] = text
        return text

    def _amount(self, cell: Any, what: str) -> int | None:
        points = self._points.get(cell)
        if points is None:
            text = self._text(cell)
            if not text:
                return None
            try:
                points = parse_points(unicodedata.normalize("NFKC", text) if isinstance(cell, str) else cell)
            except ValueError as error:
                raise ValueError(f"{what}{error}") from None
            if len(self._points) < _REMEMBERED:
                self._points[cell] = points
        return points

    def _maybe_day(self, cell: Any, what: str) -> date | None:
        day = self._days.get(cell)
        if day is None:
            text = self._text(cell)
            if not text:
                return None
            read = read_date(cell)
            if read.day is None or read.precision != "day":
                raise ValueError(f"{what}“{text}”不是可用的日期，请写成 2026-03-08 的样子")
            day = self._days[cell] = read.day
        return day

    def _track(self, cell: Any) -> str:
        text = self._text(cell)
        if not text:
            raise ValueError(f"缺少类别（track），请填写{self._names}之一")
        track = self._tracks.get(text) or self._tracks.get(_heading(text))
        if track is None:
            raise ValueError(f"不认识类别“{text}”，请填写{self._names}之一")
        return track

    def _order(self, cell: Any) -> int | None:
        points = self._amount(cell, "入账顺序（posted_order）")
        if points is not None and points % 100:
            raise ValueError("入账顺序（posted_order）须为整数")
        return None if points is None else points // 100

    @staticmethod
    def _note_member(owner: MemberFacts, day: date, track: str) -> None:
        if owner.first is None or day < owner.first[0]:
            owner.first = (day, track)
        if owner.last is None or day >= owner.last[0]:
            owner.last = (day, track)

    def _note_person(self, owner: MemberFacts, joined: Any, previous: Any, former: Any) -> None:
        """党员情况: what a row says of the member itself; the last row that says it holds."""
        joined_on = self._maybe_day(joined, "入党或转入日期（joined_on）")
        points = None if previous == "" else self._amount(previous, "上周期得分（previous）")
        tiers = [self._tier(word) for word in _LISTED.split(self._text(former)) if word]
        owner.joined_on = joined_on or owner.joined_on
        owner.previous = owner.previous if points is None else points
        owner.former = tuple(tiers) or owner.former

    def _tier(self, word: str) -> str | None:
        if word in NO_TIER:
            return None
        code = self._tiers.get(_heading(word))
        if code is None:
            raise ValueError(f"前几周期等次（former_tiers）“{word}”不是本办法的等次，可写：{self._tier_names}、无")
        return code

    @staticmethod
    def _status(owner: MemberFacts, day: date, text: str) -> bool:
        word = text.casefold()
        if word in VOID:
            return True
        status = STATUSES.get(word)
        if status is not None:
            if day >= owner.status_on:
                owner.status, owner.status_on = status, day
        elif word not in STANDING:
            raise ValueError(f"不认识身份或状态“{text}”，可写正式、预备、豁免，或已冲正、作废")
        return False


_REMEMBERED = 500_000
