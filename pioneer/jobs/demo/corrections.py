"""更正 Now and then a branch takes back what it has posted: a line of its own on a later sheet, told and answered."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pioneer.assessments.policies import Candidate, Part
from pioneer.jobs.demo.months import TOLD_INSIDE, TOLD_ON_PAPER
from pioneer.jobs.demo.sheets import BranchMonth
from pioneer.jobs.demo.world import Person, Row, World
from pioneer.kernel.clock import end_of

SHARE = 0.03  # of sheets


def correct(
    world: World, made: BranchMonth, people: Iterable[Person], posted: Iterable[tuple[datetime, Row]]
) -> Row | None:
    """冲正 One addition posted before this sheet was prepared, of a member still on it. Answers what was taken back."""
    if not world.chance(SHARE) or made.submitted_at is None:
        return None
    at = made.submitted_at - timedelta(minutes=20)
    here = {person.number: person for person in people}
    free = [
        line
        for posted_at, line in posted
        if posted_at < at
        and line["value"] > 0
        and not line["event"]
        and line["event_on"].year == made.month.year
        and line["member_id"] in here
        and line["member_id"] not in world.kin.get(made.branch.recorder, ())
        and _signer(made, here[line["member_id"]]) is not None
        and here[line["member_id"]].zeroed_on is None
    ]
    if not free:
        return None
    wrong = world.rng.choice(free)
    made.lines.append(_take_back(world, made, here[wrong["member_id"]], wrong, at))
    return wrong


def _signer(made: BranchMonth, person: Person) -> Candidate | None:
    """Who confirms the correction: somebody of the branch, or who confirmed the whole sheet."""
    if made.second is None:
        return None
    signer = made.second.free_for(Part(person.number, handlers=frozenset({made.branch.recorder})))[0]
    return signer if signer in made.second.branch or made.signers == [signer] else None


def _take_back(world: World, made: BranchMonth, person: Person, wrong: Row, at: datetime) -> Row:
    signer = _signer(made, person)
    assert signer is not None
    return world.add(
        "line",
        sheet_id=made.sheet["id"],
        member_id=person.number,
        indicator=wrong["indicator"],
        event_on=wrong["event_on"],
        event="",
        quantity=None,
        level="",
        value=0,
        ground="复查签到册，当天未参加，原条目记错（演示）",
        wording=f"更正：{wrong['wording']}",
        corrects_id=wrong["id"],
        entered_by_number=made.branch.recorder,
        created_at=at,
        confirmed_by_number=signer.number,
        confirmed_at=made.confirmed_at,
        told_at=at,
        told_how=TOLD_INSIDE if person.user else TOLD_ON_PAPER,
        wait_until=end_of(world.calendar.after(at.date(), 3)),
        statement="核对过了，是记错了，同意更正。",
        statement_at=at + timedelta(minutes=10),
        statement_by_number=person.user or made.branch.recorder,
    )
