"""读入积分办法: TOML text to a Rulebook, or the full list of what is wrong with it. Never a traceback, on any bytes."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, Literal, NamedTuple, TypeVar

from pioneer.scoring.closing_rows import (
    RUNNING_TOTAL,
    read_alarm,
    read_channels,
    read_clamp,
    read_component,
    read_passbook,
    read_quota,
    read_result,
    read_streak,
    read_supplement,
    read_tier,
)
from pioneer.scoring.consistency import check_consistency
from pioneer.scoring.model import IndexRule, Indicator, Mistake, Pool, Rulebook
from pioneer.scoring.positions import Path, Positions
from pioneer.scoring.reader import Notebook, Table
from pioneer.scoring.rows import read_indicator
from pioneer.scoring.sections import (
    read_aspect,
    read_cadence,
    read_cycle,
    read_group,
    read_index,
    read_meta,
    read_opening,
    read_people,
    read_pool,
    read_procedure,
    read_track,
)
from pioneer.scoring.traps import find_warnings

FILE_NAME = "rulebook.toml"
LARGEST_FILE = 2_000_000
INDICES: tuple[Literal["basic", "positive", "reverse", "zeroing"], ...] = ("basic", "positive", "reverse", "zeroing")
_BY_ROW = {(key,) for key in ("positive", "reverse", "zeroing", "groups", "quotas", "streaks", "alarms", "components")}
_OF_VALUE = {"value", "caps", "multipliers", "pool"}
_NAMED_BY = {
    "aspect": "aspects", "pool": "pools", "tracks": "tracks", "tier": "tiers", "tier_direct": "tiers",
    "tier_at_most": "tiers", "at_most": "tiers", "at_least": "tiers",
}  # fmt: skip
# a dotted key of so many parts is no rulebook's, and takes tomllib a time that grows with its square
_TOO_DEEP = re.compile(r"""(?<![\w."'-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){50}""")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Outcome:
    """读入结果: ``rulebook`` is ``None`` when there are ``mistakes``; ``warnings`` must be answered."""

    rulebook: Rulebook | None
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...] = ()


def load_path(path: FilePath) -> Outcome:
    """读入: a rulebook's file, or its folder. A file that cannot be read is a mistake, not an exception."""
    file = path / FILE_NAME if path.is_dir() else path
    try:
        content = file.read_bytes()
    except (OSError, ValueError):
        return _failed(str(file), 0, f"读不到“{file}”，请核对路径；可给出 {FILE_NAME} 或它所在的文件夹")
    return load_text(content)


def load_text(text: str | bytes) -> Outcome:
    """读入: a rulebook's text, or its UTF-8 bytes. All mistakes come in one run, in the order of their lines."""
    parsed = parse(text)
    if isinstance(parsed, Mistake):
        return Outcome(None, (parsed,))
    digest = hashlib.sha256(parsed.text.encode("utf-8", "surrogatepass")).hexdigest()
    return _Loading(Notebook(Positions(parsed.text)), parsed.content, digest).outcome()


class Parsed(NamedTuple):
    """TOML 内容: the text as a digest covers it, and what stands in it."""

    text: str
    content: dict[str, Any]


