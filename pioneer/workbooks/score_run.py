"""计分作业: scores a whole file of facts and prints it; large files are shared out over processes.

Reading comes first and once; then each process scores a range of members and writes its text to a file of its own,
and the texts are put out in order. No database is touched.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from pioneer.scoring import Cycle, Engine, Score, Unusable, load_path
from pioneer.scoring.counting import Void
from pioneer.scoring.model import Mistake, Rulebook, Tier, Track
from pioneer.scoring.quotas import Placement, placed, settle_quotas, standing_of
from pioneer.scoring.supplements import load_supplement_path, with_supplements
from pioneer.workbooks.facts import FactFile, MemberFacts, UnreadableFacts, read_facts
from pioneer.workbooks.score_lines import json_line, table_head, table_row
from pioneer.workbooks.score_sheet import ScoreWorkbook

LARGE = 20_000
MOST_PROCESSES = 2  # each may come to hold a copy of the facts: more would cost more memory than time is worth
DONE, FAILED, SOME_UNUSABLE = 0, 2, 3
NO_TRACK = "没有一行写明可用的类别，无法计分"


@dataclass(frozen=True, slots=True)
class Order:
    """计分要求: what to score and how to print it. ``cycle_on`` is any day of the cycle; default: the fullest one."""

    rulebook: Path
    facts: Path
    member: str | None = None
    explain: bool = False
    json: bool = False
    out: Path | None = None
    cycle_on: date | None = None
    supplement: Path | None = None


@dataclass(slots=True)
class _Job:
    engine: Engine
    cycle: Cycle
    members: list[MemberFacts]
    render: Callable[[Score], str]
    voided: list[Void] = field(default_factory=list)
    placements: dict[str, Placement] = field(default_factory=dict)


def run_score(order: Order, out: TextIO, err: TextIO) -> int:
    """计分: prints the scores to ``out`` and what is wrong to ``err``.

    Returns 0, 3 when some facts were unusable (the rest is scored), 2 when nothing could be done.
    """
    rulebook, mistakes = _rulebook(order)
    if rulebook is None:
        err.writelines(f"{mistake}\n" for mistake in mistakes)
        return FAILED
    # quotas and void events look at all members, so one member alone cannot be read for them
    together = bool(rulebook.quotas) or any(row.voids == "event" for row in rulebook.indicators.values())
    try:
        found = read_facts(
            order.facts, _spellings(rulebook.tracks), None if together else order.member, _spellings(rulebook.tiers)
        )
        engine = Engine([rulebook])
        cycle = _cycle(engine, found, order)
    except (UnreadableFacts, LookupError) as error:
        err.write(f"{error.args[0]}\n")
        return FAILED
    if order.member is not None and order.member not in found.members:
        err.write(f"文件中没有党员“{order.member}”，请核对编号\n")
        return FAILED
    unusable = found.unusable
    if cycle is not None:
        render = json_line if order.json else (lambda score: table_row(score, order.explain))
        job = _Job(engine, cycle, list(found.members.values()), render)
        _look_at_all(job, rulebook)
        if order.member is not None:
            job.members = [found.members[order.member]]
            unusable = [row for row in unusable if not together]
        unusable += _print_scores(job, order, out)
    err.writelines(f"第{row}行：{reason}\n" for row, reason in sorted(unusable))
    if unusable:
        err.write(f"共有{len(unusable)}行不可用，未计分；其余已计分。\n")
    return SOME_UNUSABLE if unusable else DONE


def _rulebook(order: Order) -> tuple[Rulebook | None, tuple[Mistake, ...]]:
    outcome = load_path(order.rulebook)
    if outcome.rulebook is None or order.supplement is None:
        return outcome.rulebook, outcome.mistakes
    local = load_supplement_path(order.supplement, outcome.rulebook)
    if local.supplement is None:
        return None, local.mistakes
    return with_supplements(outcome.rulebook, [local.supplement]), ()


def _spellings(rows: Iterable[Track] | Iterable[Tier]) -> dict[str, str]:
    spellings = {}
    for row in rows:
        spellings[row.code] = row.code
        spellings[row.name] = row.code
    return spellings


def _look_at_all(job: _Job, rulebook: Rulebook) -> None:
    """全体一起看的: events that one member's facts declare void for all, and quotas over all of them."""
    pairs = [(owner.member(), owner.facts) for owner in job.members]
    people = [(member, facts) for member, facts in pairs if member is not None]
    for member, facts in people if job.engine.voids_for_everybody else ():
        job.voided += job.engine.voided_events(member, facts, job.cycle)
    if rulebook.quotas:
        standings = [standing_of(job.engine.score(*person, job.cycle, job.voided)) for person in people]
        job.placements = settle_quotas(rulebook, standings)


