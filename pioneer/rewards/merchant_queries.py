"""商户优惠的读取 Merchants, what holds today, what the counter may see of a member, uses, statements."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.ledger.queries import score_of
from pioneer.members.models import Status
from pioneer.members.queries import status_on
from pioneer.rewards.models import (
    Account,
    Agreement,
    Merchant,
    MerchantPerson,
    Offer,
    OfferUse,
    Passbook,
    Presentation,
    Statement,
)
from pioneer.rewards.models.goods import Period
from pioneer.rewards.queries import day
from pioneer.rewards.shop_queries import period_start

TRADES = [(str(code), str(label)) for code, label in Merchant.Trade.choices]
PERIOD_WORDS = {str(code): str(label) for code, label in Period.choices}
NEUTRAL = "这位党员这次不能用这项优惠。本人可在“我的存折”查看原因。"


# ------------------------------------------------------------------ merchants and what holds


def merchants_visible_to(actor: AnyActor) -> QuerySet[Merchant]:
    """看得到的商户 Of the passbooks whose books the actor sees, where it records, and where it has an account."""
    seen = Q(pk__in=[])
    for act in (Act.MANAGE_PASSBOOK, Act.SEE_PASSBOOK):
        for path in paths(actor, act):
            seen |= Q(passbook__organisation__path__startswith=path)
    if actor.number is not None:
        mine = Account.objects.filter(kind=Account.Kind.MEMBER, member__user=actor.number)
        served = MerchantPerson.objects.filter(user=actor.number, ended_at=None)
        seen |= Q(passbook__in=mine.values("passbook")) | Q(pk__in=served.values("merchant"))
    return Merchant.objects.filter(seen).select_related("passbook__organisation")


def merchant_for(actor: AnyActor, merchant_id: int, *, lock: bool = False) -> Merchant:
    """看得到的一个商户"""
    rows = merchants_visible_to(actor)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=merchant_id).first()
    if found is None:
        raise NotVisible
    return found


def my_merchants(actor: AnyActor) -> list[Merchant]:
    """我经办的商户"""
    mine = MerchantPerson.objects.filter(user=actor.number or 0, ended_at=None)
    return list(Merchant.objects.filter(pk__in=mine.values("merchant")).select_related("passbook__organisation"))


def people_of(merchant: Merchant) -> set[int]:
    """商户的经办人 Their accounts."""
    rows = MerchantPerson.objects.filter(merchant=merchant, ended_at=None)
    return set(rows.values_list("user_id", flat=True))


def agreement_on(merchant: Merchant, on: date) -> Agreement | None:
    """某日的协议 None outside its dates, and after it was ended."""
    rows = Agreement.objects.filter(merchant=merchant, from_on__lte=on, until_on__gte=on)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=on)).order_by("-from_on").first()


def require_agreement(merchant: Merchant) -> Agreement:
    """须在协议期内"""
    found = agreement_on(merchant, clock.today())
    if found is not None:
        return found
    last = Agreement.objects.filter(merchant=merchant).order_by("-until_on").first()
    if last is not None and clock.today() < last.from_on:
        raise DomainError("before_agreement", f"与{merchant.name}的协议从{day(last.from_on)}起，现在还不能使用优惠。")
    until = f"已于{day(last.ended_on or last.until_on)}到期" if last else "还没有签订"
    raise DomainError("no_agreement", f"与{merchant.name}的协议{until}，不能使用优惠。请与村（社区）联系续签。")


def offers_on(agreement: Agreement) -> QuerySet[Offer]:
    """协议下的优惠 That still hold."""
    return Offer.objects.filter(agreement=agreement, ended_at=None).select_related("agreement__merchant")


def offer_text(offer: Offer) -> str:
    """优惠的写法 "9折", "8.5折", "满100元减20元"."""
    if offer.kind == Offer.Kind.PERCENT:
        tenths = offer.percent or 0
        return f"{tenths // 10}折" if tenths % 10 == 0 else f"{tenths / 10:g}折"
    return f"满{yuan(offer.from_cents)}元减{yuan(offer.cents or 0)}元"


def yuan(cents: int) -> str:
    """元 "12.5" of 1250 cents, without trailing zeros."""
    whole, rest = divmod(abs(cents), 100)
    tail = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'−' if cents < 0 else ''}{whole}{tail}"


# ------------------------------------------------------------------ one member and one offer


def why_not_offer(offer: Offer, account: Account) -> tuple[str, str] | None:
    """为何不能用 For the member itself: code and sentence. The counter is told less."""
    member = account.member
    assert member is not None
    if offer.ended_at is not None:
        return "offer_ended", f"“{offer.title}”已停止，请看商户的其他优惠。"
    if offer.for_whom == Offer.For.FULL and status_on(member, clock.today()) != Status.FULL:
        return "not_for_you", f"“{offer.title}”只供正式党员使用。"
    if offer.min_score is not None and score_of(member, clock.today()).score < offer.min_score:
        return "not_for_you", f"“{offer.title}”要求本周期得分达到办法所列条件，现在还没有达到。"
    if offer.limit_count is not None and used_in_period(offer, account) >= offer.limit_count:
        limit = f"每人{PERIOD_WORDS[offer.limit_period]}限用{offer.limit_count}次"
        return "over_limit", f"“{offer.title}”{limit}，本期已用完，请到下一期再用。"
    return None


def used_in_period(offer: Offer, account: Account) -> int:
    """本期已用"""
    uses = OfferUse.objects.filter(offer=offer, account=account, cancelled_at=None)
    start = period_start(offer.limit_period, clock.today())
    return uses.filter(on__gte=start).count() if start is not None else uses.count()


@dataclass(frozen=True, slots=True)
class OfferedHere:
    """一项优惠 As the counter or the member sees it."""

    offer: Offer
    text: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """柜台所见 Nothing but this: the card is good, who it might be ("王*"), what may be used. No score, no balance."""

    presentation: Presentation
    merchant: Merchant
    masked: str
    offers: tuple[OfferedHere, ...]
    takes_points: bool


def masked(name: str) -> str:
    """遮挡的姓名 "王*"."""
    return f"{name[:1]}*"


def counter(actor: AnyActor, presentation_id: int) -> Counter:
    """柜台所见 For who took the presentation."""
    rows = Presentation.objects.filter(pk=presentation_id, by_number=actor.number or 0, merchant__isnull=False)
    shown = rows.select_related("card__account__member", "merchant__passbook__organisation").first()
    if shown is None or shown.merchant is None or shown.card.account.member is None:
        raise NotVisible
    agreement = require_agreement(shown.merchant)
    account = shown.card.account
    offers = tuple(
        OfferedHere(one, offer_text(one), NEUTRAL if why_not_offer(one, account) else "")
        for one in offers_on(agreement)
    )
    name = masked(shown.card.account.member.name)
    return Counter(shown, shown.merchant, name, offers, agreement.cents_per_point is not None)


def offers_for(account: Account) -> list[OfferedHere]:
    """可用的优惠 For the member's own page: all that hold today, with the reason where one cannot be used."""
    found = []
    for merchant in Merchant.objects.filter(passbook=account.passbook).order_by("name"):
        agreement = agreement_on(merchant, clock.today())
        for offer in offers_on(agreement) if agreement else ():
            why = why_not_offer(offer, account)
            found.append(OfferedHere(offer, offer_text(offer), why[1] if why else ""))
    return found


