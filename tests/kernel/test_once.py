"""Who takes a form that was sent, who waits for it, and who takes it up when it was dropped."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import Error, transaction

from pioneer.accounts.policies import Actor
from pioneer.kernel import clock, once
from pioneer.kernel.clock import noon
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import AuditEvent, Mark, SentForm
from pioneer.kernel.once import Taken
from pioneer.kernel.operations import REGISTRY, operation
from tests.world import TODAY

KEY = "b" * 64
ACTOR = Actor(number=7, name="解文军")
Write = Callable[[Taken, str], object]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "PATIENCE", 0.0)


@pytest.fixture
def write(db: None) -> Iterator[Write]:
    """An operation that writes a mark, done for a form."""

    @operation("kernel.write_mark")
    def write_mark(*, actor: Actor, name: str) -> Mark:
        return Mark.objects.create(name=name)

    @operation("kernel.count_marks")
    def count_marks(*, actor: Actor) -> int:
        return Mark.objects.update(value="counted")

    def done(form: Taken, name: str) -> object:
        once.begin(form)
        try:
            return write_mark(actor=ACTOR, name=name) if name else count_marks(actor=ACTOR)
        finally:
            once.leave()

    yield done
    del REGISTRY["kernel.write_mark"], REGISTRY["kernel.count_marks"]


def taken(key: str = KEY) -> Taken:
    form = once.take(key)
    assert isinstance(form, Taken)
    return form


def elsewhere(form: Taken) -> None:
    """As if taken on another machine: nobody here can know whether that process lives."""
    form.by = "process-elsewhere/1"
    SentForm.objects.filter(key=form.key).update(by=form.by)


def test_what_was_refused_may_be_sent_again(db: None) -> None:
    """A claim in a place not given is refused; with the place it is another form, and the same again is asked again."""
    once.settle(taken(), "", refused=True)
    once.settle(taken(), "/sheets/1/")
    assert once.take(KEY) == "/sheets/1/" and not SentForm.objects.filter(led_to__contains=b"sheets").exists()


def test_of_one_who_lives_it_is_waited_for_however_long(db: None) -> None:
    with clock.at(TODAY):
        form = taken()
        assert once.take(KEY) == ""
    with clock.at(noon(TODAY) + timedelta(hours=3)):
        assert once.take(KEY) == ""
        once.settle(form, "/sheets/1/")
        assert once.take(KEY) == "/sheets/1/"
    with clock.at(noon(TODAY) + once.KEPT + timedelta(hours=1)):
        assert taken("c" * 64) and SentForm.objects.count() == 1


def test_of_one_elsewhere_it_is_taken_up_after_two_minutes(db: None) -> None:
    with clock.at(TODAY):
        elsewhere(taken())
        assert once.take(KEY) == ""
    with clock.at(noon(TODAY) + once.GIVEN_UP + timedelta(seconds=1)):
        assert taken()


def test_who_was_taken_for_dead_and_is_not_gets_nothing_through(write: Write) -> None:
    with clock.at(TODAY):
        slow = taken()
        elsewhere(slow)
    with clock.at(noon(TODAY) + once.GIVEN_UP + timedelta(seconds=1)):
        second = taken()
        with pytest.raises(DomainError, match="这张表单正在办理"):
            write(slow, "late")
        assert not Mark.objects.exists() and AuditEvent.objects.get().refused == "under_way"
        once.settle(slow, "/nowhere/")
        assert once.take(KEY) == "", "the second is still at it"
        write(second, "in time")
        once.settle(second, "/there/")
        assert once.take(KEY) == "/there/" and Mark.objects.get().name == "in time"


def test_what_was_done_of_it_is_answered_and_not_done_again(write: Write) -> None:
    form = taken()
    first = write(form, "once")
    once.settle(form, "", refused=True)  # what came after it broke
    again = taken()
    assert write(again, "once") == first
    assert write(again, "what came after it") != first
    once.settle(again, "/there/")
    assert once.take(KEY) == "/there/" and Mark.objects.count() == 2
    assert SentForm.objects.get().done == ""


def test_what_cannot_be_answered_is_said_to_be_done(write: Write) -> None:
    """The first operation gave no row; and the form goes another way the second time."""
    for first, second in (("", ""), ("once", "")):
        form = taken(KEY)
        write(form, first)
        once.settle(form, "", refused=True)
        for _ in range(2):
            again = taken(KEY)
            with pytest.raises(DomainError, match="上次已经办成"):
                write(again, second)
            once.settle(again, "", refused=False)
        SentForm.objects.all().delete()
    assert AuditEvent.objects.count() == 2


def test_what_was_looked_at_may_be_looked_at_again(write: Write) -> None:
    """A page or a file came, nothing it led to: the same form is asked anew, as often as it comes."""
    for _ in range(2):
        form = taken()
        write(form, "")
        once.settle(form, "")
    assert AuditEvent.objects.count() == 2 and not SentForm.objects.exists()


def test_what_the_database_did_not_take_is_written_before_the_next_form(db: None) -> None:
    form = taken()
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(Error):
            once.settle(form, "", refused=True)
    assert taken() != form
