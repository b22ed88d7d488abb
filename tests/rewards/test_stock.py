"""商品与库存 Goods with their conditions, batches with their cost, counts with their difference, hand-overs."""

from dataclasses import replace
from typing import Any

import pytest

from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from pioneer.rewards.goods import GoodForm, add_good, change_good, set_picture
from pioneer.rewards.hand_overs import answer_hand_over, make_hand_over
from pioneer.rewards.models import Batch, MoneyEntry, StockMove
from pioneer.rewards.money import record_donation
from pioneer.rewards.money_queries import donations_of, figures
from pioneer.rewards.reserving import reserve
from pioneer.rewards.shop_queries import batches_of, colleagues, counts_of, good_for, hand_overs_of, moves_of
from pioneer.rewards.shops import add_shop, change_shop, set_shop_open
from pioneer.rewards.stock import count_stock, receive_goods
from tests.passbooks import House, jpeg, key
from tests.world import TODAY


def received(house: House, quantity: int, **more: Any) -> Batch:
    form = {"unit_cents": 1000, "received_on": TODAY, "document": "发票9", **more}
    who = form.pop("who", "shopkeeper")
    return receive_goods(actor=house.actor(str(who)), good_id=house.good.pk, quantity=quantity, **form)


def stock(house: House) -> int:
    house.good.refresh_from_db()
    return house.good.stock


def test_a_shop_and_its_goods_are_kept_by_the_organisation(house: House) -> None:
    officer, keeper = house.actor("community_officer"), house.actor("shopkeeper")
    with pytest.raises(DomainError, match="请换一个名称"):
        add_shop(actor=officer, passbook_id=house.passbook.pk, name="槐园积分超市", place="二层")
    with pytest.raises(NotAllowed):
        add_shop(actor=keeper, passbook_id=house.passbook.pk, name="第二超市", place="二层")
    other = add_shop(actor=officer, passbook_id=house.passbook.pk, name="第二超市", place="二层", hours="每周三")
    assert change_shop(actor=officer, shop_id=other.pk, name="二号超市", place="三层").name == "二号超市"
    with pytest.raises(BadInput, match="请写明暂停原因"):
        set_shop_open(actor=keeper, shop_id=other.pk, is_open=False)
    form = GoodForm("雨伞", 1500, limit_count=1, limit_period="year")
    made = add_good(actor=officer, shop_id=house.shop.pk, form=form)
    assert change_good(actor=officer, good_id=made.pk, form=replace(form, price=1200)).price == 1200
    wrong = GoodForm(" ", 0, limit_count=2, min_score=-1)
    with pytest.raises(BadInput) as error:
        add_good(actor=officer, shop_id=house.shop.pk, form=wrong)
    assert [fault.place for fault in error.value.faults] == ["名称", "积分", "限量", "最低得分"]
    for who, refusal in [("shopkeeper", NotAllowed), ("village_secretary", NotVisible)]:
        with pytest.raises(refusal):
            change_good(actor=house.actor(who), good_id=made.pk, form=form)


