"""What a month leaves behind beside its own tables: nothing of a person in audit, tasks, logs or sessions."""

import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from pioneer.assessments.models import Line
from pioneer.kernel.models import AuditEvent, Task
from pioneer.members.models import Member
from pioneer.members.services import reveal_identity
from pioneer.messages.models import Message
from tests.members.rosters import imported, person, roster
from tests.web.site import Site
from tests.world import World

IDENTITY = "140108195603080009"


@pytest.fixture
def lived(site: Site, caplog: Any) -> World:
    caplog.set_level(logging.DEBUG)
    imported(site.world, roster(person("新来客", phone="13900001111")))
    reveal_identity(actor=site.world.actor("secretary"), member_id=site.world.member("李桂兰").pk)
    return site.world


def words(world: World) -> list[str]:
    names = set(Member.objects.values_list("name", flat=True)) | {user.name for user in world.users.values()}
    phones = {user.phone for user in world.users.values() if user.phone} | {"13900001111"}
    texts = {"签到册", "水管", "槐园小区", "路人甲", "姑嫂", "殴打", "本人口述", "家务", "诊断证明", "公安分局"}
    return sorted({*names, *phones, *texts, IDENTITY, IDENTITY[-4:]})


def test_the_audit_and_the_tasks_hold_numbers_and_codes_alone(lived: World) -> None:
    rows = list(AuditEvent.objects.values("arguments", "actor_role", "target_kind", "refused", "operation"))
    assert len(rows) > 30
    kept = str(rows) + str(list(Task.objects.values("arguments", "result", "message", "kind")))
    assert [word for word in words(lived) if word in kept] == []


def test_no_log_and_no_session_holds_a_person(lived: World, site: Site, client: Client, caplog: Any) -> None:
    client.force_login(lived.users["secretary"], backend="pioneer.accounts.backends.NumberBackend")
    member = lived.member("李桂兰")
    shown = client.post(f"/members/{member.pk}/identity/reveal/")
    assert shown.status_code == 200 and "no-store" in shown["Cache-Control"]
    client.post(f"/members/{member.pk}/identity/", {"identity": IDENTITY, "reason": "x"})
    client.post("/slip/", {"login": "M00002", "code": "ABCD-EFGH-JKMN", "password": "p", "again": "p"})
    here = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    logged = " ".join([*site.standing.logged, *here])
    assert [word for word in (IDENTITY, "13900001111", "李桂兰", "ABCD-EFGH") if word in logged] == []
    held = str([session.get_decoded() for session in Session.objects.all()])
    assert [word for word in words(lived) if word in held] == []


def test_no_message_holds_an_identity_number_or_an_objectors_name(lived: World) -> None:
    told = str(list(Message.objects.values("title", "text", "link", "reference")))
    assert "路人甲" not in told and IDENTITY not in told and IDENTITY[6:14] not in told
    assert Line.objects.exists() and "签到册" in told  # the member itself reads its ground
