"""预订与退货 Goods and points set aside, taken, given up, expired; what was redeemed brought back."""

from datetime import timedelta

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.rewards.goods import GoodForm, change_good
from pioneer.rewards.models import Lot, Redemption, Reservation
from pioneer.rewards.queries import history_of, standing_of
from pioneer.rewards.redeeming import attach_receipt, return_redemption
from pioneer.rewards.reserving import expire_reservation, release_reservation, reserve
from pioneer.rewards.shop_queries import overdue_reservations, redemption_for, reservations_of
from tests.passbooks import House, jpeg, key
from tests.world import TODAY

NAME = "李桂兰"


def reserved(house: House, quantity: int = 2, who: str = "guilan", **more: object) -> Reservation:
    form = {"request_key": key(), **more}
    return reserve(actor=house.actor(who), good_id=house.good.pk, quantity=quantity, **form)  # type: ignore[arg-type]


@pytest.fixture
def with_points(house: House) -> House:
    house.give(NAME, 10000, TODAY + timedelta(days=300))
    house.card(NAME)
    return house


def test_goods_and_points_are_set_aside_and_taken_at_the_price_of_that_day(with_points: House) -> None:
    house, again = with_points, key()
    made = reserved(house, request_key=again)
    assert reserved(house, request_key=again) == made
    with pytest.raises(DomainError, match="内容与这次不同"):
        reserved(house, 3, request_key=again)
    house.good.refresh_from_db()
    assert (house.good.reserved, house.balance(NAME), standing_of(house.account(NAME)).held) == (2, 6000, 4000)
    assert reservations_of(house.account(NAME), house.shop) == [made]
    form = GoodForm("洗衣液", 3000)
    change_good(actor=house.actor("community_officer"), good_id=house.good.pk, form=form)
    with pytest.raises(BadInput, match="品种、数量一致"):
        house.redeem(NAME, 1, reservation_id=made.pk)
    taken = house.redeem(NAME, 2, reservation_id=made.pk)
    assert (taken.points, house.balance(NAME), standing_of(house.account(NAME)).held) == (4000, 6000, 0)
    with pytest.raises(DomainError, match="已领取"):
        house.redeem(NAME, 2, reservation_id=made.pk)
    kinds = [one.kind for one in history_of(house.actor("guilan"), house.account(NAME).pk)]
    assert kinds == ["hold", "credit"]
    back = return_redemption(actor=house.actor("shopkeeper"), redemption_id=taken.pk, reason="漏液", restocked=False)
    assert back.transfer.amount == 4000 and house.balance(NAME) == 10000
    assert set(Lot.objects.filter(left__gt=0).values_list("expires_on", flat=True)) == {TODAY + timedelta(days=300)}


def test_what_is_reserved_is_nobody_elses_and_given_up_it_is_free(with_points: House) -> None:
    house = with_points
    house.give("王保国", 100000)
    house.give(NAME, 10000)
    made = reserved(house, 9)
    with pytest.raises(DomainError, match="只剩1件"):
        house.redeem("王保国", 2)
    with pytest.raises(NotVisible):
        release_reservation(actor=house.actor("xueqin"), reservation_id=made.pk)
    release_reservation(actor=house.actor("guilan"), reservation_id=made.pk)
    assert house.balance(NAME) == 20000 and house.redeem("王保国", 10)
    with pytest.raises(DomainError, match="无须再办"):
        release_reservation(actor=house.actor("shopkeeper"), reservation_id=made.pk)


def test_after_a_week_the_clock_gives_it_up(with_points: House) -> None:
    made = reserved(with_points)
    with pytest.raises(DomainError):
        expire_reservation(actor=CLOCK, reservation_id=made.pk)
    with pytest.raises(NotAllowed):
        expire_reservation(actor=with_points.actor("shopkeeper"), reservation_id=made.pk)
    assert overdue_reservations() == []
    with clock.at(clock.now() + timedelta(days=7)):
        assert overdue_reservations() == [made]
        assert expire_reservation(actor=CLOCK, reservation_id=made.pk).state == "expired"
    assert with_points.balance(NAME) == 10000


def test_the_counter_reserves_for_who_asks_and_a_stranger_does_not(with_points: House) -> None:
    account = with_points.account(NAME)
    assert reserved(with_points, who="shopkeeper", account_id=account.pk).by_number
    with pytest.raises(DomainError, match="还没有积分存折"):
        reserved(with_points, who="community_officer")
    with pytest.raises(NotVisible):
        reserved(with_points, who="village_secretary", account_id=account.pk)
    with pytest.raises(BadInput):
        reserved(with_points, 0)
    with pytest.raises(DomainError) as error:
        reserved(with_points, 4)
    assert error.value.code == "not_enough"


def test_a_receipt_is_taken_back_once_and_keeps_its_number(with_points: House) -> None:
    house, keeper = with_points, with_points.actor("shopkeeper")
    made = house.redeem(NAME, 2)
    with pytest.raises(NotAllowed):
        return_redemption(actor=house.actor("guilan"), redemption_id=made.pk, reason="不要了", restocked=True)
    with pytest.raises(BadInput):
        return_redemption(actor=keeper, redemption_id=made.pk, reason="", restocked=True)
    return_redemption(actor=keeper, redemption_id=made.pk, reason="不合用", restocked=True)
    house.good.refresh_from_db()
    assert (house.good.stock, house.balance(NAME)) == (10, 10000)
    with pytest.raises(DomainError, match="已经退货"):
        return_redemption(actor=keeper, redemption_id=made.pk, reason="不合用", restocked=True)
    assert house.redeem(NAME).number == 2 and redemption_for(keeper, made.pk).returned.reason == "不合用"


def test_the_signed_paper_is_attached_once(with_points: House) -> None:
    made = with_points.redeem(NAME)
    form = {"redemption_id": made.pk, "content": jpeg(), "name": "签收.jpg"}
    with pytest.raises(NotAllowed):
        attach_receipt(actor=with_points.actor("guilan"), **form)
    attach_receipt(actor=with_points.actor("shopkeeper"), **form)
    assert Redemption.objects.get(pk=made.pk).paper is not None
    with pytest.raises(DomainError, match="不能更换"):
        attach_receipt(actor=with_points.actor("shopkeeper"), **form)
