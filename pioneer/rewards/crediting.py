"""积分转入 What a posting shows is paid into the passbooks, once per line; a later change by its difference."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.ledger.chain import reference_of
from pioneer.ledger.models import Entry, Posting
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation
from pioneer.publicity.models import PublishedLine
from pioneer.rewards import booking, policies, queries
from pioneer.rewards.booking import Kind, Move
from pioneer.rewards.models import Account, FedLine, FedPosting, Passbook
from pioneer.rewards.services import OWN_PAGE
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Engine
from pioneer.scoring.passbook import PassbookRule
from pioneer.scoring.periods import add_months

Shown = PublishedLine.Kind


@dataclass(slots=True)
class _Round:
    """What one operation has at hand: the district's rules, accounts under lock, what the month's budget leaves."""

    actor: AnyActor
    engine: Engine
    accounts: dict[tuple[int, int], Account]  # by passbook and member
    funds: dict[int, Account]
    room: dict[int, int | None]
    told: dict[int, int] = field(default_factory=lambda: defaultdict(int))


@operation("rewards.credit_posting")
def credit_posting(*, actor: AnyActor, posting_id: int) -> FedPosting:
    """转入 The counted value of each line the posting shows, at the rate of the rulebook of its day. What a correction
    takes back or moves is settled by the difference, even below zero. Called again, the answer is the same."""
    policies.require_clock(actor, "rewards.credit_posting")
    posting = Posting.objects.select_related("branch", "publication").filter(pk=posting_id).first()
    if posting is None:
        raise NotVisible
    district = posting.branch.district_number
    Organisation.objects.select_for_update(no_key=True).get(pk=district)  # one posting of a district after the other
    before = FedPosting.objects.filter(posting=posting).first()
    if before is not None:
        return before
    waiting = queries.to_credit(district)
    if posting.pk not in {one.pk for one in waiting}:
        raise DomainError("nothing_to_credit", "这次入账所属的组织没有开设积分存折，不用转入。")
    if waiting[0].pk != posting.pk:
        raise DomainError("earlier_uncredited", "更早的入账还没有转入存折。转入按入账的先后办理，请等系统依次办完。")
    on = posting.posted_at.astimezone(clock.SHANGHAI).date()
    lines = _touched(posting, queries.passbook_over(posting.branch, on), engine_for(district))
    rounds = _prepare(actor, engine_for(district), lines)
    for line in lines:
        _settle(rounds, line)
    passbook = queries.passbook_over(posting.branch, on) or lines[0].passbook
    _tell(rounds, f"{posting.pk}")
    return FedPosting.objects.create(posting=posting, passbook=passbook, at=clock.now(), lines=len(lines))


@operation("rewards.credit_waiting")
def credit_waiting(*, actor: AnyActor, passbook_id: int) -> int:
    """补转 What was beyond the budget of the months before, the oldest first, as far as this month's goes."""
    policies.require_clock(actor, "rewards.credit_waiting")
    passbook = Passbook.objects.select_related("organisation").filter(pk=passbook_id).first()
    if passbook is None:
        raise NotVisible
    district = passbook.organisation.district_number
    Organisation.objects.select_for_update(no_key=True).get(pk=district)
    lines = [one for one in queries.waiting_lines(passbook) if one.due > one.credited]
    rounds = _prepare(actor, engine_for(district), lines)
    done = sum(_settle(rounds, line) for line in lines)
    if not done:
        raise DomainError("not_due", "没有待补转的积分，或本月的转入上限已经用完。")
    _tell(rounds, f"waiting.{passbook.pk}.{clock.today()}")
    return done


# ------------------------------------------------------------------ lines


def _touched(posting: Posting, passbook: Passbook | None, engine: Engine) -> list[FedLine]:
    """The lines that this posting credits, changes or takes back, each with what it counts by now."""
    shown = PublishedLine.objects.filter(publication=posting.publication, withheld=False)
    rows = list(shown.select_related("line", "member").order_by("event_on", "line_id"))
    numbers = {(row.line.corrects_id or 0) if row.kind == Shown.CORRECTION else row.line_id for row in rows}
    fed = FedLine.objects.filter(line__in=numbers).select_related("passbook__organisation", "member")
    known = {one.line: one for one in fed}
    entries = Entry.objects.filter(reference__in=[reference_of(row.line_id) for row in rows])
    versions = dict(entries.values_list("reference", "rulebook_version_id"))
    found: dict[int, FedLine] = {}
    for row in rows:
        number = row.line.corrects_id if row.kind == Shown.CORRECTION else row.line_id
        line = known.get(number or 0)
        if line is None and row.kind == Shown.OWN and passbook is not None and _feeds(row, engine):
            line = FedLine(
                passbook=passbook, member=row.member, line=row.line_id, indicator=row.indicator,
                event_on=row.event_on, version_id=versions[reference_of(row.line_id)],
            )  # fmt: skip
            known[row.line_id] = line
        if line is not None:
            line.counted += row.counted
            found[line.line] = line
    for line in found.values():
        rule = _rule(engine, line.event_on)
        line.due = rule.worth(line.counted) if rule else 0
        line.save()
    return list(found.values())


