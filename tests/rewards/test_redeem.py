"""兑换 At the counter: what moves, who may, who may not have it, what the second sending of a form does."""

from datetime import timedelta

import pytest

from pioneer.conduct.models import DeclaredRelation
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.rewards.cards import report_lost
from pioneer.rewards.goods import GoodForm, change_good
from pioneer.rewards.models import Batch, Redemption, StockMove
from pioneer.rewards.shop_queries import catalogue, redemptions_visible_to
from pioneer.rewards.shops import set_shop_open
from pioneer.rewards.stock import receive_goods
from tests.passbooks import House, key, stocked
from tests.world import TODAY

NAME = "李桂兰"


def refused(house: House, code: str, **more: object) -> DomainError:
    with pytest.raises(DomainError) as error:
        house.redeem(NAME, **more)  # type: ignore[arg-type]
    assert error.value.code == code
    assert AuditEvent.objects.latest("pk").refused == code
    return error.value


def test_points_goods_receipt_and_message_move_together(house: House) -> None:
    house.give(NAME, 10000)
    receive_goods(
        actor=house.actor("shopkeeper"), good_id=house.good.pk, quantity=5, unit_cents=1500, received_on=TODAY,
        document="发票0002",
    )  # fmt: skip
    made = house.redeem(NAME, 4)
    assert (made.points, made.year, made.number, house.balance(NAME)) == (8000, 2026, 1, 2000)
    house.give("王保国", 2000)
    house.redeem("王保国")
    house.good.refresh_from_db()
    assert (house.good.stock, house.good.reserved) == (10, 0)
    assert list(Batch.objects.filter(good=house.good).order_by("number").values_list("left", flat=True)) == [5, 5]
    assert list(StockMove.objects.filter(redemption=made).values_list("quantity", flat=True)) == [-4]
    assert [one.number for one in Redemption.objects.order_by("pk")] == [1, 2]
    said = Message.objects.get(kind="rewards.redeemed", user=house.world.users["guilan"])
    assert said.title == "存折支出80" and "洗衣液4件" in said.text and "2026-00001" in said.text


def test_by_proxy_and_at_the_door_the_name_stands_on_the_receipt(house: House) -> None:
    house.give("张㛃", 6000)
    made = house.redeem("张㛃", how="proxy", other="张小妹")
    assert (made.how, made.other) == ("proxy", "张小妹")
    assert house.redeem("张㛃", how="delivered", other="张㛃本人").get_how_display() == "送货上门"
    with pytest.raises(BadInput, match="请写明代领人"):
        house.redeem("张㛃", how="proxy")


def test_sent_again_it_is_the_same_receipt_and_with_other_content_nothing(house: House) -> None:
    house.give(NAME, 10000)
    again, shown = key(), house.show(NAME)
    first = house.redeem(NAME, request_key=again, presentation_id=shown.pk)
    assert house.redeem(NAME, request_key=again, presentation_id=shown.pk) == first
    with pytest.raises(DomainError, match="内容与这次不同"):
        house.redeem(NAME, 2, request_key=again, presentation_id=shown.pk)
    with pytest.raises(DomainError, match="已经用过"):
        house.redeem(NAME, request_key=key(), presentation_id=shown.pk)
    assert house.balance(NAME) == 8000


def test_what_the_balance_the_shelf_the_limit_or_the_list_does_not_allow(house: House) -> None:
    house.give(NAME, 3000)
    assert refused(house, "not_enough", quantity=2).message.startswith("存折余额30，不够40")
    house.give(NAME, 100000)
    assert "只剩10件" in refused(house, "out_of_stock", quantity=11).message
    limited = stocked(house, "食用油", 1000, 5, limit_count=2, limit_period="month")
    house.redeem(NAME, 2, limited)
    assert "每人每月限2件" in refused(house, "over_limit", good=limited).message
    with clock.at(TODAY.replace(month=5)):
        assert house.redeem(NAME, 1, limited).number == 2
    officer = house.actor("community_officer")
    change_good(actor=officer, good_id=limited.pk, form=GoodForm("食用油", 1000, is_listed=False))
    refused(house, "not_listed", good=limited)


