"""附件的写入 Storing contents by their digest. A plain function, called inside the operation that owns the file."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile

from pioneer.files import kinds, photographs
from pioneer.files.models import StoredFile
from pioneer.files.queries import place_of
from pioneer.kernel import clock
from pioneer.kernel.errors import bad

LIMIT = 30 * 1024 * 1024


def store(
    content: bytes | IO[bytes] | UploadedFile[Any], name: str, content_type: str, uploaded_by_number: int | None
) -> StoredFile:
    """存入附件 Keeps a content once, under its digest. Its type is judged by its bytes: `content_type`, which is what
    the sender claims, decides nothing. A photograph loses its place on the way in, and keeps when it was taken."""
    whole = _read(content, name)
    kind = kinds.kind_of(whole, name)
    if kind is None:
        raise bad(f"附件“{name}”", f"这种文件不能上传。可以上传{kinds.ALLOWED}；请另存为其中一种再上传。")
    whole = photographs.without_place(whole, kind)
    digest = hashlib.sha256(whole).hexdigest()
    _keep(whole, place_of(digest))
    stored, _ = StoredFile.objects.get_or_create(
        digest=digest,
        defaults={
            "size": len(whole),
            "content_type": kind,
            "name": kinds.with_ending(name, kind),
            "uploaded_by_number": uploaded_by_number,
            "created_at": clock.now(),
        },
    )
    return stored


def _read(content: bytes | IO[bytes] | UploadedFile[Any], name: str) -> bytes:
    whole = content if isinstance(content, bytes) else content.read(LIMIT + 1)
    if not whole:
        raise bad(f"附件“{name}”", "文件是空的，没有内容。请重新选择文件。")
    if len(whole) > LIMIT:
        raise bad(f"附件“{name}”", f"文件超过{LIMIT // 1024 // 1024} MB。请压缩图片或拆成几个文件后再上传。")
    return whole


def _keep(whole: bytes, place: Path) -> None:
    """Written beside, flushed to the disk, then put in its place in one step: nobody ever reads half a file."""
    if place.exists() and place.stat().st_size == len(whole):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    made = place.with_name(f".{place.name}.{secrets.token_hex(6)}")
    try:
        with made.open("xb") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        made.replace(place)
    finally:
        made.unlink(missing_ok=True)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
