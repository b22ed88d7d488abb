"""档案的核验 A bundle checked by what is in it and nothing else: no database, no network. Every document against its
fingerprint; every notice, entry and posting against its own; the chain; every result again by the engine. What is wrong
is said with the name of the document."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pioneer.archives import notes, recounting
from pioneer.archives.contents import KIND, digest_of
from pioneer.archives.contents import MOST as MOST
from pioneer.archives.contents import wrong as _wrong
from pioneer.archives.frame import FORMAT, Row
from pioneer.archives.gathering import figures_of
from pioneer.archives.tables import month
from pioneer.files.packages import MANIFEST, digest, opened, require_same
from pioneer.kernel import sealing
from pioneer.ledger import chain
from pioneer.publicity import snapshot


@dataclass(frozen=True, slots=True)
class Checked:
    """核验通过的档案 `recounted`: results that the engine came to again; `erased`: texts that are gone and pass."""

    branch: str
    cycle: str
    edition: int
    is_provisional: bool
    documents: tuple[str, ...]
    figures: Mapping[str, int]
    erased: int
    digest: str
    list_digest: str

    @property
    def summary(self) -> str:
        """一句话"""
        figures = self.figures
        differing = figures["results"] - figures["recounted"]
        more = f"（另有{differing}人评定以后登记的事实有变动，做档案时已注明）" if differing else ""
        erased = f"其中{self.erased}处文字做档案时已依规抹除。" if self.erased else ""
        return (
            f"核验相符：{self.branch}{self.cycle}档案（第{self.edition}版，"
            f"{'暂存' if self.is_provisional else '正式'}），{len(self.documents)}份文件，"
            f"{figures['notices']}次公示，{figures['postings']}次入账，{figures['entries']}条台账，"
            f"{figures['recounted']}人的得分重算相同{more}。{erased}总指纹：{self.list_digest}"
        )


def check(content: bytes) -> Checked:
    """核验 Raises DomainError with the first thing that is wrong, naming the document."""
    manifest, documents = opened(KIND, content)
    try:
        _check_list(manifest, documents)
        facts = _facts(manifest, documents)
        _check_rulebooks(facts, documents)
        erased = sum(_check_notice(one) for one in facts["notices"])
        _check_ledger(facts)
        _check_results(facts)
        found = _told(manifest, facts, content, erased)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, LookupError) as error:
        raise _wrong(notes.FACTS, f"内容不完整，缺少必须有的部分（{type(error).__name__}）") from None
    require_same(KIND, manifest, documents, content)
    return found


def _check_list(manifest: Row, documents: Mapping[str, bytes]) -> None:
    """The plain list says of every other document what the manifest says."""
    if notes.LIST not in documents:
        raise _wrong(notes.LIST, "包里没有")
    listed = "".join(f"{digest(content)}  {name}\n" for name, content in documents.items() if name != notes.LIST)
    if documents[notes.LIST] != listed.encode() or digest(documents[notes.LIST]) != manifest["list_digest"]:
        raise _wrong(notes.LIST, "里的指纹与各份文件不符")


def _facts(manifest: Row, documents: Mapping[str, bytes]) -> Row:
    facts: Row = json.loads(documents[notes.FACTS])
    if facts["format"] != FORMAT:
        raise _wrong(notes.FACTS, "不是本程序认识的格式，请用最新的程序核验")
    if digest_of(facts) != manifest["content_digest"]:
        raise _wrong(notes.FACTS, "与目录记的内容摘要不符")
    if any(facts[key] != manifest[key] for key in ("branch", "unit", "cycle", "state", "facts_until")):
        raise _wrong(MANIFEST, f"说的支部、周期或性质与{notes.FACTS}不符")
    if figures_of(facts) != manifest["figures"]:
        raise _wrong(MANIFEST, f"记的条数与{notes.FACTS}合不上")
    return facts


def _check_rulebooks(facts: Row, documents: Mapping[str, bytes]) -> None:
    for one in facts["rulebooks"]:
        if documents.get(one["file"]) != one["text"].encode():
            raise _wrong(one["file"], f"与{notes.FACTS}里的办法原文不同")
    try:
        if facts["rulebooks"]:
            recounting.engine_of(facts)
    except ValueError as error:
        raise _wrong(notes.FACTS, f"里的{error}") from None


# ------------------------------------------------------------------ notices


def _check_notice(one: Row) -> int:
    """Names and wordings against their commitments, all of it against the fingerprint: how many texts are gone."""
    what, erased = f"里{month(one)}第{one['revision']}次公示", 0
    for row in one["members"]:
        erased += _committed(row, ("name", "note"), f"{what}第{row['position']}行的姓名或备注")
        for line in row["lines"]:
            erased += _committed(line, ("wording", "reason"), f"{what}的条目line:{line['line']}的用语或依据")
    found = snapshot.publication_digest(
        sheet_id=one["sheet"],
        revision=one["revision"],
        published_at=datetime.fromisoformat(one["published_at"]),
        closes_at=datetime.fromisoformat(one["closes_at"]),
        heading=one["heading"],
        members=[
            (r["position"], r["key"], r["positive"], r["reverse"], r["total"], r["commitment"]) for r in one["members"]
        ],
        lines=[_digested(row, line) for row in one["members"] for line in row["lines"]],
    )
    if found != one["fingerprint"]:
        raise _wrong(notes.FACTS, f"{what}的内容与它的指纹不符")
    return erased


def _digested(row: Row, line: Row) -> tuple[Any, ...]:
    names = ("indicator", "event_on", "kind", "raw", "counted", "is_open", "commitment")
    return (line["line"], row["key"], *(line[name] for name in names))


def _committed(row: Row, names: Iterable[str], what: str) -> int:
    texts = {name: row[name] for name in names}
    if not row["salt"] and not any(texts.values()):
        return 1
    if sealing.commitment(row["salt"], texts) != row["commitment"]:
        raise _wrong(notes.FACTS, f"{what}与公示时的承诺值不符")
    return 0


# ------------------------------------------------------------------ the ledger


def _check_ledger(facts: Row) -> None:
    """Link after link; each entry as it was shown."""
    branch, previous, number = facts["branch"]["number"], None, None
    shown = {one["publication"]: one for one in facts["notices"]}
    for posting in facts["ledger"]["postings"]:
        what = f"里第{posting['number']}号入账"
        if number is not None and posting["number"] != number + 1:
            raise _wrong(notes.FACTS, f"缺少第{number + 1}号入账")
        if previous is not None and posting["previous_digest"].split(chain.SEPARATOR)[0] != previous:
            raise _wrong(notes.FACTS, f"{what}引用的上一号指纹不符")
        if posting["own"]:
            _check_posting(branch, posting, shown, what)
        previous, number = posting["digest"], posting["number"]
    listed = facts["ledger"]["postings"]
    if listed and listed[0]["previous_digest"] != facts["ledger"]["continues"]:
        raise _wrong(notes.FACTS, "里的入账链与它所承接的上一号不符")


def _check_posting(branch: int, posting: Row, shown: Mapping[int, Row], what: str) -> None:
    notice = shown.get(posting["publication"])
    if notice is None or notice["fingerprint"] != posting["published"]:
        raise _wrong(notes.FACTS, f"{what}所依据的公示不在其中，或指纹不同")
    for entry in posting["entries"]:
        if chain.entry_digest(_entry(entry), branch, posting["number"]) != entry["digest"]:
            raise _wrong(notes.FACTS, f"{what}的{entry['reference']}与它的摘要不符")
    _check_as_shown(posting, notice, what)
    row = {
        "branch_id": branch,
        "number": posting["number"],
        "publication_id": posting["publication"],
        "posted_at": datetime.fromisoformat(posting["posted_at"]),
        "previous_digest": posting["previous_digest"],
    }
    closed_at = datetime.fromisoformat(posting["closed_at"]) if posting["closed_at"] else None
    digests = [entry["digest"] for entry in posting["entries"]]
    if chain.posting_digest(row, posting["published"], closed_at, digests) != posting["digest"]:
        raise _wrong(notes.FACTS, f"{what}的内容与它的指纹不符")


def _check_as_shown(posting: Row, notice: Row, what: str) -> None:
    lines = {
        chain.reference_of(line["line"]): (line["indicator"], line["event_on"], line["raw"], row["key"])
        for row in notice["members"]
        for line in row["lines"]
        if line["kind"] != "moved" and not line["withheld"]
    }
    for entry in posting["entries"]:
        posted = (entry["indicator"], entry["event_on"], entry["value"], entry["member"])
        if lines.pop(entry["reference"], None) != posted:
            raise _wrong(notes.FACTS, f"{what}的{entry['reference']}与公示上的指标、日期、分值或党员不符")
    if lines:
        raise _wrong(notes.FACTS, f"{what}缺少条目{min(lines, key=chain.line_of)}，公示上有而台账里没有")


def _entry(row: Row) -> dict[str, Any]:
    """In the words of the ledger's own arithmetic."""
    return {
        **row,
        "member_key": row["member"],
        "rulebook_version_id": row["version_number"],
        "corrects_id": row["corrects"],
        "created_at": datetime.fromisoformat(row["created_at"]),
    }


# ------------------------------------------------------------------ results


def _check_results(facts: Row) -> None:
    if facts["result"] is None or not facts["rulebooks"]:
        return
    differing = recounting.differing(facts)
    for row in facts["result"]["rows"]:
        if row["recounts"] and row["member"] in differing:
            raise _wrong(notes.FACTS, f"里{row['number']}的评定结果，按所附的办法和数据重算不是这个得分")


def _told(manifest: Row, facts: Row, content: bytes, erased: int) -> Checked:
    return Checked(
        branch=str(facts["branch"]["name"]),
        cycle=str(facts["cycle"]["name"]),
        edition=int(manifest["edition"]),
        is_provisional=facts["state"] == "provisional",
        documents=tuple(str(one["name"]) for one in manifest["documents"]),
        figures=figures_of(facts),
        erased=erased,
        digest=digest(content),
        list_digest=str(manifest["list_digest"]),
    )
