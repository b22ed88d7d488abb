"""兑换 Goods for points at the counter: one receipt, one transfer, one movement per batch. Back again: `returning`.

The order of locks, in every operation: shop, presentation, reservation, goods by number, accounts by number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside
from pioneer.files.services import Content, store
from pioneer.kernel import clock, sealing
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.members.models import Status
from pioneer.members.queries import status_on
from pioneer.messages.services import tell
from pioneer.rewards import booking, cards, policies, shop_queries, stock
from pioneer.rewards.booking import Move
from pioneer.rewards.models import (
    Account,
    Good,
    Presentation,
    Redemption,
    RedemptionItem,
    Reservation,
    Shop,
    StockMove,
    Transfer,
)
from pioneer.rewards.services import OWN_PAGE, check_texts

How = Redemption.How
MOST_OF_ONE = 10_000
Items = Sequence[tuple[int, int]]  # good, quantity


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one redemption asks for, once it is known to be well-formed."""

    wanted: dict[int, int]
    how: str
    other: str
    note: str
    key: UUID
    content: str


@operation("rewards.redeem", tell=("how",))
def redeem(
    *,
    actor: AnyActor,
    presentation_id: int,
    items: Items,
    request_key: UUID,
    how: str = How.PRESENT,
    other: str = "",
    note: str = "",
    reservation_id: int | None = None,
) -> Redemption:
    """兑换 Of the member whose card was shown. With `reservation_id`, exactly what was reserved, at the price of that
    day. Sent again with the same key it is the same receipt; with other content it is refused."""
    seen = Presentation.objects.filter(pk=presentation_id, by_number=actor.number or 0, shop__isnull=False).first()
    if seen is None:
        raise NotVisible
    shop = shop_queries.shop_for(actor, seen.shop_id or 0, lock=True)
    policies.require_runs_shop(actor, shop.passbook)
    wish = _wish(presentation_id, items, how, other, note, request_key, reservation_id)
    if (before := Redemption.objects.filter(request_key=request_key).first()) is not None:
        return _same(before, wish.content)
    shown = cards.taken(actor, presentation_id)
    account = shown.card.account
    assert account.member is not None
    policies.require_not_aside(must_step_aside(actor, account.member))
    shop_queries.require_open(shop)
    cards.require_standing(shown)
    _check_present(account, wish)
    reserved = _reserved(account, shop, reservation_id, wish)
    goods = _goods(shop, wish)
    for good in goods:
        why = shop_queries.why_not(good, account, wish.wanted[good.pk], reserved)
        if why is not None:
            raise DomainError(*why)
    return _write(actor, shop, shown, goods, reserved, wish)


def _wish(
    presentation_id: int, items: Items, how: str, other: str, note: str, key: UUID, reservation_id: int | None
) -> _Wish:
    faults = []
    wanted = dict(items)
    if not wanted or len(wanted) != len(items):
        faults.append(Fault("商品", "请选择要兑换的商品，每种只写一行。"))
    if any(not 0 < quantity <= MOST_OF_ONE for quantity in wanted.values()):
        faults.append(Fault("数量", "每种商品的数量至少为1。"))
    if how not in How.values:
        faults.append(Fault("领取方式", "请选择本人到场、他人代领或送货上门。"))
    elif how != How.PRESENT:
        faults += check_texts({"代领人" if how == How.PROXY else "收货人": (other, 60)})
    if len(note) > 200:
        faults.append(Fault("备注", "最多200个字。"))
    if faults:
        raise BadInput(faults)
    said = other.strip() if how != How.PRESENT else ""
    content = sealing.digest([presentation_id, sorted(wanted.items()), how, said, note.strip(), reservation_id])
    return _Wish(wanted, how, said, note.strip(), key, content)


def _same(before: Redemption, content: str) -> Redemption:
    if before.content != content:
        raise DomainError(
            "other_content", "这张单子已经办过，内容与这次不同，没有再办。请打开收据核对，另行兑换请重新开单。"
        )
    return before


def _check_present(account: Account, wish: _Wish) -> None:
    assert account.member is not None
    if wish.how == How.PRESENT and status_on(account.member, clock.today()) == Status.DECEASED:
        raise bad("领取方式", "该同志已故，由家属领取：请选“他人代领”，并写明家属姓名。")


