"""declarations.declare_together"""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from pioneer.conduct.models import ZeroingCase
from pioneer.declarations.models import Batch, Declaration, DeclarationFile, Flag
from pioneer.declarations.together import declare_together
from pioneer.files.models import StoredFile
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import Membership, TrackSpell
from tests.files.test_photographs import photograph
from tests.world import TODAY, World, adopt_rulebook, build

NAMES = ("李桂兰", "张㛃", "喆䶮堃")
Together = Callable[..., Batch]


@pytest.fixture
def together(ruled: World) -> Together:
    def run(who: str = "recorder", names: tuple[str, ...] = NAMES, **changes: Any) -> Batch:
        said = {
            "branch_id": ruled.branch.pk,
            "member_ids": [ruled.member(name).pk for name in names],
            "indicator": "B6",
            "event_on": date(2026, 3, 12),
            "place": "槐园小区广场",
            "matter": "防诈骗宣讲，给居民发传单",
            "event": "3月防诈骗宣讲",
            "request_key": uuid4(),
            **changes,
        }
        return declare_together(actor=ruled.actor(who), **said)

    return run


@pytest.fixture(autouse=True)
def _first_of_april() -> Any:
    with clock.at(TODAY):
        yield


def test_each_gets_a_claim_by_proxy_and_the_evidence_is_kept_once(ruled: World, together: Together) -> None:
    made = together(evidence=[("活动.jpg", photograph())])
    claims = list(made.claims.order_by("pk").select_related("member"))
    assert [claim.member.name for claim in claims] == list(NAMES)
    recorder = ruled.users["recorder"].pk
    assert {(claim.is_proxy, claim.entered_by_number, claim.event) for claim in claims} == {
        (True, recorder, "3月防诈骗宣讲")
    }
    assert StoredFile.objects.count() == 1 and DeclarationFile.objects.count() == 3


def test_who_enters_is_among_them_for_itself(ruled: World, together: Together) -> None:
    made = together(names=("解文军", "李桂兰"))
    assert {claim.member.name: claim.is_proxy for claim in made.claims.all()} == {"解文军": False, "李桂兰": True}


def test_claims_for_one_event_raise_no_doubt_about_one_another(ruled: World, together: Together) -> None:
    together(evidence=[("活动.jpg", photograph())])
    kinds = [Flag.Kind.SIMILAR, Flag.Kind.SAME_PHOTO, Flag.Kind.LIKE_PHOTO]
    assert not Flag.objects.filter(kind__in=kinds).exists()


def test_the_same_once_more_under_another_key_is_doubted(ruled: World, together: Together) -> None:
    together(evidence=[("活动.jpg", photograph())])
    again = together(names=("单雪琴",), evidence=[("活动.jpg", photograph())])
    assert Flag.objects.filter(declaration__batch=again, kind=Flag.Kind.SAME_PHOTO).exists()


def test_the_audit_keeps_the_members_numbers_and_no_text(ruled: World, together: Together) -> None:
    made = together()
    row = AuditEvent.objects.get(operation="declarations.declare_together")
    assert row.arguments["member_ids"] == sorted(ruled.member(name).pk for name in NAMES)
    assert "宣讲" not in str(row.arguments) and row.target_number == made.pk


def test_sent_twice_it_counts_once(ruled: World, together: Together) -> None:
    key = uuid4()
    assert together(request_key=key) == together(request_key=key, names=tuple(reversed(NAMES)))
    assert Declaration.objects.count() == 3


@pytest.mark.parametrize("changes", [{"matter": "另一件事情"}, {"names": NAMES[:2]}, {"names": (*NAMES, "单雪琴")}])
def test_the_same_key_with_other_content_is_refused(ruled: World, together: Together, changes: dict[str, Any]) -> None:
    key = uuid4()
    together(request_key=key)
    with pytest.raises(DomainError) as refused:
        together(request_key=key, **changes)
    assert refused.value.code == "request_key_reused" and Declaration.objects.count() == 3


def test_members_of_another_track_are_named_together_and_nothing_is_written(ruled: World, together: Together) -> None:
    for name in ("张㛃", "喆䶮堃"):
        TrackSpell.objects.filter(member=ruled.member(name)).update(track="rural")
    with pytest.raises(BadInput) as refused:
        together(indicator="C4")
    assert [fault.place for fault in refused.value.faults] == ["张㛃、喆䶮堃"]
    assert "只适用于" in refused.value.message
    assert not Declaration.objects.exists() and not Batch.objects.exists()


def test_everybody_who_cannot_declare_is_named_with_the_reason(ruled: World, together: Together) -> None:
    ZeroingCase.objects.create(
        member=ruled.member("李桂兰"),
        branch=ruled.branch,
        indicator="Z2",
        document_kind="penalty",
        issuer="某公安分局",
        document_number="1号",
        document_on=date(2026, 3, 20),
        facts="略",
        state="approved",
        answer_until=clock.noon(TODAY),
        decided_at=clock.noon(TODAY),
        proposed_at=clock.noon(TODAY),
    )
    Membership.objects.filter(member=ruled.member("张㛃")).update(branch=ruled.second_branch)
    with pytest.raises(BadInput) as refused:
        together("community_officer")
    said = refused.value.message
    assert "李桂兰" in said and "清零" in said and "张㛃：现在不在本支部" in said and "喆䶮堃" not in said


def test_what_is_wrong_with_the_event_is_said_once(ruled: World, together: Together) -> None:
    with pytest.raises(BadInput) as refused:
        together(place=" ", matter="宣")
    assert [fault.place for fault in refused.value.faults] == ["在哪里", "具体事项"]
    with pytest.raises(BadInput) as refused:
        together(event="名" * 61)
    assert "60个字以内" in refused.value.message


def test_somebody_has_to_be_ticked(together: Together) -> None:
    with pytest.raises(BadInput) as refused:
        together(names=())
    assert "至少勾选一位" in refused.value.message


def test_not_for_tomorrow(together: Together) -> None:
    with pytest.raises(BadInput) as refused:
        together(event_on=date(2026, 4, 2))
    assert "在今天之后" in refused.value.message


@pytest.mark.parametrize("who", ["guilan", "second_recorder", "other_recorder", "auditor", "township_officer"])
def test_nobody_else_enters_for_the_branch(together: Together, who: str) -> None:
    with pytest.raises((NotVisible, NotAllowed)):
        together(who)
    assert not Declaration.objects.exists()


def test_a_member_of_another_branch_is_not_even_named(ruled: World, together: Together) -> None:
    with pytest.raises(NotVisible):
        together(names=("李桂兰", "温如春"))
    with pytest.raises(NotVisible):
        together(member_ids=[10**12])


@pytest.mark.django_db(transaction=True)
def test_the_same_page_sent_by_two_threads_at_once_is_one_batch() -> None:
    world = build()
    adopt_rulebook(world)
    actor, key, done = world.actor("recorder"), uuid4(), []
    said: dict[str, Any] = {
        "branch_id": world.branch.pk,
        "member_ids": [world.member(name).pk for name in NAMES],
        "indicator": "B6",
        "event_on": date(2026, 3, 12),
        "place": "槐园小区广场",
        "matter": "防诈骗宣讲",
        "request_key": key,
    }

    def send() -> None:
        try:
            done.append(declare_together(actor=actor, **said).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 2 and len(set(done)) == 1 and Declaration.objects.count() == 3
