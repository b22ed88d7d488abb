"""坏输入 Whatever is typed, pasted, sent or put into an address: a sentence comes back, never a broken page.

Every form of the table of routes is sent with one field after another spoilt, the rest as the table says.
"""

import re
from collections.abc import Iterator, Mapping
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from tests.web.routes import EVERYBODY, ROUTES, Row
from tests.web.site import Site

pytestmark = pytest.mark.django_db
HUGE = "9" * 40
TEXTS = [
    "\x00",
    "好" * 50_000,
    "𠮷😀\u202e\u0301",
    " \u3000\n",
    "<script>alert(1)</script>{{ x }}",
    "'; DROP TABLE x; --",
]
NUMBERS = ["-1", HUGE, "1e400", "NaN", "٣", "０.５", "0.001", "9223372036854775808", "2147483648", "x"]
DATES = ["0001-01-01", "9999-12-31", "2026-02-30", "20260401", "2026-04-01T00:00", "0000-00-00", "９９９９-12-31"]
KEYS = ["x" * 400, "00000000-0000-0000-0000-000000000000", "\x00"]
WORDS = {"on", "event_on", "from_on", "until_on", "last_on", "last_day", "told_on", "document_on", "since", "birth_on"}
NUMBERED = {"edit", "quantity", "decided", "new_value", "minutes", "year", "new", "changed", "page", "line", "member"}
FIELD = re.compile(r'<(?:input|textarea|select)[^>]* name="([^"]+)"')
FILE = re.compile(r'<input type="file"[^>]* name="([^"]+)"|<input[^>]* name="([^"]+)"[^>]* type="file"')
IGNORED = {"csrfmiddlewaretoken"}


def spoilt(name: str) -> list[str]:
    """What to put into a field of this name; a bit of every kind into those that tell nothing by their name."""
    if name in WORDS or name.endswith("_on"):
        return [*DATES, "\x00", HUGE]
    if name in NUMBERED or name.endswith("_id"):
        return [*NUMBERS, "\x00", ""]
    if name.endswith("key"):
        return KEYS
    return [*TEXTS, HUGE, "0001-01-01", "9999-12-31", "-1", ""]


def person_for(row: Row) -> str:
    both = (row.does or frozenset()) & (row.sees or EVERYBODY)
    return sorted(both or row.does or EVERYBODY)[0]


def sent(site: Site, person: str, address: str, data: Mapping[str, Any] | None) -> str:
    """Empty, or what went wrong."""
    try:
        with transaction.atomic():
            outcome, _ = site.ask(person, address, data)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:160]
    return "" if outcome != "broken" else "500"


def page(site: Site, person: str, address: str) -> str:
    """The page as this person sees it."""
    site.client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: site.sessions[person]})
    return site.client.get(address).content.decode()


def fields_of(site: Site, row: Row, person: str, address: str, data: Mapping[str, Any]) -> tuple[list[str], set[str]]:
    """The fields of the table's row and those that the page shows; which of them take a file."""
    shown, files = [], set()
    if row.sees is not None and person in row.sees:
        text = page(site, person, address)
        shown = FIELD.findall(text)
        files = {one or other for one, other in FILE.findall(text)}
    return [name for name in dict.fromkeys([*data, *shown]) if name not in IGNORED], files


def attempts(data: Mapping[str, Any], fields: list[str], files: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "nothing", {}
    for name in fields:
        yield f"without {name}", {key: value for key, value in data.items() if key != name}
        if name in files:
            for content in (
                b"",
                b"\x00" * 64,
                b"%PDF-1.4\n",
                b"\x89PNG\r\n\x1a\n" + b"\xff" * 64,
                b"PK\x03\x04" + b"x" * 64,
            ):
                yield f"{name}={content[:8]!r}", {**data, name: SimpleUploadedFile("坏\x00.exe", content)}
            continue
        for value in spoilt(name):
            yield f"{name}={value[:12]!r}", {**data, name: value}
        yield f"{name} twice", {**data, name: ["\u0001", "𠮷"]}


FORMS = [name for name, row in ROUTES.items() if row.does]
PAGES = [name for name, row in ROUTES.items() if row.sees]


def broken_forms(name: str, site: Site, every: int) -> list[str]:
    """What breaks of the attempts at this form, `every` so-manieth of them, a different set for each form."""
    row = ROUTES[name]
    address, person = site.address(name, row), person_for(row)
    data = dict(row.data(site.things) if callable(row.data) else row.data)
    fields, files = fields_of(site, row, person, address, data)
    found = []
    for number, (what, form) in enumerate(attempts(data, fields, files)):
        if (number + len(name)) % every == 0 and (said := sent(site, person, address, form)):
            found.append(f"{person} {address} {what}: {said}")
    return found


@pytest.mark.parametrize("name", FORMS)
def test_no_form_breaks(name: str, site: Site) -> None:
    assert broken_forms(name, site, every=60) == []


@pytest.mark.campaign
@pytest.mark.parametrize("name", FORMS)
def test_no_form_breaks_whatever_is_sent(name: str, site: Site) -> None:
    assert broken_forms(name, site, every=1) == []


QUERIES = [
    "q",
    "page",
    "show",
    "only",
    "member",
    "month",
    "at",
    "line",
    "receipt",
    "on",
    "operation",
    "n",
    "next",
    "outcome",
    "version",
    "shipped",
]


ODD = ("%00", "%F0%A0%AE%B7", HUGE, "-1", "x" * 3000, "%FF%FE", "%D9%A3", "%C2%B2")


def broken_pages(name: str, site: Site, keys: list[str], values: tuple[str, ...]) -> list[str]:
    row = ROUTES[name]
    address, person = site.address(name, row).split("?")[0], sorted(row.sees or ())[0]
    together = "&".join(f"{key}=%s" for key in QUERIES)
    queries = [together.replace("%s", value) for value in values] + [
        f"{key}={value}" for key in keys for value in values
    ]
    return [
        f"{person} {address}?{one[:60]}: {said}"
        for one in queries
        if (said := sent(site, person, f"{address}?{one}", None))
    ]


@pytest.mark.parametrize("name", PAGES)
def test_no_query_breaks_a_page(name: str, site: Site) -> None:
    assert broken_pages(name, site, [], (ODD[len(name) % len(ODD)],)) == []


@pytest.mark.campaign
@pytest.mark.parametrize("name", PAGES)
def test_no_query_breaks_a_page_whatever_is_asked(name: str, site: Site) -> None:
    assert broken_pages(name, site, QUERIES, ODD) == []


PLACES = ("0", HUGE, "9223372036854775808", "2147483648", "\x00", "𠮷", "x" * 300)
ADDRESSES = [name for name, row in ROUTES.items() if row.args]


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_address_breaks(name: str, site: Site) -> None:
    first = len(name) % len(PLACES)
    assert broken_addresses(name, site, PLACES[first : first + 1]) == []


@pytest.mark.campaign
@pytest.mark.parametrize("name", ADDRESSES)
def test_no_address_breaks_whatever_stands_in_it(name: str, site: Site) -> None:
    assert broken_addresses(name, site, PLACES) == []


def broken_addresses(name: str, site: Site, values: tuple[str, ...]) -> list[str]:
    row = ROUTES[name]
    wrong = []
    for value in values:
        try:
            address = reverse(name, kwargs=dict.fromkeys(row.args, value))
        except NoReverseMatch:
            continue
        for method in (None, {}):
            people = row.sees if method is None else row.does
            person = sorted(people)[0] if people else "secretary"
            if said := sent(site, person, address, method):
                wrong.append(f"{value[:12]!r}: {said}")
    return wrong
