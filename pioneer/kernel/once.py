"""只办一次 What a form that was sent has led to, kept for a day, so that the very same form a second time leads there
again and does nothing.

A row holds the digest of what was sent and, sealed, where it led: neither says who sent what. The first who brings a
form takes it; who brings the same meanwhile waits for its answer. A form that was refused is given back: it may come
again.

A form whose process was killed is taken up by who brings it again: at once where it can be known that the process has
ended (kernel/running.py), else after two minutes. What had been done of it by then is not done again, because every
operation notes itself on the row in its own transaction, and what the form does then is answered by what was made the
first time. And who was taken for dead and is not can't get through with it: the row is no longer its own, and the
operation is undone as a whole.
"""

import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import Error, IntegrityError, transaction

from pioneer.kernel import clock, encryption, running
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import AuditEvent, SentForm

KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=2)  # a form still under way after so long was dropped, where nobody can know better
PATIENCE = 15.0  # seconds
STEP = 0.05
NOBODY = ""


@dataclass
class Taken:
    """接下的表单 A form that this request works on: as whom, and which audit rows tell what was done of it; the first
    `before` of them by somebody who dropped it, `reached` of which were come by again."""

    key: str
    by: str
    done: list[int]
    before: int = 0
    reached: int = 0


_form: ContextVar[Taken | None] = ContextVar("form", default=None)
_tidied: set[str] = set()
_unsettled: list[tuple[Taken, str, bool]] = []  # this process lives: nobody else could


def take(key: str) -> Taken | str:
    """接下表单 For who is to do it; for everybody else where it led, or "" where that is not known yet."""
    until = time.monotonic() + PATIENCE
    SentForm.objects.filter(at__lt=clock.now() - KEPT).delete()
    while _unsettled:
        form, led_to, refused = _unsettled.pop()
        settle(form, led_to, refused=refused)
    by = f"{_process()}/{secrets.token_hex(8)}"
    while not _is_new(key, by):
        row = SentForm.objects.filter(key=key).first()
        while row is not None:
            if row.led_to is not None:
                return encryption.decrypt(row.led_to)
            if _is_dropped(row.by, row.at) and _taken_up(row, by):
                done = [int(number) for number in row.done.split()]
                return Taken(key, by, done, before=len(done))
            if time.monotonic() >= until:
                return ""
            time.sleep(STEP)
            row = SentForm.objects.filter(key=key).first()
    return Taken(key, by, [])


def begin(form: Taken) -> None:
    """开始办 What this request does from now on is done for the form."""
    _form.set(form)


def under_way() -> Taken | None:
    """正在办的 The form this request works on."""
    return _form.get()


def leave() -> None:
    """办完 The request is over."""
    _form.set(None)


def settle(form: Taken, led_to: str, *, refused: bool = False) -> None:
    """记下去处 Where it led. A form that led nowhere may be sent again; what was done of one that was dropped, or that
    was refused half-way, stays noted. Where the database does not answer, it is written before the next form."""
    try:
        _write(form, led_to, refused)
    except Error:
        _unsettled.append((form, led_to, refused))
        raise


def _write(form: Taken, led_to: str, refused: bool) -> None:
    row = SentForm.objects.filter(key=form.key, by=form.by)
    if led_to:
        row.update(led_to=encryption.encrypt(led_to), done="")
    elif form.done and (refused or form.before):
        row.update(by=NOBODY)
    else:
        row.delete()


def note(event: AuditEvent) -> None:
    """记下已办 In the operation's own transaction: it was done for the form. Refused if another has the form now."""
    form = _form.get()
    if form is None:
        return
    done = [*form.done, event.pk]
    row = SentForm.objects.filter(key=form.key, by=form.by)
    if not row.update(done=" ".join(map(str, done))):
        raise still_under_way()
    form.done = done


def done_before(name: str) -> Any:
    """以前办成的 What this operation made for the form before it was dropped; None if it is to be done now."""
    form = _form.get()
    if form is None or form.reached >= form.before:
        return None
    event = AuditEvent.objects.get(pk=form.done[form.reached])
    form.reached += 1
    made = None
    if event.operation == name and event.target_number is not None:
        made = apps.get_model(event.target_kind)._base_manager.filter(pk=event.target_number).first()
    if made is None:
        said = "这张表单上次已经办成，没有再办一次；当时网站中断，没有来得及答复。请重新打开有关页面查看结果。"
        raise DomainError("done_before", said)
    return made


def still_under_way() -> DomainError:
    """正在办理 What is said to who brings a form that another works on."""
    return DomainError("under_way", "这张表单正在办理，还没有办完。请过一会儿刷新页面看结果，不要重复提交。")


def _process() -> str:
    """This one's name; the first time, what the processes before left behind goes."""
    name = running.this_process()
    if name not in _tidied:
        _tidied.add(name)
        working = SentForm.objects.filter(led_to__isnull=True).values_list("by", flat=True)
        running.tidy({by.partition("/")[0] for by in working})
    return name


def _is_new(key: str, by: str) -> bool:
    try:
        with transaction.atomic():
            SentForm.objects.create(key=key, at=clock.now(), by=by)
    except IntegrityError:
        return False
    return True


def _is_dropped(by: str, at: datetime) -> bool:
    if by == NOBODY:
        return True
    known = running.lives(by.partition("/")[0])
    return at < clock.now() - GIVEN_UP if known is None else not known


def _taken_up(row: SentForm, by: str) -> bool:
    """Only if nothing has happened to it since it was read."""
    same = SentForm.objects.filter(key=row.key, by=row.by, done=row.done, led_to__isnull=True)
    return bool(same.update(by=by, at=clock.now()))
