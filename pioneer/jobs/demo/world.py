"""虚构的区 What the stages of the demo share: the rows of each table, and the people and branches behind them."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from pioneer.jobs.demo.extent import Extent, HolidayTable, Month, holiday_tables, months_before, working_calendar
from pioneer.kernel import clock
from pioneer.kernel.workdays import Calendar

Row = dict[str, Any]


@dataclass(slots=True)
class Township:
    """乡镇、街道"""

    number: int
    name: str
    officers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Community:
    """村、社区"""

    number: int
    name: str
    township: Township
    is_rural: bool
    officer: int = 0


@dataclass(slots=True)
class Branch:
    """支部 `officers` are account numbers by role; `size` how many members it is given."""

    number: int
    name: str
    path: str
    community: Community
    size: int = 0
    officers: dict[str, int] = field(default_factory=dict)
    roster: list["Person"] = field(default_factory=list)

    @property
    def track(self) -> str:
        return "rural" if self.community.is_rural else "community"

    @property
    def recorder(self) -> int:
        return self.officers.get("recorder") or self.officers["secretary"]


@dataclass(slots=True)
class Person:
    """虚构的党员 `homes` says which branch from which day; `zeal` how much it takes part, 0 to 1."""

    number: int
    key: uuid.UUID
    name: str
    homes: list[tuple[date, Branch]]
    zeal: float
    birth_on: date
    status: str = "full"
    user: int | None = None
    joined_on: date | None = None
    gone_on: date | None = None
    is_floating: bool = False
    exempt_from: date | None = None
    zeroed_on: date | None = None
    reversed_on: date | None = None

    def branch_on(self, day: date) -> Branch | None:
        """某日所在支部"""
        if self.gone_on is not None and day >= self.gone_on:
            return None
        found = None
        for from_on, branch in self.homes:
            if from_on <= day:
                found = branch
        return found


class World:
    """虚构的区 `rows` by table; a row's id is its place in its table."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self.rng = random.Random(2026)  # noqa: S311  the same district every time; nothing secret
        self.now: datetime = clock.now()
        self.today: date = clock.today()
        self.months: list[Month] = months_before(self.today, extent.months)
        self.current = Month(self.today.year, self.today.month)
        self.start = date(self.months[0].year, 1, 1)
        self.founded = self.start.replace(year=self.start.year - 1)  # the first township is a year ahead of the others
        self.tables: list[HolidayTable] = holiday_tables(self.founded.year, self.today.year + 1)
        self.calendar: Calendar = working_calendar(self.tables)
        self.rows: dict[str, list[Row]] = {}
        self.townships: list[Township] = []
        self.communities: list[Community] = []
        self.branches: list[Branch] = []
        self.people: list[Person] = []
        self.sign_ins: dict[str, int] = {}
        self.on_paper: dict[int, tuple[int, int]] = {}  # of the year before: additions and deductions by member

    def since(self, organisation: int) -> date:
        """从哪天起有"""
        found: date = self.rows["organisation"][organisation - 1]["opened_on"]
        return found

    def add(self, table: str, **row: Any) -> Row:
        """添一行 Gives it the next id of its table."""
        rows = self.rows.setdefault(table, [])
        row["id"] = len(rows) + 1
        rows.append(row)
        return row

    @cached_property
    def kin(self) -> dict[int, set[int]]:
        """须回避的党员 Of each account its own member and that one's declared relatives, once everybody is settled."""
        found = {person.user: {person.number} for person in self.people if person.user is not None}
        users = {person.number: person.user for person in self.people}
        for row in self.of("relation"):
            for one, other in ((row["member_id"], row["relative_id"]), (row["relative_id"], row["member_id"])):
                if (user := users[one]) is not None:
                    found[user].add(other)
        return found

    def of(self, table: str) -> list[Row]:
        """一张表的行"""
        return self.rows.get(table, [])

    def uuid(self) -> uuid.UUID:
        """随机编号 The same every time."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def hex(self, characters: int = 32) -> str:
        """随机十六进制"""
        return f"{self.rng.getrandbits(characters * 4):0{characters}x}"

    def chance(self, share: float) -> bool:
        """是否发生"""
        return self.rng.random() < share

    def at(self, day: date, first_hour: int = 8, last_hour: int = 20) -> datetime:
        """某日某时 A moment of the day, never after the present."""
        hour, minute = self.rng.randint(first_hour, last_hour), self.rng.randint(0, 59)
        found = datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI)
        return min(found, self.now - timedelta(minutes=1 + minute % 30))
