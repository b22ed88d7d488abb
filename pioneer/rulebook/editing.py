"""改动 One step in a draft's content: a table or a row set, added, removed or moved. Pure; the rest stays as it is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pioneer.kernel.errors import DomainError
from pioneer.scoring import schema
from pioneer.scoring.schema import Section
from pioneer.scoring.writing import Content

Kind = Literal["set", "add", "remove", "move"]
LONGEST_PLACE = 20


@dataclass(frozen=True, slots=True)
class Change:
    """一处改动 `row` and `to` count from 0; a table that stands once has none. `to` is the place it shall have."""

    kind: Kind
    section: str
    row: int | None = None
    table: Mapping[str, Any] | None = None
    to: int | None = None


def section_of(name: str) -> Section | None:
    """表 Of the format by its name; None for one that the format doesn't know."""
    return next((one for one in schema.SECTIONS if one.name == name), None)


def rows_of(content: Mapping[str, Any], name: str) -> list[Any]:
    """各行 Of a table that stands many times, as written; a row that is no table too, since places count it."""
    found = content.get(name)
    return list(found) if isinstance(found, list) else []


def table_of(content: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """一张表 That stands once; None where it is not written or is no table."""
    here: object = content
    for part in name.split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return here if isinstance(here, Mapping) else None


def row_of(content: Mapping[str, Any], name: str, row: int | None) -> Mapping[str, Any] | None:
    """一行 Or the table itself where it stands once."""
    if row is None:
        return table_of(content, name)
    rows = rows_of(content, name)
    return rows[row] if 0 <= row < len(rows) and isinstance(rows[row], Mapping) else None


def mark_of(row: object) -> str:
    """行的记号 The same for the same content, wherever the row stands by now."""
    text = json.dumps(row, ensure_ascii=True, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def found_again(content: Mapping[str, Any], name: str, mark: str, code: str) -> int | None:
    """再找到 Where a row stands after others have worked on the draft: by its content, else by its code."""
    rows = rows_of(content, name)
    for place, row in enumerate(rows):
        if mark_of(row) == mark:
            return place
    for place, row in enumerate(rows):
        if code and isinstance(row, Mapping) and row.get("code") == code:
            return place
    return None


def changed(content: Mapping[str, Any], change: Change) -> Content:
    """改后的内容 The given one is left alone. What the format doesn't know can only be taken away."""
    found = dict(content)
    section = section_of(change.section)
    if section is None or section.form == "one":
        _one(found, change, section is not None)
    elif change.kind == "remove" and change.row is None:
        found.pop(section.name, None)
    else:
        found[section.name] = _many(rows_of(content, section.name), change)
        if not found[section.name]:
            del found[section.name]
    return found


def _one(content: Content, change: Change, known: bool) -> None:
    """A table that stands once, at the top or in a table of tables."""
    outer, _, inner = change.section.partition(".")
    if change.kind == "remove":
        if not inner:
            content.pop(outer, None)
        elif isinstance(content.get(outer), Mapping):
            content[outer] = {name: one for name, one in content[outer].items() if name != inner}
            if not content[outer]:
                del content[outer]
        return
    if change.table is None or not known:
        raise _gone()
    if inner:
        around = content.get(outer)
        content[outer] = {**(around if isinstance(around, Mapping) else {}), inner: dict(change.table)}
    else:
        content[outer] = dict(change.table)


def _many(rows: list[Any], change: Change) -> list[Any]:
    if change.kind == "add":
        to = len(rows) if change.to is None else _within(change.to, len(rows))
        rows.insert(to, dict(change.table or {}))
        return rows
    if change.row is None or not 0 <= change.row < len(rows):
        raise _gone()
    row = rows.pop(change.row)
    if change.kind == "remove":
        return rows
    to = change.row if change.to is None else _within(change.to, len(rows))
    rows.insert(to, dict(change.table) if change.kind == "set" and change.table is not None else row)
    return rows


def _within(place: int, most: int) -> int:
    return max(0, min(place, most))


def _gone() -> DomainError:
    return DomainError("row_gone", "这一项已经不在草稿里了，可能刚被删去。请回到起草台，从列表里重新打开。")
