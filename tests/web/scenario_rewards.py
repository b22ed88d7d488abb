"""有积分存折的社区 A passbook in use: a shop with goods, a receipt, a reservation, a hand-over; a merchant with an
agreement. For the tables of routes."""

from typing import Any

from pioneer.kernel import clock
from pioneer.rewards.cards import present_card
from pioneer.rewards.goods import set_picture
from pioneer.rewards.hand_overs import make_hand_over
from pioneer.rewards.redeeming import attach_receipt
from pioneer.rewards.reserving import reserve
from pioneer.rewards.shops import add_shop
from tests.passbooks import build_house, jpeg, key, stocked, with_merchant
from tests.web import scenario_books
from tests.world import TODAY, World


def prepare(world: World, things: dict[str, Any]) -> None:
    """李桂兰 has points, a card, a receipt and a reservation; a card is shown at the shop and at the merchant."""
    with clock.at(scenario_books.OPENED):
        house, officer = with_merchant(build_house(world)), world.actor("community_officer")
    with clock.at(TODAY):
        things["next_shopkeeper"] = world.users.pop("second_shopkeeper")
        things["house"], things["passbook"], things["shop"] = house, house.passbook, house.shop
        things["good"], things["second_good"] = house.good, stocked(house, "围裙", 1000, 5)
        house.give("李桂兰", 20000)
        things["account"], things["card"] = house.account("李桂兰"), house.card("李桂兰")
        set_picture(actor=officer, good_id=house.good.pk, content=jpeg(), name="洗衣液.jpg")
        things["redemption"], things["signed_redemption"] = house.redeem("李桂兰"), house.redeem("李桂兰")
        attach_receipt(
            actor=world.actor("shopkeeper"),
            redemption_id=things["signed_redemption"].pk,
            content=jpeg(),
            name="签收.jpg",
        )
        things["return"] = house.bring_back(house.redeem("李桂兰"))
        things["second_shop"] = add_shop(
            actor=officer, passbook_id=house.passbook.pk, name="槐园爱心屋", place="槐园路12号"
        )
        things["cardless_member"] = world.member("单雪琴")
        things["reservation"] = reserve(
            actor=world.actor("guilan"), good_id=things["second_good"].pk, quantity=1, request_key=key()
        )
        things["presentation"] = present_card(
            actor=world.actor("shopkeeper"), typed=things["card"].number, shop_id=house.shop.pk
        )
        things["hand_over"] = make_hand_over(
            actor=world.actor("shopkeeper"), shop_id=house.shop.pk, to_user_id=world.users["community_officer"].pk
        )
        things["merchant"], things["agreement"], things["offer"] = house.merchant, house.agreement, house.offer
        things["merchant_presentation"] = house.show_merchant("李桂兰")
    scenario_books.prepare(house, things)
