"""备好的站点 The site of tests/web/scenario.py with a browser for each of its people: made once in a run
(tests/copies.py), a copy of it for the tests of a file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from tests.copies import Standing, standing
from tests.web.routes import EVERYBODY, Row
from tests.web.scenario import prepare
from tests.world import TODAY, World, build

ANONYMOUS = "anonymous"


@dataclass
class Site:
    """The prepared site and a browser per person, all on one handler."""

    world: World
    things: Mapping[str, Any]
    sessions: dict[str, str]
    client: Client
    standing: Standing

    def address(self, name: str, row: Row) -> str:
        return address_of(self.things, name, row)

    def data(self, row: Row) -> Mapping[str, Any]:
        """A fresh form."""
        return row.data(self.things) if callable(row.data) else row.data

    def ask(self, person: str, address: str, data: Mapping[str, Any] | None) -> tuple[str, str]:
        """in, back (a page came), out or sign-in; and whether an operation wrote or tried. All of it is taken back."""
        self.client.cookies = SimpleCookie()
        if person != ANONYMOUS:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        with transaction.atomic():
            last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
            answer = self.client.get(address) if data is None else self.client.post(address, data)
            tried = list(AuditEvent.objects.filter(id__gt=last).values_list("refused", flat=True))
            transaction.set_rollback(True)
        return _outcome(answer), "wrote" if "" in tried else "tried" if tried else ""


def address_of(things: Mapping[str, Any], name: str, row: Row) -> str:
    """`=text` stands for itself, anything else for the thing of this name (its number, or itself if a text)."""
    values = {key: _value(things, given) for key, given in row.args.items()}
    query = row.query(things) if callable(row.query) else row.query
    return reverse(name, kwargs=values) + query


def _value(things: Mapping[str, Any], given: str) -> Any:
    if given.startswith("="):
        return given[1:]
    thing = things[given]
    return thing if isinstance(thing, str) else thing.pk


def _outcome(answer: Any) -> str:
    if answer.status_code in (403, 404):
        return "out"
    target = urlsplit(answer.headers.get("Location", ""))
    if target.path == settings.LOGIN_URL and "next=" in target.query:
        return "sign-in"
    return "back" if answer.status_code == 200 else "in" if answer.status_code < 500 else "broken"


@contextmanager
def prepared(*, own: bool = False) -> Iterator[Site]:
    """备好 Until the block ends this process works in a copy of it: one's own where something is to be committed."""
    with standing("prepared", _prepared, own=own) as found:
        world, things, sessions = found.answer
        yield Site(world, things, sessions, Client(), found)


def _prepared() -> tuple[World, dict[str, Any], dict[str, str]]:
    world = build()
    things = prepare(world)
    assert set(world.users) == EVERYBODY, "the groups of the table name the whole cast"
    client, sessions = Client(), {}
    with clock.at(TODAY):
        for code, user in world.users.items():
            client.cookies = SimpleCookie()
            client.force_login(user, backend="pioneer.accounts.backends.NumberBackend")
            client.get("/account/")  # the session notes when it began, once and not at every request of a test
            sessions[code] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return world, things, sessions
