"""月结 The cash and bank of a month counted beside the books, with everything that was compared; a second person
confirms. An unexplained difference cannot be closed."""

from dataclasses import asdict

from django.db.models import Max

from pioneer.accounts.policies import AnyActor
from pioneer.files.services import Content, store
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.rewards import money, money_queries, policies, queries
from pioneer.rewards.models import MonthClose
from pioneer.rewards.reconciliation import reconcile
from pioneer.rewards.services import check_texts, refuse


@operation("rewards.close_month")
def close_month(
    *, actor: AnyActor, passbook_id: int, year: int, month: int, counted_cents: int, note: str = ""
) -> MonthClose:
    """月结 Of a month that has ended. Where cash and books differ a note says why; counted again it is the next."""
    seen = queries.passbook_for(actor, passbook_id)
    passbook = money.lock_passbook(seen.pk)
    policies.require_manages(actor, passbook)
    faults = []
    if not (2019 <= year <= 2200 and 1 <= month <= 12):
        refuse([Fault("月份", "请选择月份。")])
    last = money_queries.last_day(year, month)
    if clock.today() <= last:
        raise DomainError("month_running", f"{year}年{month}月还没有结束，请在月末以后月结。")
    if last < passbook.decided_on:
        faults.append(Fault("月份", "存折那时还没有开设，请选择以后的月份。"))
    if counted_cents < 0:
        faults.append(Fault("实有金额", "现金和存款的实有金额不能小于0。"))
    found = money_queries.money_of(passbook, year, month)
    if counted_cents != found.after or note.strip():
        faults += check_texts({"差异说明": (note, 200)})
    refuse(faults)
    rows = MonthClose.objects.filter(passbook=passbook, year=year, month=month)
    if rows.filter(confirmed_at__isnull=False).exists():
        raise DomainError("confirmed_already", f"{year}年{month}月已月结并复核，不能再改。差错请记在本月并写明。")
    assert actor.number is not None
    result = reconcile(passbook)
    return MonthClose.objects.create(
        passbook=passbook, year=year, month=month, number=(rows.aggregate(n=Max("number"))["n"] or 0) + 1,
        counted_cents=counted_cents, book_cents=found.after, faults=len(result.findings),
        figures={
            **asdict(money_queries.figures(passbook)), "before": found.before, "came": found.came, "went": found.went,
            "checks": [[check.name, check.compared, len(check.findings)] for check in result.checks],
        },
        note=note.strip(), by_number=actor.number, at=clock.now(),
    )  # fmt: skip


@operation("rewards.confirm_month")
def confirm_month(*, actor: AnyActor, month_close_id: int) -> MonthClose:
    """复核月结 By another person, of the latest count; from then on no money is entered in that month."""
    seen = MonthClose.objects.filter(pk=month_close_id, passbook__in=queries.visible_to(actor)).first()
    if seen is None:
        raise NotVisible
    passbook = money.lock_passbook(seen.passbook_id)
    policies.require_checks(actor, passbook)
    found = MonthClose.objects.select_for_update(no_key=True).get(pk=seen.pk)
    policies.require_another(actor, found.by_number, "月结是您办的，须由另一位同志复核。")
    if found.confirmed_at is not None:
        raise DomainError("confirmed_already", "这个月的月结已经复核。")
    later = MonthClose.objects.filter(passbook=passbook, year=found.year, month=found.month, number__gt=found.number)
    if later.exists():
        raise DomainError("counted_again", "这个月后来又重新月结过，请复核最近一次。")
    if money_queries.money_of(passbook, found.year, found.month).after != found.book_cents:
        raise DomainError("books_moved", "月结以后这个月又记了账，账面已经不同。请重新月结，再复核。")
    found.confirmed_by_number, found.confirmed_at = actor.number, clock.now()
    found.save(update_fields=["confirmed_by_number", "confirmed_at"])
    return found


@operation("rewards.attach_month_paper")
def attach_month_paper(*, actor: AnyActor, month_close_id: int, content: Content, name: str) -> MonthClose:
    """月结的签字件 The month's paper as signed by both people, scanned; once, of a count that was confirmed."""
    seen = MonthClose.objects.filter(pk=month_close_id, passbook__in=queries.visible_to(actor)).first()
    if seen is None:
        raise NotVisible
    policies.require_manages(actor, seen.passbook)
    found = MonthClose.objects.select_for_update(of=("self",), no_key=True).get(pk=seen.pk)
    if found.confirmed_at is None:
        raise DomainError("unconfirmed", "这个月的月结还没有复核。请复核以后打印月报，两人签字，再存扫描件。")
    if found.paper_id is not None:
        raise DomainError("paper_there", "这个月已存签字的月报，不能更换。")
    found.paper = store(content, name, "", actor.number)
    found.save(update_fields=["paper"])
    return found
