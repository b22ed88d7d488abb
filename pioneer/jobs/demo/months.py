"""逐月 What happened: claims and their reviews, what the branch entered by itself, the sheets with it all."""

from datetime import date, datetime, timedelta
from typing import Any

from pioneer.assessments import wording
from pioneer.jobs.demo import words
from pioneer.jobs.demo.extent import Month
from pioneer.jobs.demo.sheets import BranchMonth, is_closed, on_roster, set_course, sign
from pioneer.jobs.demo.world import Branch, Person, Row, World
from pioneer.kernel.clock import end_of
from pioneer.scoring import Engine, Fact, Rulebook

WEIGHTS: dict[str, dict[str, float]] = {
    "all": {
        "A2": 2,
        "A3": 8,
        "A4": 2,
        "A5": 0.6,
        "A6": 1,
        "A7": 1,
        "B1": 18,
        "B2": 24,
        "B3": 4,
        "B4": 8,
        "B5": 16,
        "B6": 8,
        "B7": 0.1,
    },
    "rural": {"C1": 1.5, "C2": 1.5, "C3": 1.5},
    "community": {"C4": 18, "C5": 6, "C6": 5},
}
REVERSE = {"N7": 120, "N2": 70, "N4": 18, "N8": 20, "N11": 9, "N12": 6, "N13": 7, "N1": 3, "N5": 3}
REVERSE_SHARE = 0.04  # of members in a month
TOLD_ON_PAPER = "书面告知，本人签收回执（演示）"
TOLD_INSIDE = "站内消息"


def live(world: World, engine: Engine) -> list[BranchMonth]:
    """过日子 All months of all branches, in order of time."""
    diary = _Diary(world, engine)
    sheets = []
    for place, month in enumerate([*world.months, world.current]):
        for branch in world.branches:
            sheets.append(diary.sheet(branch, month, place))
    return sheets


