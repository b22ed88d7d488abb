"""备案包的核验 A package checked by what is in it and nothing else: no database, no network. What is wrong is said with
the name of the document."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pioneer.files.packages import opened, require_same
from pioneer.filings.packing import KIND, MANIFEST, digest
from pioneer.filings.packing import MOST as MOST
from pioneer.filings.packing import wrong as _wrong
from pioneer.results.outcome import COLUMNS, digest_of

PLACE, TIER = COLUMNS.index("place"), COLUMNS.index("tier")


@dataclass(frozen=True, slots=True)
class Checked:
    """核验通过的备案包 `is_whole`: the settlement's own digest was compared, too, since it holds all its rows."""

    unit: str
    to: str
    cycle: str
    revision: int
    members: int
    counts: tuple[tuple[str, int], ...]
    documents: tuple[str, ...]
    amendments: int
    parts: int
    is_whole: bool
    digest: str


def check(content: bytes) -> Checked:
    """核验 Raises DomainError with the first thing that is wrong, naming the document."""
    manifest, documents = opened(KIND, content)
    try:
        _check_rows(manifest)
        found = _told(manifest, content)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise _wrong(MANIFEST, "内容不完整，缺少必须有的部分") from None
    require_same(KIND, manifest, documents, content)
    return found


def _check_rows(manifest: dict[str, Any]) -> None:
    """What a community's package holds of the settlement; a township's has only the parts it collected."""
    if manifest["kind"] == "collection":
        total = Counter[str]()
        for part in manifest["parts"]:
            total.update({code: members for code, _, members in part["counts"]})
        if {code: members for code, _, members in manifest["counts"] if members} != dict(+total):
            raise _wrong(MANIFEST, "各等次人数与所汇总的备案合不上")
        return
    rows = manifest["rows"]
    if list(COLUMNS) != rows["columns"]:
        raise _wrong(MANIFEST, "结果的列与程序的不同，请用最新的程序核验")
    if digest_of(rows["results"], rows["aspects"], rows["reached"]) != rows["digest"]:
        raise _wrong(MANIFEST, "结果各行与结果摘要不符")
    if manifest["settlement"]["is_whole"] and rows["digest"] != manifest["settlement"]["digest"]:
        raise _wrong(MANIFEST, "结果各行与评定的摘要不符")
    tiers = {row[PLACE]: row[TIER] for row in rows["results"]}
    for one in manifest["amendments"]:
        tiers[one["place"]] = one["now_tier"]
    counted = Counter(tier for place, tier in tiers.items() if place not in manifest["left_out"])
    if counted != Counter({code: members for code, _, members in manifest["counts"] if members}):
        raise _wrong(MANIFEST, "各等次人数与结果各行合不上")


def _told(manifest: dict[str, Any], content: bytes) -> Checked:
    is_collection = manifest["kind"] == "collection"
    return Checked(
        unit=str(manifest["unit"]["name"]),
        to=str(manifest["to"]["name"]),
        cycle=str(manifest["cycle"]["name"]),
        revision=int(manifest["revision"]),
        members=sum(members for _, _, members in manifest["counts"]),
        counts=tuple((str(name), int(members)) for _, name, members in manifest["counts"]),
        documents=tuple(str(one["name"]) for one in manifest["documents"]),
        amendments=0 if is_collection else len(manifest["amendments"]),
        parts=len(manifest["parts"]) if is_collection else 0,
        is_whole=not is_collection and bool(manifest["settlement"]["is_whole"]),
        digest=digest(content),
    )
