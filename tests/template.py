"""样板库 One migrated database, copied by everyone who needs one: migrating is half a minute on a slow machine.

On SQLite it lies in the machine's folder for temporary files, under a digest of all that migrating depends on: change
a migration and the next run migrates anew.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLD = 24 * 3600
PARTS = ("requirements-dev.txt", "pioneer/settings.py", "pioneer/kernel/triggers.py", "pioneer/*/models.py")


def folder() -> Path:
    """Where the samples lie, of this user alone."""
    made = Path(tempfile.gettempdir(), f"pioneer-migrated-{os.getuid()}")
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def digest() -> str:
    """Of every file that what is migrated depends on."""
    found = hashlib.sha256()
    for pattern in (*PARTS, "pioneer/*/migrations/*.py"):
        for path in sorted(ROOT.glob(pattern)):
            found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:24]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def copied(to: Path, migrate: Callable[[Path], None]) -> None:
    """拷贝样板 The migrated database at `to`; `migrate` makes one where there is none of today's digest yet."""
    sample = folder() / f"{digest()}.sqlite3"
    with _alone(sample.with_suffix(".lock")):
        if not sample.exists():
            _discard_old()
            made = sample.with_suffix(f".{os.getpid()}")
            made.unlink(missing_ok=True)
            migrate(made)
            made.replace(sample)
    os.utime(sample)
    to.unlink(missing_ok=True)
    shutil.copyfile(sample, to)


def made_once(sample: str, exists: Callable[[], bool], migrate: Callable[[], None]) -> None:
    """样板库（PostgreSQL） The same for the server of this run: `migrate` unless it exists."""
    with _alone(Path(os.environ["PIONEER_TEST_FOLDER"], f"{sample}.lock")):
        if not exists():
            migrate()


def _discard_old() -> None:
    for path in folder().iterdir():
        if time.time() - path.stat().st_mtime > OLD:
            path.unlink(missing_ok=True)
