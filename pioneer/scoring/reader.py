"""读表: takes typed values out of a TOML table and collects every mistake as a sentence instead of stopping."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from pioneer.scoring.model import Mistake, Provenance
from pioneer.scoring.points import parse_points
from pioneer.scoring.positions import Path, Positions

Choice = TypeVar("Choice", bound=str)
Fallback = TypeVar("Fallback")

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,29}")
LONGEST_TEXT = 400


class Notebook:
    """错误清单: collects mistakes with place and line."""

    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self.mistakes: list[Mistake] = []
        self.paths: list[Path] = []

    def note(self, path: Path, message: str) -> None:
        """记录: one mistake at a path."""
        self.paths.append(path)
        self.mistakes.append(Mistake(place_text(path), self.positions.line(path), message))


def place_text(path: Path) -> str:
    """位置写法: ``positive[3].points`` with numbers from 1, in brackets."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "全文"


class Table:
    """表: one TOML table. Each getter marks its key as known; ``done`` reports the rest."""

    def __init__(self, notebook: Notebook, path: Path, content: Mapping[str, object]) -> None:
        self.notebook = notebook
        self.path = path
        self.content = content
        self._known: list[str] = []

    def note(self, key: str, message: str) -> None:
        """记录: a mistake at one key of this table (an empty key = at the table)."""
        self.notebook.note((*self.path, key) if key else self.path, message)

    def has(self, key: str) -> bool:
        """有无: is the key written in the file?"""
        return key in self.content

    def knows(self, key: str) -> bool:
        """有无: like ``has``, and the key may be written here."""
        self._known.append(key)
        return key in self.content

    def take(self, key: str) -> object:
        """取值: the bare value, ``None`` when missing."""
        self._known.append(key)
        return self.content.get(key)

    def done(self) -> None:
        """收尾: every key nobody asked for is a mistake."""
        known = "、".join(dict.fromkeys(self._known))
        for key in self.content:
            if key not in self._known:
                self.note(key, f"不认识“{key}”这一项，请删去或改正；此处可写：{known}")

    def text(self, key: str, default: str | None = None, empty: bool = False) -> str:
        """文字: required unless there is a default."""
        value = self.take(key)
        if value is None:
            return self._missing(key, default, "")
        if not isinstance(value, str):
            self.note(key, "须为文字，请加引号")
            return default or ""
        if not value.strip() and not empty:
            self.note(key, "不能为空，请填写")
        if len(value) > LONGEST_TEXT:
            self.note(key, f"超过{LONGEST_TEXT}字，请缩短")
        return value.strip()

    def code(self, key: str = "code") -> str:
        """编号: letters, digits, - and _, starting with a letter."""
        value = self.text(key)
        if value and not CODE.fullmatch(value):
            self.note(key, f"编号“{value[:40]}”须以英文字母开头，只用英文字母、数字、-和_，不超过30个")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """是否: true or false."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.note(key, "须为 true 或 false，不加引号")
            return default
        return value

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """整数: a whole number within limits."""
        value = self.take(key)
        if value is None:
            return self._missing(key, default, least)
        if isinstance(value, bool) or not isinstance(value, int):
            self.note(key, f"须为{least}至{most}的整数")
            return least
        if not least <= value <= most:
            self.note(key, f"{value if abs(value) < 10**20 else '此数'}不在{least}至{most}之间，请改正")
            return least
        return value

    def points(self, key: str, default: int | None = None, positive: bool = False) -> int:
        """分数: hundredths, not negative; ``positive`` also refuses 0."""
        value = self.take(key)
        if value is None:
            return self._missing(key, default, 0)
        return self.as_points(key, value, positive)

    def maybe_points(self, key: str, positive: bool = False) -> int | None:
        """分数: like ``points``, ``None`` when missing."""
        if self.has(key):
            return self.points(key, positive=positive)
        self._known.append(key)
        return None

    def as_points(self, key: str, value: object, positive: bool = False) -> int:
        """分数: a bare value as hundredths."""
        if isinstance(value, str) or not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
            self.note(key, "须为数字，不加引号")
            return 0
        try:
            points = parse_points(value)
        except ValueError as error:
            self.note(key, str(error) if "请" in str(error) else f"{error}，请改正")
            return 0
        if points < 0:
            self.note(key, "不能为负数；扣分也写正数，由所在的指数决定加减")
            return 0
        if positive and not points:
            self.note(key, "须大于0，请改正")
        return points

    def day(self, key: str) -> date | None:
        """日期: a TOML date such as 2026-01-01, without quotes."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.note(key, "须为日期，如 2026-01-01，不加引号、不带时刻")
            return None
        return value

    def choice(self, key: str, choices: Mapping[str, Choice], default: Choice | None = None) -> Choice:
        """选项: one of the words of ``choices``."""
        value = self.take(key)
        fallback = default if default is not None else next(iter(choices.values()))
        if value is None:
            return self._missing(key, default, fallback, f"；可写：{'、'.join(choices)}")
        if isinstance(value, str) and value in choices:
            return choices[value]
        self.note(key, f"须为以下之一：{'、'.join(choices)}")
        return fallback

    def provenance(self, key: str = "provenance", default: Provenance | None = None) -> Provenance:
        """出处: ``source`` or ``assumed``, never guessed."""
        choices: dict[str, Provenance] = {"source": "source", "assumed": "assumed"}
        if default is None and not self.has(key):
            self.take(key)
            self.note(key, f"缺少“{key}”，请注明 source（源文本载明）或 assumed（原文未载）")
            return "assumed"
        return self.choice(key, choices, default)

    def words(self, key: str, required: bool = False) -> tuple[str, ...]:
        """文字表: a list of different texts."""
        value = self.take(key)
        if value is None:
            if required:
                self._missing(key, None, "")
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.note(key, '须为文字的列表，如 ["甲", "乙"]')
            return ()
        twice = next((item for place, item in enumerate(value) if item in value[:place]), None)
        if twice is not None:
            self.note(key, f"“{twice}”写了两次，请删去其一")
        return tuple(dict.fromkeys(item.strip() for item in value))

    def table(self, key: str, required: bool = True) -> Table | None:
        """子表: a table within this one."""
        value = self.take(key)
        if value is None:
            if required:
                self._missing(key, None, "")
            return None
        if not isinstance(value, dict):
            self.note(key, f"“{key}”须为一张表")
            return None
        return Table(self.notebook, (*self.path, key), value)

    def tables(self, key: str, required: bool = False) -> Iterator[Table]:
        """子表列: the tables of an array of tables."""
        value = self.take(key)
        if value is None:
            if required:
                self._missing(key, None, "")
            return
        if not isinstance(value, list):
            self.note(key, f"“{key}”须为多张表，写作 [[{key}]]")
            return
        if required and not value:
            self.note(key, f"“{key}”至少要有一项，请补填")
        for number, item in enumerate(value):
            if isinstance(item, dict):
                yield Table(self.notebook, (*self.path, key, number), item)
            else:
                self.notebook.note((*self.path, key, number), f"“{key}”的每一项须为一张表")

    def points_by(self, key: str, names: Collection[str], describe: Callable[[str], str]) -> dict[str, int]:
        """分数表: a table of name → points; a name outside ``names`` is a mistake worded by ``describe``."""
        table = self.table(key, required=False)
        found: dict[str, int] = {}
        if table is None:
            return found
        for name, value in table.content.items():
            if name in names:
                found[name] = table.as_points(name, value)
            else:
                table.note(name, describe(name))
        return found

    def _missing(self, key: str, default: Fallback | None, fallback: Fallback, more: str = "") -> Fallback:
        if default is not None:
            return default
        self.note(key, f"缺少“{key}”，请补填{more}")
        return fallback
