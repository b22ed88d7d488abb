"""加密 Encryption of identity numbers at rest: AES-256-GCM, and a keyed digest to find equal ones."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

Sealed = bytes | memoryview  # as the database hands it back


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hashlib.sha256(b"encrypt" + key).digest())


@cache
def _lookup_key(key: bytes) -> bytes:
    return hashlib.sha256(b"lookup" + key).digest()


def encrypt(text: str) -> bytes:
    """加密 Nonce and ciphertext; the same text gives another result each time."""
    return encrypt_bytes(text.encode())


def sealer() -> Callable[[str], bytes]:
    """成批加密 `encrypt` for many texts: the key is looked up once."""
    cipher, token = _cipher(settings.FIELD_KEY).encrypt, secrets.token_bytes

    def seal(text: str) -> bytes:
        nonce = token(12)
        return nonce + cipher(nonce, text.encode(), None)

    return seal


def decrypt(sealed: Sealed) -> str:
    """解密 The text; cryptography.exceptions.InvalidTag where the key is another or a byte was changed."""
    return decrypt_bytes(sealed).decode()


def encrypt_bytes(content: bytes) -> bytes:
    """加密字节 The same for a whole file."""
    nonce = secrets.token_bytes(12)
    return nonce + _cipher(settings.FIELD_KEY).encrypt(nonce, content, None)


def decrypt_bytes(sealed: Sealed) -> bytes:
    """解密字节"""
    sealed = bytes(sealed)
    return _cipher(settings.FIELD_KEY).decrypt(sealed[:12], sealed[12:], None)


def lookup(text: str) -> str:
    """查找值 The same text gives the same value, which without the key tells nothing."""
    return hmac.digest(_lookup_key(settings.FIELD_KEY), text.encode(), "sha256").hex()