def test_conditions_are_checked_and_the_counter_learns_no_score(house: House) -> None:
    house.give(NAME, 100000)
    rich = stocked(house, "电饭煲", 1000, 5, min_balance=200000)
    assert "不低于2000" in refused(house, "balance_too_low", good=rich).message
    high = stocked(house, "保温杯", 1000, 5, min_score=9500)
    assert "95" not in refused(house, "score_too_low", good=high).message
    fair = stocked(house, "毛巾", 1000, 5, min_score=6000, needs_no_objection=True)
    assert house.redeem(NAME, 1, fair)
    offered = {one.good.name: one.why_not for one in catalogue(house.shop, house.account(NAME))}
    assert offered["毛巾"] == "" and offered["电饭煲"] and offered["保温杯"]


def test_nobody_serves_oneself_or_a_relative_and_a_stranger_sees_no_shop(house: House) -> None:
    house.give("王保国", 10000)
    with pytest.raises(NotAllowed, match="积分超市管理员"):  # has a passbook here, and runs no shop
        house.show(NAME, "secretary")
    with pytest.raises(NotVisible):
        house.show(NAME, "other_secretary")
    member = house.member("张㛃")
    member.user = house.world.users["second_shopkeeper"]
    member.save()
    with pytest.raises(NotAllowed) as error:
        house.show("张㛃", "second_shopkeeper")
    assert error.value.code == "step_aside"
    DeclaredRelation.objects.create(member=member, relative=house.member(NAME), kind="sibling", created_at=clock.now())
    with pytest.raises(NotAllowed) as error:
        house.show(NAME, "second_shopkeeper")
    assert error.value.code == "step_aside" and house.show(NAME, "shopkeeper")


def test_a_presentation_is_its_takers_alone_and_stands_ten_minutes(house: House) -> None:
    house.give(NAME, 10000)
    shown = house.show(NAME)
    with pytest.raises(NotVisible):
        house.redeem(NAME, presentation_id=shown.pk, who="second_shopkeeper")
    with clock.at(clock.now() + timedelta(minutes=11)):
        refused(house, "presentation_over", presentation_id=shown.pk)
    report_lost(actor=house.actor("guilan"), card_id=house.card(NAME).pk)
    refused(house, "card_dead", presentation_id=shown.pk)


def test_a_closed_shop_says_why(house: House) -> None:
    house.give(NAME, 10000)
    shown = house.show(NAME)
    keeper = house.actor("shopkeeper")
    set_shop_open(actor=keeper, shop_id=house.shop.pk, is_open=False, note="盘点，4月3日恢复")
    assert "盘点，4月3日恢复" in refused(house, "shop_closed", presentation_id=shown.pk).message


def test_the_household_uses_it_ninety_days_by_proxy(house: House) -> None:
    house.give(NAME, 10000)
    house.card(NAME)
    member = house.member(NAME)
    member.statuses.filter(until_on=None).update(until_on=TODAY - timedelta(days=1))
    StatusSpell.objects.create(member=member, status="deceased", from_on=TODAY)
    assert "家属" in refused(house, "bad_input").message
    assert house.redeem(NAME, how="proxy", other="李小兰")
    with clock.at(TODAY + timedelta(days=91)):
        assert "亡故后" in refused(house, "too_late", how="proxy", other="李小兰").message


def test_who_sees_which_receipts(house: House) -> None:
    house.give(NAME, 10000)
    made = house.redeem(NAME)
    sees_it = {"guilan": True, "xueqin": False, "shopkeeper": True, "secretary": False, "auditor": False}
    for who, sees in sees_it.items():
        assert redemptions_visible_to(house.actor(who)).filter(pk=made.pk).exists() == sees, who
