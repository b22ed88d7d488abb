"""备案包的核验 A package checked by what is in it and nothing else: no database, no network. What is wrong is said with
the name of the document."""

import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pioneer.filings.packing import FORMAT, MANIFEST, VERSION, canonical, digest, pack, seal_of
from pioneer.kernel.errors import DomainError
from pioneer.results.outcome import COLUMNS, digest_of

MOST = 60 * 1024 * 1024
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
    if len(content) > MOST:
        raise _wrong("文件", f"超过{MOST // 1024 // 1024} MB，不像一份备案包，请核对选的文件")
    manifest, documents = _read(content)
    _check_documents(manifest, documents)
    try:
        _check_rows(manifest)
        found = _told(manifest, content)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise _wrong(MANIFEST, "内容不完整，缺少必须有的部分") from None
    if pack(manifest, documents) != content:
        raise _wrong("压缩包", "各文件都相符，但压缩包本身（文件头、时间或附加内容）被改动过")
    return found


def _read(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = [one.filename for one in archive.infolist()]
        if sum(one.file_size for one in archive.infolist()) > MOST:
            raise _wrong("压缩包", "里面的内容过大，不像一份备案包")
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        raise _wrong("压缩包", "打不开，不是完整的备案包") from None
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise _wrong(twice[0], "在包里出现了两次")
    if MANIFEST not in names:
        raise _wrong("压缩包", f"里面没有目录（{MANIFEST}），不是完整的备案包")
    held = {name: _content(archive, name) for name in names}
    manifest = _manifest(held.pop(MANIFEST))
    return manifest, held


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as file:
            return file.read(MOST + 1)
    except Exception:  # whatever a damaged entry makes zipfile raise, it is this document that cannot be read
        raise _wrong(name, "读不出来，或与压缩包记的校验值不符，已被改动或损坏") from None


def _manifest(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
        is_canonical = isinstance(found, dict) and canonical(found) == raw
    except (ValueError, UnicodeError, RecursionError):
        raise _wrong(MANIFEST, "读不懂，已被改动或损坏") from None
    if not is_canonical or found.get("seal") != seal_of(found):
        raise _wrong(MANIFEST, "与它自己的封签不符，已被改动")
    if found.get("format") != FORMAT or found.get("version") != VERSION:
        raise _wrong(MANIFEST, "不是本程序认识的备案包格式，请用最新的程序核验")
    return dict(found)


def _check_documents(manifest: dict[str, Any], documents: dict[str, bytes]) -> None:
    listed = {one["name"]: one for one in manifest.get("documents", [])}
    for name, one in listed.items():
        if name not in documents:
            raise _wrong(name, "目录里有，包里没有")
        if len(documents[name]) != one["size"] or digest(documents[name]) != one["digest"]:
            raise _wrong(name, "与目录记的摘要不符，已被改动")
    if more := [name for name in documents if name not in listed]:
        raise _wrong(more[0], "包里有，目录里没有，是后来加进去的")


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


def _wrong(document: str, sentence: str) -> DomainError:
    return DomainError("package_wrong", f"“{document}”{sentence}。这份备案包不能采信，请向报送单位要原件。")
