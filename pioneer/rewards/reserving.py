"""预订 Goods and points set aside for a week: taken at the counter, given up, or expired."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock, sealing
from pioneer.kernel.errors import DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.members.models import Status
from pioneer.members.queries import status_on
from pioneer.messages.services import tell
from pioneer.rewards import booking, policies, queries, shop_queries
from pioneer.rewards.booking import Move
from pioneer.rewards.models import Account, Good, Reservation, Transfer
from pioneer.rewards.services import OWN_PAGE, refuse

KEPT = timedelta(days=7)
MOST = 100
State = Reservation.State
Asked = Reservation.Asked


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one reservation asks for, once it is known to be well-formed."""

    quantity: int
    key: UUID
    asked: str
    asked_by: str
    content: str


@operation("rewards.reserve", tell=("asked",))
def reserve(
    *,
    actor: AnyActor,
    good_id: int,
    quantity: int,
    request_key: UUID,
    account_id: int | None = None,
    asked: str = Asked.OWN,
    asked_by: str = "",
) -> Reservation:
    """预订 By the member for itself, or at the shop for who asks by telephone or at the counter; `asked_by` is who
    asked, where it was not the member. Sent again with the same key it is the same reservation."""
    seen = shop_queries.good_for(actor, good_id)
    account = _account(actor, seen, account_id)
    is_own = policies.owns(actor, account)
    if not is_own or asked != Asked.OWN:
        _require_at_shop(actor, account)
    wish = _wish(seen, account, quantity, request_key, asked, asked_by.strip())
    if asked == Asked.OWN and (asked_by or not is_own):
        raise bad("怎么提出的", "替党员预订的，请选择电话或当面；党员自己预订的，不写别人。")
    good = shop_queries.good_for(actor, good_id, lock=True)
    if (before := Reservation.objects.filter(request_key=request_key).first()) is not None:
        if before.content != wish.content:
            raise DomainError("other_content", "这项预订已经办过，内容与这次不同，没有再办。请打开“我的预订”核对。")
        return before
    shop_queries.require_open(good.shop)
    queries.require_usable(account)
    why = shop_queries.why_not(good, account, quantity)
    if why is not None:
        raise DomainError(*why)
    made = _set_aside(actor, good, account, wish)
    _tell(made)
    return made


def _require_at_shop(actor: AnyActor, account: Account) -> None:
    assert account.member is not None
    policies.require_runs_shop(actor, account.passbook)
    policies.require_not_aside(must_step_aside(actor, account.member))


def _wish(good: Good, account: Account, quantity: int, key: UUID, asked: str, asked_by: str) -> _Wish:
    assert account.member is not None
    faults = []
    if not 0 < quantity <= MOST:
        faults.append(Fault("数量", f"一次预订1至{MOST}{good.unit}。"))
    if asked not in Asked.values:
        faults.append(Fault("怎么提出的", "请选择电话或当面。"))
    if len(asked_by) > 60:
        faults.append(Fault("谁提出的", "最多60个字。"))
    if asked != Asked.OWN and not asked_by and status_on(account.member, clock.today()) == Status.DECEASED:
        faults.append(Fault("谁提出的", "该同志已故，由家属提出：请写明家属姓名。"))
    refuse(faults)
    said = [] if asked == Asked.OWN else [asked, asked_by]
    return _Wish(quantity, key, asked, asked_by, sealing.digest([good.pk, quantity, account.pk, *said]))


def _set_aside(actor: AnyActor, good: Good, account: Account, wish: _Wish) -> Reservation:
    held = booking.held_account(account)
    locked = booking.lock([account.pk, held.pk])
    points = good.price * wish.quantity
    hold = booking.move(
        actor, Move(locked[account.pk], locked[held.pk], points, Transfer.Kind.HOLD, f"hold:{wish.key}")
    )
    Good.objects.filter(pk=good.pk).update(reserved=good.reserved + wish.quantity)
    return Reservation.objects.create(
        good=good, account=account, quantity=wish.quantity, points=points, hold=hold, made_at=clock.now(),
        by_number=actor.number, expires_at=clock.now() + KEPT, request_key=wish.key, content=wish.content,
        asked=wish.asked, asked_by=wish.asked_by,
    )  # fmt: skip


