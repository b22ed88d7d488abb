"""库的拷贝 Databases of one's own: one that is migrated and empty; and one in which stands what many tests begin with,
made and committed once in a run and copied by whoever needs it."""

import logging
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from tests import template

EMPTY = "pioneer_sample"  # on PostgreSQL
OF_MIGRATING = {"django_content_type", "auth_permission"}
QUICK: dict[str, Any] = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],  # the real one takes its time
    "AXES_ENABLED": False,
    "SECOND_FACTOR_REQUIRED": False,
    "WHITENOISE_AUTOREFRESH": True,  # else each new browser of a test reads all folders for static files first
    "TASKS": {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}},
}


@dataclass
class Standing:
    """现成的 What stands in a database: what its maker answered, the folder of its files, what was logged meanwhile."""

    database: str
    files: Path
    answer: Any
    logged: list[str]


def migrated(name: str) -> None:
    """空库 A database of this name with every table and nothing in them."""
    connection.close()
    if connection.vendor == "sqlite":
        template.copied(Path(name), lambda path: _migrate(str(path)))
        return

    def migrate() -> None:
        _create(EMPTY)
        _migrate(EMPTY)  # Django's own would migrate in every process

    template.made_once(EMPTY, lambda: _exists(EMPTY), migrate)
    _create(name, EMPTY)


def opened(name: str) -> str:
    """打开 From now on this process works in the database of this name."""
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    return name


@contextmanager
def standing(name: str, make: Callable[[], Any], *, own: bool = False) -> Iterator[Standing]:
    """现成的库 Until the block ends this process works in a copy of the database in which `make` was done. Tests that
    take back what they do share one copy; `own` is for the others."""
    kept, plain = _kept(name, make), str(connection.settings_dict["NAME"])
    copy = f"{plain}_{name}{'_own' if own else ''}"
    files = Path(os.environ["PIONEER_TEST_FOLDER"], f"{Path(copy).name}-files")
    connection.close()
    if own or copy not in _copied:
        _copy(kept.database, copy)
        shutil.rmtree(files, ignore_errors=True)
        shutil.copytree(kept.files, files)
        _copied.add(copy)
    opened(copy)
    try:
        with override_settings(FILES_ROOT=files):
            yield replace(kept, database=copy, files=files)
    finally:
        opened(plain)


def emptied() -> None:
    """清空 Every row that was committed is taken out, append-only or not. Django's own way empties all tables, the
    empty ones too, and then writes anew what migrating leaves in two of them."""
    names = connection.introspection.django_table_names(only_existing=False, include_views=False)
    tables = sorted(set(names) - OF_MIGRATING)
    with transaction.atomic(), connection.cursor() as cursor:
        rows = (f'EXISTS (SELECT 1 FROM "{table}")' for table in tables)  # noqa: S608 - names of our tables
        cursor.execute("SELECT " + ", ".join(rows))
        full = [table for table, holds in zip(tables, cursor.fetchone(), strict=True) if holds]
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
        again = _without_triggers(cursor, full) if connection.vendor == "sqlite" else []
        for table in full:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
        for statement in again:
            cursor.execute(statement)


def _without_triggers(cursor: Any, tables: list[str]) -> list[str]:
    """They are dropped; answers the statements that make them again."""
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = [(name, made) for name, table, made in cursor.fetchall() if table in tables]
    for name, _ in found:
        cursor.execute(f"DROP TRIGGER {name}")
    return [made for _, made in found]


_copied: set[str] = set()


def _kept(name: str, make: Callable[[], Any]) -> Standing:
    folder = Path(os.environ["PIONEER_TEST_FOLDER"], f"{name}-{connection.vendor}")
    whole = folder / "standing.pickle"
    plain = str(connection.settings_dict["NAME"])

    def make_it() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        database = str(folder / "sample.sqlite3") if connection.vendor == "sqlite" else f"pioneer_{name}"
        migrated(database)
        opened(database)
        try:
            made = _made(make, database, folder / "files")
            if connection.vendor == "sqlite":
                _into_one_file()
        finally:
            opened(plain)
        whole.write_bytes(pickle.dumps(made))

    template.made_once(folder.name, whole.exists, make_it)
    found: Standing = pickle.loads(whole.read_bytes())  # noqa: S301 - bytes of our own, of this run
    return found


def _made(make: Callable[[], Any], database: str, files: Path) -> Standing:
    logged: list[str] = []
    files.mkdir()
    with override_settings(FILES_ROOT=files, **QUICK), _listening(logged), transaction.atomic():
        answer = make()
        connection.run_on_commit.clear()  # what waits for the commit goes on waiting, as in a test that is taken back
    return Standing(database, files, answer, logged)


@contextmanager
def _listening(said: list[str]) -> Iterator[None]:
    """Everything that is logged at any level, but the statements."""
    heard = logging.Handler()
    heard.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    heard.addFilter(lambda record: not record.name.startswith("django.db"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(heard)


def _copy(sample: str, to: str) -> None:
    if connection.vendor == "sqlite":
        for left in (to, f"{to}-wal", f"{to}-shm"):
            Path(left).unlink(missing_ok=True)
        shutil.copyfile(sample, to)
        return
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.creation._quote_name(to)} WITH (FORCE)")
    _create(to, sample)


def _create(name: str, like: str = "template1") -> None:
    quoted = connection.creation._quote_name
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(like)}")


def _exists(name: str) -> bool:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _migrate(name: str) -> None:
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    if connection.vendor == "sqlite":
        _into_one_file()
    connection.close()


def _into_one_file() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
