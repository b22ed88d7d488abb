"""每一条路由 × 每一个人 The written table of tests/web/routes.py against the site: nobody comes in who is not listed,
nobody listed is turned away, and no address is missing from the table."""

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.routes import EVERYBODY, ROUTES, Row
from tests.web.site import ANONYMOUS, Site

Asking = Callable[[Set[str]], list[str]]  # of who is listed: who shall ask


def names_of(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Every named pattern, in included files too; one without a name is named by its pattern."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from names_of(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name}" if one.name else f"(without a name) {one.pattern}"


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
