"""正在办的任务 Whether the process that works on a task, or on a form that was sent, still lives.

It holds a lock on a file of the task's own, or of the process's own, which the operating system takes from it when it
ends, however it ends. Who finds the file without a lock knows that the work was broken off; who finds none (another
machine, a system without such locks) knows nothing, and waits as long as the station of the task says.
"""

import os
import secrets
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BufferedReader
from pathlib import Path

from django.conf import settings

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

KEPT = 2 * 24 * 3600  # seconds
_mine: list[BufferedReader] = []  # open, and locked, until this process ends


def _place(name: int | str) -> Path:
    return Path(settings.DATA, "running", str(name))


def _begun(name: int | str) -> Path | None:
    """A file to lock before anybody can find it; None where there can be none."""
    file = _place(name)
    made = file.with_name(f".{name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        made.touch(mode=0o600)
    return made if fcntl is not None and made.exists() else None


@contextmanager
def held(number: int) -> Iterator[None]:
    """占住 For as long as the work takes. Where there can be no such file, the work is done all the same."""
    file, made = _place(number), _begun(number)
    if made is None:
        yield
        return
    with made.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made.replace(file)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


@cache
def this_process() -> str:
    """本进程 A name by which others can ask whether this process still lives, and no other process ever bears; "" where
    there can be none. The file stays when the process has ended: that is how the others know."""
    name = f"process-{secrets.token_hex(8)}"
    made = _begun(name)
    if made is None:
        return ""
    lock = made.open("rb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    made.replace(_place(name))
    _mine.append(lock)
    return name


def _born() -> None:
    """A process that was split off has a name of its own, and does not keep its parent's lock when that one ends."""
    this_process.cache_clear()
    while _mine:
        _mine.pop().close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_born)


def lives(name: int | str) -> bool | None:
    """是否还在办 The process that works on the task of this number, or that bears this name. None where it can't be
    known."""
    if fcntl is None or name == "":
        return None
    try:
        with _place(name).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False


def tidy(asked: Collection[str]) -> None:
    """清理 The files of processes that began days ago and have ended, but of those whose names are still asked for."""
    for file in _place("").glob("process-*"):
        with suppress(OSError):
            is_old = time.time() - file.stat().st_mtime > KEPT
            if is_old and file.name not in asked and lives(file.name) is False:
                file.unlink()
