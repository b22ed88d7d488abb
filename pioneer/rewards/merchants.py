"""商户 Who gives members something off: entered by the organisation, with people, agreements and offers."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import Q

from pioneer.accounts.models import Grant, Role
from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.members.queries import covering
from pioneer.rewards import booking, merchant_queries, policies, queries
from pioneer.rewards.models import Agreement, Merchant, MerchantPerson, Offer
from pioneer.rewards.models.goods import Period
from pioneer.rewards.services import check_texts, refuse


@operation("rewards.add_merchant", tell=("trade",))
def add_merchant(
    *, actor: AnyActor, passbook_id: int, name: str, trade: str, address: str, phone: str = ""
) -> Merchant:
    """登记商户"""
    passbook = queries.passbook_for(actor, passbook_id, lock=True)
    policies.require_manages(actor, passbook)
    _check(name, trade, address, phone)
    if Merchant.objects.filter(passbook=passbook, name=name.strip()).exists():
        raise DomainError("name_taken", f"已有名为“{name.strip()}”的商户，请核对，或换一个名称。")
    made = Merchant.objects.create(
        passbook=passbook, name=name.strip(), trade=trade, address=address.strip(), phone=phone.strip(),
        created_at=clock.now(),
    )  # fmt: skip
    booking.merchant_account(made)
    return made


@operation("rewards.change_merchant", tell=("trade",))
def change_merchant(
    *, actor: AnyActor, merchant_id: int, name: str, trade: str, address: str, phone: str = ""
) -> Merchant:
    """修改商户"""
    found = _managed(actor, merchant_id)
    _check(name, trade, address, phone)
    if Merchant.objects.filter(passbook=found.passbook, name=name.strip()).exclude(pk=found.pk).exists():
        raise DomainError("name_taken", f"已有名为“{name.strip()}”的商户，请换一个名称。")
    found.name, found.trade, found.address, found.phone = name.strip(), trade, address.strip(), phone.strip()
    found.save(update_fields=["name", "trade", "address", "phone"])
    return found


@operation("rewards.add_merchant_person")
def add_person(*, actor: AnyActor, merchant_id: int, user_id: int) -> MerchantPerson:
    """登记经办人 An account with the role 商户 at the organisation or above; it records at this merchant alone."""
    found = _managed(actor, merchant_id)
    chain = [int(part) for part in found.passbook.organisation.path.split("/") if part]
    held = Grant.objects.filter(
        covering(clock.today()), user=user_id, role=Role.MERCHANT, organisation__in=chain, ended_at=None
    )
    if not held.filter(user__is_active=True).exists():
        raise DomainError("no_merchant_role", "这个账号没有“商户”任职。请先由乡镇（街道）授予，再登记为经办人。")
    if MerchantPerson.objects.filter(merchant=found, user=user_id, ended_at=None).exists():
        raise DomainError("person_there", "这个账号已是本商户的经办人。")
    return MerchantPerson.objects.create(
        merchant=found, user_id=user_id, added_at=clock.now(), added_by_number=actor.number
    )


@operation("rewards.end_merchant_person")
def end_person(*, actor: AnyActor, person_id: int) -> MerchantPerson:
    """经办人离开 From this moment."""
    person = MerchantPerson.objects.filter(pk=person_id, ended_at=None).first()
    if person is None:
        raise NotVisible
    _managed(actor, person.merchant_id)
    person.ended_at = clock.now()
    person.save(update_fields=["ended_at"])
    return person


@operation("rewards.sign_agreement")
def sign_agreement(
    *,
    actor: AnyActor,
    merchant_id: int,
    from_on: date,
    until_on: date,
    signed_on: date,
    signed_by: str,
    document: str,
    cents_per_point: int | None = None,
) -> Agreement:
    """签订协议 From a day until a day. With `cents_per_point` the merchant takes points as well, settled at that."""
    found = _managed(actor, merchant_id)
    faults = check_texts({"签订人": (signed_by, 120), "协议编号": (document, 120)})
    if until_on < from_on:
        faults.append(Fault("截止日期", "截止日期不能早于起始日期。"))
    if signed_on > min(clock.today(), from_on):
        faults.append(Fault("签订日期", "签订日期不能晚于今天和起始日期。"))
    if cents_per_point is not None and not 0 < cents_per_point <= 100_000:
        faults.append(Fault("每积分结算价", "请填写每1积分结算多少钱，须大于0；不收积分的不填。"))
    refuse(faults)
    over = Agreement.objects.filter(merchant=found, from_on__lte=until_on, until_on__gte=from_on)
    if over.filter(Q(ended_on=None) | Q(ended_on__gt=from_on)).exists():
        raise DomainError("agreement_overlaps", "这段日期里已有一份协议。请先终止原协议，或改起止日期。")
    return Agreement.objects.create(
        merchant=found, from_on=from_on, until_on=until_on, signed_on=signed_on, signed_by=signed_by.strip(),
        document=document.strip(), cents_per_point=cents_per_point, by_number=actor.number, created_at=clock.now(),
    )  # fmt: skip


@operation("rewards.end_agreement")
def end_agreement(*, actor: AnyActor, agreement_id: int, ended_on: date, reason: str) -> Agreement:
    """终止协议 From a day, today or later: on that day nothing is used any more."""
    found = Agreement.objects.filter(pk=agreement_id).first()
    if found is None:
        raise NotVisible
    _managed(actor, found.merchant_id)
    refuse(check_texts({"终止原因": (reason, 200)}))
    if found.ended_on is not None:
        raise DomainError("ended_already", f"这份协议已于{queries.day(found.ended_on)}终止。")
    if not clock.today() <= ended_on <= found.until_on:
        refuse([Fault("终止日期", "终止日期从今天起，不晚于协议的截止日期；已用的优惠照常结算。")])
    found.ended_on, found.ended_why = ended_on, reason.strip()
    found.save(update_fields=["ended_on", "ended_why"])
    return found


@dataclass(frozen=True, slots=True)
class OfferForm:
    """优惠的内容 `percent`: what is still paid, 90 is 九折; or `cents` off a bill of at least `from_cents`."""

    title: str
    kind: str
    percent: int | None = None
    cents: int | None = None
    from_cents: int = 0
    limit_count: int | None = None
    limit_period: str = ""
    for_whom: str = "all"
    min_score: int | None = None


@operation("rewards.add_offer")
def add_offer(*, actor: AnyActor, agreement_id: int, form: OfferForm) -> Offer:
    """添加优惠 Under an agreement. What it gives stands; another one is a new offer."""
    found = Agreement.objects.filter(pk=agreement_id).first()
    if found is None:
        raise NotVisible
    _managed(actor, found.merchant_id)
    refuse(_faults(form))
    return Offer.objects.create(agreement=found, created_at=clock.now(), **asdict(form))


@operation("rewards.end_offer")
def end_offer(*, actor: AnyActor, offer_id: int) -> Offer:
    """停止优惠 From this moment."""
    found = Offer.objects.filter(pk=offer_id).select_related("agreement").first()
    if found is None:
        raise NotVisible
    _managed(actor, found.agreement.merchant_id)
    if found.ended_at is not None:
        raise DomainError("ended_already", f"“{found.title}”已经停止。")
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    return found


def _managed(actor: AnyActor, merchant_id: int) -> Merchant:
    found = merchant_queries.merchant_for(actor, merchant_id, lock=True)
    policies.require_manages(actor, found.passbook)
    return found


def _check(name: str, trade: str, address: str, phone: str) -> None:
    faults = check_texts({"名称": (name, 60), "地址": (address, 120)})
    if trade not in Merchant.Trade.values:
        faults.append(Fault("行业", "请从列表中选择行业。"))
    if len(phone) > 40:
        faults.append(Fault("电话", "最多40个字。"))
    refuse(faults)


def _faults(form: OfferForm) -> list[Fault]:
    faults = check_texts({"名称": (form.title, 60)})
    if form.kind not in Offer.Kind.values or form.for_whom not in Offer.For.values:
        faults.append(Fault("优惠方式", "请选择折扣或立减，以及供哪些党员使用。"))
    elif form.kind == Offer.Kind.PERCENT:
        if form.percent is None or not 1 <= form.percent <= 99 or form.cents is not None:
            faults.append(Fault("折扣", "请填写1至99：九折填90，八五折填85。"))
    elif form.cents is None or form.cents <= 0 or form.from_cents < form.cents or form.percent is not None:
        faults.append(Fault("立减", "请填写满多少减多少，所减不能多于所满。"))
    if (form.limit_count is None) != (form.limit_period == ""):
        faults.append(Fault("限用", "限用的次数和时段要一起填写，或都不填。"))
    elif form.limit_count is not None and (form.limit_count < 1 or form.limit_period not in Period.values):
        faults.append(Fault("限用", "每人限用至少1次，时段请从列表中选择。"))
    if form.from_cents < 0 or (form.min_score is not None and form.min_score < 0):
        faults.append(Fault("条件", "金额和得分不能小于0。"))
    return faults
