"""档案的内容 The documents of an edition and their package: from the facts, the number of the edition and what changed,
and nothing else. The same give the same bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pioneer.archives import notes, paper, tables
from pioneer.archives.frame import Row
from pioneer.archives.gathering import STAGES, Tell, figures_of
from pioneer.archives.monthly import of_months
from pioneer.archives.yearly import of_year
from pioneer.files import packages
from pioneer.files.packages import canonical, digest
from pioneer.kernel.errors import DomainError
from pioneer.papers.rendering import UNSHOWN, render_to_keep

MOST = 100 * 1024 * 1024


def wrong(document: str, sentence: str) -> DomainError:
    """不能采信 Which document is wrong, and how."""
    return DomainError("archive_wrong", f"“{document}”{sentence}。这份档案不能采信，请用别处保存的另一份核对。")


KIND = packages.Kind("pioneer-archive", 1, "年度档案", MOST, wrong)


@dataclass(frozen=True, slots=True)
class Package:
    """做成的档案 `list_digest`: of 指纹.txt, the fingerprint of the whole."""

    content: bytes
    list_digest: str
    figures: dict[str, int]


def digest_of(facts: Row) -> str:
    """事实的摘要 Whether another edition would say anything else."""
    return digest(canonical(facts))


def make(
    facts: Row,
    edition: int,
    changes: Sequence[str] = (),
    attached: Mapping[str, bytes] | None = None,
    tell: Tell = lambda done, total: None,
) -> Package:
    """做成一版"""
    documents = _documents(facts, edition, changes, attached or {}, tell)
    listed = "".join(f"{digest(content)}  {name}\n" for name, content in documents.items()).encode()
    documents[notes.LIST] = listed
    figures = figures_of(facts)
    manifest: dict[str, Any] = {
        **{key: facts[key] for key in ("branch", "unit", "cycle", "state", "facts_until")},
        "edition": edition,
        "changes": list(changes),
        "figures": figures,
        "rulebooks": [{key: one[key] for key in ("number", "digest", "file")} for one in facts["rulebooks"]],
        "content_digest": digest_of(facts),
        "list_digest": digest(listed),
    }
    content = packages.pack(packages.sealed(KIND, manifest, documents), documents)
    tell(STAGES, STAGES)
    return Package(content, digest(listed), figures)


def _documents(
    facts: Row, edition: int, changes: Sequence[str], attached: Mapping[str, bytes], tell: Tell
) -> dict[str, bytes]:
    books = {one["file"]: one["text"].encode() for one in facts["rulebooks"]}
    names = [notes.NOTES, notes.PAPER, notes.BOOK, notes.FACTS, *books, *attached, notes.LIST]
    parts = [*of_months(facts), *of_year(facts)]
    made, missing = render_to_keep("archive", paper.content_of(facts, parts, edition, changes, names))
    tell(3, STAGES)
    said = notes.about(facts, edition)
    if missing:
        shown = "、".join(missing)
        said.append(f"{notes.PAPER}的字体没有这些字，以“{UNSHOWN}”代替，原字见表格和数据：{shown}")
    workbook = tables.workbook(facts, parts, [*said, *changes, notes.LEFT_OUT, *notes.checking(), notes.KEEPING])
    tell(4, STAGES)
    text = notes.plain_text(facts, edition, changes, names)
    text += f"\n{said[-1]}\n" if missing else ""
    return {
        notes.NOTES: text.encode(),
        notes.PAPER: made,
        notes.BOOK: workbook,
        notes.FACTS: (json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode(),
        **books,
        **attached,
    }
