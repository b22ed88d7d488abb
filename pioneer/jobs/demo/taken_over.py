"""结转 The first township comes from paper at the end of November of the year before: a take-over sheet per branch,
shown, closed and posted in December. What stands on it is all that the year's settlement counts.

It throws dice of its own, so that the months after it stay as they are.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from pioneer.jobs.demo.extent import Month, moment
from pioneer.jobs.demo.sheets import BranchMonth, on_roster, sign
from pioneer.jobs.demo.world import Branch, Person, World
from pioneer.jobs.demo.year_course import Course
from pioneer.kernel.points import show
from pioneer.scoring import Engine, Indicator

LOWEST = 2  # of the branch shown: one is being taken up, one has a case
GROUND = "{year}年纸质台账和各月公示（演示），存支部档案柜"
"""By aspect the indicators whose totals are taken over, filled one after the other up to what a year may hold."""
ADDED: dict[str, dict[str, tuple[tuple[str, int], ...]]] = {
    "rural": {"A": (("A1", 800), ("A3", 600)), "B": (("B2", 1200), ("B1", 1000)), "C": (("C3", 900), ("C1", 600))},
    "community": {"A": (("A1", 800), ("A3", 600)), "B": (("B2", 1200), ("B5", 1200)), "C": (("C4", 1200),)},
}
MISSED, LATE = ("N2", 200), ("N7", 50)


@contextmanager
def own_dice(world: World) -> Iterator[None]:
    """另掷骰子 Within it nothing shifts what comes after."""
    kept, world.rng = world.rng, random.Random(world.founded.year)  # noqa: S311  the same every time
    try:
        yield
    finally:
        world.rng = kept


def carry(world: World, engine: Engine) -> list[BranchMonth]:
    """结转 None where the demo tells of no year before."""
    course = Course(world)
    if not course.is_told:
        return []
    with own_dice(world):
        return [_sheet(course, engine, one) for one in course.all_branches()]


def aspects_of(positive: int) -> dict[str, int]:
    """各方面的加分 About two fifths, two fifths, one fifth, in halves of a point."""
    halves = positive // 50
    first = halves * 2 // 5
    return {"A": 50 * first, "B": 50 * first, "C": 50 * (halves - 2 * first)}


def _sheet(course: Course, engine: Engine, branch: Branch) -> BranchMonth:
    world, calendar = course.world, course.world.calendar
    month = Month(world.founded.year, 11)
    opened_on = calendar.after(month.last, 1)
    sheet = world.add(
        "sheet", branch_id=branch.number, year=month.year, month=month.month, kind="takeover",
        taken_over_on=month.last, reason=GROUND.format(year=month.year), opened_at=moment(opened_on, 9), state="open",
    )  # fmt: skip
    made = BranchMonth(branch, month, sheet, is_taken_over=True)
    made.submitted_at = moment(calendar.after(opened_on, 1), 15)
    made.confirmed_at = moment(calendar.after(opened_on, 2), 10)
    made.published_at = moment(calendar.after(opened_on, 2), 14, world.rng.randrange(60))
    here = [one for one in branch.roster if on_roster(world, one, branch, month)]
    lowest = _lowest(course, branch)
    version = engine.version_on(month.last)
    assert version is not None
    for person in here:
        world.on_paper[person.number] = _points(course, person, person in lowest)
        for code, points in _totals(branch, *world.on_paper[person.number]):
            _line(world, made, person, version.indicators[code], points)
    sign(world, made)
    return made


def _lowest(course: Course, branch: Branch) -> list[Person]:
    serving = set(branch.officers.values()) | set(course.world.sign_ins.values())
    plain = [one for one in branch.roster if course.is_plain(one, branch) and one.user not in serving]
    plain.sort(key=lambda one: (one.user is None, one.number))  # who has an account answers on its page
    return plain[: LOWEST if branch is course.shown else 1] if len(plain) > 3 else []


def _points(course: Course, person: Person, is_low: bool) -> tuple[int, int]:
    """Additions by zeal in halves of a point, now and then a deduction."""
    rng = course.world.rng
    if is_low:
        return 50 * rng.randint(0, 3), -100 * rng.randint(12, 16)
    shown = person.user is not None and person.user == course.world.sign_ins.get("member")
    least = 20 if person.homes[0][1] is course.shown and rng.random() > 0.2 else 0  # not too many to follow up there
    halves = max(least, round(12 + person.zeal * 30 + rng.gauss(0, 5))) if not shown else 46
    return 50 * max(0, halves), 0 if shown or rng.random() > 0.12 else -50 * rng.randint(1, 8)


def _totals(branch: Branch, positive: int, reverse: int) -> Iterator[tuple[str, int]]:
    for aspect, points in aspects_of(positive).items():
        left = points
        for code, most in ADDED[branch.track][aspect]:
            if part := min(left, most):
                yield code, part
            left -= part
        assert not left, show(left)
    missed = -reverse // MISSED[1] * MISSED[1] if reverse <= -1000 else 0
    if missed:
        yield MISSED[0], -missed
    if rest := -reverse - missed:
        yield LATE[0], -rest


def _line(world: World, made: BranchMonth, person: Person, row: Indicator, points: int) -> None:
    on: date = made.sheet["taken_over_on"]
    at: datetime = made.sheet["opened_at"]
    by = made.branch.recorder
    if person.number in world.kin.get(by, ()):  # of itself and its relatives another enters what stood on paper
        by = made.branch.officers.get("committee_member", made.branch.community.officer)
    if person.number in world.kin.get(by, ()):
        by = made.branch.community.officer
    made.lines.append(
        world.add(
            "line", sheet_id=made.sheet["id"], member_id=person.number, indicator=row.code, event_on=on, quantity=None,
            level="", event="", value=points, carried=True, ground=made.sheet["reason"],
            wording=f"{row.name}（结转至{on.month}月{on.day}日的累计）", entered_by_number=by, created_at=at,
            declaration_id=None,
        )
    )  # fmt: skip
