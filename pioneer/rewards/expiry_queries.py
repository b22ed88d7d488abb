"""到期的读取 Which lots are to be told of, and which are over."""

from django.db.models import QuerySet

from pioneer.kernel import clock
from pioneer.rewards.booking import GRACE
from pioneer.rewards.models import Account, Lot
from pioneer.rewards.queries import frozen_among


def to_warn() -> "QuerySet[Lot]":
    """待提醒的余额 They expire within thirty days, and nobody was told yet."""
    return Lot.objects.filter(left__gt=0, warned_on=None, expires_on__lte=clock.today() + GRACE)


def to_expire() -> "QuerySet[Lot]":
    """到期的余额 Their day is over, and they were told of at least thirty days ago."""
    today = clock.today()
    return Lot.objects.filter(left__gt=0, expires_on__lt=today, warned_on__lt=today - GRACE)


def accounts_to_warn() -> list[Account]:
    """待提醒的账户 For the clock."""
    return list(Account.objects.filter(pk__in=to_warn().values("account")).order_by("pk"))


def accounts_to_expire() -> list[Account]:
    """待作废的账户 For the clock; without the frozen ones."""
    rows = Account.objects.filter(pk__in=to_expire().values("account")).select_related("member").order_by("pk")
    accounts = list(rows)
    frozen: set[int] = set()
    for district in {one.member.district_id for one in accounts if one.member is not None}:
        people = [one.member_id for one in accounts if one.member is not None and one.member.district_id == district]
        frozen |= frozen_among([number for number in people if number], district)
    return [one for one in accounts if one.member_id not in frozen]
