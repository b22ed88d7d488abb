"""一行的表单 The form of one row or table of a draft, made from the format: labels, explanations, choices, and beside
each field what the check says of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pioneer.rulebook.findings import Finding
from pioneer.scoring import schema
from pioneer.scoring.phrases import say
from pioneer.scoring.schema import Key, Section
from pioneer.web.forms.drafting_kinds import (
    LONG_TEXT,
    NOTHING,
    Around,
    Given,
    Nothing,
    filled,
    first,
    fits,
    names_of,
    number_key,
    row_at,
    taken,
    texts,
)

MOST_ROWS = 200
RARE = (
    "prior",
    "decision",
    "words",
    "document",
    "voids",
    "multipliers",
    "tier_direct",
    "tier_at_most",
    "proposed_from",
    "note",
    "answer",
)


@dataclass(slots=True)
class Option:
    """选项"""

    word: str
    label: str
    chosen: bool


@dataclass(slots=True)
class Field:
    """一格 One field, or one with fields in it: a value with its shape's, steps with their rows, caps by window."""

    name: str
    key: Key
    widget: str
    values: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    parts: list["Field"] = field(default_factory=list)
    rows: list["Step"] = field(default_factory=list)
    label: str = ""
    odd: str = ""
    said: list[Finding] = field(default_factory=list)
    optional: bool = False
    bare: bool = False  # in a row of steps, explained once above them

    @property
    def id(self) -> str:
        return "f-" + re.sub(r"[^A-Za-z0-9_-]", "--", self.name)

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def hint(self) -> str:
        """说明 The explanation, and when the key must be written after all."""
        if self.bare:
            return ""
        return self.key.meaning + (f"（{self.key.needed}）" if self.key.needed else "")

    @property
    def described(self) -> str:
        """由什么说明 For who hears the page: the explanation, then what the check says."""
        return f"{self.id}-said" if self.bare else f"{self.id}-hint {self.id}-said"

    @property
    def has_mistake(self) -> bool:
        return any(one.is_mistake for one in self.said)


@dataclass(slots=True)
class Step:
    """一档 One row of steps or multipliers; `number` tells it from the others while it is worked on."""

    name: str
    number: str
    parts: list[Field]
    said: list[Finding] = field(default_factory=list)

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "--")


