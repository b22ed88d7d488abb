"""规范写法: a rulebook's content as canonical TOML: one order of tables and keys, one way to write every value.

Works on the plain content, as ``tomllib`` gives it, not on the model: nothing written is lost, nothing unwritten
appears, and a file with mistakes can be put in order too. Comments are not content and are lost.

    format_text(text)           # text, bytes or a content; raises NotToml with the loader's mistakes
    read_content(text)          # the plain content, numbers as int and Decimal; raises NotToml likewise
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pioneer.scoring import schema
from pioneer.scoring.loader import parse
from pioneer.scoring.model import Mistake
from pioneer.scoring.schema import Key

Content = dict[str, Any]

WIDEST = 120
_CONTAINERS = frozenset(row.name.partition(".")[0] for row in schema.SECTIONS if "." in row.name)
_NUMBERS = frozenset(("points", "points_list", "points_by_track", "points_by_window", "share"))
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f]')
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_DEEPEST = 60
_LARGEST_EXPONENT = 30  # a number is written out up to here, in powers of ten beyond
_TOO_DEEP = Mistake("全文", 0, "文件含有过大的数字或过深的嵌套，无法读取，请检查")


class NotToml(ValueError):
    """不是TOML: a text that cannot be read; ``mistakes`` are the loader's sentences."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("；".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def read_content(text: str | bytes) -> Content:
    """读出内容: a TOML text as plain tables, lists and values; raises NotToml."""
    parsed = parse(text)
    if isinstance(parsed, Mistake):
        raise NotToml((parsed,))
    content = parsed.content
    if _is_too_deep(content):
        raise NotToml((_TOO_DEEP,))
    return content


def _is_too_deep(content: Content) -> bool:
    """Nested deeper than any rulebook; looked through level by level, without recursion."""
    level: list[object] = [content]
    for _ in range(_DEEPEST):
        level = [inner for item in level if isinstance(item, (dict, list)) for inner in _inside(item)]
        if not level:
            return False
    return True


def _inside(item: dict[str, Any] | list[Any]) -> Iterable[object]:
    return item.values() if isinstance(item, dict) else item


def format_text(source: str | bytes | Mapping[str, Any]) -> str:
    """规范写法: the canonical TOML of a text or content. Twice is the same as once, and the rulebook stays the same."""
    content = source if isinstance(source, Mapping) else read_content(source)
    try:
        return "\n".join(_blocks(content))
    except RecursionError:
        raise NotToml((_TOO_DEEP,)) from None


# ---------------------------------------------------------------- tables


def _blocks(content: Mapping[str, Any]) -> Iterator[str]:
    """One text per table, each ending with its line's end; what stands before the first table comes first."""
    loose = {name: value for name, value in content.items() if not _has_header(value)}
    if loose:
        yield _body(loose, ())
    for name in _ordered(content, schema.top_order()):
        value = content[name]
        if name in loose:
            continue
        if isinstance(value, list):
            for row in value:
                yield f"[[{_name(name)}]]\n" + _body(row, schema.keys_of((name, 0), {name: [row]}))
        elif name in _CONTAINERS:
            yield from _container(name, value)
        else:
            yield f"[{_name(name)}]\n" + _body(value, schema.keys_of((name,), content))


def _has_header(value: object) -> bool:
    """A table, or a list of tables, gets a header; all else is written inline."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(row, dict) for row in value)
    return isinstance(value, Mapping)


def _container(name: str, value: Mapping[str, Any]) -> Iterator[str]:
    """A table of tables: ``[indices.basic]`` and so on; its own header only where it has something to say."""
    loose = {key: inner for key, inner in value.items() if not isinstance(inner, dict)}
    if loose or not value:
        yield f"[{_name(name)}]\n" + _body(loose, ())
    order = [row.path[1] for row in schema.SECTIONS if row.path[0] == name]
    for key in _ordered(value, order):
        if key not in loose:
            yield f"[{_name(name)}.{_name(key)}]\n" + _body(value[key], schema.keys_of((name, key), {name: value}))


def _ordered(names: Iterable[str], order: Iterable[str]) -> list[str]:
    """The names in the order of the format, then those it doesn't know as they come."""
    rank = {name: place for place, name in enumerate(order)}
    return sorted(names, key=lambda name: rank.get(name, len(rank)))


def _body(table: Mapping[str, Any], keys: Sequence[Key]) -> str:
    by_name = {key.name: key for key in keys}
    lines = (_line(name, table[name], by_name.get(name)) for name in _ordered(table, by_name))
    return "".join(f"{line}\n" for line in lines)


def _line(name: str, value: object, key: Key | None) -> str:
    line = f"{_name(name)} = {_inline(value, key)}"
    if _width(line) <= WIDEST:
        return line
    return f"{_name(name)} = {_inline(value, key, broken=True)}"


# ---------------------------------------------------------------- values


def _inline(value: object, key: Key | None, broken: bool = False) -> str:
    """A value on one line; ``broken`` puts the rows of the first list of tables in it on lines of their own."""
    if isinstance(value, Mapping):
        return _inline_table(value, key, broken)
    if isinstance(value, (list, tuple)):
        rows = [_inline(item, _of_item(key, item)) for item in value]
        if broken and rows and all(isinstance(item, Mapping) for item in value):
            return "[\n" + "".join(f"  {row},\n" for row in rows) + "]"
        return f"[{', '.join(rows)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, (float, Decimal)):
        return _number(value if isinstance(value, Decimal) else Decimal(repr(value)), key)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    raise TypeError(f"TOML has no {type(value).__name__}")


def _inline_table(value: Mapping[str, Any], key: Key | None, broken: bool) -> str:
    keys = _keys_within(value, key)
    names = _ordered(value, keys)
    first = next((name for name in names if value[name] and _has_header(value[name])), None) if broken else None
    pairs = []
    for name in names:
        inner = keys.get(name, key if key is not None and key.kind == "points_by_track" else None)
        pairs.append(f"{_name(name)} = {_inline(value[name], inner, broken=name == first)}")
    return f"{{ {', '.join(pairs)} }}" if pairs else "{}"


def _keys_within(value: Mapping[str, Any], key: Key | None) -> dict[str, Key]:
    """The known keys of an inline table."""
    if key is None:
        return {}
    found = schema.value_keys(value) if key.kind == "value" else key.keys
    return {inner.name: inner for inner in found}


def _of_item(key: Key | None, item: object) -> Key | None:
    """What is known of an item of a list: a row has the keys of the list, a number its kind."""
    if key is None or key.kind == "rows" or not isinstance(item, Mapping):
        return key
    return None


def _name(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    escaped = _ESCAPED.sub(lambda found: _ESCAPES.get(found.group(), f"\\u{ord(found.group()):04X}"), value)
    return f'"{escaped}"'


def _whole(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python turns into text; written in hexadecimal it was, and is
        return hex(value)


def _number(value: Decimal, key: Key | None) -> str:
    """Without trailing zeros. Where no number with a point belongs, the point stays: it is a mistake to be seen."""
    if not value.is_finite():
        return str(value).lower().replace("infinity", "inf")
    if abs(value.adjusted()) > _LARGEST_EXPONENT:
        return str(value) if value else "0.0"
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if plain in ("-0", ""):
        plain = "0"
    if "." not in plain and (key is None or key.kind not in _NUMBERS):
        return f"{plain}.0"
    return plain


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
