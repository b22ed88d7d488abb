"""What the tests of assessments share: a rulebook, March's sheet, and short ways to claim, enter, submit, confirm."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from pioneer.accounts.policies import CLOCK, Actor
from pioneer.assessments.claims import review_declaration
from pioneer.assessments.lines import enter_line
from pioneer.assessments.models import Line, Review, Sheet
from pioneer.assessments.services import confirm_sheet, open_sheet, submit_sheet
from pioneer.conduct.models import DeclaredRelation, EducationRecord, ZeroingCase
from pioneer.declarations.models import Declaration
from pioneer.declarations.services import declare
from pioneer.kernel import clock
from tests.world import TODAY, World, adopt_rulebook

MARCH_12 = date(2026, 3, 12)


@dataclass
class Month:
    """March of the first branch, seen on 1 April 2026 unless the test sets the clock."""

    world: World
    sheet: Sheet
    made: int = 0

    def actor(self, who: str) -> Actor:
        return self.world.actor(who)

    def claim(self, name: str = "李桂兰", **changes: Any) -> Declaration:
        member = self.world.member(name)
        user = next((code for code, user in self.world.users.items() if user.pk == member.user_id), "recorder")
        self.made += 1
        form: dict[str, Any] = {
            "indicator": "B5",
            "event_on": MARCH_12,
            "place": "槐园小区",
            "matter": "帮独居老人修水管" if self.made == 1 else f"第{self.made:03}件事",  # no two alike: no doubts
            "request_key": uuid4(),
            **changes,
        }
        return declare(actor=self.actor(user), member_id=member.pk, **form)

    def review(
        self,
        claim: Declaration,
        who: str = "recorder",
        outcome: str = "accepted",
        *,
        on: Sheet | None = None,
        **more: Any,
    ) -> Review:
        return review_declaration(
            actor=self.actor(who), sheet_id=(on or self.sheet).pk, declaration_id=claim.pk, outcome=outcome, **more
        )

    def enter(self, name: str = "李桂兰", who: str = "recorder", *, on: Sheet | None = None, **changes: Any) -> Line:
        form: dict[str, Any] = {"indicator": "N2", "event_on": MARCH_12, "ground": "3月主题党日签到册", **changes}
        return enter_line(
            actor=self.actor(who), sheet_id=(on or self.sheet).pk, member_id=self.world.member(name).pk, **form
        )

    def submit(self, who: str = "recorder") -> Sheet:
        self.sheet.refresh_from_db()
        self.sheet = submit_sheet(actor=self.actor(who), sheet_id=self.sheet.pk, edit=self.sheet.edit)
        return self.sheet

    def confirm(self, who: str = "secretary") -> Sheet:
        self.sheet.refresh_from_db()
        self.sheet = confirm_sheet(actor=self.actor(who), sheet_id=self.sheet.pk, edit=self.sheet.edit)
        return self.sheet

    def done(self) -> Sheet:
        """Submitted, and confirmed when every time to answer is over."""
        self.submit()
        with clock.at(TODAY + timedelta(days=14)):
            return self.confirm()

    def april(self) -> Sheet:
        return open_sheet(actor=CLOCK, branch_id=self.world.branch.pk, year=2026, month=4)

    def relate(self, one: str, other: str, kind: str = "夫妻") -> None:
        DeclaredRelation.objects.create(
            member=self.world.member(one), relative=self.world.member(other), kind=kind, created_at=clock.now()
        )

    def zero(self, name: str = "李桂兰") -> None:
        ZeroingCase.objects.create(
            member=self.world.member(name),
            branch=self.world.branch,
            indicator="Z2",
            document_kind="penalty",
            issuer="某公安分局",
            document_number="1号",
            document_on=date(2026, 3, 20),
            facts="略",
            state="approved",
            answer_until=clock.now(),
            decided_at=clock.now(),
            proposed_at=clock.now(),
        )

    def educate(self, name: str, indicator: str, on: date, kind: str = "education") -> EducationRecord:
        return EducationRecord.objects.create(
            member=self.world.member(name),
            branch=self.world.branch,
            kind=kind,
            indicator=indicator,
            on=on,
            content="谈话一次",
            created_at=clock.noon(on),
            shown_at=clock.noon(on),
        )


@pytest.fixture
def ruled(world: World) -> World:
    """The cast with the shipped rulebook in force."""
    adopt_rulebook(world)
    return world


@pytest.fixture
def month(ruled: World) -> Month:
    """March's sheet, open. The test itself runs on 1 April."""
    return begin(ruled)


def begin(world: World) -> Month:
    """Opens March's sheet by the clock."""
    with clock.at(date(2026, 3, 2)):
        return Month(world, open_sheet(actor=CLOCK, branch_id=world.branch.pk, year=2026, month=3))


@pytest.fixture(autouse=True)
def _first_of_april() -> Any:
    with clock.at(TODAY):
        yield