# ------------------------------------------------------------------ uses and statements


def uses_visible_to(actor: AnyActor) -> QuerySet[OfferUse]:
    """看得到的优惠使用 One's own, those one's merchant recorded, those of passbooks the actor manages; latest first."""
    seen = Q(merchant__in=[one.pk for one in my_merchants(actor)])
    for path in paths(actor, Act.MANAGE_PASSBOOK):
        seen |= Q(merchant__passbook__organisation__path__startswith=path)
    if actor.number is not None:
        seen |= Q(account__member__user=actor.number)
    rows = OfferUse.objects.filter(seen)
    return rows.select_related("offer", "merchant", "statement", "account__member").order_by("-pk")


def use_for(actor: AnyActor, use_id: int) -> OfferUse:
    """看得到的一次使用"""
    found = uses_visible_to(actor).filter(pk=use_id).first()
    if found is None:
        raise NotVisible
    return found


def statements_visible_to(actor: AnyActor) -> QuerySet[Statement]:
    """看得到的结算单 Of one's own merchant, or of passbooks whose books the actor sees."""
    seen = Q(merchant__in=[one.pk for one in my_merchants(actor)])
    for act in (Act.MANAGE_PASSBOOK, Act.SEE_PASSBOOK):
        for path in paths(actor, act):
            seen |= Q(merchant__passbook__organisation__path__startswith=path)
    return Statement.objects.filter(seen).select_related("merchant__passbook__organisation")


def statement_for(actor: AnyActor, statement_id: int) -> Statement:
    """看得到的一张结算单"""
    found = statements_visible_to(actor).filter(pk=statement_id).first()
    if found is None:
        raise NotVisible
    return found


def to_state() -> list[tuple[Merchant, int, int]]:
    """待出的结算单 For the clock: months that have ended with uses on no statement, the earliest first."""
    first = clock.today().replace(day=1)
    rows = OfferUse.objects.filter(statement=None, cancelled_at=None, on__lt=first).select_related("merchant")
    months = {(use.on.year, use.on.month, use.merchant_id): use.merchant for use in rows}
    return [(months[key], key[0], key[1]) for key in sorted(months)]


def passbook_of(merchant: Merchant) -> Passbook:
    """商户所属的存折"""
    return merchant.passbook
