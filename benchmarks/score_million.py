"""计分一百万条: how long `pioneer score` takes on a file of a million facts, and how much memory, children included.

    .venv/bin/python benchmarks/score_million.py [--facts 1000000] [--members 20000] [--keep FILE.xlsx]

Writes the workbook with xlsxwriter (not measured), runs the command, samples the memory of the whole process tree,
and compares every member's totals and every line with the independent calculation in tests/scoring/oracle.py.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.scoring.oracle import LEVELS, ORDER, Row, calculate, plain  # noqa: E402

COLUMNS = (
    *("member", "name", "track", "indicator", "event_on", "quantity", "value", "level", "event"),
    *("education_on", "document", "ground"),
)
PAGE = 4096


def facts_of(member: int, count: int, chance: random.Random) -> tuple[str, list[Row], date | None]:
    """One member's facts, of every shape the shipped rulebook has; row numbers are set when written."""
    track = chance.choice(["rural", "community"])
    barred = {"C4", "C5", "C6"} if track == "rural" else {"C1", "C2", "C3"}
    codes = [code for code in ORDER if code not in barred]
    weights = [8 if code[0] != "N" else 1 for code in codes]
    rows = []
    for code in chance.choices(codes, weights, k=count):
        row = Row(0, code, date(2026, 1, 1) + timedelta(days=chance.randrange(365)))
        if code == "B2":
            row.quantity = Decimal(chance.randrange(1, 1000)) / 100
        elif code in ("C2", "N4"):
            row.quantity = Decimal(chance.randrange(1, 4))
        elif code in ("A5", "B7"):
            row.value = Decimal(chance.randrange(300, 501)) / 100
        elif code == "A6":
            row.level = chance.choice(list(LEVELS))
        elif code in ("N1", "N11") and chance.random() < 0.7:
            row.education_on = row.event_on - timedelta(days=chance.randrange(-5, 400))
        if chance.random() < 0.1:
            row.event = f"E{member}-{chance.randrange(6)}"
        rows.append(row)
    zeroed_on = date(2026, 1, 1) + timedelta(days=chance.randrange(365)) if chance.random() < 0.01 else None
    return track, rows, zeroed_on


def write_workbook(path: Path, facts: int, members: int) -> dict[str, tuple[list[Row], date | None]]:
    """The workbook; members' rows lie scattered over the file, as they do when branches are put together."""
    chance = random.Random(20260101)
    shares = {}
    lines = []
    for number in range(members):
        track, rows, zeroed_on = facts_of(number, facts // members, chance)
        if zeroed_on:
            rows.pop()
            lines.append((f"M{number:06d}", track, None, zeroed_on))
        shares[f"M{number:06d}"] = (rows, zeroed_on)
        lines.extend((f"M{number:06d}", track, row, None) for row in rows)
    chance.shuffle(lines)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("facts")
    sheet.write_row(0, 0, COLUMNS)
    for place, (code, track, row, zeroed_on) in enumerate(lines, start=1):
        cells: list[object] = [code, f"党员{code[1:]}", track]
        if row is None:
            cells += ["Z2", str(zeroed_on), None, None, None, None, None, "行政处罚决定书〔2026〕1号", "处理文件"]
        else:
            row.row = place + 1
            number = [None if item is None else float(item) for item in (row.quantity, row.value)]
            told = None if row.education_on is None else str(row.education_on)
            cells += [row.indicator, str(row.event_on), *number, row.level, row.event, told, None, "支部记录"]
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(place, column, cell)
    book.close()
    return shares


def tree(root: int) -> list[int]:
    """The process and all its descendants."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError, ValueError):
                continue
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def memory(root: int) -> tuple[int, int]:
    """Bytes of the whole tree now: resident (shared pages counted once per process), and proportional."""
    resident = proportional = 0
    for process in tree(root):
        try:
            resident += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            proportional += int(rollup.split("Pss:")[1].split()[0]) * 1024
        except (OSError, IndexError, ValueError):
            continue
    return resident, proportional


def run(workbook: Path, answers: Path) -> tuple[int, float, int, int]:
    """Exit code, seconds, peak resident and peak proportional bytes of `pioneer score … --json`."""
    command = [sys.executable, "-m", "pioneer", "score", str(ROOT / "rulebooks/jiancaoping"), str(workbook), "--json"]
    peak = share = 0
    with answers.open("w", encoding="utf-8") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, cwd=ROOT)
        while process.poll() is None:
            resident, proportional = memory(process.pid)
            peak, share = max(peak, resident), max(share, proportional)
            time.sleep(0.2)
        return process.returncode, time.monotonic() - began, peak, share


def compare(answers: Path, shares: dict[str, tuple[list[Row], date | None]]) -> int:
    """How many members' totals or lines differ from the independent calculation."""
    wrong = seen = 0
    with answers.open(encoding="utf-8") as lines:
        for line in lines:
            got = json.loads(line)
            rows, zeroed_on = shares[got["member"]]
            want = calculate(rows, zeroed_on)
            counted = {item["row"]: item["counted"] for item in got["lines"] if item["indicator"] != "Z2"}
            seen += 1
            wrong += not (
                got["score"] == plain(want.score)
                and got["tier"] == want.tier
                and got["indices"]["positive"] == plain(want.positive)
                and got["indices"]["reverse"] == plain(want.reverse)
                and got["indices"]["zeroed"] == want.zeroed
                and counted == {row: plain(points) for row, points in want.counted.items()}
            )
    return wrong + len(shares) - seen


def main() -> None:
    """Writes, runs, compares, prints the figures; exit code 1 when a figure or a total is off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="keep the workbook here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pioneer-million-") as folder:
        workbook = options.keep or Path(folder, "facts.xlsx")
        shares = write_workbook(workbook, options.facts, options.members)
        answers = Path(folder, "answers.jsonl")
        code, seconds, peak, share = run(workbook, answers)
        wrong = compare(answers, shares)
    count = options.facts // options.members * options.members
    print(f"facts {count:,}  members {options.members:,}  exit code {code}")
    print(f"wall {seconds:.1f} s  ({seconds / count * 1e6:.1f} µs per fact, file read and JSON written included)")
    print(f"peak memory of all processes: {peak / 1e6:,.0f} MB resident added up, {share / 1e6:,.0f} MB proportional")
    print(f"members that differ from the independent calculation: {wrong}")
    if code or wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
