"""accounts.grant_role"""

from datetime import date

import pytest

from pioneer.accounts import policies
from pioneer.accounts.models import Grant, Role, User
from pioneer.accounts.queries import actor_of
from pioneer.accounts.services import create_user, grant_role
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.at(TODAY):
        yield


def give(world: World, who: str, whom: str, role: str, where: str, from_on: date | None = None) -> Grant:
    return grant_role(
        actor=world.actor(who),
        user_id=world.users[whom].pk,
        role=role,
        organisation_id=world.organisations[where].pk,
        from_on=from_on,
    )


def test_it_works_and_holds_from_today(world: World) -> None:
    grant = give(world, "township_officer", "guilan", "recorder", "branch")
    assert grant.granted_by_number == world.users["township_officer"].pk
    held = actor_of(world.users["guilan"]).grants
    assert [(one.role, one.name) for one in held] == [(Role.RECORDER, "槐园社区第一党支部")]


def test_it_is_audited_with_the_role(world: World) -> None:
    give(world, "township_officer", "guilan", "recorder", "branch")
    event = AuditEvent.objects.get(operation="accounts.grant_role")
    assert event.arguments["role"] == "recorder"
    assert "李桂兰" not in str(event.arguments)


def test_one_that_begins_later_holds_then(world: World) -> None:
    give(world, "township_officer", "guilan", "recorder", "branch", date(2026, 5, 1))
    assert not actor_of(world.users["guilan"]).grants
    with clock.at(date(2026, 5, 1)):
        assert actor_of(world.users["guilan"]).grants


def test_it_never_reaches_back(world: World) -> None:
    with pytest.raises(BadInput, match="不能追溯"):
        give(world, "township_officer", "guilan", "recorder", "branch", date(2026, 3, 31))


MATRIX = [
    # who, role, where, may?
    ("township_officer", "recorder", "branch", True),
    ("township_officer", "secretary", "branch", True),
    ("township_officer", "shopkeeper", "community", True),
    ("district_officer", "secretary", "branch", True),
    ("district_officer", "secretary", "village", True),
    ("security_admin", "recorder", "branch", True),
    ("security_admin", "community_officer", "community", True),
    ("security_admin", "township_officer", "street", True),
    ("security_admin", "district_officer", "district", True),
    ("security_admin", "auditor", "district", True),
    ("security_admin", "system_admin", "district", True),
    ("township_officer", "community_officer", "community", False),
    ("township_officer", "township_officer", "street", False),
    ("district_officer", "township_officer", "street", False),
    ("district_officer", "security_admin", "district", False),
    ("system_admin", "recorder", "branch", False),
    ("system_admin", "township_officer", "street", False),
    ("system_admin", "security_admin", "district", False),
    ("secretary", "recorder", "branch", False),
    ("community_officer", "recorder", "branch", False),
]


@pytest.mark.parametrize(("who", "role", "where", "allowed"), MATRIX)
def test_each_role_is_granted_by_whom_the_table_names(
    world: World, who: str, role: str, where: str, allowed: bool
) -> None:
    if allowed:
        assert give(world, who, "guilan", role, where).role == role
    else:
        with pytest.raises(NotAllowed):
            give(world, who, "guilan", role, where)
        assert not Grant.objects.filter(user=world.users["guilan"]).exists()


@pytest.mark.parametrize("who", ["security_admin", "township_officer", "district_officer", "system_admin"])
@pytest.mark.parametrize("role", ["secretary", "district_officer", "security_admin"])
def test_nobody_grants_to_oneself(world: World, who: str, role: str) -> None:
    where = "branch" if role == "secretary" else "district"
    with pytest.raises(NotAllowed, match="本人的任职由他人办理"):
        give(world, who, who, role, where)


@pytest.mark.parametrize(("who", "where"), [("town_officer", "branch"), ("other_township_officer", "branch")])
def test_officers_see_nobody_outside_their_own_subtree(world: World, who: str, where: str) -> None:
    with pytest.raises(NotVisible):
        give(world, who, "guilan", "recorder", where)


def test_an_organisation_of_another_district_does_not_exist(world: World) -> None:
    with pytest.raises(NotVisible):
        give(world, "security_admin", "guilan", "recorder", "other_branch")


@pytest.mark.parametrize(
    ("role", "where"),
    [
        ("recorder", "community"),
        ("secretary", "street"),
        ("township_officer", "district"),
        ("community_officer", "branch"),
        ("auditor", "street"),
        ("merchant", "district"),
    ],
)
def test_a_role_exists_only_at_its_level(world: World, role: str, where: str) -> None:
    with pytest.raises(DomainError) as refusal:
        give(world, "security_admin", "guilan", role, where)
    assert refusal.value.code == "role_does_not_fit"


def test_a_village_that_is_a_branch_has_both_kinds(world: World) -> None:
    give(world, "security_admin", "mancang", "community_officer", "village")
    assert policies.fits(Role.RECORDER, world.village)


@pytest.mark.parametrize(
    ("whom", "role"),
    [("auditor", "system_admin"), ("auditor", "security_admin"), ("system_admin", "auditor")],
)
def test_system_security_and_audit_are_different_people(world: World, whom: str, role: str) -> None:
    with pytest.raises(DomainError, match="分属不同的人") as refusal:
        give(world, "security_admin", whom, role, "district")
    assert refusal.value.code == "roles_separate"


def test_the_same_one_twice_is_refused(world: World) -> None:
    with pytest.raises(DomainError) as refusal:
        give(world, "township_officer", "recorder", "recorder", "branch")
    assert refusal.value.code == "already_granted"


def test_an_unknown_role_is_refused(world: World) -> None:
    with pytest.raises(BadInput):
        give(world, "security_admin", "guilan", "emperor", "branch")


def test_a_new_account_is_made_by_one_and_given_a_role_by_another(world: World) -> None:
    made = create_user(
        actor=world.actor("system_admin"),
        organisation_id=world.organisations["street"].pk,
        name="新人",
        phone="13800000001",
    )
    with pytest.raises(NotAllowed):
        grant_role(
            actor=world.actor("system_admin"),
            user_id=made.pk,
            role="township_officer",
            organisation_id=world.organisations["street"].pk,
        )
    grant_role(
        actor=world.actor("security_admin"),
        user_id=made.pk,
        role="township_officer",
        organisation_id=world.organisations["street"].pk,
    )
    assert actor_of(User.objects.get(pk=made.pk)).role == "township_officer"
