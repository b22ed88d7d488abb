"""本人资料 What a member takes away of its passbook, and what is left of it after erasure: the books still come out."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from pioneer.kernel import clock
from pioneer.rewards.books_papers import donor_of
from pioneer.rewards.erasure import erase_texts
from pioneer.rewards.holding import sections
from pioneer.rewards.merchants import sign_agreement
from pioneer.rewards.models import Agreement, Card, Redemption, StockCount, Transfer
from pioneer.rewards.money import record_donation
from pioneer.rewards.offers import cancel_use, use_offer
from pioneer.rewards.reconciliation import reconcile
from pioneer.rewards.redeeming import attach_receipt
from pioneer.rewards.reserving import reserve
from pioneer.rewards.stock import count_stock
from tests.passbooks import House, jpeg, key

NAME = "李桂兰"


def test_everything_is_taken_away_and_texts_can_be_erased(town: House) -> None:
    assert town.offer is not None
    keeper, merchant = town.actor("shopkeeper"), town.actor("merchant")
    town.give(NAME, 10000)
    made = town.redeem(NAME, how="proxy", other="李小兰", note="腿脚不便")
    attach_receipt(actor=keeper, redemption_id=made.pk, content=jpeg(), name="签收.jpg")
    town.bring_back(made, reason="打开已漏")
    reserve(actor=town.actor("guilan"), good_id=town.good.pk, quantity=1, request_key=key())
    use = use_offer(
        actor=merchant, presentation_id=town.show_merchant(NAME).pk, offer_id=town.offer.pk, bill_cents=5000,
        request_key=key(), points=1000,
    )  # fmt: skip
    cancel_use(actor=merchant, use_id=use.pk, reason="记错人了")
    held = {one.title: one.rows for one in sections(town.member(NAME).pk)}
    assert [len(held[title]) for title in ("积分存折", "积分卡", "兑换", "退货", "预订", "商户优惠")] == [
        2,
        1,
        1,
        1,
        1,
        1,
    ]
    assert len(held["存折明细"]) == 6
    said = str(held)
    for text in (
        "李小兰",
        "腿脚不便",
        "打开已漏",
        "记错人了",
        "洗衣液1件",
        "2026-00001",
        "退2026-00001",
        "槐园面馆",
        "测试转入",
    ):
        assert text in said
    assert all(not one.rows for one in sections(town.member("王保国").pk))
    with transaction.atomic():
        assert len(erase_texts(town.member(NAME).pk)) == 1
    after = str({one.title: one.rows for one in sections(town.member(NAME).pk)})
    assert not any(text in after for text in ("李小兰", "腿脚不便", "打开已漏", "记错人了", "测试转入"))
    assert Redemption.objects.get().paper is None and Card.objects.get().dead_why == "erased"
    assert not Transfer.objects.exclude(reason="").exists() and reconcile(town.passbook).is_clean


def test_who_gave_something_and_is_erased_is_no_longer_named(town: House) -> None:
    gift, other = (
        record_donation(
            actor=town.actor("community_officer"), passbook_id=town.passbook.pk, kind="money", donor=donor, cents=50000,
            on=clock.today(),
        )
        for donor in (NAME, "槐园粮油店")
    )  # fmt: skip
    erase_texts(town.member(NAME).pk)
    gift.refresh_from_db()
    other.refresh_from_db()
    assert (gift.donor, gift.cents, donor_of(gift)) == (
        "（已抹除）",
        50000,
        "（已抹除）",
    ) and other.donor == "槐园粮油店"


def test_who_signed_an_agreement_or_witnessed_a_count_and_is_erased_loses_its_name_there(town: House) -> None:
    assert town.agreement is not None
    made = count_stock(
        actor=town.actor("shopkeeper"), good_id=town.good.pk, counted=1, witness=f"王保国、{NAME}", reason="盘点差异"
    )
    signed = sign_agreement(
        actor=town.actor("community_officer"), merchant_id=town.agreement.merchant_id, from_on=date(2027, 1, 1),
        until_on=date(2027, 12, 31), signed_on=clock.today(), signed_by=f"社区{NAME}、辛掌柜", document="协议2027-1",
    )  # fmt: skip
    for change in ({"signed_by": "别人"}, {"document": "别的"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(pk=signed.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        StockCount.objects.filter(pk=made.pk).update(witness="别人")
    erase_texts(town.member(NAME).pk)
    made.refresh_from_db()
    signed.refresh_from_db()
    assert (made.witness, signed.signed_by) == ("王保国、（已抹除）", "社区（已抹除）、辛掌柜")
