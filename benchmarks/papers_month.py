"""一个月的海报: how long `pioneer papers` takes for 500 branches of 40 members, with two processes.

    .venv/bin/python -m benchmarks papers_month
    .venv/bin/python benchmarks/papers_month.py [--branches 500] [--members 40] [--kind poster-a3]

Fills an invented district in a folder of its own (not measured), makes the papers of a whole month, and runs the
command again, which finds everything made. Times are on the wall and of all its processes, from one run; the promise is
60 seconds on two cores of one's own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PROMISE = 60.0


def fill(folder: str, branches: int, members: int) -> str:
    """An invented district of two months; answers the first of them, all of whose notices are out."""
    os.environ |= {"PIONEER_DATA": folder, "PIONEER_DEMO": "1", "DJANGO_SETTINGS_MODULE": "pioneer.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from pioneer.jobs.demo.extent import Extent, months_before
    from pioneer.jobs.demo.filling import fill as fill_demo
    from pioneer.kernel import clock

    fill_demo(Extent(townships=20, branches=branches, members=branches * members, months=2))
    month = months_before(clock.today(), 2)[0]
    return f"{month.year}-{month.month:02}"


def run(month: str, out: Path, kind: str) -> tuple[float, float, str]:
    """Seconds on the wall and of the processor, and the last line said."""
    command = [sys.executable, "-m", "pioneer", "papers", "--month", month, "--out", str(out), "--kind", kind]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stdout.strip().splitlines()[-1]


def pages(files: list[Path]) -> int:
    """Pages of the papers, read back; of other kinds than PDF each is one."""
    from pypdf import PdfReader

    return sum(len(PdfReader(file).pages) if file.suffix == ".pdf" else 1 for file in files)


def main() -> None:
    """Fills, draws twice, prints; exit code 1 where papers are missing or the promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=500)
    parser.add_argument("--members", type=int, default=40)
    parser.add_argument("--kind", default="poster-a3")
    options: Any = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pioneer-papers-") as folder:
        month = fill(folder, options.branches, options.members)
        out = Path(folder, "papers")
        wall, cpu, said = run(month, out, options.kind)
        again, _, unchanged = run(month, out, options.kind)
        files = [file for file in out.rglob("*") if file.is_file() and file.name != "papers.jsonl"]
        size = sum(file.stat().st_size for file in files) / 1_000_000
        print(said)
        print(
            f"{len(files)}份，{pages(files)}页，{size:.0f} MB：{wall:.1f} 秒（处理器 {cpu:.1f} 秒，{os.cpu_count()}核）"
        )
        print(f"再运行一次：{again:.1f} 秒　{unchanged}")
    if len(files) < options.branches * 0.95 or "新做0份" not in unchanged or cpu / 2 > PROMISE:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
