"""台账的链 Digests of entries and postings, and the rows of one posting, computed from plain values.

No table is read or written here: `post_sheet`, loading many postings at once and `verify` share one arithmetic.

    built = build_posting(branch=…, number=…, previous=…, publication=…, closed_at=…, posted_at=…, lines=[…])
    built.posting, built.entries, built.texts      # rows by column; with ids where `posting_id`, `entry_ids` are given
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pioneer.kernel import sealing

Row = dict[str, Any]
SEPARATOR = "\n"  # between the digests a posting cites: its branch's last one, then those of merged branches


class Posted(NamedTuple):
    """入账的一条 A line as it was shown, on its way into the ledger. `corrects`: the number of the entry taken back."""

    line: int
    member_key: UUID
    version: int
    indicator: str
    event_on: date
    value: int
    quantity: int | None = None
    event: str = ""
    corrects: int | None = None
    wording: str = ""
    ground: str = ""
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """一次入账的行 By column."""

    posting: Row
    entries: list[Row]
    texts: list[Row]


def reference_of(line: int) -> str:
    """条目的唯一编号"""
    return f"line:{line}"


def line_of(reference: str) -> int:
    """编号所指的考评条目"""
    return int(reference.removeprefix("line:"))


def event_month(on: date) -> int:
    """月序 Months since year 0: one whole number per month, ascending."""
    return on.year * 12 + on.month


def text_commitment(salt: str, wording: str, ground: str) -> str:
    """文字的承诺值 Binds the wording as published and the ground."""
    return sealing.commitment(salt, {"wording": wording, "ground": ground})


def entry_digest(entry: Mapping[str, Any], branch: int, number: int) -> str:
    """条目的摘要 Over every column of an entry and the posting it stands in; over no text, only their commitment."""
    taken_over = {"carried": True} if entry["carried"] else {}
    return sealing.digest(
        {
            "branch": branch,
            "posting": number,
            "order": entry["order"],
            "member": str(entry["member_key"]),
            "version": entry["rulebook_version_id"],
            "indicator": entry["indicator"],
            "event": entry["event"],
            "value": entry["value"],
            "quantity": entry["quantity"],
            "event_on": str(entry["event_on"]),
            "event_month": entry["event_month"],
            "created_at": moment(entry["created_at"]),
            "reference": entry["reference"],
            "corrects": entry["corrects_id"],
            "commitment": entry["commitment"],
            **taken_over,
        }
    )


def posting_digest(
    posting: Mapping[str, Any], publication_digest: str, closed_at: datetime | None, entry_digests: Iterable[str]
) -> str:
    """入账的摘要 Binds what was published, what was posted of it, when, and everything the branch posted before."""
    return sealing.digest(
        {
            "branch": posting["branch_id"],
            "number": posting["number"],
            "publication": posting["publication_id"],
            "published": publication_digest,
            "closed_at": moment(closed_at),
            "posted_at": moment(posting["posted_at"]),
            "previous": posting["previous_digest"],
            "entries": list(entry_digests),
        }
    )


def moment(at: datetime | None) -> str:
    """时刻的写法 In one form, whatever the time zone it came with."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def build_posting(
    *,
    branch: int,
    number: int,
    previous: Sequence[str],
    publication: int,
    publication_digest: str,
    closed_at: datetime,
    posted_at: datetime,
    lines: Iterable[Posted],
    salt: Callable[[], str] = sealing.new_salt,
    posting_id: int | None = None,
    entry_ids: Callable[[], int] | None = None,
) -> Built:
    """一次入账 Entries in order of event and line. `previous` are the digests it cites."""
    posting: Row = {
        "branch_id": branch,
        "number": number,
        "publication_id": publication,
        "posted_at": posted_at,
        "previous_digest": SEPARATOR.join(previous),
    }
    if posting_id is not None:
        posting["id"] = posting_id
    entries, texts = [], []
    for order, line in enumerate(sorted(lines, key=lambda one: (one.event_on, one.line)), start=1):
        entry, text = _entry(line, order, posted_at, salt())
        entry["digest"] = entry_digest(entry, branch, number)
        if entry_ids is not None:
            entry["id"] = text["entry_id"] = entry_ids()
            entry["posting_id"] = posting_id
        entries.append(entry)
        texts.append(text)
    posting["digest"] = posting_digest(posting, publication_digest, closed_at, (entry["digest"] for entry in entries))
    return Built(posting, entries, texts)


def _entry(line: Posted, order: int, at: datetime, salt: str) -> tuple[Row, Row]:
    entry: Row = {
        "order": order,
        "member_key": line.member_key,
        "rulebook_version_id": line.version,
        "indicator": line.indicator,
        "event": line.event,
        "value": line.value,
        "quantity": line.quantity,
        "carried": line.carried,
        "event_on": line.event_on,
        "event_month": event_month(line.event_on),
        "created_at": at,
        "reference": reference_of(line.line),
        "corrects_id": line.corrects,
        "commitment": text_commitment(salt, line.wording, line.ground),
    }
    return entry, {"salt": salt, "wording": line.wording, "ground": line.ground}
