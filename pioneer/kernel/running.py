"""正在办的任务 Whether the process that works on a task still lives.

It holds a lock on a file of the task's own, which the operating system takes from it when it ends, however it ends. Who
finds the file without a lock knows that the work was broken off; who finds none (another machine, a system without such
locks) knows nothing, and waits as long as the station of the task says.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def _place(number: int) -> Path:
    return Path(settings.DATA, "running", str(number))


@contextmanager
def held(number: int) -> Iterator[None]:
    """占住 For as long as the work takes. Where there can be no such file, the work is done all the same."""
    file = _place(number)
    made = file.with_name(f".{number}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        made.touch(mode=0o600)
    if fcntl is None or not made.exists():
        yield
        return
    with made.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made.replace(file)  # locked before anybody can find it
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def lives(number: int) -> bool | None:
    """是否还在办 None where it can't be known."""
    if fcntl is None:
        return None
    try:
        with _place(number).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False
