"""Who objects without a name leaves none: not in the objection, not in the audit, not in the session."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from pioneer.assessments.models import Review
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.kernel.models import AuditEvent
from pioneer.publicity.models import Objection, Publication
from pioneer.publicity.objections import answer_objection, object_to_line
from tests.notices import On, make_sheet, publish
from tests.world import TODAY, World, adopt_rulebook

BACKEND = "pioneer.accounts.backends.NumberBackend"


@pytest.fixture(autouse=True)
def _april() -> Any:
    with clock.at(TODAY):
        yield


@pytest.fixture
def shown(world: World) -> Publication:
    adopt_rulebook(world)
    return publish(world, make_sheet(world, [On("李桂兰"), On("单雪琴", "N7", 14)]))


def test_signed_in_but_not_named_nothing_says_who_it_was(shown: Publication, world: World, client: Client) -> None:
    client.force_login(world.users["xueqin"], backend=BACKEND)
    line = shown.lines.get(member=world.member("李桂兰")).line
    client.post(f"/n/{shown.token}/object/{line.pk}/", {"text": "那天没有这件事", "request_key": str(uuid4())})
    made = Objection.objects.get()
    assert (made.objector_number, made.objector_name, made.entered_by_number) == (None, "", None)
    event = AuditEvent.objects.get(operation="publicity.object_to_line")
    assert (event.actor_number, event.actor_role) == (None, "visitor")
    with clock.at(date(2026, 4, 2)):
        answer_objection(actor=world.actor("deputy"), objection_id=made.pk, upheld=False, answer="属实。")
        client.post(f"/o/{made.receipt}/", {"why": "不服"})
    made.refresh_from_db()
    assert made.state == "township"
    event = AuditEvent.objects.get(operation="publicity.escalate_objection")
    assert event.actor_number is None and made.receipt not in str(event.arguments)


def test_signed_in_and_named_the_name_is_for_who_answers_and_not_for_the_audit(
    shown: Publication, world: World, client: Client
) -> None:
    line = shown.lines.get(member=world.member("李桂兰")).line
    object_to_line(
        actor=world.actor("xueqin"),
        token=shown.token,
        line_id=line.pk,
        text="那天没有这件事",
        request_key=uuid4(),
        name="单雪琴",
    )
    assert Objection.objects.get().objector_number == world.users["xueqin"].pk
    event = AuditEvent.objects.get(operation="publicity.object_to_line")
    assert (event.actor_number, event.actor_role) == (None, "member")


def test_a_visitor_gets_no_session_and_no_address_is_kept(shown: Publication, client: Client) -> None:
    line = shown.lines.first().line
    address = f"/n/{shown.token}/object/{line.pk}/"
    client.get(address, REMOTE_ADDR="203.0.113.77")
    sent = {"text": "那天没有这件事", "request_key": str(uuid4())}
    answer = client.post(address, sent, REMOTE_ADDR="203.0.113.77", HTTP_X_FORWARDED_FOR="203.0.113.77")
    assert answer.status_code == 302
    assert not Session.objects.exists() and "sessionid" not in client.cookies
    kept = str(list(Objection.objects.values())) + str(list(AuditEvent.objects.values()))
    assert "203.0.113.77" not in kept


def test_the_branch_enters_on_paper_what_a_member_says_of_a_rejected_claim(
    shown: Publication, world: World, client: Client
) -> None:
    claim = Declaration.objects.create(
        member=world.member("张㛃"),
        branch=world.branch,
        indicator="B5",
        event_on=date(2026, 3, 20),
        place="槐园小区",
        matter="浇花",
        state="taken",
        created_at=clock.now(),
    )
    review = Review.objects.create(
        declaration=claim, sheet=shown.sheet, outcome="rejected", reason="家务", created_at=clock.now()
    )
    client.force_login(world.users["recorder"], backend=BACKEND)
    address = f"/publications/{shown.pk}/objections/new/"
    assert "未获认可的申报：浇花" in client.get(address).content.decode()
    sent = {"line": f"review-{review.pk}", "text": "是给花坛浇的", "request_key": str(uuid4())}
    assert client.post(address, sent).status_code == 302
    made = Objection.objects.get()
    assert made.review == review and made.objector_name == "张㛃"
