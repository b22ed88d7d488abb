"""Rulebooks with something wrong in them: bytes, lines, numbers, types and whole tables, by chance from a seed."""

from __future__ import annotations

import copy
import random
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pioneer.scoring import schema
from pioneer.scoring.writing import NotToml, format_text, read_content
from tests.scoring.conftest import RULEBOOK
from tests.scoring.everything import TEXTS

TEXTS_TO_SPOIL = [*TEXTS, RULEBOOK.read_text(encoding="utf-8")]
_CONTENTS = [read_content(text) for text in TEXTS_TO_SPOIL]
HUGE = [
    "9" * 30,
    "9" * 400,
    "1e400",
    "1e-400",
    "-1e999999999",
    "0x" + "f" * 4000,
    "1" * 5000,
    "inf",
    "-inf",
    "nan",
    "-0",
]
STRANGE = [
    *("[]", "{}", "[[]]", "[{}]", "{ a = 1 }", "true", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", '""', '" "'),
    *("1_0", "0.005", "-1"),
    *('"\\u0000"', '"""\n\n"""', "'''x'''", "[1, [2, [3]]]", '"' + "长" * 500 + '"', "[ 1, 'a', {} ]"),
    *('["a", "a"]', '{ shape = "nth" }', '{ shape = [] }', '{ shape = "ladder", steps = [1] }', "{ month = nan }"),
]  # fmt: skip
NASTY = "\x00\ufeff\u2028\x1b[\U0001f600\x85\r\v\f\"'\\#[]{}=,.\n"


def spoilt(seed: int) -> bytes:
    """One spoilt file."""
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return _spoil_content(chance)
    text = chance.choice(TEXTS_TO_SPOIL)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        text = chance.choice(_ON_TEXT)(text, chance) or "x"
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if chance.random() < 0.3:
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _lines(text: str, chance: random.Random) -> tuple[list[str], int]:
    lines = text.split("\n")
    return lines, chance.randrange(len(lines))


def _drop(text: str, chance: random.Random) -> str:
    lines, place = _lines(text, chance)
    del lines[place : place + chance.choice((1, 1, 1, 8, 60))]
    return "\n".join(lines)


def _double(text: str, chance: random.Random) -> str:
    lines, place = _lines(text, chance)
    lines[place:place] = lines[place : place + chance.choice((1, 8, 60))]
    return "\n".join(lines)


def _swap(text: str, chance: random.Random) -> str:
    lines, place = _lines(text, chance)
    other = chance.randrange(len(lines))
    lines[place], lines[other] = lines[other], lines[place]
    return "\n".join(lines)


def _put(text: str, chance: random.Random, value: str) -> str:
    """Another value behind the equals sign of some line."""
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if " = " in line and not line.startswith(" ")]
    if places:
        place = chance.choice(places)
        lines[place] = f"{lines[place].partition(' = ')[0]} = {value}"
    return "\n".join(lines)


def _retype(text: str, chance: random.Random) -> str:
    return _put(text, chance, chance.choice(STRANGE))


def _inflate(text: str, chance: random.Random) -> str:
    return _put(text, chance, chance.choice(HUGE))


def _nest(text: str, chance: random.Random) -> str:
    depth = chance.choice((3, 50, 300, 1000, 20_000))
    dots = min(depth, 2_000)  # each costs tomllib the length of the whole key
    lists, tables, dotted = "[" * depth + "]" * depth, "{a=" * depth + "1" + "}" * depth, "{ a" + ".a" * dots + " = 1 }"
    inner = chance.choice((lists, tables, dotted))
    return _put(text, chance, inner)


def _insert(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    extra = "".join(chance.choice(NASTY) for _ in range(chance.randrange(1, 4)))
    return text[:place] + extra + text[place:]


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(1, len(text) + 1)]


def _rename(text: str, chance: random.Random) -> str:
    lines, place = _lines(text, chance)
    words = [
        "[meta]",
        "[[tracks]]",
        "[tracks]",
        "[[indices]]",
        "[indices.other]",
        "[a.b.c]",
        "[[positive.value]]",
        "code.x = 1",
    ]
    lines[place] = chance.choice(words)
    return "\n".join(lines)


_ON_TEXT = (_drop, _double, _swap, _retype, _retype, _inflate, _nest, _insert, _cut, _rename)
PLAIN: list[Any] = [
    *(None, True, False, 0, -1, 1, 7, 10**9 + 1, 10**40, "", " ", "x", "rural", "N1", "t0", "1/3", "長" * 401, [], {}),
    *(Decimal("0.005"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+400"), Decimal("99.99"), [[]], [{}], [1, "a"]),
    *(date(1, 1, 1), datetime(2026, 1, 1), time(7, 30), {"a": {"b": [1]}}, ["rural", "rural"], {"shape": "to_floor"}),
    *("month", "quarter", "cycle", "sum", "mean", "net", "source", "top"),
]


def _spoil_content(chance: random.Random) -> bytes:
    """Tables and values exchanged, moved and taken away, then written as TOML again."""
    content = copy.deepcopy(chance.choice(_CONTENTS))
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        paths = schema.places(content)
        if not paths:
            break
        path = chance.choice(paths)
        table: Any = content
        for part in path[:-1]:
            table = table[part]
        value = chance.choice(PLAIN)
        act = chance.random()
        if act < 0.25 or value is None:
            del table[path[-1]]
        elif act < 0.35 and isinstance(table, dict):
            table[chance.choice(["zzz", "cap", "period", "value", "", "a.b", 'q"\n'])] = value
        elif act < 0.5:
            other: Any = content
            for part in chance.choice(paths):
                try:
                    other = other[part]
                except (KeyError, IndexError, TypeError):
                    break
            table[path[-1]] = copy.deepcopy(other)
        else:
            table[path[-1]] = copy.deepcopy(value)
    try:
        return format_text(content).encode()
    except NotToml:
        return b""
