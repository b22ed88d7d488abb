"""一个月的海报: how long `pioneer papers` takes for 500 branches of 40 members, with two processes.

    .venv/bin/python -m benchmarks papers_month
    .venv/bin/python benchmarks/papers_month.py [--branches 500] [--members 40] [--kind poster-a3]

Fills an invented district in a folder of its own, makes the papers of a whole month, and runs the command again, which
finds everything made. Then once more into another folder, where it is killed after a third and run again: what was
made is kept, and in the end there is the same. Seconds are on the wall and of the processor, of all its processes; the
promise is 60 seconds on two cores of one's own, so what counts is half of the processor's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PROMISE = 60.0
TOWNSHIPS = 14


class Run(NamedTuple):
    """一次运行 What it took, and what it said: progress, then the last line."""

    wall: float
    cpu: float
    said: list[str]


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

    begun, before = time.perf_counter(), time.process_time()
    fill_demo(Extent(TOWNSHIPS, branches, branches * members, months=2))
    wall, cpu = time.perf_counter() - begun, time.process_time() - before
    print(f"填充{branches}个支部、{branches * members}名党员：{wall:.1f} 秒（处理器 {cpu:.1f} 秒）", flush=True)
    month = months_before(clock.today(), 2)[0]
    return f"{month.year}-{month.month:02}"


def run(month: str, out: Path, kind: str, *, until: float = 1.0) -> Run:
    """`until`: the share of the papers after which it is killed, with all its processes."""
    command = [sys.executable, "-m", "pioneer", "papers", "--month", month, "--out", str(out), "--kind", kind]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    said = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.strip())
            done, _, total = line.partition("　")[0].partition("/")
            if done.isdigit() and int(done) > until * int(total):
                os.killpg(process.pid, signal.SIGKILL)
                break
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if until == 1.0 and process.returncode:
        raise SystemExit(process.returncode)
    return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said)


def made(out: Path) -> list[Path]:
    """The papers in a folder; a file that was not finished has another name, and counts as none."""
    return [file for file in out.rglob("*") if file.is_file() and file.suffix in (".pdf", ".png", ".docx", ".txt")]


def fingerprints(out: Path) -> dict[str, str]:
    """What each paper in the list was drawn from; a line that the kill broke off is none."""
    found = {}
    for line in (out / "papers.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        found[row["paper"]] = row["fingerprint"]
    return found


def pages(files: list[Path]) -> int:
    """Pages of the papers, read back; of other kinds than PDF each is one."""
    from pypdf import PdfReader

    return sum(len(PdfReader(file).pages) if file.suffix == ".pdf" else 1 for file in files)


def main() -> None:
    """Fills, draws, draws again, is killed, goes on; exit code 1 where papers are missing or it took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=500)
    parser.add_argument("--members", type=int, default=40)
    parser.add_argument("--kind", default="poster-a3")
    options: Any = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pioneer-papers-") as folder:
        month = fill(folder, options.branches, options.members)
        out, other = Path(folder, "papers"), Path(folder, "killed")
        once = run(month, out, options.kind)
        again = run(month, out, options.kind)
        files = made(out)
        size = sum(file.stat().st_size for file in files) / 1_000_000
        print(once.said[-1])
        print(
            f"{len(files)}份，{pages(files)}页，{size:.0f} MB：{once.wall:.1f} 秒（处理器 {once.cpu:.1f} 秒，"
            f"{os.cpu_count()}核），报进度{len(once.said) - 1}次"
        )
        print(f"再运行一次：{again.wall:.1f} 秒（处理器 {again.cpu:.1f} 秒）　{again.said[-1]}", flush=True)
        killed = run(month, other, options.kind, until=1 / 3)
        kept = len(made(other))
        rest = run(month, other, options.kind)
        print(f"做到“{killed.said[-1]}”时中断，已有{kept}份；接着做：{rest.wall:.1f} 秒　{rest.said[-1]}")
        is_same = fingerprints(out) == fingerprints(other) and len(made(other)) == len(files)
    if len(files) != options.branches or "新做0份" not in again.said[-1] or not is_same or once.cpu / 2 > PROMISE:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
