"""一年的档案 The archives of a part of the tree, one branch after the other, each also as a file in a folder.

A finished file is named by its branch, cycle and edition and put in its place in one step, so none is ever half there.
Run again, a branch of which nothing has changed makes no further edition, and its file is left as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pioneer.accounts.policies import CONSOLE
from pioneer.archives import queries, services
from pioneer.files.packages import digest
from pioneer.files.queries import open_file
from pioneer.kernel.errors import DomainError
from pioneer.kernel.tasks import run_task
from pioneer.members.import_queries import organisation_named
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle

Tell = Callable[[str], None]


@dataclass(slots=True)
class Order:
    """要做的 Of the cycles that begin in the year; `organisation` by name or number, empty for everything."""

    year: int
    out: Path
    organisation: str = ""
    is_provisional: bool = False


@dataclass(slots=True)
class Made:
    """做成了多少 `waiting`: branches whose year is not done with, each with a sentence."""

    made: int = 0
    kept: int = 0
    written: int = 0
    waiting: list[str] = field(default_factory=list)


def make(order: Order, tell: Tell = lambda sentence: None) -> Made:
    """做一年的档案 `tell` hears of each branch when it is done."""
    listed = list(_wanted(order))
    if not listed:
        raise DomainError("nothing_to_archive", f"{order.year}年没有开始的周期，或没有支部，请核对年份和组织。")
    order.out.mkdir(parents=True, exist_ok=True)
    done = Made()
    for place, (branch, cycle) in enumerate(listed, start=1):
        found = [] if order.is_provisional else queries.unfinished(branch, cycle)
        if found:
            done.waiting.append(f"{branch.name}{cycle_text(cycle)}：{found[0].sentence}")
            said = f"还有{len(found)}件没有办完，没有做"
        else:
            said = _one(order, branch.pk, cycle, done)
        tell(f"{place}/{len(listed)}　{branch.name}{cycle_text(cycle)}　{said}")
    return done


def _wanted(order: Order) -> Iterator[tuple[Any, Cycle]]:
    below = organisation_named(order.organisation) if order.organisation else None
    cycles: dict[int, list[Cycle]] = {}
    for branch in queries.branches_for(CONSOLE, below):
        district = branch.district_number
        if district not in cycles:
            cycles[district] = queries.cycles_in(district, order.year)
        for cycle in cycles[district]:
            if branch.opened_on <= cycle.last_on and (branch.closed_on is None or branch.closed_on >= cycle.first_on):
                yield branch, cycle


def _one(order: Order, branch_id: int, cycle: Cycle, done: Made) -> str:
    before = queries.latest_number(branch_id, cycle.first_on)
    run = services.ask_archive(
        actor=CONSOLE, branch_id=branch_id, first_on=cycle.first_on, is_provisional=order.is_provisional
    )
    run_task.call(run.task_id)
    found = queries.made_by(queries.get_run(CONSOLE, run.pk))
    is_new = found.edition > before
    done.made += is_new
    done.kept += not is_new
    return f"第{found.edition}版，{'新做' if is_new else '没有变化'}，{_written(order.out, found, done)}"


def _written(out: Path, found: Any, done: Made) -> str:
    name = f"{_plain(found.branch.name)}-{found.branch_id}-{found.first_on:%Y%m%d}-第{found.edition}版.zip"
    place = out / name
    if place.is_file() and digest(place.read_bytes()) == found.package_digest:
        return f"{name}已在"
    with open_file(found.package) as file:
        beside = place.with_name(f".{name}.part")
        beside.write_bytes(file.read())
    beside.replace(place)
    done.written += 1
    return name


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isprintable() and c not in '/\\:*?"<>|').strip(" .")[:60] or "支部"
