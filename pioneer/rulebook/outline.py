"""草稿的目录 A draft by its chapters as on paper: every table and row with what it says in a few words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pioneer.rulebook.editing import row_of, rows_of, section_of, table_of
from pioneer.rulebook.findings import CONTAINERS, Finding, Findings
from pioneer.scoring import schema
from pioneer.scoring.phrases import name_of, say
from pioneer.scoring.schema import Key, Section
from pioneer.scoring.writing import Content

PROCEDURE = tuple(one.name for one in schema.SECTIONS if one.name.startswith("procedure."))
CADENCE = tuple(one.name for one in schema.SECTIONS if one.name.startswith("cadence."))
ONLY, NEW = "only", "new"
_APART = ("code", "name", "clause", "provenance", "wording", "note", "answer", "points_provenance", "cap_provenance")
_INDICES = ("positive", "reverse", "zeroing")


@dataclass(frozen=True, slots=True)
class Chapter:
    """章 `slug` stands in the address."""

    slug: str
    title: str
    sections: tuple[str, ...]


CHAPTERS = (
    Chapter("basics", "基本与周期", ("meta", "cycle", "opening", "indices.basic", "clamp", "result")),
    Chapter("tracks", "类别", ("tracks",)),
    Chapter("aspects", "方面与分池", ("aspects", "pools", "groups")),
    Chapter("positive", "正向指数", ("indices.positive", "positive")),
    Chapter("reverse", "反向指数", ("indices.reverse", "reverse")),
    Chapter("zeroing", "清零指数", ("indices.zeroing", "zeroing")),
    Chapter("tiers", "等次与名额", ("tiers", "quotas")),
    Chapter("components", "外部成绩", ("components",)),
    Chapter("alarms", "预警与连续", ("alarms", "streaks")),
    Chapter("supplement", "支部补充", ("supplement",)),
    Chapter("passbook", "积分存折", ("passbook",)),
    Chapter("procedure", "程序", (*CADENCE, "channels", "people", *PROCEDURE)),
)
_CHAPTER_OF = {name: chapter for chapter in CHAPTERS for name in chapter.sections}


@dataclass(slots=True)
class Line:
    """一行 Of a table; `row` as in the address, from 1."""

    section: str
    row: str
    code: str
    name: str
    aside: str
    said: str
    clause: str
    assumed: bool
    findings: list[Finding] = field(default_factory=list)
    first: bool = False
    last: bool = False
    broken: bool = False


@dataclass(slots=True)
class Part:
    """一张表 In a chapter: its rows, or, where it stands once, what it says key by key. Tables of one family that stand
    once (三步工作法, 程序) are rows of one part."""

    title: str
    meaning: str
    section: Section | None
    lines: list[Line]
    facts: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    written: bool = True

    @property
    def many(self) -> bool:
        return self.section is not None and self.section.form == "many"


@dataclass(frozen=True, slots=True)
class Entry:
    """目录的一行"""

    chapter: Chapter
    said: str
    mistakes: int
    warnings: int


def chapter_of(slug: str) -> Chapter | None:
    """章 By its slug."""
    return next((one for one in CHAPTERS if one.slug == slug), None)


def chapter_with(section: str) -> Chapter:
    """所在的章 Of a table; what the format doesn't know is looked at from the first."""
    if section in CONTAINERS:
        return next(one for one in CHAPTERS if any(name.startswith(f"{section}.") for name in one.sections))
    return _CHAPTER_OF.get(section, CHAPTERS[0])


def entries(content: Content, findings: Findings) -> list[Entry]:
    """目录"""
    found = []
    for chapter in CHAPTERS:
        inside = findings.within((*chapter.sections, *_containers(chapter)))
        mistakes = sum(one.is_mistake for one in inside)
        found.append(Entry(chapter, _contents(content, chapter), mistakes, len(inside) - mistakes))
    return found


def _containers(chapter: Chapter) -> Iterable[str]:
    return [name for name in CONTAINERS if chapter_with(name) == chapter]


def _contents(content: Content, chapter: Chapter) -> str:
    """What is in a chapter, in a few words: 20项指标；方面3个."""
    said = []
    for name in chapter.sections:
        section = schema.section(name)
        if section.form == "many":
            count = len(rows_of(content, name))
            said.append(f"{section.label}{count}项" if count else f"没有{section.label}")
    if chapter.slug == "procedure":
        return f"三步工作法、人员、期限与数目{sum(table_of(content, name) is not None for name in PROCEDURE)}项"
    if said:
        return "，".join(said)
    if len(chapter.sections) == 1:
        return "已写" if table_of(content, chapter.sections[0]) is not None else "没有写，不写也可以"
    written = [schema.section(name).label for name in chapter.sections if table_of(content, name) is not None]
    return "、".join(written) if written else "没有写"


def parts(content: Content, chapter: Chapter, findings: Findings) -> list[Part]:
    """一章的各表"""
    found = []
    for name in chapter.sections:
        family = next((one for one in (CADENCE, PROCEDURE) if name in one), ())
        if not family:
            found.append(_part(content, schema.section(name), findings))
        elif name == family[0]:
            found.append(_family(content, family, findings))
    return found


def _part(content: Content, section: Section, findings: Findings) -> Part:
    here = [one for one in findings.within([section.name]) if one.row is None]
    if section.form == "many":
        rows = lines(content, section, findings)
        return Part(section.label, section.meaning, section, rows, [], here, bool(rows))
    table = table_of(content, section.name)
    return Part(
        section.label, section.meaning, section, [], _facts(section, table or {}, content), here, table is not None
    )


