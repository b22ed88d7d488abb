"""考评的读取 Sheets, their lines, the claims that belong on them, and who may be the second person."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, AnyActor, may, paths
from pioneer.assessments import policies, roster
from pioneer.assessments.models import Line as Line
from pioneer.assessments.models import Review
from pioneer.assessments.models import Sheet as Sheet
from pioneer.declarations.models import Declaration
from pioneer.kernel import clock
from pioneer.kernel.asking import remembered
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.members.models import Member, Membership
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import engine_for
from pioneer.scoring import Engine

# ------------------------------------------------------------------ what an actor sees


def _in_scope(actor: AnyActor, act: Act, prefix: str) -> Q:
    scope = Q(pk__in=[])
    for path in paths(actor, act):
        scope |= Q(**{f"{prefix}path__startswith": path})
    return scope


def visible_to(actor: AnyActor) -> QuerySet[Sheet]:
    """看得到的考评表 The branches' own people, officers above and auditors."""
    return Sheet.objects.filter(_in_scope(actor, Act.SEE_SHEET, "branch__")).select_related("branch")


def get_sheet(actor: AnyActor, sheet_id: int) -> Sheet:
    """取一张考评表"""
    found = visible_to(actor).filter(pk=sheet_id).first()
    if found is None:
        raise NotVisible
    return found


def lines_visible_to(actor: AnyActor) -> QuerySet[Line]:
    """看得到的条目 The actor's own, and those of the sheets it sees."""
    scope = _in_scope(actor, Act.SEE_SHEET, "sheet__branch__")
    if actor.number is not None:
        scope |= Q(member__user_id=actor.number)
    return Line.objects.filter(scope).select_related("sheet__branch", "member", "corrects")


def get_line(actor: AnyActor, line_id: int) -> Line:
    """取一个条目"""
    found = lines_visible_to(actor).filter(pk=line_id).first()
    if found is None:
        raise NotVisible
    return found


def branches_evaluated_by(actor: AnyActor) -> QuerySet[Organisation]:
    """我考评的支部 Branches open today in which the actor evaluates."""
    scope = _in_scope(actor, Act.EVALUATE, "")
    return Organisation.objects.filter(scope, is_branch=True, closed_on__isnull=True)


def branches_without_sheet(year: int, month: int) -> list[int]:
    """待开立的支部 Branches open at the month's end that have no sheet for it yet; for the clock."""
    last = roster.last_day(year, month)
    branches = Organisation.objects.filter(is_branch=True, opened_on__lte=last)
    branches = branches.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=last))
    here = Q(year=year, month=month, sequence=0) | Q(taken_over_on__gte=last)
    have = Sheet.objects.filter(here).values("branch_id")
    return list(branches.exclude(pk__in=have).order_by("path").values_list("pk", flat=True))


