"""检查所见 What the loader says of a draft, each at its row and field, in words for who never sees the file. Pure.

The checks are the loader's own; here a place such as `positive[4].caps.year` becomes 正向指标 A5“…”·每年上限, and the
name of a key inside a sentence its Chinese one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pioneer.rulebook.editing import row_of, section_of
from pioneer.scoring import Mistake, load_text, schema
from pioneer.scoring.schema import Key, Place
from pioneer.scoring.writing import NotToml, read_content

KEPT = 8
_PART = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_SECTIONS = {one.name: one.label for one in schema.SECTIONS}
_WHOLE = "全文"
CONTAINERS = {"indices": "指数", "cadence": "三步工作法", "procedure": "程序"}


@dataclass(frozen=True, slots=True)
class Finding:
    """一处所见 A mistake, which must be put right, or a warning, which the adopter answers. `row` counts from 0;
    `inner` is the way from the row to the field."""

    section: str
    row: int | None
    inner: Place
    title: str
    sentence: str
    is_mistake: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """全部所见"""

    all: tuple[Finding, ...]

    @property
    def mistakes(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.all if one.is_mistake)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.all if not one.is_mistake)

    def at(self, section: str, row: int | None) -> tuple[Finding, ...]:
        """某一行的 Or of a table that stands once."""
        return tuple(one for one in self.all if one.section == section and one.row == row)

    def within(self, sections: Iterable[str]) -> tuple[Finding, ...]:
        """某几张表的"""
        names = set(sections)
        return tuple(one for one in self.all if one.section in names)


@lru_cache(maxsize=KEPT)
def findings_of(text: str) -> Findings:
    """检查 A draft's text, as the loader sees it."""
    outcome = load_text(text)
    try:
        content: Mapping[str, Any] = read_content(text)
    except NotToml:
        content = {}
    found = [_finding(content, one, True) for one in outcome.mistakes]
    found += [_finding(content, one, False) for one in outcome.warnings]
    return Findings(tuple(found))


def _finding(content: Mapping[str, Any], mistake: Mistake, is_mistake: bool) -> Finding:
    path = path_of(mistake.place)
    section, row, inner = split(path)
    return Finding(
        section, row, inner, title_of(content, section, row, inner), plain(content, path, mistake), is_mistake
    )


def path_of(place: str) -> Place:
    """位置 `positive[4].caps` as a path; numbers count from 0 there."""
    if place == _WHOLE:
        return ()
    return tuple(name if name else int(number) - 1 for name, number in _PART.findall(place))


def split(path: Place) -> tuple[str, int | None, Place]:
    """拆开 The table, the row in it, and the way on from there. What stands around a table belongs to the table."""
    if not path:
        return "", None, ()
    first = str(path[0])
    if len(path) > 1 and first in CONTAINERS:
        return f"{first}.{path[1]}", None, path[2:]
    if len(path) > 1 and isinstance(path[1], int):
        return first, path[1], path[2:]
    return first, None, path[1:]


def title_of(content: Mapping[str, Any], section: str, row: int | None, inner: Place = ()) -> str:
    """名目 Where something stands, as a person would say it."""
    if not section:
        return _WHOLE
    known = section_of(section)
    said = known.label if known else CONTAINERS.get(section) or f"“{section}”"
    if row is not None:
        said += f"第{row + 1}项"
        table = row_of(content, section, row)
        if table is not None:
            said = f"{known.label if known else section} {name_of(table)}".rstrip() if name_of(table) else said
    path: Place = (*section.split("."), *(() if row is None else (row,)))
    labels = []
    for part in inner:
        if isinstance(part, int):
            labels.append(f"第{part + 1}行")
        else:
            labels.append(next((key.label for key in schema.keys_of(path, content) if key.name == part), part))
        path = (*path, part)
    return "·".join([said, *labels])


def name_of(table: Mapping[str, Any]) -> str:
    """一行的叫法 Its code and its name: A5 急难险重."""
    return " ".join(
        one.strip() for one in (table.get("code"), table.get("name")) if isinstance(one, str) and one.strip()
    )