def _family(content: Content, names: Sequence[str], findings: Findings) -> Part:
    container = names[0].partition(".")[0]
    rows = []
    for name in names:
        section = schema.section(name)
        table = table_of(content, name)
        line = line_of(section, ONLY, table if table is not None else {}, content)
        line.name = line.name or section.label
        line.findings = list(findings.within([name]))
        rows.append(line)
    meaning = "期限和数目，逐项写明。" if container == "procedure" else "申报、考评、通报，各由谁、多久一次。"
    return Part(CONTAINERS[container], meaning, None, rows, [], list(findings.within([container])))


def lines(content: Content, section: Section, findings: Findings) -> list[Line]:
    """各行"""
    rows = rows_of(content, section.name)
    by_row: dict[int, list[Finding]] = {}
    for one in findings.within([section.name]):
        if one.row is not None:
            by_row.setdefault(one.row, []).append(one)
    found = []
    for number, row in enumerate(rows):
        line = line_of(section, str(number + 1), row, content)
        line.findings = by_row.get(number, [])
        line.first, line.last = number == 0, number == len(rows) - 1
        found.append(line)
    return found


def line_of(section: Section, row: str, table: object, content: Content) -> Line:
    """一行的样子"""
    if not isinstance(table, Mapping):
        return Line(section.name, row, "", "", "", str(table), "", False, broken=True)
    code, name = _text(table.get("code")), _text(table.get("name"))
    if section.name == "quotas":
        name = name_of("tiers", table.get("tier"), content).strip("“”")
    return Line(
        section.name,
        row,
        code,
        name,
        "，".join(_asides(section, table, content)),
        summary(section, table, content),
        _text(table.get("clause")),
        table.get("points_provenance", table.get("provenance")) == "assumed",
    )


def _asides(section: Section, table: Mapping[str, Any], content: Content) -> list[str]:
    """The aspect and the tracks of an indicator, below its name."""
    if section.name not in _INDICES:
        return []
    said = []
    if isinstance(table.get("aspect"), str):
        said.append(name_of("aspects", table["aspect"], content).strip("“”"))
    tracks = table.get("tracks")
    if isinstance(tracks, list) and tracks:
        said.append("只用于" + say(section.key("tracks"), tracks, table, content).replace("“", "").replace("”", ""))
    return said


def summary(section: Section, table: Mapping[str, Any], content: Content) -> str:
    """说的什么 The value first and plainly, then what else is written."""
    said = []
    for key in section.keys:
        if key.name in _APART or key.name in ("aspect", "tracks", "tier") or key.name not in table:
            continue
        said.append(_phrase(key, table, content))
    return "；".join(one for one in said if one)


def _phrase(key: Key, table: Mapping[str, Any], content: Content) -> str:
    if key.kind == "flag":
        return key.label if table[key.name] is True else ""
    if key.name == "unit" and "value" in table:
        return ""  # said with the number
    words = _words(key, table, content)
    plainly = key.kind in ("value", "points_by_window") or key.name in ("consequence", "every", "by", "value")
    if plainly or not words:
        return words
    return f"{key.label}{words}" if key.kind in ("points", "whole") else f"{key.label}：{words}"


def _words(key: Key, table: Mapping[str, Any], content: Content) -> str:
    """As `say` has it; a text of its own stands without quotes."""
    value = table[key.name]
    if key.kind in ("text", "code") and isinstance(value, str):
        return key.label_of(value)
    return say(key, value, table, content)


def _facts(section: Section, table: Mapping[str, Any], content: Content) -> list[tuple[str, str]]:
    """What a table that stands once says, key by key; what is not written is left out."""
    return [(key.label, words) for key in section.keys if key.name in table and (words := _words(key, table, content))]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def matching(found: Sequence[Line], wanted: str) -> list[Line]:
    """查找 By code, name, aspect, clause, or a word of the value."""
    words = wanted.casefold().split()
    return [
        one
        for one in found
        if all(word in f"{one.code} {one.name} {one.aside} {one.clause} {one.said}".casefold() for word in words)
    ]


def naming(content: Content, section: str, code: str) -> list[tuple[str, str]]:
    """还提到它的 Where else a row's code is written: table and name. For whoever is about to remove it."""
    kinds = {section, "indicators"} if section in _INDICES else {section}
    found = []
    for other in schema.SECTIONS:
        rows: Sequence[Any] = rows_of(content, other.name) if other.form == "many" else [table_of(content, other.name)]
        for row in rows:
            if isinstance(row, Mapping) and any(_names(key, row, kinds, code) for key in other.keys):
                found.append(
                    (other.label, " ".join(one for one in (_text(row.get("code")), _text(row.get("name"))) if one))
                )
    return found


def _names(key: Key, row: Mapping[str, Any], kinds: set[str], code: str) -> bool:
    value = row.get(key.name)
    if key.kind == "value" and isinstance(value, Mapping):
        return any(_names(inner, value, kinds, code) for inner in schema.value_keys(value))
    if key.kind == "points_by_track":
        return "tracks" in kinds and isinstance(value, Mapping) and code in value
    if key.refers not in kinds:
        return False
    return value == code or (isinstance(value, list) and code in value)


def exists(content: Content, section: str, row: int | None) -> bool:
    """在不在"""
    known = section_of(section)
    if known is not None:
        rows = rows_of(content, section)
        return row_of(content, section, row) is not None or (row is not None and 0 <= row < len(rows))
    outer, _, inner = section.partition(".")
    here = content.get(outer)
    return row is None and (inner in here if inner and isinstance(here, Mapping) else not inner and outer in content)
