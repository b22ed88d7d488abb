"""成批写入 Bulk writing for the demo and the benchmarks: plain rows, straight in, constraints in force.

Each station has one `load_…` operation that writes its own tables with `write`; all are refused unless the database
carries the mark "demo". The rows bring their own ids, so that they can point at one another before they are written.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, groupby, islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import Mark

Row = Mapping[str, Any]
DEMO = "demo"
MOST_VALUES = 30_000  # of one statement; SQLite takes 32,766


def is_demo() -> bool:
    """是否演示库 Whether this database is marked as one of invented people."""
    return Mark.objects.filter(name=DEMO).exists()


def require_demo() -> None:
    """必须是演示库 Raises DomainError("not_a_demo") on any other database."""
    if not is_demo():
        raise DomainError(
            "not_a_demo", "这不是演示数据库，不能成批写入虚构数据。请换一个空的数据目录（PIONEER_DATA）再试。"
        )


def write(model: type[models.Model], rows: Iterable[Row]) -> None:
    """写入 Rows by column (`branch_id`), what is missing takes the field's default. COPY on PostgreSQL.

    On SQLite many rows a statement: at the end of each whose table has a trigger, it walks through all that was changed
    since the last savepoint, and a row a statement would make that grow with the square of the rows.
    """
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    prepared = _prepared(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            each = max(1, MOST_VALUES // len(fields))
            marks = f"({', '.join(['%s'] * len(fields))})"
            many: Any = cursor.executemany
            for size, chunks in groupby(_chunks(prepared, each), key=lambda values: len(values) // len(fields)):
                many(f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * size)}", chunks)  # noqa: S608
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for values in prepared:
                copy.write_row(values)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _chunks(prepared: Iterator[list[Any]], each: int) -> Iterator[list[Any]]:
    while some := list(islice(prepared, each)):
        yield list(chain.from_iterable(some))


def _prepared(fields: Iterable[Any], rows: Iterable[Row]) -> Iterator[list[Any]]:
    plan = []
    for field in fields:
        convert = converter(field) or _as_it_is
        makes = field.has_default() and callable(field.default)
        plan.append((field.attname, convert, field.get_default if makes else None, None if makes else _default(field)))
    known = {name for name, *_ in plan}
    for row in rows:
        if unknown := row.keys() - known:
            raise TypeError(f"no such column: {', '.join(sorted(unknown))}")
        values = []
        for name, convert, make, default in plan:
            if name in row:
                value = row[name]
                values.append(value if value is None else convert(value))
            else:
                values.append(default if make is None else convert(make()))
        yield values


def _default(field: Any) -> Any:
    """What stands in every row that says nothing, as the driver must be given it."""
    value, convert = field.get_default(), converter(field)
    return value if convert is None or value is None else convert(value)


def _as_it_is(value: Any) -> Any:
    return value


def converter(field: Any) -> Callable[[Any], Any] | None:
    """What the driver must be given instead of the Python value, or None where the value itself will do."""
    ops: Any = connection.ops
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    if isinstance(field, models.BinaryField):
        return bytes
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex
    if isinstance(field, models.DateTimeField):
        return cache(ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return cache(ops.adapt_datefield_value)
    if isinstance(field, models.TimeField):
        return cache(ops.adapt_timefield_value)
    return None
