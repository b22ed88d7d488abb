"""积分存折的读取 Which passbooks there are, what an account holds, whether it may be used, its history, its card."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import F, Q, QuerySet, Sum

from pioneer.accounts.policies import Act, AnyActor, may, paths
from pioneer.conduct.queries import zeroings_in_force
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.ledger.models import Posting
from pioneer.members import queries as members
from pioneer.members.models import Member, Membership, Status, StatusSpell
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import along_tree, in_tree_order
from pioneer.publicity.models import PublishedLine
from pioneer.rewards import codes
from pioneer.rewards.models import Account, Card, FedLine, FedPosting, Lot, Merchant, Passbook, Transfer
from pioneer.rewards.policies import issues_cards, owns
from pioneer.rulebook.queries import current_rulebook, deadline, engine_for
from pioneer.scoring.passbook import PassbookRule

Kind = Account.Kind
EXIT = {
    Status.TRANSFERRED_OUT: "passbook_after_transfer",
    Status.DECEASED: "passbook_after_death",
}
WORDS = {Status.TRANSFERRED_OUT: "转出", Status.DECEASED: "亡故"}


def day(on: date | None) -> str:
    """日期的写法"""
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


# ------------------------------------------------------------------ passbooks


def visible_to(actor: AnyActor) -> QuerySet[Passbook]:
    """看得到的存折 Whose books the actor sees, over a branch where it issues cards, where it is a merchant's person,
    and where it has an account itself."""
    seen = Q(organisation__in=issuing_under(actor))
    for path in paths(actor, Act.SEE_PASSBOOK):
        seen |= Q(organisation__path__startswith=path)
    if actor.number is not None:
        mine = Account.objects.filter(kind=Kind.MEMBER, member__user=actor.number)
        served = Merchant.objects.filter(people__user=actor.number, people__ended_at=None)
        seen |= Q(pk__in=mine.values("passbook")) | Q(pk__in=served.values("passbook"))
    return Passbook.objects.filter(seen).select_related("organisation")


def issuing_under(actor: AnyActor) -> set[int]:
    """可发卡的支部及其上级 Where the actor issues cards, and what stands above: their numbers."""
    return {int(part) for path in paths(actor, Act.ISSUE_CARD) for part in path.split("/") if part}


def passbook_for(actor: AnyActor, passbook_id: int, *, lock: bool = False) -> Passbook:
    """看得到的一个存折"""
    rows = visible_to(actor)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=passbook_id).first()
    if found is None:
        raise NotVisible
    return found


def passbooks_to_open(actor: AnyActor) -> list[Organisation]:
    """可开设存折的组织 Communities where the actor decides, without one today."""
    within = Q(pk__in=[])
    for path in paths(actor, Act.OPEN_PASSBOOK):
        within |= Q(path__startswith=path)
    having = Passbook.objects.filter(closes_on=None).values("organisation")
    rows = Organisation.objects.filter(within, level=Organisation.Level.COMMUNITY, closed_on__isnull=True)
    return [one for one in in_tree_order(rows.exclude(pk__in=having)) if may(actor, Act.OPEN_PASSBOOK, one)]


def passbook_over(branch: Organisation, on: date) -> Passbook | None:
    """支部所属的存折 Of the branch itself or what stands above it, open on that day."""
    chain = [int(part) for part in branch.path.split("/") if part]
    rows = Passbook.objects.filter(organisation__in=chain, opened_on__lte=on)
    rows = rows.filter(Q(closes_on=None) | Q(closes_on__gte=on)).select_related("organisation")
    return rows.order_by("-organisation__path", "-opened_on").first()


def rule_on(district_id: int, on: date) -> PassbookRule | None:
    """存折规则 Of the rulebook of a day; None where it says nothing, or none holds."""
    try:
        return current_rulebook(district_id, on).passbook
    except DomainError:
        return None


# ------------------------------------------------------------------ may it be used


def frozen_among(member_ids: Collection[int], district_id: int) -> set[int]:
    """冻结的 Whose zeroing holds in the cycle of today: frozen meanwhile, not forfeited. One query."""
    cycle = engine_for(district_id).cycle_of(clock.today())
    return {one.member_id for one in zeroings_in_force(member_ids, cycle.first_on, cycle.last_on)}


def usable_until(member: Member) -> tuple[str, date] | None:
    """还可用到哪天 Of who was transferred out of the district or has died: why, and the last day."""
    last = StatusSpell.objects.filter(member=member, from_on__lte=clock.today()).order_by("-from_on").first()
    if last is None or last.status not in EXIT:
        return None
    status = Status(last.status)
    try:
        procedure = current_rulebook(member.district_id, clock.today()).procedure
    except DomainError:
        return None
    return WORDS[status], deadline(getattr(procedure, EXIT[status]), last.from_on)


def why_not_usable(account: Account) -> tuple[str, str] | None:
    """为何不能用 Code and sentence, or None where the account may be used today."""
    passbook, member = account.passbook, account.member
    assert member is not None
    today = clock.today()
    if today < passbook.opened_on:
        return "not_open_yet", f"{passbook.organisation.name}的积分存折从{day(passbook.opened_on)}起使用。"
    if passbook.closes_on is not None and today > passbook.closes_on:
        ended = day(passbook.closes_on)
        return "passbook_closed", f"{passbook.organisation.name}的积分存折已于{ended}停办，不能再使用。"
    if member.pk in frozen_among([member.pk], member.district_id):
        return "frozen", "存折已冻结：清零决定有效期间不能使用，积分保留，解除后照常使用。如有疑问请向支部查询。"
    until = usable_until(member)
    if until is not None and today > until[1]:
        return "too_late", f"{until[0]}后存折可用到{day(until[1])}，现已过期。"
    return None


def require_usable(account: Account) -> None:
    """须可使用"""
    why = why_not_usable(account)
    if why is not None:
        raise DomainError(*why)


# ------------------------------------------------------------------ a member's own side


@dataclass(frozen=True, slots=True)
class Standing:
    """一个存折的情况 Of one member at one passbook, as its own page shows it."""

    account: Account
    held: int
    waiting: int
    why_not: str
    usable_until: date | None
    next_expiry: date | None
    next_expiring: int

    @property
    def balance(self) -> int:
        return self.account.balance


def accounts_visible_to(actor: AnyActor) -> QuerySet[Account]:
    """看得到的党员账户 One's own, and those where the actor runs the shop or manages the passbook."""
    seen = Q(pk__in=[])
    for act in (Act.RUN_SHOP, Act.MANAGE_PASSBOOK):
        for path in paths(actor, act):
            seen |= Q(passbook__organisation__path__startswith=path)
    if actor.number is not None:
        seen |= Q(member__user=actor.number)
    rows = Account.objects.filter(seen, kind=Kind.MEMBER)
    return rows.select_related("passbook__organisation", "member")


