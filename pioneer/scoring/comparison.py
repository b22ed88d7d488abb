"""对照: two rulebooks side by side in plain Chinese words, every key of the format, one row per difference.

    compare(read_content(old), read_content(new))   # tuple[Difference(chapter, what, before, after, sentence, …)]

A default that is written out is no difference, nor is another order of keys or of a list whose order means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pioneer.scoring import schema
from pioneer.scoring.phrases import NOTHING, number, plainly, say, say_value
from pioneer.scoring.schema import Key, Section

Sort = Literal["changed", "added", "removed"]
_UNORDERED = ("words", "references", "choices")
_INDICATORS = ("positive", "reverse", "zeroing")
_VALUE = "分值·"


@dataclass(frozen=True, slots=True)
class Difference:
    """不同之处: ``chapter`` is the table's Chinese name, ``what`` the thing in it, ``sentence`` all of it in words."""

    chapter: str
    what: str
    before: str
    after: str
    sentence: str
    sort: Sort = "changed"


@dataclass(frozen=True, slots=True)
class _Both:
    """The whole of both rulebooks, for the names codes stand for."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """对照: what the new rulebook changes in the old one, in the order of the format."""
    both = _Both(old, new)
    found: list[Difference] = []
    for section in schema.SECTIONS:
        before, after = _of(old, section), _of(new, section)
        if section.form == "many":
            found.extend(_compare_rows(section, _rows(before), _rows(after), both))
        else:
            found.extend(_compare_one(section, _table(before), _table(after), both))
    found.extend(_compare_strangers(old, new))
    return tuple(found)


def _of(content: Mapping[str, Any], section: Section) -> object:
    here: object = content
    for name in section.path:
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _table(value: object) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) else None


# ---------------------------------------------------------------- tables


def _compare_one(
    section: Section, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, both: _Both
) -> Iterator[Difference]:
    """A table that stands once."""
    if old is None or new is None:
        if old is not new:
            yield _come_or_gone(section, section.label, old, new, both)
        return
    yield from _compare_keys(section.label, section.label, section.keys, (old, new), both)


def _compare_rows(
    section: Section, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], both: _Both
) -> Iterator[Difference]:
    """The rows of a table: gone, come, changed, in another order."""
    before, after = _named(section, old), _named(section, new)
    for name, row in before.items():
        if name not in after:
            yield _come_or_gone(section, _title(section, row), row, None, both)
    for name, row in after.items():
        if name not in before:
            yield _come_or_gone(section, _title(section, row), None, row, both)
        else:
            what = _subject(section, before[name])
            yield from _compare_keys(section.label, what, section.keys, (before[name], row), both)
    kept = [name for name in before if name in after]
    moved = [name for name in after if name in before]
    if kept != moved:
        was, now = ("、".join(_short(section, rows[name]) for name in order)
                    for rows, order in ((before, kept), (after, moved)))  # fmt: skip
        yield _changed(section.label, f"{section.label}的次序", was, now)


def _named(section: Section, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[object, ...], Mapping[str, Any]]:
    """Rows by what tells them apart: their code, a quota's tier and end; the same again gets a number."""
    found: dict[tuple[object, ...], Mapping[str, Any]] = {}
    for row in rows:
        names = ("tier", "end") if section.name == "quotas" else ("code",)
        identity: tuple[object, ...] = tuple(plainly(row.get(name)) for name in names)
        count = 0
        while (*identity, count) in found:
            count += 1
        found[(*identity, count)] = row
    return found


def _short(section: Section, row: Mapping[str, Any]) -> str:
    return plainly(row.get("code", row.get("tier", "")))


def _subject(section: Section, row: Mapping[str, Any]) -> str:
    """Whose key it is: "A5", "等次“优秀”"."""
    if section.name in _INDICATORS:
        return _short(section, row)
    return f"{section.label}“{plainly(row.get('name', _short(section, row)))}”"


