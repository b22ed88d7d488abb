"""存折管理的读取 What those who run a passbook see: its books, its members' accounts, a merchant's people and papers,
and what waits for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from pioneer.accounts.models import Grant, Role, User
from pioneer.accounts.policies import Act, Actor, AnyActor, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members.queries import covering
from pioneer.rewards import merchant_queries, money_queries, policies, queries, reconciliation
from pioneer.rewards.models import (
    Account,
    Agreement,
    Donation,
    Merchant,
    MerchantPerson,
    MoneyEntry,
    MonthClose,
    Offer,
    OfferUse,
    Passbook,
    Shop,
    Statement,
)

ENDS_SOON = timedelta(days=30)
Row = TypeVar("Row", bound=Model)


def books_visible_to(actor: AnyActor) -> QuerySet[Passbook]:
    """看得到账的存折"""
    seen = Q(pk__in=[])
    for path in paths(actor, Act.SEE_PASSBOOK):
        seen |= Q(organisation__path__startswith=path)
    return Passbook.objects.filter(seen).select_related("organisation")


def outlined_to(actor: AnyActor) -> QuerySet[Passbook]:
    """只看得到概况的存折 Over a branch where the actor issues cards, without the books."""
    rows = Passbook.objects.filter(organisation__in=queries.issuing_under(actor))
    return rows.exclude(pk__in=books_visible_to(actor).values("pk")).select_related("organisation").order_by("pk")


def offers_at(passbook: Passbook) -> list[tuple[Merchant, list[str]]]:
    """商户和优惠 Those with an agreement today, and what they offer."""
    return [
        (
            one,
            [f"{offer.title}　{merchant_queries.offer_text(offer)}" for offer in merchant_queries.offers_on(agreement)],
        )
        for one, agreement in merchants_of(passbook)
        if agreement is not None
    ]


@dataclass(frozen=True, slots=True)
class MemberAccount:
    """一名党员的账户"""

    account: Account
    held: int


def member_accounts(actor: AnyActor, passbook: Passbook) -> list[MemberAccount]:
    """党员账户 For who runs the shop or manages the passbook; in the order in which they were opened."""
    held = Account.objects.filter(passbook=passbook, kind=Account.Kind.HELD, member__isnull=False)
    reserved = {number or 0: balance for number, balance in held.values_list("member_id", "balance")}
    rows = queries.accounts_visible_to(actor).filter(passbook=passbook).order_by("pk")
    return [MemberAccount(one, reserved.get(one.member_id or 0, 0)) for one in rows]


def shops_of(passbook: Passbook) -> QuerySet[Shop]:
    """存折的超市"""
    return Shop.objects.filter(passbook=passbook).order_by("pk")


def merchants_of(passbook: Passbook) -> list[tuple[Merchant, Agreement | None]]:
    """存折的商户 Each with the agreement of today."""
    rows = Merchant.objects.filter(passbook=passbook).order_by("name")
    return [(one, merchant_queries.agreement_on(one, clock.today())) for one in rows]


# ------------------------------------------------------------------ a merchant


def people_at(merchant: Merchant) -> QuerySet[MerchantPerson]:
    """商户的经办人 With their names."""
    return MerchantPerson.objects.filter(merchant=merchant, ended_at=None).select_related("user")


def may_serve(merchant: Merchant) -> list[User]:
    """可登记为经办人的 Accounts with the role 商户 over the merchant, not entered yet."""
    chain = [int(part) for part in merchant.passbook.organisation.path.split("/") if part]
    held = Grant.objects.filter(
        covering(clock.today()), role=Role.MERCHANT, organisation__in=chain, ended_at=None, user__is_active=True
    )
    there = MerchantPerson.objects.filter(merchant=merchant, ended_at=None)
    return list(User.objects.filter(pk__in=held.values("user")).exclude(pk__in=there.values("user")).order_by("pk"))


def agreements_of(merchant: Merchant) -> list[Agreement]:
    """商户的协议 The latest first, with their offers."""
    return list(Agreement.objects.filter(merchant=merchant).prefetch_related("offers").order_by("-from_on", "-pk"))


def agreement_for(actor: AnyActor, agreement_id: int) -> Agreement:
    """看得到的一份协议"""
    rows = Agreement.objects.filter(pk=agreement_id, merchant__in=merchant_queries.merchants_visible_to(actor))
    return _seen(rows.select_related("merchant__passbook__organisation"))


def offer_for(actor: AnyActor, offer_id: int) -> Offer:
    """看得到的一项优惠"""
    rows = Offer.objects.filter(pk=offer_id, agreement__merchant__in=merchant_queries.merchants_visible_to(actor))
    return _seen(rows.select_related("agreement"))


def person_for(actor: AnyActor, person_id: int) -> MerchantPerson:
    """看得到的一名经办人"""
    rows = MerchantPerson.objects.filter(pk=person_id, merchant__in=merchant_queries.merchants_visible_to(actor))
    return _seen(rows.select_related("user"))


def uses_at(merchant: Merchant) -> QuerySet[OfferUse]:
    """商户记下的使用 The latest first; the pages show no name but a masked one."""
    rows = OfferUse.objects.filter(merchant=merchant).select_related("offer", "statement", "account__member")
    return rows.order_by("-pk")


def uses_on(statement: Statement) -> QuerySet[OfferUse]:
    """结算单上的使用 In the order of the month."""
    rows = OfferUse.objects.filter(statement=statement).select_related("offer", "statement", "account__member")
    return rows.order_by("on", "pk")


def whose(use: OfferUse) -> str:
    """谁用的 "王*": all that a page about a use says of who used it."""
    return merchant_queries.masked(use.account.member.name) if use.account.member is not None else ""


def unstated_months(merchant: Merchant) -> list[tuple[int, int]]:
    """待出结算单的月份 Ended, with uses on no statement; and those whose statement is disputed."""
    first = clock.today().replace(day=1)
    uses = merchant.uses.filter(statement=None, cancelled_at=None, on__lt=first).values_list("on", flat=True)
    disputed = merchant.statements.exclude(dispute="").values_list("year", "month")
    return sorted({(on.year, on.month) for on in uses} | set(disputed))


# ------------------------------------------------------------------ months


@dataclass(frozen=True, slots=True)
class Counted:
    """一个月的月结 With who counted and who confirmed, and whether the actor may confirm it."""

    month: MonthClose
    by: str
    confirmed_by: str
    may_confirm: bool

    @property
    def difference(self) -> int:
        return self.month.counted_cents - self.month.book_cents


def counts_of(actor: Actor, passbook: Passbook) -> list[Counted]:
    """月结 The latest count of each month, the latest month first."""
    latest: dict[tuple[int, int], MonthClose] = {}
    for one in money_queries.months_of(passbook):
        latest.setdefault((one.year, one.month), one)
    numbers = {number for one in latest.values() for number in (one.by_number, one.confirmed_by_number) if number}
    names = dict(User.objects.filter(pk__in=numbers).values_list("pk", "name"))
    checks = policies.checks(actor, passbook)
    return [
        Counted(
            one, names.get(one.by_number, ""), names.get(one.confirmed_by_number or 0, ""),
            checks and one.confirmed_at is None and one.by_number != actor.number,
        )
        for one in latest.values()
    ]  # fmt: skip


def month_for(actor: AnyActor, month_close_id: int) -> MonthClose:
    """看得到的一次月结"""
    rows = MonthClose.objects.filter(pk=month_close_id, passbook__in=books_visible_to(actor))
    return _seen(rows.select_related("passbook__organisation", "paper"))


def donation_for(actor: AnyActor, donation_id: int) -> Donation:
    """看得到的一笔捐赠 With who signs its receipt left to the page."""
    rows = Donation.objects.filter(pk=donation_id, passbook__in=books_visible_to(actor))
    return _seen(rows.select_related("passbook__organisation").prefetch_related("batches__good"))


def entry_for(actor: AnyActor, entry_id: int) -> MoneyEntry:
    """看得到的一笔经费"""
    rows = MoneyEntry.objects.filter(pk=entry_id, passbook__in=books_visible_to(actor))
    return _seen(rows.select_related("passbook__organisation"))


def corrected(passbook: Passbook) -> set[int]:
    """已更正的经费"""
    rows = MoneyEntry.objects.filter(passbook=passbook, corrects__isnull=False)
    return {number for number in rows.values_list("corrects_id", flat=True) if number}


def uncounted_month(passbook: Passbook) -> date | None:
    """待月结的月份 The first day of the month that ended last, where nobody has counted it yet."""
    first = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    last = money_queries.last_day(first.year, first.month)
    if last < passbook.decided_on:
        return None
    counted = MonthClose.objects.filter(passbook=passbook, year=first.year, month=first.month)
    return None if counted.exists() else first


# ------------------------------------------------------------------ what waits


def managed(actor: AnyActor, passbooks: Iterable[Passbook] | None = None) -> list[Passbook]:
    """我管理的存折 Among those given, else among all whose books the actor sees."""
    among = books_visible_to(actor) if passbooks is None else passbooks
    return [one for one in among if policies.manages(actor, one)]


def statements_to_settle(passbooks: Iterable[Passbook]) -> list[Statement]:
    """待村（社区）办理的结算单 To be confirmed, made anew after a dispute, or paid."""
    unpaid = Q(merchant_at__isnull=False, paid_on=None, cents__gt=0)
    rows = Statement.objects.filter(Q(organisation_at=None) | unpaid, merchant__passbook__in=list(passbooks))
    return list(rows.select_related("merchant").order_by("year", "month", "pk"))


def statements_to_confirm(actor: AnyActor) -> list[Statement]:
    """待商户确认的结算单 Of one's own merchants."""
    if not paths(actor, Act.SERVE_MERCHANT):
        return []
    mine = [one.pk for one in merchant_queries.my_merchants(actor)]
    rows = Statement.objects.filter(merchant__in=mine, merchant_at=None, dispute="")
    return list(rows.select_related("merchant").order_by("year", "month", "pk"))


def agreements_ending(passbooks: Iterable[Passbook]) -> list[Agreement]:
    """快到期的协议 Within thirty days, with none that follows."""
    today = clock.today()
    rows = Agreement.objects.filter(
        merchant__passbook__in=list(passbooks), ended_on=None, until_on__range=(today, today + ENDS_SOON)
    )
    found = rows.select_related("merchant").order_by("until_on")
    return [one for one in found if not one.merchant.agreements.filter(from_on__gt=one.until_on).exists()]


def months_to_confirm(actor: Actor, passbooks: Iterable[Passbook]) -> list[MonthClose]:
    """待我复核的月结 Of those given, counted by somebody else."""
    rows = [one for one in passbooks if policies.checks(actor, one)]
    return [
        month for one in rows for month in reconciliation.unconfirmed(one) if month.by_number != actor.number
    ]  # fmt: skip


def _seen(rows: QuerySet[Row]) -> Row:
    found = rows.first()
    if found is None:
        raise NotVisible
    return found
