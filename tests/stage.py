"""台子 The cast of tests/world.py made once for the tests of a file: each plays before it and is taken back.

What more a file's tests have in common, and would each make anew, is a scene:

    @scene
    def books(world: World) -> None:
        "Two months of one branch."
        run(world, …)

    def test_it(books: World) -> None: …

A scene that takes no cast stands alone, and its tests are given what it answers.
"""

import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from tests.world import build

Make = Callable[..., Any]


class Stage:
    """One open transaction that holds the cast, and the scene if there is one; a test's own is a savepoint in it."""

    def __init__(self, blocker: Any) -> None:
        self._blocker = blocker
        self._open: transaction.Atomic | None = None
        self._scene: Make | None = None
        self._given = b""

    def open(self, make: Make | None = None) -> None:
        """The cast stands, in this scene, whether it did before or not."""
        if self._open is not None and self._scene is make:
            return
        self.close()
        with self._blocker.unblock():
            self._open, self._scene = transaction.atomic(), make
            self._open.__enter__()
            self._given = pickle.dumps(made_for(make))

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

    def given(self) -> Any:
        """A copy of one's own of the cast, or of what the scene answers that stands alone."""
        return pickle.loads(self._given)  # noqa: S301 - bytes of our own, of a moment ago


def made_for(make: Make | None) -> Any:
    """What a test is given: the cast, after `make` if there is one, or what `make` answers that takes no cast."""
    if make is not None and not inspect.signature(make).parameters:
        return make()
    world = build()
    if make is not None:
        make(world)
    return world


def scene(make: Make) -> Any:
    """场景 A fixture of the function's name: the cast after `make`, which nothing of a test's own may enter."""

    def play(db: None, _stage: Stage) -> Any:
        return _stage.given() if _stage.is_open else made_for(make)

    play.scene = make  # type: ignore[attr-defined]
    play.__doc__ = make.__doc__
    return pytest.fixture(name=make.__name__)(play)


def scene_of(item: Any) -> Make | None:
    """The scene among what a test asks for, directly or not."""
    asked = item._fixtureinfo.name2fixturedefs
    made = (getattr(found[-1].func, "scene", None) for found in asked.values() if found)
    return next((make for make in made if make is not None), None)
