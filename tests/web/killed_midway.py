"""同一张表单，网站中断以后再交一次 The site is killed while it works on a form, at every single statement it asks the
database for, and the very same form is sent again: it is taken at once, and has the effect of one, no more and no less.

A process of its own answers, through all of the site's middleware, and is killed by the operating system. The clock
stands still meanwhile: nothing is taken because time has passed.
"""

import os
import signal
from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils.crypto import get_random_string

from pioneer.kernel import clock, once, running
from pioneer.kernel.models import SentForm
from tests.web.routes import ROUTES
from tests.web.site import Site, prepared
from tests.web.test_sent_twice import counted, said
from tests.world import TODAY

pytestmark = pytest.mark.django_db(transaction=True)
FORMS = ("start-draft", pytest.param("new-record", marks=pytest.mark.campaign))


@pytest.fixture
def site() -> Iterator[Site]:
    with prepared(own=True) as made, clock.at(TODAY):
        yield made


def in_another(work: Callable[[], None]) -> int:
    """A process split off from this one does it; how it ended."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]


def killed_before(number: int, work: Callable[[], Any]) -> None:
    """Before that statement, counted from the one which takes the form."""
    asked = 0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal asked
        asked += asked > 0 or sql.startswith('INSERT INTO "kernel_sentform"')
        if asked == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        work()


class Browser:
    """Of somebody who may send this form."""

    def __init__(self, site: Site, name: str) -> None:
        row = ROUTES[name]
        self.data, self.address, self.client = site.data(row), site.address(name, row), Client()
        user = site.world.users[min(row.does or ())]
        self.client.force_login(user, backend="pioneer.accounts.backends.NumberBackend")

    def send(self, token: str) -> Any:
        return self.client.post(self.address, {**self.data, "csrfmiddlewaretoken": token})


@pytest.mark.parametrize("name", FORMS)
def test_killed_at_any_moment_and_sent_again_it_has_the_effect_of_one(name: str, site: Site) -> None:
    browser = Browser(site, name)
    states = [counted()]
    first = browser.send(get_random_string(64))
    states.append(counted())
    one = states[1] - states[0]
    assert first.status_code == 302 and one["AuditEvent"] == 1
    number, ended = 0, int(signal.SIGKILL)
    while ended == signal.SIGKILL:
        number, token = number + 1, get_random_string(64)
        ended = in_another(lambda: killed_before(number, lambda: browser.send(token)))  # noqa: B023 - done at once
        answer = browser.send(token)
        states.append(counted())
        done = (states[-1] - states[-2], answer.status_code)
        assert done == (one, 302), f"before statement {number}: {said(answer)}"
    assert number > 5 and not SentForm.objects.filter(led_to__isnull=True).exists()


def test_many_bring_it_again_at_once_and_one_takes_it(site: Site) -> None:
    key = "d" * 64
    in_another(lambda: killed_before(2, lambda: (once.take(key), SentForm.objects.count())))
    assert running.lives(SentForm.objects.get(key=key).by.partition("/")[0]) is False
    start, found = Barrier(6), []

    def bring() -> None:
        try:
            start.wait(10)
            taken = once.take(key)
            found.append(taken)
            if isinstance(taken, once.Taken):
                once.settle(taken, "/there/")
        finally:
            connection.close()

    threads = [Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, found))[:5] == ["/there/"] * 5 and isinstance(max(found, key=str), once.Taken)
