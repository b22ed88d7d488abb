"""What stands: entries only added, by the database itself; opened by two at once, once; erased and taken away."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.followups.answering import answer_entry
from pioneer.followups.deciding import confirm_outcome
from pioneer.followups.erasure import erase_texts
from pioneer.followups.holding import sections
from pioneer.followups.models import Encouragement, Entry, FollowUp, FollowUpReminder, Reply
from pioneer.followups.services import open_follow_ups, record_talk
from pioneer.kernel import clock
from pioneer.ledger.erasure import later
from pioneer.results.models import Announcement
from tests.followups.conftest import NOW, TALK, Case, opened
from tests.followups.test_write_encouragement import encourage
from tests.test_at_once import at_once
from tests.world import World
from tests.year import FIRST


def refused(act: Any) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


def test_the_database_refuses_to_change_what_was_done(world: World, case_in: Case) -> None:
    found = case_in("closed")
    talk = found.entries.get(kind="talk")
    answer_entry(actor=world.actor("guilan"), entry_id=talk.pk, text="我没有缺席。")
    encourage(world)
    FollowUpReminder.objects.create(user_number=1, on=NOW, things=1)
    rows = Entry.objects.filter(pk=talk.pk)
    for change in (
        {"text": "改"},
        {"words": "改"},
        {"on": FIRST},
        {"kind": "visit"},
        {"by_number": 1},
        {"place": "改"},
    ):
        assert refused(lambda change=change: rows.update(**change)), change
    for table in (Entry, Encouragement, Reply, FollowUpReminder, FollowUp):
        assert refused(lambda table=table: table.objects.all()._raw_delete("default")), table
    assert refused(lambda: Reply.objects.update(text="改")) and refused(lambda: Encouragement.objects.update(text="改"))
    assert refused(lambda: FollowUpReminder.objects.update(things=2))
    assert refused(lambda: FollowUp.objects.filter(pk=found.pk).update(state="planned")), "closed stays closed"
    other = FollowUp.objects.exclude(pk=found.pk)
    assert refused(lambda: other.update(announced_on=NOW)) and other.update(talk_due_on=NOW)


def test_the_database_knows_the_order_of_the_steps(world: World, case_in: Case) -> None:
    rows = FollowUp.objects.filter(pk=case_in("opened").pk)
    for state in ("assigned", "talked", "paired", "planned", "decided", "closed"):
        assert refused(lambda state=state: rows.update(state=state)), state
    assert refused(lambda: rows.update(assigned=world.member("李桂兰"))), "never the member itself"
    assert refused(lambda: rows.update(state="closed", closed_on=NOW, outcome="continued"))


@pytest.mark.django_db(transaction=True)
def test_opened_by_two_at_once_each_is_opened_once(world: World, announced: Announcement) -> None:
    def act(who: str) -> Any:
        return lambda: open_follow_ups(actor=world.actor(who), branch_id=world.branch.pk, first_on=FIRST)

    done, refusals = at_once(act("secretary"), act("recorder"))
    assert sorted(len(one) for one in done) == [0, 4] and refusals == []
    assert FollowUp.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_talk_entered_by_two_at_once_stands_once(world: World, case_in: Case) -> None:
    talked = case_in("assigned")

    def talk(who: str) -> Any:
        return lambda: record_talk(actor=world.actor(who), follow_up_id=talked.pk, on=NOW, **TALK)

    done, refusals = at_once(talk("secretary"), talk("recorder"))
    assert len(done) == 1 and refusals == ["not_now"]
    assert talked.entries.filter(kind="talk").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_second_persons_one_confirms(world: World, case_in: Case) -> None:
    found = case_in("decided")

    def act(who: str) -> Any:
        return lambda: confirm_outcome(actor=world.actor(who), follow_up_id=found.pk)

    done, refusals = at_once(act("deputy"), act("township_officer"))
    assert len(done) == 1 and refusals == ["closed"]


# ------------------------------------------------------------------ one's own


def test_texts_are_erased_and_what_was_done_when_stays(world: World, case_in: Case) -> None:
    found = case_in("closed")
    answer_entry(actor=world.actor("guilan"), entry_id=found.entries.get(kind="talk").pk, text="我没有缺席。")
    other = encourage(world)
    assert erase_texts in later() and erase_texts(found.member_id) == []
    left = found.entries.values_list("place", "people", "text", "words", "told_how")
    assert set(left) == {("", "", "", "", "")} and found.entries.count() == 7
    assert Reply.objects.get().text == "" and Encouragement.objects.get(pk=other.pk).text
    erase_texts(other.member_id)
    assert Encouragement.objects.get().text == ""


def test_who_spoke_and_is_erased_loses_its_name_there(world: World, case_in: Case) -> None:
    found, hope = case_in("closed"), encourage(world, spoken_by="支部书记王保国")
    talk = found.entries.get(kind="talk")
    assert refused(lambda: Encouragement.objects.update(spoken_by="别人"))
    assert refused(lambda: Entry.objects.filter(pk=talk.pk).update(people="别人"))
    erase_texts(world.member("王保国").pk)
    hope.refresh_from_db()
    assert hope.spoken_by == "支部书记（已抹除）" and hope.text
    talk.refresh_from_db()
    assert "王保国" not in talk.people and talk.text


def test_everything_is_taken_away_by_the_member(world: World, case_in: Case) -> None:
    found = case_in("closed")
    answer_entry(actor=world.actor("guilan"), entry_id=found.entries.get(kind="talk").pk, text="我没有缺席。")
    hopes, entries, replies = sections(found.member_id)
    assert (len(hopes.rows), len(entries.rows), len(replies.rows)) == (0, 7, 1)
    assert all(len(row) == len(part.headings) for part in (entries, replies) for row in part.rows)
    assert "今后按时参加。" in str(entries.rows) and "我没有缺席。" in str(replies.rows)
    hope = encourage(world)
    assert len(sections(hope.member_id)[0].rows) == 1 and clock.today() == NOW


def test_an_open_one_is_opened_again_by_nobody(world: World, announced: Announcement) -> None:
    assert opened(world).pk == opened(world).pk
