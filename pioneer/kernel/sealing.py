"""封存 Sealing: canonical digests, and commitments that let a text be erased while the books still verify."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

ERASED = "erased"


def digest(content: Any) -> str:
    """摘要 SHA-256 (hex) of plain content in one canonical form: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def new_salt() -> str:
    """盐 A fresh salt, 128 bits."""
    return secrets.token_hex(16)


def commitment(salt: str, texts: Mapping[str, str]) -> str:
    """承诺值 Binds texts without showing them: once the salt is erased, nobody can test a guess against it."""
    return digest({"salt": salt, "texts": dict(texts)})


def short(full: str) -> str:
    """短指纹 Twelve characters for the eye: "7F3A 19C2 B05E"."""
    head = full[:12].upper()
    return f"{head[:4]} {head[4:8]} {head[8:]}"
