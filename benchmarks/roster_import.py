"""导入十万行花名册: check and confirm against reading the same file and writing the same members as bare rows.

    .venv/bin/python -m benchmarks.roster_import [--rows 100000] [--database sqlite|postgresql]

In one run on each database: (a) calamine reads the file; (b) the members, made before, are written as bare rows into a
table with the same columns, by COPY on PostgreSQL and executemany on SQLite, and committed; (c) the file is checked and
(d) confirmed by the operations behind the pages. Promised: (c + d) is at most 10 times (a + b).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks._databases import run_inside

ROOT = Path(__file__).resolve().parent.parent
HEADINGS = (
    *("序号", "姓名", "性别", "民族", "出生年月", "公民身份号码", "入党时间", "转正日期", "党员类别"),
    *("所在党支部", "联系电话", "是否流动党员"),
)
PER_BRANCH = 100
LIMIT = 10.0


def people(count: int) -> Iterator[list[Any]]:
    """Invented members, dates in the four ways people write them; identity numbers carry the serial 000."""
    from pioneer.kernel.identity import check_digit

    chance = random.Random(20260101)
    seen: set[str] = set()
    for place in range(count):
        while True:
            born = date(1935, 1, 1) + timedelta(days=chance.randrange(25_000))
            front = f"{chance.choice([11, 12, 13, 14, 37, 41])}{chance.randrange(10_000):04d}{born:%Y%m%d}000"
            if front not in seen:
                seen.add(front)
                break
        joined = born + timedelta(days=365 * 20 + chance.randrange(3_000))
        ways: list[Callable[[date], str]] = [
            lambda day: f"{day:%Y.%m}",
            lambda day: f"{day:%Y-%m-%d}",
            lambda day: f"{day.year}年{day.month}月{day.day}日",
            lambda day: f"{day:%Y%m%d}",
        ]
        name = (
            chance.choice("张王李赵钱孙周吴郑")
            + chance.choice("建国志红丽梅军峰")
            + chr(0x4E00 + chance.randrange(8000))
        )
        yield [
            *(place + 1, name, chance.choice("男女"), "汉族", chance.choice(ways)(born), front + check_digit(front)),
            *(chance.choice(ways)(joined), chance.choice(ways)(joined + timedelta(days=365)), "正式党员"),
            *(f"第{place // PER_BRANCH + 1}党支部", str(10_000_000_000 + place), chance.choice("是否")),
        ]


def write_file(path: Path, count: int) -> None:
    """The roster, not measured."""
    from pioneer.workbooks.writing import Heading, Table, write_workbook

    headings = [Heading(title, "number" if title == "序号" else "text", 12) for title in HEADINGS]
    path.write_bytes(write_workbook([Table("花名册", headings, people(count), "党员花名册")]))


def tree(count: int) -> int:
    """A district with as many branches as the file names; the number of its street."""
    from pioneer.organisations.models import Organisation

    def make(name: str, level: str, parent: Organisation | None, **more: Any) -> Organisation:
        one = Organisation.objects.create(
            name=name, level=level, parent=parent, path="", opened_on=date(2020, 1, 1), **more
        )
        one.path = f"{parent.path if parent else '/'}{one.pk}/"
        one.save()
        return one

    street = make("槐园街道", "township", make("示范区", "district", None))
    community = make("槐园社区", "community", street, setting="urban")
    for number in range(1, (count - 1) // PER_BRANCH + 2):
        make(f"第{number}党支部", "branch", community, is_branch=True, setting="urban")
    return street.pk


@dataclass(frozen=True, slots=True)
class Spent:
    """用时 On the wall, and of the processor: this process and, on PostgreSQL, the server's process that serves it."""

    wall: float
    processor: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.processor + other.processor)

    def __str__(self) -> str:
        return f"{self.wall:.2f} s (processor {self.processor:.2f} s)"


def processor() -> float:
    """Seconds of processor time so far."""
    from django.db import connection

    seconds = time.process_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            number = cursor.fetchone()[0]
        fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def timed(act: Callable[[], Any]) -> tuple[Spent, Any]:
    """How long something takes."""
    before, begun = processor(), time.perf_counter()
    result = act()
    wall = time.perf_counter() - begun
    return Spent(wall, processor() - before), result


def read_plainly(path: Path) -> int:
    """What calamine alone needs for the same file."""
    import python_calamine

    with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
        return len(book.get_sheet_by_index(0).to_python(skip_empty_area=False))


def write_barely(rows: list[tuple[Any, ...]], columns: str) -> None:
    """The same members into a table of the same columns and no index but its key."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY bare_member ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO bare_member ({columns}) VALUES ({marks})", rows)


def bare_rows() -> tuple[list[tuple[Any, ...]], str]:
    """The members as the database holds them, and an empty table with the same columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE TABLE bare_member (LIKE members_member)")
        else:
            cursor.execute("CREATE TABLE bare_member AS SELECT * FROM members_member WHERE 0")
        cursor.execute("SELECT * FROM members_member ORDER BY id")
        columns = ", ".join(f'"{column[0]}"' for column in cursor.description)
        return cursor.fetchall(), columns


def measure(count: int, path: Path, profile: bool) -> bool:
    """One run on the database the settings name."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from pioneer.accounts.policies import CONSOLE
    from pioneer.kernel.bulk import without_collecting
    from pioneer.members import confirming, imports

    call_command("migrate", verbosity=0)
    street = tree(count)
    content = path.read_bytes()
    upload, made = timed(
        lambda: imports.upload_roster(actor=CONSOLE, organisation_id=street, name=path.name, content=content)
    )

    def check() -> Any:
        with without_collecting():
            return imports.check_now(CONSOLE, made.pk)

    def confirm() -> Any:
        with without_collecting():
            return confirming.confirm_now(CONSOLE, made.pk, (counts["new"], counts["changed"]))

    if profile:
        import cProfile

        watch = cProfile.Profile()
        watch.enable()
    checking, counts = timed(check)
    confirmation, _ = timed(confirm)
    if profile:
        import pstats

        watch.disable()
        pstats.Stats(watch).sort_stats("tottime").print_stats(35)
    reading, _ = timed(lambda: read_plainly(path))
    rows, columns = bare_rows()
    writing, _ = timed(lambda: write_barely(rows, columns))
    bare, ours = reading + writing, checking + confirmation
    ratio = ours.wall / bare.wall
    rows_said = f"{count:,} rows, {counts['new']:,} new, {counts['wrong']:,} wrong, {counts['ask']:,} asked"
    print(f"{connection.vendor}: {rows_said}")
    print(f"  calamine {reading} + bare rows {writing} = {bare}")
    print(f"  check {checking} + confirm {confirmation} = {ours}; upload {upload}")
    said = f"ratio {ratio:.2f} on the wall, {ours.processor / bare.processor:.2f} of processor"
    print(f"  {said}; promised at most {LIMIT:.0f} on the wall")
    return ratio <= LIMIT


def run(database: str, count: int, path: Path, folder: Path, profile: bool) -> int:
    """In a process of its own, with a fresh database."""
    options = [str(path), "--rows", str(count), *(["--profile"] if profile else [])]
    return run_inside("roster_import", database, folder, options)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return 0 if measure(options.rows, options.inside, options.profile) else 1
    with tempfile.TemporaryDirectory(prefix="pioneer-roster-") as folder:
        path = Path(folder, "roster.xlsx")
        write_file(path, options.rows)
        databases = options.database or ["sqlite", "postgresql"]
        return max(run(one, options.rows, path, Path(folder), options.profile) for one in databases)


if __name__ == "__main__":
    sys.exit(main())