def names_of(numbers: Iterable[int | None]) -> dict[int, str]:
    """账号的姓名"""
    wanted = {number for number in numbers if number is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name"))


# ------------------------------------------------------------------ lines


@remembered
def standing_lines(sheet: Sheet, *, unpublished: bool = True) -> list[Line]:
    """有效条目 The lines that stand, in roster order, then by date.

    Not those of a member whose cycle a zeroing has closed, nor, while unpublished, of one who has died.
    """
    found = Line.objects.filter(sheet=sheet, state=Line.State.STANDING).select_related("member", "corrects")
    lines = list(found.order_by("member__position", "member_id", "event_on", "id"))
    ids = {line.member_id for line in lines}
    gone = set(closed_for(sheet, ids))
    if unpublished:
        gone |= members.deceased_among(ids, clock.today())
    return [line for line in lines if line.member_id not in gone]


def claims_of_sheet(sheet_id: int) -> list[int]:
    """考评过的申报 The claims that were decided on a sheet, by number. One query."""
    return list(Review.objects.filter(sheet=sheet_id).order_by().values_list("declaration_id", flat=True))


def closed_for(sheet: Sheet, member_ids: Collection[int]) -> dict[int, str]:
    """本周期已清零的 Members of the sheet whose cycle is closed by a zeroing, with the reason as a sentence."""
    cycle = engine_for(sheet.branch.district_number).cycle_of(roster.last_day(sheet.year, sheet.month))
    return {
        member_id: f"依据{case.document_on.year}年{case.document_on.month}月{case.document_on.day}日的"
        f"{case.get_document_kind_display()}，本周期已作清零处理，积分管理终止"
        for member_id, case in roster.zeroed_in(cycle, member_ids).items()
    }


def effect(line: Line) -> int:
    """对得分的影响 A correction takes back what it corrects; every other line is worth its value, before caps."""
    return -int(line.corrects.value) if line.corrects is not None else int(line.value)


def is_told(line: Line) -> bool:
    """是否须告知 A deduction, or a correction that takes an addition back, is told to the member; a total taken over
    from paper was told then."""
    return effect(line) < 0 and not line.carried


def is_answered(line: Line) -> bool:
    """是否已申辩 The member has answered what it was told last."""
    return line.statement_at is not None


def may_be_answered(line: Line) -> bool:
    """可否申辩 What was told and nobody has confirmed yet."""
    is_open = line.sheet.state != Sheet.State.CONFIRMED and line.confirmed_by_number is None
    return is_open and line.state == Line.State.STANDING and is_told(line)


def answer_by(line: Line) -> date | None:
    """申辩的最后一天 The last day on which an answer is sure to be seen before the sheet is confirmed."""
    if line.wait_until is None:
        return None
    return date.fromordinal(line.wait_until.astimezone(clock.SHANGHAI).date().toordinal() - 1)


def awaiting_statement(actor: AnyActor) -> QuerySet[Line]:
    """等我说明的 Deductions against the actor that nobody has confirmed yet, without a statement."""
    if actor.number is None:
        return Line.objects.none()
    waiting = Line.objects.filter(
        member__user_id=actor.number, state=Line.State.STANDING, wait_until__isnull=False, statement_at__isnull=True
    )
    waiting = waiting.filter(confirmed_by_number__isnull=True).exclude(sheet__state=Sheet.State.CONFIRMED)
    return waiting.select_related("sheet__branch", "member", "corrects")


def with_reviews(declarations: Sequence[Declaration]) -> list[Declaration]:
    """连同核定 Claims with their review in `review` and the line that came of it in `line`. Two queries."""
    rows = list(declarations)
    ids = [row.pk for row in rows]
    reviews = {review.declaration_id: review for review in Review.objects.filter(declaration__in=ids)}
    lines = {
        line.declaration_id: line
        for line in Line.objects.filter(declaration__in=ids, state=Line.State.STANDING).select_related("sheet")
    }
    for row in rows:
        row.review = reviews.get(row.pk)  # type: ignore[attr-defined]
        row.line = lines.get(row.pk)  # type: ignore[attr-defined]
    return rows


# ------------------------------------------------------------------ which sheet a claim belongs on


def open_sheet_for(branch: Organisation, event_on: date) -> Sheet | None:
    """应记入的考评表 The branch's first open sheet, not earlier than the event's month and within its cycle."""
    cycle = engine_for(branch.district_number).cycle_of(event_on)
    for sheet in _open_sheets([branch.pk]):
        last = roster.last_day(sheet.year, sheet.month)
        if event_on <= last and last <= cycle.last_on:
            return sheet
    return None


def _open_sheets(branch_ids: Collection[int]) -> list[Sheet]:
    found = Sheet.objects.filter(branch__in=branch_ids, state=Sheet.State.OPEN).exclude(kind=Sheet.Kind.TAKEOVER)
    return list(found.select_related("branch").order_by("year", "month", "sequence", "id"))


def home_sheet(declaration: Declaration) -> Sheet | None:
    """申报所属的考评表 None while no sheet is open for it."""
    homes = _homes([declaration], engine_for(declaration.member.district_id))
    return homes.get(declaration.pk)


def _homes(declarations: Sequence[Declaration], engine: Engine) -> dict[int, Sheet]:
    """Each claim's first open sheet, not earlier than its month and within its cycle, of the branch to which the member
    belongs on that sheet's day. Two queries."""
    spells: dict[int, list[Membership]] = {}
    for spell in Membership.objects.filter(member__in={d.member_id for d in declarations}):
        spells.setdefault(spell.member_id, []).append(spell)
    sheets = _open_sheets({spell.branch_id for of_one in spells.values() for spell in of_one})
    found: dict[int, Sheet] = {}
    for declaration in declarations:
        cycle = engine.cycle_of(declaration.event_on)
        for sheet in sheets:
            last, day = roster.last_day(sheet.year, sheet.month), roster.day_of(sheet)
            if declaration.event_on <= last <= cycle.last_on and any(
                spell.branch_id == sheet.branch_id
                and spell.from_on <= day
                and (spell.until_on is None or spell.until_on >= day)
                for spell in spells.get(declaration.member_id, [])
            ):
                found[declaration.pk] = sheet
                break
    return found


def claims(sheet: Sheet, member_ids: Collection[int]) -> list[Declaration]:
    """待考评的申报 The undecided claims that belong on this sheet, of the members on its roster. Four queries."""
    if sheet.state != Sheet.State.OPEN:
        return []
    engine = engine_for(sheet.branch.district_number)
    last = roster.last_day(sheet.year, sheet.month)
    waiting = Declaration.objects.filter(
        member__in=member_ids,
        state=Declaration.State.SUBMITTED,
        event_on__range=(engine.cycle_of(last).first_on, last),
    ).select_related("member")
    found = list(waiting.order_by("event_on", "id"))
    homes = _homes(found, engine)
    return [claim for claim in found if claim.pk in homes and homes[claim.pk].pk == sheet.pk]


def claims_of(sheet: Sheet) -> list[Declaration]:
    """待考评的申报 The same, with the roster read first."""
    return claims(sheet, [entry.id for entry in roster.roster(sheet)])


# ------------------------------------------------------------------ what still stands in the way


def undecided(sheet: Sheet) -> list[str]:
    """送复核前还缺什么 Sentences; empty where the sheet may be submitted."""
    found = []
    last = roster.last_day(sheet.year, sheet.month)
    if clock.today() <= last:
        found.append(f"{sheet.month}月还没有结束，请在{sheet.month}月{last.day}日以后送复核。")
    if sheet.kind == Sheet.Kind.TAKEOVER and not sheet.lines.filter(state=Line.State.STANDING).exists():
        found.append("结转表还是空的，请先填写累计。")
    if waiting := claims_of(sheet):
        people = "、".join(dict.fromkeys(claim.member.name for claim in waiting))
        found.append(f"还有{len(waiting)}条申报没有考评（{people}），请逐条核准、调整或不予认可。")
    return found


def unready(sheet: Sheet) -> list[str]:
    """复核前还缺什么 Every deduction told, and its time to answer over or answered."""
    found = []
    told = [line for line in standing_lines(sheet) if is_told(line)]
    if untold := [line for line in told if line.told_at is None]:
        people = "、".join(dict.fromkeys(line.member.name for line in untold))
        found.append(f"{people}没有账号，扣分还没有书面告知。请送达书面告知，并登记回执或两名见证人。")
    now = clock.now()
    waiting = [line for line in told if line.wait_until and line.wait_until > now and not is_answered(line)]
    if waiting:
        people = "、".join(dict.fromkeys(line.member.name for line in waiting))
        last = max(day for line in waiting if (day := answer_by(line)))
        found.append(f"{people}的申辩期到{last.month}月{last.day}日24时为止，期满或本人提前答复后才能复核。")
    return found


def parts(sheet: Sheet) -> list[policies.Part]:
    """须逐处复核的 Every standing line, with the review it came of, and every rejected claim."""
    reviews = {review.declaration_id: review for review in _reviews(sheet)}
    found = []
    for line in standing_lines(sheet):
        review = reviews.get(line.declaration_id) if line.declaration_id else None
        handlers = {line.entered_by_number, review.by_number if review else None}
        found.append(_part(line.member, handlers, line.confirmed_by_number, line, review))
    for review in reviews.values():
        if review.outcome == Review.Outcome.REJECTED:
            found.append(_part(review.declaration.member, {review.by_number}, review.confirmed_by_number, None, review))
    return found


def _reviews(sheet: Sheet) -> QuerySet[Review]:
    found = Review.objects.filter(sheet=sheet).select_related("declaration__member")
    return found.order_by("declaration__member__position", "pk")


def _part(
    member: Member, handlers: Collection[int | None], by: int | None, line: Line | None, review: Review | None
) -> policies.Part:
    people = frozenset(number for number in handlers if number is not None)
    at = (line.pk if line else None, review.pk if review else None)
    return policies.Part(member.pk, member.name, people, *at, confirmed_by=by)


def second_person(sheet: Sheet) -> policies.SecondPerson:
    """谁来复核 The parts of this sheet and everybody who could confirm some, level by level."""
    branch, community, township = roster.candidates(sheet)
    return policies.SecondPerson(branch, community, township, tuple(parts(sheet)))


def correctable(sheet: Sheet, words: str = "") -> list[Line]:
    """可冲正的条目 Lines of earlier confirmed sheets of members on this one that no correction takes back yet."""
    corrected = Line.objects.filter(corrects__isnull=False, state=Line.State.STANDING).values("corrects_id")
    cycle = engine_for(sheet.branch.district_number).cycle_of(roster.last_day(sheet.year, sheet.month))
    found = Line.objects.filter(
        member__in=[entry.id for entry in roster.roster(sheet)],
        state=Line.State.STANDING,
        sheet__state=Sheet.State.CONFIRMED,
        corrects__isnull=True,
        event_on__range=(cycle.first_on, cycle.last_on),
    ).exclude(pk__in=corrected)
    if words.isdecimal() and len(words) < 18:
        found = found.filter(member=int(words))
    earlier = Q(sheet__year__lt=sheet.year) | Q(sheet__year=sheet.year, sheet__month__lt=sheet.month)
    earlier |= Q(sheet__year=sheet.year, sheet__month=sheet.month, sheet__sequence__lt=sheet.sequence)
    chosen = found.filter(earlier).select_related("member", "sheet")
    return list(chosen.order_by("member__position", "member_id", "-event_on", "id")[:400])


def claims_for_voiding(sheet: Sheet, member_id: int) -> list[Declaration]:
    """可作废的申报 The member's claims of the cycle, for an indicator that voids one."""
    cycle = engine_for(sheet.branch.district_number).cycle_of(roster.last_day(sheet.year, sheet.month))
    found = Declaration.objects.filter(member=member_id, event_on__range=(cycle.first_on, cycle.last_on))
    return list(found.exclude(state=Declaration.State.WITHDRAWN).order_by("-event_on", "-id")[:60])


def rejected(sheet: Sheet) -> list[Review]:
    """不予认可的申报 With their reasons, in roster order."""
    return [review for review in _reviews(sheet) if review.outcome == Review.Outcome.REJECTED]


# ------------------------------------------------------------------ what waits for a person


def openable(branches: Sequence[Organisation]) -> list[tuple[Organisation, int, int]]:
    """可开立的 For each branch, this month and the one before where no sheet exists yet, the older first."""
    this = clock.today().replace(day=1)
    before = date.fromordinal(this.toordinal() - 1).replace(day=1)
    have = set(
        Sheet.objects.filter(branch__in=branches, year__gte=before.year, sequence=0).values_list(
            "branch_id", "year", "month"
        )
    )
    return [
        (branch, day.year, day.month)
        for branch in branches
        for day in (before, this)
        if (branch.pk, day.year, day.month) not in have and branch.opened_on <= roster.last_day(day.year, day.month)
    ]


@dataclass(frozen=True, slots=True)
class Work:
    """待办 "review" (claims wait), "submit" (all decided, the month over), "confirm", "later" (to be confirmed once
    everybody was told and heard), "waits" (for somebody else to confirm the rest); how many; on which sheet; `note`
    says what is left and who could."""

    kind: str
    sheet: Sheet
    count: int
    note: str = ""


def work_of(actor: AnyActor) -> list[Work]:
    """我的考评待办 Of the branches where the actor evaluates or could be the second person."""
    found = []
    evaluated = Q(state=Sheet.State.OPEN, branch__is_branch=True, branch__closed_on__isnull=True)
    evaluated &= _in_scope(actor, Act.EVALUATE, "branch__") & ~Q(kind=Sheet.Kind.TAKEOVER)
    scope = _in_scope(actor, Act.EVALUATE, "branch__")
    scope |= _in_scope(actor, Act.CONFIRM, "branch__") | _in_scope(actor, Act.CONFIRM_ABOVE, "branch__")
    sheets = Sheet.objects.filter(evaluated | (scope & Q(state=Sheet.State.SUBMITTED))).select_related("branch")
    for sheet in sheets.order_by("state", "year", "month", "sequence", "branch__path", "id"):
        if sheet.state == Sheet.State.SUBMITTED:
            work = _left_of(actor, sheet, may(actor, Act.EVALUATE, sheet.branch))
            found += [work] if work else []
        elif waiting := len(claims_of(sheet)):
            found.append(Work("review", sheet, waiting))
        elif clock.today() > roster.last_day(sheet.year, sheet.month):
            found.append(Work("submit", sheet, 1))
    return found


def _left_of(actor: AnyActor, sheet: Sheet, is_of_branch: bool) -> Work | None:
    second = second_person(sheet)
    share = second.share_of(actor)
    if share and (missing := unready(sheet)):
        return Work("later", sheet, len(share), "".join(missing))
    if share:
        others = [part for part in second.left if part not in share]
        return Work("confirm", sheet, len(share), second.outstanding(others))
    if second.is_begun and second.left and is_of_branch:
        return Work("waits", sheet, len(second.left), second.outstanding(second.left))
    return None
