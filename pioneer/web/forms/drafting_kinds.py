"""一项的填法 How one key of the format stands in a form: what a written value fills in, and what typed text means.

One rule keeps a draft true to its file: what is left as it was stays as it was written, a default that is spelt out
too. Only where somebody typed something else is the typed text read. What can't be read as a number stays a text, so
that the loader names it and nothing typed is lost.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from unicodedata import normalize

from pioneer.scoring import schema
from pioneer.scoring.schema import Choice, Key
from pioneer.scoring.writing import Content

Given = Mapping[str, Sequence[str]]  # as posted: every name with its texts
LONG_TEXT = 40
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_BETWEEN = re.compile(r"[、，,；;\s]+")
_NUMBERS = ("points", "whole")
_COMPOUND = ("value", "rows", "points_by_track", "points_by_window")
_LISTS = ("words", "references", "choices", "points_list")


class Nothing:
    """不写 The key is not written."""


NOTHING: Final = Nothing()


@dataclass(frozen=True, slots=True)
class Around:
    """所在 What a field must know of the draft around it: the whole content and the table the row stands in."""

    content: Content
    section: str

    def choices(self, key: Key) -> tuple[Choice, ...]:
        """可选的 Words of the format, or the rows of the table a key refers to."""
        if key.kind in ("reference", "references") and key.refers != "indicators":
            return tuple(self._rows(key.refers))
        if key == schema.SHAPE_KEY:
            return tuple(Choice(one.name, one.label) for one in schema.SHAPES_BY_INDEX[self.section])
        return key.choices

    def _rows(self, name: str) -> list[Choice]:
        rows = self.content.get(name)
        found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
        named = [(row["code"], row.get("name")) for row in found if isinstance(row.get("code"), str) and row["code"]]
        shared = {one for _, one in named if [other for _, other in named].count(one) > 1}
        return [
            Choice(
                code,
                str(one) if one and one not in shared and name != "aspects" else f"{code}　{one or ''}".strip("　"),
            )
            for code, one in named
        ]

    @property
    def tracks(self) -> tuple[Choice, ...]:
        """类别"""
        return tuple(self._rows("tracks"))


def texts(given: Given, name: str) -> list[str]:
    """填了什么 Without what is empty; line ends as they are kept."""
    return [text.replace("\r\n", "\n") for text in given.get(name, ()) if text]


def first(given: Given, name: str) -> str:
    """填的第一个"""
    return next(iter(texts(given, name)), "")


# ---------------------------------------------------------------- what a written value fills in


def fits(key: Key, written: object) -> bool:
    """合乎种类 Whether the form can show it as it is."""
    if key.kind in ("text", "code", "reference", "choice"):
        return isinstance(written, str)
    if key.kind in _NUMBERS:
        return _is_number(written)
    if key.kind == "share":
        return isinstance(written, str) or _is_number(written)
    if key.kind == "flag":
        return isinstance(written, bool)
    if key.kind == "day":
        return isinstance(written, date) and not isinstance(written, datetime)
    if key.kind == "points_list":
        return isinstance(written, list) and all(_is_number(one) for one in written)
    if key.kind in _LISTS:
        return isinstance(written, list) and all(isinstance(one, str) for one in written)
    if key.kind == "rows":
        return isinstance(written, list) and all(isinstance(one, Mapping) for one in written)
    return isinstance(written, Mapping)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def filled(key: Key, written: object) -> list[str]:
    """填入 The texts of one field, for a value that is written or not; none for what has fields of its own."""
    if key.kind in _COMPOUND:
        return []
    if key.kind == "flag":
        held = key.default if isinstance(written, Nothing) else written
        return ["on"] if held is True else []
    if isinstance(written, Nothing):
        return []
    if key.kind in ("choices", "references") and key.refers != "indicators":
        return [one for one in written if isinstance(one, str)] if isinstance(written, list) else []
    if key.kind in _LISTS:
        return ["、".join(_said(one) for one in written)] if isinstance(written, list) and written else []
    if isinstance(written, (Mapping, list)):
        return []
    return [text] if (text := _said(written)) else []


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 16:
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


# ---------------------------------------------------------------- what typed text means


def number_of(text: str) -> int | Decimal | str:
    """数 What is no plain number stays the text it is."""
    plain = normalize("NFKC", text).strip().removesuffix("分").strip()
    if _WHOLE.fullmatch(plain):
        return int(plain)
    if _NUMBER.fullmatch(plain):
        return Decimal(plain)
    return text.strip()


def _day_of(text: str) -> date | str:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return text.strip()


def listed(text: str) -> list[str]:
    """分开 At commas, 、 and spaces."""
    return [one for one in _BETWEEN.split(text.strip()) if one]


def read(key: Key, given: list[str]) -> object:
    """读出 What was typed into one field; NOTHING where it was left empty."""
    if key.kind == "flag":
        held = bool(given)
        return NOTHING if held == (key.default is True) else held
    if key.kind in ("choices", "references") and key.refers != "indicators":
        return list(given) or NOTHING
    text = given[0] if given else ""
    if not text.strip():
        return NOTHING
    if key.kind in _LISTS:
        items: list[Any] = listed(text)
        return [number_of(one) for one in items] if key.kind == "points_list" else items
    if key.kind in _NUMBERS:
        return number_of(text)
    if key.kind == "share":
        return _share_of(text)
    if key.kind == "day":
        return _day_of(text)
    return text.strip()


def _share_of(text: str) -> Decimal | str:
    plain = normalize("NFKC", text).strip()
    try:
        return Decimal(plain) if _NUMBER.fullmatch(plain) else plain
    except InvalidOperation:
        return plain


# ---------------------------------------------------------------- a whole table


def taken(keys: Sequence[Key], before: Mapping[str, Any], given: Given, at: str, around: Around) -> dict[str, Any]:
    """一张表 What a posted form makes of a table: its known keys as filled in, the unknown ones as they stand."""
    found: dict[str, Any] = {}
    known = {key.name: key for key in keys}
    for name in dict.fromkeys([*before, *known]):
        written = before.get(name, NOTHING)
        if name in known:
            value = _taken(known[name], written, given, f"{at}{name}", around)
        else:
            value = written
        if not isinstance(value, Nothing) and f"{at}{name}" not in given.get("drop", ()):
            found[name] = value
    return found


def _taken(key: Key, written: object, given: Given, name: str, around: Around) -> object:
    value = _read_anew(key, written, given, name, around)
    odd = not isinstance(written, Nothing) and not fits(key, written)
    if odd and isinstance(value, Nothing) and not filled(key, written):
        return written  # can't be shown, so it isn't taken away unasked
    return value


def _read_anew(key: Key, written: object, given: Given, name: str, around: Around) -> object:
    if key.kind == "value":
        return _value(written, given, name, around)
    if key.kind == "rows":
        return _rows(key, written, given, name, around)
    if key.kind in ("points_by_track", "points_by_window"):
        return _by_name(key, written, given, name, around)
    typed = texts(given, name)
    if (isinstance(written, Nothing) or fits(key, written)) and _same(key, typed, filled(key, written)):
        return written
    return read(key, typed)


def _same(key: Key, typed: list[str], shown: list[str]) -> bool:
    if key.kind in ("choices", "references"):
        return sorted(typed) == sorted(shown)
    return typed == [one.replace("\r\n", "\n") for one in shown]


def _value(written: object, given: Given, name: str, around: Around) -> object:
    """Of another shape than before, only what is typed counts."""
    shape = first(given, f"{name}.shape")
    if not shape:
        return NOTHING
    before = written if isinstance(written, Mapping) and written.get("shape") == shape else {}
    return taken(schema.value_keys({"shape": shape}), before, given, f"{name}.", around)


def _rows(key: Key, written: object, given: Given, name: str, around: Around) -> object:
    """The rows the form lists, in its order; a number below the count is that of a written row."""
    before = [row for row in written if isinstance(row, Mapping)] if isinstance(written, list) else []
    found = []
    for number in texts(given, name):
        found.append(taken(key.keys, row_at(before, number), given, f"{name}.{number}.", around))
    return found if found or (isinstance(written, list) and not written) else NOTHING


def row_at(rows: Sequence[Mapping[str, Any]], number: str) -> Mapping[str, Any]:
    """编号为此的一行 As it is written; a new one is empty."""
    place = int(number) if number.isdecimal() and len(number) < 7 else len(rows)
    return rows[place] if place < len(rows) else {}


def _by_name(key: Key, written: object, given: Given, name: str, around: Around) -> object:
    """A number per window or per track, in the written order, then as the form lists them."""
    before = written if isinstance(written, Mapping) else {}
    found: dict[str, object] = {}
    for inner in [*before, *(one for one in names_of(key, before, around) if one not in before)]:
        value = _taken(number_key(key), before.get(inner, NOTHING), given, f"{name}.{inner}", around)
        if not isinstance(value, Nothing) and f"{name}.{inner}" not in given.get("drop", ()):
            found[inner] = value
    return found if found or (isinstance(written, Mapping) and not written) else NOTHING


def number_key(key: Key) -> Key:
    """其中一个数"""
    return Key(key.name, "points", key.label, "", required=False, unit=key.unit)


def names_of(key: Key, before: Mapping[str, Any], around: Around) -> list[str]:
    """有哪些数 A field per track, or per window; 每年 and 每周期 are one unless both stand there."""
    if key.kind == "points_by_track":
        known = [choice.word for choice in around.tracks]
    else:
        known = [inner.name for inner in key.keys if inner.name not in ("year", "cycle")]
        known += [one for one in ("year", "cycle") if one in before] or ["year"]
    return [*known, *(one for one in before if one not in known)]
