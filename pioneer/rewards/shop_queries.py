"""积分超市的读取 Shops, what is offered to whom and why not, stock and its movements, receipts, reservations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet, Sum

from pioneer.accounts.models import Grant, Role, User
from pioneer.accounts.policies import TABLE, Act, AnyActor, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.points import show
from pioneer.ledger.queries import score_of
from pioneer.members.queries import covering
from pioneer.publicity.models import Objection
from pioneer.rewards.models import (
    Account,
    Batch,
    Good,
    HandOver,
    Presentation,
    Redemption,
    RedemptionItem,
    Reservation,
    Return,
    ReturnItem,
    Shop,
    StockCount,
    StockMove,
)
from pioneer.rewards.models.goods import Period
from pioneer.rewards.queries import day, why_not_usable

OPEN_OBJECTIONS = (Objection.State.OPEN, Objection.State.TOWNSHIP)
PERIOD_WORDS = {str(code): str(label) for code, label in Period.choices}
HOWS = [(str(code), str(label)) for code, label in Redemption.How.choices]


# ------------------------------------------------------------------ shops and goods


def shops_visible_to(actor: AnyActor) -> QuerySet[Shop]:
    """看得到的超市 Where the actor works or sees the books, and of the passbooks it has an account in."""
    seen = Q(pk__in=[])
    for act in (Act.RUN_SHOP, Act.MANAGE_PASSBOOK, Act.SEE_PASSBOOK):
        for path in paths(actor, act):
            seen |= Q(passbook__organisation__path__startswith=path)
    if actor.number is not None:
        mine = Account.objects.filter(kind=Account.Kind.MEMBER, member__user=actor.number)
        seen |= Q(passbook__in=mine.values("passbook"))
    return Shop.objects.filter(seen).select_related("passbook__organisation")


def shop_for(actor: AnyActor, shop_id: int, *, lock: bool = False) -> Shop:
    """看得到的一个超市"""
    rows = shops_visible_to(actor)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=shop_id).first()
    if found is None:
        raise NotVisible
    return found


def good_for(actor: AnyActor, good_id: int, *, lock: bool = False) -> Good:
    """看得到的一种商品"""
    rows = Good.objects.filter(shop__in=shops_visible_to(actor))
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("shop__passbook__organisation", "picture").filter(pk=good_id).first()
    if found is None:
        raise NotVisible
    return found


def require_open(shop: Shop) -> None:
    """须开门"""
    if not shop.is_open:
        raise DomainError("shop_closed", f"{shop.name}暂停兑换：{shop.closed_note}。请在恢复后再来。")
    if shop.passbook.closes_on is not None and clock.today() > shop.passbook.closes_on:
        raise DomainError("passbook_closed", f"积分存折已于{day(shop.passbook.closes_on)}停办，不能再兑换。")


@dataclass(frozen=True, slots=True)
class Offered:
    """一种商品的情况 How many can be had, and why this member cannot have one."""

    good: Good
    available: int
    limit: str
    why_not: str = ""


def catalogue(shop: Shop, account: Account | None = None, *, with_unlisted: bool = False) -> list[Offered]:
    """商品目录 With `account`, as this member may have them."""
    goods = Good.objects.filter(shop=shop).select_related("shop__passbook__organisation", "picture")
    if not with_unlisted:
        goods = goods.filter(is_listed=True)
    unusable = why_not_usable(account) if account is not None else None
    found = []
    for good in goods:
        why = unusable or (why_not(good, account, 1) if account is not None else None)
        found.append(Offered(good, good.stock - good.reserved, limit_text(good), why[1] if why else ""))
    return found


def limit_text(good: Good) -> str:
    """限量的写法"""
    if good.limit_count is None:
        return ""
    return f"每人{PERIOD_WORDS[good.limit_period]}限{good.limit_count}{good.unit}"


def why_not(good: Good, account: Account, quantity: int, already: Reservation | None = None) -> tuple[str, str] | None:
    """为何不能兑换 Of so many by this member: the stock, the limit, the conditions. `already`: what it has reserved of
    it stands for this."""
    free = good.stock - good.reserved + (already.quantity if already else 0)
    if not good.is_listed:
        return "not_listed", f"“{good.name}”已下架，请选别的商品。"
    if free < quantity:
        left = f"只剩{free}{good.unit}" if free > 0 else "已兑完"
        return "out_of_stock", f"“{good.name}”{left}，请少选一些、改选别的，或等补货以后再来。"
    if good.limit_count is not None:
        had = had_in_period(good, account) - (already.quantity if already else 0)
        if had + quantity > good.limit_count:
            return "over_limit", f"“{good.name}”{limit_text(good)}，已兑换或预订{had}{good.unit}，请到下一期再兑。"
    return _unmet(good, account)


def had_in_period(good: Good, account: Account) -> int:
    """本期已兑 What was taken and kept, with what is reserved."""
    items = RedemptionItem.objects.filter(good=good, account=account)
    start = period_start(good.limit_period, clock.today())
    if start is not None:
        items = items.filter(on__gte=start)
    back = ReturnItem.objects.filter(item__in=items)
    held = Reservation.objects.filter(good=good, account=account, state=Reservation.State.HELD)
    taken, returned, reserved = (rows.aggregate(sum=Sum("quantity"))["sum"] or 0 for rows in (items, back, held))
    return int(taken - returned + reserved)


def period_start(period: str, on: date) -> date | None:
    """时段的第一天 None where it has no beginning."""
    if period == Period.MONTH:
        return on.replace(day=1)
    if period == Period.QUARTER:
        return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    return on.replace(month=1, day=1) if period == Period.YEAR else None


def _unmet(good: Good, account: Account) -> tuple[str, str] | None:
    member = account.member
    assert member is not None
    if good.min_balance is not None and account.balance < good.min_balance:
        return "balance_too_low", f"“{good.name}”须存折余额不低于{show(good.min_balance)}才能兑换。"
    if good.min_score is not None and score_of(member, clock.today()).score < good.min_score:
        return "score_too_low", f"“{good.name}”的兑换条件没有达到。本人可在商品页查看条件。"
    if good.needs_no_objection:
        mine = Q(line__member=member) | Q(review__declaration__member=member)
        if Objection.objects.filter(mine, state__in=OPEN_OBJECTIONS).exists():
            return "objection_open", f"“{good.name}”的兑换条件暂时没有达到。本人可在商品页查看条件。"
    return None


# ------------------------------------------------------------------ stock


def batches_of(good: Good) -> QuerySet[Batch]:
    """批次 With what is left and what one cost."""
    return Batch.objects.filter(good=good).select_related("donation").order_by("-number")


def moves_of(good: Good) -> QuerySet[StockMove]:
    """出入库 The latest first."""
    return StockMove.objects.filter(good=good).select_related("batch", "redemption", "count").order_by("-pk")


def counts_of(good: Good) -> QuerySet[StockCount]:
    """盘点记录 The latest first."""
    return StockCount.objects.filter(good=good).order_by("-pk")


def hand_overs_of(shop: Shop) -> QuerySet[HandOver]:
    """交接单 The latest first."""
    return HandOver.objects.filter(shop=shop).order_by("-pk")


def hand_over_for(actor: AnyActor, hand_over_id: int, *, lock: bool = False) -> HandOver:
    """看得到的一张交接单"""
    rows = HandOver.objects.filter(shop__in=shops_visible_to(actor)).select_related("shop__passbook__organisation")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=hand_over_id).first()
    if found is None:
        raise NotVisible
    return found


def colleagues(actor: AnyActor, shop: Shop) -> list[User]:
    """可交接的人 Who may run the shop today besides the actor."""
    chain = [int(part) for part in shop.passbook.organisation.path.split("/") if part]
    roles: Sequence[Role] = sorted(TABLE[Act.RUN_SHOP])
    grants = Grant.objects.filter(covering(clock.today()), ended_at=None, role__in=roles, organisation__in=chain)
    people = User.objects.filter(is_active=True, pk__in=grants.values("user")).exclude(pk=actor.number or 0)
    return list(people.order_by("name", "pk"))


# ------------------------------------------------------------------ receipts and reservations


def redemptions_visible_to(actor: AnyActor) -> QuerySet[Redemption]:
    """看得到的兑换 Of one's own passbook, and of the shops where the actor works; the latest first."""
    seen = Q(pk__in=[])
    for act in (Act.RUN_SHOP, Act.MANAGE_PASSBOOK):
        for path in paths(actor, act):
            seen |= Q(shop__passbook__organisation__path__startswith=path)
    if actor.number is not None:
        seen |= Q(account__member__user=actor.number)
    rows = Redemption.objects.filter(seen).select_related("shop__passbook__organisation", "account__member", "paper")
    return rows.prefetch_related("items__good", "returns__items__item__good").order_by("-pk")


