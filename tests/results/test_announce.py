"""通报 A settlement in earnest is announced once by the unit, its members told at once; a later one is told anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import Task
from pioneer.members.closing import close_cycles
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.results import announcing_queries as queries
from pioneer.results.announcing import announce
from pioneer.results.models import Announcement, Settlement, SettlementRun, Told
from pioneer.rulebook.models import RulebookVersion
from tests.world import World, adopt_rulebook
from tests.year import AFTER, FIRST, LAST, settle_plainly


@pytest.fixture
def year(world: World) -> Iterator[World]:
    adopt_rulebook(world)
    with clock.at(AFTER):
        yield world


def hold(world: World, made: Settlement, who: str = "community_officer", at: str = "community", **changes: Any) -> Any:
    given: dict[str, Any] = {"held_on": AFTER, "place": "党群服务中心", "presided_by": "段雅文", **changes}
    return announce(actor=world.actor(who), settlement_id=made.pk, unit_id=world.organisations[at].pk, **given)


def deceased(world: World, name: str, on: date) -> None:
    spell = StatusSpell.objects.get(member=world.member(name), until_on__isnull=True)
    spell.until_on = on - timedelta(days=1)
    spell.save()
    StatusSpell.objects.create(member=world.member(name), status="deceased", from_on=on)


def test_everybody_listed_gets_a_row_and_who_has_an_account_is_told_at_once(year: World) -> None:
    made = settle_plainly(year, scores={"李桂兰": 8150}, zeroed=("单雪琴",), why={"张㛃": "exempt"})
    deceased(year, "罗小红", AFTER)
    held = hold(year, made)
    rows = Told.objects.filter(announcement=held)
    names = list(rows.order_by("result__order").values_list("result__member__name", flat=True))
    assert names == [
        "王保国", "李桂兰", "张㛃", "曾永福", "单雪琴", "解文军", "喆䶮堃", "温如春", "卜晓峰",
    ]  # fmt: skip
    told = Message.objects.get(user=year.users["guilan"], kind="results.announced")
    assert told.title == "2026年度评定结果已通报" and told.link == "/me/results/"
    assert "得分81.5分，等次为“80至89分”" in told.text and "无异议" in told.text and "不同意见" in told.text
    zeroed = Message.objects.get(user=year.users["xueqin"], kind="results.announced")
    assert "得分0分（清零），等次为“60分以下”" in zeroed.text
    assert not Message.objects.filter(user=year.users["committee"], kind="results.announced").exists()
    assert (held.first_on, held.last_on, held.by_number) == (FIRST, LAST, year.users["community_officer"].pk)


def test_the_leads_of_a_branch_that_is_a_community_announce_there(year: World) -> None:
    made = settle_plainly(year, "village")
    assert hold(year, made, "village_secretary", "village").unit == year.village


@pytest.mark.parametrize("who", ["secretary", "deputy", "township_officer", "district_officer", "auditor"])
def test_who_does_not_lead_the_unit_sees_it_and_may_not_announce(year: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        hold(year, settle_plainly(year), who)


@pytest.mark.parametrize("who", ["recorder", "guilan", "village_secretary", "other_district_officer", "system_admin"])
def test_who_sees_nothing_of_it_finds_nothing(year: World, who: str) -> None:
    with pytest.raises(NotVisible):
        hold(year, settle_plainly(year), who)


def test_a_settlement_above_covers_the_unit_and_one_elsewhere_does_not(year: World) -> None:
    with pytest.raises(NotVisible):
        hold(year, settle_plainly(year, "village"))
    assert hold(year, settle_plainly(year, "street")).settlement.organisation == year.organisations["street"]


def test_a_trial_is_not_announced(year: World) -> None:
    with pytest.raises(DomainError, match="这是试算，不能通报"):
        hold(year, settle_plainly(year, is_trial=True))


def test_not_while_it_is_settled_again_nor_when_it_was(year: World) -> None:
    first = settle_plainly(year)
    run = SettlementRun.objects.create(
        organisation=year.organisations["street"], first_on=FIRST, last_on=LAST, created_at=clock.now(),
        task=Task.objects.create(kind="results.settle", state="running", created_at=clock.now()),
    )  # fmt: skip
    with pytest.raises(DomainError, match="2026年度正在重新评定"):
        hold(year, first)
    Task.objects.filter(pk=run.task_id).update(state="failed")
    settle_plainly(year, "street")
    with pytest.raises(DomainError, match="槐园街道已有更新的一次2026年度评定（第1次）"):
        hold(year, first)


def test_once_for_each_settlement(year: World) -> None:
    made = settle_plainly(year)
    hold(year, made)
    with pytest.raises(DomainError, match="已于2027年1月11日通报，无需再次通报"):
        hold(year, made)
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": LAST}, "周期到2026年12月31日才结束"),
        ({"held_on": date(2027, 1, 12)}, "会议还没有召开"),
        ({"held_on": date(2027, 1, 4)}, "2027年1月11日才算好"),
        ({"place": " "}, "请填写地点"),
        ({"presided_by": "人" * 41}, "40个字以内"),
    ],
)
def test_the_meeting_has_a_day_after_the_settlement_a_place_and_who_presided(
    year: World, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        hold(year, settle_plainly(year), **changes)
    assert not Told.objects.exists() and not Message.objects.exists()


def test_a_filed_cycle_is_not_announced_again_and_a_unit_without_members_has_nothing(year: World) -> None:
    made = settle_plainly(year, "village")
    close_cycles([one.member_id for one in made.results.all()], FIRST, LAST, "柳镇备〔2027〕1号")
    with pytest.raises(DomainError, match="已备案（柳镇备〔2027〕1号），不再通报"):
        hold(year, made, "village_secretary", "village")
    with pytest.raises(DomainError, match="没有本单位的党员"):
        hold(year, _without_rows(year))


def _without_rows(world: World) -> Settlement:
    """Of the street, listing nobody of the community."""
    version = RulebookVersion.objects.latest("number")
    street, now = world.organisations["street"], clock.now()
    run = SettlementRun.objects.create(
        organisation=street, first_on=FIRST, last_on=LAST, created_at=now,
        task=Task.objects.create(kind="results.settle", state="done", created_at=now),
    )  # fmt: skip
    return Settlement.objects.create(
        run=run, organisation=street, district_id=street.district_number, first_on=FIRST, last_on=LAST, number=1,
        version=version, members=0, made_on=clock.today(), made_at=now, digest="0" * 64,
    )  # fmt: skip


def test_a_later_settlement_is_told_anew_and_the_old_answers_stay_with_the_old_one(year: World) -> None:
    first = hold(year, settle_plainly(year, scores={"李桂兰": 7000}))
    Told.objects.filter(result__member=year.member("李桂兰")).update(
        answer="dissents", words="三月那次没有算", answered_on=AFTER
    )
    community = year.organisations["community"]
    second = settle_plainly(year, scores={"李桂兰": 8000})
    anew = queries.to_tell_anew(community, second, first.settlement)
    assert [(one.result.member.name, one.was and one.was.score, one.result.score) for one in anew] == [
        ("李桂兰", 7000, 8000)
    ]
    assert queries.standing_of(year.actor("community_officer"), community, FIRST).is_due
    held = hold(year, second)
    told = Message.objects.filter(user=year.users["guilan"], kind="results.announced").latest("id")
    assert told.title == "2026年度评定结果已更正，重新通报"
    assert "得分80分" in told.text and "原来通报的是得分70分" in told.text
    unchanged = Message.objects.filter(user=year.users["xueqin"], kind="results.announced").latest("id")
    assert unchanged.title == "2026年度评定结果已通报"
    old = Told.objects.get(announcement=first, result__member=year.member("李桂兰"))
    new = Told.objects.get(announcement=held, result__member=year.member("李桂兰"))
    assert (old.answer, old.words, new.answer) == ("dissents", "三月那次没有算", "")
    assert not queries.is_latest(first) and queries.dissents_of(community, FIRST) == []


def test_the_database_keeps_what_was_announced(year: World) -> None:
    hold(year, settle_plainly(year))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Announcement.objects.update(place="别处")
