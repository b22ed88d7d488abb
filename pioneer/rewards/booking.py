"""记账 Plain functions under every operation of the station: accounts under lock, one transfer, what it draws on.

Accounts are locked together, in the order of their numbers, so that no two operations wait for one another in a circle.
Locks are taken without the key (FOR NO KEY UPDATE), so that a row that merely points at a locked one does not wait.
On SQLite the whole transaction is the lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.kernel.points import show
from pioneer.members.models import Member
from pioneer.rewards.models import Account, Draw, FedLine, Lot, Merchant, Passbook, Shop, Transfer

Kind = Transfer.Kind
GRACE = timedelta(days=30)  # between the warning and the expiry, also of what comes back after its day
MAY_OVERDRAW = frozenset({Kind.REVERSAL})


@dataclass(frozen=True, slots=True)
class Move:
    """一笔转账的内容 What is to be written, before it is."""

    source: Account
    target: Account
    amount: int
    kind: Kind
    reference: str
    reason: str = ""
    undoes: Transfer | None = None
    restores: Transfer | None = None  # whose lots come back
    restored: int = 0  # of them, what came back before
    line: FedLine | None = None
    expires_on: date | None = None
    lots: Sequence[Lot] = ()  # drawn from these alone


def lock(account_ids: Iterable[int]) -> dict[int, Account]:
    """锁定账户 Together, in the order of their numbers."""
    rows = Account.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(account_ids)).order_by("pk")
    return {account.pk: account for account in rows}


def fund_of(passbook: Passbook) -> Account:
    """基金账户"""
    return _account(passbook, Account.Kind.FUND)


def expiry_of(passbook: Passbook) -> Account:
    """作废账户"""
    return _account(passbook, Account.Kind.EXPIRY)


def member_account(passbook: Passbook, member: Member) -> Account:
    """党员的账户 Opened with the first credit or card."""
    return _account(passbook, Account.Kind.MEMBER, member=member)


def held_account(account: Account) -> Account:
    """预留账户 Beside a member's own."""
    return _account(account.passbook, Account.Kind.HELD, member=account.member)


def shop_account(shop: Shop) -> Account:
    """超市的账户"""
    return _account(shop.passbook, Account.Kind.SHOP, shop=shop)


def merchant_account(merchant: Merchant) -> Account:
    """商户的账户"""
    return _account(merchant.passbook, Account.Kind.MERCHANT, merchant=merchant)


def _account(passbook: Passbook, kind: Account.Kind, **whose: object) -> Account:
    found, _ = Account.objects.get_or_create(
        passbook=passbook, kind=kind, **whose, defaults={"created_at": clock.now()}
    )
    return found


def move(actor: AnyActor, what: Move) -> Transfer:
    """转账 Both accounts must be locked. Called again with the same reference it is the same transfer; with other
    content it is refused."""
    before = Transfer.objects.filter(reference=what.reference).first()
    if before is not None:
        return same(before, what)
    source, target = what.source, what.target
    if source.kind == Account.Kind.MEMBER and what.kind not in MAY_OVERDRAW and source.balance < what.amount:
        raise not_enough(source.balance, what.amount)
    made = Transfer.objects.create(
        from_account=source,
        to_account=target,
        amount=what.amount,
        reference=what.reference,
        kind=what.kind,
        reason=what.reason,
        at=clock.now(),
        actor_number=actor.number,
        undoes=what.undoes,
        line=what.line,
    )
    _change(source, -what.amount, made)
    debt = max(0, -target.balance)
    _change(target, what.amount, made)
    if source.kind == Account.Kind.MEMBER:
        _draw(source, what.amount, made, what.lots)
    if target.kind == Account.Kind.MEMBER and (left := what.amount - debt) > 0:
        _deposit(target, left, made, what)
    return made


def same(before: Transfer, what: Move) -> Transfer:
    """同一编号 The same content is the same answer."""
    stood = (before.from_account_id, before.to_account_id, before.amount, before.kind)
    if stood != (what.source.pk, what.target.pk, what.amount, what.kind):
        raise DomainError("reference_taken", "这个编号已经记过一笔内容不同的转账，没有再记。请核对后换一个编号重办。")
    return before


def not_enough(balance: int, wanted: int) -> DomainError:
    """余额不足"""
    if balance < 0:
        return DomainError(
            "below_zero",
            f"存折余额为{show(balance)}（更正收回了已经用掉的积分），补足以前不能兑换。以后入账的积分会先补上欠数。",
        )
    return DomainError("not_enough", f"存折余额{show(balance)}，不够{show(wanted)}。请少选一些，或等积分入账以后再来。")


def _change(account: Account, by: int, made: Transfer) -> None:
    account.balance += by
    account.last_transfer = made
    Account.objects.filter(pk=account.pk).update(balance=F("balance") + by, last_transfer=made)


def _draw(account: Account, amount: int, made: Transfer, only: Sequence[Lot]) -> None:
    """From the earliest to expire; what a reversal takes beyond them is owed."""
    draws = []
    lots = Lot.objects.filter(account=account, left__gt=0).order_by(F("expires_on").asc(nulls_last=True), "pk")
    for lot in only or lots:
        if amount == 0:
            break
        taken = min(amount, lot.left)
        amount -= taken
        Lot.objects.filter(pk=lot.pk).update(left=F("left") - taken)
        draws.append(Draw(transfer=made, lot=lot, amount=taken))
    Draw.objects.bulk_create(draws)


def _deposit(account: Account, amount: int, made: Transfer, what: Move) -> None:
    """A credit is one lot; what comes back returns as the lots it was drawn from, those that would have expired
    meanwhile with a month's grace."""
    drawn: Sequence[Draw] = []
    if what.restores is not None:
        drawn = list(Draw.objects.filter(transfer=what.restores).select_related("lot").order_by("-pk"))
    lots, before = [], what.restored
    for draw in drawn:
        skipped = min(before, draw.amount)
        before -= skipped
        part = min(amount, draw.amount - skipped)
        if part:
            amount -= part
            lots.append(_again(account, draw.lot, part, made))
    if amount:
        lots.append(Lot(account=account, transfer=made, amount=amount, left=amount, expires_on=what.expires_on))
    Lot.objects.bulk_create(lots)


def _again(account: Account, lot: Lot, part: int, made: Transfer) -> Lot:
    until, warned = lot.expires_on, lot.warned_on
    if until is not None and until < clock.today():
        until, warned = clock.today() + GRACE, None
    return Lot(account=account, transfer=made, amount=part, left=part, expires_on=until, warned_on=warned)