def redemption_for(actor: AnyActor, redemption_id: int) -> Redemption:
    """看得到的一次兑换"""
    found = redemptions_visible_to(actor).filter(pk=redemption_id).first()
    if found is None:
        raise NotVisible
    return found


def presentation_for(actor: AnyActor, presentation_id: int) -> Presentation:
    """看得到的一次出示 At a shop, for who took it."""
    rows = Presentation.objects.filter(pk=presentation_id, by_number=actor.number or 0, shop__isnull=False)
    found = rows.select_related("card__account__member", "shop__passbook__organisation").first()
    if found is None:
        raise NotVisible
    return found


def receipt_number(redemption: Redemption) -> str:
    """收据号 "2026-00012" of its shop."""
    return f"{redemption.year}-{redemption.number:05d}"


def return_number(taken_back: Return) -> str:
    """退货单号 "退2026-00003" of its shop."""
    return f"退{taken_back.year}-{taken_back.number:05d}"


def return_for(actor: AnyActor, return_id: int) -> Return:
    """看得到的一次退货 By who sees its receipt."""
    rows = Return.objects.filter(pk=return_id, redemption__in=redemptions_visible_to(actor))
    rows = rows.select_related("shop__passbook__organisation", "redemption__account__member")
    found = rows.prefetch_related("items__item__good").first()
    if found is None:
        raise NotVisible
    return found


