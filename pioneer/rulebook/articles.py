"""条文的形状 Chapters, articles, sentences and rows: what the page and the printed paper of a rulebook show. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Sentence:
    """一句 What holds, and whether the source says so; its own clause where the article's is another one."""

    text: str
    assumed: bool
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """一项 One indicator: the item and its value are marked apart, since the source may say one and not the other.

    `clause` stands only where it is more than the article's with the row's code.
    """

    code: str
    name: str
    track: str
    item_assumed: bool
    value: str
    caps: str
    value_assumed: bool
    conditions: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """一条 By its clause, with sentences, or a table of indicators under the sentences."""

    clause: str
    title: str
    sentences: tuple[Sentence, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """一章"""

    number: str
    title: str
    articles: tuple[Article, ...] = field(default_factory=tuple)


def article(clause: str, title: str, sentences: Iterable[Sentence], rows: Iterable[Row] = ()) -> Article:
    """一条 What stands under the article's own clause need not name it again."""
    said = tuple(replace(one, clause="" if one.clause == clause else clause_text(one.clause)) for one in sentences)
    head = clause[: clause.find("条") + 1] or clause
    listed = tuple(
        replace(one, clause="" if one.clause in (clause, f"{head}{one.code}") else clause_text(one.clause))
        for one in rows
    )
    return Article(clause_text(clause), title, said, listed)


def clause_text(clause: str) -> str:
    """条号 "第三条A1" reads "第三条 A1"."""
    return re.sub(r"(条)(?=\w)", r"\1 ", clause)
