"""红色存折 Agreements with dates, offers with limits, what the counter sees, points spent, the monthly statement."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest

from pioneer.accounts.policies import CLOCK
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotAllowed, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.rewards.merchant_queries import (
    counter,
    merchants_visible_to,
    my_merchants,
    offer_text,
    offers_for,
    statement_for,
    statements_visible_to,
    to_state,
    uses_visible_to,
)
from pioneer.rewards.merchants import (
    OfferForm,
    add_merchant,
    add_offer,
    add_person,
    change_merchant,
    end_agreement,
    end_offer,
    end_person,
    sign_agreement,
)
from pioneer.rewards.models import Account, MerchantPerson, MoneyEntry, Offer, OfferUse, Statement
from pioneer.rewards.offers import cancel_use, use_offer
from pioneer.rewards.statements import confirm_statement, dispute_statement, make_statement, pay_statement
from tests.passbooks import House, add_user, key
from tests.world import TODAY

NAME = "李桂兰"
MAY = date(2026, 5, 4)


def used(town: House, bill: int = 10000, points: int = 0, offer: Offer | None = None, **more: Any) -> OfferUse:
    assert town.offer is not None
    form = {"request_key": key(), **more}
    if "presentation_id" not in form:
        form["presentation_id"] = town.show_merchant(NAME).pk
    who = form.pop("who", "merchant")
    offer_id = (offer or town.offer).pk
    return use_offer(actor=town.actor(str(who)), offer_id=offer_id, bill_cents=bill, points=points, **form)


def at_merchant(town: House) -> int:
    return Account.objects.get(merchant=town.merchant).balance


def test_the_counter_sees_valid_nine_tenths_and_wang_and_nothing_else(town: House) -> None:
    town.give(NAME, 123400)
    shown = town.show_merchant(NAME)
    seen = counter(town.actor("merchant"), shown.pk)
    assert (seen.masked, [one.text for one in seen.offers], seen.takes_points) == ("李*", ["9折"], True)
    assert not {"balance", "score", "account", "member"} & set(asdict(seen))
    made = used(town, 9995, presentation_id=shown.pk)
    assert (made.saved_cents, made.points, town.balance(NAME)) == (1000, 0, 123400)
    assert [one.pk for one in uses_visible_to(town.actor("guilan"))] == [made.pk]
    for who in ("community_officer", "shopkeeper", "auditor"):
        with pytest.raises(NotVisible):
            counter(town.actor(who), shown.pk)


def test_points_pay_a_part_where_the_agreement_takes_them(town: House) -> None:
    town.give(NAME, 5000)
    again = key()
    shown = town.show_merchant(NAME)
    made = used(town, 4000, 4000, request_key=again, presentation_id=shown.pk)
    assert (made.saved_cents, made.point_cents, town.balance(NAME), at_merchant(town)) == (400, 2000, 1000, 4000)
    assert used(town, 4000, 4000, request_key=again, presentation_id=shown.pk) == made
    with pytest.raises(DomainError, match="内容与这次不同"):
        used(town, 4000, 100, request_key=again, presentation_id=shown.pk)
    with pytest.raises(DomainError) as error:
        used(town, 9000, 4000)
    assert error.value.code == "not_enough" and "10" not in error.value.message
    with pytest.raises(BadInput, match="不能超过优惠后的"):
        used(town, 100, 1000)
    with pytest.raises(BadInput):
        used(town, 0)
    cancel_use(actor=town.actor("merchant"), use_id=made.pk, reason="点错了")
    assert (town.balance(NAME), at_merchant(town)) == (5000, 0)
    with pytest.raises(DomainError, match="已经撤销"):
        cancel_use(actor=town.actor("merchant"), use_id=made.pk, reason="点错了")


def test_limits_conditions_and_the_end_of_an_offer(town: House) -> None:
    assert town.agreement is not None
    officer = town.actor("community_officer")

    def offered(**form: Any) -> Offer:
        return add_offer(actor=officer, agreement_id=town.agreement.pk, form=OfferForm(**form))  # type: ignore[union-attr]

    minus = offered(title="满减", kind="amount", cents=2000, from_cents=10000, limit_count=1, limit_period="month")
    assert offer_text(minus) == "满100元减20元"
    with pytest.raises(DomainError, match="满100元"):
        used(town, 9999, offer=minus)
    assert used(town, 12000, offer=minus).saved_cents == 2000
    with pytest.raises(DomainError, match="每人每月限用1次"):
        used(town, 12000, offer=minus)
    high = offered(title="优秀党员八五折", kind="percent", percent=85, min_score=9500)
    assert offer_text(high) == "8.5折"
    with pytest.raises(DomainError) as error:
        used(town, offer=high)
    assert "得分" not in error.value.message
    why = {one.offer.title: one.why_not for one in offers_for(town.account(NAME))}
    assert why["堂食九折"] == "" and "限用1次" in why["满减"] and "得分" in why["优秀党员八五折"]
    end_offer(actor=officer, offer_id=high.pk)
    with pytest.raises(DomainError, match="已停止"):
        used(town, offer=high)
    with pytest.raises(DomainError):
        end_offer(actor=officer, offer_id=high.pk)
    for wrong in ({"kind": "percent", "percent": 100}, {"kind": "amount", "cents": 5, "from_cents": 4}, {"kind": "x"}):
        with pytest.raises(BadInput):
            offered(title="错", **wrong)


def test_outside_the_dates_of_the_agreement_nothing_is_recorded(town: House) -> None:
    assert town.merchant is not None and town.agreement is not None
    town.card(NAME)
    with clock.at(date(2027, 1, 1)), pytest.raises(DomainError, match="已于2026年12月31日到期"):
        town.show_merchant(NAME)
    assert AuditEvent.objects.latest("pk").refused == "no_agreement"
    officer = town.actor("community_officer")
    form: dict[str, Any] = {
        "actor": officer, "merchant_id": town.merchant.pk, "signed_on": TODAY, "signed_by": "双方", "document": "2号",
    }  # fmt: skip
    with pytest.raises(DomainError, match="已有一份协议"):
        sign_agreement(**form, from_on=TODAY, until_on=date(2027, 1, 1))
    with pytest.raises(BadInput):
        sign_agreement(**form, from_on=TODAY, until_on=TODAY - timedelta(days=1))
    shown = town.show_merchant(NAME)
    end_agreement(actor=officer, agreement_id=town.agreement.pk, ended_on=TODAY, reason="停业")
    with pytest.raises(DomainError, match="协议已于2026年4月1日到期"):
        used(town, presentation_id=shown.pk)
    assert sign_agreement(**form, from_on=TODAY, until_on=date(2027, 1, 1))


def test_only_the_merchants_own_people_record_and_see(town: House) -> None:
    assert town.merchant is not None
    officer = town.actor("community_officer")
    add_user(town.world, "other_merchant", "别掌柜", "merchant")  # type: ignore[arg-type]
    other = add_merchant(actor=officer, passbook_id=town.passbook.pk, name="园宾馆", trade="hotel", address="5号")
    add_person(actor=officer, merchant_id=other.pk, user_id=town.world.users["other_merchant"].pk)
    assert my_merchants(town.actor("merchant")) == [town.merchant]
    assert list(merchants_visible_to(town.actor("merchant"))) == [town.merchant]
    shown = town.show_merchant(NAME)
    with pytest.raises(NotVisible):
        used(town, who="other_merchant", presentation_id=shown.pk)
    with pytest.raises(DomainError, match="没有“商户”任职"):
        add_person(actor=officer, merchant_id=other.pk, user_id=town.world.users["guilan"].pk)
    with pytest.raises(DomainError, match="已是"):
        add_person(actor=officer, merchant_id=other.pk, user_id=town.world.users["other_merchant"].pk)
    with pytest.raises(NotAllowed):
        change_merchant(
            actor=town.actor("merchant"), merchant_id=town.merchant.pk, name="面馆", trade="hotel", address="1"
        )
    assert change_merchant(actor=officer, merchant_id=other.pk, name="园", trade="hotel", address="1").name == "园"
    person = MerchantPerson.objects.get(merchant=town.merchant)
    end_person(actor=officer, person_id=person.pk)
    with pytest.raises(NotVisible):
        town.show_merchant(NAME)


@pytest.fixture
def stated(town: House) -> Statement:
    town.give(NAME, 10000)
    used(town, 10000, 4000)
    used(town, 5000)
    with clock.at(MAY):
        assert [(one.pk, year, month) for one, year, month in to_state()] == [(town.merchant.pk, 2026, 4)]  # type: ignore[union-attr]
        return make_statement(actor=CLOCK, merchant_id=town.merchant.pk, year=2026, month=4)  # type: ignore[union-attr]


def test_a_month_is_stated_confirmed_by_both_and_paid(town: House, stated: Statement) -> None:
    assert (stated.uses, stated.saved_cents, stated.points, stated.cents) == (2, 1500, 4000, 2000)
    merchant, officer = town.actor("merchant"), town.actor("community_officer")
    with clock.at(MAY):
        form: dict[str, Any] = {"statement_id": stated.pk, "paid_on": MAY, "document": "转账凭证7"}
        with pytest.raises(DomainError, match="双方确认"):
            pay_statement(actor=officer, **form)
        assert confirm_statement(actor=merchant, statement_id=stated.pk).transfer is None
        with pytest.raises(DomainError, match="已经确认"):
            confirm_statement(actor=merchant, statement_id=stated.pk)
        with pytest.raises(NotAllowed):
            confirm_statement(actor=town.actor("auditor"), statement_id=stated.pk)
        done = confirm_statement(actor=officer, statement_id=stated.pk)
        assert done.transfer is not None and at_merchant(town) == 0
        with pytest.raises(DomainError, match="不能再提异议"):
            dispute_statement(actor=merchant, statement_id=stated.pk, text="少算一笔")
        with pytest.raises(DomainError, match="已列入结算单"):
            cancel_use(actor=merchant, use_id=OfferUse.objects.first().pk, reason="错")  # type: ignore[union-attr]
        pay_statement(actor=officer, **form)
        assert MoneyEntry.objects.get(kind="settlement").cents == -2000
        with pytest.raises(DomainError, match="已经付款"):
            pay_statement(actor=officer, **form)
    assert to_state() == [] and list(statements_visible_to(town.actor("guilan"))) == []


def test_a_disputed_statement_is_made_anew(town: House, stated: Statement) -> None:
    merchant, officer = town.actor("merchant"), town.actor("community_officer")
    assert town.merchant is not None
    with clock.at(MAY):
        with pytest.raises(DomainError, match="已经出过"):
            make_statement(actor=officer, merchant_id=town.merchant.pk, year=2026, month=4)
        confirm_statement(actor=officer, statement_id=stated.pk)
        dispute_statement(actor=merchant, statement_id=stated.pk, text="有一笔退单")
        with pytest.raises(DomainError, match="有一笔退单"):
            confirm_statement(actor=officer, statement_id=stated.pk)
        cancel_use(actor=merchant, use_id=OfferUse.objects.get(points=4000).pk, reason="退单")
        again = make_statement(actor=officer, merchant_id=town.merchant.pk, year=2026, month=4)
        assert (again.pk, again.uses, again.points) == (stated.pk, 1, 0)
        confirm_statement(actor=merchant, statement_id=again.pk)
        confirm_statement(actor=officer, statement_id=again.pk)
        with pytest.raises(DomainError, match="没有应付"):
            pay_statement(actor=officer, statement_id=again.pk, paid_on=MAY, document="凭证")
        with pytest.raises(DomainError, match="没有优惠使用记录"):
            make_statement(actor=officer, merchant_id=town.merchant.pk, year=2026, month=3)
        with pytest.raises(DomainError, match="还没有结束"):
            make_statement(actor=officer, merchant_id=town.merchant.pk, year=2026, month=5)
        assert statement_for(merchant, again.pk) == again
