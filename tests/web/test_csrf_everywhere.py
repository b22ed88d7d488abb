"""No form of the site is taken from another site, public or not."""

import pytest
from django.conf import settings
from django.test import Client

from tests.web.routes import ROUTES
from tests.web.site import Site
from tests.web.test_hostile_input import person_for

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_every_post_needs_the_token(site: Site) -> None:
    strict = Client(enforce_csrf_checks=True)
    site.ask("secretary", "/account/", None)  # leaves the browser with the cookie the token is compared with
    strict.cookies = site.client.cookies
    assert settings.CSRF_COOKIE_NAME in strict.cookies
    taken = []
    for name, row in ROUTES.items():
        if row.does:
            strict.cookies[settings.SESSION_COOKIE_NAME] = site.sessions[person_for(row)]
            if strict.post(site.address(name, row), {}).status_code != 403:
                taken.append(name)
    assert taken == []