def _cycle(engine: Engine, found: FactFile, order: Order) -> Cycle | None:
    if order.cycle_on is not None:
        return engine.cycle_of(order.cycle_on)
    counts: dict[Cycle, int] = {}
    for day, number in found.days.items():
        if engine.version_on(day) is not None:
            cycle = engine.cycle_of(day)
            counts[cycle] = counts.get(cycle, 0) + number
    if counts:
        return max(counts, key=lambda cycle: (counts[cycle], cycle))
    if found.days:
        raise LookupError("各行的发生日期都没有适用的积分办法，请核对日期或办法的有效期")
    return None


def _print_scores(job: _Job, order: Order, out: TextIO) -> list[Unusable]:
    if not order.json:
        out.write(table_head() + "\n")
    size = sum(len(owner.facts) for owner in job.members)
    processes = min(os.cpu_count() or 1, MOST_PROCESSES, len(job.members))
    shared = order.out is None and size >= LARGE and processes > 1
    if shared and "fork" in multiprocessing.get_all_start_methods():
        return _print_shared(job, processes, out)
    unusable: list[Unusable] = []
    if order.out is None:
        for score in _scores(job, job.members, unusable):
            out.write(job.render(score) + "\n")
        return unusable
    with ScoreWorkbook(order.out) as workbook:
        for score in _scores(job, job.members, unusable):
            out.write(job.render(score) + "\n")
            workbook.add(score)
    return unusable


def _scores(job: _Job, members: Sequence[MemberFacts], unusable: list[Unusable]) -> Iterator[Score]:
    for owner in members:
        member = owner.member()
        if member is None:
            continue
        score = job.engine.score(member, owner.facts, job.cycle, job.voided)
        if (placement := job.placements.get(member.code)) is not None:
            score = placed(score, placement)
        unusable.extend(score.unusable)
        yield score


def _print_shared(job: _Job, processes: int, out: TextIO) -> list[Unusable]:
    """分工: this process scores the first share itself, a forked one each of the others."""
    gc.collect()
    gc.freeze()  # the collector then leaves the pages shared with the other processes alone
    try:
        with tempfile.TemporaryDirectory(prefix="pioneer-score-") as folder:
            own, *others = _shares(job.members, processes)
            helpers = [_Helper(job, share, Path(folder, str(place))) for place, share in enumerate(others)]
            unusable: list[Unusable] = []
            for score in _scores(job, own, unusable):
                out.write(job.render(score) + "\n")
            for helper in helpers:
                unusable += helper.finish(out)
    finally:
        gc.unfreeze()
    return unusable


def _shares(members: list[MemberFacts], processes: int) -> list[list[MemberFacts]]:
    """份额: ranges of members with about as many facts each."""
    goal = 1 + sum(len(owner.facts) for owner in members) // processes
    shares: list[list[MemberFacts]] = [[]]
    facts = 0
    for owner in members:
        if facts >= goal * len(shares):
            shares.append([])
        shares[-1].append(owner)
        facts += len(owner.facts)
    return shares


class _Helper:
    """助手进程: scores one share into a file of its own."""

    def __init__(self, job: _Job, share: list[MemberFacts], file: Path) -> None:
        self._file = file
        self._process = multiprocessing.get_context("fork").Process(target=self._work, args=(job, share))
        self._process.start()

    def _work(self, job: _Job, share: list[MemberFacts]) -> None:
        gc.disable()
        unusable: list[Unusable] = []
        with self._file.open("w", encoding="utf-8") as text:
            for score in _scores(job, share, unusable):
                text.write(job.render(score) + "\n")
        self._file.with_suffix(".unusable").write_text(json.dumps(unusable), encoding="utf-8")

    def finish(self, out: TextIO) -> list[Unusable]:
        """收尾: waits, puts its text out, and gives back its unusable rows. Raises RuntimeError when it broke off."""
        self._process.join()
        if self._process.exitcode:
            raise RuntimeError(f"计分进程中断（{self._process.exitcode}），请重试；内存不足时请分批计分")
        with self._file.open(encoding="utf-8") as text:
            shutil.copyfileobj(text, out)
        return [Unusable(*row) for row in json.loads(self._file.with_suffix(".unusable").read_text(encoding="utf-8"))]
