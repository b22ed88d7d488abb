"""附件的写入 Storing contents by their digest. A plain function, called inside the operation that owns the file."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile

from pioneer.files import kinds, photographs
from pioneer.files.models import StoredFile
from pioneer.files.policies import LIMIT, require_storable
from pioneer.files.storage import storage
from pioneer.kernel import clock

Content = bytes | IO[bytes] | UploadedFile[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """存入的附件 And, of a photograph, when it was taken: for the owner to keep, here it is not."""

    file: StoredFile
    taken_at: datetime | None


def store(content: Content, name: str, content_type: str, uploaded_by_number: int | None) -> StoredFile:
    """存入附件 Keeps a content once, under its digest. Its type is judged by its bytes: `content_type`, which is what
    the sender claims, decides nothing. Of a photograph the picture is kept and nothing else."""
    return keep(content, name, uploaded_by_number).file


def keep(content: Content, name: str, uploaded_by_number: int | None) -> Kept:
    """存入附件并得知拍摄时间"""
    whole = content if isinstance(content, bytes) else content.read(LIMIT + 1)
    kind = require_storable(whole, name)
    likeness: dict[str, int] = {}
    taken_at = None
    if kind in kinds.PHOTOGRAPHS:
        photograph = photographs.redrawn(whole, kind, name)
        whole, kind, taken_at = photograph.content, kinds.JPEG, photograph.taken_at
        likeness = likeness_columns(photograph.likeness)
    digest = hashlib.sha256(whole).hexdigest()
    storage().put(digest, whole)
    stored, _ = StoredFile.objects.get_or_create(
        digest=digest,
        defaults={
            "size": len(whole),
            "content_type": kind,
            "name": kinds.with_ending(name, kind),
            "uploaded_by_number": uploaded_by_number,
            "created_at": clock.now(),
            **likeness,
        },
    )
    return Kept(stored, taken_at)


def keep_made(content: bytes, name: str, content_type: str, by_number: int | None) -> StoredFile:
    """存入自制的文件 What the program itself made, kept once under its digest; nobody's claim has to be judged."""
    digest = hashlib.sha256(content).hexdigest()
    storage().put(digest, content)
    stored, _ = StoredFile.objects.get_or_create(
        digest=digest,
        defaults={
            "size": len(content),
            "content_type": content_type,
            "name": name[:200],
            "uploaded_by_number": by_number,
            "created_at": clock.now(),
        },
    )
    return stored


def likeness_columns(likeness: int) -> dict[str, int]:
    """指纹列 The columns of a photograph's likeness; the database's whole numbers are signed."""
    columns = {f"band_{place}": band for place, band in enumerate(photographs.bands(likeness), start=1)}
    return {"likeness": likeness - (1 << 64) if likeness >> 63 else likeness, **columns}
