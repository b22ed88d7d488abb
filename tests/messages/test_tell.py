"""messages.tell, messages.mark_read, messages.mark_all_read"""

from datetime import date

import pytest

from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.messages import queries
from pioneer.messages.models import Message
from pioneer.messages.services import mark_all_read, mark_read, tell, tell_all
from tests.world import World

pytestmark = pytest.mark.django_db


def told(world: World, who: str = "guilan", reference: str = "line-1") -> Message:
    message = tell(world.users[who], "line", reference, "有一条扣分等您说明", "主题党日迟到，−0.5分。", "/inbox/")
    assert message is not None
    return message


def test_it_stands_in_the_inbox_unread(world: World) -> None:
    message = told(world)
    actor = world.actor("guilan")
    assert list(queries.visible_to(actor)) == [message]
    assert queries.unread_count(actor) == 1


def test_the_same_thing_is_told_once(world: World) -> None:
    assert told(world).pk == told(world).pk
    assert told(world, reference="line-2").pk != told(world).pk


def test_who_has_no_account_is_not_told_here(world: World) -> None:
    assert tell(None, "line", "line-1", "标题", "内容") is None


def test_many_are_told_at_once_and_once_each(world: World) -> None:
    numbers = [world.users[who].pk for who in ("guilan", "xueqin")]
    tell_all(numbers, "notice", "sheet-1", "3月公示已张贴", "请在窗口期内查看。")
    tell_all(numbers, "notice", "sheet-1", "3月公示已张贴", "请在窗口期内查看。")
    assert Message.objects.count() == 2


def test_reading_it_keeps_the_first_moment(world: World) -> None:
    message, actor = told(world), world.actor("guilan")
    with clock.at(date(2026, 4, 1)):
        mark_read(actor=actor, message_id=message.pk)
    with clock.at(date(2026, 4, 2)):
        again = mark_read(actor=actor, message_id=message.pk)
    assert again.read_at == clock.noon(date(2026, 4, 1))
    assert queries.unread_count(actor) == 0


def test_another_persons_message_does_not_exist(world: World) -> None:
    message = told(world)
    with pytest.raises(NotVisible):
        mark_read(actor=world.actor("secretary"), message_id=message.pk)
    with pytest.raises(NotVisible):
        queries.fetch(world.actor("xueqin"), message.pk)


def test_all_are_read_but_only_ones_own(world: World) -> None:
    told(world), told(world, reference="line-2"), told(world, "xueqin")
    assert mark_all_read(actor=world.actor("guilan")) == 2
    assert queries.unread_count(world.actor("xueqin")) == 1
