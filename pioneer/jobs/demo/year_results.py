"""上一年度的评定 The township's settlement as rows, of what was taken over from paper and posted."""

from typing import Any

from pioneer.accounts.policies import CLOCK
from pioneer.jobs.demo.extent import moment
from pioneer.jobs.demo.taken_over import aspects_of
from pioneer.jobs.demo.world import Branch, Person
from pioneer.jobs.demo.year_course import Course, Scored
from pioneer.results.loading import load_settlements
from pioneer.results.outcome import digest_of

OPENING = 7000
TIERS = ((9000, "t90", "90分及以上"), (8000, "t80", "80至89分"), (6000, "t60", "60至79分"), (0, "t0", "60分以下"))
OLD = 80


def settle(course: Course) -> None:
    """评定 Everybody of the township, by one of its officers, in the second week of the year after."""
    world = course.world
    rows, aspects, keys = _rows(course)
    results = [
        tuple(keys[row["member_id"]] if name == "member" else row[name] for name in COLUMNS)
        for row in ({**one, "is_zeroed": int(one["is_zeroed"])} for one in rows)
    ]
    figures = [(rows[one["result_id"] - 1]["order"], one["aspect"], one["raw"], one["counted"]) for one in aspects]
    cycle = {"first_on": course.first_on, "last_on": course.last_on}
    place = {"organisation_id": world.townships[0].number, **cycle}
    made_at, by = moment(course.day(1, 12), 10), course.township[0]
    task = {"id": 1, "kind": "results.settle", "owner_number": by, "state": "done", "created_at": made_at}
    settlement = {
        **place, "id": 1, "run_id": 1, "district_id": 1, "number": 1, "version_id": 1, "versions": [1],
        "members": len(rows), "made_on": made_at.date(), "made_at": made_at, "by_number": by,
        "digest": digest_of(results, figures, []),
    }  # fmt: skip
    load_settlements(
        actor=CLOCK,
        tasks=[{**task, "finished_at": made_at}],
        runs=[{**place, "id": 1, "task_id": 1, "asked_by_number": by, "created_at": made_at}],
        settlements=[settlement],
        results=rows,
        aspects=aspects,
        formers=_formers(course, by),
    )
    course.settlement = 1


COLUMNS = (
    *("order", "member", "unit_id", "branch_id", "status", "opening", "positive", "reverse", "outside", "score"),
    *("earned", "tier", "is_zeroed", "why"),
)


def _rows(course: Course) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[int, str]]:
    rows: list[dict[str, Any]] = []
    aspects: list[dict[str, Any]] = []
    keys: dict[int, str] = {}
    on_paper = course.world.on_paper
    for branch in sorted(course.all_branches(), key=lambda one: one.path):
        here = [one for one in branch.roster if one.homes[0][1] is branch and one.number in on_paper]
        for person in here:
            row = _row(course, branch, person, len(rows) + 1)
            rows.append(row)
            keys[person.number] = str(person.key)
            aspects += _aspects(row, len(aspects))
            course.scored.append(Scored(person, branch, row["id"], row["score"], row["tier"]))
    return rows, aspects, keys


def _row(course: Course, branch: Branch, person: Person, place: int) -> dict[str, Any]:
    positive, reverse = course.world.on_paper[person.number]
    exempt = course.world.start.year - person.birth_on.year > OLD
    score = max(0, OPENING + positive + reverse)
    tier = "" if exempt else next(code for lower, code, _ in TIERS if score >= lower)
    return {
        "id": place, "order": place, "settlement_id": 1, "unit_id": branch.community.number,
        "branch_id": branch.number, "member_id": person.number, "status": "exempt" if exempt else "full",
        "opening": OPENING, "positive": positive, "reverse": reverse, "outside": 0, "score": score,
        "earned": tier, "tier": tier, "is_zeroed": False, "why": "exempt" if exempt else "",
    }  # fmt: skip


def _aspects(row: dict[str, Any], before: int) -> list[dict[str, Any]]:
    kept = [(aspect, points) for aspect, points in aspects_of(row["positive"]).items() if points]
    return [
        {"id": before + place, "result_id": row["id"], "aspect": aspect, "raw": points, "counted": points}
        for place, (aspect, points) in enumerate(kept, start=1)
    ]


def _formers(course: Course, by: int) -> list[dict[str, Any]]:
    """What was filed, on paper, of the cycle before: of the branch shown, imported."""
    year, found = course.first_on.year - 1, []
    low = [one for one in course.of(course.shown) if one.tier == "t0"][:1]
    for place, one in enumerate(course.of(course.shown), start=1):
        score = 5600 if one in low else min(10_000, max(6000, one.score - 200))
        lower, code, name = next(row for row in TIERS if score >= row[0])
        found.append({
            "id": place, "member_id": one.person.number, "first_on": course.first_on.replace(year=year),
            "last_on": course.last_on.replace(year=year), "revision": 1, "score": score, "tier": code,
            "tier_name": name, "lower": lower, "unit_name": course.shown.community.name,
            "filing_number": f"演示备〔{year + 1}〕1号", "filed_on": course.first_on.replace(day=25),
            "by_number": by, "created_at": moment(course.day(1, 9), 10),
        })  # fmt: skip
    return found
