"""同一张表单交两次 Every form of the site, sent twice as it is: by an impatient finger, by a browser that asks again
(by two browsers at once: test_sent_at_once.py; after a killed server: test_sent_again.py). It has one effect, and the
second answer is the first one's or a sentence.

Which forms there are is read from the table of routes; what is left out stands here with its reason.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.crypto import get_random_string

from pioneer.accounts.models import User
from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import RosterImport
from tests.web.readied import READY, Ready
from tests.web.routes import ROUTES
from tests.web.site import Site
from tests.world import ROOT, TODAY

pytestmark = pytest.mark.one_database

LEFT_OUT = {
    "print-size": "a switch: sent twice it says twice which size, and the second says nothing new",
    "account_login": "signing in makes no row of ours; a second sign-in is a second session",
    "account_logout": "signing out makes no row of ours; the second finds nobody signed in",
    "use-slip": "the row of the table brings a wrong code; that a right one lets in once is in tests/test_at_once.py",
    "change-password": "the row brings a wrong password: nobody of the cast has one",
    "check-draft-row": "writes nothing: it is asked while somebody types",
    "check-filing": "writes nothing: what is brought is checked and not kept",
    "check-archive": "writes nothing: what is brought is checked and not kept",
}
LOOKS = {
    "reveal-identity": "shows a number: who looks twice has looked twice, and the audit says so",
    "wrong-import-rows": "hands out a file: taken twice is taken twice, and the audit says so",
    "take-away-json": "hands out a file: taken twice is taken twice, and the audit says so",
    "take-away-xlsx": "hands out a file: taken twice is taken twice, and the audit says so",
    "declaring-phone": "the phone sends until it hears that it was taken: the same answer, and the audit says so",
    "weekly-forms": "hands out a paper: the same forms with the same codes, and the audit says it was printed twice",
}


def _ready(site: Site, name: str) -> Mapping[str, Any]:
    """What the scenario lacks for the form to take effect, and what it brings then."""
    things = site.things
    if name == "reactivate-user":
        User.objects.filter(pk=things["recorder"].pk).update(is_active=False)
    elif name == "reset-second-factor":
        Authenticator.objects.create(user_id=things["recorder"].pk, type="totp", data={})
    elif name == "draft-rulebook":
        text = (ROOT / "rulebooks" / "jiancaoping" / "rulebook.toml").read_text(encoding="utf-8")
        return {"text": f"{text}\n# 修订\n", "valid_from": "2026-07-01"}
    elif name == "propose-supplement":
        type(things["waiting_supplement"]).objects.filter(pk=things["waiting_supplement"].pk).update(
            state="returned", decided_at=clock.now(), decision_reason="请写清楚"
        )
    elif name == "edit-member":
        return {"name": "李桂兰", "birth_on": "1956-03-08", "joined_on": "2001-07-01", "phone": "19911112222"}
    elif name == "confirm-roster-import":
        counts = RosterImport.objects.get(pk=things["import"].pk).counts
        return {"new": str(counts["new"]), "changed": str(counts["changed"])}
    elif name == "upload-totals":
        return {"edit": str(type(things["sheet"]).objects.get(pk=site.things[ROUTES[name].args["sheet_id"]].pk).edit)}
    return {}


UNCOUNTED = {"sessions.Session", "kernel.SentForm", "axes.AccessAttempt", "axes.AccessFailureLog", "axes.AccessLog"}
SENT = [name for name, row in ROUTES.items() if row.does and name not in LEFT_OUT]


def counted() -> Counter[str]:
    """How many rows every table of the program holds; of the audit only what was done, not what was refused."""
    tables = {model._meta.label: model._meta.db_table for model in apps.get_models() if model is not AuditEvent}
    kinds = [kind for kind in tables if kind not in UNCOUNTED]
    with connection.cursor() as cursor:
        counts = (f'(SELECT count(*) FROM "{tables[kind]}")' for kind in kinds)  # noqa: S608 - names of our tables
        cursor.execute("SELECT " + ", ".join(counts))
        found = Counter(dict(zip(kinds, cursor.fetchone(), strict=True)))
    found["AuditEvent"] = AuditEvent.objects.filter(refused="").count()
    return found


def said(answer: Any) -> str:
    """Where it leads, or what a page of refusal says."""
    return answer.headers.get("Location", "") or f"{answer.status_code}"


@dataclass
class Sent:
    """一张表单 Who sends it where, and what."""

    name: str
    person: str
    address: str
    data: Mapping[str, Any]


def sender(site: Site, name: str) -> tuple[Sent, set[str]]:
    """The first of those who may for whom the form takes effect; else the last, and why not."""
    row, codes = ROUTES[name], set()
    for person in sorted(row.does or ()):
        with transaction.atomic():
            form = _formed(site, name, person, get_random_string(64))
            last = AuditEvent.objects.latest("id").pk
            answer = send(site, form)
            tried = set(AuditEvent.objects.filter(id__gt=last).values_list("refused", flat=True))
            transaction.set_rollback(True)
        if "" in tried:
            return form, set()
        codes |= {f"{answer.status_code}", *tried}
    return form, codes


def _formed(site: Site, name: str, person: str, token: str) -> Sent:
    """What is lacking made good, and the form as it is sent then."""
    ready = READY[name](site.things) if name in READY else Ready(_ready(site, name))
    row = ROUTES[name]
    data = {**site.data(row), **ready.data, "csrfmiddlewaretoken": token}
    return Sent(name, ready.person or person, ready.address or site.address(name, row), data)


def send(site: Site, form: Sent) -> Any:
    """From a browser of who sends it."""
    site.client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: site.sessions[form.person]})
    for value in form.data.values():
        if isinstance(value, UploadedFile):
            value.seek(0)
    return site.client.post(form.address, form.data)


@pytest.mark.django_db
@pytest.mark.parametrize("name", SENT)
def test_sent_twice_it_has_one_effect(name: str, site: Site) -> None:
    with transaction.atomic(), clock.at(TODAY):
        form, codes = sender(site, name)
        form = _formed(site, name, form.person, form.data["csrfmiddlewaretoken"])
        before = counted()
        first = send(site, form)
        after = counted()
        second = send(site, form)
        twice = counted()
        transaction.set_rollback(True)
    assert after != before, f"the first time: {codes}"
    assert first.status_code < 500 and second.status_code < 500
    more = {kind for kind in after if after[kind] != twice[kind]}
    assert more == ({"AuditEvent"} if name in LOOKS else set()), f"first {said(first)}, second {said(second)}"
    if name not in LOOKS:
        assert said(second) == said(first) and second.status_code == 302
        assert "没有再办一次" in _flashed(second)


def _flashed(answer: Any) -> str:
    return "".join(str(one) for one in get_messages(answer.wsgi_request))


def test_every_exception_is_a_form_of_the_site() -> None:
    posts = {name for name, row in ROUTES.items() if row.does}
    assert LEFT_OUT.keys() | LOOKS.keys() | READY.keys() <= posts
