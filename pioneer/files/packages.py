"""成包 One ZIP file of documents, the same facts the same bytes: documents stored as they are, in the list's order,
every time stamp the same. The list (manifest.json) names each document with its digest and carries a seal over itself.

Filings and archives are such packages; `opened` checks one by what is in it and nothing else.
"""

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pioneer.kernel.errors import DomainError

MANIFEST = "manifest.json"
EPOCH = (1980, 1, 1, 0, 0, 0)
Wrong = Callable[[str, str], DomainError]  # of a document and what is wrong with it


@dataclass(frozen=True, slots=True)
class Kind:
    """一种包 What its list calls it (`format`, `version`), how a sentence calls it, and the most bytes it has."""

    format: str
    version: int
    name: str
    most: int
    wrong: Wrong


def canonical(content: Any) -> bytes:
    """规范写法 JSON with sorted keys, no blanks, in UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(content: bytes) -> str:
    """摘要 SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def seal_of(manifest: Mapping[str, Any]) -> str:
    """封签 Over everything the list says but the seal itself."""
    return digest(canonical({key: value for key, value in manifest.items() if key != "seal"}))


def sealed(kind: Kind, manifest: Mapping[str, Any], documents: Mapping[str, bytes]) -> dict[str, Any]:
    """成目录 With the documents and the seal."""
    listed = [{"name": name, "size": len(content), "digest": digest(content)} for name, content in documents.items()]
    whole = {**manifest, "format": kind.format, "version": kind.version, "documents": listed}
    return {**whole, "seal": seal_of(whole)}


def pack(manifest: Mapping[str, Any], documents: Mapping[str, bytes]) -> bytes:
    """打包 A list that is sealed already, and its documents in the list's order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {MANIFEST: canonical(manifest), **documents}.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()


def names(package: bytes) -> list[str]:
    """包里的文件 The documents by name, in the list's order; the list itself last."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        listed = [one.filename for one in archive.infolist() if one.filename != MANIFEST]
    return [*listed, MANIFEST]


def document(package: bytes, name: str) -> bytes:
    """取出一份"""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read(name)


# ------------------------------------------------------------------ a package in hand


def opened(kind: Kind, content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """打开并核对 The list and the documents by name; each fits its digest, the list its seal. Refused with the first
    document that is wrong."""
    if len(content) > kind.most:
        raise kind.wrong("文件", f"超过{kind.most // 1024 // 1024} MB，不像一份{kind.name}，请核对选的文件")
    manifest, documents = _read(kind, content)
    _check_documents(kind, manifest, documents)
    return manifest, documents


def require_same(kind: Kind, manifest: Mapping[str, Any], documents: Mapping[str, bytes], content: bytes) -> None:
    """须是原包 Packed again it gives the very bytes: nothing was put beside the documents."""
    if pack(manifest, documents) != content:
        raise kind.wrong("压缩包", "各文件都相符，但压缩包本身（文件头、时间或附加内容）被改动过")


def _read(kind: Kind, content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = [one.filename for one in archive.infolist()]
        if sum(one.file_size for one in archive.infolist()) > kind.most:
            raise kind.wrong("压缩包", f"里面的内容过大，不像一份{kind.name}")
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        raise kind.wrong("压缩包", f"打不开，不是完整的{kind.name}") from None
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise kind.wrong(twice[0], "在包里出现了两次")
    if MANIFEST not in names:
        raise kind.wrong("压缩包", f"里面没有目录（{MANIFEST}），不是完整的{kind.name}")
    held = {name: _content(kind, archive, name) for name in names}
    manifest = _manifest(kind, held.pop(MANIFEST))
    return manifest, held


def _content(kind: Kind, archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as file:
            return file.read(kind.most + 1)
    except Exception:  # whatever a damaged entry makes zipfile raise, it is this document that cannot be read
        raise kind.wrong(name, "读不出来，或与压缩包记的校验值不符，已被改动或损坏") from None


def _manifest(kind: Kind, raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
        is_canonical = isinstance(found, dict) and canonical(found) == raw
    except (ValueError, UnicodeError, RecursionError):
        raise kind.wrong(MANIFEST, "读不懂，已被改动或损坏") from None
    if not is_canonical or found.get("seal") != seal_of(found):
        raise kind.wrong(MANIFEST, "与它自己的封签不符，已被改动")
    if found.get("format") != kind.format or found.get("version") != kind.version:
        raise kind.wrong(MANIFEST, f"不是本程序认识的{kind.name}格式，请用最新的程序核验")
    return dict(found)


def _check_documents(kind: Kind, manifest: dict[str, Any], documents: dict[str, bytes]) -> None:
    listed = {one["name"]: one for one in manifest.get("documents", [])}
    for name, one in listed.items():
        if name not in documents:
            raise kind.wrong(name, "目录里有，包里没有")
        if len(documents[name]) != one["size"] or digest(documents[name]) != one["digest"]:
            raise kind.wrong(name, "与目录记的摘要不符，已被改动")
    if more := [name for name in documents if name not in listed]:
        raise kind.wrong(more[0], "包里有，目录里没有，是后来加进去的")


def read(package: bytes, name: str) -> Any:
    """读出一份 A JSON document of a package, as data."""
    return json.loads(document(package, name))
