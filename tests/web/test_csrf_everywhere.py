"""No form of the site is taken from another site, public or not."""

import pytest
from django.test import Client

from tests.web.routes import ROUTES
from tests.web.test_hostile_input import person_for
from tests.web.test_routes import Site, site  # noqa: F401  # the prepared site, as a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_every_post_needs_the_token(site: Site) -> None:  # noqa: F811
    strict = Client(enforce_csrf_checks=True)
    taken = []
    for name, row in ROUTES.items():
        if row.does:
            site.ask(person_for(row), "/", None)
            strict.cookies = site.client.cookies
            if strict.post(site.address(name, row), {}).status_code != 403:
                taken.append(name)
    assert taken == []
