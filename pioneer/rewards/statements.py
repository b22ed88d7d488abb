"""商户结算单 A month of a merchant, made when it has ended, confirmed by both sides, then paid."""

import calendar
from datetime import date

from django.db.models import Sum

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault, NotAllowed, NotVisible
from pioneer.kernel.operations import operation
from pioneer.messages.services import tell_all
from pioneer.rewards import booking, merchant_queries, money, policies
from pioneer.rewards.booking import Move
from pioneer.rewards.merchant_queries import people_of, yuan
from pioneer.rewards.models import Merchant, MoneyEntry, OfferUse, Statement, Transfer
from pioneer.rewards.services import check_texts, refuse


@operation("rewards.make_statement")
def make_statement(*, actor: AnyActor, merchant_id: int, year: int, month: int) -> Statement:
    """出结算单 Of a month that has ended, by the clock or the organisation; after a dispute, made anew."""
    merchant = _merchant(actor, merchant_id)
    if not policies.is_clock(actor, "rewards.make_statement"):
        policies.require_manages(actor, merchant.passbook)
    if not (2019 <= year <= 2200 and 1 <= month <= 12):
        refuse([Fault("月份", "请选择月份。")])
    last = date(year, month, calendar.monthrange(year, month)[1])
    if clock.today() <= last:
        raise DomainError("month_running", f"{year}年{month}月还没有结束，结算单在月末以后出。")
    before = Statement.objects.select_for_update(no_key=True).filter(merchant=merchant, year=year, month=month).first()
    if before is not None and not before.dispute:
        raise DomainError("stated_already", f"{year}年{month}月的结算单已经出过。如有误，请先提出异议。")
    uses = OfferUse.objects.filter(merchant=merchant, cancelled_at=None, on__year=year, on__month=month)
    sums = uses.aggregate(saved=Sum("saved_cents"), points=Sum("points"), cents=Sum("point_cents"))
    if not uses.exists() and before is None:
        raise DomainError("no_uses", f"{merchant.name}在{year}年{month}月没有优惠使用记录，不用结算。")
    made = before or Statement(merchant=merchant, year=year, month=month)
    made.uses, made.saved_cents = uses.count(), sums["saved"] or 0
    made.points, made.cents = sums["points"] or 0, sums["cents"] or 0
    made.made_at, made.dispute = clock.now(), ""
    made.save()
    uses.update(statement=made)
    title, text = f"{year}年{month}月的结算单等您确认", f"共{made.uses}次，应付{yuan(made.cents)}元。请核对后确认。"
    tell_all(sorted(people_of(merchant)), "rewards.statement", f"{made.pk}.{made.made_at}", title, text, "/merchants/")
    return made


@operation("rewards.confirm_statement")
def confirm_statement(*, actor: AnyActor, statement_id: int) -> Statement:
    """确认结算单 Each side by its own person. When both have, the points go from the merchant back to the fund."""
    found = _locked(actor, statement_id)
    if found.dispute:
        raise DomainError("disputed", f"对这张结算单有异议（{found.dispute}），请核对、重出以后再确认。")
    if _is_merchant(actor, found.merchant):
        if found.merchant_at is not None:
            raise DomainError("confirmed_already", "商户一方已经确认，等村（社区）确认。")
        found.merchant_at, found.merchant_by_number = clock.now(), actor.number
    else:
        policies.require_manages(actor, found.merchant.passbook)
        if found.organisation_at is not None:
            raise DomainError("confirmed_already", "村（社区）一方已经确认，等商户确认。")
        found.organisation_at, found.organisation_by_number = clock.now(), actor.number
    if found.merchant_at and found.organisation_at and found.points:
        source = booking.merchant_account(found.merchant)
        target = booking.fund_of(found.merchant.passbook)
        locked = booking.lock([source.pk, target.pk])
        what = Move(locked[source.pk], locked[target.pk], found.points, Transfer.Kind.SETTLE, f"settle:{found.pk}")
        found.transfer = booking.move(actor, what)
    found.save()
    return found


@operation("rewards.dispute_statement")
def dispute_statement(*, actor: AnyActor, statement_id: int, text: str) -> Statement:
    """对结算单提出异议 By either side until both have confirmed; then uses can be cancelled and it is made anew."""
    found = _locked(actor, statement_id)
    if not _is_merchant(actor, found.merchant):
        policies.require_manages(actor, found.merchant.passbook)
    refuse(check_texts({"异议": (text, 200)}))
    if found.merchant_at and found.organisation_at:
        raise DomainError("confirmed_already", "双方都已确认，不能再提异议。差额请在下月协商处理。")
    found.dispute = text.strip()
    found.merchant_at = found.organisation_at = None
    found.merchant_by_number = found.organisation_by_number = None
    found.save()
    return found


@operation("rewards.pay_statement")
def pay_statement(*, actor: AnyActor, statement_id: int, paid_on: date, document: str) -> Statement:
    """付款 What both sides have confirmed; it enters the money's books."""
    seen = merchant_queries.statement_for(actor, statement_id)
    passbook = money.lock_passbook(seen.merchant.passbook_id)
    policies.require_manages(actor, passbook)
    found = _locked(actor, statement_id)
    refuse(check_texts({"凭证": (document, 120)}) + money.check_day(passbook, paid_on))
    if not (found.merchant_at and found.organisation_at):
        raise DomainError("unconfirmed", "结算单须商户和村（社区）双方确认以后才能付款。")
    if found.paid_on is not None:
        raise DomainError("paid_already", "这张结算单已经付款。")
    if not found.cents:
        raise DomainError("nothing_owed", "这张结算单没有应付的款，不用付款。")
    found.paid_on = paid_on
    found.save(update_fields=["paid_on"])
    money.enter(
        actor, passbook, MoneyEntry.Kind.SETTLEMENT, -found.cents, paid_on, document=document.strip(), statement=found,
        text=f"{found.merchant.name}{found.year}年{found.month}月",
    )  # fmt: skip
    return found


def _merchant(actor: AnyActor, merchant_id: int) -> Merchant:
    if not policies.is_clock(actor, "rewards.make_statement"):
        return merchant_queries.merchant_for(actor, merchant_id, lock=True)
    rows = Merchant.objects.select_for_update(of=("self",), no_key=True).select_related("passbook__organisation")
    found = rows.filter(pk=merchant_id).first()
    if found is None:
        raise NotVisible
    return found


def _locked(actor: AnyActor, statement_id: int) -> Statement:
    """The merchant's row is the first lock, as for its uses."""
    seen = merchant_queries.statement_for(actor, statement_id)
    Merchant.objects.select_for_update(no_key=True).get(pk=seen.merchant_id)
    rows = Statement.objects.select_for_update(of=("self",), no_key=True).select_related(
        "merchant__passbook__organisation"
    )
    return rows.get(pk=seen.pk)


def _is_merchant(actor: AnyActor, merchant: Merchant) -> bool:
    if actor.number not in people_of(merchant):
        return False
    try:
        policies.require_records_at(actor, merchant.passbook, people_of(merchant))
    except NotAllowed:
        return False
    return True
