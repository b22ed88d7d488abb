"""台子 The cast of tests/world.py made once for the tests of a file: each plays before it and is taken back."""

import pickle
from typing import Any

from django.db import connection, transaction

from tests.world import World, build


class Stage:
    """One open transaction that holds the cast; a test's own is a savepoint within it."""

    def __init__(self, blocker: Any) -> None:
        self._blocker = blocker
        self._open: transaction.Atomic | None = None
        self._cast = b""

    def open(self) -> None:
        """The cast stands, whether it did before or not."""
        if self._open is not None:
            return
        with self._blocker.unblock():
            self._open = transaction.atomic()
            self._open.__enter__()
            self._cast = pickle.dumps(build())

    def close(self) -> None:
        """Nothing of it is left in the database."""
        if self._open is None:
            return
        with self._blocker.unblock():
            if connection.in_atomic_block:
                transaction.set_rollback(True)
            self._open.__exit__(None, None, None)
        self._open = None

    @property
    def is_open(self) -> bool:
        return self._open is not None

    def cast(self) -> World:
        """A copy of one's own."""
        found: World = pickle.loads(self._cast)  # noqa: S301 - bytes of our own, of a moment ago
        return found