def test_a_picture_is_a_photograph(house: House) -> None:
    officer = house.actor("community_officer")
    assert set_picture(actor=officer, good_id=house.good.pk, content=jpeg(), name="洗衣液.jpg").picture is not None
    with pytest.raises(BadInput, match="请上传照片"):
        set_picture(actor=officer, good_id=house.good.pk, content=b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n", name="a.pdf")


def test_a_purchase_enters_stock_and_money_at_once(house: House) -> None:
    made = received(house, 4, unit_cents=999)
    assert (stock(house), made.number, made.left) == (14, 2, 4)
    assert MoneyEntry.objects.get(batch=made).cents == -3996
    assert figures(house.passbook).goods_cents == 10 * 1250 + 3996
    assert batches_of(house.good).first() == made and moves_of(house.good).count() == 2
    with pytest.raises(BadInput, match="请先登记为捐赠"):
        received(house, 4, unit_cents=0)
    with pytest.raises(BadInput) as error:
        received(house, 0, document="", received_on=TODAY.replace(month=5))
    assert len(error.value.faults) == 3
    with pytest.raises(NotAllowed):
        received(house, 4, who="auditor")


def test_what_was_donated_costs_nothing_and_names_its_donor(house: House) -> None:
    gift = record_donation(
        actor=house.actor("community_officer"), passbook_id=house.passbook.pk, kind="goods", donor="槐园商会", on=TODAY,
        what="毛巾二十条",
    )  # fmt: skip
    made = received(house, 20, unit_cents=500, donation_id=gift.pk)
    assert made.source == "donation" and not MoneyEntry.objects.filter(batch=made).exists()
    assert [one.donor for one in donations_of(house.passbook)] == ["槐园商会"]
    with pytest.raises(BadInput, match="没有这笔捐物记录"):
        received(house, 1, donation_id=gift.pk + 99)


def counted(house: House, number: int, reason: str = "") -> Any:
    return count_stock(
        actor=house.actor("shopkeeper"), good_id=house.good.pk, counted=number, witness="麦秀兰", reason=reason
    )


def test_a_count_books_the_difference_with_its_reason(house: House) -> None:
    assert counted(house, 10).expected == 10 and StockMove.objects.filter(kind="counted").count() == 0
    with pytest.raises(BadInput, match="请写明差异原因"):
        counted(house, 8)
    counted(house, 8, "包装破损两件")
    assert stock(house) == 8
    counted(house, 9, "找到一件")
    assert stock(house) == 9 and Batch.objects.get(good=house.good, source="surplus").left == 1
    assert [one.counted for one in counts_of(house.good)] == [9, 8, 10]
    house.give("李桂兰", 10000)
    house.card("李桂兰")
    reserve(actor=house.actor("guilan"), good_id=house.good.pk, quantity=3, request_key=key())
    with pytest.raises(DomainError, match="有3件已被预订"):
        counted(house, 2, "盘亏")


def test_a_hand_over_is_confirmed_or_sent_back_by_the_other(house: House) -> None:
    keeper, second = house.actor("shopkeeper"), house.world.users["second_shopkeeper"]
    names = [one.name for one in colleagues(keeper, house.shop)]
    assert "麦秀兰" in names and "米巧云" not in names and "王保国" not in names
    with pytest.raises(BadInput):
        make_hand_over(actor=keeper, shop_id=house.shop.pk, to_user_id=house.world.users["secretary"].pk)
    made = make_hand_over(actor=keeper, shop_id=house.shop.pk, to_user_id=second.pk)
    assert made.lines == [{"good": house.good.pk, "name": "洗衣液", "unit": "件", "stock": 10, "reserved": 0}]
    assert Message.objects.get(user=second).kind == "rewards.hand_over"
    with pytest.raises(DomainError, match="上一张交接单"):
        make_hand_over(actor=keeper, shop_id=house.shop.pk, to_user_id=second.pk)
    with pytest.raises(NotAllowed):
        answer_hand_over(actor=keeper, hand_over_id=made.pk, accepted=True)
    with pytest.raises(BadInput, match="不符之处"):
        answer_hand_over(actor=house.actor("second_shopkeeper"), hand_over_id=made.pk, accepted=False)
    answer_hand_over(actor=house.actor("second_shopkeeper"), hand_over_id=made.pk, accepted=False, answer="少一件")
    again = make_hand_over(actor=keeper, shop_id=house.shop.pk, to_user_id=second.pk, note="已重新点过")
    answer_hand_over(actor=house.actor("second_shopkeeper"), hand_over_id=again.pk, accepted=True)
    with pytest.raises(DomainError, match="已经答复"):
        answer_hand_over(actor=house.actor("second_shopkeeper"), hand_over_id=again.pk, accepted=True)
    assert [one.pk for one in hand_overs_of(house.shop)] == [again.pk, made.pk]
    with pytest.raises(NotVisible):
        good_for(house.actor("village_secretary"), house.good.pk)
