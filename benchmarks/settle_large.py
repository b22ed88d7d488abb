"""年度评定 How long the settlement of a large district takes, against the bare sum over the same entries.

    .venv/bin/python -m benchmarks settle_large
    .venv/bin/python -m benchmarks.settle_large [--members 100000] [--others 2000] [--database postgresql] [--stages]

On each database, empty and of its own: a district with so many members, fifty posted entries of a year for each, made
by the database itself. Then, in the same run and each the best of three: `SELECT member_key, sum(value) … GROUP BY
member_key` with its answer read, and the settlement of the whole district under the shipped rulebook. Printed are both
and their ratio; the digest over the results and the writing of the result rows beside them; the memory of this process;
and, for fewer members, the ratios of the other rulebooks, which may be slower (caps by day and week, pools, ladders,
events void for everybody). `--stages`: how long each statement takes. Promised: at most 6 times the bare sum on
PostgreSQL and 14 times on SQLite, the digest and the writing apart, and less than 300 MB. Exit code 1 where it is not
kept.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks._databases import run_inside

ROOT = Path(__file__).resolve().parent.parent
MOST = {"postgresql": 6.0, "sqlite": 14.0}
MEMORY, TIMES = 300, 3
AFTER = date(2027, 1, 20)
DISTRICT = "清河示范区"  # of the small cast, in which all are
BARE = "SELECT member_key, sum(value) FROM ledger_entry GROUP BY member_key"
OTHERS = ("qingwu", "yunxiu", "chengwan", "luqu", "qitang", "wangtang")


def best(act: Callable[[], Any]) -> float:
    """Seconds on the wall, the best of three."""
    found = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return min(found)


def bare() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BARE)
        while cursor.fetchmany(10_000):
            pass


class Settling:
    """One settlement of the district, in its parts; nothing stays written."""

    def __init__(self, district: Any) -> None:
        from pioneer.results.cycles import ruled
        from pioneer.rulebook.queries import current_rulebook
        from pioneer.scoring.periods import cycle_of

        some_day = date(2026, 6, 30)
        cycle = cycle_of(current_rulebook(district.pk, some_day).cycle, some_day)
        self.district, self.ruled = district, ruled(district.pk, cycle.first_on)
        self.members = 0
        self.settled, self.digested, self.written = [], [], []  # type: list[float], list[float], list[float]
        self.statements: list[tuple[float, str]] = []

    def run(self, writes: bool = True) -> None:
        from django.db import connection

        from pioneer.results.outcome import digest
        from pioneer.results.slate import clean_slate
        from pioneer.results.working import work_out

        self.statements.clear()
        with clean_slate() as slate:
            begun = time.perf_counter()
            with connection.execute_wrapper(self._timed):
                self.members = work_out(slate, self.district, self.ruled).members
            worked = time.perf_counter()
            digest(slate)  # once more, by itself: it is of the writing
            self.digested.append(time.perf_counter() - worked)
            self.settled.append(worked - begun - self.digested[-1])
            if writes:
                self.written.append(self._write(slate))

    def _write(self, slate: Any) -> float:
        from django.db import transaction

        from pioneer.kernel import clock
        from pioneer.kernel.models import Task
        from pioneer.results import storing
        from pioneer.results.models import Settlement, SettlementRun

        cycle, now = self.ruled.cycle, clock.now()
        with transaction.atomic():
            task = Task.objects.create(kind="results.settle", created_at=now)
            same = {"organisation": self.district, "first_on": cycle.first_on, "last_on": cycle.last_on}
            run = SettlementRun.objects.create(**same, is_trial=True, task=task, created_at=now)
            made = Settlement.objects.create(
                **same, run=run, district=self.district, is_trial=True, number=1, version=self.ruled.version,
                members=self.members, made_on=now.date(), made_at=now, digest="",
            )  # fmt: skip
            begun = time.perf_counter()
            storing.put_results(slate, made)
            taken = time.perf_counter() - begun
            transaction.set_rollback(True)
        return taken

    def _timed(self, execute: Any, sql: Any, values: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, values, many, context)
        finally:
            self.statements.append((time.perf_counter() - begun, " ".join(str(sql).split())))

    def stages(self) -> None:
        """The statements of the last run, the longest first."""
        for seconds, sql in sorted(self.statements, reverse=True)[:30]:
            print(f"    {seconds * 1000:8.0f} ms  {sql[:100]}")


def measure(members: int, stages: bool) -> bool:
    """One run on the database the settings name."""
    import django

    django.setup()
    from django.db import connection

    from pioneer.kernel import clock
    from pioneer.organisations.models import Organisation

    begun = time.perf_counter()
    # in another process, so that its memory is not counted here
    subprocess.run([sys.executable, "-m", "benchmarks.settle_large", "--fill", "--members", str(members)], check=True)
    district = Organisation.objects.get(name=DISTRICT)
    print(f"{connection.vendor}: {members:,} members, filled in {time.perf_counter() - begun:.0f} s")
    with clock.at(AFTER):
        summed = best(bare)
        settling = Settling(district)
        for _ in range(TIMES):
            settling.run()
        settled, digested, written = min(settling.settled), min(settling.digested), min(settling.written)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        times = settled / summed
        print(
            f"  bare sum {summed:.2f} s; settled {settled:.2f} s, {times:.1f} times; digest {digested:.2f} s, "
            f"writing {written:.2f} s; with both {(settled + digested + written) / summed:.1f} times; "
            f"memory {memory:.0f} MB; load {os.getloadavg()[0]:.1f}"
        )
        if stages:
            settling.stages()
    most = MOST[connection.vendor]
    kept = times <= most and memory < MEMORY
    print(f"  promised: at most {most:.0f} times, less than {MEMORY} MB: {'kept' if kept else 'NOT KEPT'}")
    return kept


def fill(members: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks._rows import district_of

    call_command("migrate", verbosity=0)
    district_of(members)


def compare(others: int) -> None:
    """The other rulebooks, on the database the settings name, each with entries of its own indicators."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks._rows import another_year, district_of
    from pioneer.kernel import clock

    call_command("migrate", verbosity=0)
    district = district_of(others)
    print(f"{connection.vendor}: {others:,} members, every rulebook, one run each")
    for name in ("jiancaoping", *OTHERS):
        another_year(district, name)
        with clock.at(AFTER):
            summed, settling = best(bare), Settling(district)
            settling.run(writes=False)
            print(f"  {name:12} {settling.settled[0]:6.2f} s, {settling.settled[0] / summed:6.0f} times")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=2_000, help="members for the other rulebooks; 0 leaves them out")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--stages", action="store_true", help="print how long each statement takes")
    parser.add_argument("--compare", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill(options.members)
        return 0
    if options.inside:
        if options.compare:
            compare(options.others)
            return 0
        return 0 if measure(options.members, options.stages) else 1
    failed = 0
    for database in options.database or ["sqlite", "postgresql"]:
        own = ["--members", str(options.members), *(["--stages"] if options.stages else [])]
        with tempfile.TemporaryDirectory(prefix="pioneer-settle-") as folder:
            failed |= run_inside("settle_large", database, Path(folder), own)
        if options.others:
            with tempfile.TemporaryDirectory(prefix="pioneer-settle-") as folder:
                few = ["--compare", "--others", str(options.others)]
                failed |= run_inside("settle_large", database, Path(folder), few)
    return failed


if __name__ == "__main__":
    sys.exit(main())