def account_for(actor: AnyActor, account_id: int) -> Account:
    """看得到的一个党员账户"""
    found = accounts_visible_to(actor).filter(pk=account_id).first()
    if found is None:
        raise NotVisible
    return found


def accounts_of(actor: AnyActor) -> list[Standing]:
    """我的存折 One at each organisation where points were credited or a card issued."""
    if actor.number is None:
        return []
    own = Account.objects.filter(kind=Kind.MEMBER, member__user=actor.number)
    return [standing_of(account) for account in own.select_related("passbook__organisation", "member")]


def standing_of(account: Account) -> Standing:
    """存折的情况"""
    member = account.member
    assert member is not None
    held = Account.objects.filter(passbook=account.passbook, member=member, kind=Kind.HELD).first()
    waiting = FedLine.objects.filter(passbook=account.passbook, member=member, due__gt=F("credited"))
    waits = sum(due - credited for due, credited in waiting.values_list("due", "credited"))
    until = usable_until(member)
    why = why_not_usable(account)
    soon = Lot.objects.filter(account=account, left__gt=0, expires_on__isnull=False).order_by("expires_on").first()
    expiring = 0
    if soon is not None:
        same = Lot.objects.filter(account=account, left__gt=0, expires_on=soon.expires_on)
        expiring = same.aggregate(sum=Sum("left"))["sum"] or 0
    return Standing(
        account,
        held.balance if held else 0,
        waits,
        why[1] if why else "",
        until[1] if until else account.passbook.closes_on,
        soon.expires_on if soon else None,
        expiring,
    )


def history_of(actor: AnyActor, account_id: int) -> QuerySet[Transfer]:
    """存折明细 Every transfer of an account the actor sees, the latest first; with the ledger line behind a credit."""
    account = account_for(actor, account_id)
    rows = Transfer.objects.filter(Q(from_account=account) | Q(to_account=account))
    return rows.select_related("from_account__shop", "to_account__shop", "to_account__merchant", "line").order_by("-pk")


def card_of(actor: AnyActor, account_id: int) -> Card | None:
    """现用的卡 None where none was issued or the last was lost."""
    account = account_for(actor, account_id)
    return Card.objects.filter(account=account, dead_at=None).select_related("account__passbook").first()