# ---------------------------------------------------------------- sentences without the file's words

_FILE_WORDS = (
    (re.compile(r"，不加引号、不带时刻|，不加引号|，请加引号"), ""),
    (re.compile(r"须为日期，如 2026-01-01"), "须为日期，如2026年1月1日"),
    (re.compile(r"，如 \d{4}-\d\d-\d\d"), ""),
    (re.compile(r"须为 true 或 false"), "须选“是”或“否”"),
    (re.compile(r"，如 \{[^}]*\}"), ""),
    (re.compile(r"，如 \[1, 2, 5\]"), "，如“1、2、5”"),
    (re.compile(r'，如 \["甲", "乙"\]'), "，如“甲、乙”"),
    (re.compile(r"（whole = true）|；此处可写：.*"), ""),
    (re.compile(r'shape = "fixed"'), "“每次固定”"),
    (re.compile(r"须为一张表|的每一项须为一张表"), "写法不对，请删去重填"),
    (re.compile(r"须为多张表，写作 \S+"), "写法不对，请删去重填"),
    (re.compile(r"source（源文本载明）或 assumed（原文未载）"), "源文本载明还是原文未载"),
)  # fmt: skip
_SPACE = re.compile(r"(?<=[，。：；、“”\u4e00-\u9fff]) +(?=[\u4e00-\u9fff“])")
_SET = re.compile(r'([a-z_]+) = "([a-z_]+)"')
_LISTED = re.compile(r"(须为以下之一：|可写：|此处可写：)([A-Za-z_、]+)")
_TABLE = re.compile(r" ?\[{1,2}(\w+)\]{1,2} ?")
_QUOTED = re.compile(r"“([a-z_]+)”")
_BARE = re.compile(r"(?<![A-Za-z0-9_“])([a-z_]{3,})(?![A-Za-z0-9_”])")
_NAMES_A_CODE = re.compile(r"^(编号|没有(方面|分池|等次|类别|指标)|等次)“")


def plain(content: Mapping[str, Any], path: Place, mistake: Mistake) -> str:
    """白话 The loader's sentence with the labels of the pages for the names in the file."""
    return _SPACE.sub("", _plain(content, path, mistake))


def _plain(content: Mapping[str, Any], path: Place, mistake: Mistake) -> str:
    said = mistake.message
    for pattern, instead in _FILE_WORDS:
        said = pattern.sub(instead, said)
    labels = _labels(content, path)
    words = _words(content, path)
    said = _SET.sub(lambda found: f"{found[1]}为“{words.get(found[2], found[2])}”", said)
    said = _LISTED.sub(
        lambda found: found[1] + "、".join({**labels, **words}.get(w, w) for w in found[2].split("、")), said
    )
    said = _TABLE.sub(lambda found: f"“{_SECTIONS.get(found[1], found[1])}”", said)
    if _NAMES_A_CODE.match(said):
        return said
    said = _QUOTED.sub(lambda found: f"“{labels.get(found[1], words.get(found[1], found[1]))}”", said)
    return _BARE.sub(
        lambda found: f"“{labels[found[1]]}”" if found[1] in labels else words.get(found[1], found[1]), said
    )


def _keys_around(content: Mapping[str, Any], path: Place) -> list[Key]:
    """The keys of the tables the path leads through, the innermost first."""
    found: list[Key] = []
    for length in range(len(path), -1, -1):
        found.extend(schema.keys_of(path[:length], content))
    return found


def _labels(content: Mapping[str, Any], path: Place) -> dict[str, str]:
    found = {
        **_SECTIONS,
        **CONTAINERS,
        **{name.partition(".")[2]: label for name, label in _SECTIONS.items() if "." in name},
    }
    for key in reversed(_keys_around(content, path)):
        found.update({inner.name: inner.label for inner in key.keys})
        found[key.name] = key.label
    return found


def _words(content: Mapping[str, Any], path: Place) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in reversed(_keys_around(content, path)):
        found.update({choice.word: choice.label for choice in key.choices})
    return found