class RowForm:
    """一行的表单 `given` is what was posted; without it the row stands as it is written."""

    def __init__(
        self, section: Section, before: Mapping[str, Any] | None, around: Around, given: Given | None = None
    ) -> None:
        self.section, self.around = section, around
        self.before: Mapping[str, Any] = before if before is not None else self._beginning()
        self.is_new = before is None
        self.given: Given = self._filled() if given is None else given
        self.top: list[Finding] = []
        self.fields = [self._field(key, self.before.get(key.name, NOTHING), key.name) for key in section.keys]
        self.strangers = _strangers(self.before, section.keys, "")
        self.by_name = {one.name: one for one in _every([*self.fields, *self.strangers])}

    def _beginning(self) -> dict[str, Any]:
        """A new indicator begins with the plainest value, so that its fields are there."""
        return {"value": {"shape": "fixed"}} if any(key.kind == "value" for key in self.section.keys) else {}

    def table(self) -> dict[str, Any]:
        """填成的表"""
        return taken(self.section.keys, {} if self.is_new else self.before, self.given, "", self.around)

    @property
    def main(self) -> list[Field]:
        """常用的"""
        return [one for one in self.fields if not self._is_rare(one)]

    @property
    def rare(self) -> list[Field]:
        """不常用的 Folded until one of them is in use."""
        return [one for one in self.fields if self._is_rare(one)]

    def _is_rare(self, one: Field) -> bool:
        return self.section.name in ("positive", "reverse") and one.name in RARE

    @property
    def rare_in_use(self) -> bool:
        return any(one.said or one.odd or texts(self.given, one.name) for one in self.rare)

    @property
    def rare_label(self) -> str:
        """折叠的标题"""
        return "条件与后果：" + "、".join(one.label for one in self.rare[:5]) + "等"

    @property
    def places(self) -> list["Field | Step"]:
        """写所见的地方 Every field and step, for the check to fill or to clear."""
        found: list[Field | Step] = []
        for one in _every([*self.fields, *self.strangers]):
            found += [one, *one.rows]
        return found

    def place(self, findings: Iterable[Finding], quiet: bool = False) -> None:
        """放上检查所见 Each at its field, or on top. `quiet` leaves the empty fields of a new row alone."""
        for one in findings:
            at = self._at(one.inner)
            if isinstance(at, Field) and quiet and not _is_filled(at, self.given):
                continue
            if at is None and quiet and one.inner:
                continue
            (self.top if at is None else at.said).append(one)

    def _at(self, inner: Sequence[str | int]) -> "Field | Step | None":
        """The field a mistake is about: the longest part of its way that has one."""
        names = ""
        found: Field | Step | None = None
        for part in inner:
            if isinstance(part, int):
                rows = self.by_name[names].rows if names in self.by_name else []
                if part >= len(rows):
                    break
                found, names = rows[part], rows[part].name
                continue
            names = f"{names}.{part}" if names else part
            if names not in self.by_name:
                break
            found = self.by_name[names]
        return found

    # ------------------------------------------------------------ from the format to fields

    def _filled(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        self._fill(found, self.section.keys, self.before, "")
        return found

    def _fill(self, into: dict[str, list[str]], keys: Sequence[Key], table: Mapping[str, Any], at: str) -> None:
        for key in keys:
            written, name = table.get(key.name, NOTHING), f"{at}{key.name}"
            if key.kind == "value" and isinstance(written, Mapping):
                into[f"{name}.shape"] = filled(schema.SHAPE_KEY, written.get("shape", NOTHING))
                self._fill(into, schema.value_keys(written), written, f"{name}.")
            elif key.kind == "rows" and isinstance(written, list):
                rows = [row for row in written if isinstance(row, Mapping)]
                into[name] = [str(number) for number in range(len(rows))]
                for number, row in enumerate(rows):
                    self._fill(into, key.keys, row, f"{name}.{number}.")
            elif key.kind in ("points_by_track", "points_by_window") and isinstance(written, Mapping):
                for inner, one in written.items():
                    into[f"{name}.{inner}"] = filled(number_key(key), one)
            else:
                into[name] = filled(key, written)

    def _field(self, key: Key, written: object, name: str) -> Field:
        one = Field(name, key, "line", texts(self.given, name), label=key.label, optional=not key.required)
        if not isinstance(written, Nothing) and not fits(key, written) and not filled(key, written):
            one.odd = str(written)
        if key.kind == "value":
            self._value(one, written)
        elif key.kind == "rows":
            self._rows(one, written)
        elif key.kind in ("points_by_track", "points_by_window"):
            self._numbers(one, written)
        else:
            self._plain(one)
        return one

    def _plain(self, one: Field) -> None:
        key = one.key
        if (
            key.kind in ("choice", "reference")
            or (key.kind == "text" and key.choices)
            or (key.kind == "references" and key.refers != "indicators")
        ):
            one.widget = "boxes" if key.kind == "references" else "select"
        elif key.kind in ("choices", "flag"):
            one.widget = {"choices": "boxes", "flag": "check"}[key.kind]
        elif key.kind in ("points", "whole"):
            one.widget = "number"
        elif key.kind == "day":
            one.widget = "day" if not one.value or re.fullmatch(r"\d{4}-\d\d-\d\d", one.value) else "line"
        elif key.refers == "indicators" or (key.kind == "text" and self._is_long(one)):
            one.widget = "area"
        if one.widget in ("select", "boxes"):
            self._options(one)

    def _is_long(self, one: Field) -> bool:
        return "\n" in one.value or len(one.value) > LONG_TEXT or one.key.name in ("note", "answer", "consequence")

    def _options(self, one: Field) -> None:
        choices = self.around.choices(one.key)
        one.options = [Option(choice.word, choice.label, choice.word in one.values) for choice in choices]
        known = {choice.word for choice in choices}
        one.options += [Option(word, f"{word}（没有这一项）", True) for word in one.values if word not in known]
        if one.widget == "select":
            one.options.insert(0, Option("", self._unwritten(one.key), not one.values))

    def _unwritten(self, key: Key) -> str:
        if key.required:
            return "请选择"
        if key.follows:
            return f"同“{self.section.key(key.follows).label}”"
        return f"{key.label_of(key.default)}（默认）" if key.default is not None else "不写"

    def _numbers(self, one: Field, written: object) -> None:
        one.widget = "numbers"
        before = written if isinstance(written, Mapping) else {}
        labels = {inner.name: inner.label.removesuffix("上限") for inner in one.key.keys}
        labels |= {choice.word: choice.label.split("　")[-1] for choice in self.around.tracks}
        for inner in names_of(one.key, before, self.around):
            name = f"{one.name}.{inner}"
            label = labels.get(inner) or f"{inner}（没有这一项）"
            one.parts.append(Field(name, number_key(one.key), "number", texts(self.given, name), label=label))

    def _value(self, one: Field, written: object) -> None:
        one.widget = "value"
        shape = first(self.given, f"{one.name}.shape")
        before = written if isinstance(written, Mapping) and written.get("shape") == shape else {}
        for key in schema.value_keys({"shape": shape}) if shape in schema.SHAPES else (schema.SHAPE_KEY,):
            part = self._field(key, before.get(key.name, NOTHING), f"{one.name}.{key.name}")
            if key == schema.SHAPE_KEY:
                part.options[0].label = "不写分值"
            one.parts.append(part)
        one.parts += _strangers(before, schema.value_keys(before), f"{one.name}.") if before else []

    def _rows(self, one: Field, written: object) -> None:
        one.widget = "rows"
        before = [row for row in written if isinstance(row, Mapping)] if isinstance(written, list) else []
        for number in one.values[:MOST_ROWS]:
            row = row_at(before, number)
            name = f"{one.name}.{number}"
            parts = [self._field(key, row.get(key.name, NOTHING), f"{name}.{key.name}") for key in one.key.keys]
            for part in parts:
                part.bare = True
            one.rows.append(Step(name, number, parts + _strangers(row, one.key.keys, f"{name}.")))

    # ------------------------------------------------------------ the buttons of the form

    def pressed(self, act: str) -> Given:
        """按了一个按钮 `add:value.steps`, `drop:value.steps.2`: what the form holds afterwards."""
        given = {name: list(values) for name, values in self.given.items()}
        what, _, name = act.partition(":")
        if what == "add":
            numbers = [int(one[:6]) for one in given.get(name, ()) if one.isdecimal()]
            given.setdefault(name, []).append(str(max([*numbers, self._written_rows(name) - 1]) + 1))
        elif what == "drop":
            rows, _, number = name.rpartition(".")
            given[rows] = [one for one in given.get(rows, ()) if one != number]
        return given

    def _written_rows(self, name: str) -> int:
        here: object = self.before
        for part in name.split("."):
            here = here.get(part) if isinstance(here, Mapping) else None
        return len(here) if isinstance(here, list) else 0


def _strangers(table: Mapping[str, Any], keys: Sequence[Key], at: str) -> list[Field]:
    """不认识的项 What the format doesn't know: shown, to be taken away."""
    known = {key.name for key in keys}
    return [
        Field(f"{at}{name}", Key(name, "text", name, ""), "stranger", label=name, odd=str(value))
        for name, value in table.items()
        if name not in known
    ]


def _every(fields: Iterable[Field]) -> Iterable[Field]:
    for one in fields:
        yield one
        yield from _every(one.parts)
        for step in one.rows:
            yield from _every(step.parts)


def _is_filled(one: Field, given: Given) -> bool:
    """Whether somebody has come to this field yet, or to one within it."""
    return any(texts(given, part.name) for part in _every([one]) if part.widget != "check" and part.key.name != "shape")


def in_words(one: Field, content: Mapping[str, Any]) -> str:
    """念出来 What a list of codes stands for."""
    return say(one.key, one.value, None, content)
