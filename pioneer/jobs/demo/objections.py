"""异议 What residents objected to, what was answered, and until when posting therefore waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pioneer.jobs.demo import words
from pioneer.jobs.demo.sheets import BranchMonth
from pioneer.jobs.demo.world import Row, World
from pioneer.kernel.clock import end_of
from pioneer.scoring import Procedure

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SHARE = 0.035  # of notices met with an objection
NAMES = ["热心居民", "居民老李", "", ""]


@dataclass(slots=True)
class Outcome:
    """结果 Until when posting waits (None: still open), and the line struck at a moment, where one was upheld."""

    waits_until: datetime | None
    row: Row
    struck_at: datetime | None = None
    struck: Row | None = None


def object_to(world: World, made: BranchMonth, publication: Row, procedure: Procedure) -> Outcome | None:
    """提异议 To one line of a notice, now and then; None where nobody objects."""
    rng = world.rng
    is_last = made.month == world.months[-1]
    officers = set(made.branch.officers.values())
    serving = {person.number for person in made.branch.roster if person.user in officers}
    lines = [line for line in made.lines if line["value"] > 0 and line["member_id"] not in serving]
    share = SHARE * (3 if is_last else 1)
    is_shown = made.branch is world.branches[0]
    wanted = is_last if is_shown else rng.random() < share
    if not lines or not wanted or len(officers) < 3:
        return None
    line = rng.choice(lines)
    created = publication["published_at"] + timedelta(hours=rng.randint(3, 50))
    created = min(created, publication["closes_at"] - timedelta(minutes=30))
    if created > world.now - timedelta(minutes=20):
        return None
    case = _Case(world, made, procedure, publication, line, created)
    return case.wait() if is_shown else case.run()


def _receipt(world: World) -> str:
    letters = "".join(world.rng.choice(LETTERS) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


class _Case:
    """一条异议 From its receipt to its answer, as far as time has come."""

    def __init__(
        self, world: World, made: BranchMonth, procedure: Procedure, publication: Row, line: Row, created: datetime
    ) -> None:
        self.world = world
        self.rng = world.rng
        self.made = made
        self.procedure = procedure
        self.line = line
        self.created = created
        self.row = world.add(
            "objection",
            publication_id=publication["id"],
            line_id=line["id"],
            receipt=_receipt(world),
            text="",
            objector_name=world.rng.choice(NAMES),
            request_key=world.uuid(),
            created_at=created,
            due_at=self._after(created, procedure.objection_answer.value),
            state="open",
        )

    def wait(self) -> Outcome:
        """Against the branch that is shown: there for its secretary to answer."""
        self.row["text"] = words.OBJECTIONS[0][0]
        return Outcome(None, self.row)

    def run(self) -> Outcome:
        is_upheld = self.rng.random() < 0.3
        text, answer, public = self.rng.choice(words.UPHELD if is_upheld else words.OBJECTIONS)
        self.row["text"] = text
        answered = self._later(self.created, self.rng.randint(1, 4))
        if answered > self.world.now:
            return Outcome(None, self.row)
        by = self._answerer()
        self.row.update(
            state="upheld" if is_upheld else "rejected",
            answer=answer,
            public_answer=public,
            answered_by_number=by,
            answered_at=answered,
            escalate_until=self._after(answered, self.procedure.objection_referral.value),
            new_by_number=by if is_upheld else None,
        )
        if is_upheld:
            return self._upheld(answered)
        if self.rng.random() < 0.25:
            return self._township(answered)
        return Outcome(self.row["escalate_until"], self.row)

    def _upheld(self, at: datetime) -> Outcome:
        return Outcome(self.row["escalate_until"], self.row, at, self.line)

    def _township(self, answered: datetime) -> Outcome:
        escalated = self._later(answered, self.rng.randint(1, 3))
        if escalated > self.world.now:
            return Outcome(self.row["escalate_until"], self.row)
        due = self._after(escalated, self.procedure.township_answer.value)
        self.row.update(state="township", escalated_at=escalated, escalated_why="对支部答复不服", due_at=due)
        final = self._later(escalated, self.rng.randint(2, 6))
        if final > self.world.now:
            return Outcome(None, self.row)
        self.row.update(
            state="final_rejected",
            final_answer="经调阅签到册和照片，支部答复属实，予以维持。",
            final_by_number=self.made.branch.community.township.officers[0],
            final_at=final,
        )
        return Outcome(final, self.row)

    def _answerer(self) -> int:
        officers = self.made.branch.officers
        return int(officers["secretary"])

    def _after(self, at: datetime, days: int) -> datetime:
        return end_of(self.world.calendar.after(at.date(), days))

    def _later(self, at: datetime, days: int) -> datetime:
        day = self.world.calendar.after(at.date(), days)
        return datetime.combine(day, at.timetz()).replace(hour=self.rng.randint(9, 17))