def returns_by_transfer(receipts: QuerySet[Redemption], transfers: Sequence[int]) -> dict[int, Return]:
    """某几笔转账是哪次退货 Of receipts the actor sees."""
    rows = Return.objects.filter(redemption__in=receipts.order_by(), transfer__in=transfers)
    found = rows.select_related("shop", "redemption__shop").prefetch_related("items__item__good")
    return {one.transfer_id: one for one in found}


@dataclass(frozen=True, slots=True)
class Kept:
    """收据上的一行 With how many of it were not brought back."""

    item: RedemptionItem
    left: int


def kept_of(redemption: Redemption) -> list[Kept]:
    """还在领取人手里的 Each line of a receipt."""
    back: dict[int, int] = {}
    for one in redemption.returns.all():
        for line in one.items.all():
            back[line.item_id] = back.get(line.item_id, 0) + line.quantity
    return [Kept(item, item.quantity - back.get(item.pk, 0)) for item in redemption.items.all()]


class Back(StrEnum):
    """退货情况"""

    NOTHING = ""
    PART = "部分退货"
    ALL = "已退货"

    @property
    def is_all(self) -> bool:
        """全部退回"""
        return self is Back.ALL


def return_state(redemption: Redemption) -> Back:
    """退货到什么程度 Nothing of a receipt, a part, or all of it."""
    if not redemption.returns.all():
        return Back.NOTHING
    return Back.PART if any(one.left for one in kept_of(redemption)) else Back.ALL


def reservations_visible_to(actor: AnyActor) -> QuerySet[Reservation]:
    """看得到的预订 One's own, and those of the shops where the actor works; the latest first."""
    seen = Q(pk__in=[])
    for path in paths(actor, Act.RUN_SHOP):
        seen |= Q(good__shop__passbook__organisation__path__startswith=path)
    if actor.number is not None:
        seen |= Q(account__member__user=actor.number)
    rows = Reservation.objects.filter(seen)
    return rows.select_related("good__shop__passbook__organisation", "account__member").order_by("-pk")


def reservations_of(account: Account, shop: Shop | None = None) -> list[Reservation]:
    """待领的预订 Of a member, at a shop or anywhere."""
    rows = Reservation.objects.filter(account=account, state=Reservation.State.HELD)
    if shop is not None:
        rows = rows.filter(good__shop=shop)
    return list(rows.select_related("good__shop").order_by("expires_at"))


def overdue_reservations() -> list[Reservation]:
    """过期的预订 For the clock."""
    rows = Reservation.objects.filter(state=Reservation.State.HELD, expires_at__lte=clock.now())
    return list(rows.order_by("expires_at", "pk"))
