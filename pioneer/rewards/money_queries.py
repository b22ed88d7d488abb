"""经费的读取 The money of a month with what stood before and after, donors, what points and goods are worth."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.rewards.models import (
    Account,
    Batch,
    Donation,
    MoneyEntry,
    MonthClose,
    Passbook,
    Redemption,
    Return,
    StockMove,
    Transfer,
)
from pioneer.rewards.policies import sees_books
from pioneer.rewards.queries import begin_of, passbook_for

HUNDRED = 100


def books_for(actor: AnyActor, passbook_id: int) -> Passbook:
    """看得到账的存折 NotVisible for who has but an account in it, or records at one of its merchants."""
    passbook = passbook_for(actor, passbook_id)
    if not sees_books(actor, passbook):
        raise NotVisible
    return passbook


def last_day(year: int, month: int) -> date:
    """月末"""
    return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Money:
    """一个月的经费 In cents: what stood before, what came and went, what stands after."""

    before: int
    entries: Sequence[MoneyEntry]
    after: int

    @property
    def came(self) -> int:
        return sum(one.cents for one in self.entries if one.cents > 0)

    @property
    def went(self) -> int:
        return sum(one.cents for one in self.entries if one.cents < 0)


def money_of(passbook: Passbook, year: int, month: int) -> Money:
    """某月的经费 By the day of each entry."""
    first, last = date(year, month, 1), last_day(year, month)
    rows = MoneyEntry.objects.filter(passbook=passbook, on__range=(first, last))
    entries = list(rows.select_related("donation", "batch__good", "statement__merchant", "corrects").order_by("number"))
    before = balance(passbook, before=first)
    return Money(before, entries, before + sum(one.cents for one in entries))


def balance(passbook: Passbook, before: date | None = None) -> int:
    """经费结余 In cents, of everything, or of what lies before a day."""
    rows = MoneyEntry.objects.filter(passbook=passbook)
    if before is not None:
        rows = rows.filter(on__lt=before)
    return rows.aggregate(sum=Sum("cents"))["sum"] or 0


def donations_of(passbook: Passbook) -> QuerySet[Donation]:
    """捐赠台账 The latest first; the name of who wished to be unnamed is for the books alone."""
    return Donation.objects.filter(passbook=passbook).prefetch_related("batches__good").order_by("-number")


def months_of(passbook: Passbook) -> QuerySet[MonthClose]:
    """月结 The latest first."""
    return MonthClose.objects.filter(passbook=passbook).select_related("paper")


@dataclass(frozen=True, slots=True)
class Figures:
    """存折概况 Points in hundredths, money in cents. `worth`: what the points outstanding would cost, by what the goods
    given out in the last year have cost; None where none were."""

    issued: int
    outstanding: int
    held: int
    below_zero: int
    at_shops: int
    at_merchants: int
    settled: int
    expired: int
    goods_cents: int
    money_cents: int
    worth_cents: int | None


def figures(passbook: Passbook) -> Figures:
    """存折概况 A constant number of queries."""
    accounts = Account.objects.filter(passbook=passbook)
    sums = {
        name: accounts.filter(what).aggregate(sum=Sum("balance"))["sum"] or 0
        for name, what in {
            "above": Q(kind="member", balance__gt=0),
            "below": Q(kind="member", balance__lt=0),
            "held": Q(kind="held"),
            "shop": Q(kind="shop"),
            "merchant": Q(kind="merchant"),
            "expiry": Q(kind="expiry"),
        }.items()
    }
    flows = Transfer.objects.filter(Q(from_account__passbook=passbook) | Q(to_account__passbook=passbook))
    moved = dict(flows.order_by().values_list("kind").annotate(sum=Sum("amount")))
    goods = Batch.objects.filter(good__shop__passbook=passbook).aggregate(sum=Sum(F("left") * F("unit_cents")))
    outstanding = sums["above"] + sums["held"]
    return Figures(
        issued=moved.get("credit", 0) - moved.get("reversal", 0),
        outstanding=outstanding,
        held=sums["held"],
        below_zero=sums["below"],
        at_shops=sums["shop"],
        at_merchants=sums["merchant"],
        settled=moved.get("settle", 0),
        expired=sums["expiry"],
        goods_cents=goods["sum"] or 0,
        money_cents=balance(passbook),
        worth_cents=_worth(passbook, outstanding),
    )


def _worth(passbook: Passbook, outstanding: int) -> int | None:
    since = begin_of(clock.today().replace(year=clock.today().year - 1, day=1))
    given = Redemption.objects.filter(shop__passbook=passbook, at__gte=since)
    back = Return.objects.filter(redemption__in=given).aggregate(sum=Sum("points"))["sum"] or 0
    points = (given.aggregate(sum=Sum("points"))["sum"] or 0) - back
    if not points:
        return None
    kept = (StockMove.Kind.REDEEMED, StockMove.Kind.RETURNED)  # of what came back, nothing
    moves = StockMove.objects.filter(redemption__in=given, kind__in=kept)
    cents = moves.aggregate(sum=Sum(-F("quantity") * F("batch__unit_cents")))["sum"] or 0
    return int((outstanding * cents + points // 2) // points)
