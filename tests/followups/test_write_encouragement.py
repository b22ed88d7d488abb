"""Hopes and requirements: on an announced result that calls for them, told to the member, written again to correct."""

from datetime import date, timedelta
from typing import Any

import pytest

from pioneer.conduct.models import DeclaredRelation
from pioneer.followups.models import Encouragement
from pioneer.followups.services import write_encouragement
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from pioneer.results.models import Announcement
from tests.followups.conftest import NOW
from tests.world import World
from tests.year import AFTER, FIRST, announce_plainly, settle_plainly

HOPE = {"text": "组织生活一次不缺，希望多带动邻里。", "spoken_by": "王保国"}


def encourage(world: World, name: str = "单雪琴", who: str = "secretary", **changes: Any) -> Encouragement:
    given: dict[str, Any] = {**HOPE, "first_on": FIRST, "spoken_on": NOW, **changes}
    return write_encouragement(actor=world.actor(who), member_id=world.members[name].pk, **given)


def test_it_is_told_and_written_again_it_is_corrected(world: World, announced: Announcement) -> None:
    first = encourage(world)
    assert (first.number, first.told_how, first.branch) == (1, "站内消息", world.branch)
    again = encourage(world, who="recorder", text="希望带动邻里，多领学。")
    assert again.number == 2 and Encouragement.objects.count() == 2
    titles = list(Message.objects.filter(user=world.users["xueqin"]).values_list("title", flat=True).order_by("id"))
    assert titles == ["支部对您的勉励", "支部对您的勉励（更正）"]


@pytest.mark.parametrize("name", ["李桂兰", "王保国", "解文军", "喆䶮堃"])
def test_only_where_the_tier_says_so(world: World, announced: Announcement, name: str) -> None:
    with pytest.raises(DomainError, match="不在勉励的范围内"):
        encourage(world, name, who="committee" if name != "王保国" else "recorder")


def test_not_of_another_cycle_nor_of_one_not_announced(world: World, announced: Announcement) -> None:
    settle_plainly(world, scores={"单雪琴": 8500}, first_on=date(2025, 1, 1), last_on=date(2025, 12, 31))
    with pytest.raises(DomainError, match="不在勉励的范围内"):
        encourage(world, first_on=date(2025, 1, 1))


def test_what_is_missing_is_listed_together(world: World, announced: Announcement) -> None:
    with pytest.raises(BadInput) as refusal:
        encourage(world, text="", spoken_by="名" * 41, spoken_on=AFTER - timedelta(days=1))
    assert [fault.place for fault in refusal.value.faults] == ["希望和要求", "谈话人", "日期"]
    with pytest.raises(BadInput, match="今天以前"):
        encourage(world, spoken_on=NOW + timedelta(days=1))


def test_without_an_account_it_says_how_it_was_told(world: World, announced: Announcement) -> None:
    made = settle_plainly(world, scores={"张㛃": 8000})
    announce_plainly(made, world.organisations["community"])
    with pytest.raises(BadInput, match="张㛃没有账号"):
        encourage(world, "张㛃")
    assert encourage(world, "张㛃", how="当面读给本人，本人签收").told_how == "当面读给本人，本人签收"


def test_by_the_branch_but_for_the_member_and_its_relatives(world: World, announced: Announcement) -> None:
    for who in ("guilan", "second_secretary", "other_secretary", "system_admin"):
        with pytest.raises(NotVisible):
            encourage(world, who=who)
    for who in ("xueqin", "community_officer", "township_officer", "district_officer", "auditor"):
        with pytest.raises(NotAllowed):
            encourage(world, who=who)
    DeclaredRelation.objects.create(
        member=world.member("单雪琴"), relative=world.member("王保国"), kind="夫妻", created_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="您须回避"):
        encourage(world)
