"""考评表 When a branch submits, confirms and shows a month's sheet, who signs it, and who stands on it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pioneer.jobs.demo.extent import Month
from pioneer.jobs.demo.world import Branch, Person, Row, World
from pioneer.kernel.clock import end_of

IN_TIME = 0.6  # of the branches have shown the last whole month in time, and it may be posted already


@dataclass(slots=True)
class BranchMonth:
    """一张考评表 Its rows, and when it was submitted, confirmed and published, as far as it got."""

    branch: Branch
    month: Month
    sheet: Row
    lines: list[Row] = field(default_factory=list)
    preparers: set[int] = field(default_factory=set)
    concerned: set[int] = field(default_factory=set)
    submitted_at: datetime | None = None
    confirmed_at: datetime | None = None
    published_at: datetime | None = None


def on_roster(world: World, person: Person, branch: Branch, month: Month) -> bool:
    """在名单上 Whether the branch assesses this member's month: it is there on the last day, and has not died since."""
    if person.branch_on(min(month.last, world.today)) is not branch:
        return False
    return person.status != "deceased" or person.gone_on is None or (person.gone_on - month.last).days >= 25


def is_closed(person: Person, day: date) -> bool:
    """周期是否已清零 Whether a zeroing has closed the cycle; around its document nothing is declared either."""
    if person.zeroed_on is None:
        return False
    until = person.reversed_on or date(person.zeroed_on.year, 12, 31)
    return person.zeroed_on - timedelta(days=65) <= day <= until


def set_course(world: World, made: BranchMonth, place: int) -> None:
    """进程 From a branch's habits: most are in time, some late; the last whole month is still under way."""
    rng = world.rng
    if place == len(world.months):
        return
    if place < len(world.months) - 1:
        late = rng.random() < 0.12
        day = world.calendar.after(made.month.last, rng.randint(6, 9) if late else rng.randint(1, 3))
        made.submitted_at = world.at(day, 9, 15)
        made.confirmed_at = world.at(world.calendar.after(day, 1), 9, 12)
        made.published_at = made.confirmed_at + timedelta(minutes=rng.randint(20, 240))
        return
    begins = end_of(made.month.last)
    spare = (world.now - begins) / timedelta(minutes=1)
    fate = rng.random() if made.branch is not world.branches[0] else 0.7
    if spare < 120 or fate > 0.96:
        return
    published = _in_window(world, made.month)
    if fate < IN_TIME:
        day = world.calendar.after(made.month.last, rng.randint(2, 5))
        published = min(published, world.at(day, 9, 16))
    published = max(published, begins + timedelta(minutes=60))
    made.submitted_at = max(begins + timedelta(minutes=10), published - timedelta(minutes=rng.randint(900, 2000)))
    if fate < 0.92:
        made.confirmed_at = published - timedelta(minutes=rng.randint(15, 40))
    if fate < 0.88:
        made.published_at = published


def _in_window(world: World, month: Month) -> datetime:
    """A moment since the month's end from which the window still runs."""
    days = []
    day = world.today
    while day > month.last and world.calendar.after(day, 5) >= world.today:
        if world.calendar.is_working(day):
            days.append(day)
        day -= timedelta(days=1)
    return world.at(world.rng.choice(days or [world.today]), 9, 16)


def sign(made: BranchMonth) -> None:
    """签字 Submitted by who prepared it, confirmed by a second person free of it, else by the level above."""
    branch, sheet = made.branch, made.sheet
    sheet.update(state="submitted", submitted_by_number=branch.recorder, submitted_at=made.submitted_at)
    made.preparers.add(branch.recorder)
    if made.confirmed_at is None:
        return
    aside = made.preparers | made.concerned
    roles = ("secretary", "deputy_secretary", "committee_member")
    free = [(branch.officers[role], role) for role in roles if branch.officers.get(role) not in {None, *aside}]
    number, role = free[0] if free else _above(made, aside)
    sheet.update(state="confirmed", confirmed_by_number=number, confirmed_by_role=role, confirmed_at=made.confirmed_at)
    if not free:
        recused = any(branch.officers.get(role) in made.concerned for role in roles)
        why = "能复核的人均须回避" if recused else "能复核的人不足两人"
        sheet["confirmed_for"] = f"{branch.name}{why}"


def _above(made: BranchMonth, aside: set[int]) -> tuple[int, str]:
    community = made.branch.community
    if community.officer not in aside:
        return community.officer, "community_officer"
    return community.township.officers[0], "township_officer"
