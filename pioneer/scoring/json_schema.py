"""格式的 JSON Schema: the format for editors that complete and check TOML while it is written, made from the schema.

It is what docs/rulebook.schema.json holds. It knows the keys, their kinds, choices and limits; what the tables say
together (codes that must exist, orders, sums) only the loader checks.
"""

from __future__ import annotations

import json
from typing import Any

from pioneer.scoring import schema
from pioneer.scoring.points import LARGEST
from pioneer.scoring.reader import LONGEST_TEXT
from pioneer.scoring.schema import Key, Section

__all__ = ["json_schema", "json_schema_text"]

Json = dict[str, Any]
_CODE = r"^\s*[A-Za-z][A-Za-z0-9_-]{0,29}\s*$"
_FRACTION = r"^\s*[0-9]{1,3}\s*/\s*[0-9]{1,3}\s*$"


def json_schema() -> Json:
    """JSON Schema: of a whole rulebook."""
    properties: Json = {}
    required = []
    for top in schema.top_order():
        sections = [row for row in schema.SECTIONS if row.path[0] == top]
        properties[top] = _section(sections[0]) if len(sections) == 1 else _container(sections)
        if any(row.required for row in sections):
            required.append(top)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "积分办法",
        "description": "一部积分办法；写法见 docs/rulebook.md。",
        **_object(properties, required),
    }


def json_schema_text() -> str:
    """JSON Schema 文本: as the file holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def _object(properties: Json, required: list[str]) -> Json:
    found: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _container(sections: list[Section]) -> Json:
    """A table of tables: the indices, the three steps, the parameters."""
    return _object({row.path[1]: _section(row) for row in sections}, [row.path[1] for row in sections if row.required])


def _section(section: Section) -> Json:
    said = {"title": section.label, "description": section.meaning}
    table = _table(section.keys, section.name)
    if section.form == "one":
        return {**said, **table}
    return {**said, "type": "array", **({"minItems": 1} if section.required else {}), "items": table}


def _table(keys: tuple[Key, ...], index: str = "") -> Json:
    return _object({key.name: _key(key, index) for key in keys}, [key.name for key in keys if key.required])


def _key(key: Key, index: str) -> Json:
    said: Json = {"title": key.label, "description": f"{key.meaning}{key.needed}"}
    if not key.required and key.default is not None and not key.follows:
        said["default"] = key.default
    if key.choices:
        said["x-taplo"] = {"docs": {"enumValues": [choice.label for choice in key.choices]}}
    return {**said, **_kind(key, index)}


def _kind(key: Key, index: str) -> Json:
    """What a key of each kind may hold."""
    number: Json = {"type": "number", "minimum": 0, "maximum": LARGEST}
    words = {"enum": [choice.word for choice in key.choices]}
    if key.kind == "value":
        return {"anyOf": [_shape(shape) for shape in schema.SHAPES_BY_INDEX[index]]}
    kinds: dict[str, Json] = {
        "text": {"type": "string", "maxLength": LONGEST_TEXT, **({"minLength": 1} if key.default != "" else {})},
        "code": {"type": "string", "pattern": _CODE},
        "reference": {"type": "string", "minLength": 1},
        "points": {**number, "exclusiveMinimum": 0} if key.positive else number,
        "whole": {"type": "integer", "minimum": key.least, "maximum": key.most},
        "flag": {"type": "boolean"},
        "day": {"type": "string", "format": "date"},
        "choice": words,
        "words": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
        "references": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
        "choices": {"type": "array", "items": words, "uniqueItems": True},
        "points_list": {"type": "array", "items": number, "minItems": 1},
        "points_by_track": {"type": "object", "additionalProperties": number},
        "points_by_window": _table(key.keys),
        "share": {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                {"type": "string", "pattern": _FRACTION},
            ]
        },
        "rows": {"type": "array", **({"minItems": 1} if key.required else {}), "items": _table(key.keys)},
    }
    return kinds[key.kind]


def _shape(shape: schema.Shape) -> Json:
    """A value of one shape."""
    table = _table(shape.keys)
    properties = {"shape": {"const": shape.name}, **table["properties"]}
    required = ["shape", *table.get("required", [])]
    return {"title": shape.label, "description": shape.meaning, **_object(properties, required)}
