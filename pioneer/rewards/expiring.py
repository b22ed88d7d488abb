"""积分到期 Told a month before, then gone: the clock's work. A frozen passbook loses nothing meanwhile."""

from datetime import date

from django.db.models import Sum

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.messages.services import tell
from pioneer.rewards import booking, expiry_queries, policies, queries
from pioneer.rewards.booking import Move
from pioneer.rewards.models import Account, Lot, Transfer
from pioneer.rewards.services import OWN_PAGE


@operation("rewards.warn_of_expiry")
def warn_of_expiry(*, actor: AnyActor, account_id: int) -> Account:
    """到期提醒 Of everything that expires within thirty days and was not told yet, in one message."""
    policies.require_clock(actor, "rewards.warn_of_expiry")
    account = _locked(account_id)
    rows = expiry_queries.to_warn().filter(account=account)
    days: list[date] = sorted({one.expires_on for one in rows if one.expires_on})
    amount = rows.aggregate(sum=Sum("left"))["sum"] or 0
    if not days or account.member is None:
        raise DomainError("not_due", "没有要提醒的到期积分。")
    numbers = [one.pk for one in rows]
    Lot.objects.filter(pk__in=numbers).update(warned_on=clock.today())
    last = max(days[0], clock.today() + booking.GRACE)
    tell(
        account.member.user_id, "rewards.expiry", f"{account.pk}.{clock.today()}", f"有{show(amount)}存折积分快到期",
        f"最早的{queries.day(last)}到期，过后作废；先转入的先用。请在那以前兑换，得分不受影响。", OWN_PAGE,
    )  # fmt: skip
    return account


@operation("rewards.expire_points")
def expire_points(*, actor: AnyActor, account_id: int) -> Transfer:
    """到期作废 Lots past their day that were told of a month ago; into the account of what has expired."""
    policies.require_clock(actor, "rewards.expire_points")
    account = _locked(account_id)
    if account.member is None:
        raise NotVisible
    if account.member_id in queries.frozen_among([account.member_id or 0], account.member.district_id):
        raise DomainError("not_due", "存折冻结期间积分不作废。")
    lots = list(expiry_queries.to_expire().filter(account=account).order_by("expires_on", "pk"))
    amount = sum(lot.left for lot in lots)
    if not amount:
        raise DomainError("not_due", "没有到期的积分。")
    target = booking.expiry_of(account.passbook)
    locked = booking.lock([account.pk, target.pk])
    reference = f"expire:{account.pk}:{lots[-1].pk}:{clock.today()}"
    what = Move(locked[account.pk], locked[target.pk], amount, Transfer.Kind.EXPIRE, reference, "到期作废", lots=lots)
    made = booking.move(actor, what)
    text = "积分到期未用，已按办法作废。得分不受影响。"
    tell(account.member.user_id, "rewards.expired", str(made.pk), f"存折积分作废{show(amount)}", text, OWN_PAGE)
    return made


def _locked(account_id: int) -> Account:
    rows = Account.objects.select_for_update(of=("self",), no_key=True).select_related(
        "member", "passbook__organisation"
    )
    found = rows.filter(pk=account_id, kind=Account.Kind.MEMBER).first()
    if found is None:
        raise NotVisible
    return found
