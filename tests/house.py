"""一个新区 Made from an empty database by operations alone: the district, its officers, one branch with four people in
office, the shipped rulebook drafted by one and adopted by another. Nobody is on the roster yet."""

from datetime import date

import pytest

from pioneer.accounts.models import User
from pioneer.accounts.policies import SETUP, VISITOR, Actor, Role
from pioneer.accounts.queries import actor_of
from pioneer.accounts.services import create_user, grant_role, set_up
from pioneer.accounts.slips import use_slip
from pioneer.kernel.errors import DomainError
from pioneer.organisations.holidays import load_holiday_year
from pioneer.organisations.models import Organisation
from pioneer.organisations.services import create_organisation
from pioneer.rulebook.services import adopt_version, draft_version
from tests.workbooks.people import number
from tests.world import PASSWORD, ROOT

FEBRUARY = date(2026, 2, 25)
ROSTER = [
    ["槐园社区第一党支部党员花名册", "", "", "", ""],
    ["党员姓名", "公民身份号码", "入党时间", "党员类别", "联系电话"],
    ["李桂兰", number("19560308"), "1987.07", "正式党员", "19700000001"],
    ["张㛃", number("19810522"), "2010年7月1日", "正式党员", ""],
    ["喆䶮堃", number("19990101"), "2025-9-1", "预备党员", ""],
    ["单雪琴", 1.40108197e17, "2001-7-1", "正式党员", ""],  # rounded by the spreadsheet: wrong, and said so
]


class House:
    """The people, by a word each."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.number = 0

    def actor(self, who: str) -> Actor:
        return actor_of(self.users[who])

    def officer(self, code: str, name: str, role: Role, at: Organisation) -> None:
        self.number += 1
        made = create_user(
            actor=self.actor("system"), organisation_id=at.pk, name=name, phone=f"1990000{self.number:04d}"
        )
        grant_role(actor=self.actor("security"), user_id=made.pk, role=role, organisation_id=at.pk)
        self.users[code] = made


def build_house() -> tuple[House, Organisation]:
    """A district, a street, a community, a branch; two officers of the district, four people of the branch."""
    house = House()
    made = set_up(
        actor=SETUP,
        district="清河示范区",
        system_admin=("安可", "19900009001"),
        security_admin=("关守信", "19900009002"),
    )
    district = Organisation.objects.get()
    for slip in (made.system_admin, made.security_admin):
        use_slip(actor=VISITOR, login=slip.user.phone or "", code=slip.code, password=PASSWORD)
    house.users |= {"system": made.system_admin.user, "security": made.security_admin.user}
    load_holiday_year(actor=house.actor("system"), year=2026)
    house.officer("district", "郝建国", Role.DISTRICT_OFFICER, district)
    house.officer("second_district", "宁静", Role.DISTRICT_OFFICER, district)

    def found(parent: Organisation, name: str, setting: str = "") -> Organisation:
        return create_organisation(
            actor=house.actor("district"), parent_id=parent.pk, name=name, on=FEBRUARY, setting=setting
        )

    street = found(district, "槐园街道")
    branch = found(found(street, "槐园社区", "urban"), "槐园社区第一党支部")
    for code, name, role in (
        ("recorder", "解文军", Role.RECORDER),
        ("secretary", "王保国", Role.SECRETARY),
        ("deputy", "曾永福", Role.DEPUTY_SECRETARY),
        ("committee", "罗小红", Role.COMMITTEE_MEMBER),
    ):
        house.officer(code, name, role, branch)
    return house, branch


def adopt(house: House, district_id: int) -> None:
    """Drafted by one, adopted by another."""
    text = (ROOT / "rulebooks" / "jiancaoping" / "rulebook.toml").read_bytes()
    draft = draft_version(actor=house.actor("district"), district_id=district_id, text=text)
    with pytest.raises(DomainError):
        adopt_version(actor=house.actor("district"), version_id=draft.pk)
    adopt_version(actor=house.actor("second_district"), version_id=draft.pk)
