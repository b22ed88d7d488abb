"""附件的读取 Every read of stored contents. Who may see a file is decided by the station that points at it."""

from collections.abc import Sequence
from typing import BinaryIO

from django.db import connection

from pioneer.files.models import StoredFile
from pioneer.files.photographs import distance
from pioneer.files.storage import storage
from pioneer.kernel.errors import DomainError

BANDS = (1, 2, 3, 4)
MOST_OF_A_BAND = 2000  # a band that very many share (a blank wall) says nothing


def open_file(stored: StoredFile) -> BinaryIO:
    """打开附件 The content, open for reading. A content that is gone from where it was kept is said so."""
    try:
        return storage().open(stored.digest)
    except FileNotFoundError:
        raise DomainError(
            "file_missing",
            f"附件“{stored.name}”的内容不在存储目录里。请系统管理员从最近的备份恢复附件目录后再打开。",
        ) from None


def near_same(files: Sequence[StoredFile], most: int) -> dict[int, int]:
    """相近的照片 Files that show the same as one of these, or differ from it in at most so many bits: in how many, at
    most likely. One question for all of them; each band by its own index, since an OR would read the whole table."""
    found = {file.pk: 0 for file in files}
    printed = [file for file in files if file.likeness is not None]
    if not printed:
        return found
    parts, values = [], []
    for number, file in enumerate(printed):
        for place in BANDS:
            parts.append(_OF_A_BAND.format(number=number, place=place))
            values += [getattr(file, f"band_{place}"), file.pk, MOST_OF_A_BAND]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = cursor.fetchall()
    for number, pk, likeness in rows:
        bits = distance(_unsigned(printed[number].likeness or 0), _unsigned(likeness))
        if bits <= most:
            found[pk] = min(bits, found.get(pk, bits))
    return found


_OF_A_BAND = (
    "SELECT {number} AS number, id, likeness FROM (SELECT id, likeness FROM files_storedfile"
    " WHERE band_{place} = %s AND likeness IS NOT NULL AND id <> %s LIMIT %s) AS near_{number}_{place}"
)


def _unsigned(likeness: int) -> int:
    return likeness & ((1 << 64) - 1)
