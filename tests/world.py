"""一个小社会 The cast every test meets: two districts, one street, one town, four branches, invented people.

                  清河示范区 (district)                              外区示范区 (other district)
        槐园街道 (street)              柳沟镇 (township)              外区街道 → 外区社区 → 外区支部
   槐园社区 (urban community)      柳沟村 (rural, community and branch at once)
第一党支部       第二党支部

It writes rows where the program calls operations: built so it takes 0.03 s, by its seventy operations about ten times
as long, before more than a thousand tests. That operations alone make such a house is shown by tests/house.py, on which
tests/test_one_month.py and the story in the browser stand.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from pioneer.accounts.models import Grant, Role, User
from pioneer.accounts.policies import Actor
from pioneer.accounts.queries import actor_of
from pioneer.kernel import clock
from pioneer.members.models import Member, Membership, StatusSpell, TrackSpell
from pioneer.organisations.models import Holiday, HolidayYear, Organisation
from pioneer.rulebook.models import RulebookVersion
from pioneer.scoring import Rulebook, load_text

ROOT = Path(__file__).resolve().parent.parent
START = date(2026, 1, 1)
TODAY = date(2026, 4, 1)  # a Wednesday; 4–6 April is a holiday
LATE = 'name = "超过此时间的申报提请核对"\nvalue = 14\n'
PASSWORD = "先锋-demo-2026"
HOLIDAYS_2026 = [
    *[(date(2026, 1, d), False) for d in (1, 2, 3)],
    (date(2026, 1, 4), True),
    (date(2026, 2, 14), True),
    *[(date(2026, 2, d), False) for d in range(15, 24)],
    (date(2026, 2, 28), True),
    *[(date(2026, 4, d), False) for d in (4, 5, 6)],
    *[(date(2026, 5, d), False) for d in (1, 2, 3, 4, 5)],
    (date(2026, 5, 9), True),
    *[(date(2026, 6, d), False) for d in (19, 20, 21)],
    (date(2026, 9, 20), True),
    *[(date(2026, 9, d), False) for d in (25, 26, 27)],
    *[(date(2026, 10, d), False) for d in range(1, 8)],
    (date(2026, 10, 10), True),
]


@dataclass
class World:
    """Organisations, people (users) and members by their names; `actor("secretary")` is who acts."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def district(self) -> Organisation:
        return self.organisations["district"]

    @property
    def branch(self) -> Organisation:
        """槐园社区第一党支部"""
        return self.organisations["branch"]

    @property
    def second_branch(self) -> Organisation:
        return self.organisations["second_branch"]

    @property
    def village(self) -> Organisation:
        """柳沟村, community and branch at once."""
        return self.organisations["village"]

    def actor(self, who: str) -> Actor:
        return actor_of(self.users[who])

    def member(self, name: str) -> Member:
        return self.members[name]


def build() -> World:
    """Makes the cast. Every user's password is unusable; tests sign in by `client.force_login`."""
    world = World()
    with clock.at(START):
        _holidays()
        _organisations(world)
        _users(world)
        _members(world)
    return world


def _holidays() -> None:
    year = HolidayYear.objects.create(year=2026, source="国务院办公厅关于2026年部分节假日安排的通知")
    Holiday.objects.bulk_create(
        Holiday(year=year, on=on, is_working=working, name="调休上班" if working else "放假")
        for on, working in HOLIDAYS_2026
    )


def _organisations(world: World) -> None:
    def make(code: str, name: str, level: str, parent: str = "", *, branch: bool = False, setting: str = "") -> None:
        above = world.organisations.get(parent)
        made = Organisation.objects.create(
            name=name, level=level, parent=above, path="", is_branch=branch, setting=setting, opened_on=START
        )
        made.path = f"{above.path if above else '/'}{made.pk}/"
        made.save()
        world.organisations[code] = made

    make("district", "清河示范区", "district")
    make("street", "槐园街道", "township", "district")
    make("town", "柳沟镇", "township", "district")
    make("community", "槐园社区", "community", "street", setting="urban")
    make("branch", "槐园社区第一党支部", "branch", "community", branch=True, setting="urban")
    make("second_branch", "槐园社区第二党支部", "branch", "community", branch=True, setting="urban")
    make("village", "柳沟村", "community", "town", branch=True, setting="rural")
    make("other_district", "外区示范区", "district")
    make("other_street", "外区街道", "township", "other_district")
    make("other_community", "外区社区", "community", "other_street", setting="urban")
    make("other_branch", "外区社区党支部", "branch", "other_community", branch=True, setting="urban")


