"""附件的写入 Storing contents by their digest. A plain function, called inside the operation that owns the file."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile

from pioneer.files import kinds, photographs
from pioneer.files.models import StoredFile
from pioneer.files.policies import LIMIT, require_storable
from pioneer.files.queries import place_of
from pioneer.kernel import clock


def store(
    content: bytes | IO[bytes] | UploadedFile[Any], name: str, content_type: str, uploaded_by_number: int | None
) -> StoredFile:
    """存入附件 Keeps a content once, under its digest. Its type is judged by its bytes: `content_type`, which is what
    the sender claims, decides nothing. A photograph loses its place on the way in, and keeps when it was taken."""
    whole = content if isinstance(content, bytes) else content.read(LIMIT + 1)
    kind = require_storable(whole, name)
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
