"""对账 The books compared with one another: everything must come out, and where something doesn't it is said."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, Sum

from pioneer.rewards.models import (
    Account,
    Batch,
    Donation,
    FedLine,
    Good,
    Lot,
    Merchant,
    MoneyEntry,
    MonthClose,
    OfferUse,
    Passbook,
    Redemption,
    RedemptionItem,
    Reservation,
    Return,
    ReturnItem,
    Shop,
    Statement,
    StockMove,
    Transfer,
)
from pioneer.rewards.money_queries import last_day
from pioneer.rewards.shop_queries import receipt_number, return_number

POINTS, CENTS, UNITS = "points", "cents", "units"


@dataclass(frozen=True, slots=True)
class Finding:
    """一处不符 Where, what it should be by one book, what it is by the other; in hundredths, cents or units."""

    where: str
    expected: int
    found: int
    unit: str

    @property
    def difference(self) -> int:
        return self.found - self.expected


@dataclass(frozen=True, slots=True)
class Check:
    """一项核对 How many things were compared, and which don't agree."""

    name: str
    compared: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """对账结果"""

    checks: tuple[Check, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(one for check in self.checks for one in check.findings)

    @property
    def is_clean(self) -> bool:
        return not self.findings


Pair = tuple[str, int, int]  # where, expected, found


def reconcile(passbook: Passbook) -> Reconciliation:
    """对账 Every book of the passbook against the others, in a constant number of queries."""
    return Reconciliation(
        tuple(
            Check(name, len(pairs), tuple(Finding(*pair, unit) for pair in pairs if pair[1] != pair[2]))
            for name, unit, look in CHECKS
            if (pairs := list(look(passbook))) is not None
        )
    )


# ------------------------------------------------------------------ points


def _sum_is_zero(passbook: Passbook) -> Iterable[Pair]:
    total = Account.objects.filter(passbook=passbook).aggregate(sum=Sum("balance"))["sum"] or 0
    yield "全部账户合计", 0, total


def _balances(passbook: Passbook) -> Iterable[Pair]:
    moved: dict[int, int] = defaultdict(int)
    flows = Transfer.objects.filter(from_account__passbook=passbook).order_by()
    for account, amount in flows.values_list("from_account").annotate(sum=Sum("amount")):
        moved[account] -= amount
    for account, amount in flows.values_list("to_account").annotate(sum=Sum("amount")):
        moved[account] += amount
    for account in Account.objects.filter(passbook=passbook).select_related("member", "shop", "merchant"):
        yield account_name(account), moved[account.pk], account.balance


def _lots(passbook: Passbook) -> Iterable[Pair]:
    rows = Lot.objects.filter(account__passbook=passbook).order_by()
    left = dict(rows.values_list("account").annotate(sum=Sum("left")))
    accounts = Account.objects.filter(passbook=passbook, kind=Account.Kind.MEMBER).select_related("member")
    for account in accounts:
        yield account_name(account), max(0, account.balance), left.get(account.pk, 0)


def _held(passbook: Passbook) -> Iterable[Pair]:
    rows = Reservation.objects.filter(account__passbook=passbook, state=Reservation.State.HELD).order_by()
    held = dict(rows.values_list("account__member").annotate(sum=Sum("points")))
    for account in Account.objects.filter(passbook=passbook, kind=Account.Kind.HELD).select_related("member"):
        yield account_name(account), held.get(account.member_id, 0), account.balance


def _credited(passbook: Passbook) -> Iterable[Pair]:
    moved: dict[int, int] = defaultdict(int)
    flows = Transfer.objects.filter(line__passbook=passbook).order_by()
    for line, kind, amount in flows.values_list("line", "kind").annotate(sum=Sum("amount")):
        moved[line] += amount if kind == Transfer.Kind.CREDIT else -amount
    for line in FedLine.objects.filter(passbook=passbook):
        yield f"条目{line.line}", line.credited, moved[line.pk]


def _at_shops(passbook: Passbook) -> Iterable[Pair]:
    rows = Redemption.objects.filter(shop__passbook=passbook).order_by()
    taken = dict(rows.values_list("shop").annotate(sum=Sum("points")))
    returns = Return.objects.filter(shop__passbook=passbook).order_by()
    back = dict(returns.values_list("shop").annotate(sum=Sum("points")))
    for account in Account.objects.filter(passbook=passbook, kind=Account.Kind.SHOP).select_related("shop"):
        yield account_name(account), taken.get(account.shop_id, 0) - back.get(account.shop_id, 0), account.balance


def _at_merchants(passbook: Passbook) -> Iterable[Pair]:
    rows = OfferUse.objects.filter(merchant__passbook=passbook, cancelled_at=None, statement__transfer=None).order_by()
    spent = dict(rows.values_list("merchant").annotate(sum=Sum("points")))
    for account in Account.objects.filter(passbook=passbook, kind=Account.Kind.MERCHANT).select_related("merchant"):
        yield account_name(account), spent.get(account.merchant_id, 0), account.balance


def _receipts(passbook: Passbook) -> Iterable[Pair]:
    items = RedemptionItem.objects.filter(redemption__shop__passbook=passbook).order_by()
    sums = dict(items.values_list("redemption").annotate(sum=Sum(F("quantity") * F("price"))))
    rows = Redemption.objects.filter(shop__passbook=passbook).select_related("shop", "transfer")
    for one in rows:
        yield f"{one.shop.name}收据{receipt_number(one)}的商品", one.points, sums.get(one.pk, 0)
        yield f"{one.shop.name}收据{receipt_number(one)}的转账", one.points, one.transfer.amount


def _returns(passbook: Passbook) -> Iterable[Pair]:
    lines = ReturnItem.objects.filter(taken_back__shop__passbook=passbook).order_by()
    sums = dict(lines.values_list("taken_back").annotate(sum=Sum(F("quantity") * F("item__price"))))
    for one in Return.objects.filter(shop__passbook=passbook).select_related("shop", "transfer"):
        yield f"{one.shop.name}退货单{return_number(one)}的商品", one.points, sums.get(one.pk, 0)
        yield f"{one.shop.name}退货单{return_number(one)}的转账", one.points, one.transfer.amount


def _returned(passbook: Passbook) -> Iterable[Pair]:
    lines = ReturnItem.objects.filter(taken_back__shop__passbook=passbook).order_by()
    back = dict(lines.values_list("item").annotate(sum=Sum("quantity")))
    items = RedemptionItem.objects.filter(pk__in=back).select_related("redemption__shop", "good")
    for item in items:
        where = f"{item.redemption.shop.name}收据{receipt_number(item.redemption)}退回的{item.good.name}"
        yield where, min(item.quantity, back[item.pk]), back[item.pk]


def _gaps(passbook: Passbook) -> Iterable[Pair]:
    for what, model in (("收据号", Redemption), ("退货单号", Return)):
        rows = model._default_manager.filter(shop__passbook=passbook).order_by()
        numbers = rows.values_list("shop__name", "year").annotate(last=Max("number"), n=Count("pk"))
        for name, year, last, count in numbers:
            yield f"{name}{year}年的{what}", last, count


# ------------------------------------------------------------------ goods


def _stock(passbook: Passbook) -> Iterable[Pair]:
    moves = StockMove.objects.filter(good__shop__passbook=passbook).order_by()
    moved = dict(moves.values_list("good").annotate(sum=Sum("quantity")))
    batches = Batch.objects.filter(good__shop__passbook=passbook).order_by()
    left = dict(batches.values_list("good").annotate(sum=Sum("left")))
    held = Reservation.objects.filter(good__shop__passbook=passbook, state=Reservation.State.HELD).order_by()
    reserved = dict(held.values_list("good").annotate(sum=Sum("quantity")))
    for good in Good.objects.filter(shop__passbook=passbook):
        yield f"{good.name}的出入库", moved.get(good.pk, 0), good.stock
        yield f"{good.name}的批次", left.get(good.pk, 0), good.stock
        yield f"{good.name}的预订", reserved.get(good.pk, 0), good.reserved


# ------------------------------------------------------------------ money


def _money(passbook: Passbook) -> Iterable[Pair]:
    entries = MoneyEntry.objects.filter(passbook=passbook)
    booked = {
        name: dict(entries.filter(**{f"{name}__isnull": False}).values_list(f"{name}_id", "cents"))
        for name in ("batch", "donation", "statement")
    }
    bought = Batch.objects.filter(good__shop__passbook=passbook, source=Batch.Source.PURCHASE).select_related("good")
    for batch in bought:
        where = f"{batch.good.name}第{batch.number}批的采购款"
        yield where, -batch.quantity * batch.unit_cents, booked["batch"].get(batch.pk, 0)
    for donation in Donation.objects.filter(passbook=passbook, kind=Donation.Kind.MONEY):
        yield f"第{donation.number}号捐款", donation.cents, booked["donation"].get(donation.pk, 0)
    paid = Statement.objects.filter(merchant__passbook=passbook, paid_on__isnull=False).select_related("merchant")
    for one in paid:
        where = f"{one.merchant.name}{one.year}年{one.month}月结算款"
        yield where, -one.cents, booked["statement"].get(one.pk, 0)


def _statements(passbook: Passbook) -> Iterable[Pair]:
    uses = OfferUse.objects.filter(statement__merchant__passbook=passbook).order_by()
    points = dict(uses.values_list("statement").annotate(sum=Sum("points")))
    for one in Statement.objects.filter(merchant__passbook=passbook).select_related("merchant"):
        if not one.dispute:
            yield f"{one.merchant.name}{one.year}年{one.month}月结算单", points.get(one.pk, 0), one.points


def _cash(passbook: Passbook) -> Iterable[Pair]:
    """The last count of each month; the books of that month as they stand now."""
    latest: dict[tuple[int, int], MonthClose] = {}
    for one in MonthClose.objects.filter(passbook=passbook).order_by("number"):
        latest[one.year, one.month] = one
    for (year, month), one in sorted(latest.items()):
        books = MoneyEntry.objects.filter(passbook=passbook, on__lte=last_day(year, month))
        yield f"{year}年{month}月末的现金和存款", books.aggregate(sum=Sum("cents"))["sum"] or 0, one.counted_cents


def account_name(account: Account) -> str:
    """账户的叫法"""
    if account.member is not None:
        return f"{account.member.name}的{account.get_kind_display()}"
    if account.shop is not None or account.merchant is not None:
        whose: Shop | Merchant | None = account.shop or account.merchant
        return f"{whose.name if whose else ''}的账户"
    return str(account.get_kind_display())


CHECKS: tuple[tuple[str, str, Callable[[Passbook], Iterable[Pair]]], ...] = (
    ("全部账户合计为零", POINTS, _sum_is_zero),
    ("每个账户的余额等于转账的合计", POINTS, _balances),
    ("党员余额等于各笔余额的合计", POINTS, _lots),
    ("预留等于待领的预订", POINTS, _held),
    ("条目的转入等于转账", POINTS, _credited),
    ("超市账户等于兑换减去退货", POINTS, _at_shops),
    ("商户账户等于未结算的消费", POINTS, _at_merchants),
    ("收据等于商品和转账", POINTS, _receipts),
    ("退货单等于商品和转账", POINTS, _returns),
    ("退回的不多于兑换的", UNITS, _returned),
    ("收据号和退货单号没有缺号", UNITS, _gaps),
    ("库存等于出入库、批次和预订", UNITS, _stock),
    ("采购、捐款、结算都已入账", CENTS, _money),
    ("结算单等于所列的消费", POINTS, _statements),
    ("月末盘点的现金和存款等于账面", CENTS, _cash),
)


def differing(passbook: Passbook) -> int:
    """不符的处数"""
    return len(reconcile(passbook).findings)


def unconfirmed(passbook: Passbook) -> list[MonthClose]:
    """待复核的月结"""
    rows = MonthClose.objects.filter(passbook=passbook, confirmed_at=None)
    later = MonthClose.objects.filter(passbook=passbook)
    last = {(one.year, one.month): one.number for one in later.order_by("number")}
    return [one for one in rows.filter(~Q(by_number=None)) if last[one.year, one.month] == one.number]
