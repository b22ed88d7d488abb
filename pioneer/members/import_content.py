"""导入行的内容 A row's texts, sealed as long as they are needed: the particulars, every sentence, what would change."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from pioneer.kernel import encryption, identity
from pioneer.kernel.encryption import Sealed
from pioneer.members.judging import Judged
from pioneer.members.known import Entry
from pioneer.workbooks.headings import FIELDS
from pioneer.workbooks.layout import Layout
from pioneer.workbooks.reading import Value, Workbook
from pioneer.workbooks.rows import Mistake, RosterRow

_TEXTS = (
    *("name", "identity", "sex", "birth_precision", "joined_precision", "full_precision", "branch", "phone"),
    *("status", "status_stated", "floating", "floating_to", "track", "number", "nation", "education", "note"),
)
_SAMPLES = 3
_DAYS = ("birth_on", "joined_on", "full_on")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def seal(judged: Judged, encrypt: Callable[[str], bytes] = encryption.encrypt) -> bytes:
    """封存 One row with its conclusion."""
    entry, row = judged.entry, judged.entry.row
    kept: dict[str, Any] = {name: value for name in _TEXTS if (value := getattr(row, name)) not in ("", None)}
    for name in _DAYS:
        if (day := getattr(row, name)) is not None:
            kept[name] = day.isoformat()
    whole: dict[str, Any] = {"row": kept, "lookup": entry.lookup}
    if row.mistakes:
        whole["read"] = [_plain(mistake) for mistake in row.mistakes]
    if judged.mistakes:
        whole["said"] = [_plain(mistake) for mistake in judged.mistakes]
    if judged.difference is not None and judged.difference.changes:
        whole["changes"] = judged.difference.changes
    if judged.options:
        whole["options"] = judged.options
    if judged.branch is not None:
        whole["branch"] = judged.branch.name
    return encrypt(_encode(whole))


def _plain(mistake: Mistake) -> tuple[str, str, str, str, str]:
    return mistake.field, mistake.column, mistake.code, mistake.message, mistake.severity


class Opened:
    """打开的一行 What was sealed, for the page and for judging again."""

    __slots__ = ("number", "plain", "sheet")

    def __init__(self, sheet: str, number: int, sealed: Sealed) -> None:
        self.sheet = sheet
        self.number = number
        self.plain: dict[str, Any] = json.loads(encryption.decrypt(sealed))

    def entry(self, decision: str = "") -> Entry:
        """待核对的行 With what people have decided."""
        kept = dict(self.plain["row"])
        for name in _DAYS:
            if name in kept:
                kept[name] = date.fromisoformat(kept[name])
        mistakes = [Mistake(*one) for one in self.plain.get("read", ())]
        row = RosterRow(self.sheet, self.number, **kept, mistakes=mistakes)
        return Entry(row, self.plain["lookup"], decisions_of(decision))

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
        return identity.mask(self.plain["row"].get("identity", ""))


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