def _reserved(account: Account, shop: Shop, reservation_id: int | None, wish: _Wish) -> Reservation | None:
    if reservation_id is None:
        return None
    rows = Reservation.objects.select_for_update(of=("self",), no_key=True).filter(pk=reservation_id, account=account)
    found = rows.filter(good__shop=shop).select_related("hold").first()
    if found is None:
        raise NotVisible
    if found.state != Reservation.State.HELD:
        raise DomainError("reservation_over", f"这项预订{found.get_state_display()}，不能再领。需要的话请直接兑换。")
    if wish.wanted != {found.good_id: found.quantity}:
        raise bad("商品", "领取预订的商品，须与预订的品种、数量一致；另外想兑的请再开一单。")
    return found


def _goods(shop: Shop, wish: _Wish) -> list[Good]:
    rows = (
        Good.objects.select_for_update(of=("self",), no_key=True).filter(shop=shop, pk__in=wish.wanted).order_by("pk")
    )
    goods = list(rows)
    if len(goods) != len(wish.wanted):
        raise bad("商品", "所选商品不在本超市，请从目录中重新选择。")
    return goods


def _write(
    actor: AnyActor,
    shop: Shop,
    shown: Presentation,
    goods: Sequence[Good],
    reserved: Reservation | None,
    wish: _Wish,
) -> Redemption:
    account = shown.card.account
    points = reserved.points if reserved else sum(good.price * wish.wanted[good.pk] for good in goods)
    transfer = _pay(actor, shop, account, reserved, points, wish)
    today, now = clock.today(), clock.now()
    number = shop.receipt_number + 1 if shop.receipt_year == today.year else 1
    Shop.objects.filter(pk=shop.pk).update(receipt_year=today.year, receipt_number=number)
    assert actor.number is not None
    made = Redemption.objects.create(
        shop=shop, year=today.year, number=number, account=account, card=shown.card, presentation=shown,
        reservation=reserved, points=points, transfer=transfer, how=wish.how, other=wish.other, note=wish.note, at=now,
        by_number=actor.number, request_key=wish.key, content=wish.content,
    )  # fmt: skip
    for good in goods:
        quantity = wish.wanted[good.pk]
        price = reserved.points // quantity if reserved else good.price
        RedemptionItem.objects.create(
            redemption=made, good=good, account=account, on=today, quantity=quantity, price=price
        )
        if reserved:
            Good.objects.filter(pk=good.pk).update(reserved=good.reserved - quantity)
        stock.take(good, quantity, StockMove.Kind.REDEEMED, actor, redemption=made)
    if reserved:
        reserved.state, reserved.ending = Reservation.State.TAKEN, transfer
        reserved.ended_at, reserved.ended_by_number = now, actor.number
        reserved.save(update_fields=["state", "ending", "ended_at", "ended_by_number"])
    Presentation.objects.filter(pk=shown.pk).update(used_at=now)
    _tell(made, goods, wish)
    return made


def _pay(
    actor: AnyActor, shop: Shop, account: Account, reserved: Reservation | None, points: int, wish: _Wish
) -> Transfer:
    source = booking.held_account(account) if reserved else account
    target = booking.shop_account(shop)
    locked = booking.lock([source.pk, target.pk])
    what = Move(locked[source.pk], locked[target.pk], points, Transfer.Kind.REDEEM, f"redeem:{wish.key}")
    return booking.move(actor, what)


def _tell(made: Redemption, goods: Sequence[Good], wish: _Wish) -> None:
    member = made.account.member
    assert member is not None
    what = "、".join(f"{good.name}{wish.wanted[good.pk]}{good.unit}" for good in goods)
    how = {How.PROXY: f"由{wish.other}代领。", How.DELIVERED: f"送货上门，{wish.other}收货。"}.get(How(wish.how), "")
    tell(
        member.user_id, "rewards.redeemed", str(made.pk), f"存折支出{show(made.points)}",
        f"在{made.shop.name}兑换{what}，收据号{shop_queries.receipt_number(made)}。{how}如非本人意愿，请马上与超市联系。",
        OWN_PAGE,
    )  # fmt: skip


@operation("rewards.attach_receipt")
def attach_receipt(*, actor: AnyActor, redemption_id: int, content: Content, name: str) -> Redemption:
    """签收单 The signed paper as scanned, or the signature from the screen; once."""
    seen = shop_queries.redemption_for(actor, redemption_id)
    policies.require_runs_shop(actor, seen.shop.passbook)
    found = Redemption.objects.select_for_update(of=("self",), no_key=True).get(pk=seen.pk)
    if found.paper_id is not None:
        raise DomainError("paper_there", "这张收据已有签收单，不能更换。")
    found.paper = store(content, name, "", actor.number)
    found.save(update_fields=["paper"])
    return found
