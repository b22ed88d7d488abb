"""正式评定以前 What stands in the way of settling a cycle in earnest, each as one sentence; pages add the link.

Links lead by `kind` and `subject`, the number of what has to be dealt with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q

from pioneer.assessments.models import Line, Sheet
from pioneer.assessments.queries import branches_without_sheet
from pioneer.conduct.models import ZeroingCase
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.ledger.queries import posted_at
from pioneer.members.models import Exemption, Membership, Transfer
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import along_tree, in_tree_order
from pioneer.publicity.models import Objection, Publication
from pioneer.results.cycles import Ruled, cycle_text
from pioneer.results.former_cycles import cycle_before, inherits, unfiled
from pioneer.results.mark_queries import lacking
from pioneer.results.models import FormerResult
from pioneer.scoring import Cycle
from pioneer.scoring.periods import add_months

UNANSWERED = (Objection.State.OPEN, Objection.State.TOWNSHIP)
UNDECIDED = (ZeroingCase.State.PROPOSED, ZeroingCase.State.ANSWERED)
UNRULED = (Exemption.State.APPLIED, Exemption.State.BRANCH_AGREED)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """一件先要办的事"""

    kind: str
    sentence: str
    subject: int | None = None


def hindrances(at: Organisation, ruled: Ruled) -> list[Hindrance]:
    """先要办的事 Empty where the cycle may be settled in earnest. A constant number of queries, and one per month."""
    cycle, found = ruled.cycle, []
    if not ruled.is_over:
        last = cycle.last_on
        found.append(
            Hindrance(
                "running",
                f"{cycle_text(cycle)}到{last.year}年{last.month}月{last.day}日才结束，现在只能试算。"
                "请在期满以后再正式评定。",
            )
        )
    for part in (
        _filed,
        _nothing,
        _missing,
        _sheets,
        _objections,
        _statements,
        _claims,
        _transfers,
        _zeroings,
        _exemptions,
    ):
        found += part(at, cycle)
    return [*found, *_not_on_record(at, ruled)]


def unfinished_sheets(at: Organisation, cycle: Cycle) -> list[Hindrance]:
    """没有办完的考评表 Of the cycle's months, for whoever files what was settled."""
    return list(_sheets(at, cycle))


