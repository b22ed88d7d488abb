"""存折中保存的本人资料 For what a member takes away: balances, transfers, cards, receipts, reservations, offers."""

from django.db.models import Q

from pioneer.kernel.points import show
from pioneer.members.dossier import Section
from pioneer.rewards.merchant_queries import offer_text, yuan
from pioneer.rewards.models import Account, Card, OfferUse, Redemption, Reservation, Return, Transfer
from pioneer.rewards.shop_queries import receipt_number, return_number


def sections(member_id: int) -> list[Section]:
    """积分存折"""
    accounts = Account.objects.filter(member=member_id).select_related("passbook__organisation")
    numbers = [one.pk for one in accounts]
    return [
        Section(
            "积分存折",
            ("组织", "账户", "余额"),
            tuple((one.passbook.organisation.name, one.get_kind_display(), show(one.balance)) for one in accounts),
        ),
        _transfers(numbers),
        Section(
            "积分卡",
            ("卡号", "发卡时间", "作废时间", "原因"),
            tuple(
                (one.number, one.issued_at, one.dead_at, one.get_dead_why_display())
                for one in Card.objects.filter(account__in=numbers).order_by("pk")
            ),
        ),
        _redemptions(numbers),
        _returns(numbers),
        _reservations(numbers),
        _offers(numbers),
    ]


def _reservations(numbers: list[int]) -> Section:
    rows = Reservation.objects.filter(account__in=numbers).select_related("good").order_by("pk")
    return Section(
        "预订",
        ("商品", "数量", "积分", "预订时间", "怎么提出的", "谁提出的", "到期", "情况"),
        tuple(
            (
                *(one.good.name, str(one.quantity), show(one.points), one.made_at),
                *(one.get_asked_display(), one.asked_by or "本人", one.expires_at, one.get_state_display()),
            )
            for one in rows
        ),
    )


def _offers(numbers: list[int]) -> Section:
    rows = OfferUse.objects.filter(account__in=numbers).select_related("merchant", "offer").order_by("pk")
    return Section(
        "商户优惠",
        ("商户", "优惠", "日期", "消费", "省", "积分", "撤销", "撤销原因"),
        tuple(
            (
                *(one.merchant.name, f"{one.offer.title} {offer_text(one.offer)}", one.on, yuan(one.bill_cents)),
                *(yuan(one.saved_cents), show(one.points), one.cancelled_at, one.cancelled_why),
            )
            for one in rows
        ),
    )


def _transfers(numbers: list[int]) -> Section:
    rows = Transfer.objects.filter(Q(from_account__in=numbers) | Q(to_account__in=numbers))
    return Section(
        "存折明细",
        ("时间", "类别", "转出", "转入", "说明", "台账条目"),
        tuple(
            (
                *(one.at, one.get_kind_display()),
                show(one.amount) if one.from_account_id in numbers else "",
                show(one.amount) if one.to_account_id in numbers else "",
                *(one.reason, str(one.line.line) if one.line else ""),
            )
            for one in rows.select_related("line").order_by("pk")
        ),
    )


def _redemptions(numbers: list[int]) -> Section:
    rows = Redemption.objects.filter(account__in=numbers).select_related("shop").order_by("pk")
    return Section(
        "兑换",
        ("超市", "收据号", "时间", "商品", "积分", "领取方式", "领取人", "备注"),
        tuple(
            (
                *(one.shop.name, receipt_number(one), one.at),
                "、".join(f"{item.good.name}{item.quantity}{item.good.unit}" for item in one.items.all()),
                *(show(one.points), one.get_how_display(), one.other, one.note),
            )
            for one in rows.prefetch_related("items__good")
        ),
    )


def _returns(numbers: list[int]) -> Section:
    rows = Return.objects.filter(redemption__account__in=numbers).select_related("shop", "redemption").order_by("pk")
    return Section(
        "退货",
        ("超市", "退货单号", "收据号", "时间", "商品", "积分", "退货原因"),
        tuple(
            (
                *(one.shop.name, return_number(one), receipt_number(one.redemption), one.at),
                "、".join(f"{line.item.good.name}{line.quantity}{line.item.good.unit}" for line in one.items.all()),
                *(show(one.points), one.reason),
            )
            for one in rows.prefetch_related("items__item__good")
        ),
    )
