"""accounts.issue_slip"""

from datetime import date

import pytest

from pioneer.accounts.models import Grant, Role, Slip
from pioneer.accounts.services import deactivate_user
from pioneer.accounts.slips import LETTERS, code_digest, issue_slip
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.at(TODAY):
        yield


def test_it_works_for_a_member_of_the_secretarys_branch(world: World) -> None:
    slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    assert slip.purpose == Slip.Purpose.ACTIVATION
    assert clock.end_of(date(2026, 4, 15)) == slip.expires_at
    assert len(slip.code) == 14 and set(slip.code) <= set(LETTERS + "-")
    assert slip.code_digest == code_digest(slip.code)


def test_the_code_stands_nowhere_in_the_database(world: World) -> None:
    slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    kept = Slip.objects.values().get(pk=slip.pk)
    assert slip.code not in str(kept) and slip.code.replace("-", "") not in str(kept)
    assert slip.code not in str(list(AuditEvent.objects.values()))


def test_it_is_audited_with_who_and_for_whom(world: World) -> None:
    actor = world.actor("secretary")
    slip = issue_slip(actor=actor, user_id=world.users["guilan"].pk)
    event = AuditEvent.objects.get(operation="accounts.issue_slip")
    assert (event.actor_number, event.actor_role) == (actor.number, "secretary")
    assert event.arguments == {"user_id": world.users["guilan"].pk}
    assert (event.target_kind, event.target_number) == ("accounts.slip", slip.pk)


def test_the_rulebooks_days_are_taken_where_they_are_given(world: World) -> None:
    slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk, valid_days=3)
    assert slip.expires_at == clock.end_of(date(2026, 4, 4))


def test_a_new_one_cancels_the_open_one(world: World) -> None:
    first = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    second = issue_slip(actor=world.actor("deputy"), user_id=world.users["guilan"].pk)
    first.refresh_from_db()
    assert first.cancelled_at is not None
    assert second.cancelled_at is None


def test_who_has_a_password_gets_a_reset(world: World) -> None:
    user = world.users["guilan"]
    user.set_password("槐花开了又一年")
    user.save()
    assert issue_slip(actor=world.actor("secretary"), user_id=user.pk).purpose == Slip.Purpose.RESET


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("deputy", "guilan"),
        ("community_officer", "guilan"),
        ("township_officer", "guilan"),
        ("community_officer", "secretary"),
        ("community_officer", "recorder"),
        ("township_officer", "secretary"),
        ("township_officer", "community_officer"),
        ("district_officer", "township_officer"),
        ("system_admin", "township_officer"),
        ("system_admin", "district_officer"),
        ("system_admin", "auditor"),
        ("system_admin", "security_admin"),
        ("security_admin", "system_admin"),
    ],
)
def test_it_is_handed_over_by_who_stands_above(world: World, who: str, whose: str) -> None:
    assert issue_slip(actor=world.actor(who), user_id=world.users[whose].pk).code


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("secretary", "recorder"),  # a post-holder of the own branch: else one person could sign as two
        ("secretary", "deputy"),
        ("community_officer", "community_officer"),
        ("second_township_officer", "township_officer"),
        ("second_district_officer", "district_officer"),
        ("district_officer", "auditor"),
        ("district_officer", "system_admin"),
        ("district_officer", "security_admin"),
    ],
)
def test_it_is_not_handed_over_among_equals(world: World, who: str, whose: str) -> None:
    with pytest.raises(NotAllowed, match="由"):
        issue_slip(actor=world.actor(who), user_id=world.users[whose].pk)


@pytest.mark.parametrize("who", ["secretary", "system_admin", "security_admin", "district_officer"])
def test_nobody_draws_one_for_oneself(world: World, who: str) -> None:
    with pytest.raises(NotAllowed, match="本人的账号由他人办理"):
        issue_slip(actor=world.actor(who), user_id=world.users[who].pk)


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("second_secretary", "guilan"),
        ("village_secretary", "guilan"),
        ("town_officer", "guilan"),
        ("other_district_officer", "guilan"),
        ("recorder", "guilan"),
        ("committee", "guilan"),
        ("auditor", "guilan"),
        ("guilan", "xueqin"),
    ],
)
def test_another_branchs_people_do_not_exist(world: World, who: str, whose: str) -> None:
    with pytest.raises(NotVisible):
        issue_slip(actor=world.actor(who), user_id=world.users[whose].pk)


def test_who_holds_posts_in_two_places_needs_somebody_above_both(world: World) -> None:
    both = world.users["recorder"]
    Grant.objects.create(user=both, role=Role.RECORDER, organisation=world.village, from_on=date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        issue_slip(actor=world.actor("community_officer"), user_id=both.pk)
    assert issue_slip(actor=world.actor("district_officer"), user_id=both.pk).code


def test_a_deactivated_account_gets_none(world: World) -> None:
    deactivate_user(actor=world.actor("community_officer"), user_id=world.users["guilan"].pk)
    with pytest.raises(DomainError, match="已停用") as refusal:
        issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
    assert refusal.value.code == "user_inactive"
