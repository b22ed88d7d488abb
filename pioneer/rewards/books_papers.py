"""存折的纸面 A merchant's statement to be signed by both sides; the month of a passbook's money to be kept."""

from typing import Any

from pioneer.kernel import clock
from pioneer.kernel.points import show
from pioneer.papers.rendering import render
from pioneer.rewards import book_queries, money_queries
from pioneer.rewards.merchant_queries import yuan
from pioneer.rewards.models import Donation, MoneyEntry, MonthClose, Passbook, Statement
from pioneer.rewards.queries import day
from pioneer.rewards.reconciliation import Reconciliation, reconcile

Content = dict[str, Any]


def fixed(cents: int) -> str:
    """金额的写法 "12.50" of 1250 cents, as a column of money needs it."""
    return f"{'−' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def what_of(entry: MoneyEntry) -> str:
    """经费的摘要 What the entry was for; a donor who wished to be unnamed is not named."""
    if entry.donation is not None:
        return f"第{entry.donation.number}号捐款（{donor_of(entry.donation)}）"
    if entry.batch is not None:
        return f"{entry.batch.good.name}第{entry.batch.number}批，{entry.batch.quantity}{entry.batch.good.unit}"
    if entry.corrects is not None:
        return f"冲销第{entry.corrects.number}号：{entry.text}"
    return entry.text


def donor_of(donation: Any) -> str:
    """捐赠人的写法"""
    return "不具名" if donation.is_anonymous else donation.donor


def statement_pdf(found: Statement) -> bytes:
    """商户结算单 Every use of the month with a masked name, what is owed, and where both sides sign."""
    merchant = found.merchant
    unit = merchant.passbook.organisation.name
    return render(
        "passbook_statement",
        {
            "merchant": merchant.name, "unit": unit, "address": merchant.address,
            "month": f"{found.year}年{found.month}月", "made_on": _on(found.made_at),
            "state": _state(found), "dispute": found.dispute,
            "uses": [
                {
                    "number": str(number), "on": day(one.on), "who": book_queries.whose(one),
                    "offer": one.offer.title, "bill": fixed(one.bill_cents), "saved": fixed(one.saved_cents),
                    "points": show(one.points) if one.points else "", "owed": fixed(one.point_cents),
                }
                for number, one in enumerate(book_queries.uses_on(found), 1)
            ],
            "count": str(found.uses), "saved": fixed(found.saved_cents), "points": show(found.points),
            "owed": fixed(found.cents),
            "signatures": [
                {"role": f"{merchant.name}（签章）", "name": "", "date": _on(found.merchant_at)},
                {"role": f"{unit}（签章）", "name": "", "date": _on(found.organisation_at)},
            ],
        },
    )  # fmt: skip


def _state(found: Statement) -> str:
    if found.dispute:
        return "有异议，待重出"
    if found.paid_on is not None:
        return f"双方已确认，{day(found.paid_on)}付款"
    if found.merchant_at and found.organisation_at:
        return "双方已确认" + ("，待付款" if found.cents else "")
    return "待确认"


def _on(at: Any) -> str:
    return day(at.astimezone(clock.SHANGHAI).date()) if at else ""


def month_pdf(passbook: Passbook, year: int, month: int, count: MonthClose | None, by: str, confirmed_by: str) -> bytes:
    """经费月报 The month's money, the count, how points stand, and what was compared."""
    money = money_queries.money_of(passbook, year, month)
    figures = money_queries.figures(passbook)
    result = reconcile(passbook)
    return render(
        "passbook_month",
        {
            "unit": passbook.organisation.name, "month": f"{year}年{month}月", "made_on": day(clock.today()),
            "before": fixed(money.before), "came": fixed(money.came), "went": fixed(-money.went),
            "after": fixed(money.after),
            "entries": [_entry(one) for one in money.entries],
            "count": _count(count),
            "figures": [
                {"label": label, "text": text} for label, text in figure_rows(figures)
            ],
            "checks": _checked(result),
            "signatures": [
                {"role": "经办人", "name": by, "date": _on(count.at) if count else ""},
                {"role": "复核人", "name": confirmed_by, "date": _on(count.confirmed_at) if count else ""},
            ],
        },
    )  # fmt: skip


