"""考勤和党费 Who came to the theme day and who paid, in the last whole month and the one that runs."""

import random
from datetime import date, time, timedelta

from pioneer.jobs.demo.extent import Month
from pioneer.jobs.demo.sheets import BranchMonth
from pioneer.jobs.demo.world import Branch, Person, Row, World

THEMES = ["学习党章", "义务植树", "防汛排查", "入户走访", "重温入党誓词", "清洁家园"]
REASONS = ["外出务工", "住院治疗", "值班", "陪护病人", "参加培训"]
AHEAD = timedelta(days=6)


def keep(world: World, sheets: list[BranchMonth]) -> None:
    """登记 What the sheets charged already is linked to what it came from; in the first branch something is left."""
    register = _Register(world)
    for made in sheets:
        if made.month in (world.months[-1], world.current):
            register.meeting(made)
        if made.month == world.months[-1]:
            register.dues(made)
    register.meeting_ahead(world.branches[0])


class _Register:
    """登记簿 With a chance of its own, so that the rest of the district stays as it is."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = random.Random(719)  # noqa: S311  the same district every time; nothing secret

    def meeting(self, made: BranchMonth) -> None:
        """主题党日 On the day of which the sheet's lines speak; not before it was held."""
        branch, world = made.branch, self.world
        on = made.month.first + timedelta(days=5 + branch.number % 20)
        meeting = self._meeting(branch, on, made.month)
        if on >= world.today:
            return
        meeting["recorded_at"] = world.at(on, 17, 20)
        came = {line["member_id"]: line for line in made.lines if line["indicator"] == "A1" and line["event_on"] == on}
        is_open = made.sheet["state"] == "open" and branch is world.branches[0]
        left = 0
        for person in branch.roster:
            line = came.get(person.number)
            if line is None and not _is_expected(person, branch, on):
                continue
            left += is_open and line is None
            self._attended(meeting, person, line, _state(line, left) if is_open else "")

    def _meeting(self, branch: Branch, on: date, month: Month) -> Row:
        return self.world.add(
            "meeting",
            branch_id=branch.number,
            kind="theme",
            on=on,
            starts_at=time(9),
            place="党群服务中心",
            theme=THEMES[month.month % len(THEMES)],
            by_number=branch.recorder,
            created_at=self.world.at(min(on - timedelta(days=3), self.world.today)),
        )

    def _attended(self, meeting: Row, person: Person, line: Row | None, state: str) -> None:
        world = self.world
        state = state or ("present" if line is not None else "leave")
        row = world.add(
            "attendance",
            meeting_id=meeting["id"],
            member_id=person.number,
            state=state,
            by_number=meeting["by_number"],
            created_at=meeting["recorded_at"],
        )
        if state == "leave":
            row["leave_id"] = self._leave(meeting, person, "granted")["id"]
        if line is not None:
            row["taken_at"] = line["created_at"]
            line["attendance_id"] = row["id"]

    def _leave(self, meeting: Row, person: Person, state: str) -> Row:
        decided = {} if state == "asked" else {"decided_by_number": self._granter(meeting, person)}
        row = self.world.add(
            "leave",
            meeting_id=meeting["id"],
            member_id=person.number,
            reason=self.rng.choice(REASONS),
            state=state,
            by_number=person.user if state == "asked" else meeting["by_number"],
            created_at=meeting["created_at"],
            **decided,
        )
        if decided:
            row["decided_at"] = meeting["created_at"]
        return row

    def _granter(self, meeting: Row, person: Person) -> int:
        """Of the branch's people the first who need not step aside."""
        branch = next(one for one in self.world.branches if one.number == meeting["branch_id"])
        serving = list(dict.fromkeys(branch.officers.values()))
        return next((one for one in serving if person.number not in self.world.kin.get(one, ())), serving[0])

    def meeting_ahead(self, branch: Branch) -> None:
        """将开的会 For which the member whose page is shown asks for leave."""
        month = self.world.current
        meeting = self._meeting(branch, self.world.today + AHEAD, month)
        meeting["starts_at"] = time(15)
        shown = self.world.sign_ins.get("member")
        person = next((one for one in branch.roster if one.user == shown), None)
        if person is not None:
            self._leave(meeting, person, "asked")

    def dues(self, made: BranchMonth) -> None:
        """党费 Paid in full and on time, but for whom a line says otherwise, and for one who is left to be charged."""
        owing = {line["member_id"]: line for line in made.lines if line["indicator"] == "N4"}
        is_first = made.branch is self.world.branches[0]
        left = is_first
        for person in made.branch.roster:
            if person.branch_on(made.month.last) is not made.branch or person.status in ("out_of_contact", "deceased"):
                continue
            line = owing.get(person.number)
            is_left = left and line is None and person.user is None and person.exempt_from is None
            left = left and not is_left
            row = self.world.add(
                "dues",
                branch_id=made.branch.number,
                member_id=person.number,
                year=made.month.year,
                month=made.month.month,
                state="unpaid" if line is not None or is_left else "paid",
                fen=None if line is not None or is_left else 500 + 100 * (person.number % 40),
                by_number=made.branch.recorder,
                created_at=self.world.at(made.month.last),
            )
            if line is not None:
                row["taken_at"] = line["created_at"]
                line["dues_id"] = row["id"]


def _state(line: Row | None, left: int) -> str:
    """Of the open sheet's meeting: who has a line came; of the rest one was absent, one late, the others came too."""
    if line is not None:
        return "present"
    return {1: "absent", 2: "late"}.get(left, "present")


def _is_expected(person: Person, branch: Branch, on: date) -> bool:
    is_exempt = person.exempt_from is not None and person.exempt_from <= on
    return person.branch_on(on) is branch and not is_exempt and person.status not in ("out_of_contact", "deceased")