def _filed(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    """What was filed is settled no more: it is amended."""
    found = FormerResult.objects.filter(unit__path__startswith=at.path, first_on=cycle.first_on, result__isnull=False)
    rows = dict(found.order_by().values_list("unit").annotate(number=Min("filing_number")))
    for unit in in_tree_order(Organisation.objects.filter(pk__in=rows)):
        number = rows[unit.pk]
        yield Hindrance(
            "filed",
            f"{unit.name}{cycle_text(cycle)}的结果已经备案（{number}），不再评定。结果有差错的，请在“备案”页提出更正。",
        )


# ------------------------------------------------------------------ the branches' months


def _months(cycle: Cycle) -> list[tuple[int, int]]:
    """Those that are over: the running one has its sheet still open."""
    found, first = [], cycle.first_on
    while (after := add_months(first, 1)) <= min(clock.today(), cycle.last_on + timedelta(days=1)):
        found.append((first.year, first.month))
        first = after
    return found


def _within(cycle: Cycle) -> Q:
    """Sheets of the cycle's months; a take-over sheet stands in the month up to which it takes over."""
    found = Q(pk__in=[])
    for year, month in _months(cycle):
        found |= Q(year=year, month=month)
    return found


def _nothing(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    """A cycle from before the branches began: everybody would have the opening score."""
    if (
        cycle.last_on < clock.today()
        and not Sheet.objects.filter(_within(cycle), branch__path__startswith=at.path).exists()
    ):
        yield Hindrance("nothing", f"{at.name}在{cycle_text(cycle)}没有一张考评表，没有可以评定的。请核对周期。")


def _missing(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    branches = Organisation.objects.filter(path__startswith=at.path, is_branch=True).order_by()
    names = dict(branches.values_list("pk", "name"))
    without: dict[int, list[str]] = {}
    for year, month in _months(cycle):
        for number in branches_without_sheet(year, month):
            if number in names:
                without.setdefault(number, []).append(f"{year}年{month}月")
    for branch in in_tree_order(branches.filter(pk__in=without)):
        told = "、".join(without[branch.pk])
        yield Hindrance("no_sheet", f"{branch.name}没有{told}的考评表。请开立、考评、公示并入账，再正式评定。")


def _sheets(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    """An open supplementary sheet that holds nothing stands in nobody's way."""
    found = list(
        Sheet.objects.filter(_within(cycle), branch__path__startswith=at.path)
        .select_related("branch")
        .annotate(holds=Exists(Line.objects.filter(sheet=OuterRef("pk"))), claims=Count("reviews"))
        .order_by("year", "month", "sequence")
    )
    sheets = along_tree(found, lambda one: one.branch)
    of_sheet = dict(
        Publication.objects.filter(sheet__in=[one.pk for one in sheets], superseded_at__isnull=True)
        .order_by()
        .values_list("sheet_id", "pk")
    )
    posted = posted_at(of_sheet.values())
    for sheet in sheets:
        notice = of_sheet.get(sheet.pk)
        name = f"{sheet.branch.name}{sheet.year}年{sheet.month}月的{sheet.get_kind_display()}"
        if notice in posted:
            continue
        if notice is not None:
            yield Hindrance("publication", f"{name}已公示，还没有入账。请等公示期满、结束公示并入账。", notice)
        elif sheet.sequence == 0 or sheet.state != Sheet.State.OPEN or sheet.holds or sheet.claims:
            state = sheet.get_state_display()
            yield Hindrance("sheet", f"{name}还没有公示（{state}）。请办完复核、公示和入账。", sheet.pk)


def _objections(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    open_ones = Objection.objects.filter(
        state__in=UNANSWERED,
        publication__superseded_at__isnull=True,
        publication__sheet__in=Sheet.objects.filter(_within(cycle), branch__path__startswith=at.path),
    ).select_related("publication__sheet__branch")
    for one in open_ones.order_by("created_at", "pk"):
        sheet = one.publication.sheet
        yield Hindrance(
            "objection",
            f"对{sheet.branch.name}{sheet.year}年{sheet.month}月公示的一件异议{one.get_state_display()}，到期"
            f"{_day(one.due_at)}。请答复后再正式评定。",
            one.pk,
        )


def _statements(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    """Deductions that were told and not answered, as long as their time runs."""
    waiting = Line.objects.filter(
        state=Line.State.STANDING,
        wait_until__gt=clock.now(),
        statement_at__isnull=True,
        confirmed_by_number__isnull=True,
        sheet__branch__path__startswith=at.path,
        event_on__range=cycle,
    )
    rows = dict(waiting.order_by().values_list("sheet").annotate(number=Count("pk")))
    sheets = Sheet.objects.filter(pk__in=rows).select_related("branch").order_by("year", "month", "sequence")
    for sheet in along_tree(sheets, lambda one: one.branch):
        name, number = sheet.branch.name, rows[sheet.pk]
        yield Hindrance("sheet", f"{name}有{number}条扣分正等本人说明。请等答复，或等期限过去后复核。", sheet.pk)


def _claims(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    waiting = Declaration.objects.filter(
        state=Declaration.State.SUBMITTED, event_on__range=cycle, branch__path__startswith=at.path
    )
    rows = dict(waiting.order_by().values_list("branch").annotate(number=Count("pk")))
    for branch in in_tree_order(Organisation.objects.filter(pk__in=rows)):
        name, number = branch.name, rows[branch.pk]
        yield Hindrance("claims", f"{name}有{number}项申报还没有考评。请核定后公示、入账；逾期的列入补充考评表。")


# ------------------------------------------------------------------ people


def _transfers(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    open_ones = Transfer.objects.filter(
        Q(from_branch__path__startswith=at.path) | Q(to_branch__path__startswith=at.path),
        state=Transfer.State.PROPOSED,
        on__lte=cycle.last_on,
    ).select_related("member", "from_branch", "to_branch")
    for one in open_ones.order_by("on", "pk"):
        to = one.to_branch.name if one.to_branch else one.to_outside
        yield Hindrance(
            "transfer", f"{one.member.name}从{one.from_branch.name}转往{to}还没有接收。请接收或退回。", one.pk
        )


def _zeroings(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    open_ones = ZeroingCase.objects.filter(
        state__in=UNDECIDED, document_on__range=cycle, branch__path__startswith=at.path
    ).select_related("member")
    for one in open_ones.order_by("document_on", "pk"):
        yield Hindrance("zeroing", f"{one.member.name}的清零{one.get_state_display()}。请办结后再正式评定。", one.pk)


def _exemptions(at: Organisation, cycle: Cycle) -> Iterator[Hindrance]:
    here = Membership.objects.filter(until_on__isnull=True, branch__path__startswith=at.path)
    open_ones = Exemption.objects.filter(
        state__in=UNRULED, from_on__lte=cycle.last_on, member__in=here.values("member")
    ).select_related("member")
    for one in open_ones.order_by("applied_at", "pk"):
        state = one.get_state_display()
        yield Hindrance("exemption", f"{one.member.name}的免评申请{state}。请办结后再正式评定。", one.pk)


# ------------------------------------------------------------------ what the rules ask for


def _not_on_record(at: Organisation, ruled: Ruled) -> Iterator[Hindrance]:
    """Marks from outside the points, and the former score where a share of it is inherited."""
    for one in lacking(at, ruled):
        name = f"{one.branch.name}的“{one.component.name}”（{one.component.clause}）"
        if one.missing:
            yield Hindrance("marks", f"{name}还缺{one.missing}名党员的成绩。请录入并由另一人核对。", one.branch.pk)
        if one.waiting:
            yield Hindrance("marks", f"{name}有{one.waiting}项成绩还没有核对。请由另一人核对。", one.branch.pk)
    number = unfiled(at, ruled) if inherits(ruled.rules) else 0
    if number:
        book = ruled.rules.closing
        before = cycle_text(cycle_before(book, ruled.cycle))
        yield Hindrance(
            "formers",
            f"积分办法（{book.opening.clause}）要结转上一周期的得分，{number}名党员的{before}结果还没有备案。"
            "请先备案；在别处备案的，请导入。",
            at.pk,
        )


def _day(at: datetime) -> str:
    on = at.astimezone(clock.SHANGHAI).date()
    return f"{on.year}年{on.month}月{on.day}日"
