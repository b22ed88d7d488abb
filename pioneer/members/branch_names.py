"""支部的叫法 Which branch a roster means by a name, among those below one organisation. Plain functions.

The same branch is written 中共槐园街道槐园社区第一支部委员会, 槐园社区第1党支部 or, where nobody can mistake it,
第一党支部.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pioneer.organisations.models import Organisation

_NUMERALS = {numeral: str(value) for value, numeral in enumerate("〇一二三四五六七八九十")}
_ORDINAL = re.compile(r"第?([一二三四五六七八九十]{1,3})(?=(?:党|联合)?支部)")
_BRACKETED = re.compile(r"\([^()]*\)")
_SHOWN = 6
_COMPARED = 100  # unknown names for which the nearest known ones are looked for; a file may hold thousands


@dataclass(frozen=True, slots=True)
class Found:
    """找到的支部 Or the sentence that says why none, or not one, is meant; `code` is for programs."""

    branch: Organisation | None = None
    code: str = ""
    sentence: str = ""


def plain_name(name: str) -> str:
    """名称整理 Narrow, without spaces, 中共, 委员会 and 党 before 支部; 第一 becomes 第1."""
    text = "".join(unicodedata.normalize("NFKC", name).split()).removeprefix("中共").removeprefix("中国共产党")
    text = text.replace("支部委员会", "支部").replace("党支部", "支部")
    return _ORDINAL.sub(lambda found: f"第{_number(found[1])}", text)


def _number(numerals: str) -> str:
    """一 → 1, 十 → 10, 十二 → 12, 二十 → 20, 二十三 → 23."""
    tens, ten, ones = numerals.rpartition("十")
    if not ten:
        return "".join(_NUMERALS[numeral] for numeral in numerals)
    return str(int(_NUMERALS.get(tens, "1")) * 10 + int(_NUMERALS.get(ones, "0")))


class BranchNames:
    """一个组织下的支部名称 Answers `find`; the same text is looked up once."""

    def __init__(self, top: Organisation, organisations: Iterable[Organisation]) -> None:
        """`organisations`: all that stand at and below the top, and the chain above it."""
        self.top = top
        self.known = known = {one.pk: one for one in organisations}
        self.branches = [one for one in known.values() if one.is_branch and one.path.startswith(top.path)]
        self.by_id = {branch.pk: branch for branch in self.branches}
        self.full: dict[str, set[int]] = {}
        self.short: dict[str, set[int]] = {}
        for branch in self.branches:
            chain = [known[number] for number in _numbers(branch.path) if number in known]
            for key in _full_names(branch, chain):
                self.full.setdefault(key, set()).add(branch.pk)
            for key in _short_names(branch, chain):
                self.short.setdefault(key, set()).add(branch.pk)
        self.answers: dict[str, Found] = {}
        self.compared = 0

    def find(self, text: str) -> Found:
        """找支部 By a name as written; an empty one means the only branch there is."""
        found = self.answers.get(text)
        if found is None:
            found = self.answers[text] = self._find(text) if text else self._only()
        return found

    def _only(self) -> Found:
        if len(self.branches) == 1:
            return Found(self.branches[0])
        if not self.branches:
            return Found(None, "no_branch", f"{self.top.name}下还没有支部，请先由上级在“组织”页设立支部再导入")
        return Found(None, "branch_missing", "没有写明所在党支部，请补填“所在党支部”一列，或在“对应各列”时选定支部")

    def _find(self, text: str) -> Found:
        name = plain_name(text)
        bare = _BRACKETED.sub("", name)
        for key in dict.fromkeys((name, bare)):
            for names in (self.full, self.short):
                numbers = names.get(key, set())
                if len(numbers) == 1:
                    return Found(self.by_id[next(iter(numbers))])
                if numbers:
                    return Found(None, "branch_ambiguous", self._ambiguous(text, numbers))
        return Found(None, "branch_unknown", self._unknown(text, bare))

    def _ambiguous(self, text: str, numbers: set[int]) -> str:
        meant = [self.by_id[number] for number in sorted(numbers)]
        listed = "、".join(f"{self.known[one.parent_id or one.pk].name}的{one.name}" for one in meant[:_SHOWN])
        return f"“{text}”在{self.top.name}有{len(meant)}个（{listed}），分不清是哪一个，请写上级组织加支部的全称"

    def _unknown(self, text: str, name: str) -> str:
        keys = {**self.short, **self.full}
        self.compared += 1
        close = difflib.get_close_matches(name, keys, n=3, cutoff=0.5) if self.compared <= _COMPARED else []
        nearest = {self.by_id[number].name for key in close for number in keys[key]}
        if not nearest:
            nearest = {branch.name for branch in self.branches[:3]}
        listed = "、".join(f"“{one}”" for one in sorted(nearest)[:_SHOWN])
        more = "等" if len(self.branches) > len(nearest) else ""
        advice = f"这里有{listed}{more}，请改成其中的名称" if listed else "请先由上级在“组织”页设立支部"
        return f"{self.top.name}没有名叫“{text}”的支部；{advice}，或到它所在的组织去导入"


def _numbers(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


def _full_names(branch: Organisation, chain: list[Organisation]) -> set[str]:
    """Its name, and its name behind those of the organisations above it, each left out or not from the top down."""
    own = plain_name(branch.name)
    names = {own}
    if branch.is_community:
        names |= {f"{own}支部", f"{own}第1支部"}
    for one in reversed(chain[:-1]):
        above = plain_name(one.name)
        names |= {above + name for name in names if not name.startswith(above)}
    return names


def _short_names(branch: Organisation, chain: list[Organisation]) -> set[str]:
    """Its name without the names above it (槐园社区第一党支部 → 第一党支部)."""
    own = plain_name(branch.name)
    for one in chain[:-1]:
        own = own.removeprefix(plain_name(one.name))
    return {own} if own else set()
