"""Approving what a branch adds: by the township, another person; from then on frozen, and part of the rules."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from pioneer.rulebook import queries
from pioneer.rulebook.models import Supplement
from pioneer.rulebook.services import adopt_version, draft_version
from pioneer.rulebook.supplement_queries import names_behind, rules_for, standing_of
from pioneer.rulebook.supplements import approve_supplement
from tests.rulebook.conftest import TEXT
from tests.rulebook.local import BEGINS, PATROL, PROPOSED, RESCUE, TALK, added, approve, propose
from tests.world import SUPPLEMENT, World


def test_it_works(supplemented: World) -> None:
    made = approve(supplemented, propose(supplemented))
    assert (made.state, made.valid_from, made.turn) == ("approved", BEGINS, 1)
    names = names_behind(made)
    assert (names["proposed"], names["decided"], names["ended"]) == ("王保国", "纪明", "")
    with clock.at(PROPOSED):
        assert standing_of(made) == ("已批准，待施行", "gold")
    with clock.at(BEGINS):
        assert standing_of(made) == ("施行中", "green")


def test_the_branch_is_told(supplemented: World) -> None:
    approve(supplemented, propose(supplemented))
    told = Message.objects.filter(kind="rulebook.supplement_approved")
    assert {one.user.name for one in told} == {"王保国", "曾永福"}
    assert "自2026年2月1日起施行" in told[0].text and told[0].link.startswith("/rulebook/supplements/")


def test_it_becomes_part_of_the_rules(supplemented: World) -> None:
    district = supplemented.district.pk
    before = queries.engine_for(district)
    assert "L1-1" not in before.version_on(BEGINS).indicators
    added(supplemented, PATROL, TALK)
    row = queries.engine_for(district).version_on(BEGINS).indicators["L1-1"]
    assert row.local == "槐园社区第一党支部，2026年1月6日支部党员大会（会议记录第1号）" and row.aspect == "B"
    assert "L1-1" not in queries.current_rulebook(district, BEGINS).indicators, "the regulation itself stays as adopted"


def test_the_rules_of_a_branch_hold_its_own_only(supplemented: World) -> None:
    added(supplemented)
    district, branch, second = supplemented.district.pk, supplemented.branch.pk, supplemented.second_branch.pk

    def codes(branch_id: int, on: date, **more: date) -> set[str]:
        found = rules_for(district, [branch_id], on, **more).indicators.values()
        return {row.code for row in found if row.local}

    assert codes(branch, BEGINS) == {"L1-1"} and codes(second, BEGINS) == set()
    assert codes(branch, BEGINS - timedelta(days=1)) == set()


def test_the_engine_is_made_once_for_the_same_supplements(supplemented: World) -> None:
    added(supplemented)
    district = supplemented.district.pk
    first = queries.engine_for(district)
    assert queries.engine_for(district) is first
    added(supplemented, TALK)
    assert queries.engine_for(district) is not first


def test_asking_for_the_engine_takes_two_queries_however_many_there_are(
    supplemented: World, django_assert_num_queries
) -> None:
    for count in (1, 2, 3):
        added(supplemented, [PATROL, TALK, RESCUE][count - 1])
        queries.engine_for(supplemented.district.pk)
        with django_assert_num_queries(2):
            queries.engine_for(supplemented.district.pk)


@pytest.mark.parametrize("who", ["secretary", "deputy", "community_officer", "district_officer"])
def test_nobody_else_may(supplemented: World, who: str) -> None:
    made = propose(supplemented)
    with pytest.raises(NotAllowed):
        approve(supplemented, made, who)


@pytest.mark.parametrize("who", ["town_officer", "other_township_officer", "second_secretary", "guilan"])
def test_for_others_there_is_no_such_thing(supplemented: World, who: str) -> None:
    made = propose(supplemented)
    with pytest.raises(NotVisible):
        approve(supplemented, made, who)


def test_who_proposed_doesnt_approve_whatever_its_role(supplemented: World) -> None:
    from pioneer.accounts.models import Grant

    made = propose(supplemented)
    street = supplemented.organisations["street"]
    Grant.objects.create(
        user=supplemented.users["secretary"], role="township_officer", organisation=street, from_on=PROPOSED
    )
    with pytest.raises(DomainError, match="另一位工作人员") as refusal:
        approve(supplemented, made, "secretary")
    assert refusal.value.code == "same_person"


def test_approved_late_it_begins_on_that_day(supplemented: World) -> None:
    late = BEGINS + timedelta(days=10)
    made = approve(supplemented, propose(supplemented), on=late)
    assert (made.effective_on, made.valid_from) == (BEGINS, late)


def test_it_is_decided_once(supplemented: World) -> None:
    made = added(supplemented)
    with pytest.raises(DomainError, match="已批准，不能再办理"):
        approve(supplemented, made)


def test_the_room_is_counted_again(supplemented: World) -> None:
    made = propose(supplemented, PATROL, TALK)
    Supplement.objects.filter(pk=made.pk).update(state="proposed")
    with connection.cursor() as cursor:  # as if another one had been approved meanwhile
        cursor.execute("DROP INDEX supplement_waits_once")
    other = propose_past_the_queue(supplemented)
    approve(supplemented, other)
    with pytest.raises(BadInput, match="再加2项就超过了最多3项"):
        approve(supplemented, made)


def propose_past_the_queue(world: World) -> Supplement:
    first = Supplement.objects.get()
    first.pk, first.number, first._state.adding = None, 2, True
    first.text = first.text.replace("L1-", "L2-")
    from pioneer.rulebook.local import fingerprint

    first.digest = fingerprint(first.text)
    first.save()
    return first


def test_under_another_version_it_is_returned(supplemented: World) -> None:
    made = propose(supplemented, effective_on=date(2026, 7, 1))
    with clock.at(PROPOSED):
        later = draft_version(
            actor=supplemented.actor("district_officer"),
            district_id=supplemented.district.pk,
            text=TEXT + SUPPLEMENT.replace("points = 2", "points = 1"),
            valid_from=date(2026, 6, 1),
        )
        adopt_version(actor=supplemented.actor("second_district_officer"), version_id=later.pk)
    with pytest.raises(DomainError, match="已不是提出时的第1版") as refusal:
        approve(supplemented, made)
    assert refusal.value.code == "version_changed"


def test_with_its_version_it_ends(supplemented: World) -> None:
    made = added(supplemented)
    with clock.at(BEGINS):
        later = draft_version(
            actor=supplemented.actor("district_officer"),
            district_id=supplemented.district.pk,
            text=TEXT + SUPPLEMENT.replace("points = 2", "points = 1"),
            valid_from=date(2026, 7, 1),
        )
        adopt_version(actor=supplemented.actor("second_district_officer"), version_id=later.pk)
    engine = queries.engine_for(supplemented.district.pk)
    assert "L1-1" in engine.version_on(date(2026, 6, 30)).indicators
    assert "L1-1" not in engine.version_on(date(2026, 7, 1)).indicators
    with clock.at(date(2026, 7, 1)):
        assert standing_of(Supplement.objects.select_related("version").get(pk=made.pk)) == ("随原办法终止", "muted")


@pytest.mark.parametrize(
    "change",
    [
        "text = 'x'", "digest = 'x'", "count = 1", "number = 9", "met_on = '2026-01-01'", "present = 9",
        "reference = 'x'", "effective_on = '2026-01-09'", "valid_from = '2026-03-01'", "state = 'proposed'",
        "decided_by_number = NULL", "turn = 7", "stamp = 'x'", "branch_id = district_id",
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_an_approved_one(supplemented: World, change: str) -> None:
    added(supplemented, PATROL, TALK)
    with pytest.raises(Exception, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rulebook_supplement SET {change}")  # noqa: S608


def test_the_database_refuses_to_delete_an_approved_one(supplemented: World, is_postgresql: bool) -> None:
    added(supplemented)
    connection.check_constraints()
    statements = ["DELETE FROM rulebook_supplement"]
    if is_postgresql:
        statements.append("TRUNCATE rulebook_supplement CASCADE")
    for statement in statements:
        with pytest.raises(Exception, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_waits_can_only_be_decided_not_rewritten(supplemented: World) -> None:
    made = propose(supplemented)
    with pytest.raises(Exception, match="frozen"), transaction.atomic():
        Supplement.objects.filter(pk=made.pk).update(text="x")


def test_a_text_that_was_touched_stops_everything(supplemented: World) -> None:
    made = added(supplemented)
    with connection.cursor() as cursor:
        on = " ON rulebook_supplement" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER rulebook_supplement_frozen{on}")
        cursor.execute("UPDATE rulebook_supplement SET text = text || ' '")
    with pytest.raises(DomainError, match="第1号支部补充的文本与提出时的指纹不符"):
        queries.complete([made.version])


def test_two_at_once_get_a_turn_each(supplemented: World) -> None:
    first = added(supplemented)
    second = propose(supplemented, TALK, who="second_secretary", branch="second_branch")
    with clock.at(PROPOSED):
        second = approve_supplement(actor=supplemented.actor("township_officer"), supplement_id=second.pk)
    assert (first.turn, second.turn) == (1, 2) and first.stamp != second.stamp
