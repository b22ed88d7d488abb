"""The clock discards a roster nobody has confirmed, with its file and its rows; and touches no other."""

from datetime import date, timedelta

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.jobs import clock as jobs
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.kernel.models import AuditEvent
from pioneer.members import imports
from pioneer.members.models import Member, RosterImport, RosterImportBundle, RosterImportRow
from tests.members.rosters import checked, imported, person, roster, uploaded
from tests.world import TODAY, World

DUE = TODAY + timedelta(days=31)


def discarded(on: date) -> int:
    done = jobs.Round()
    with clock.at(on):
        jobs.discard_abandoned(done)
    assert not done.failures
    return done.done["清除旧花名册"]


def test_it_works(world: World) -> None:
    made = [uploaded(world, roster(person("薛明月"))), checked(world, roster(person("薛明月")))]
    assert discarded(TODAY + timedelta(days=29)) == 0
    assert discarded(DUE) == 2
    for one in made:
        one.refresh_from_db()
        assert (one.state, one.content, one.samples, one.layout) == ("discarded", None, None, {})
    assert not RosterImportRow.objects.exists() and not RosterImportBundle.objects.exists()
    assert not Member.objects.filter(name="薛明月").exists()
    events = AuditEvent.objects.filter(operation="members.discard_roster")
    assert {event.actor_role for event in events} == {"clock"} and events.count() == 2


def test_a_round_of_the_clock_does_it_and_the_next_leaves_nothing_behind(world: World) -> None:
    made = uploaded(world, roster(person("薛明月")))
    with clock.at(DUE):
        assert jobs.go_round().done["清除旧花名册"] == 1
        before = AuditEvent.objects.filter(operation="members.discard_roster").count()
        assert jobs.go_round().done["清除旧花名册"] == 0
    assert AuditEvent.objects.filter(operation="members.discard_roster").count() == before
    made.refresh_from_db()
    assert made.state == "discarded"


def test_what_was_confirmed_stays(world: World) -> None:
    made = imported(world, roster(person("薛明月")))
    assert discarded(DUE) == 0
    made.refresh_from_db()
    assert made.state == "confirmed"


def test_one_that_is_being_checked_is_left_alone(world: World) -> None:
    made = uploaded(world, roster(person("薛明月")))
    with clock.at(DUE):
        imports.check_roster(actor=world.actor("recorder"), import_id=made.pk)
    assert discarded(DUE) == 0
    assert discarded(DUE + timedelta(days=1)) == 1  # that check never came to an end


def test_the_clock_discards_nothing_early_and_does_nothing_else_with_an_import(world: World) -> None:
    made = checked(world, roster(person("薛明月")))
    with clock.at(TODAY), pytest.raises(DomainError, match="还不满30天"):
        imports.discard_roster(actor=CLOCK, import_id=made.pk)
    with clock.at(DUE), pytest.raises(NotAllowed):
        imports.check_roster(actor=CLOCK, import_id=made.pk)
    assert RosterImport.objects.get(pk=made.pk).state == "checked"
