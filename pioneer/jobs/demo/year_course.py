"""一年的安排 The cycle, its units and people, who acts, and the days of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pioneer.accounts.policies import Actor
from pioneer.accounts.queries import posts_of
from pioneer.jobs.demo.extent import moment
from pioneer.jobs.demo.world import Branch, Community, Person, World
from pioneer.kernel import clock

UNITS = 4  # communities of the first township whose year is told
SCORED = 70  # of whom no exemption is asked


@dataclass(frozen=True, slots=True)
class Scored:
    """一人的结果 `result` is the number of its row; points in hundredths."""

    person: Person
    branch: Branch
    result: int
    score: int
    tier: str


@dataclass(slots=True)
class Course:
    """一年的安排 `scored` is filled by the settlement, `held` by the announcements, by community."""

    world: World
    scored: list[Scored] = field(default_factory=list)
    settlement: int = 0
    held: dict[int, Any] = field(default_factory=dict)

    @property
    def last_on(self) -> date:
        return self.world.start - timedelta(days=1)

    @property
    def first_on(self) -> date:
        return self.last_on.replace(month=1, day=1)

    @property
    def units(self) -> list[Community]:
        """通报的单位 The first communities of the first township."""
        return [one for one in self.world.communities if one.township is self.world.townships[0]][:UNITS]

    @property
    def shown(self) -> Branch:
        """示范的支部"""
        return self.world.branches[0]

    @property
    def township(self) -> list[int]:
        """乡镇（街道）的两位党务工作者"""
        return self.world.townships[0].officers

    @property
    def is_told(self) -> bool:
        """有无上一年度 A demo that begins too late in its first year has none."""
        return bool(self.units) and self.world.today >= self.day(3, 15)

    def all_branches(self) -> list[Branch]:
        """这个乡镇（街道）的支部 In the order of the tree."""
        return [one for one in self.world.branches if one.community.township is self.world.townships[0]]

    def branches(self, unit: Community) -> list[Branch]:
        """一个单位的支部"""
        return [one for one in self.world.branches if one.community is unit]

    def day(self, month: int, day: int) -> date:
        """次年某日 Of the year after the cycle."""
        return date(self.world.start.year, month, day)

    def ago(self, days: int) -> date:
        """若干天以前"""
        return self.world.today - timedelta(days=days)

    @contextmanager
    def on(self, day: date, hour: int = 10) -> Iterator[None]:
        """在某日办理"""
        with clock.at(moment(day, hour)):
            yield

    def actor(self, number: int) -> Actor:
        """办事人 With the offices that the person holds on the day."""
        return Actor(number, self.world.of("user")[number - 1]["name"], posts_of(number))

    def of(self, branch: Branch) -> list[Scored]:
        """一个支部的结果"""
        return [one for one in self.scored if one.branch is branch]

    def plain(self, branch: Branch) -> list[Scored]:
        """没有特殊情形的 Full, still in this branch, in no office, neither old nor exempt nor floating."""
        serving = set(branch.officers.values()) | set(self.world.sign_ins.values())
        return [one for one in self.of(branch) if self.is_plain(one.person, branch) and one.person.user not in serving]

    def is_plain(self, person: Person, branch: Branch) -> bool:
        """是否没有特殊情形"""
        young = self.world.today.year - person.birth_on.year < SCORED
        here = len(person.homes) == 1 and person.homes[0][1] is branch and person.gone_on is None
        calm = not person.is_floating and person.exempt_from is None and person.zeroed_on is None
        return here and calm and young and person.status == "full"
