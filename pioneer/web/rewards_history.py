"""存折明细的说明 What each transfer was, in a sentence: the line and the clause that fed it, the goods it paid for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pioneer.accounts.policies import Actor
from pioneer.kernel.clock import SHANGHAI
from pioneer.rewards import shop_queries
from pioneer.rulebook.queries import parsed
from pioneer.workbooks.writing import Form, Heading, Table


@dataclass(frozen=True, slots=True)
class Told:
    """一笔明细 `amount` is signed; `detail` what fed it or what it paid for; behind it a receipt, or what came back."""

    at: datetime
    what: str
    amount: int
    detail: str
    redemption: Any = None
    returned: Any = None

    @property
    def number(self) -> str:
        """收据号、退货单号"""
        if self.returned is not None:
            return shop_queries.return_number(self.returned)
        return shop_queries.receipt_number(self.redemption) if self.redemption else ""


def told(actor: Actor, account: Any, transfers: Sequence[Any]) -> list[Told]:
    """逐笔说明 Of the transfers of one account; the receipts and reservations behind them in three queries."""
    numbers = [one.pk for one in transfers]
    receipts = shop_queries.redemptions_visible_to(actor).filter(account=account)
    paid = {one.transfer_id: one for one in receipts.filter(transfer__in=numbers)}
    back = shop_queries.returns_by_transfer(receipts, numbers)
    booked = shop_queries.reservations_visible_to(actor).filter(account=account)
    held: dict[int | None, Any] = {
        one.hold_id: one for one in booked.filter(hold__in=numbers).select_related("redemption")
    }
    held |= {one.ending_id: one for one in booked.filter(ending__in=numbers)}
    rows = []
    for one in transfers:
        returned = back.get(one.pk)
        receipt = returned.redemption if returned else paid.get(one.pk)
        reserved = held.get(one.pk)
        if reserved is not None and one.pk == reserved.hold_id:
            receipt = getattr(reserved, "redemption", None)
        sign = 1 if one.to_account_id == account.pk else -1
        detail = _returned(returned) if returned else _detail(one, receipt, reserved)
        rows.append(Told(one.at, one.get_kind_display(), sign * one.amount, detail, receipt, returned))
    return rows


def _detail(one: Any, receipt: Any, reserved: Any) -> str:
    if one.line is not None:
        return _line(one.line)
    if reserved is not None:
        return f"{reserved.good.name}{reserved.quantity}{reserved.good.unit}，{reserved.get_state_display()}"
    if receipt is not None:
        return f"{goods_of(receipt)}，{receipt.shop.name}"
    merchant = one.to_account.merchant or one.from_account.merchant
    return str(merchant.name) if merchant is not None else str(one.reason)


def _returned(returned: Any) -> str:
    return f"{goods_of(returned)}，{returned.shop.name}"


def _line(line: Any) -> str:
    """The ledger's line: what for, when, by which clause."""
    found = parsed(line.version).indicators.get(line.indicator)
    name, clause = (found.name, f"，办法{found.clause}") if found else ("", "")
    on = line.event_on
    return f"{line.indicator} {name}，{on.year}年{on.month}月{on.day}日{clause}".replace(" ，", "，")


def goods_of(paper: Any) -> str:
    """商品的写法 "洗衣液2件、围裙1条", of a receipt or of a return."""
    pairs = [(getattr(one, "item", one).good, one.quantity) for one in paper.items.all()]
    return "、".join(f"{good.name}{quantity}{good.unit}" for good, quantity in pairs)


def tables_of(rows: Sequence[Told], receipts: Sequence[Any]) -> list[Table]:
    """明细和兑换两张表"""
    history = [
        (_on(one.at), one.what, _points(one.amount) if one.amount > 0 else "",
         _points(-one.amount) if one.amount < 0 else "", one.detail, one.number)
        for one in rows
    ]  # fmt: skip
    taken = [
        (_on(one.at), shop_queries.receipt_number(one), one.shop.name, goods_of(one), _points(one.points),
         one.get_how_display(), one.other, shop_queries.return_state(one))
        for one in receipts
    ]  # fmt: skip
    returned = [
        (_on(back.at), shop_queries.return_number(back), shop_queries.receipt_number(one), one.shop.name,
         goods_of(back), _points(back.points), back.reason)
        for one in receipts for back in one.returns.all()
    ]  # fmt: skip
    return [
        Table("存折明细", _headings("日期*", "类别", "转入#", "转出#", "说明", "收据号、退货单号"), history),
        Table("兑换", _headings("日期*", "收据号", "超市", "商品", "积分#", "领取方式", "领取人", "退货"), taken),
        Table("退货", _headings("日期*", "退货单号", "收据号", "超市", "商品", "积分#", "退货原因"), returned),
    ]


def _on(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _points(hundredths: int) -> Decimal:
    return Decimal(hundredths) / 100


def _headings(*titles: str) -> list[Heading]:
    """A star for a column of dates, a hash for one of numbers."""
    forms: dict[str, Form] = {"*": "date", "#": "number"}
    return [Heading(one.rstrip("*#"), forms.get(one[-1], "text")) for one in titles]
