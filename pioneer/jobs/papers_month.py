"""一个月的纸面 Every paper of a month's notices into one folder: two processes draw, this one reads and keeps the list.

A finished file is named in the list with the fingerprint of what it was drawn from. Run again, whatever still says the
same is left as it is; what was not finished, or has changed since, is drawn. A file is written beside its place under
another name and put there in one step, so none is ever half there.
"""

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from django.urls import reverse

from pioneer.kernel.errors import DomainError
from pioneer.ledger.public_page import is_standing
from pioneer.organisations.queries import along_tree
from pioneer.papers.drawing import Job, draw, templates_digest
from pioneer.papers.notice import Shown
from pioneer.papers.notice_kinds import KINDS
from pioneer.publicity.printing import shown_of
from pioneer.publicity.queries import Publication, shown_in_month

LIST = "papers.jsonl"
PROCESSES = 2
AHEAD = 8  # notices read before they are drawn: what is read waits in memory


@dataclass(slots=True)
class Order:
    """要做的 `site`: where the public pages stand; `branches`: parts of names, or numbers."""

    year: int
    month: int
    out: Path
    site: str
    kinds: list[str]
    branches: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Made:
    """做成了多少 `ended`: papers to pass on that were left out, their public page having ended."""

    notices: int = 0
    written: int = 0
    kept: int = 0
    ended: int = 0


def make(order: Order, tell: Callable[[int, int], None] = lambda done, total: None) -> Made:
    """做一个月的纸面 `tell` hears how many papers are done, and of how many."""
    found = _wanted(order)
    order.out.mkdir(parents=True, exist_ok=True)
    made = Made(notices=len(found))
    total = len(found) * len(order.kinds)
    known = _known(order.out)
    with (order.out / LIST).open("a", 1, encoding="utf-8") as listed, _pool() as pool:
        if listed.tell():
            listed.write("\n")  # the last line may have been broken off
        running: set[Future[tuple[Job, str]]] = set()
        for job in _jobs(order, found, known, made):
            running.add(pool.submit(draw, job))
            while len(running) >= AHEAD:
                running -= _finished(running, listed.write, made)
                tell(made.written + made.kept + made.ended, total)
        for done in as_completed(running):
            _note(done, listed.write, made)
            tell(made.written + made.kept + made.ended, total)
    tell(total, total)
    return made


# ------------------------------------------------------------------ what is wanted


def _wanted(order: Order) -> list[Publication]:
    found = along_tree(shown_in_month(order.year, order.month), lambda one: one.sheet.branch)
    if not order.branches:
        return found
    chosen = [one for one in found if any(_is_of(one, wanted) for wanted in order.branches)]
    if not chosen:
        raise DomainError(
            "no_such_branch",
            f"{order.year}年{order.month}月的公示里没有“{'、'.join(order.branches)}”，请核对名称，或不写 --branch。",
        )
    return chosen


def _is_of(publication: Publication, wanted: str) -> bool:
    branch = publication.sheet.branch
    return wanted == str(branch.pk) or wanted in branch.name


def _jobs(order: Order, found: Iterable[Publication], known: dict[str, tuple[str, str]], made: Made) -> Iterator[Job]:
    drawing = templates_digest()
    for publication in found:
        shown = shown_of(publication, f"{order.site}{reverse('notice', args=[publication.token])}")
        passes_on = any(KINDS[kind].is_passed_on for kind in order.kinds) and is_standing(publication)
        for kind in order.kinds:
            if KINDS[kind].is_passed_on and not passes_on:
                made.ended += 1
                continue
            place = order.out / _folder(publication) / _name(publication, kind)
            fingerprint = _fingerprint(shown, kind, drawing)
            key = str(place.relative_to(order.out))
            if key in known and known[key][0] == fingerprint and place.with_name(known[key][1]).is_file():
                made.kept += 1
            else:
                yield Job(shown, kind, place, fingerprint)


def _folder(publication: Publication) -> str:
    return _plain(publication.heading["above"] or publication.heading["branch"])


def _name(publication: Publication, kind: str) -> str:
    """Without the revision: a later one takes the place of what it replaced."""
    sheet = publication.sheet
    more = f"-补{sheet.sequence}" if sheet.sequence else ""
    of = f"{_plain(publication.heading['branch'])}-{sheet.branch_id}"
    return f"{of}-{sheet.year}-{sheet.month:02}{more}-{kind}"


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isprintable() and c not in '/\\:*?"<>|').strip(" .")[:60] or "支部"


# ------------------------------------------------------------------ what is there already


def _known(out: Path) -> dict[str, tuple[str, str]]:
    """Of each paper in the list the fingerprint and the file's name; a line that was not finished is passed over."""
    file, found = out / LIST, {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else []:
        try:
            row = json.loads(line)
            found[row["paper"]] = (row["fingerprint"], row["file"])
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _fingerprint(shown: Shown, kind: str, drawing: str) -> str:
    """What the paper says, as which kind, drawn by which templates."""
    return hashlib.sha256(f"{kind}\n{drawing}\n{shown!r}".encode()).hexdigest()


# ------------------------------------------------------------------ the processes


def _pool() -> ProcessPoolExecutor:
    """Begun afresh and not by copying this process, which holds a connection to the database."""
    return ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn"))


def _finished(
    running: set[Future[tuple[Job, str]]], write: Callable[[str], int], made: Made
) -> set[Future[tuple[Job, str]]]:
    """Waits for one at least; answers those that are done."""
    next(as_completed(running))
    done = {one for one in running if one.done()}
    for one in done:
        _note(one, write, made)
    return done


def _note(done: Future[tuple[Job, str]], write: Callable[[str], int], made: Made) -> None:
    job, file = done.result()
    paper = str(Path(job.place.parent.name) / job.place.name)
    write(json.dumps({"paper": paper, "file": file, "fingerprint": job.fingerprint}, ensure_ascii=False) + "\n")
    made.written += 1
