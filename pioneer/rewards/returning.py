"""退货 A part of a receipt, or all of it, brought back: its points, its goods, a number of its own.

What a unit gives back is the price that stands on the receipt, in whole hundredths: nothing is rounded, and all units
brought back one by one give back exactly what was paid. The order of locks is that of `redeeming`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock, sealing
from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.messages.services import tell
from pioneer.rewards import booking, policies, shop_queries, stock
from pioneer.rewards.booking import Move
from pioneer.rewards.models import Good, Lot, Redemption, Return, ReturnItem, Shop, Transfer
from pioneer.rewards.services import OWN_PAGE, check_texts, refuse
from pioneer.rewards.shop_queries import Kept

Lines = Sequence[tuple[int, int]]  # line of the receipt, quantity


@dataclass(frozen=True, slots=True)
class _Back:
    """What one return asks for, once it is known to be well-formed."""

    wanted: dict[int, int]
    reason: str
    restocked: bool
    key: UUID
    content: str


@operation("rewards.return_goods")
def return_goods(
    *, actor: AnyActor, redemption_id: int, lines: Lines, reason: str, restocked: bool, request_key: UUID
) -> Return:
    """退货 So many of these lines of a receipt, as often as there is something left of it: the points come back by a
    transfer of its own, the goods into their batches, written off where they are not good. The receipt keeps its
    number. Sent again with the same key it is the same return; with other content it is refused."""
    seen = shop_queries.redemption_for(actor, redemption_id)
    shop = shop_queries.shop_for(actor, seen.shop_id, lock=True)
    policies.require_runs_shop(actor, shop.passbook)
    member = seen.account.member
    assert member is not None
    policies.require_not_aside(must_step_aside(actor, member))
    back = _back(redemption_id, lines, reason, restocked, request_key)
    if (before := Return.objects.filter(request_key=request_key).first()) is not None:
        return _same(before, back.content)
    chosen = _chosen(shop_queries.redemption_for(actor, redemption_id), back)
    made = _write(actor, shop, seen, chosen, back)
    _tell(made, seen, chosen)
    return made


def _back(redemption_id: int, lines: Lines, reason: str, restocked: bool, key: UUID) -> _Back:
    faults = check_texts({"退货原因": (reason, 200)})
    wanted = dict(lines)
    if not wanted or len(wanted) != len(lines) or any(quantity < 1 for quantity in wanted.values()):
        faults.append(Fault("退货的商品", "请写明退哪几种、各退多少，每种只写一行，至少1。"))
    refuse(faults)
    content = sealing.digest([redemption_id, sorted(wanted.items()), reason.strip(), restocked])
    return _Back(wanted, reason.strip(), restocked, key, content)


def _same(before: Return, content: str) -> Return:
    if before.content != content:
        raise DomainError("other_content", "这次退货已经办过，内容与这次不同，没有再办。请打开收据核对后重新退货。")
    return before


def _chosen(redemption: Redemption, back: _Back) -> list[tuple[Kept, int]]:
    """The lines of the receipt that come back; never more than are left of them."""
    kept = shop_queries.kept_of(redemption)
    if not any(one.left for one in kept):
        raise DomainError("returned_already", "这张收据的商品都已退货，积分已退回，不能再退。")
    here = {one.item.pk: one for one in kept}
    if set(back.wanted) - set(here):
        raise BadInput([Fault("退货的商品", "所选商品不在这张收据上，请按收据选择。")])
    for number, quantity in back.wanted.items():
        one = here[number]
        good = one.item.good
        if quantity > one.left:
            left = f"只能再退{one.left}{good.unit}" if one.left else "已全部退回"
            raise DomainError(
                "more_than_left",
                f"“{good.name}”兑换{one.item.quantity}{good.unit}，{left}。请按手里实有的数量填写。",
            )
    return [(here[number], quantity) for number, quantity in sorted(back.wanted.items())]


def _write(actor: AnyActor, shop: Shop, seen: Redemption, chosen: list[tuple[Kept, int]], back: _Back) -> Return:
    goods = [one.item.good_id for one, _ in chosen]
    list(Good.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=goods).order_by("pk"))
    today, now = clock.today(), clock.now()
    number = shop.return_number + 1 if shop.return_year == today.year else 1
    Shop.objects.filter(pk=shop.pk).update(return_year=today.year, return_number=number)
    points = sum(one.item.price * quantity for one, quantity in chosen)
    transfer = _pay_back(actor, shop, seen, points, f"return:{seen.pk}:{back.key}")
    assert actor.number is not None
    made = Return.objects.create(
        redemption=seen, shop=shop, year=today.year, number=number, points=points, transfer=transfer,
        reason=back.reason, restocked=back.restocked, at=now, by_number=actor.number, request_key=back.key,
        content=back.content,
    )  # fmt: skip
    for one, quantity in chosen:
        ReturnItem.objects.create(taken_back=made, item=one.item, quantity=quantity)
        stock.put_back(seen, one.item.good_id, quantity, actor, back.reason, back.restocked)
    return made


def _pay_back(actor: AnyActor, shop: Shop, seen: Redemption, points: int, reference: str) -> Transfer:
    """The points come back as the lots they were drawn from, beyond those that came back before."""
    source = booking.shop_account(shop)
    locked = booking.lock([source.pk, seen.account_id])
    before = Return.objects.filter(redemption=seen).values("transfer")
    restored = Lot.objects.filter(transfer__in=before).aggregate(sum=Sum("amount"))["sum"] or 0
    what = Move(
        locked[source.pk], locked[seen.account_id], points, Transfer.Kind.RETURN, reference,
        restores=seen.reservation.hold if seen.reservation else seen.transfer, restored=restored,
    )  # fmt: skip
    return booking.move(actor, what)


def _tell(made: Return, seen: Redemption, chosen: list[tuple[Kept, int]]) -> None:
    assert seen.account.member is not None
    what = "、".join(f"{one.item.good.name}{quantity}{one.item.good.unit}" for one, quantity in chosen)
    tell(
        seen.account.member.user_id, "rewards.returned", f"return.{made.pk}", f"存折退回{show(made.points)}",
        f"收据{shop_queries.receipt_number(seen)}的{what}已退货，积分已退回存折，退货单号"
        f"{shop_queries.return_number(made)}。如非本人办理，请马上与超市联系。",
        OWN_PAGE,
    )  # fmt: skip
