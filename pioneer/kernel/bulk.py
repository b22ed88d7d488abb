"""成批读写 Many rows at once, inside an operation's transaction: COPY on PostgreSQL, executemany on SQLite.

Every constraint holds as for a single row. Numbers are taken from the table's own sequence, so that somebody who writes
one row meanwhile never meets them.
"""

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, models

from pioneer.kernel.loading import converter

Values = Sequence[Any]
_CHUNK = 200  # rows made at a time, while the server writes those before them
_RESERVE = """
    WITH taken AS MATERIALIZED (
        SELECT nextval(sequence) AS number FROM pg_get_serial_sequence(%s, 'id') AS sequence, generate_series(1, %s)
    )
    SELECT min(number), max(number)
    FROM (SELECT number, number - row_number() OVER (ORDER BY number) AS run FROM taken) AS runs
    GROUP BY run ORDER BY 1
"""  # as runs of numbers: somebody who writes one row meanwhile leaves a gap


def reserve(model: type[models.Model], count: int) -> list[int]:
    """预留编号 That many fresh ids of a table, ascending."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_RESERVE, [table, count])
            return [number for first, last in cursor.fetchall() for number in range(first, last + 1)]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        kept = cursor.fetchone()
        first = (kept[0] if kept else 0) + 1
        return list(range(first, first + count))


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    """成批插入 `columns` are database columns (`branch_id`); a row holds their values in this order."""
    table, names = _quoted(model._meta.db_table), ", ".join(map(_quoted, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, table, names, _prepared(model, columns, rows))
        else:
            marks = ", ".join(["%s"] * len(columns))
            for chunk in _prepared(model, columns, rows):
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", chunk)  # noqa: S608


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    """成批修改 A row holds the new values of `columns`, and the id last."""
    table = _quoted(model._meta.db_table)
    prepared = list(_prepared(model, [*columns, "id"], rows))
    if not prepared:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(map(_quoted, [*columns, "id"]))
            wanted = ", ".join(f"{_quoted(name)} = wanted.{_quoted(name)}" for name in columns)
            cursor.execute(f"CREATE TEMPORARY TABLE wanted AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608
            _copy(cursor, "wanted", names, prepared)
            cursor.execute(f"UPDATE {table} SET {wanted} FROM wanted WHERE {table}.id = wanted.id")  # noqa: S608
            cursor.execute("DROP TABLE wanted")
        else:
            wanted = ", ".join(f"{_quoted(name)} = %s" for name in columns)
            for chunk in prepared:
                cursor.executemany(f"UPDATE {table} SET {wanted} WHERE id = %s", chunk)  # noqa: S608


def _copy(cursor: Any, table: str, names: str, chunks: Iterable[list[Values]]) -> None:
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for chunk in chunks:
            for row in chunk:
                copy.write_row(row)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _prepared(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> Iterator[list[Values]]:
    """The values as the driver takes them, converted column by column, a chunk of rows at a time."""
    fields: dict[str, Any] = {str(field.column): field for field in model._meta.concrete_fields}
    convert = [_json if isinstance(fields[name], models.JSONField) else converter(fields[name]) for name in columns]
    needed = [(place, one) for place, one in enumerate(convert) if one is not None and one is not bytes]
    rest = iter(rows)
    while chunk := list(islice(rest, _CHUNK)):
        if needed:
            turned: list[Sequence[Any]] = list(zip(*chunk, strict=True))
            for place, one in needed:
                turned[place] = [None if value is None else one(value) for value in turned[place]]
            chunk = list(zip(*turned, strict=True))
        yield chunk


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    return "[]" if value == [] else _encode(value)


@contextmanager
def without_collecting() -> Iterator[None]:
    """不做垃圾回收 While hundreds of thousands of plain objects are made and none of them in a circle, looking for
    circles again and again takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
