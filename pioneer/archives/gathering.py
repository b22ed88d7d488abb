"""收集 Everything that an archive holds, read once into plain facts: the papers, the tables and the file for programs
are all made from these and from nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from pioneer.archives import books, queries, reckoning, year
from pioneer.archives.frame import FORMAT, Frame, Row, name_of, on
from pioneer.files.queries import open_file
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle

Tell = Callable[[int, int], None]
STAGES = 5
MINUTES = "附件-会议记录"


@dataclass(frozen=True, slots=True)
class Gathered:
    """收集到的 The facts, who is named in them, and what is kept beside: by name, its content."""

    facts: Row
    people: tuple[int, ...]
    attached: dict[str, bytes] = field(default_factory=dict)


def gather(branch: Organisation, cycle: Cycle, tell: Tell = lambda done, total: None) -> Gathered:
    """收集 Of a branch and cycle."""
    frame = Frame(branch, queries.unit_of(branch), cycle)
    facts: dict[str, Any] = {"format": FORMAT, **_heading(frame)}
    facts["rulebooks"], facts["supplements"] = reckoning.rulebooks(frame), reckoning.supplements(frame)
    facts["indicators"] = reckoning.indicators(frame)
    facts["roster"] = year.roster(frame)
    tell(1, STAGES)
    facts["notices"] = books.notices(frame, books.publications(frame))
    facts["ledger"] = books.ledger(frame)
    facts["result"] = reckoning.result(frame, facts["rulebooks"], facts["supplements"])
    for name in SECTIONS:
        facts[name] = getattr(year, name)(frame)
    facts["people"] = _people(frame, facts)
    facts["facts_until"] = on(frame.facts_until)
    tell(2, STAGES)
    return Gathered(facts, tuple(sorted(frame.people)), _attached(frame))


def _attached(frame: Frame) -> dict[str, bytes]:
    found = year.minutes(frame)
    if found is None:
        return {}
    with open_file(found) as file:
        return {f"{MINUTES}{PurePath(found.name).suffix.lower()}": file.read()}


SECTIONS = (
    *("zeroings", "announcements", "filings", "amendments", "encouragements", "follow_ups", "commendations"),
    *("nominations", "findings", "cases"),
)


def _heading(frame: Frame) -> Row:
    branch, unit = frame.branch, frame.unit
    above = [int(part) for part in branch.path.strip("/").split("/")][:-1]
    names = Organisation.objects.filter(pk__in=above).order_by("path").values_list("name", flat=True)
    waits = [one.sentence for one in queries.unfinished(branch, frame.cycle)]
    return {
        "branch": {"number": branch.pk, "name": branch.name, "above": list(names)},
        "unit": {"number": unit.pk, "name": unit.name},
        "cycle": {**reckoning.cycle_row(frame), "name": cycle_text(frame.cycle)},
        "state": "provisional" if waits else "whole",
        "unfinished": waits,
    }


def _people(frame: Frame, facts: Row) -> Row:
    """Everybody by key: whom an entry or a row names only by it is told here."""
    keys = {each["member"] for posting in facts["ledger"]["postings"] for each in posting.get("entries", ())}
    for one in Member.objects.filter(key__in=keys):
        frame.people.setdefault(one.pk, one)
    listed = sorted(frame.people.values(), key=lambda one: (one.number, one.pk))
    return {str(one.key): {"number": one.number, "name": name_of(one)} for one in listed}


def figures_of(facts: Row) -> dict[str, int]:
    """有多少 Of each part, for the page and the cover."""
    rows = facts["result"]["rows"] if facts["result"] else []
    return {
        "roster": len(facts["roster"]),
        "notices": len(facts["notices"]),
        "objections": sum(len(one["objections"]) for one in facts["notices"]),
        "postings": sum(1 for one in facts["ledger"]["postings"] if one["own"]),
        "entries": sum(len(one.get("entries", ())) for one in facts["ledger"]["postings"]),
        "results": len(rows),
        "recounted": sum(1 for row in rows if row["recounts"]),
        **{name: len(facts[name]) for name in SECTIONS},
    }
