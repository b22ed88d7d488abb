"""accounts.use_slip and accounts.cancel_slip"""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from pioneer.accounts.models import User
from pioneer.accounts.policies import VISITOR
from pioneer.accounts.services import deactivate_user
from pioneer.accounts.slips import cancel_slip, issue_slip, use_slip
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from tests.world import TODAY, World, build

SECRET = "槐花开了又一年真好看"


def drawn(world: World, whose: str = "guilan") -> str:
    with clock.at(TODAY):
        return issue_slip(actor=world.actor("secretary"), user_id=world.users[whose].pk).code


def use(world: World, code: str, whose: str = "guilan", on: date = TODAY, password: str = SECRET) -> User:
    with clock.at(on):
        return use_slip(actor=VISITOR, login=world.users[whose].login, code=code, password=password)


def test_it_lets_the_person_choose_a_password(world: World) -> None:
    user = use(world, drawn(world))
    user.refresh_from_db()
    assert user.check_password(SECRET)


def test_the_phone_number_does_as_well(world: World) -> None:
    code = drawn(world)
    with clock.at(TODAY):
        assert use_slip(actor=VISITOR, login=world.users["guilan"].phone or "", code=code, password=SECRET)


@pytest.mark.parametrize("typed", ["lower", "spaces", "wide"])
def test_it_is_read_as_people_type_it(world: World, typed: str) -> None:
    code = drawn(world)
    wide = "".join(chr(ord(c) + 0xFEE0) if c != "-" else "－" for c in code)
    assert use(world, {"lower": code.lower(), "spaces": code.replace("-", " "), "wide": wide}[typed])


def test_the_last_day_counts_to_its_end(world: World) -> None:
    assert use(world, drawn(world), on=TODAY + timedelta(days=14))


def test_an_expired_one_is_refused_with_what_to_do(world: World) -> None:
    with pytest.raises(DomainError, match="另要一张") as refusal:
        use(world, drawn(world), on=TODAY + timedelta(days=15))
    assert refusal.value.code == "slip_expired"


def test_it_works_once(world: World) -> None:
    code = drawn(world)
    use(world, code)
    with pytest.raises(DomainError, match="已经用过") as refusal:
        use(world, code, password="另一个足够长的密码呢")
    assert refusal.value.code == "slip_used"
    assert User.objects.get(pk=world.users["guilan"].pk).check_password(SECRET)


def test_another_persons_slip_is_simply_wrong(world: World) -> None:
    code = drawn(world, "xueqin")
    with pytest.raises(DomainError) as refusal:
        use(world, code, whose="guilan")
    assert refusal.value.code == "slip_wrong"


def test_an_unknown_number_and_a_wrong_code_read_the_same(world: World) -> None:
    with clock.at(TODAY):
        with pytest.raises(DomainError) as unknown:
            use_slip(actor=VISITOR, login="M99999", code="AAAA-BBBB-CCCC", password=SECRET)
        with pytest.raises(DomainError) as wrong:
            use_slip(actor=VISITOR, login=world.users["guilan"].login, code="AAAA-BBBB-CCCC", password=SECRET)
    assert unknown.value.message == wrong.value.message


def test_a_cancelled_one_is_refused(world: World) -> None:
    with clock.at(TODAY):
        slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
        cancel_slip(actor=world.actor("deputy"), slip_id=slip.pk)
    with pytest.raises(DomainError) as refusal:
        use(world, slip.code)
    assert refusal.value.code == "slip_cancelled"


def test_a_deactivated_account_stays_shut(world: World) -> None:
    code = drawn(world)
    with clock.at(TODAY):
        deactivate_user(actor=world.actor("community_officer"), user_id=world.users["guilan"].pk)
    with pytest.raises(DomainError):
        use(world, code)


@pytest.mark.parametrize("weak", ["短密码", "1234567890123", "password123", "a19800000002"])
def test_a_weak_password_is_refused_and_the_slip_stays_good(world: World, weak: str) -> None:
    code = drawn(world)
    with pytest.raises(BadInput):
        use(world, code, password=weak)
    assert use(world, code)


def test_neither_the_code_nor_the_password_reaches_the_audit(world: World) -> None:
    code = drawn(world)
    use(world, code)
    kept = str(list(AuditEvent.objects.values()))
    assert code not in kept and SECRET not in kept
    event = AuditEvent.objects.get(operation="accounts.use_slip")
    assert (event.actor_role, event.arguments) == ("visitor", {})


def test_only_who_could_hand_it_over_cancels_it(world: World) -> None:
    with clock.at(TODAY):
        slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
        with pytest.raises(NotVisible):
            cancel_slip(actor=world.actor("second_secretary"), slip_id=slip.pk)
        with pytest.raises(NotVisible):
            cancel_slip(actor=world.actor("recorder"), slip_id=slip.pk)
        with pytest.raises(NotAllowed):
            cancel_slip(actor=world.actor("guilan"), slip_id=slip.pk)


def test_a_used_one_cannot_be_cancelled(world: World) -> None:
    with clock.at(TODAY):
        slip = issue_slip(actor=world.actor("secretary"), user_id=world.users["guilan"].pk)
        use_slip(actor=VISITOR, login=world.users["guilan"].login, code=slip.code, password=SECRET)
        with pytest.raises(DomainError) as refusal:
            cancel_slip(actor=world.actor("secretary"), slip_id=slip.pk)
    assert refusal.value.code == "slip_used"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_the_same_slip_one_gets_in() -> None:
    world = build()
    code = drawn(world)
    outcomes: list[str] = []
    both = threading.Barrier(2)

    def attempt(password: str) -> None:
        try:
            both.wait()
            use_slip(actor=VISITOR, login=world.users["guilan"].login, code=code, password=password)
            outcomes.append(password)
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    with clock.at(TODAY):
        threads = [threading.Thread(target=attempt, args=(f"{SECRET}{n}",)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert "slip_used" in outcomes
    winner = next(outcome for outcome in outcomes if outcome != "slip_used")
    assert User.objects.get(pk=world.users["guilan"].pk).check_password(winner)
