"""使用优惠 Recorded by the merchant from a card that was shown; points may be paid with beside it."""

from uuid import UUID

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock, sealing
from pioneer.kernel.errors import DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.messages.services import tell
from pioneer.rewards import booking, cards, merchant_queries, policies
from pioneer.rewards.booking import Move
from pioneer.rewards.merchant_queries import NEUTRAL, offer_text, yuan
from pioneer.rewards.models import Agreement, Merchant, Offer, OfferUse, Presentation, Transfer
from pioneer.rewards.services import OWN_PAGE, check_texts, refuse

MOST_CENTS = 100_000_000
TELLS = frozenset({"over_limit", "offer_ended"})  # what the counter may be told of a member's reason


@operation("rewards.use_offer")
def use_offer(
    *, actor: AnyActor, presentation_id: int, offer_id: int, bill_cents: int, request_key: UUID, points: int = 0
) -> OfferUse:
    """记优惠 Of a bill, for whose card was shown. `points` (hundredths) pay a part of it where the agreement has
    them. Sent again with the same key it is the same use."""
    seen = Presentation.objects.filter(pk=presentation_id, by_number=actor.number or 0, merchant__isnull=False).first()
    if seen is None:
        raise NotVisible
    merchant = merchant_queries.merchant_for(actor, seen.merchant_id or 0, lock=True)
    policies.require_records_at(actor, merchant.passbook, merchant_queries.people_of(merchant))
    content = sealing.digest([presentation_id, offer_id, bill_cents, points])
    if (before := OfferUse.objects.filter(request_key=request_key).first()) is not None:
        if before.content != content:
            raise DomainError("other_content", "这一笔已经记过，内容与这次不同，没有再记。请在记录中核对。")
        return before
    shown = cards.taken(actor, presentation_id)
    cards.require_standing(shown)
    agreement = merchant_queries.require_agreement(merchant)
    offer = merchant_queries.offers_on(agreement).filter(pk=offer_id).first()
    if offer is None:
        raise DomainError("offer_ended", "这项优惠已停止或不在协议内，请选择列表中的优惠。")
    _check_member(offer, shown)
    saved = _saved(offer, bill_cents)
    worth = _worth(agreement, points, bill_cents - saved)
    account = shown.card.account
    transfer = _spend(actor, shown, merchant, points, request_key) if points else None
    assert actor.number is not None
    made = OfferUse.objects.create(
        offer=offer, merchant=merchant, account=account, card=shown.card, presentation=shown, on=clock.today(),
        at=clock.now(), by_number=actor.number, bill_cents=bill_cents, saved_cents=saved, points=points,
        point_cents=worth, transfer=transfer, request_key=request_key, content=content,
    )  # fmt: skip
    Presentation.objects.filter(pk=shown.pk).update(used_at=clock.now())
    paid = f"，用存折积分{show(points)}抵{yuan(worth)}元" if points else ""
    assert account.member is not None
    tell(
        account.member.user_id, "rewards.offer_used", str(made.pk), f"在{merchant.name}使用了优惠",
        f"{offer.title}（{offer_text(offer)}），省{yuan(saved)}元{paid}。如非本人使用，请马上挂失积分卡。", OWN_PAGE,
    )  # fmt: skip
    return made


@operation("rewards.cancel_use")
def cancel_use(*, actor: AnyActor, use_id: int, reason: str) -> OfferUse:
    """撤销使用 Until it stands on a statement that is not disputed; points paid come back."""
    seen = merchant_queries.use_for(actor, use_id)
    merchant = merchant_queries.merchant_for(actor, seen.merchant_id, lock=True)
    if not policies.manages(actor, merchant.passbook):
        policies.require_records_at(actor, merchant.passbook, merchant_queries.people_of(merchant))
    refuse(check_texts({"撤销原因": (reason, 200)}))
    rows = OfferUse.objects.select_for_update(of=("self",), no_key=True).select_related(
        "statement", "transfer", "account__member", "account__passbook__organisation"
    )
    found = rows.get(pk=seen.pk)
    if found.cancelled_at is not None:
        raise DomainError("cancelled_already", "这一笔已经撤销。")
    if found.statement is not None and not found.statement.dispute:
        raise DomainError("on_statement", "这一笔已列入结算单。请先对结算单提出异议，再撤销、重出结算单。")
    if found.transfer is not None:
        source = booking.merchant_account(merchant)
        locked = booking.lock([source.pk, found.account_id])
        what = Move(
            locked[source.pk], locked[found.account_id], found.points, Transfer.Kind.UNSPEND, f"unspend:{found.pk}",
            undoes=found.transfer, restores=found.transfer,
        )  # fmt: skip
        booking.move(actor, what)
    found.statement, found.cancelled_at = None, clock.now()
    found.cancelled_why, found.cancelled_by_number = reason.strip(), actor.number
    found.save(update_fields=["statement", "cancelled_at", "cancelled_why", "cancelled_by_number"])
    assert found.account.member is not None
    back = f"，{show(found.points)}积分已退回" if found.points else ""
    title, text = f"{merchant.name}撤销了一次优惠", f"原来的使用记录作废{back}。"
    tell(found.account.member.user_id, "rewards.use_cancelled", str(found.pk), title, text, OWN_PAGE)
    return found


def _check_member(offer: Offer, shown: Presentation) -> None:
    why = merchant_queries.why_not_offer(offer, shown.card.account)
    if why is not None:
        raise DomainError(why[0], why[1] if why[0] in TELLS else NEUTRAL)


def _saved(offer: Offer, bill_cents: int) -> int:
    """What is taken off, rounded half up to the cent."""
    if not 0 < bill_cents <= MOST_CENTS:
        refuse([Fault("消费金额", "请填写大于0的消费金额。")])
    if offer.kind == Offer.Kind.PERCENT:
        return (bill_cents * (100 - (offer.percent or 0)) + 50) // 100
    if bill_cents < offer.from_cents:
        raise DomainError("bill_too_small", f"“{offer.title}”须消费满{yuan(offer.from_cents)}元，这次没有达到。")
    return offer.cents or 0


def _worth(agreement: Agreement, points: int, left_cents: int) -> int:
    """What the points pay, in cents."""
    if points == 0:
        return 0
    if agreement.cents_per_point is None:
        raise DomainError("no_points_here", "协议没有约定收积分，请用现金付，或到积分超市兑换。")
    worth = (points * agreement.cents_per_point + 50) // 100
    if points < 0 or worth == 0 or worth > left_cents:
        refuse([Fault("积分", f"积分抵付不能超过优惠后的{yuan(left_cents)}元，请少填一些。")])
    return worth


def _spend(actor: AnyActor, shown: Presentation, merchant: Merchant, points: int, key: UUID) -> Transfer:
    target = booking.merchant_account(merchant)
    account_id = shown.card.account_id
    locked = booking.lock([target.pk, account_id])
    if locked[account_id].balance < points:  # the counter is told no balance
        raise DomainError("not_enough", "存折余额不够抵付这些积分，请少填一些，或不用积分。")
    what = Move(locked[account_id], locked[target.pk], points, Transfer.Kind.SPEND, f"spend:{key}")
    return booking.move(actor, what)