def _title(section: Section, row: Mapping[str, Any]) -> str:
    """A row that came or went: "正向指标 C7“…”"."""
    name = f"“{row['name']}”" if isinstance(row.get("name"), str) else ""
    return f"{section.label} {_short(section, row)}{name}"


def _come_or_gone(
    section: Section, what: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, both: _Both
) -> Difference:
    table, content = (new, both.new) if new is not None else (old, both.old)
    whole = _summary(section, table or {}, content)
    if new is not None:
        return Difference(section.label, what, NOTHING, whole, f"新增{what}：{whole}", "added")
    return Difference(section.label, what, whole, NOTHING, f"删去{what}：{whole}", "removed")


def _summary(section: Section, table: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """Everything a table says, in a row of phrases."""
    said = []
    for key in section.keys:
        if key.name in table and not (section.form == "many" and key.name in ("code", "name")):
            said.append(f"{key.label}{_gap(say(key, table[key.name], table, content))}")
    return "；".join(said) or "未写明"


def _gap(phrase: str) -> str:
    return phrase if phrase.startswith("“") else f" {phrase}"


# ---------------------------------------------------------------- keys


def _compare_keys(
    chapter: str, what: str, keys: Sequence[Key], tables: tuple[Mapping[str, Any], Mapping[str, Any]], both: _Both
) -> Iterator[Difference]:
    """Every key of one table, those the format doesn't know last."""
    old, new = tables
    for key in keys:
        before, after = effective(key, keys, old), effective(key, keys, new)
        if _same(key, before, after):
            continue
        if key.kind == "value" and isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _compare_values(chapter, what, key, (before, after), both)
        elif key.kind == "points_by_window" and isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _compare_keys(chapter, what, key.keys, (_merged(before), _merged(after)), both)
        elif key.kind == "rows":
            yield from _compare_steps(chapter, what, key, (_rows(before), _rows(after)), tables, both)
        else:
            was, now = say(key, before, old, both.old), say(key, after, new, both.new)
            if was == now:  # two things of one name
                was, now = _plain(before), _plain(after)
            yield _changed(chapter, f"{what} {key.label}", was, now)
    known = {key.name for key in keys}
    for name in dict.fromkeys([*old, *new]):
        if name not in known and old.get(name) != new.get(name):
            yield _changed(chapter, f"{what} {name}", _plain(old.get(name)), _plain(new.get(name)))


def _compare_values(
    chapter: str, what: str, key: Key, values: tuple[Mapping[str, Any], Mapping[str, Any]], both: _Both
) -> Iterator[Difference]:
    """Two values: of one shape key by key, of two shapes as a whole."""
    old, new = values
    if old.get("shape") == new.get("shape") and isinstance(new.get("shape"), str) and new["shape"] in schema.SHAPES:
        yield from _compare_keys(chapter, f"{what} {_VALUE}", schema.value_keys(new), values, both)
    else:
        was, now = say_value(old, both.old), say_value(new, both.new)
        yield _changed(chapter, f"{what} {key.label}形式", was, now)


def _compare_steps(
    chapter: str,
    what: str,
    key: Key,
    rows: tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]],
    tables: tuple[Mapping[str, Any], Mapping[str, Any]],
    both: _Both,
) -> Iterator[Difference]:
    """Steps and multipliers: matched by code, or by the quantity they begin at."""
    what = what.removesuffix(f" {_VALUE}")
    by = "code" if any(inner.name == "code" for inner in key.keys) else "from"
    old, new = ({_identity(row.get(by)): row for row in some} for some in rows)
    if (
        len(old) < len(rows[0])
        or len(new) < len(rows[1])
        or [k for k in old if k in new] != [k for k in new if k in old]
    ):
        was, now = (_all_steps(key, some) for some in rows)
        yield _changed(chapter, f"{what} {key.label}", was, now if now != was else f"{now}（写法或次序有变）")
        return
    for name in dict.fromkeys([*old, *new]):
        label = _step_label(key, new[name] if name in new else old[name], tables[1])
        if name in old and name in new:
            units = (
                {**row, "unit": table.get("unit")} for row, table in zip((old[name], new[name]), tables, strict=True)
            )
            yield from _compare_keys(chapter, f"{what} {label}", key.keys, (next(units), next(units)), both)
        else:
            was, now = (_step(key, some[name]) if name in some else NOTHING for some in (old, new))
            yield _changed(chapter, f"{what} {label}", was, now)


