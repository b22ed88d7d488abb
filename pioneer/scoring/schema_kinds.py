"""格式的词汇: what a key, a table and a value's shape are, as data, and short ways to write them down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",  # a text; with choices they are proposals, not limits
    "code",  # the table's own short name
    "reference",  # the code of a row of another table, named by `refers`
    "points",  # a number, two decimals at most, not negative; `unit` says of what
    "whole",  # a whole number from `least` to `most`
    "flag",  # true or false
    "day",  # a date
    "choice",  # one word of `choices`
    "words",  # a list of texts
    "references",  # a list of codes of another table
    "choices",  # a list of words of `choices`
    "points_list",  # a list of numbers
    "points_by_track",  # a table: code of a track = number
    "points_by_window",  # a table: window = number; its windows are its `keys`
    "share",  # a number between 0 and 1, or a text such as "1/3"
    "value",  # the table of a value; its keys go by its shape
    "rows",  # a list of tables, each with `keys`
]
Form = Literal["one", "many"]
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """选项: the word in the file and its Chinese name."""

    word: str
    label: str


@dataclass(frozen=True, slots=True)
class Key:
    """项: one key of a table.

    ``default`` is what holds when an optional key is not written, as it would be written (``None`` = nothing);
    ``follows`` names the key whose value stands in; ``needed`` says when an optional key must be written after all.
    ``unit`` is the word behind a number. ``refers`` names the table a code is looked up in ("tiers", "indicators" …).
    """

    name: str
    kind: Kind
    label: str
    meaning: str
    required: bool = True
    default: object = None
    choices: tuple[Choice, ...] = ()
    refers: str = ""
    least: int = 0
    most: int = 0
    positive: bool = False
    unit: str = ""
    follows: str = ""
    needed: str = ""
    keys: tuple[Key, ...] = ()

    @property
    def default_text(self) -> str:
        """默认值写法: the default as docs/rulebook.md writes it; "—" where the key must be written."""
        if self.required:
            return "—"
        if self.follows:
            return f"as `{self.follows}`"
        if self.default is None:
            return "none"
        if isinstance(self.default, bool):
            return "true" if self.default else "false"
        if self.default == "":
            return "empty"
        return f'`"{self.default}"`' if isinstance(self.default, str) else str(self.default)

    def label_of(self, word: object) -> str:
        """选项名: the Chinese name of a word, or the word itself."""
        return next((choice.label for choice in self.choices if choice.word == word), str(word))


@dataclass(frozen=True, slots=True)
class Section:
    """表: one table of a rulebook. ``form`` "many" is written ``[[name]]``; ``required`` ones must be there."""

    name: str
    label: str
    meaning: str
    form: Form
    keys: tuple[Key, ...]
    required: bool = True

    def key(self, name: str) -> Key:
        """取项: the key of this name; KeyError when there is none."""
        for key in self.keys:
            if key.name == name:
                return key
        raise KeyError(name)

    @property
    def path(self) -> tuple[str, ...]:
        """路径: the names from the top of the file."""
        return tuple(self.name.split("."))


@dataclass(frozen=True, slots=True)
class Shape:
    """分值形式: how an occurrence is valued, with the keys of its own and the indices it may stand in."""

    name: str
    label: str
    meaning: str
    keys: tuple[Key, ...]
    indices: tuple[str, ...] = ("positive", "reverse")


# ---------------------------------------------------------------- short ways to write a key


def text(name: str, label: str, meaning: str, **more: object) -> Key:
    """文字."""
    return Key(name, "text", label, meaning, **more)  # type: ignore[arg-type]


def code(label: str = "编号", meaning: str = "以字母开头，只用字母、数字、-和_，同类中不重复。") -> Key:
    """编号."""
    return Key("code", "code", label, meaning)


def refer(name: str, to: str, label: str, meaning: str, **more: object) -> Key:
    """引用: the code of a row of another table."""
    return Key(name, "reference", label, meaning, refers=to, **more)  # type: ignore[arg-type]


def points(name: str, label: str, meaning: str, **more: object) -> Key:
    """分数."""
    return Key(name, "points", label, meaning, **{"unit": "分", **more})  # type: ignore[arg-type]


def whole(name: str, label: str, meaning: str, least: int, most: int, **more: object) -> Key:
    """整数."""
    return Key(name, "whole", label, meaning, least=least, most=most, **more)  # type: ignore[arg-type]


def flag(name: str, label: str, meaning: str, default: bool = False) -> Key:
    """是否."""
    return Key(name, "flag", label, meaning, required=False, default=default)


def choice(name: str, label: str, meaning: str, choices: tuple[Choice, ...], **more: object) -> Key:
    """选项."""
    return Key(name, "choice", label, meaning, choices=choices, **more)  # type: ignore[arg-type]


def note(meaning: str = "需要说明的话，可不写。") -> Key:
    """备注."""
    return text("note", "备注", meaning, required=False, default="")


def words_of(**labels: str) -> tuple[Choice, ...]:
    """选项表: word = Chinese name."""
    return tuple(Choice(word, label) for word, label in labels.items())


PROVENANCES = words_of(source="源文本载明", assumed="原文未载")
CLAUSE = text("clause", "条款", "依据办法的哪一条，如“第三条B2”；每条依据都会引用它。")
PROVENANCE = choice("provenance", "出处", "出自源文本，还是原文未载、待本级党组织确认；必须如实注明。", PROVENANCES)
SOURCE = (CLAUSE, PROVENANCE)


# ---------------------------------------------------------------- places in a content


def point(path: Place) -> str:
    """位置写法: ``positive[3].caps`` with numbers from 1, as the loader's mistakes say it."""
    said = ""
    for part in path:
        said += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if said else part
    return said or "全文"


def places(content: object, path: Place = ()) -> list[Place]:
    """各位置: the path of every table and every key of a content, in written order."""
    found: list[Place] = []
    if isinstance(content, dict):
        for name, inner in content.items():
            found.append((*path, name))
            found.extend(places(inner, (*path, name)))
    elif isinstance(content, list):
        for number, inner in enumerate(content):
            if isinstance(inner, dict):
                found.append((*path, number))
            found.extend(places(inner, (*path, number)))
    return found
