"""登记到会和送达 Who was at the meeting, who was handed the statement: many in one go, corrected until the filing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.closing import close_cycles
from pioneer.members.models import StatusSpell
from pioneer.results import announcing_queries as queries
from pioneer.results.announcing import Mark, record_told
from pioneer.results.models import Announcement, Told
from tests.results.test_announce import hold
from tests.world import World, adopt_rulebook
from tests.year import AFTER, FIRST, LAST, settle_plainly

CAME = Mark(True, AFTER, "会上交给本人")


@pytest.fixture
def held(world: World) -> Iterator[Announcement]:
    adopt_rulebook(world)
    with clock.at(AFTER):
        yield hold(world, settle_plainly(world, why={"单雪琴": "exempt"}))


def row(world: World, name: str) -> Told:
    return Told.objects.filter(result__member=world.member(name)).latest("id")


def record(world: World, held: Announcement, who: str = "community_officer", **marks: Mark) -> Announcement:
    rows = {name: row(world, name) for name in marks}
    seal = queries.seal_of(held, {one.result.branch_id for one in rows.values()})
    given = {rows[name].pk: mark for name, mark in marks.items()}
    return record_told(actor=world.actor(who), announcement_id=held.pk, seal=seal, marks=given)


def missing(world: World, held: Announcement, who: str = "community_officer") -> list[str]:
    rows = queries.told_of(world.actor(who), held)
    names = [one.result.member.name for one in rows if queries.is_missing(one)]
    assert names == [one.result.member.name for one in queries.missing(rows)]
    assert queries.standings(world.actor(who), [held.unit], FIRST)[0].counts["missing"] == len(names)
    return names


def test_many_at_once_and_who_is_still_to_be_told(world: World, held: Announcement) -> None:
    StatusSpell.objects.filter(member=world.member("卜晓峰")).update(status="out_of_contact")
    everybody = ["王保国", "李桂兰", "张㛃", "曾永福", "单雪琴", "解文军", "罗小红", "喆䶮堃", "温如春"]
    assert missing(world, held) == everybody
    record(world, held, 王保国=CAME, 李桂兰=Mark(True), 张㛃=Mark(False), 曾永福=Mark(False, AFTER, "上门交给本人"))
    assert missing(world, held) == ["张㛃", "单雪琴", "解文军", "罗小红", "喆䶮堃", "温如春"]
    record(world, held, 张㛃=Mark(False, AFTER, "邮寄"))
    assert (row(world, "张㛃").handed_how, row(world, "王保国").was_present) == ("邮寄", True)
    audit = AuditEvent.objects.filter(operation="results.record_told").latest("id")
    assert "邮寄" not in str(audit.arguments)


def test_it_may_be_corrected_and_taken_back_until_the_cycle_is_filed(world: World, held: Announcement) -> None:
    record(world, held, 李桂兰=CAME)
    record(world, held, 李桂兰=Mark())
    assert row(world, "李桂兰").was_present is None and "李桂兰" in missing(world, held)
    close_cycles([world.member("李桂兰").pk], FIRST, LAST, "槐街备〔2027〕1号")
    with pytest.raises(DomainError, match="已备案（槐街备〔2027〕1号），通报的记录不再更改"):
        record(world, held, 李桂兰=CAME, 张㛃=CAME)
    assert row(world, "张㛃").was_present is None


def test_the_leads_of_a_branch_record_for_its_own_members_alone(world: World, held: Announcement) -> None:
    record(world, held, "deputy", 李桂兰=CAME)
    assert {one.result.branch for one in queries.told_of(world.actor("secretary"), held)} == {world.branch}
    with pytest.raises(NotVisible):
        record(world, held, "secretary", 温如春=CAME)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("township_officer", NotAllowed), ("auditor", NotAllowed), ("recorder", NotVisible), ("guilan", NotVisible)],
)
def test_others_do_not(world: World, held: Announcement, who: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        record(world, held, who, 李桂兰=CAME)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (Mark(False, AFTER, " "), "两项都填"),
        (Mark(False, None, "邮寄"), "两项都填"),
        (Mark(False, date(2027, 1, 10), "邮寄"), "2027年1月11日（评定算好）至今天"),
        (Mark(False, date(2027, 1, 12), "邮寄"), "至今天之间"),
        (Mark(False, AFTER, "寄" * 41), "40个字以内"),
    ],
)
def test_a_hand_over_has_its_way_and_its_day(world: World, held: Announcement, mark: Mark, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        record(world, held, 李桂兰=CAME, 张㛃=mark)
    assert row(world, "李桂兰").was_present is None


def test_two_at_once_overwrite_nothing(world: World, held: Announcement) -> None:
    opened = queries.seal_of(held, [world.branch.pk])
    record(world, held, "secretary", 李桂兰=CAME)
    given: dict[str, Any] = {"announcement_id": held.pk, "marks": {row(world, "张㛃").pk: CAME}}
    with pytest.raises(DomainError, match="另有人登记过"):
        record_told(actor=world.actor("community_officer"), seal=opened, **given)


def test_once_told_anew_the_old_one_is_left_as_it_is(world: World, held: Announcement) -> None:
    told = row(world, "李桂兰")
    hold(world, settle_plainly(world))
    with pytest.raises(DomainError, match="已经重新通报"):
        record_told(
            actor=world.actor("community_officer"),
            announcement_id=held.pk,
            seal=queries.seal_of(held, [world.branch.pk]),
            marks={told.pk: CAME},
        )