def _feeds(row: PublishedLine, engine: Engine) -> bool:
    """Of an index that feeds the passbook by the rules of its day. What was carried over from paper doesn't."""
    rule = _rule(engine, row.event_on)
    return rule is not None and not row.line.carried and _index(engine, row.indicator, row.event_on) in rule.indices


def _rule(engine: Engine, on: date) -> PassbookRule | None:
    version = engine.version_on(on)
    return version.passbook if version else None


def _index(engine: Engine, indicator: str, on: date) -> str:
    version = engine.version_on(on)
    found = version.indicators.get(indicator) if version else None
    return found.index if found else ""


# ------------------------------------------------------------------ the transfers


def _prepare(actor: AnyActor, engine: Engine, lines: Iterable[FedLine]) -> _Round:
    """Every account under lock, the funds with them."""
    lines = list(lines)
    passbooks = {line.passbook_id: line.passbook for line in lines}
    whose = {(line.passbook_id, line.member_id): line for line in lines}
    own = {key: booking.member_account(line.passbook, line.member) for key, line in whose.items()}
    funds = {number: booking.fund_of(passbook) for number, passbook in passbooks.items()}
    locked = booking.lock([account.pk for account in (*own.values(), *funds.values())])
    return _Round(
        actor,
        engine,
        {key: locked[account.pk] for key, account in own.items()},
        {number: locked[account.pk] for number, account in funds.items()},
        {number: queries.room_in(passbook) for number, passbook in passbooks.items()},
    )


def _settle(rounds: _Round, line: FedLine) -> int:
    """The difference between what is due and what was credited, as far as it goes; whether anything moved."""
    account, fund = rounds.accounts[line.passbook_id, line.member_id], rounds.funds[line.passbook_id]
    takes = _index(rounds.engine, line.indicator, line.event_on) == "reverse"
    amount = line.due - line.credited
    if amount > 0 and not takes:
        room = rounds.room[line.passbook_id]
        amount = amount if room is None else min(amount, room)
        if room is not None:
            rounds.room[line.passbook_id] = room - amount
    elif amount < 0 and takes:  # a deduction takes what is there, and no more is owed for it
        amount = -min(-amount, max(0, account.balance))
        line.due = line.credited + amount
    if amount:
        line.turns += 1
        booking.move(rounds.actor, _movement(rounds, line, account, fund, amount))
        line.credited += amount
        rounds.told[line.member_id] += amount
    line.save()
    return int(amount != 0)


def _movement(rounds: _Round, line: FedLine, account: Account, fund: Account, amount: int) -> Move:
    reference = f"line:{line.line}:{line.turns}"
    if amount < 0:
        return Move(account, fund, -amount, Kind.REVERSAL, reference, "条目更正，收回相应积分", line=line)
    until = _expires(rounds.engine, _rule(rounds.engine, line.event_on))
    return Move(fund, account, amount, Kind.CREDIT, reference, "条目入账", line=line, expires_on=until)


def _expires(engine: Engine, rule: PassbookRule | None) -> date | None:
    if rule is None or rule.keep == "carried":
        return None
    if rule.keep == "cleared":
        return engine.cycle_of(clock.today()).last_on
    return add_months(clock.today(), 12 * (rule.years or 1))


def _tell(rounds: _Round, reference: str) -> None:
    users = {account.member_id: account.member for account in rounds.accounts.values()}
    for member_id, amount in rounds.told.items():
        member = users[member_id]
        if amount and member is not None:
            title = f"存折转入{show(amount)}" if amount > 0 else f"存折收回{show(-amount)}"
            text = "新入账的条目已转入积分存折。" if amount > 0 else "条目更正，按差额收回了存折积分。"
            tell(member.user_id, "rewards.credited", reference, title, f"{text}得分不受影响。", OWN_PAGE)
