"""账本 What verification reads of one branch, as it stands in the tables, and how it says what disagrees."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pioneer.ledger.models import Entry, EntryText, Posting
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import Publication, PublishedLine, PublishedMember

Row = dict[str, Any]


class Disagreement(Exception):
    """不符 The first row that disagrees, as one sentence."""


@dataclass(slots=True)
class Report:
    """核验结果 How much was recomputed; `disagreement` is empty where everything agrees."""

    branches: int = 0
    postings: int = 0
    entries: int = 0
    publications: int = 0
    figures: int = 0
    erased: int = 0
    disagreement: str = ""

    @property
    def summary(self) -> str:
        """小结"""
        erased = f"其中{self.erased}处文字已依规抹除，分数和指纹照常核对。" if self.erased else ""
        return (
            f"核验通过：{self.branches}个支部，{self.publications}次公示，{self.postings}次入账，{self.entries}条台账，"
            f"{self.figures}行公示分数，逐一重算，全部相符。{erased}"
        )


@dataclass(slots=True)
class Books:
    """一个支部的账 Its rows, as they stand in the tables."""

    publications: dict[int, Row] = field(default_factory=dict)
    members: dict[int, list[Row]] = field(default_factory=dict)
    lines: dict[int, list[Row]] = field(default_factory=dict)
    postings: list[Row] = field(default_factory=list)
    entries: dict[int, list[Row]] = field(default_factory=dict)
    texts: dict[int, Row] = field(default_factory=dict)
    people: dict[int, Row] = field(default_factory=dict)


def read(branch: Organisation, notice: int | None = None) -> Books:
    """读出一个支部的账 Or of it what belongs to one notice. A constant number of queries."""
    books = Books()
    of = {} if notice is None else {"publication": notice}
    shown = Publication.objects.filter(sheet__branch=branch, **({} if notice is None else {"pk": notice}))
    shown = shown.order_by("published_at", "pk")
    columns = ("id", "sheet_id", "revision", "published_at", "closes_at", "closed_at", "digest", "heading")
    for row in shown.values(*columns, "sheet__year", "sheet__month"):
        books.publications[row["id"]] = row
    people = PublishedMember.objects.filter(publication__sheet__branch=branch, **of)
    people = people.order_by("publication_id", "position")
    shown_people: Iterable[Any] = people.values()
    for row in shown_people:
        books.members.setdefault(row["publication_id"], []).append(row)
    lines = PublishedLine.objects.filter(publication__sheet__branch=branch, **of)
    lines = lines.order_by("publication_id", "line_id")
    for row in lines.values(*_LINE_COLUMNS):
        books.lines.setdefault(row["publication_id"], []).append(row)
    postings: Iterable[Any] = Posting.objects.filter(branch=branch, **of).order_by("number").values()
    books.postings = list(postings)
    posted = {"posting__in": [row["id"] for row in books.postings]} if of else {"posting__branch": branch}
    entries: Iterable[Any] = Entry.objects.filter(**posted).order_by("posting_id", "order").values()
    for row in entries:
        books.entries.setdefault(row["posting_id"], []).append(row)
    texts: Iterable[Any] = EntryText.objects.filter(
        **{f"entry__{name}": value for name, value in posted.items()}
    ).values()
    for row in texts:
        books.texts[row["entry_id"]] = row
    ids = {row["member_id"] for rows in (*books.members.values(), *books.lines.values()) for row in rows}
    members_of: Iterable[Any] = Member.objects.filter(pk__in=ids).order_by().values("id", "key", "erased_at")
    for row in members_of:
        books.people[row["id"]] = row
    return books


_LINE_COLUMNS = (
    "publication_id", "line_id", "member_id", "indicator", "event_on", "kind", "raw", "counted", "reason", "wording",
    "is_open", "withheld", "salt", "commitment", "line__corrects_id", "line__event", "line__quantity",
    "line__carried",
)  # fmt: skip
