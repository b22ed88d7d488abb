"""存折的经费和商户 Grant and gifts, a restaurant with an agreement, its uses and statement, a month closed."""

from datetime import date, timedelta
from typing import Any

from pioneer.accounts.policies import CLOCK
from pioneer.jobs.demo.passbook_life import Life, key
from pioneer.kernel import clock
from pioneer.rewards.cards import present_card
from pioneer.rewards.counting import close_month, confirm_month
from pioneer.rewards.merchant_queries import to_state
from pioneer.rewards.merchants import OfferForm, add_merchant, add_offer, add_person, sign_agreement
from pioneer.rewards.money import record_donation, record_money
from pioneer.rewards.money_queries import money_of
from pioneer.rewards.offers import use_offer
from pioneer.rewards.statements import confirm_statement, make_statement

OFFERS = (
    OfferForm("堂食九折", "percent", percent=90),
    OfferForm("家庭聚餐满减", "amount", cents=1000, from_cents=10000, limit_count=1, limit_period="month"),
)
"""Day of the month that ended last, place of the member, offer, bill in cents, points in hundredths."""
USED = ((5, 1, 0, 5600, 0), (9, 2, 0, 3800, 800), (16, 3, 1, 13800, 0), (24, 4, 0, 4200, 500))
CENTS_PER_POINT = 50


def plan(life: Life, opening: date) -> None:
    """安排经费和商户"""
    course = life.course
    before, last = course.world.months[-2], course.world.months[-1]
    made: dict[str, Any] = {}
    life.at(opening + timedelta(days=1), 10, lambda: _begin(life))
    life.at(opening + timedelta(days=5), 15, lambda: _give(life, "郭淑芳", 20000, is_anonymous=True))
    life.at(before.first + timedelta(days=8), 15, lambda: _give(life, "槐园老面馆", 50000))
    life.at(before.first + timedelta(days=10), 9, lambda: _sign(life, made))
    for place, (day, who, offer, bill, points) in enumerate(USED):
        on = last.first + timedelta(days=day)
        life.at(on, 12, lambda n=place, w=who, o=offer, b=bill, p=points: _use(life, made, n, w, o, b, p))  # type: ignore[misc]
    life.at(before.last + timedelta(days=3), 9, lambda: _close(life, before.year, before.month))
    life.at(course.world.current.first, 1, lambda: _state(life), minute=30)
    life.at(course.ago(1), 18, lambda: _use(life, made, 9, 4, 0, 6800, 600))


def _begin(life: Life) -> None:
    year = clock.today().year
    record_money(
        actor=life.who("community_officer"), passbook_id=life.passbook.pk, kind="grant", cents=300000,
        on=clock.today(), text="街道拨付积分存折启动经费", document=f"演示街财〔{year}〕6号",
    )  # fmt: skip


def _give(life: Life, donor: str, cents: int, *, is_anonymous: bool = False) -> None:
    record_donation(
        actor=life.who("community_officer"), passbook_id=life.passbook.pk, kind="money", donor=donor,
        on=clock.today(), cents=cents, is_anonymous=is_anonymous,
    )  # fmt: skip


def _sign(life: Life, made: dict[str, Any]) -> None:
    officer, today = life.who("community_officer"), clock.today()
    merchant = add_merchant(
        actor=officer, passbook_id=life.passbook.pk, name="槐园老面馆", trade="restaurant", address="槐园路6号"
    )
    add_person(actor=officer, merchant_id=merchant.pk, user_id=life.who("merchant").number or 0)
    agreement = sign_agreement(
        actor=officer, merchant_id=merchant.pk, from_on=today, until_on=today + timedelta(days=365), signed_on=today,
        signed_by="社区党委、槐园老面馆", document=f"演示协议{today.year}-1", cents_per_point=CENTS_PER_POINT,
    )  # fmt: skip
    made["merchant"] = merchant
    made["offers"] = [add_offer(actor=officer, agreement_id=agreement.pk, form=form) for form in OFFERS]


def _use(life: Life, made: dict[str, Any], number: int, who: int, offer: int, bill: int, points: int) -> None:
    holder = life.able(who, points)
    if "merchant" not in made or holder is None:
        return
    merchant, typed = life.who("merchant"), life.cards[holder.number].number
    shown = present_card(actor=merchant, typed=typed, merchant_id=made["merchant"].pk)
    use_offer(
        actor=merchant, presentation_id=shown.pk, offer_id=made["offers"][offer].pk, bill_cents=bill,
        request_key=key(f"use {number}"), points=points,
    )  # fmt: skip


def _close(life: Life, year: int, month: int) -> None:
    """Counted by the community, confirmed by the street."""
    books = money_of(life.passbook, year, month)
    counted = close_month(
        actor=life.who("community_officer"), passbook_id=life.passbook.pk, year=year, month=month,
        counted_cents=books.after,
    )  # fmt: skip
    with clock.at(clock.now() + timedelta(hours=6)):
        confirm_month(actor=life.course.actor(life.course.township[1]), month_close_id=counted.pk)


def _state(life: Life) -> None:
    """The statement of the month that ended: by the clock; the merchant has confirmed it, the community has not."""
    for merchant, year, month in to_state():
        made = make_statement(actor=CLOCK, merchant_id=merchant.pk, year=year, month=month)
        with clock.at(clock.now() + timedelta(hours=9)):
            confirm_statement(actor=life.who("merchant"), statement_id=made.pk)
