"""台子 The cast of tests/world.py made once for the tests of a file: each plays before it and is taken back.

What more a file's tests have in common, and would each make anew, is a scene:

    @scene
    def books(world: World) -> None:
        "Two months of one branch."
        run(world, …)

    def test_it(books: World) -> None: …
"""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from tests.world import World, build

Make = Callable[[World], None]
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


class Stage:
    """One open transaction that holds the cast, and the scene if there is one; a test's own is a savepoint in it."""

    def __init__(self, blocker: Any) -> None:
        self._blocker = blocker
        self._open: transaction.Atomic | None = None
        self._scene: Make | None = None
        self._cast = b""

    def open(self, make: Make | None = None) -> None:
        """The cast stands, in this scene, whether it did before or not."""
        if self._open is not None and self._scene is make:
            return
        self.close()
        with self._blocker.unblock(), override_settings(TASKS=AT_ONCE, AXES_ENABLED=False):
            self._open, self._scene = transaction.atomic(), make
            self._open.__enter__()
            world = build()
            if make is not None:
                make(world)
            self._cast = pickle.dumps(world)

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


def scene(make: Make) -> Any:
    """场景 A fixture of the function's name: the cast after `make`, which nothing of a test's own may enter."""

    def play(db: None, _stage: Stage) -> World:
        if _stage.is_open:
            return _stage.cast()
        world = build()
        make(world)
        return world

    play.scene = make  # type: ignore[attr-defined]
    play.__doc__ = make.__doc__
    return pytest.fixture(name=make.__name__)(play)


def scene_of(request: pytest.FixtureRequest) -> Make | None:
    """The scene among what a test asks for, directly or not."""
    asked = request.node._fixtureinfo.name2fixturedefs
    made = (getattr(found[-1].func, "scene", None) for found in asked.values() if found)
    return next((make for make in made if make is not None), None)