def _tell(made: Reservation) -> None:
    member, good = made.account.member, made.good
    assert member is not None
    until = queries.day(made.expires_at.astimezone(clock.SHANGHAI).date())
    title = f"已预订{good.name}{made.quantity}{good.unit}"
    text = f"已预留{show(made.points)}积分，请在{until}以前到{good.shop.name}领取，过期自动取消、积分退回。"
    if made.asked != Asked.OWN:
        who = f"{made.asked_by}{made.get_asked_display()}提出" if made.asked_by else made.get_asked_display()
        text = f"由{good.shop.name}代为预订（{who}）。{text}如非本人意愿，请在“我的存折”里取消，或马上与超市联系。"
    tell(member.user_id, "rewards.reserved", str(made.pk), title, text, OWN_PAGE)


@operation("rewards.release_reservation")
def release_reservation(*, actor: AnyActor, reservation_id: int) -> Reservation:
    """取消预订 By the member or the counter; the points are back at once."""
    seen = shop_queries.reservations_visible_to(actor).filter(pk=reservation_id).first()
    if seen is None:
        raise NotVisible
    if not policies.owns(actor, seen.account):
        policies.require_runs_shop(actor, seen.good.shop.passbook)
    return _end(actor, reservation_id, State.RELEASED)


@operation("rewards.expire_reservation")
def expire_reservation(*, actor: AnyActor, reservation_id: int) -> Reservation:
    """预订过期 By the clock, when its time is over."""
    policies.require_clock(actor, "rewards.expire_reservation")
    found = Reservation.objects.filter(pk=reservation_id).first()
    if found is None:
        raise NotVisible
    if clock.now() < found.expires_at:
        raise DomainError("not_due", "这项预订还没有到期。")
    return _end(actor, reservation_id, State.EXPIRED)


def _account(actor: AnyActor, good: Good, account_id: int | None) -> Account:
    rows = queries.accounts_visible_to(actor).filter(passbook=good.shop.passbook)
    found = (rows.filter(pk=account_id) if account_id else rows.filter(member__user=actor.number)).first()
    if found is None:
        if account_id is None:
            raise DomainError("no_account", "您在这里还没有积分存折。积分入账转入以后就有，也可请支部先发卡。")
        raise NotVisible
    return found


def _end(actor: AnyActor, reservation_id: int, state: State) -> Reservation:
    """The reservation's row is the first lock: whoever ends it, ends it once."""
    rows = Reservation.objects.select_for_update(of=("self",), no_key=True).select_related(
        "good__shop", "account__passbook__organisation", "account__member", "hold"
    )
    found = rows.get(pk=reservation_id)
    if found.state != State.HELD:
        raise DomainError("reservation_over", f"这项预订{found.get_state_display()}，无须再办。")
    good = Good.objects.select_for_update(of=("self",), no_key=True).get(pk=found.good_id)
    held = booking.held_account(found.account)
    locked = booking.lock([found.account_id, held.pk])
    what = Move(
        locked[held.pk], locked[found.account_id], found.points, Transfer.Kind.RELEASE, f"release:{found.pk}",
        undoes=found.hold, restores=found.hold,
    )  # fmt: skip
    found.ending = booking.move(actor, what)
    Good.objects.filter(pk=good.pk).update(reserved=good.reserved - found.quantity)
    found.state, found.ended_at, found.ended_by_number = state, clock.now(), actor.number
    found.save(update_fields=["state", "ending", "ended_at", "ended_by_number"])
    assert found.account.member is not None
    title = f"预订{'已过期' if state == State.EXPIRED else '已取消'}：{found.good.name}"
    text = f"预留的{show(found.points)}积分已退回存折。"
    tell(found.account.member.user_id, "rewards.reservation_over", str(found.pk), title, text, OWN_PAGE)
    return found