def _identity(value: object) -> object:
    """A number by its amount, anything else by its text."""
    plain = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return number(value) if plain else plainly(value)


def _all_steps(key: Key, rows: Sequence[Mapping[str, Any]]) -> str:
    return "、".join(f"{_step_label(key, row, {})}{_gap(_step(key, row))}" for row in rows) or NOTHING


def _step_label(key: Key, row: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    if "from" in row:
        unit = table.get("unit")
        return f"{key.label}满{number(row['from'])}{unit if isinstance(unit, str) else ''}"
    return f"{key.label}“{plainly(row.get('name', row.get('code', '')))}”"


def _step(key: Key, row: Mapping[str, Any]) -> str:
    return "，".join(
        f"{inner.label}{_gap(say(inner, row[inner.name], row))}"
        for inner in key.keys
        if inner.name in row and inner.name not in ("name", "from")
    )


# ---------------------------------------------------------------- one value and another


def effective(key: Key, keys: Sequence[Key], table: Mapping[str, Any]) -> object:
    """实际取值: what is written, or what holds when it is not."""
    written = table.get(key.name)
    if written is not None:
        return written
    if key.follows:
        other = next((one for one in keys if one.name == key.follows), None)
        return effective(other, keys, table) if other is not None else None
    return key.default


def _same(key: Key, before: object, after: object) -> bool:
    """One meaning: numbers by amount, lists without order as sets, caps with the year for the cycle."""
    if key.kind in _UNORDERED and isinstance(before, list) and isinstance(after, list):
        return sorted(map(repr, before)) == sorted(map(repr, after))
    if key.kind == "points_by_window" and isinstance(before, Mapping) and isinstance(after, Mapping):
        return _plainly_same(_merged(before), _merged(after))
    return (
        _plainly_same(before or None, after or None)
        if key.kind in (*_UNORDERED, "rows")
        else _plainly_same(before, after)
    )


def _plainly_same(before: object, after: object) -> bool:
    """Equal, and a yes is not a one."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return before.keys() == after.keys() and all(_plainly_same(before[name], after[name]) for name in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_plainly_same, before, after))
    return isinstance(before, bool) == isinstance(after, bool) and before == after


def _merged(caps: Mapping[str, Any]) -> dict[str, Any]:
    """``cycle`` is ``year``."""
    return {("year" if name == "cycle" and "year" not in caps else name): value for name, value in caps.items()}


def _changed(chapter: str, what: str, before: str, after: str) -> Difference:
    what = what.replace("· ", "·")
    return Difference(chapter, what, before, after, f"{what} {before} → {after}")


def _plain(value: object) -> str:
    return NOTHING if value is None else plainly(value)


def _compare_strangers(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """What the format doesn't know, at the top of the file and in its tables of tables."""
    known = {section.path for section in schema.SECTIONS}
    known |= {path[:1] for path in known}
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if (name,) not in known:
            if before != after:
                yield _changed("不认识的表", name, _plain(before), _plain(after))
        elif any(len(path) == 2 and path[0] == name for path in known):
            were, are = _table(before) or {}, _table(after) or {}
            for inner in dict.fromkeys([*were, *are]):
                if (name, inner) not in known and were.get(inner) != are.get(inner):
                    was, now = _plain(were.get(inner)), _plain(are.get(inner))
                    yield _changed("不认识的表", f"{name}.{inner}", was, now)
