"""积分存折的经过 What the rooms of the demo's passbook share: its steps in the order of time, who acts, whose cards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from pioneer.accounts.policies import Actor
from pioneer.jobs.demo.extent import moment
from pioneer.jobs.demo.world import Community, Person
from pioneer.jobs.demo.year_course import Course
from pioneer.kernel import clock

NAMES = UUID("6f1d5d3c-0000-4000-8000-000000000000")


@dataclass(slots=True)
class Life:
    """一个存折的经过 What is to be done, each at its moment; what has been made so far."""

    course: Course
    community: Community
    steps: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    passbook: Any = None
    shops: list[Any] = field(default_factory=list)
    wares: list[Any] = field(default_factory=list)
    holders: list[Person] = field(default_factory=list)
    cards: dict[int, Any] = field(default_factory=dict)
    receipts: dict[int, Any] = field(default_factory=dict)

    def at(self, day: date, hour: int, act: Callable[[], None], minute: int = 0) -> None:
        """记下一步 What would lie in the future does not happen."""
        when = moment(day, hour, minute)
        if when < self.course.world.now:
            self.steps.append((when, act))

    def live(self) -> None:
        """依次办理 In the order of time; of the same moment in the order of the list."""
        for when, act in sorted(self.steps, key=lambda step: step[0]):
            with clock.at(when):
                act()

    def who(self, role: str) -> Actor:
        """办事人"""
        return self.course.actor(self.course.world.sign_ins[role])

    @property
    def card(self) -> str:
        """示范党员的卡号"""
        return str(self.cards[self.holders[0].number].number) if self.holders else ""

    def able(self, place: int, points: int) -> Person | None:
        """够用的持卡人 The holder at that place, or the next who has as much."""
        for step in range(len(self.holders)):
            one = self.holders[(place + step) % len(self.holders)]
            card = self.cards[one.number]
            card.account.refresh_from_db(fields=["balance"])
            if card.account.balance >= points:
                return one
        return None


def key(name: str) -> UUID:
    """单号 The same every time."""
    return uuid5(NAMES, name)
