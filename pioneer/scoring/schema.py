"""格式总表: every table and key of a rulebook as data: name, kind, default, choices, Chinese label and explanation.

The loader decides what is right; this says the same as data, for whoever writes a rulebook out, draws a form or a sheet
of it, or compares two. The order of the tables and of their keys is the order of the canonical text.

    from pioneer.scoring import schema

    schema.SECTIONS                                 # every table, in order: Section(name, label, meaning, form, keys)
    schema.section("positive").key("caps")          # Key(name, kind, label, meaning, required, default, choices, …)
    schema.SHAPES["per_unit"].keys                  # keys of a value of that shape; .indices says where it may stand
    schema.keys_of(("positive", 3, "value"), content)   # keys of any table of a content, in order
"""

from __future__ import annotations

from collections.abc import Mapping

from pioneer.scoring.schema_indicators import SHAPE_KEY, SHAPES, SHAPES_BY_INDEX
from pioneer.scoring.schema_kinds import Choice, Form, Key, Kind, Place, Section, Shape, places, point
from pioneer.scoring.schema_sections import CAP_KEYS, SECTIONS, WINDOWS

__all__ = [
    "CAP_KEYS",
    "SECTIONS",
    "SHAPES",
    "SHAPES_BY_INDEX",
    "SHAPE_KEY",
    "WINDOWS",
    "Choice",
    "Form",
    "Key",
    "Kind",
    "Place",
    "Section",
    "Shape",
    "all_keys",
    "keys_of",
    "places",
    "point",
    "section",
    "top_order",
    "value_keys",
]

_BY_NAME = {section.name: section for section in SECTIONS}


def section(name: str) -> Section:
    """表: the table of this name (``"meta"``, ``"positive"``, ``"indices.basic"``, ``"procedure.erasure"``)."""
    return _BY_NAME[name]


def top_order() -> tuple[str, ...]:
    """章序: the names at the top of a file, each once, in order."""
    return tuple(dict.fromkeys(row.name.partition(".")[0] for row in SECTIONS))


def value_keys(value: object) -> tuple[Key, ...]:
    """分值各项: the keys of a value: its shape's, or, where no shape is known, all there are."""
    shape = value.get("shape") if isinstance(value, Mapping) else None
    if isinstance(shape, str) and shape in SHAPES:
        return (SHAPE_KEY, *SHAPES[shape].keys)
    every = {key.name: key for row in SHAPES.values() for key in row.keys}
    return (SHAPE_KEY, *every.values())


def keys_of(path: Place, content: object) -> tuple[Key, ...]:
    """各项: the known keys of the table at a path of a content, in order; none for a table the format doesn't know."""
    plain = tuple(part for part in path if isinstance(part, str))
    for length in (1, 2):
        found = _BY_NAME.get(".".join(plain[:length]))
        if found is not None:
            break
    else:
        return ()
    keys, rest = found.keys, plain[length:]
    for place, name in enumerate(rest):
        key = next((one for one in keys if one.name == name), None)
        if key is None:
            return ()
        if key.kind == "value":
            keys = value_keys(_at(content, path, place + length))
        else:
            keys = key.keys
    return keys


def _at(content: object, path: Place, name: int) -> object:
    """What stands in a content at a path, up to and with its ``name``-th name."""
    seen = -1
    for part in path:
        seen += isinstance(part, str)
        if seen > name:
            break
        if isinstance(part, str) and isinstance(content, Mapping):
            content = content.get(part)
        elif isinstance(part, int) and isinstance(content, (list, tuple)) and part < len(content):
            content = content[part]
        else:
            return None
    return content


def all_keys() -> tuple[tuple[str, Key], ...]:
    """全部项: each key with the dotted name of its table; a value's and a row's keys under theirs."""
    found: list[tuple[str, Key]] = []
    for row in SECTIONS:
        for key in row.keys:
            found.append((row.name, key))
            if key.kind == "value":
                shapes = SHAPES_BY_INDEX[row.name]
                found.append((f"{row.name}.value", SHAPE_KEY))
                for shape in shapes:
                    for inner in shape.keys:
                        found.append((f"{row.name}.value.{shape.name}", inner))
                        found.extend((f"{row.name}.value.{shape.name}.{inner.name}", last) for last in inner.keys)
            else:
                found.extend((f"{row.name}.{key.name}", inner) for inner in key.keys)
    return tuple(found)
