"""库存 Goods come in as batches with their cost; counted, the difference to the books is booked."""

from datetime import date

from django.db.models import F, Max, Sum

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.rewards import money, policies, shop_queries
from pioneer.rewards.models import Batch, Donation, Good, MoneyEntry, Redemption, StockCount, StockMove
from pioneer.rewards.services import check_texts, refuse

Kind = StockMove.Kind
MOST = 1_000_000


@operation("rewards.receive_goods")
def receive_goods(
    *,
    actor: AnyActor,
    good_id: int,
    quantity: int,
    unit_cents: int,
    received_on: date,
    document: str,
    donation_id: int | None = None,
) -> Batch:
    """入库 A purchase with its invoice, which enters the money's books; or what was donated, at its estimated value."""
    seen = shop_queries.good_for(actor, good_id)
    passbook = money.lock_passbook(seen.shop.passbook_id)
    good = shop_queries.good_for(actor, good_id, lock=True)
    policies.require_runs_shop(actor, passbook)
    donation = Donation.objects.filter(pk=donation_id or 0, passbook=passbook, kind=Donation.Kind.GOODS).first()
    faults = check_texts({"凭证": (document, 120)}) + money.check_day(passbook, received_on)
    if not 0 < quantity <= MOST:
        faults.append(Fault("数量", "请填写入库的数量，至少1。"))
    if donation_id is not None and donation is None:
        faults.append(Fault("捐赠", "没有这笔捐物记录，请先登记捐赠。"))
    if not 0 <= unit_cents <= money.MOST_CENTS or (donation_id is None and unit_cents == 0):
        faults.append(Fault("单价", "采购请填写单价；不要钱的请先登记为捐赠。"))
    refuse(faults)
    batch = _batch(
        good, Batch.Source.DONATION if donation else Batch.Source.PURCHASE, quantity, actor,
        unit_cents=unit_cents, received_on=received_on, document=document.strip(), donation=donation,
    )  # fmt: skip
    _moved(batch, Kind.RECEIVED, quantity, actor)
    if donation is None:
        cents = -quantity * unit_cents
        money.enter(
            actor, passbook, MoneyEntry.Kind.PURCHASE, cents, received_on, document=batch.document, batch=batch,
            text=f"{good.name}{quantity}{good.unit}",
        )  # fmt: skip
    return batch


@operation("rewards.count_stock")
def count_stock(*, actor: AnyActor, good_id: int, counted: int, witness: str, reason: str = "") -> StockCount:
    """盘点 What is on the shelf, with what is reserved, counted before a witness. A difference has a reason and is
    booked; fewer than are reserved cannot be counted off: the reservations are given up first."""
    good = shop_queries.good_for(actor, good_id, lock=True)
    policies.require_runs_shop(actor, good.shop.passbook)
    difference = counted - good.stock
    faults = check_texts({"见证人": (witness, 60)})
    if not 0 <= counted <= MOST:
        faults.append(Fault("实有数", "请填写实际点到的数量。"))
    if difference:
        faults += check_texts({"差异原因": (reason, 200)})
    refuse(faults)
    if counted < good.reserved:
        raise DomainError(
            "fewer_than_reserved",
            f"有{good.reserved}{good.unit}已被预订，实有只有{counted}{good.unit}。请先与预订的党员联系、取消预订，再盘点。",
        )
    made = StockCount.objects.create(
        good=good, expected=good.stock, counted=counted, reason=reason.strip(), witness=witness.strip(),
        at=clock.now(), by_number=actor.number,
    )  # fmt: skip
    if difference > 0:
        found = _batch(good, Batch.Source.SURPLUS, difference, actor, received_on=clock.today(), document="盘盈")
        _moved(found, Kind.COUNTED, difference, actor, count=made, reason=made.reason)
    elif difference < 0:
        take(good, -difference, Kind.COUNTED, actor, count=made, reason=made.reason)
    return made


# ------------------------------------------------------------------ for the other rooms


def take(good: Good, quantity: int, kind: str, actor: AnyActor, **rest: object) -> None:
    """出库 From the oldest batch on. The good must be locked."""
    left = quantity
    for batch in Batch.objects.filter(good=good, left__gt=0).order_by("number"):
        if not left:
            break
        part = min(left, batch.left)
        left -= part
        _moved(batch, kind, -part, actor, **rest)
        Batch.objects.filter(pk=batch.pk).update(left=F("left") - part)


def put_back(redemption: Redemption, good_id: int, quantity: int, actor: AnyActor, reason: str, keep: bool) -> None:
    """退货入库 Into the batches the goods came from, the one given out last first; what cannot be kept is written off
    from there at once. The good must be locked."""
    moves = StockMove.objects.filter(redemption=redemption, good=good_id, kind__in=(Kind.REDEEMED, Kind.RETURNED))
    given = dict(moves.order_by().values_list("batch").annotate(out=-Sum("quantity")))
    left = quantity
    for batch in Batch.objects.filter(pk__in=given).order_by("-number"):
        part = min(left, given[batch.pk])
        if not part:
            continue
        left -= part
        _moved(batch, Kind.RETURNED, part, actor, redemption=redemption, reason=reason)
        if keep:
            Batch.objects.filter(pk=batch.pk).update(left=F("left") + part)
        else:
            _moved(batch, Kind.DISCARDED, -part, actor, redemption=redemption, reason=reason)


def _batch(good: Good, source: str, quantity: int, actor: AnyActor, **rest: object) -> Batch:
    last = Batch.objects.filter(good=good).aggregate(last=Max("number"))["last"] or 0
    return Batch.objects.create(
        good=good, number=last + 1, source=source, quantity=quantity, left=quantity, by_number=actor.number,
        created_at=clock.now(), **rest,
    )  # fmt: skip


def _moved(batch: Batch, kind: str, quantity: int, actor: AnyActor, **rest: object) -> None:
    StockMove.objects.create(
        good_id=batch.good_id, batch=batch, kind=kind, quantity=quantity, at=clock.now(), by_number=actor.number, **rest
    )
    Good.objects.filter(pk=batch.good_id).update(stock=F("stock") + quantity)