def donation_pdf(donation: Donation, by: str) -> bytes:
    """捐赠收据 For the donor and for the file; who wished to be unnamed is not named. Goods count with an estimate, if
    there is one."""
    is_money = donation.kind == Donation.Kind.MONEY
    unit = donation.passbook.organisation.name
    received = "、".join(f"{one.good.name}{one.quantity}{one.good.unit}" for one in donation.batches.all())
    use = "全部记入积分存折经费" if is_money else "全部用于党员积分兑换"
    return render(
        "passbook_donation",
        {
            "unit": unit, "number": f"{donation.number:05d}", "donor": donor_of(donation), "on": day(donation.on),
            "what": "人民币" if is_money else donation.what,
            "amount": f"{fixed(donation.cents)}元" if donation.cents else "",
            "amount_label": "金额" if is_money else "估值", "in_words": in_words(donation.cents) if is_money else "",
            "received": received, "document": donation.document,
            "thanks": f"承蒙捐赠，谨致谢忱。所捐{'款项' if is_money else '物品'}{use}，收支按月结算、由两人核对，"
            "欢迎随时查询、监督。",
            "signatures": [
                {"role": f"{unit}（签章）", "name": "", "date": ""},
                {"role": "经手人", "name": by, "date": _on(donation.created_at)},
            ],
        },
    )  # fmt: skip


DIGITS, PLACES, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿")


def in_words(cents: int) -> str:
    """大写金额 "壹仟零伍拾元伍角整" of 105050 cents, as a receipt has it."""
    yuan_part, small = divmod(cents, 100)
    text = "".join(_group(number, place) for place, number in reversed(list(enumerate(_groups(yuan_part)))))
    said = text.lstrip("零")
    while "零零" in said:
        said = said.replace("零零", "零")
    said = f"{said.rstrip('零')}元" if said else ""
    jiao, fen = divmod(small, 10)
    if jiao:
        said += f"{DIGITS[jiao]}角"
    elif fen and said:
        said += "零"
    return said + (f"{DIGITS[fen]}分" if fen else "整") if cents else "零元整"


def _groups(number: int) -> list[int]:
    """By ten thousands, the lowest first."""
    found = []
    while number:
        number, rest = divmod(number, 10000)
        found.append(rest)
    return found


def _group(number: int, place: int) -> str:
    if not number:
        return "零"
    digits = [number // 10**at % 10 for at in (3, 2, 1, 0)]
    said = "".join(DIGITS[one] + PLACES[3 - at] if one else "零" for at, one in enumerate(digits))
    return said.rstrip("零") + GROUPS[place] + ("零" if digits[3] == 0 else "")


def _entry(one: MoneyEntry) -> Content:
    return {
        "number": str(one.number), "on": day(one.on), "kind": str(one.get_kind_display()), "what": what_of(one),
        "document": one.document, "came": fixed(one.cents) if one.cents > 0 else "",
        "went": fixed(-one.cents) if one.cents < 0 else "",
    }  # fmt: skip


def _checked(result: Reconciliation) -> str:
    unlike = "；".join(f"{one.where}相差{_difference(one)}" for one in result.findings)
    said = f"不符{len(result.findings)}处：{unlike}。" if unlike else "全部相符。"
    return f"共核对{len(result.checks)}项，{said}"


def _difference(one: Any) -> str:
    unlike = one.difference
    if one.unit == "points":
        return f"{show(unlike, signed=True)}分"
    return f"{yuan(unlike)}元" if one.unit == "cents" else str(unlike)


def _count(count: MonthClose | None) -> Content:
    if count is None:
        return {"made": False}
    return {
        "made": True, "counted": fixed(count.counted_cents), "books": fixed(count.book_cents),
        "difference": fixed(count.counted_cents - count.book_cents), "note": count.note,
        "kept": f"两人签字的月报已扫描存档，编号{count.paper.digest[:8]}。" if count.paper else "",
    }  # fmt: skip


def figure_rows(found: money_queries.Figures) -> list[tuple[str, str]]:
    """概况的写法 Points and money of today, for page, paper and Excel alike."""
    worth = f"约{yuan(found.worth_cents)}元" if found.worth_cents is not None else "还没有兑换，无从估算"
    rows = [
        ("累计转入", f"{show(found.issued)}分"),
        ("尚未使用", f"{show(found.outstanding)}分"),
        ("其中预留", f"{show(found.held)}分"),
        ("透支（更正收回）", f"{show(found.below_zero)}分"),
        ("积分超市已收", f"{show(found.at_shops)}分"),
        ("商户未结算", f"{show(found.at_merchants)}分"),
        ("商户已结算", f"{show(found.settled)}分"),
        ("到期作废", f"{show(found.expired)}分"),
        ("尚未使用的积分约值", worth),
        ("库存商品成本", f"{yuan(found.goods_cents)}元"),
        ("经费结余", f"{yuan(found.money_cents)}元"),
    ]
    return rows