def code_of(actor: AnyActor, card_id: int) -> codes.Shown:
    """动态码 For the member alone: what to show, and for how many seconds it stands."""
    card = Card.objects.select_related("account__member").filter(pk=card_id, dead_at=None).first()
    if card is None or not owns(actor, card.account):
        raise NotVisible
    return codes.show(card, clock.now())


def card_for(actor: AnyActor, card_id: int) -> Card:
    """看得到的一张卡 One's own, and for who issues cards there; a dead one too."""
    rows = Card.objects.select_related("account__member", "account__passbook__organisation")
    card = rows.filter(pk=card_id).first()
    if card is None or card.account.member is None:
        raise NotVisible
    if not owns(actor, card.account):
        passbook = passbook_for(actor, card.account.passbook_id)
        if not issues_cards(actor, passbook, members.branch_on(card.account.member, clock.today())):
            raise NotVisible
    return card


def cards_to_issue(actor: AnyActor, passbook_id: int) -> list[tuple[Member, Card | None]]:
    """可发卡的党员 On the rosters below the passbook's organisation today, of the branches where the actor issues
    cards; each with its card that works."""
    passbook = passbook_for(actor, passbook_id)
    within = Q(pk__in=[])
    for path in paths(actor, Act.ISSUE_CARD):
        within |= Q(branch__path__startswith=path)
    spells = Membership.objects.filter(
        members.covering(clock.today()), within, branch__path__startswith=passbook.organisation.path
    ).select_related("member")
    spells = spells.select_related("branch").order_by("member__position")
    people = [spell.member for spell in along_tree(spells, lambda one: one.branch)]
    alive = Card.objects.filter(account__passbook=passbook, dead_at=None).select_related("account")
    cards = {card.account.member_id: card for card in alive}
    return [(member, cards.get(member.pk)) for member in people]


# ------------------------------------------------------------------ for the clock


def to_credit(district_id: int | None = None) -> list[Posting]:
    """待转入的入账 Posted while a passbook stands over the branch, or correcting a line that was credited; not taken up
    yet, in the order of posting."""
    due = Q(pk__in=[])
    for passbook in Passbook.objects.select_related("organisation"):
        here = Q(branch__path__startswith=passbook.organisation.path, posted_at__gte=begin_of(passbook.opened_on))
        if passbook.closes_on is not None:
            here &= Q(posted_at__lt=clock.end_of(passbook.closes_on))
        due |= here
    fed = FedLine.objects.values("line")
    touching = PublishedLine.objects.filter(
        Q(kind=PublishedLine.Kind.CORRECTION, line__corrects__in=fed) | Q(kind=PublishedLine.Kind.MOVED, line__in=fed),
        withheld=False,
    )
    rows = Posting.objects.filter(due | Q(publication__in=touching.values("publication")))
    rows = rows.exclude(pk__in=FedPosting.objects.values("posting"))
    if district_id is not None:
        rows = rows.filter(branch__path__startswith=f"/{district_id}/")
    return list(rows.select_related("branch", "publication").order_by("pk"))


def begin_of(on: date) -> datetime:
    """某日0时"""
    return datetime.combine(on, time(), tzinfo=clock.SHANGHAI)


def waiting_passbooks() -> list[Passbook]:
    """有待补转的存折 Where a line is due more than was credited, and this month's budget leaves something."""
    behind = FedLine.objects.filter(due__gt=F("credited")).values("passbook")
    rows = Passbook.objects.filter(pk__in=behind).select_related("organisation").order_by("pk")
    return [one for one in rows if room_in(one) != 0]


def waiting_lines(passbook: Passbook) -> list[FedLine]:
    """待补转的条目 The oldest first."""
    rows = FedLine.objects.filter(passbook=passbook, due__gt=F("credited"))
    return list(rows.select_related("passbook__organisation", "member").order_by("pk"))


def room_in(passbook: Passbook) -> int | None:
    """本月还可转入 None where the rulebook sets no budget."""
    rule = rule_on(passbook.organisation.district_number, clock.today())
    if rule is None or rule.budget is None:
        return None
    return max(0, rule.budget - issued_in(passbook, clock.today()))


def issued_in(passbook: Passbook, on: date) -> int:
    """本月已转入 In the month of that day."""
    first = begin_of(on.replace(day=1))
    made = Transfer.objects.filter(
        from_account__passbook=passbook, kind=Transfer.Kind.CREDIT, at__gte=first, at__lte=clock.now()
    )
    return made.aggregate(sum=Sum("amount"))["sum"] or 0
