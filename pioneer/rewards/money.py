"""存折的经费 Grants, donations, other money in and out, in cents; a wrong entry is corrected by its opposite."""

from datetime import date
from typing import Any

from django.db.models import Max

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.rewards import policies, queries
from pioneer.rewards.models import Donation, MoneyEntry, Passbook
from pioneer.rewards.services import check_texts, refuse

Kind = MoneyEntry.Kind
BY_HAND = (Kind.GRANT, Kind.OTHER_IN, Kind.OTHER_OUT)
MOST_CENTS = 10_000_000_000


@operation("rewards.record_money", tell=("kind",))
def record_money(
    *, actor: AnyActor, passbook_id: int, kind: str, cents: int, on: date, text: str, document: str
) -> MoneyEntry:
    """记经费 A grant, other income or other expense. Purchases, donations and settlements write themselves. `cents` is
    above zero; the kind says whether it comes or goes."""
    passbook = queries.passbook_for(actor, passbook_id, lock=True)
    policies.require_manages(actor, passbook)
    faults = check_texts({"摘要": (text, 200), "凭证": (document, 120)}) + check_day(passbook, on)
    if kind not in BY_HAND:
        faults.append(Fault("类别", "请选择拨款、其他收入或其他支出；采购、捐款、结算由入库、捐赠、付款自动记账。"))
    if not 0 < cents <= MOST_CENTS:
        faults.append(Fault("金额", "请填写大于0的金额。"))
    refuse(faults)
    signed = -cents if kind == Kind.OTHER_OUT else cents
    return enter(actor, passbook, kind, signed, on, text=text.strip(), document=document.strip())


@operation("rewards.correct_money")
def correct_money(*, actor: AnyActor, entry_id: int, reason: str) -> MoneyEntry:
    """更正经费 The opposite entry of today, with the reason; then the right one is entered anew."""
    found = MoneyEntry.objects.filter(pk=entry_id, passbook__in=queries.visible_to(actor)).first()
    if found is None:
        raise NotVisible
    passbook = queries.passbook_for(actor, found.passbook_id, lock=True)
    policies.require_manages(actor, passbook)
    refuse(check_texts({"更正原因": (reason, 200)}))
    if found.kind == Kind.CORRECTION or MoneyEntry.objects.filter(corrects=found).exists():
        raise DomainError("corrected_already", "这笔已经更正过。如仍有误，请直接记一笔正确的。")
    if found.kind not in BY_HAND:
        raise DomainError("not_by_hand", "采购、捐款和结算的账由业务自动记，请更正那一项业务，不在这里冲销。")
    return enter(actor, passbook, Kind.CORRECTION, -found.cents, clock.today(), text=reason.strip(), corrects=found)


@operation("rewards.record_donation", tell=("kind",))
def record_donation(
    *,
    actor: AnyActor,
    passbook_id: int,
    kind: str,
    donor: str,
    on: date,
    cents: int = 0,
    what: str = "",
    document: str = "",
    is_anonymous: bool = False,
) -> Donation:
    """记捐赠 Of money, which enters the books at once; or of goods, then received as a batch of this donation.
    `is_anonymous`: the name stands in the ledger and is shown nowhere else."""
    passbook = queries.passbook_for(actor, passbook_id, lock=True)
    policies.require_manages(actor, passbook)
    faults = check_texts({"捐赠人": (donor, 80)}) + check_day(passbook, on)
    if kind not in Donation.Kind.values:
        faults.append(Fault("类别", "请选择捐款或捐物。"))
    if kind == Donation.Kind.MONEY and not 0 < cents <= MOST_CENTS:
        faults.append(Fault("金额", "请填写捐款的金额。"))
    if kind == Donation.Kind.GOODS:
        faults += check_texts({"捐赠物品": (what, 200)})
        if cents < 0:
            faults.append(Fault("估值", "估值不能小于0。"))
    if len(document) > 120:
        faults.append(Fault("凭证", "最多120个字。"))
    refuse(faults)
    last = Donation.objects.filter(passbook=passbook).aggregate(last=Max("number"))["last"] or 0
    made = Donation.objects.create(
        passbook=passbook, number=last + 1, kind=kind, donor=donor.strip(), on=on, cents=cents, what=what.strip(),
        document=document.strip(), is_anonymous=is_anonymous, by_number=actor.number, created_at=clock.now(),
    )  # fmt: skip
    if kind == Donation.Kind.MONEY:
        enter(actor, passbook, Kind.DONATION, cents, on, document=made.document, donation=made)
    return made


# ------------------------------------------------------------------ for the other rooms


def enter(actor: AnyActor, passbook: Passbook, kind: str, cents: int, on: date, **rest: Any) -> MoneyEntry:
    """记一笔 Under the passbook's lock, with the next number."""
    last = MoneyEntry.objects.filter(passbook=passbook).aggregate(last=Max("number"))["last"] or 0
    return MoneyEntry.objects.create(
        passbook=passbook, number=last + 1, kind=kind, cents=cents, on=on, by_number=actor.number,
        created_at=clock.now(), **rest,
    )  # fmt: skip


def lock_passbook(passbook_id: int) -> Passbook:
    """锁定存折 For the next number of its money."""
    return (
        Passbook.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=passbook_id)
    )


def check_day(passbook: Passbook, on: date) -> list[Fault]:
    """日期 Not in the future, not before the passbook was decided, not in a month that was closed and confirmed."""
    if on > clock.today():
        return [Fault("日期", "日期不能晚于今天，请核对。")]
    if on < passbook.decided_on:
        return [Fault("日期", "日期不能早于开设存折的决定日期，请核对。")]
    confirmed = passbook.months.filter(year=on.year, month=on.month, confirmed_at__isnull=False)
    if confirmed.exists():
        return [Fault("日期", f"{on.year}年{on.month}月已月结并复核，请记在今天所在的月份，并在摘要里写明。")]
    return []
