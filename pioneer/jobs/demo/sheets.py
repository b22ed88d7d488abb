"""考评表 When a branch submits, confirms and shows a month's sheet, who signs it, and who stands on it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pioneer.accounts.policies import Role
from pioneer.assessments.policies import WHOLE, Candidate, Part, SecondPerson
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
    reviews: list[tuple[Row, Person]] = field(default_factory=list)
    second: SecondPerson | None = None
    signers: list[Candidate] = field(default_factory=list)
    submitted_at: datetime | None = None
    confirmed_at: datetime | None = None
    published_at: datetime | None = None
    is_taken_over: bool = False


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


def sign(world: World, made: BranchMonth) -> None:
    """签字 Submitted by the recorder; every part confirmed by the first who may, as the assessments station says."""
    branch, sheet = made.branch, made.sheet
    sheet.update(state="submitted", submitted_by_number=branch.recorder, submitted_at=made.submitted_at)
    if made.confirmed_at is None:
        return
    rows = _parts(made)
    made.second = second_person(world, branch, tuple(part for part, _ in rows))
    shares: dict[Candidate, list[tuple[Part, list[Row]]]] = {}
    for part, of_part in rows or [(WHOLE, [])]:
        shares.setdefault(made.second.free_for(part)[0], []).append((part, of_part))
    order = sorted(shares, key=lambda person: -len(shares[person]))
    named = []
    for before, person in zip(reversed(range(len(order))), order, strict=True):
        at = made.confirmed_at - timedelta(minutes=before)
        for _, of_part in shares[person]:
            for row in of_part:
                row.update(confirmed_by_number=person.number, confirmed_at=at)
        if person not in made.second.branch:
            why = made.second.why_above(branch.name, [part for part, _ in shares[person]])
            named.append(f"{why}，由{person.organisation}党务工作者{person.name}代为复核")
    made.signers = order
    last = order[-1]
    sheet.update(state="confirmed", confirmed_by_number=last.number, confirmed_by_role=last.role.value)
    sheet.update(confirmed_at=made.confirmed_at, confirmed_for="；".join(named))


def _parts(made: BranchMonth) -> list[tuple[Part, list[Row]]]:
    """Each line with the review it came of, each rejected claim: as a part, with the rows that are signed."""
    reviews = {review["declaration_id"]: (review, person) for review, person in made.reviews}
    names = {person.number: person.name for person in made.branch.roster}
    found = []
    for line in made.lines:
        review, _ = reviews.get(line["declaration_id"], (None, None))
        rows = [line] if review is None else [line, review]
        handlers = {line["entered_by_number"], *([review["by_number"]] if review else [])}
        found.append((Part(line["member_id"], names[line["member_id"]], frozenset(handlers), line["id"]), rows))
    for review, person in reviews.values():
        if review["outcome"] == "rejected":
            part = Part(person.number, person.name, frozenset({review["by_number"]}), review=review["id"])
            found.append((part, [review]))
    return found


def second_person(world: World, branch: Branch, parts: tuple[Part, ...]) -> SecondPerson:
    """第二人 Who could confirm, of the branch and above it."""

    def candidate(number: int, role: Role, organisation: str) -> Candidate:
        name = world.of("user")[number - 1]["name"]
        recused = frozenset(world.kin.get(number, ()))
        return Candidate(number, name, role, organisation, number == branch.recorder, recused)

    roles = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)
    own = [candidate(branch.officers[role.value], role, branch.name) for role in roles if role.value in branch.officers]
    community = branch.community
    above = candidate(community.officer, Role.COMMUNITY_OFFICER, community.name)
    township = community.township
    highest = [candidate(number, Role.TOWNSHIP_OFFICER, township.name) for number in township.officers]
    return SecondPerson(tuple(own), (above,), tuple(highest), parts)
