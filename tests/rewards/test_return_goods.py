"""退货 A part of a receipt brought back, or all of it: its points as they were paid, its goods into their batches."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from pioneer.conduct.models import DeclaredRelation
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.messages.models import Message
from pioneer.rewards.models import Batch, Lot, Redemption, ReturnItem, Shop, StockMove
from pioneer.rewards.money_queries import figures
from pioneer.rewards.redeeming import redeem
from pioneer.rewards.shop_queries import had_in_period, kept_of, redemption_for, return_for, return_state
from pioneer.rewards.stock import receive_goods
from tests.passbooks import House, key, stocked
from tests.world import TODAY

NAME = "李桂兰"
NEAR, FAR = TODAY + timedelta(days=40), TODAY + timedelta(days=300)


@pytest.fixture
def receipt(house: House) -> Redemption:
    """Three bottles and two towels, at a price that no ten divides: paid out of two lots."""
    towel = stocked(house, "毛巾", 333, 5)
    house.give(NAME, 4000, NEAR)
    house.give(NAME, 10000, FAR)
    return redeem(
        actor=house.actor("shopkeeper"), presentation_id=house.show(NAME).pk, request_key=key(),
        items=[(house.good.pk, 3), (towel.pk, 2)],
    )  # fmt: skip


def test_one_of_three_comes_back_and_all_one_by_one_give_back_what_was_paid(house: House, receipt: Redemption) -> None:
    assert (receipt.points, house.balance(NAME)) == (6666, 7334)
    first = house.bring_back(receipt, 1)
    assert (first.number, first.points, house.balance(NAME)) == (1, 2000, 9334)
    seen = redemption_for(house.actor("guilan"), receipt.pk)
    assert return_state(seen) == "部分退货" and [one.left for one in kept_of(seen)] == [2, 2]
    assert Message.objects.get(kind="rewards.returned").text.startswith("收据2026-00001的洗衣液1件已退货")
    towel = receipt.items.last()
    assert towel is not None
    for _ in range(2):
        house.bring_back(receipt, 1)
        house.bring_back(receipt, lines=[(towel.pk, 1)])
    assert house.balance(NAME) == 14000
    assert return_state(redemption_for(house.actor("guilan"), receipt.pk)) == "已退货"
    lots = Lot.objects.filter(left__gt=0).order_by("expires_on")
    assert sum(one.left for one in lots if one.expires_on == NEAR) == 4000
    assert sum(one.left for one in lots if one.expires_on == FAR) == 10000
    house.good.refresh_from_db()
    assert house.good.stock == 10 and house.redeem(NAME).number == 2
    assert Shop.objects.get().return_number == 5
    assert house.bring_back(house.redeem(NAME)).number == 6


def test_no_more_comes_back_than_is_left_and_nothing_that_is_not_on_the_receipt(
    house: House, receipt: Redemption
) -> None:
    house.bring_back(receipt, 2)
    with pytest.raises(DomainError, match="只能再退1件") as error:
        house.bring_back(receipt, 2)
    assert error.value.code == "more_than_left"
    other = house.redeem(NAME).items.get()
    with pytest.raises(BadInput, match="不在这张收据上"):
        house.bring_back(receipt, lines=[(other.pk, 1)])
    for lines in ([], [(other.pk, 0)], [(other.pk, 1), (other.pk, 1)]):
        with pytest.raises(BadInput, match="各退多少"):
            house.bring_back(receipt, lines=lines)
    with pytest.raises(BadInput, match="退货原因"):
        house.bring_back(receipt, 1, reason="")
    house.bring_back(receipt, 1)
    with pytest.raises(DomainError, match="已全部退回"):
        house.bring_back(receipt, 1)
    house.bring_back(receipt, lines=[(item.pk, 2) for item in receipt.items.all()[1:]])
    with pytest.raises(DomainError, match="都已退货") as error:
        house.bring_back(receipt, 1)
    assert error.value.code == "returned_already"


def test_sent_again_it_is_the_same_return(house: House, receipt: Redemption) -> None:
    again = key()
    made = house.bring_back(receipt, 1, request_key=again)
    assert house.bring_back(receipt, 1, request_key=again) == made and house.balance(NAME) == 9334
    with pytest.raises(DomainError, match="内容与这次不同"):
        house.bring_back(receipt, 2, request_key=again)


def test_only_the_shop_takes_back_and_nobody_its_own_familys(house: House, receipt: Redemption) -> None:
    with pytest.raises(NotAllowed):
        house.bring_back(receipt, 1, who="guilan")
    with pytest.raises(NotVisible):
        house.bring_back(receipt, 1, who="village_secretary")
    made = house.bring_back(receipt, 1)
    assert return_for(house.actor("guilan"), made.pk) == made
    with pytest.raises(NotVisible):
        return_for(house.actor("xueqin"), made.pk)
    relative = house.member("张㛃")
    relative.user = house.world.users["second_shopkeeper"]
    relative.save()
    DeclaredRelation.objects.create(
        member=relative, relative=house.member(NAME), kind="sibling", created_at=clock.now()
    )
    with pytest.raises(NotAllowed) as error:
        house.bring_back(receipt, 1, who="second_shopkeeper")
    assert error.value.code == "step_aside"


def test_it_goes_back_to_the_batch_given_out_last_and_broken_it_is_written_off(house: House) -> None:
    house.give(NAME, 30000)
    receive_goods(
        actor=house.actor("shopkeeper"), good_id=house.good.pk, quantity=5, unit_cents=1000, received_on=TODAY,
        document="发票0002",
    )  # fmt: skip
    made = house.redeem(NAME, 12)
    house.bring_back(made, 3)
    assert list(Batch.objects.order_by("number").values_list("left", flat=True)) == [1, 5]
    house.bring_back(made, 2, restocked=False)
    house.good.refresh_from_db()
    assert house.good.stock == 6
    assert list(Batch.objects.order_by("number").values_list("left", flat=True)) == [1, 5]
    kinds = list(StockMove.objects.order_by("-pk").values_list("kind", "quantity")[:2])
    assert kinds == [("discarded", -2), ("returned", 2)]
    worth = figures(house.passbook).worth_cents
    assert worth == round(16000 * 7 * 1250 / 14000)  # of what was kept: seven of the first batch


def test_limits_count_what_was_kept(house: House) -> None:
    house.give(NAME, 30000)
    soap = stocked(house, "香皂", 500, 9, limit_count=3, limit_period="month")
    made = house.redeem(NAME, 3, soap)
    with pytest.raises(DomainError, match="限3件"):
        house.redeem(NAME, 1, soap)
    house.bring_back(made, 1)
    assert had_in_period(soap, house.account(NAME)) == 2
    house.redeem(NAME, 1, soap)
    with pytest.raises(DomainError, match="限3件"):
        house.redeem(NAME, 1, soap)


def test_what_comes_back_first_makes_good_what_is_owed(house: House, receipt: Redemption) -> None:
    house.take(NAME, 7334 + 500)
    first = house.bring_back(receipt, 1)
    assert house.balance(NAME) == 1500
    assert [(one.amount, one.expires_on) for one in Lot.objects.filter(transfer=first.transfer)] == [(1500, FAR)]
    house.bring_back(receipt, 2)
    left = Lot.objects.filter(left__gt=0).order_by("expires_on").values_list("left", "expires_on")
    assert list(left) == [(2834, NEAR), (1500, FAR), (1166, FAR)]


@pytest.mark.every_case
def test_the_database_refuses_more_than_was_taken_and_any_change(house: House, receipt: Redemption) -> None:
    made = house.bring_back(receipt, 1)
    line = made.items.get()
    for change in (
        lambda: ReturnItem.objects.filter(pk=line.pk).update(quantity=2),
        lambda: type(made).objects.filter(pk=made.pk).update(points=1),
        lambda: ReturnItem.objects.create(
            taken_back=house.bring_back(receipt, lines=[(receipt.items.last().pk, 1)]),  # type: ignore[union-attr]
            item=line.item, quantity=3,
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
