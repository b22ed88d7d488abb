"""declarations.declare"""

import threading
from datetime import date, time
from uuid import uuid4

import pytest
from django.db import connections

from pioneer.conduct.models import ZeroingCase
from pioneer.declarations.models import Declaration
from pioneer.declarations.services import declare
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import Membership, TrackSpell
from tests.declarations.conftest import Declare, filled
from tests.world import TODAY, World, adopt_rulebook, build

TEXT = "槐园小区3号楼王阿姨家修水管"


def test_it_works(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        made = declares(started_at=time(9, 30), minutes=40, matter=TEXT)
    assert made.state == Declaration.State.SUBMITTED
    assert (made.member, made.branch, made.is_proxy) == (ruled.member("李桂兰"), ruled.branch, False)
    assert (made.started_at, made.minutes) == (time(9, 30), 40)


def test_the_audit_keeps_the_indicator_but_no_text(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        made = declares(matter=TEXT)
    row = AuditEvent.objects.get(operation="declarations.declare")
    assert row.arguments["indicator"] == "B5" and row.target_number == made.pk
    assert TEXT not in str(row.arguments) and "槐园小区" not in str(row.arguments)


def test_the_recorder_declares_for_a_member_without_account_and_is_named(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        made = declares("recorder", "张㛃")
    assert made.is_proxy and made.entered_by_number == ruled.users["recorder"].pk


def test_the_recorder_declaring_its_own_deed_is_no_proxy(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        assert not declares("recorder", "解文军").is_proxy


@pytest.mark.parametrize("who", ["xueqin", "second_recorder", "other_secretary", "auditor"])
def test_nobody_else_declares_for_a_member(ruled: World, declares: Declare, who: str) -> None:
    with clock.at(TODAY), pytest.raises((NotVisible, NotAllowed)):
        declares(who)
    assert not Declaration.objects.exists()


def test_a_late_claim_is_always_accepted(declares: Declare) -> None:
    with clock.at(date(2026, 12, 30)):
        assert declares(event_on=date(2026, 1, 2)).state == "submitted"


def test_last_years_deed_is_accepted_while_the_year_before_that_is_over(ruled: World, declares: Declare) -> None:
    Membership.objects.filter(member=ruled.member("李桂兰")).update(from_on=date(2020, 1, 1))
    with clock.at(TODAY):
        assert declares(event_on=date(2025, 12, 30)).pk
        with pytest.raises(DomainError) as refused:
            declares(event_on=date(2024, 12, 30))
    assert refused.value.code == "cycle_over" and "2025年1月1日" in refused.value.message


def test_not_for_tomorrow(declares: Declare) -> None:
    with clock.at(TODAY), pytest.raises(DomainError) as refused:
        declares(event_on=date(2026, 4, 2))
    assert refused.value.code == "event_in_future"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"indicator": "C1"}, "只适用于农村类"),
        ({"indicator": "N2"}, "不由党员申报"),
        ({"indicator": "Z1"}, "不由党员申报"),
        ({"indicator": "Q9"}, "积分办法里没有这一项"),
        ({"indicator": "B2"}, "缺少数量（小时）"),
        ({"indicator": "B2", "quantity": -100}, "不大于0"),
        ({"indicator": "A6"}, "缺少级别"),
        ({"indicator": "A6", "level": "宇宙"}, "没有“宇宙”这一级别"),
        ({"place": " "}, "在哪里做的"),
        ({"matter": "修"}, "做了什么事"),
        ({"minutes": 1441}, "1分钟到24小时"),
    ],
)
def test_the_shape_follows_the_indicator(declares: Declare, changes: dict[str, object], said: str) -> None:
    with clock.at(TODAY), pytest.raises(BadInput) as refused:
        declares(**changes)
    assert said in refused.value.message


def test_households_are_whole(ruled: World, declares: Declare) -> None:
    with clock.at(TODAY), pytest.raises(BadInput) as refused:
        declares("mancang", "柳满仓", indicator="C2", quantity=150)
    assert "须为整数" in refused.value.message


def test_all_mistakes_are_said_together(declares: Declare) -> None:
    with clock.at(TODAY), pytest.raises(BadInput) as refused:
        declares(indicator="B2", place="", matter="")
    assert len(refused.value.faults) == 3


def test_a_range_needs_no_value_from_the_member(declares: Declare) -> None:
    with clock.at(TODAY):
        assert declares(indicator="A5").pk


def test_the_track_of_the_events_day_decides(ruled: World, declares: Declare) -> None:
    member = ruled.member("李桂兰")
    TrackSpell.objects.filter(member=member).update(until_on=date(2026, 3, 10))
    TrackSpell.objects.create(member=member, track="rural", from_on=date(2026, 3, 11))
    with clock.at(TODAY):
        assert declares(indicator="C4", event_on=date(2026, 3, 10)).pk
        with pytest.raises(BadInput):
            declares(indicator="C4", event_on=date(2026, 3, 11))


def test_sent_twice_it_counts_once(declares: Declare) -> None:
    key = uuid4()
    with clock.at(TODAY):
        assert declares(request_key=key) == declares(request_key=key)
    assert Declaration.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(declares: Declare) -> None:
    key = uuid4()
    with clock.at(TODAY):
        declares(request_key=key)
        with pytest.raises(DomainError) as refused:
            declares(request_key=key, matter="帮邻居搬家具上楼")
    assert refused.value.code == "request_key_reused"


def test_after_an_approved_zeroing_the_cycle_is_closed_with_its_reason(ruled: World, declares: Declare) -> None:
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
    with clock.at(TODAY), pytest.raises(DomainError) as refused:
        declares(event_on=date(2026, 3, 1))
    assert refused.value.code == "cycle_closed" and "2026年3月20日的已送达的行政处罚决定书" in refused.value.message


def test_two_claims_of_one_happening_share_its_name(declares: Declare) -> None:
    with clock.at(TODAY):
        first = declares(indicator="B5")
        second = declares(indicator="B1", same_as_id=first.pk)
    first.refresh_from_db()
    assert first.event == second.event != ""


def test_another_members_claim_cannot_be_named_as_the_same(declares: Declare) -> None:
    with clock.at(TODAY):
        other = declares("xueqin", "单雪琴")
        with pytest.raises(NotVisible):
            declares(same_as_id=other.pk)


def test_evidence_is_kept_with_the_claim(declares: Declare) -> None:
    with clock.at(TODAY):
        made = declares(evidence=[("说明.txt", "修水管的经过".encode())])
    assert [row.file.name for row in made.files.all()] == ["说明.txt"]


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_by_two_threads_at_once_is_one_claim() -> None:
    world = build()
    adopt_rulebook(world)
    actor, key = world.actor("guilan"), uuid4()
    done: list[int] = []

    def send() -> None:
        try:
            done.append(declare(actor=actor, **filled(world, request_key=key)).pk)
        finally:
            connections.close_all()

    with clock.at(TODAY):
        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(done) == 2 and len(set(done)) == 1 and Declaration.objects.count() == 1
