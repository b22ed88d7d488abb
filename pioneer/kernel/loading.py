"""成批写入 Bulk writing for the demo and the benchmarks: plain rows, straight in, constraints in force.

Each station has one `load_…` operation that writes its own tables with `write`; all are refused unless the database
carries the mark "demo". The rows bring their own ids, so that they can point at one another before they are written.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import Mark

Row = Mapping[str, Any]
DEMO = "demo"


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
    """写入 Rows by column (`branch_id`), what is missing takes the field's default. COPY on PostgreSQL."""
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    prepared = _prepared(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(fields))
            many: Any = cursor.executemany
            many(f"INSERT INTO {table} ({columns}) VALUES ({marks})", prepared)  # noqa: S608
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for values in prepared:
                copy.write_row(values)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _prepared(fields: Iterable[Any], rows: Iterable[Row]) -> Iterator[list[Any]]:
    plan = [(field.attname, field.get_default, converter(field)) for field in fields]
    known = {name for name, _, _ in plan}
    for row in rows:
        if unknown := row.keys() - known:
            raise TypeError(f"no such column: {', '.join(sorted(unknown))}")
        values = []
        for name, default, convert in plan:
            value = row[name] if name in row else default()
            values.append(value if convert is None or value is None else convert(value))
        yield values


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
