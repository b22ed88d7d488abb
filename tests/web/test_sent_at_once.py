"""同一张表单两处同时交 The forms that make something, out of two browsers at the same moment: one thing is made."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.crypto import get_random_string

from pioneer.kernel import clock
from tests.web.routes import ROUTES
from tests.web.site import Site, prepared
from tests.web.test_sent_twice import counted, said
from tests.world import TODAY

AT_ONCE = (
    *(
        "new-record",
        "new-relation",
        "issue-slip",
        "new-user",
        "new-organisation",
        "start-draft",
        "new-line",
        "open-sheet",
    ),
    *("statement", "add-member", "new-declaration", "propose-transfer", "object-to-line", "paper-objection"),
    *("new-roster-import", "grant-role"),
)  # each makes a row, and none stands in another's way


@pytest.mark.django_db(transaction=True)
def test_sent_by_two_browsers_at_once_it_has_one_effect() -> None:
    wrong = []
    with prepared(own=True) as site, clock.at(TODAY):
        for name in AT_ONCE:
            before = counted()
            answers = _sent_at_once(site, name)
            after = counted()
            made = {kind: after[kind] - before[kind] for kind in after if after[kind] != before[kind]}
            led = {(answer.status_code, said(answer)) for answer in answers}
            if made.get("AuditEvent") != 1 or len(led) != 1 or answers[0].status_code != 302:
                wrong.append(f"{name}: {made}, {led}")
    assert wrong == []


def _sent_at_once(site: Site, name: str) -> list[Any]:
    """The same form out of two browsers of the same person, at the same moment."""
    row = ROUTES[name]
    data = {**site.data(row), "csrfmiddlewaretoken": get_random_string(64)}
    address, may = site.address(name, row), row.does or frozenset()
    person = "recorder" if name == "new-line" else min(may)  # the first by name is concerned there
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(site.world.users[person], backend="pioneer.accounts.backends.NumberBackend")
    start, answers = Barrier(2), []

    def send_now(browser: Client) -> None:
        files = {k: SimpleUploadedFile(v.name, v.file.getvalue()) for k, v in data.items() if hasattr(v, "chunks")}
        try:
            start.wait(10)
            answers.append(browser.post(address, {**data, **files}))
        finally:
            connection.close()

    threads = [Thread(target=send_now, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers
