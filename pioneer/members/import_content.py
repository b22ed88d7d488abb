"""导入行的内容 What a row says, as long as it is needed: the particulars, every sentence, what would change. Pure.

Rows are sealed by the bundle. A bundle names the fields it holds, so that another version of the program reads it too.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any

from pioneer.kernel import encryption, identity
from pioneer.kernel.encryption import Sealed
from pioneer.members.judging import Judged
from pioneer.members.known import Entry
from pioneer.workbooks.headings import FIELDS
from pioneer.workbooks.layout import Layout
from pioneer.workbooks.reading import Value, Workbook
from pioneer.workbooks.rows import Mistake, RosterRow

Plain = dict[str, Any]
_KEPT = [one.name for one in fields(RosterRow) if one.name not in ("sheet", "row", "mistakes")]
_kept = attrgetter(*_KEPT)
_NAME, _IDENTITY, _BRANCH = _KEPT.index("name"), _KEPT.index("identity"), _KEPT.index("branch")
_DAYS = tuple(_KEPT.index(name) for name in ("birth_on", "joined_on", "full_on"))
_UNSAID = RosterRow("", 0)
_SAMPLES = 3


NOTHING: Plain = {"row": list(_kept(_UNSAID)), "lookup": ""}  # what a row says whose texts were erased


def plain(judged: Judged) -> Plain:
    """一行的内容 With its conclusion, as JSON takes it; days as texts."""
    entry, row = judged.entry, judged.entry.row
    kept = list(_kept(row))
    for place in _DAYS:
        if kept[place] is not None:
            kept[place] = kept[place].isoformat()
    whole: Plain = {"row": kept, "lookup": entry.lookup}
    if row.mistakes:
        whole["read"] = [_mistake(mistake) for mistake in row.mistakes]
    if judged.mistakes:
        whole["said"] = [_mistake(mistake) for mistake in judged.mistakes]
    if judged.difference is not None and judged.difference.changes:
        whole["changes"] = judged.difference.changes
    if judged.options:
        whole["options"] = judged.options
    if judged.branch is not None:
        whole["branch"] = judged.branch.name
    return whole


def _mistake(mistake: Mistake) -> tuple[str, str, str, str, str]:
    return mistake.field, mistake.column, mistake.code, mistake.message, mistake.severity


def seal(rows: Sequence[Plain | None]) -> bytes:
    """封存 A bundle; a row that was erased is None."""
    text = json.dumps([_KEPT, *rows], ensure_ascii=False, separators=(",", ":"))
    return encryption.encrypt_bytes(zlib.compress(text.encode(), 1))


def unseal(sealed: Sealed) -> list[Plain | None]:
    """打开 The rows of a bundle, in their places."""
    rows: list[Plain | None]
    kept, *rows = json.loads(zlib.decompress(encryption.decrypt_bytes(sealed)))
    if kept != _KEPT:
        for row in filter(None, rows):
            named = dict(zip(kept, row["row"], strict=True))
            row["row"] = [named.get(name, getattr(_UNSAID, name)) for name in _KEPT]
    return rows


class Opened:
    """打开的一行 What was sealed, for the page and for judging again."""

    __slots__ = ("number", "plain", "sheet")

    def __init__(self, sheet: str, number: int, content: Plain) -> None:
        self.sheet = sheet
        self.number = number
        self.plain = content

    def entry(self, decision: str = "") -> Entry:
        """待核对的行 With what people have decided."""
        kept = self.plain["row"].copy()
        for place in _DAYS:
            if kept[place] is not None:
                kept[place] = date.fromisoformat(kept[place])
        row = RosterRow(self.sheet, self.number, *kept)
        row.mistakes = [Mistake(*one) for one in self.plain.get("read", ())]
        return Entry(row, self.plain["lookup"], decisions_of(decision))

    @property
    def name(self) -> str:
        """姓名"""
        return str(self.plain["row"][_NAME])

    @property
    def branch(self) -> str:
        """所在党支部 As the file writes it."""
        return str(self.plain["row"][_BRANCH])

    @property
    def branch_meant(self) -> str:
        """所指的支部 By its name, else as the file writes it."""
        return str(self.plain.get("branch", self.branch))

    @property
    def said(self) -> list[Mistake]:
        """说明 The gravest first."""
        return [Mistake(*one) for one in self.plain.get("said", ())]

    def sentence(self, mistake: Mistake) -> str:
        """说明 With the column, for a page that shows the place beside it."""
        column = f"{mistake.column}列「{FIELDS[mistake.field]}」：" if mistake.column else ""
        return column + mistake.message

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """变更 Field, before, after."""
        return [(name, before, after) for name, before, after in self.plain.get("changes", ())]

    @property
    def options(self) -> list[tuple[str, str]]:
        """可选的回答"""
        return [(code, label) for code, label in self.plain.get("options", ())]

    @property
    def identity_shown(self) -> str:
        """遮挡的身份证号"""
        return identity.mask(self.plain["row"][_IDENTITY])


def seal_samples(book: Workbook, layout: Layout) -> bytes:
    """封存样例 Up to three values of each column, for the page where columns are mapped."""
    kept: dict[str, list[str]] = {}
    for place, plan in enumerate(layout.sheets):
        body = book.sheets[place].rows[max(plan.header, default=0) :][:200]
        for column in plan.columns:
            values = (row[column.index] for row in body if column.index < len(row))
            texts = dict.fromkeys(text for value in values if (text := _sample(value)))
            kept[f"{place}.{column.index}"] = list(texts)[:_SAMPLES]
    return encryption.encrypt(json.dumps(kept, ensure_ascii=False))


def _sample(value: Value) -> str:
    """A cell as a page may show it: an identity number masked."""
    text = " ".join(identity.text_of(value).split())
    number = identity.clean_number(text)
    return identity.mask(number) if len(number) == 18 and number[:17].isdigit() else text[:24]


def samples_of(sealed: Sealed | None) -> dict[str, list[str]]:
    """打开样例 By place of the sheet and of the column."""
    return json.loads(encryption.decrypt(sealed)) if sealed is not None else {}


_NOTHING: frozenset[str] = frozenset()


def decisions_of(text: str) -> frozenset[str]:
    """所作的决定 As stored: joined by "+"."""
    return frozenset(text.split("+")) if text else _NOTHING


def codes_of(mistakes: Iterable[Mistake]) -> list[str]:
    """原因的代号"""
    return [mistake.code for mistake in mistakes]
