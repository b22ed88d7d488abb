"""Reminders by the clock: who has to do with what is late or near its end, one message for all, not too often."""

from datetime import date, timedelta

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.followups.models import FollowUp
from pioneer.followups.reminders import remind_person, to_remind
from pioneer.jobs.clock import go_round
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.rulebook.models import RulebookVersion
from tests.followups.conftest import Case
from tests.world import World
from tests.year import AFTER

LATE = date(2027, 1, 26)  # the day after the last one for talks


def names(world: World) -> dict[str, int]:
    codes = {user.pk: code for code, user in world.users.items()}
    return {codes[number]: count for number, count in to_remind().items()}


def test_nothing_is_said_before_a_day_is_over(world: World, case_in: Case) -> None:
    case_in("assigned")
    with clock.at(LATE - timedelta(days=1)):
        assert names(world) == {}


def test_who_is_to_talk_and_where_nobody_is_the_branchs_leads(world: World, case_in: Case) -> None:
    case_in("assigned")
    with clock.at(LATE):
        assert names(world) == {"committee": 1, "secretary": 3, "deputy": 2}, "nobody about its own"


def test_while_it_runs_who_talks_and_who_helps_and_at_its_end_the_leads(world: World, case_in: Case) -> None:
    found = case_in("planned")
    FollowUp.objects.exclude(pk=found.pk).update(talk_due_on=None)
    with clock.at(found.visit_due_on + timedelta(days=1)):
        assert names(world) == {"committee": 1, "deputy": 1}
    with clock.at(found.due_on - timedelta(days=14)):
        assert names(world) == {"committee": 1, "deputy": 1, "secretary": 1}


def test_one_message_and_no_other_for_a_fortnight(world: World, case_in: Case) -> None:
    case_in("assigned")
    with clock.at(LATE):
        made = remind_person(actor=CLOCK, user_id=world.users["secretary"].pk)
        assert made.things == 3
        with pytest.raises(DomainError, match="不久以前提醒过"):
            remind_person(actor=CLOCK, user_id=world.users["secretary"].pk)
    with clock.at(LATE + timedelta(days=13)):
        assert "secretary" not in names(world)
    with clock.at(LATE + timedelta(days=14)):
        assert names(world)["secretary"] == 3
    told = Message.objects.get(user=world.users["secretary"], kind="followups.remind")
    assert told.title == "帮教有3件要办" and told.link == "/followups/"


def test_the_clocks_round_does_it_once(world: World, case_in: Case) -> None:
    case_in("assigned")
    with clock.at(LATE):
        assert go_round().done["帮教提醒"] == 3 and go_round().done["帮教提醒"] == 0


def test_about_the_deceased_nobody_is_reminded(world: World, case_in: Case) -> None:
    case_in("assigned")
    for found in FollowUp.objects.all():
        StatusSpell.objects.filter(member=found.member).update(until_on=AFTER)
        StatusSpell.objects.create(member=found.member, status="deceased", from_on=LATE)
    with clock.at(LATE):
        assert names(world) == {}


def test_where_the_rulebook_says_nothing_of_it_nobody_is_reminded(world: World, case_in: Case) -> None:
    case_in("assigned")
    version = RulebookVersion.objects.get()
    text = version.text.split("[procedure.follow_reminder]")
    changed = text[0] + text[1].split("\n\n", 1)[1] if "\n\n" in text[1] else text[0]
    RulebookVersion.objects.create(
        district=version.district, number=2, name=version.name, text=changed, digest="2" * 64,
        valid_from=AFTER, state="adopted", drafted_by_number=1, drafted_at=clock.now(), adopted_by_number=2,
        adopted_at=clock.now(),
    )  # fmt: skip
    version_before = RulebookVersion.objects.filter(number=1)
    version_before.update(valid_until=AFTER - timedelta(days=1))
    with clock.at(LATE):
        assert names(world) == {}


def test_by_the_clock_alone(world: World, case_in: Case) -> None:
    case_in("assigned")
    with clock.at(LATE), pytest.raises(NotAllowed):
        remind_person(actor=world.actor("secretary"), user_id=world.users["secretary"].pk)
