"""What the browser is given so that declaring works without a connection, and what the phone sends."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from tests.declarations.conftest import Declare
from tests.declarations.conftest import declares as declares
from tests.declarations.conftest import ruled as ruled
from tests.files.test_photographs import photograph
from tests.web.test_declarations import form, sign_in
from tests.world import TODAY, World

PHONE = "/declarations/phone/"


@pytest.fixture(autouse=True)
def _first_of_april() -> Any:
    with clock.at(TODAY):
        yield


def sent(client: Client, world: World, name: str = "李桂兰", **changes: Any) -> Any:
    return client.post(PHONE, form(member=world.member(name).pk, **changes))


# ------------------------------------------------------------------ what may be kept


def test_the_page_that_is_kept_is_the_same_for_everybody(ruled: World, client: Client) -> None:
    nobody = client.get("/declarations/offline/")
    somebody = sign_in(client, ruled, "guilan").get("/declarations/offline/")
    assert nobody.content == somebody.content and nobody.status_code == 200
    with clock.at(date(2027, 1, 1)):
        assert client.get("/declarations/offline/").content == nobody.content
    page = nobody.content.decode()
    assert "李桂兰" not in page and "csrf" not in page and "data-account" not in page
    policy = nobody["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy
    assert "Set-Cookie" not in nobody and "<script>" not in page


def test_the_worker_serves_the_pages_under_declarations_and_keeps_nothing_personal(client: Client, db: None) -> None:
    answer = client.get("/declarations/worker.js")
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer  # so its scope is the folder it lies in
    text = answer.content.decode()
    kept = json.loads(text.split("const FILES = ")[1].split(";")[0])
    assert all(address.startswith("/static/") for address in kept)
    assert json.loads(text.split("const PAGES = ")[1].split(";")[0]) == ["/declarations/", "/declarations/new/"]
    assert 'const SHELL = "/declarations/offline/"' in text
    for address in kept:
        assert client.get(address).status_code == 200, address


def test_whatever_the_kept_page_loads_is_kept_too(client: Client, db: None) -> None:
    page = client.get("/declarations/offline/").content.decode()
    kept = client.get("/declarations/worker.js").content.decode()
    loaded = [part.split('"')[0] for part in page.replace('src="', 'href="').split('href="') if "/static/" in part[:9]]
    assert loaded and all(address in kept for address in loaded)


def test_it_can_be_put_on_the_phones_screen(client: Client, db: None) -> None:
    answer = client.get("/declarations/app.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = json.loads(answer.content)
    assert (said["start_url"], said["display"]) == ("/declarations/new/", "standalone")
    for icon in said["icons"]:
        assert client.get(icon["src"]).status_code == 200


# ------------------------------------------------------------------ what the phone asks and sends


def test_the_phone_is_told_what_the_form_needs_of_who_is_signed_in(
    ruled: World, declares: Declare, client: Client
) -> None:
    declares(indicator="C4", place="南门岗亭", event_on=date(2026, 3, 26))
    answer = sign_in(client, ruled, "guilan").get(PHONE)
    assert "no-store" in answer["Cache-Control"]
    said = answer.json()
    assert (said["account"], said["member"]) == (ruled.users["guilan"].pk, ruled.member("李桂兰").pk)
    assert said["latest"] == ["C4"] and said["places"] == ["南门岗亭"]
    assert {"B2", "A6"} <= {choice["code"] for choice in said["choices"]}
    assert "C1" not in {choice["code"] for choice in said["choices"]}


def test_who_is_on_no_roster_has_nothing_to_declare(ruled: World, client: Client) -> None:
    assert sign_in(client, ruled, "district_officer").get(PHONE).status_code == 404
    client.logout()
    assert client.get(PHONE).status_code == 302


def test_what_the_phone_sends_is_a_claim_with_its_photograph(ruled: World, client: Client) -> None:
    sign_in(client, ruled, "guilan")
    answer = sent(client, ruled, evidence=[SimpleUploadedFile("a.jpg", photograph())])
    made = Declaration.objects.get()
    assert answer.status_code == 200 and answer.json() == {"declaration": made.pk}
    assert made.files.count() == 1 and not made.is_proxy
    assert "已交到支部" in client.get("/declarations/").content.decode()


def test_sent_twice_it_is_one_and_with_other_content_it_is_refused(ruled: World, client: Client) -> None:
    sign_in(client, ruled, "guilan")
    key = str(uuid4())
    assert [sent(client, ruled, request_key=key).status_code for _ in range(2)] == [200, 200]
    refused = sent(client, ruled, request_key=key, matter="另一件事情")
    assert refused.status_code == 409 and "内容不同" in refused.json()["said"]
    assert Declaration.objects.count() == 1


def test_what_is_wrong_is_said_in_sentences(ruled: World, client: Client) -> None:
    sign_in(client, ruled, "guilan")
    for changes, said in (
        ({"matter": "", "place": ""}, "在哪里：请填写在哪里做的"),
        ({"quantity": ""}, "缺少数量（小时）"),
        ({"event_on": "2026-04-02"}, "在今天之后"),
        ({"evidence": [SimpleUploadedFile("a.exe", b"MZ\x00\x01")]}, "a.exe"),
    ):
        answer = sent(client, ruled, **changes)
        assert answer.status_code in (409, 422) and said in answer.json()["said"], said
    assert not Declaration.objects.exists()


def test_a_claim_written_by_another_person_is_not_taken(ruled: World, client: Client) -> None:
    sign_in(client, ruled, "xueqin")
    answer = sent(client, ruled, "李桂兰")
    assert answer.status_code == 409 and "由填写的本人登录" in answer.json()["said"]
    assert not Declaration.objects.exists()
