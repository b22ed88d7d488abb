"""Adopting a version: a second person, every warning answered, then frozen."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.rulebook.models import RulebookVersion
from pioneer.rulebook.queries import version_on, visible_to, warnings_of
from pioneer.rulebook.services import adopt_version, draft_version
from tests.rulebook.conftest import FORBIDDEN, TEXT, changed
from tests.world import TODAY, World, build

NEXT = changed(("points = 70", "points = 75"))


def draft(world: World, text: str = TEXT, **more) -> RulebookVersion:
    with clock.at(TODAY):
        return draft_version(actor=world.actor("district_officer"), district_id=world.district.pk, text=text, **more)


def adopt(world: World, version: RulebookVersion, who: str = "second_district_officer", **more) -> RulebookVersion:
    with clock.at(TODAY):
        return adopt_version(actor=world.actor(who), version_id=version.pk, **more)


def test_it_works(world: World) -> None:
    made = adopt(world, draft(world))
    assert (made.state, made.adopted_by_number) == ("adopted", world.users["second_district_officer"].pk)
    assert version_on(world.district.pk, date(2019, 1, 1)) == made
    assert visible_to(world.actor("secretary")).get() == made
    assert visible_to(world.actor("guilan"), also_in=world.district.pk).get() == made


def test_who_drafted_doesnt_adopt(world: World) -> None:
    with pytest.raises(DomainError, match="另一位") as refusal:
        adopt(world, draft(world), "district_officer")
    assert refusal.value.code == "same_person"


def test_only_the_district_may(world: World) -> None:
    version = adopt(world, draft(world))
    with pytest.raises(NotAllowed):
        adopt(world, version, "township_officer")


@pytest.mark.parametrize("who", ["township_officer", "secretary", "system_admin", "other_district_officer", "guilan"])
def test_for_others_there_is_no_such_thing(world: World, who: str) -> None:
    with pytest.raises(NotVisible):
        adopt(world, draft(world), who)


def test_the_next_one_ends_the_former_on_the_eve(world: World) -> None:
    first = adopt(world, draft(world))
    second = adopt(world, draft(world, NEXT, valid_from=date(2026, 7, 1)))
    first.refresh_from_db()
    assert first.valid_until == date(2026, 6, 30) and second.valid_until is None
    assert version_on(world.district.pk, date(2026, 6, 30)) == first
    assert version_on(world.district.pk, date(2026, 7, 1)) == second


@pytest.mark.parametrize(
    ("begins", "said"), [(date(2018, 1, 1), "自更晚的日期"), (TODAY - timedelta(days=1), "不溯及既往")]
)
def test_a_later_version_doesnt_reach_back(world: World, begins: date, said: str) -> None:
    adopt(world, draft(world))
    later = draft(world, NEXT, valid_from=begins)
    with pytest.raises(DomainError, match=said):
        adopt(world, later)
    assert RulebookVersion.objects.get(number=1).valid_until is None


def test_a_version_that_ends_by_itself_isnt_prolonged(world: World) -> None:
    ends = changed(("valid_from = 2019-01-01", "valid_from = 2019-01-01\nvalid_to = 2026-05-31"))
    first = adopt(world, draft(world, ends))
    adopt(world, draft(world, NEXT, valid_from=date(2026, 7, 1)))
    first.refresh_from_db()
    assert first.valid_until == date(2026, 5, 31)
    with pytest.raises(DomainError, match="2026年6月15日没有适用"):
        version_on(world.district.pk, date(2026, 6, 15))


def test_every_warning_must_be_answered(world: World) -> None:
    version = draft(world, FORBIDDEN)
    found = warnings_of(version)
    assert found and "信访" in found[0].message
    with pytest.raises(BadInput, match="写明为何仍然采用") as refusal:
        adopt(world, version, answers={found[0].key: "  "})
    assert len(refusal.value.faults) == len(found)
    version.refresh_from_db()
    assert version.state == "draft" and version.answers == {}
    made = adopt(world, version, answers={one.key: "经区委研究，只指扰乱秩序" for one in found})
    assert [one.answer for one in warnings_of(made)] == ["经区委研究，只指扰乱秩序"] * len(found)
    with pytest.raises(DomainError):
        adopt(world, made)


def test_a_version_is_adopted_once(world: World) -> None:
    made = adopt(world, draft(world))
    with pytest.raises(DomainError, match="已采用，不能再办理"):
        adopt(world, made)


@pytest.mark.parametrize(
    "change",
    [
        "text = 'x'",
        "digest = 'x'",
        "valid_from = '2020-01-01'",
        "number = 9",
        "state = 'draft'",
        "state = 'discarded'",
        "adopted_by_number = NULL",
        "answers = '{\"a\": 1}'",
    ],
)
def test_the_database_refuses_to_change_an_adopted_one(world: World, change: str) -> None:
    adopt(world, draft(world))
    with pytest.raises(Exception, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rulebook_rulebookversion SET {change}")  # noqa: S608
    assert RulebookVersion.objects.get().text == TEXT


def test_the_database_refuses_to_delete_an_adopted_one(world: World, is_postgresql: bool) -> None:
    adopt(world, draft(world))
    connection.check_constraints()
    statements = ["DELETE FROM rulebook_rulebookversion"]
    if is_postgresql:
        statements.append("TRUNCATE rulebook_rulebookversion CASCADE")
    for statement in statements:
        with pytest.raises(Exception, match=r"frozen|append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RulebookVersion.objects.exists()


def test_its_end_may_come_but_not_go(world: World) -> None:
    made = adopt(world, draft(world))
    rows = RulebookVersion.objects.filter(pk=made.pk)
    rows.update(valid_until=date(2026, 12, 31))
    rows.update(valid_until=date(2026, 6, 30))
    for later in (None, date(2026, 12, 31)):
        with pytest.raises(Exception, match="frozen"), transaction.atomic():
            rows.update(valid_until=later)


def test_a_draft_may_be_changed_and_deleted_by_the_database(world: World) -> None:
    draft(world)
    assert RulebookVersion.objects.update(name="另名") == 1
    assert RulebookVersion.objects.all().delete()[0] == 1


@pytest.mark.django_db(transaction=True)
def test_two_versions_adopted_at_once_never_overlap() -> None:
    world = build()
    adopt(world, draft(world))
    drafts = [
        draft(world, changed(("points = 70", f"points = {75 + n}")), valid_from=date(2026, 7, 1)) for n in range(2)
    ]
    barrier, refused = Barrier(2), []

    def run(version: RulebookVersion) -> None:
        barrier.wait()
        try:
            adopt_version(actor=actor, version_id=version.pk)
        except DomainError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    actor = world.actor("second_district_officer")
    with clock.at(TODAY):
        threads = [Thread(target=run, args=(version,)) for version in drafts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert refused == ["begins_too_early"]
    assert RulebookVersion.objects.filter(state="adopted").count() == 2