OFFICERS = [
    ("recorder", "解文军", Role.RECORDER, "branch"),
    ("secretary", "王保国", Role.SECRETARY, "branch"),
    ("committee", "罗小红", Role.COMMITTEE_MEMBER, "branch"),
    ("deputy", "曾永福", Role.DEPUTY_SECRETARY, "branch"),
    ("second_recorder", "温如春", Role.RECORDER, "second_branch"),
    ("second_secretary", "卜晓峰", Role.SECRETARY, "second_branch"),
    ("village_secretary", "柳长根", Role.SECRETARY, "village"),
    ("village_recorder", "柳大妮", Role.RECORDER, "village"),
    ("community_officer", "段雅文", Role.COMMUNITY_OFFICER, "community"),
    ("township_officer", "纪明", Role.TOWNSHIP_OFFICER, "street"),
    ("second_township_officer", "苗青", Role.TOWNSHIP_OFFICER, "street"),
    ("town_officer", "石头", Role.TOWNSHIP_OFFICER, "town"),
    ("district_officer", "郝建国", Role.DISTRICT_OFFICER, "district"),
    ("second_district_officer", "宁静", Role.DISTRICT_OFFICER, "district"),
    ("auditor", "申严", Role.AUDITOR, "district"),
    ("system_admin", "安可", Role.SYSTEM_ADMIN, "district"),
    ("security_admin", "关守信", Role.SECURITY_ADMIN, "district"),
    ("other_secretary", "外一", Role.SECRETARY, "other_branch"),
    ("other_recorder", "外二", Role.RECORDER, "other_branch"),
    ("other_township_officer", "外三", Role.TOWNSHIP_OFFICER, "other_street"),
    ("other_district_officer", "外四", Role.DISTRICT_OFFICER, "other_district"),
]


def _users(world: World) -> None:
    for number, (code, name, role, at) in enumerate(OFFICERS, start=1):
        user = User(login=f"G{number:05d}", phone=f"199000{number:05d}", name=name, created_at=clock.now())
        user.organisation = world.organisations[at]
        user.set_unusable_password()
        user.save()
        Grant.objects.create(user=user, role=role, organisation=world.organisations[at], from_on=START)
        world.users[code] = user


# name, branch, track, user code (or "" where the member has no account), status
MEMBERS = [
    ("王保国", "branch", "community", "secretary", "full"),
    ("李桂兰", "branch", "community", "guilan", "full"),
    ("张㛃", "branch", "community", "", "full"),
    ("曾永福", "branch", "community", "deputy", "full"),
    ("单雪琴", "branch", "community", "xueqin", "full"),
    ("解文军", "branch", "community", "recorder", "full"),
    ("罗小红", "branch", "community", "committee", "full"),
    ("喆䶮堃", "branch", "community", "", "probationary"),
    ("温如春", "second_branch", "community", "second_recorder", "full"),
    ("卜晓峰", "second_branch", "community", "second_secretary", "full"),
    ("柳长根", "village", "rural", "village_secretary", "full"),
    ("柳大妮", "village", "rural", "village_recorder", "full"),
    ("柳满仓", "village", "rural", "mancang", "full"),
    ("外一", "other_branch", "community", "other_secretary", "full"),
    ("外五", "other_branch", "community", "other_member", "full"),
]


def _members(world: World) -> None:
    for number, (name, branch, track, code, status) in enumerate(MEMBERS, start=1):
        organisation = world.organisations[branch]
        if code and code not in world.users:
            user = User(login=f"M{number:05d}", phone=f"198000{number:05d}", name=name, created_at=clock.now())
            user.organisation = organisation
            user.set_unusable_password()
            user.save()
            world.users[code] = user
        member = Member.objects.create(
            district_id=organisation.district_number,
            number=f"M{number:05d}",
            name=name,
            joined_on=date(2001, 7, 1) if status == "full" else date(2025, 9, 1),
            birth_on=date(1956, 3, 8) if name == "李桂兰" else date(1975, 5, number),
            user=world.users.get(code),
            position=number,
            created_at=clock.now(),
        )
        Membership.objects.create(member=member, branch=organisation, from_on=START)
        StatusSpell.objects.create(member=member, status=status, from_on=START)
        TrackSpell.objects.create(member=member, track=track, from_on=START)
        world.members[name] = member


SUPPLEMENT = """
[supplement]
indicators = 3
points = 2
caps = { month = 3, year = 8 }
aspect = "B"
clause = "第三条"
provenance = "assumed"
"""


def adopt_rulebook(world: World, district: str = "district", more: str = "") -> RulebookVersion:
    """采用办法 The shipped rulebook, adopted for a district by its two officers, valid since 2019. `more`: what is put
    at the end of its text, as SUPPLEMENT, by which branches may add indicators."""
    text = (ROOT / "rulebooks" / "jiancaoping" / "rulebook.toml").read_text(encoding="utf-8") + more
    # the cast declares in April what it did in early March, and later still: that alone shall raise no doubt here
    text = text.replace(LATE, LATE.replace("14", "400"))
    found = _read(text)
    first, second = ("district_officer", "second_district_officer")
    return RulebookVersion.objects.create(
        district=world.organisations[district],
        number=1,
        name=found.meta.name,
        text=text,
        digest=found.digest,
        valid_from=found.meta.valid_from,
        state=RulebookVersion.State.ADOPTED,
        drafted_by_number=world.users[first].pk,
        drafted_at=clock.noon(START),
        adopted_by_number=world.users[second].pk,
        adopted_at=clock.noon(START),
    )


@cache
def _read(text: str) -> Rulebook:
    """Half the tests adopt the same one."""
    found = load_text(text).rulebook
    assert found is not None
    return found
