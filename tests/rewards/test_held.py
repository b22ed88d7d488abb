"""本人资料 What a member takes away of its passbook, and what is left of it after erasure: the books still come out."""

from django.db import transaction

from pioneer.rewards.erasure import erase_texts
from pioneer.rewards.holding import sections
from pioneer.rewards.models import Card, Redemption, Transfer
from pioneer.rewards.offers import cancel_use, use_offer
from pioneer.rewards.reconciliation import reconcile
from pioneer.rewards.redeeming import attach_receipt, return_redemption
from pioneer.rewards.reserving import reserve
from tests.passbooks import House, jpeg, key

NAME = "李桂兰"


def test_everything_is_taken_away_and_texts_can_be_erased(town: House) -> None:
    assert town.offer is not None
    keeper, merchant = town.actor("shopkeeper"), town.actor("merchant")
    town.give(NAME, 10000)
    made = town.redeem(NAME, how="proxy", other="李小兰", note="腿脚不便")
    attach_receipt(actor=keeper, redemption_id=made.pk, content=jpeg(), name="签收.jpg")
    return_redemption(actor=keeper, redemption_id=made.pk, reason="打开已漏", restocked=True)
    reserve(actor=town.actor("guilan"), good_id=town.good.pk, quantity=1, request_key=key())
    use = use_offer(
        actor=merchant, presentation_id=town.show_merchant(NAME).pk, offer_id=town.offer.pk, bill_cents=5000,
        request_key=key(), points=1000,
    )  # fmt: skip
    cancel_use(actor=merchant, use_id=use.pk, reason="记错人了")
    held = {one.title: one.rows for one in sections(town.member(NAME).pk)}
    assert [len(held[title]) for title in ("积分存折", "积分卡", "兑换", "预订", "商户优惠")] == [2, 1, 1, 1, 1]
    assert len(held["存折明细"]) == 6
    said = str(held)
    for text in ("李小兰", "腿脚不便", "打开已漏", "记错人了", "洗衣液1件", "2026-00001", "槐园面馆", "测试转入"):
        assert text in said
    assert all(not one.rows for one in sections(town.member("王保国").pk))
    with transaction.atomic():
        assert len(erase_texts(town.member(NAME).pk)) == 1
    after = str({one.title: one.rows for one in sections(town.member(NAME).pk)})
    assert not any(text in after for text in ("李小兰", "腿脚不便", "打开已漏", "记错人了", "测试转入"))
    assert Redemption.objects.get().paper is None and Card.objects.get().dead_why == "erased"
    assert not Transfer.objects.exclude(reason="").exists() and reconcile(town.passbook).is_clean
