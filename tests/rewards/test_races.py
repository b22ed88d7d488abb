"""同时 Sixty-four at once for the last unit, and for a member's last points: one has it, all others are told."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from pioneer.kernel.errors import DomainError
from pioneer.rewards.cards import present_card
from pioneer.rewards.models import Account, Good, Redemption
from pioneer.rewards.reconciliation import reconcile
from pioneer.rewards.redeeming import redeem
from tests.passbooks import House, key, stocked

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 64
NAMES = ("李桂兰", "张㛃", "曾永福", "单雪琴", "解文军", "罗小红", "王保国", "温如春")


@pytest.fixture
def house(real_house: House) -> House:
    return real_house


def all_at_once(acts: list[Callable[[], Any]]) -> tuple[list[Any], Counter[str]]:
    """What was done, and how often each refusal was said; anything else that went wrong fails the test."""
    start, done, refused, broken, said = Barrier(len(acts)), [], [], [], []

    def run(act: Callable[[], Any]) -> None:
        try:
            start.wait(60)
            done.append(act())
        except DomainError as refusal:
            refused.append(refusal.code)
            said.append(refusal.message)
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not broken, broken[:3]
    assert all(one.endswith("。") for one in said)
    return done, Counter(refused)


def whole(house: House) -> None:
    assert reconcile(house.passbook).is_clean, reconcile(house.passbook).findings
    assert not Account.objects.exclude(kind="fund").filter(balance__lt=0).exists()
    assert not Good.objects.filter(stock__lt=0).exists()


def test_the_last_unit_is_had_by_one(house: House) -> None:
    last = stocked(house, "最后一件", 1000, 1)
    for name in NAMES:
        house.give(name, 100000)
    shown = [house.show(NAMES[number % len(NAMES)]).pk for number in range(MANY)]
    keeper = house.actor("shopkeeper")
    done, refused = all_at_once(
        [
            lambda one=one: redeem(actor=keeper, presentation_id=one, items=[(last.pk, 1)], request_key=key())  # type: ignore[misc]
            for one in shown
        ]
    )
    assert len(done) == 1 and refused == {"out_of_stock": MANY - 1}
    assert Redemption.objects.get().number == 1
    whole(house)


def test_the_last_points_are_spent_once(house: House) -> None:
    house.good = stocked(house, "很多件", 1000, 100)
    house.give("李桂兰", 1000)
    shown = [house.show("李桂兰").pk for _ in range(MANY)]
    keeper = house.actor("shopkeeper")
    done, refused = all_at_once(
        [
            lambda one=one: redeem(actor=keeper, presentation_id=one, items=[(house.good.pk, 1)], request_key=key())  # type: ignore[misc]
            for one in shown
        ]
    )
    assert len(done) == 1 and refused == {"not_enough": MANY - 1} and house.balance("李桂兰") == 0
    whole(house)


def test_one_form_sent_by_eight_hands_is_one_receipt(house: House) -> None:
    house.give("李桂兰", 100000)
    shown, again, keeper = house.show("李桂兰").pk, key(), house.actor("shopkeeper")
    done, refused = all_at_once(
        [
            lambda: redeem(actor=keeper, presentation_id=shown, items=[(house.good.pk, 1)], request_key=again)
            for _ in range(8)
        ]
    )
    assert len({one.pk for one in done}) == 1 and len(done) == 8 and not refused
    assert house.balance("李桂兰") == 98000
    whole(house)


def test_a_card_shown_again_while_it_is_redeemed_holds_nobody_up(house: House) -> None:
    house.give("李桂兰", 1000000)
    house.good = stocked(house, "很多件", 1000, 100)
    shown = [house.show("李桂兰").pk for _ in range(12)]
    number, keeper, second = house.card("李桂兰").number, house.actor("shopkeeper"), house.actor("second_shopkeeper")
    sell = [
        lambda one=one: redeem(actor=keeper, presentation_id=one, items=[(house.good.pk, 1)], request_key=key())  # type: ignore[misc]
        for one in shown
    ]
    show = [lambda: present_card(actor=second, typed=number, shop_id=house.shop.pk) for _ in range(12)]
    done, refused = all_at_once([*sell, *show])
    assert len(done) == 24 and not refused
    whole(house)
