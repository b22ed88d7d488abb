"""预订 Goods and points set aside, taken, given up, expired; the signed paper of what was taken."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from pioneer.accounts.models import Grant, Role
from pioneer.accounts.policies import CLOCK
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.members.models import StatusSpell
from pioneer.messages.models import Message
from pioneer.rewards.erasure import erase_texts
from pioneer.rewards.goods import GoodForm, change_good
from pioneer.rewards.holding import sections
from pioneer.rewards.models import Lot, Redemption, Reservation
from pioneer.rewards.queries import history_of, standing_of
from pioneer.rewards.redeeming import attach_receipt
from pioneer.rewards.reserving import expire_reservation, release_reservation, reserve
from pioneer.rewards.shop_queries import overdue_reservations, reservations_of
from tests.passbooks import House, freeze, jpeg, key
from tests.world import START, TODAY

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
    back = house.bring_back(taken, restocked=False)
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


def test_the_shop_reserves_for_who_telephones_and_the_member_may_give_it_up(with_points: House) -> None:
    house, account = with_points, with_points.account(NAME)
    asked = {
        "who": "shopkeeper",
        "account_id": account.pk,
        "asked": "phone",
        "asked_by": " 解小妹 ",
        "request_key": key(),
    }
    made = reserved(house, 1, **asked)
    assert (made.asked, made.asked_by, made.by_number) == ("phone", "解小妹", house.world.users["shopkeeper"].pk)
    assert reserved(house, 1, **asked) == made
    with pytest.raises(DomainError, match="内容与这次不同"):
        reserved(house, 1, **{**asked, "asked": "person"})
    told = Message.objects.get(user=house.world.users["guilan"], kind="rewards.reserved").text
    assert "由槐园积分超市代为预订（解小妹电话提出）" in told and "如非本人意愿" in told
    assert AuditEvent.objects.filter(operation="rewards.reserve", refused="").latest("pk").arguments["asked"] == "phone"
    release_reservation(actor=house.actor("guilan"), reservation_id=made.pk)
    assert house.balance(NAME) == 10000
    assert "解小妹" in str(sections(house.member(NAME).pk))
    erase_texts(house.member(NAME).pk)
    made.refresh_from_db()
    assert (made.asked, made.asked_by, made.state) == ("phone", "", "released")
    with pytest.raises(DatabaseError), transaction.atomic():
        Reservation.objects.filter(pk=made.pk).update(asked="person")


def test_the_shop_says_how_it_was_asked_and_reserves_nothing_for_its_own_people(with_points: House) -> None:
    house, shop = with_points, {"who": "shopkeeper", "account_id": with_points.account(NAME).pk}
    for wrong in ({}, {"asked": "letter"}, {"asked": "phone", "asked_by": "解" * 61}):
        with pytest.raises(BadInput):
            reserved(house, 1, **shop, **wrong)
    with pytest.raises(BadInput):
        reserved(house, 1, asked_by="解小妹")  # of one's own nobody else asks
    for who in ("xueqin", "secretary"):
        with pytest.raises(NotVisible):
            reserved(house, 1, **{**shop, "who": who, "asked": "phone"})
    grant = {"role": Role.SHOPKEEPER, "organisation": house.world.organisations["community"], "from_on": START}
    Grant.objects.create(user=house.world.users["guilan"], **grant)
    with pytest.raises(NotAllowed, match="另一位同志"):
        reserved(house, 1, asked="phone", account_id=shop["account_id"])
    assert reserved(house, 1).asked == "own"  # of its own, on its own page, as everybody
    house.member(NAME).statuses.filter(until_on=None).update(until_on=TODAY - timedelta(days=1))
    StatusSpell.objects.create(member=house.member(NAME), status="deceased", from_on=TODAY)
    with pytest.raises(BadInput, match="家属姓名"):
        reserved(house, 1, **shop, asked="phone")
    assert reserved(house, 1, **shop, asked="person", asked_by="解小妹").asked_by == "解小妹"


def test_what_holds_for_the_member_holds_for_the_shop_and_a_stranger_reserves_nothing(with_points: House) -> None:
    account = with_points.account(NAME)
    shop = {"who": "shopkeeper", "account_id": account.pk, "asked": "phone"}
    assert reserved(with_points, **shop).by_number
    with pytest.raises(DomainError, match="还没有积分存折"):
        reserved(with_points, who="community_officer", asked="phone")
    with pytest.raises(NotVisible):
        reserved(with_points, who="village_secretary", account_id=account.pk)
    for more in ({}, shop):
        with pytest.raises(BadInput):
            reserved(with_points, 0, **more)
        with pytest.raises(DomainError) as error:
            reserved(with_points, 4, **more)
        assert error.value.code == "not_enough"
    limited = GoodForm("洗衣液", 2000, limit_count=2, limit_period="month")
    change_good(actor=with_points.actor("community_officer"), good_id=with_points.good.pk, form=limited)
    with pytest.raises(DomainError, match="每人每月限2件"):
        reserved(with_points, 1, **shop)
    freeze(with_points, NAME)
    with pytest.raises(DomainError, match="存折已冻结"):
        reserved(with_points, 1, **shop)


def test_the_signed_paper_is_attached_once(with_points: House) -> None:
    made = with_points.redeem(NAME)
    form = {"redemption_id": made.pk, "content": jpeg(), "name": "签收.jpg"}
    with pytest.raises(NotAllowed):
        attach_receipt(actor=with_points.actor("guilan"), **form)
    attach_receipt(actor=with_points.actor("shopkeeper"), **form)
    assert Redemption.objects.get(pk=made.pk).paper is not None
    with pytest.raises(DomainError, match="不能更换"):
        attach_receipt(actor=with_points.actor("shopkeeper"), **form)
