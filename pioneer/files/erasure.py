"""抹除附件 What nobody refers to any more goes, the row and the content. A plain function, for the ledger's erasure."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import ProtectedError

from pioneer.files.models import StoredFile
from pioneer.files.storage import storage


def discard(files: Iterable[StoredFile]) -> int:
    """丢弃附件 Those that something else still holds stay. What the storage will not drop is said in the log: the rows
    are gone by then."""
    gone = 0
    for file in files:
        try:
            with transaction.atomic():
                file.delete()
        except ProtectedError:
            continue
        transaction.on_commit(partial(storage().drop, file.digest), robust=True)
        gone += 1
    return gone
