"""导入：确认，一次且只一次"""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members import confirming, imports
from pioneer.members.import_content import unseal
from pioneer.members.models import Member, Membership, RosterImport, StatusSpell, TrackSpell
from pioneer.members.rights import erase_texts
from tests.members.rosters import checked, confirm, counts, imported, person, roster
from tests.world import TODAY, World, build


def people(count: int) -> list[list[object]]:
    return [person(f"新{chr(0x4E00 + n)}", date(1980, 1 + n % 12, 1 + n // 12)) for n in range(count)]


def test_it_works_and_leaves_one_audit_row(world: World) -> None:
    made = imported(world, roster(*people(3)))
    assert made.state == "confirmed" and Member.objects.filter(name__startswith="新").count() == 3
    assert AuditEvent.objects.filter(operation="members.confirm_roster", target_number=made.pk).count() == 1


def test_nothing_of_the_file_is_kept_and_each_member_tells_from_which_row_it_came(world: World) -> None:
    made = imported(world, roster(*people(2), person("薛明月", branch="不存在的党支部")))
    made.refresh_from_db()
    assert (made.content, made.samples, made.layout) == (None, None, {})
    assert not made.rows.exists() and not made.bundles.exists()
    documents = StatusSpell.objects.filter(member__name__startswith="新").order_by("member_id")
    assert list(documents.values_list("document", flat=True)) == [
        f"花名册导入第{made.pk}号，工作表「花名册」第{row}行" for row in (2, 3)
    ]


def test_confirming_twice_does_nothing_twice(world: World) -> None:
    made = checked(world, roster(*people(3)))
    first, second = confirm(world, made), confirm(world, made)
    assert first.confirmed_at == second.confirmed_at
    assert Member.objects.filter(name__startswith="新").count() == 3


def test_wrong_rows_are_never_written(world: World) -> None:
    made = checked(world, roster(*people(2), person("王保国", None), person("薛明月", branch="不存在的党支部")))
    assert counts(made) == {"new": 2, "wrong": 1, "ask": 1}
    confirm(world, made)
    assert not Member.objects.filter(name="薛明月").exists()
    assert Member.objects.filter(name="王保国").count() == 1


def test_what_was_not_seen_is_not_confirmed(world: World) -> None:
    made = checked(world, roster(*people(2)))
    with pytest.raises(DomainError, match="与您看到的数目不同"):
        confirming.confirm_roster(actor=world.actor("recorder"), import_id=made.pk, new=1, changed=0)


def test_nothing_to_write_is_not_confirmed(world: World) -> None:
    made = checked(world, roster(person("薛明月", branch="不存在的党支部")))
    with pytest.raises(DomainError, match="没有要新增或变更的行"):
        confirm(world, made)


def test_where_the_roster_has_changed_meanwhile_nothing_is_written(world: World) -> None:
    made = checked(world, roster(*people(2)))
    imported(world, roster(people(1)[0]), "secretary")
    with pytest.raises(DomainError, match="请点“重新核对”") as refused:
        confirm(world, made)
    assert refused.value.code == "roster_changed"
    assert Member.objects.filter(name__startswith="新").count() == 1


def prepared_by(world: World, made: RosterImport, who: str = "recorder") -> confirming.Prepared:
    with clock.at(TODAY):
        return confirming.prepare_import(made.pk, world.actor(who).number)


def confirm_with(world: World, made: RosterImport, prepared: confirming.Prepared, new: int = 2) -> RosterImport:
    with clock.at(TODAY):
        return confirming.confirm_roster(
            actor=world.actor("recorder"), import_id=made.pk, new=new, changed=0, prepared=prepared
        )


def test_what_was_prepared_is_written_without_reading_the_roster_again(world: World) -> None:
    made = checked(world, roster(*people(2)))
    prepared = prepared_by(world, made)
    with CaptureQueries() as seen:
        confirm_with(world, made, prepared)
    assert not [sql for sql in seen if "identity_lookup" in sql and sql.startswith("SELECT")]
    assert Member.objects.filter(name__startswith="新").count() == 2


def test_what_happened_after_the_preparation_is_found_under_lock(world: World) -> None:
    made = checked(world, roster(*people(2)))
    prepared = prepared_by(world, made)
    imported(world, roster(people(1)[0]), "secretary")
    with pytest.raises(DomainError, match="请点“重新核对”") as refused:
        confirm_with(world, made, prepared)
    assert refused.value.code == "roster_changed"
    assert Member.objects.filter(name__startswith="新").count() == 1


def test_what_happened_elsewhere_only_makes_it_look_again(world: World) -> None:
    made = checked(world, roster(*people(2)))
    prepared = prepared_by(world, made)
    imported(world, roster(person("外来一")), "second_recorder", "second_branch")
    assert prepared.moment.is_over
    assert confirm_with(world, made, prepared).state == "confirmed"


def test_another_day_is_another_moment(world: World) -> None:
    made = checked(world, roster(*people(2)))
    prepared = prepared_by(world, made)
    with clock.at(TODAY):
        assert not prepared.moment.is_over
    with clock.at(TODAY + timedelta(days=1)):
        assert prepared.moment.is_over


def test_a_row_whose_member_was_erased_meanwhile_is_not_written(world: World) -> None:
    imported(world, roster(person("薛明月", phone="13500000001")))
    made = checked(world, roster(person("薛明月", phone="13500000002"), person("另一位", date(1990, 2, 1))))
    assert counts(made) == {"new": 1, "changed": 1}
    with clock.at(TODAY):
        erase_texts(Member.objects.get(name="薛明月"))
    assert "薛明月" not in str([unseal(bundle.content) for bundle in made.bundles.all()])
    with pytest.raises(DomainError, match="第2行等1行的结论已经不同"):
        confirm(world, made)


def test_an_unchecked_one_is_not_confirmed(world: World) -> None:
    made = checked(world, roster(*people(1)))
    made.state = "uploaded"
    made.save()
    with pytest.raises(DomainError, match="还没有核对完"):
        confirm(world, made)


def test_a_confirmed_one_is_not_given_up(world: World) -> None:
    made = imported(world, roster(*people(1)))
    with pytest.raises(DomainError, match="已经确认，不能放弃"):
        imports.discard_roster(actor=world.actor("recorder"), import_id=made.pk)


def test_who_may_not(world: World) -> None:
    made = checked(world, roster(*people(1)))
    with pytest.raises(NotAllowed):
        confirm(world, made, "committee")
    with pytest.raises(NotVisible):
        confirm(world, made, "other_recorder")


def test_many_rows_take_a_constant_number_of_queries(world: World) -> None:
    def queries_for(count: int, first: int) -> int:
        rows = [person(f"人{chr(0x4E00 + first + n)}", date(1970, 1, 1 + n % 28)) for n in range(count)]
        for row in rows:
            row[1] = ""
        made = checked(world, roster(*rows))
        with CaptureQueries() as seen:
            confirm(world, made)
        return len(seen)

    assert queries_for(5, 0) == queries_for(60, 100)


class CaptureQueries:
    """数一数查询"""

    def __enter__(self) -> list[str]:
        self.seen: list[str] = []
        self.hold = connection.execute_wrapper(self._note)
        self.hold.__enter__()
        return self.seen

    def _note(self, execute: object, sql: str, params: object, many: bool, context: object) -> object:
        self.seen.append(sql)
        return execute(sql, params, many, context)  # type: ignore[operator]

    def __exit__(self, *error: object) -> None:
        self.hold.__exit__(None, None, None)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_have_one_effect() -> None:
    world = build()
    made = checked(world, roster(*people(40)))
    answers: list[str] = []
    start = threading.Barrier(2)

    def act(who: str) -> None:
        try:
            actor = world.actor(who)
            start.wait()
            done = confirming.confirm_roster(actor=actor, import_id=made.pk, new=40, changed=0)
            answers.append(done.state)
        finally:
            connections.close_all()

    with clock.at(TODAY):
        threads = [threading.Thread(target=act, args=(who,)) for who in ("recorder", "secretary")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == ["confirmed", "confirmed"]
    new = Member.objects.filter(name__startswith="新")
    assert new.count() == 40
    for kind in (Membership, StatusSpell, TrackSpell):
        assert kind.objects.filter(member__in=new).count() == 40


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_people_at_once_enter_each_once() -> None:
    world = build()
    both = [checked(world, roster(*people(20)), who) for who in ("recorder", "secretary")]
    refused: list[str] = []
    start = threading.Barrier(2)

    def act(who: str, number: int) -> None:
        try:
            actor = world.actor(who)
            start.wait()
            confirming.confirm_roster(actor=actor, import_id=number, new=20, changed=0)
        except DomainError as refusal:
            refused.append(refusal.code)
        finally:
            connections.close_all()

    with clock.at(TODAY):
        threads = [
            threading.Thread(target=act, args=(who, one.pk))
            for who, one in zip(("recorder", "secretary"), both, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert refused == ["roster_changed"]
    assert Member.objects.filter(name__startswith="新").count() == 20
