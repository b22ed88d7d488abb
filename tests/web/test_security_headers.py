"""What the browser is told, on every kind of page."""

from typing import Any

import pytest
from django.test import Client

from pioneer import settings as ours
from pioneer import settings as site_settings
from tests.world import World

pytestmark = pytest.mark.django_db
PAGES = [
    ("", "/accounts/login/", 200),
    ("", "/slip/", 200),
    ("", "/nowhere/", 404),
    ("", "/static/pioneer/pioneer.css", 200),
    ("secretary", "/", 200),
    ("secretary", "/inbox/", 200),
    ("secretary", "/account/", 200),
    ("secretary", "/audit/", 403),
    ("secretary", "/users/999999/", 404),
    ("system_admin", "/users/", 200),
    ("system_admin", "/users/new/", 200),
    ("auditor", "/audit/", 200),
]


@pytest.mark.parametrize(("who", "address", "status"), PAGES)
def test_every_kind_of_page_carries_the_headers(
    client: Client, world: World, who: str, address: str, status: int
) -> None:
    if who:
        client.force_login(world.users[who], backend="pioneer.accounts.backends.NumberBackend")
    answer = client.get(address)
    assert answer.status_code == status
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    if address.startswith("/static/"):
        return
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_pages_of_a_person_are_never_cached(client: Client, world: World) -> None:
    client.force_login(world.users["secretary"], backend="pioneer.accounts.backends.NumberBackend")
    for address in ("/", "/inbox/", "/account/", "/users/"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client, world: World) -> None:
    world.users["guilan"].set_password("槐花开了又一年真好看")
    world.users["guilan"].save()
    client.post("/accounts/login/", {"login": "M00002", "password": "槐花开了又一年真好看"})
    client.post("/print-size/", {"size": "large"})
    client.get("/accounts/logout/")
    for name in ("sessionid", "csrftoken", "print"):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_the_session_ends_with_the_browser_and_after_eight_hours() -> None:
    assert ours.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert ours.SESSION_COOKIE_AGE == 8 * 60 * 60


def test_over_https_cookies_are_secure(client: Client, settings: Any) -> None:
    settings.HTTPS = settings.CSRF_COOKIE_SECURE = True
    client.get("/accounts/login/")
    client.post("/print-size/", {"size": "large"})
    assert client.cookies["csrftoken"]["secure"] and client.cookies["print"]["secure"]


def test_passwords_are_kept_with_argon2(world: World, settings: Any) -> None:
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS  # the tests use a quicker one
    world.users["guilan"].set_password("槐花开了又一年真好看")
    assert world.users["guilan"].password.startswith("argon2$")