class _Diary:
    """日志 Writes one branch and month after another."""

    def __init__(self, world: World, engine: Engine) -> None:
        self.world = world
        self.rng = world.rng
        self.engine = engine
        self.values: dict[tuple[Any, ...], int] = {}
        self.codes = {track: [*WEIGHTS["all"], *WEIGHTS[track]] for track in ("rural", "community")}
        self.weights = {t: [*WEIGHTS["all"].values(), *WEIGHTS[t].values()] for t in ("rural", "community")}
        self.wordings: dict[tuple[Any, ...], str] = {}

    def sheet(self, branch: Branch, month: Month, place: int) -> BranchMonth:
        """一张考评表"""
        opened = end_of(month.first - timedelta(days=1)) + timedelta(minutes=5)
        sheet = self.world.add(
            "sheet", branch_id=branch.number, year=month.year, month=month.month, opened_at=opened, state="open"
        )
        made = BranchMonth(branch, month, sheet)
        set_course(self.world, made, place)
        for person in branch.roster:
            if on_roster(self.world, person, branch, month) and not is_closed(person, month.last):
                self._person(made, person)
        if month == self.world.current and branch is self.world.branches[0]:
            self._ask(made)
        if made.submitted_at is not None:
            sign(self.world, made)
        return made

    def _ask(self, made: BranchMonth) -> None:
        """The member whose page is shown has a deduction of these days to answer."""
        shown = self.world.sign_ins.get("member")
        person = next((p for p in made.branch.roster if p.user == shown), None)
        day = self.world.today - timedelta(days=1)
        if person is None or day < made.month.first:
            return
        line = self._deduct(made, person, "N7", day)
        if line is not None:
            line.update(statement="", statement_at=None, statement_by_number=None)

    # -------------------------------------------------------------- what

    def _person(self, made: BranchMonth, person: Person) -> None:
        rng = self.rng
        if rng.random() < 0.3 + 0.6 * person.zeal and not person.is_floating:
            self._attendance(made, person)
        for _ in range(int(person.zeal * 2.5 + rng.random())):
            self._claim(made, person)
        if rng.random() < REVERSE_SHARE * (1.4 - person.zeal) and person.status == "full":
            self._reverse(made, person)
        if person.is_floating and rng.random() < 0.012:
            self._deduct(made, person, "N9", self._day(made, person))

    def _day(self, made: BranchMonth, person: Person) -> date:
        """A day of the month on which the member was there already, not after today."""
        first, last = made.month.first, min(made.month.last, self.world.today)
        begins = max([first, *(on for on, branch in person.homes if branch is made.branch and on <= last)])
        return begins + timedelta(days=self.rng.randint(0, (last - begins).days))

    def _attendance(self, made: BranchMonth, person: Person) -> None:
        on = self._meeting(made)
        if on <= self.world.today and person.homes[0][0] <= on:
            at = self.world.at(on, 17, 20)
            self._line(made, person, "A1", on, at, ground="主题党日签到册", by=self._evaluator(made, person))

    def _meeting(self, made: BranchMonth) -> date:
        return made.month.first + timedelta(days=5 + made.branch.number % 20)

    def _claim(self, made: BranchMonth, person: Person) -> None:
        rng, world = self.rng, self.world
        track = made.branch.track
        code = rng.choices(self.codes[track], self.weights[track])[0]
        on = self._day(made, person)
        if rng.random() < 0.008 and made.month != world.months[0] and made.month.month > 1:
            earlier = made.month.before.first + timedelta(days=rng.randint(10, 25))
            on = earlier if person.homes[-1][0] <= earlier else on
        claim = self._declaration(made, person, code, on)
        if rng.random() < 0.01:
            claim["state"] = "withdrawn"
            return
        self._review(made, person, claim)
        if code == "B5" and rng.random() < 0.02 and claim["state"] == "taken":
            claim["event"] = f"申报{claim['id']}"
            twin = self._declaration(made, person, "B2", on, event=claim["event"])
            self._review(made, person, twin)
            for line in made.lines:
                if line["declaration_id"] == claim["id"]:
                    line["event"] = claim["event"]

    def _declaration(self, made: BranchMonth, person: Person, code: str, on: date, event: str = "") -> Row:
        rng, world = self.rng, self.world
        row = self._indicator(code, on)
        quantity = level = None
        if row.value is not None and row.value.shape == "per_unit":
            quantity = rng.choice([100, 200, 300]) if row.value.whole else rng.choice([100, 150, 200, 200, 300, 400])
        if row.value is not None and row.value.shape == "ladder":
            level = rng.choices(["community", "township", "district", "city"], [50, 35, 13, 2])[0]
        place = rng.choice(words.RURAL_PLACES if made.branch.community.is_rural else words.URBAN_PLACES)
        is_proxy = person.user is None
        at = world.at(min(on + timedelta(days=rng.randint(0, 6)), made.month.last, world.today), 8, 21)
        return world.add(
            "declaration",
            member_id=person.number,
            branch_id=made.branch.number,
            indicator=code,
            event_on=on,
            minutes=quantity * 60 // 100 if quantity and code == "B2" else None,
            place=place,
            matter=rng.choice(words.MATTERS[code]).format(place=place, n=rng.randint(2, 12)),
            quantity=quantity,
            level=level or "",
            event=event,
            is_proxy=is_proxy,
            entered_by_number=self._evaluator(made, person) if is_proxy else person.user,
            request_key=world.uuid(),
            created_at=max(at, world.at(on)),
            state="submitted",
        )

    def _review(self, made: BranchMonth, person: Person, claim: Row) -> None:
        rng, world = self.rng, self.world
        at = claim["created_at"] + timedelta(hours=rng.randint(12, 120))
        if made.submitted_at is None and (at > world.now or rng.random() < 0.25):
            return
        if made.submitted_at is not None:
            at = max(claim["created_at"], min(at, made.submitted_at - timedelta(minutes=rng.randint(2, 9))))
        by = self._evaluator(made, person)
        claim["state"] = "taken"
        kind = rng.random()
        outcome, reason, quantity = "accepted", "", claim["quantity"]
        if kind < 0.035:
            outcome = "rejected"
            reason = rng.choice(words.REJECTED).format(day=f"{claim['event_on'].month}月{claim['event_on'].day}日")
        elif kind < 0.055 and claim["indicator"] == "B2" and quantity > 100:
            outcome, quantity = "altered", quantity - 50
            reason = rng.choice(words.ALTERED).format(hours=f"{quantity / 100:g}")
        review = world.add(
            "review",
            declaration_id=claim["id"],
            sheet_id=made.sheet["id"],
            outcome=outcome,
            reason=reason,
            by_number=by,
            created_at=at,
        )
        made.reviews.append((review, person))
        if outcome != "rejected":
            self._line(
                made,
                person,
                claim["indicator"],
                claim["event_on"],
                at,
                by=by,
                quantity=quantity,
                level=claim["level"],
                event=claim["event"],
                declaration_id=claim["id"],
                ground=f"{claim['matter']}（{claim['place']}）",
            )

    def _reverse(self, made: BranchMonth, person: Person) -> None:
        code = self.rng.choices(list(REVERSE), list(REVERSE.values()))[0]
        on = self._day(made, person)
        if made.month.last == on and made.submitted_at is None and self.world.today <= made.month.last:
            return
        self._deduct(made, person, code, on)

    def _deduct(self, made: BranchMonth, person: Person, code: str, on: date) -> Row | None:
        rng, world = self.rng, self.world
        row = self._indicator(code, on)
        more: dict[str, Any] = {}
        if row.prior is not None:
            earlier = on - timedelta(days=rng.randint(12, 60))
            if earlier < person.homes[0][0]:
                return None
            more["education_id"] = self._record(made, person, code, row.prior.kind, earlier)
        if row.needs_decision:
            more["decision"] = "支部委员会会议讨论决定，会议记录在册（演示）"
        if row.needs_words:
            more["words"] = "（演示）言论原文已记录在支部档案中"
        at = world.at(min(on + timedelta(days=rng.randint(0, 1)), made.month.last, world.today), 9, 18)
        line = self._line(
            made,
            person,
            code,
            on,
            max(at, world.at(on)),
            by=self._evaluator(made, person),
            quantity=100 if code == "N4" else None,
            ground=rng.choice(words.REVERSE_GROUNDS[code]),
            **more,
        )
        self._tell(made, person, line)
        return line

    def _record(self, made: BranchMonth, person: Person, code: str, kind: str, on: date) -> int:
        at = self.world.at(on, 10, 17)
        record = self.world.add(
            "record",
            member_id=person.number,
            branch_id=made.branch.number,
            kind=kind,
            indicator=code,
            on=on,
            content="谈话指出问题，本人表示改正（演示）" if kind == "education" else "当面提醒一次，本人知悉（演示）",
            by_number=made.branch.officers["secretary"],
            created_at=at,
            shown_at=at,
            shown_how=TOLD_INSIDE if person.user else TOLD_ON_PAPER,
        )
        return int(record["id"])

    def _tell(self, made: BranchMonth, person: Person, line: Row) -> None:
        """The member is told when the line is entered; who confirms earlier than the wait has the member's answer."""
        at = line["created_at"]
        line["told_at"] = at
        line["told_how"] = TOLD_INSIDE if person.user else TOLD_ON_PAPER
        line["wait_until"] = end_of(self.world.calendar.after(at.date(), 3))
        confirmed = made.confirmed_at
        if (confirmed is not None and confirmed < line["wait_until"]) or self.rng.random() < 0.3:
            answered = at + timedelta(hours=2)
            if confirmed is not None:
                answered = min(answered, confirmed - timedelta(minutes=5))
            if answered < self.world.now:
                line["statement"] = self.rng.choice(["情况属实，我接受。", "当时家里有事，没有来得及说明，今后注意。"])
                line["statement_at"] = max(answered, at)
                line["statement_by_number"] = person.user or line["entered_by_number"]

    def _line(
        self,
        made: BranchMonth,
        person: Person,
        code: str,
        on: date,
        at: datetime,
        *,
        by: int,
        ground: str,
        quantity: int | None = None,
        level: str = "",
        event: str = "",
        **more: Any,
    ) -> Row:
        row = self._indicator(code, on)
        decided = None
        if row.value is not None and row.value.shape == "range":
            decided = row.value.minimum + 50 * self.rng.randint(0, 4)
            more.setdefault("decision", "支部委员会按难度和作用定分（演示）")
        line = self.world.add(
            "line",
            sheet_id=made.sheet["id"],
            member_id=person.number,
            indicator=code,
            event_on=on,
            quantity=quantity,
            level=level,
            event=event,
            value=self._value(code, on, quantity, decided, level, made.branch.track),
            ground=ground,
            wording=self._wording(code, on, quantity, level, bool(more.get("decision"))),
            entered_by_number=by,
            created_at=at,
            **{"declaration_id": None, **more},
        )
        made.lines.append(line)
        return line

    # -------------------------------------------------------------- by whom, worth what

    def _evaluator(self, made: BranchMonth, person: Person) -> int:
        """The recorder; for its own and its relatives' matters somebody else of the branch, else the officer above."""
        officers = made.branch.officers
        for number in (made.branch.recorder, officers.get("committee_member"), officers["secretary"]):
            if number is not None and person.number not in self.world.kin.get(number, ()):
                return number
        return made.branch.community.officer

    def _indicator(self, code: str, on: date) -> Any:
        version = self.engine.version_on(on)
        assert isinstance(version, Rulebook)
        return version.indicators[code]

    def _value(self, code: str, on: date, quantity: int | None, decided: int | None, level: str, track: str) -> int:
        key = (code, quantity, decided, level, track)
        if key not in self.values:
            row = self._indicator(code, on)
            earlier = on - timedelta(days=20) if row.prior else None
            fact = Fact(0, code, on, quantity=quantity, value=decided, level=level or None, education_on=earlier)
            found = self.engine.value(fact, track)
            assert found.mistake is None and found.refusal is None, found
            self.values[key] = found.points
        return self.values[key]

    def _wording(self, code: str, on: date, quantity: int | None, level: str, has_decision: bool) -> str:
        key = (code, quantity, level, has_decision)
        if key not in self.wordings:
            row = self._indicator(code, on)
            self.wordings[key] = wording.propose(row, quantity, level, has_decision=has_decision)
        return self.wordings[key]
