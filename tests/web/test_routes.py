"""每一条路由 × 每一个人 The written table of tests/web/routes.py against the site: nobody comes in who is not listed,
nobody listed is turned away, and no address is missing from the table."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from tests.web.routes import EVERYBODY, ROUTES, Row
from tests.web.scenario import prepare
from tests.world import TODAY, build

ANONYMOUS = "anonymous"
Asking = Callable[[Set[str]], list[str]]  # of who is listed: who shall ask


def names_of(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Every named pattern, in included files too; one without a name is named by its pattern."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from names_of(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name}" if one.name else f"(without a name) {one.pattern}"


@dataclass
class Site:
    """The prepared site and a browser per person, all on one handler."""

    things: Mapping[str, Any]
    sessions: dict[str, str]
    client: Client

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


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Site]:
    quick = override_settings(
        FILES_ROOT=tmp_path_factory.mktemp("files"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        AXES_ENABLED=False,
        SECOND_FACTOR_REQUIRED=False,
    )
    with quick, django_db_blocker.unblock(), transaction.atomic():
        world = build()
        things = prepare(world)
        assert set(world.users) == EVERYBODY, "the groups of the table name the whole cast"
        client, sessions = Client(), {}
        with clock.at(TODAY):
            for code, user in world.users.items():
                client.cookies = SimpleCookie()
                client.force_login(user, backend="pioneer.accounts.backends.NumberBackend")
                client.get("/account/")  # the session notes when it began, once and not at every request below
                sessions[code] = client.cookies[settings.SESSION_COOKIE_NAME].value
            yield Site(things, sessions, client)
        transaction.set_rollback(True)


def test_the_table_names_every_address_of_the_site_and_no_other() -> None:
    assert sorted(names_of(get_resolver())) == sorted(ROUTES)


@pytest.mark.every_case
@pytest.mark.django_db
@pytest.mark.parametrize("name", ROUTES)
def test_who_gets_through(name: str, site: Site) -> None:
    in_turn = list(ROUTES).index(name)
    assert not _wrong(name, site, lambda listed: _some(listed, in_turn))


@pytest.mark.campaign
@pytest.mark.django_db
@pytest.mark.parametrize("name", ROUTES)
def test_who_gets_through_of_everybody(name: str, site: Site) -> None:
    assert not _wrong(name, site, lambda listed: sorted(EVERYBODY))


def _wrong(name: str, site: Site, asking: Asking) -> str:
    row = ROUTES[name]
    address = site.address(name, row)
    wrong = _looked(site, row, address, asking) + _done(site, row, address, asking)
    return "\n  ".join([address, *wrong]) if wrong else ""


def _some(listed: Set[str], in_turn: int) -> list[str]:
    """Of who is listed one, and of who is not two, others at every route; everybody at all of them is asked by the
    campaign. Who is let in is no question to the database: on PostgreSQL one asks who is listed, so that every page has
    been read and every form been taken there."""
    inside, outside = (1, 0) if connection.vendor == "postgresql" else (1, 2)
    return [*_in_turn(sorted(listed), in_turn, inside), *_in_turn(sorted(EVERYBODY - listed), in_turn, outside)]


def _in_turn(people: list[str], number: int, many: int) -> list[str]:
    first = number * many % len(people) if people else 0
    return [*people[first:], *people[:first]][:many]


def _looked(site: Site, row: Row, address: str, asking: Asking) -> list[str]:
    if row.sees is None:
        return []
    wrong = []
    for person in asking(row.sees):
        outcome, _ = site.ask(person, address, None)
        through = outcome in ("in", "back")
        if through != (person in row.sees) or outcome in ("sign-in", "broken"):
            wrong.append(f"GET {person}: {outcome}")
    return wrong + _stranger(site, row, address, None)


def _done(site: Site, row: Row, address: str, asking: Asking) -> list[str]:
    if row.does is None:
        return []
    wrong, serious = [], False
    for person in asking(row.does):
        outcome, reached = site.ask(person, address, site.data(row))
        if person in row.does:
            serious = serious or bool(reached) or outcome == "in"
            if outcome not in ("in", "back"):
                wrong.append(f"POST {person}: {outcome}")
        elif reached == "wrote" or outcome not in ("out", "back" if person in (row.sees or ()) else "out"):
            wrong.append(f"POST {person}: {outcome} {reached}")
    if connection.vendor != "postgresql" and not serious and not row.reads and not _gets_anywhere(site, row, address):
        wrong.append("POST: the data of the row gets nobody anywhere")
    return wrong + _stranger(site, row, address, site.data(row))


def _gets_anywhere(site: Site, row: Row, address: str) -> bool:
    """For one of those who may, what the row brings is done, or refused by an operation: not by its form alone."""
    answers = (site.ask(person, address, site.data(row)) for person in sorted(row.does or ()))
    return not row.does or any(reached or outcome == "in" for outcome, reached in answers)


def _stranger(site: Site, row: Row, address: str, data: Mapping[str, Any] | None) -> list[str]:
    if connection.vendor == "postgresql":
        return []
    outcome, reached = site.ask(ANONYMOUS, address, data)
    if row.public:
        return [] if outcome in ("in", "back") else [f"anonymous: {outcome} at a public page"]
    return [] if outcome == "sign-in" and not reached else [f"anonymous: {outcome}, must be led to the sign-in"]
