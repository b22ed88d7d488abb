"""备案包 One ZIP file, the same facts the same bytes: documents stored as they are, in the order of the list, every
time stamp the same. The list (manifest.json) names each document with its digest and carries a seal over itself."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

FORMAT, VERSION = "pioneer-filing", 1
MANIFEST = "manifest.json"
EPOCH = (1980, 1, 1, 0, 0, 0)


def canonical(content: Any) -> bytes:
    """规范写法 JSON with sorted keys, no blanks, in UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(content: bytes) -> str:
    """摘要 SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def seal_of(manifest: Mapping[str, Any]) -> str:
    """封签 Over everything the list says but the seal itself."""
    return digest(canonical({key: value for key, value in manifest.items() if key != "seal"}))


def sealed(manifest: Mapping[str, Any], documents: Mapping[str, bytes]) -> dict[str, Any]:
    """成目录 With the documents and the seal."""
    listed = [{"name": name, "size": len(content), "digest": digest(content)} for name, content in documents.items()]
    whole = {**manifest, "format": FORMAT, "version": VERSION, "documents": listed}
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
