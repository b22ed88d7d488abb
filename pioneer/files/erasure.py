"""抹除附件 What nobody refers to any more goes, the row and the content. A plain function, for the ledger's erasure."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import ProtectedError

from pioneer.files.models import StoredFile
from pioneer.files.queries import place_of


def discard(files: Iterable[StoredFile]) -> int:
    """丢弃附件 Those that something else still holds stay."""
    gone = 0
    for file in files:
        try:
            with transaction.atomic():
                file.delete()
        except ProtectedError:
            continue
        place = place_of(file.digest)
        transaction.on_commit(lambda place=place: place.unlink(missing_ok=True))  # type: ignore[misc]
        gone += 1
    return gone
