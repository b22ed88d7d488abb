"""One name, one transaction, one audit row."""

import pytest
from django.db import DatabaseError, connection, transaction

from pioneer.accounts.policies import CLOCK, Actor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import AuditEvent, Mark
from pioneer.kernel.operations import REGISTRY, operation, running

ACTOR = Actor(number=7, name="解文军")


@pytest.fixture(autouse=True)
def _registry_as_before():
    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


@pytest.mark.django_db
def test_the_rows_and_the_audit_are_written_together() -> None:
    @operation("kernel.write_mark", tell=("code",))
    def write(*, actor, number: int, name: str, code: str) -> Mark:
        assert running() == "kernel.write_mark"
        return Mark.objects.create(name=name)

    made = write(actor=ACTOR, number=3, name="张㛃", code="A1")
    event = AuditEvent.objects.get()
    assert (event.operation, event.actor_number, event.actor_role) == ("kernel.write_mark", 7, "member")
    assert event.arguments == {"number": 3, "code": "A1"}, "a text that is no code is personal and stays out"
    assert (event.target_kind, event.target_number, event.refused) == ("kernel.mark", made.pk, "")


@pytest.mark.django_db
def test_a_refusal_leaves_no_row_and_is_audited() -> None:
    @operation("kernel.refuse_mark")
    def write(*, actor) -> Mark:
        Mark.objects.create(name="half")
        raise DomainError("too_early", "还没到时候，请下月1日再办。")

    with pytest.raises(DomainError):
        write(actor=CLOCK)
    assert not Mark.objects.exists()
    assert AuditEvent.objects.get().refused == "too_early"


@pytest.mark.django_db
def test_a_crash_leaves_neither_row_nor_audit() -> None:
    @operation("kernel.crash_mark")
    def write(*, actor) -> Mark:
        Mark.objects.create(name="half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(actor=CLOCK)
    assert not Mark.objects.exists() and not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_operations_do_not_call_one_another() -> None:
    @operation("kernel.inner_mark")
    def inner(*, actor) -> None: ...

    @operation("kernel.outer_mark")
    def outer(*, actor) -> None:
        inner(actor=actor)

    with pytest.raises(RuntimeError, match="not one another"):
        outer(actor=CLOCK)


def test_an_operation_takes_keywords_only_the_actor_first() -> None:
    with pytest.raises(TypeError):

        @operation("kernel.wrong")
        def wrong(actor) -> None: ...


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE kernel_auditevent SET refused = 'x'", "DELETE FROM kernel_auditevent"])
def test_the_database_refuses_to_change_the_audit(statement: str) -> None:
    AuditEvent.objects.create(operation="x", actor_role="", at=clock.now(), target_kind="")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().refused == ""


@pytest.mark.django_db
def test_postgresql_refuses_to_truncate_the_audit(is_postgresql: bool) -> None:
    if not is_postgresql:
        assert connection.vendor == "sqlite"  # SQLite has no TRUNCATE; its DELETE is refused above
        return
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE kernel_auditevent")
