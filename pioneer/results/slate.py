"""演算纸 Temporary tables on which many members are scored at once, step by step; wiped when the work is over.

They belong to the connection and are seen by nobody else; no table of the program is written. All points are whole
hundredths in BIGINT columns, switches are 0 or 1, days are plain numbers (`date.toordinal`), so that one text of SQL
means the same on SQLite and PostgreSQL. The one difference left is the name of two functions: see `spoken`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import QuerySet

Row = Sequence[Any]
MANY = 2_000  # lines at a time
HURRIED = {"synchronous_commit": "off", "default_statistics_target": "1", "work_mem": "'64MB'"}
ROOM = "SET temp_buffers = '128MB'"  # for what lies on the slate; taken only as far as it is needed
FIRST_DAY = 1721424.5  # of the Julian calendar, for what SQLite counts its days from


def spoken(text: str) -> str:
    """方言 SQLite calls the least and the greatest of several values MIN and MAX."""
    if connection.vendor == "sqlite":
        return text.replace("LEAST(", "MIN(").replace("GREATEST(", "MAX(")
    return text


def numbered(day: str) -> str:
    """日序 A column of days as the plain numbers of this slate."""
    if connection.vendor == "sqlite":
        return f"CAST(julianday({day}) - {FIRST_DAY} AS INTEGER)"
    return f"({day} - DATE '0001-01-01' + 1)"


def key_type() -> str:
    """党员代码的类型 Of a column that holds what the books know a member by."""
    return "TEXT" if connection.vendor == "sqlite" else "UUID"


def key_text(key: str) -> str:
    """党员代码的写法 With its dashes, as Python writes it."""
    if connection.vendor != "sqlite":
        return f"CAST({key} AS TEXT)"
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({key}, {begins}, {length})" for begins, length in parts)


class Slate:
    """演算纸 `make` puts the answer of a statement on it as a table, `fill` plain rows, `take` what a queryset
    finds."""

    def __init__(self) -> None:
        self._cursor = connection.cursor()
        self._made: dict[str, None] = {}

    def make(self, name: str, select: str, unique: str = "") -> None:
        """记下 The answer of a statement as a table of this name, replacing one that stands."""
        self.drop(name)
        self.run(f"CREATE TEMPORARY TABLE {name} AS {select}")
        self._made[name] = None
        self._know(name, unique)

    def fill(self, name: str, columns: str, rows: Iterable[Row], unique: str = "") -> None:
        """填写 A table of these columns ("member BIGINT, track TEXT") with rows of plain values."""
        self._begin(name, columns)
        names = ", ".join(one.split()[0] for one in columns.split(", "))
        prepared = list(rows)
        if prepared and connection.vendor == "postgresql":
            with self._cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        elif prepared:
            marks = ", ".join(["%s"] * len(prepared[0]))
            many: Any = self._cursor.executemany
            many(f"INSERT INTO {name} ({names}) VALUES ({marks})", prepared)
        self._know(name, unique)

    def take(self, name: str, columns: str, *found: "QuerySet[Any, Any]", unique: str = "") -> None:
        """取来 What querysets of `values_list` find, inside the database, under these columns."""
        self._begin(name, columns)
        names = ", ".join(one.split()[0] for one in columns.split(", "))
        for one in found:
            text, values = one.order_by().query.sql_with_params()
            self._cursor.execute(f"INSERT INTO {name} ({names}) {text}", values)
        self._know(name, unique)

    def run(self, text: str) -> int:
        """执行 One statement; answers how many rows it touched."""
        self._cursor.execute(spoken(text))
        return int(self._cursor.rowcount)

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """读出"""
        self._cursor.execute(spoken(text))
        return list(self._cursor.fetchall())

    def number(self, text: str) -> int:
        """读出一个数 0 where there is none."""
        found = self.rows(text)
        return int(found[0][0] or 0) if found else 0

    def joined(self, name: str, line: str, order: Sequence[str]) -> Iterator[str]:
        """逐段读出 A table, a line for each row, in this order, some thousand lines at a time. The first of the columns
        it is ordered by is a place, from 1 upwards, the others are texts: by their code points."""
        place, *texts = order
        if connection.vendor == "sqlite":
            self._cursor.execute(f"SELECT {line} FROM {name} ORDER BY {', '.join(order)}")
            while rows := self._cursor.fetchmany(MANY):
                yield "\n".join(row[0] for row in rows)
            return
        by = ", ".join([place, *(f'{one} COLLATE "C"' for one in texts)])
        ordered = f"SELECT {place} / {MANY} AS part, {line} AS line FROM {name} ORDER BY {by}"
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT string_agg(line, chr(10)) FROM ({ordered}) AS lines GROUP BY part ORDER BY part")
            for row in cursor:
                yield row[0]

    @contextmanager
    def hurried(self, how: Mapping[str, str]) -> Iterator[None]:
        """赶时间 On PostgreSQL with other settings, as long as the block lasts."""
        if connection.vendor != "postgresql":
            yield
            return
        for name, value in how.items():
            self.run(f"SET {name} = {value}")
        try:
            yield
        finally:
            with suppress(DatabaseError):
                for name in how:
                    self.run(f"RESET {name}")

    def keep(self, name: str, other: str) -> None:
        """留存 Under another name, where the next run does not write over it."""
        self.make(other, f"SELECT * FROM {name}")

    def drop(self, name: str) -> None:
        """擦去一张表"""
        if name in self._made:
            self.run(f"DROP TABLE {name}")
            del self._made[name]

    def wipe(self) -> None:
        """擦净"""
        for name in list(self._made):
            self.drop(name)

    def _begin(self, name: str, columns: str) -> None:
        self.drop(name)
        self.run(f"CREATE TEMPORARY TABLE {name} ({columns})")
        self._made[name] = None

    def _know(self, name: str, unique: str) -> None:
        """An index where rows are looked up by key; and, on PostgreSQL, how many rows there are."""
        if unique:
            self.run(f"CREATE UNIQUE INDEX {name}_key ON {name} ({unique})")
        if connection.vendor == "postgresql":
            self.run(f"ANALYZE {name}")


@contextmanager
def clean_slate() -> Iterator[Slate]:
    """一张干净的演算纸 Wiped at the end. Where the database itself gave up the transaction, its rollback wipes it.

    On PostgreSQL nothing waits for the disk meanwhile, and looking at what a table holds takes a sample: a hundred
    tables that nobody would miss come and go. They are kept in memory, which a connection can only be told before its
    first one; it stays told.
    """
    slate = Slate()
    hurried = connection.vendor == "postgresql" and not connection.in_atomic_block
    try:
        if hurried:
            with suppress(DatabaseError):
                slate.run(ROOM)
            for name, value in HURRIED.items():
                slate.run(f"SET {name} = {value}")
        yield slate
    finally:
        with suppress(DatabaseError):
            slate.wipe()
            if hurried:
                for name in HURRIED:
                    slate.run(f"RESET {name}")