def parse(text: str | bytes) -> Parsed | Mistake:
    """解析: any text or bytes as TOML, numbers as ``Decimal``; or the one mistake why it is none."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            return Mistake("全文", line, "这里不是UTF-8文字，请把文件另存为UTF-8编码")
    if len(text) > LARGEST_FILE:
        return Mistake("全文", 0, "文件过大，不像是一部积分办法")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if _TOO_DEEP.search(text):
        return Mistake("全文", 0, "文件含有过大的数字或过深的嵌套，无法读取，请检查")
    try:
        return Parsed(text, tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        return _syntax(str(error), text)
    except (ValueError, ArithmeticError, RecursionError):
        return Mistake("全文", 0, "文件含有过大的数字或过深的嵌套，无法读取，请检查")


def _failed(place: str, line: int, message: str) -> Outcome:
    return Outcome(None, (Mistake(place, line, message),))


def _syntax(message: str, text: str) -> Mistake:
    found = re.search(r"at line (\d+), column (\d+)", message)
    again = re.search(r"Cannot (?:overwrite|declare|mutate)", message)
    what = "同一张表或同一项写了两次" if again else "不合TOML写法（引号、括号或等号有误）"
    if found is None:
        return Mistake("全文", text.count("\n") + 1, f"{what}，或文件没有写完，请检查末尾")
    return Mistake("全文", int(found.group(1)), f"第{found.group(2)}列附近{what}，请改正后再试")


class _Loading:
    """读入过程: the tables of one file, section by section."""

    def __init__(self, notebook: Notebook, content: dict[str, object], digest: str) -> None:
        self.notebook = notebook
        self.root = Table(notebook, (), content)
        self.digest = digest

    def outcome(self) -> Outcome:
        """读入结果: the rulebook if nothing is wrong, else every mistake."""
        rulebook = self._rulebook()
        self.root.done()
        if rulebook is not None:
            self._check_consistency(rulebook)
        if rulebook is None or self.notebook.mistakes:
            found = sorted(set(self.notebook.mistakes), key=lambda row: (row.line, row.place, row.message))
            return Outcome(None, tuple(found))
        return Outcome(rulebook, (), find_warnings(rulebook, self.notebook.positions))

    def _check_consistency(self, rulebook: Rulebook) -> None:
        """前后一致: what only follows from a mistake already noted in the same table is not said again."""
        wrong = tuple(self.notebook.paths)
        second = Notebook(self.notebook.positions)
        check_consistency(rulebook, second)
        for path, mistake in zip(second.paths, second.mistakes, strict=True):
            if not any(_may_follow(path, earlier) for earlier in wrong):
                self.notebook.mistakes.append(mistake)

    def _rulebook(self) -> Rulebook | None:
        tracks = self._rows("tracks", read_track, required=True)
        codes = [track.code for track in tracks]
        meta, cycle = self._one("meta", read_meta), self._one("cycle", read_cycle)
        opening = self._one("opening", lambda table: read_opening(table, codes))
        clamp, indices = self._one("clamp", read_clamp), self._indices()
        aspects = self._rows("aspects", read_aspect)
        pools, groups = self._rows("pools", read_pool), self._rows("groups", read_group)
        indicators = self._indicators(codes)
        tiers = self._rows("tiers", read_tier, required=True)
        cadence, procedure = self._one("cadence", read_cadence), self._one("procedure", read_procedure)
        people = self._one("people", read_people)
        result = self._maybe("result", lambda table: read_result(table, codes)) or RUNNING_TOTAL
        components, quotas = self._rows("components", read_component), self._rows("quotas", read_quota)
        streaks, alarms = self._rows("streaks", read_streak), self._rows("alarms", read_alarm)
        supplement = self._maybe("supplement", read_supplement)
        channels = self._maybe("channels", read_channels)
        passbook = self._maybe("passbook", read_passbook)
        if not (meta and cycle and opening and clamp and cadence and procedure and people and len(indices) == 4):
            return None
        return Rulebook(
            meta, cycle, tracks, opening, clamp, indices, aspects, pools, groups, _with_pools(indicators, pools), tiers,
            cadence, procedure, people, self.digest, result, components, quotas, streaks, alarms, supplement,
            channels, passbook,
        )  # fmt: skip

    def _one(self, key: str, read: Callable[[Table], Row], required: bool = True) -> Row | None:
        table = self.root.table(key, required)
        if table is None:
            return None
        found = read(table)
        table.done()
        return found

    def _maybe(self, key: str, read: Callable[[Table], Row]) -> Row | None:
        return self._one(key, read, required=False)

    def _rows(self, key: str, read: Callable[[Table], Row], required: bool = False) -> tuple[Row, ...]:
        found = []
        for table in self.root.tables(key, required):
            found.append(read(table))
            table.done()
        return tuple(found)

    def _indices(self) -> dict[str, IndexRule]:
        table = self.root.table("indices")
        found: dict[str, IndexRule] = {}
        if table is None:
            return found
        for code in INDICES:
            inner = table.table(code)
            if inner is not None:
                found[code] = read_index(inner, code)
                inner.done()
        table.done()
        return found

    def _indicators(self, tracks: Collection[str]) -> dict[str, Indicator]:
        found: dict[str, Indicator] = {}
        order = 0
        for index in ("positive", "reverse", "zeroing"):
            for table in self.root.tables(index):
                row = read_indicator(table, index, order, tracks)
                table.done()
                if row.code in found:
                    table.note("code", f"编号“{row.code}”已用于“{found[row.code].name}”，请另取一个")
                found.setdefault(row.code, row)
                order += 1
        return found


def _may_follow(path: Path, earlier: Path) -> bool:
    """只是后果: may the contradiction at ``path`` be only what the mistake at ``earlier`` left behind?"""
    if path[0] == earlier[0]:
        if path[:1] not in _BY_ROW:
            return True
        keys = {*path[2:3], *earlier[2:3]}
        return path[:2] == earlier[:2] and (len(keys) < 2 or keys <= _OF_VALUE)
    named = _NAMED_BY.get(str(path[-1]))
    return named == earlier[0] and (len(earlier) == 1 or earlier[2:] == ("code",))


def _with_pools(indicators: dict[str, Indicator], pools: Collection[Pool]) -> dict[str, Indicator]:
    """扣完为止: what ``to_floor`` deducts is what its pool can lose."""
    room = {pool.code: pool.points - pool.floor for pool in pools}
    return {
        code: replace(row, value=replace(row.value, points=room.get(row.pool or "", 0)))
        if row.value is not None and row.value.shape == "to_floor"
        else row
        for code, row in indicators.items()
    }
