"""有商户和经费的存折 What the pages of who runs a passbook need beside the shop: money of March, a count to be
confirmed, uses and statements of a merchant."""

from datetime import date
from typing import Any

from pioneer.accounts.models import Role
from pioneer.kernel import clock
from pioneer.rewards.counting import attach_month_paper, close_month
from pioneer.rewards.models import MonthClose, Statement
from pioneer.rewards.money import record_donation, record_money
from pioneer.rewards.offers import use_offer
from tests.passbooks import House, add_user, jpeg, key
from tests.world import TODAY

OPENED = date(2026, 2, 1)


def prepare(house: House, things: dict[str, Any]) -> None:
    """The passbook was opened in February, so that two months have ended."""
    assert house.merchant is not None and house.offer is not None
    officer = house.actor("community_officer")
    number = house.passbook.pk
    things["spare_merchant"] = add_user(house.world, "spare_merchant", "别掌柜", Role.MERCHANT)
    house.world.users.pop("spare_merchant")
    with clock.at(TODAY):
        things["entry"] = record_money(
            actor=officer, passbook_id=number, kind="grant", cents=100000, on=TODAY, text="镇级拨款", document="拨款单1"
        )
        record_money(
            actor=officer, passbook_id=number, kind="grant", cents=20000, on=OPENED, text="启动经费", document="拨款单0"
        )
        things["donation"] = record_donation(
            actor=officer, passbook_id=number, kind="money", donor="贺百川", on=date(2026, 3, 9), cents=5000,
            is_anonymous=True,
        )  # fmt: skip
        things["month_close"] = close_month(actor=officer, passbook_id=number, year=2026, month=2, counted_cents=7500)
        things["confirmed_month"], things["signed_month"] = _confirmed(house, 10), _confirmed(house, 11)
        attach_month_paper(actor=officer, month_close_id=things["signed_month"].pk, content=jpeg(), name="月报.jpg")
        things["offer_use"] = use_offer(
            actor=house.actor("merchant"), presentation_id=house.show_merchant("李桂兰").pk, offer_id=house.offer.pk,
            bill_cents=6800, request_key=key(),
        )  # fmt: skip
        things["merchant_person"] = house.merchant.people.get()
        things["statement_of_month"] = _statement(house, 2)
        things["confirmed_statement"] = _statement(
            house, 1, cents=2000, merchant_by_number=house.world.users["merchant"].pk, merchant_at=clock.now(),
            organisation_by_number=house.world.users["community_officer"].pk, organisation_at=clock.now(),
        )  # fmt: skip
        things["disputed_statement"] = _statement(house, 3, dispute="少了一笔")


def _confirmed(house: House, month: int) -> MonthClose:
    """Of a month before there was any money; the township's officer has other months to confirm."""
    users = house.world.users
    return MonthClose.objects.create(
        passbook=house.passbook, year=2025, month=month, counted_cents=0, book_cents=0, at=clock.now(),
        by_number=users["community_officer"].pk, confirmed_by_number=users["deputy"].pk, confirmed_at=clock.now(),
    )  # fmt: skip


def _statement(house: House, month: int, **more: Any) -> Statement:
    """Of a month that ended before the passbook was opened here: nobody can have used anything."""
    assert house.merchant is not None
    form = {"uses": 0, "saved_cents": 0, "points": 0, "cents": 0, "made_at": clock.now(), **more}
    return Statement.objects.create(merchant=house.merchant, year=2026, month=month, **form)
