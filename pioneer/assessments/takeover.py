"""结转表的写入 For a branch that comes from paper in mid-cycle: open the sheet, and write the totals into its cells."""

from collections.abc import Sequence
from datetime import date

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.assessments import roster, totals, writing
from pioneer.assessments.models import Line, Review, Sheet
from pioneer.assessments.services import lock_branch, may_hold
from pioneer.assessments.totals import Cells, Total
from pioneer.files.services import store
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.rulebook.queries import engine_for

State = Sheet.State


@operation("assessments.open_takeover_sheet")
def open_takeover_sheet(
    *, actor: AnyActor, branch_id: int, on: date, ground: str, scan: tuple[str, bytes] | None = None
) -> Sheet:
    """开立结转表 One per branch and cycle, before a sheet of the cycle is confirmed, up to a month's last day; `ground`
    names the papers, `scan` is their copy. Sheets of the months up to that day on which nothing was done yet go."""
    branch = lock_branch(branch_id)
    require(actor, Act.EVALUATE, branch)
    faults = []
    if on != roster.last_day(on.year, on.month):
        faults.append(Fault("结转到", "请填某个月的最后一天，以后的事从下月起在系统里记。"))
    elif on >= clock.today():
        faults.append(Fault("结转到", "这一天还没有过完，请填已经过完的月份的最后一天。"))
    if not ground.strip():
        faults.append(Fault("纸质依据", "请写明依据哪些纸质台账、公示，存在哪里。"))
    if faults:
        raise BadInput(faults)
    may_hold(branch, on.year, on.month)
    _make_room(branch, on)
    return Sheet.objects.create(
        branch=branch,
        year=on.year,
        month=on.month,
        kind=Sheet.Kind.TAKEOVER,
        taken_over_on=on,
        reason=ground.strip()[:200],
        scan=store(scan[1], scan[0], "", actor.number) if scan else None,
        opened_at=clock.now(),
    )


def _make_room(branch: Organisation, on: date) -> None:
    """No other take-over sheet, nothing confirmed, and nothing begun in the months that are taken over."""
    cycle = engine_for(branch.district_number).cycle_of(on)
    if cycle.last_on < clock.today():
        raise DomainError("other_cycle", f"{on.year}年{on.month}月所在的周期已经结束，结转只用于本周期。")
    months = [
        sheet
        for sheet in Sheet.objects.filter(branch=branch).order_by("year", "month", "sequence")
        if cycle.first_on <= date(sheet.year, sheet.month, 1) <= cycle.last_on
    ]
    for sheet in months:
        name = roster.title_of(sheet)
        if sheet.kind == Sheet.Kind.TAKEOVER:
            raise DomainError("taken_over", f"本周期已有{name}，一个周期只结转一次。请直接打开它填写。")
        if sheet.state == State.CONFIRMED:
            raise DomainError("sheet_confirmed", f"{name}已经复核，本周期已在系统里记分，不能再结转。")
        if (sheet.year, sheet.month) <= (on.year, on.month) and not _is_untouched(sheet):
            raise DomainError(
                "sheet_begun", f"{name}已经开始考评，不能再结转到这个月。请结转到上个月月末，或在那张表上记。"
            )
    Sheet.objects.filter(pk__in=[s.pk for s in months if (s.year, s.month) <= (on.year, on.month)]).delete()


def _is_untouched(sheet: Sheet) -> bool:
    begun = Line.objects.filter(sheet=sheet).exists() or Review.objects.filter(sheet=sheet).exists()
    return sheet.state == State.OPEN and sheet.edit == 0 and not begun


@operation("assessments.enter_totals")
def enter_totals(*, actor: AnyActor, sheet_id: int, edit: int, cells: Sequence[Total]) -> Sheet:
    """填结转累计 All cells or none; what is wrong is listed cell by cell. An empty cell takes back what stood in it."""
    sheet = writing.lock_sheet(actor, sheet_id)
    require(actor, Act.EVALUATE, sheet.branch)
    if sheet.kind != Sheet.Kind.TAKEOVER:
        raise DomainError("no_takeover_sheet", "累计只能填在结转表上。这张表请逐条登记。")
    writing.require_open(sheet)
    _as_shown(sheet, edit, cells)
    found = totals.cells(actor, sheet)
    wanted = totals.changed(found, cells)
    if faults := totals.faults(found, wanted):
        raise BadInput(faults)
    people = Member.objects.in_bulk({total.member_id for total in wanted})
    for total in wanted:
        line = _write(actor, found, total, people[total.member_id])
        writing.touch(sheet, actor.number, line=line)
    return sheet


def _as_shown(sheet: Sheet, edit: int, cells: Sequence[Total]) -> None:
    """Only the cells that are sent matter: another person may fill other members' at the same time."""
    if sheet.edit == edit:
        return
    sent = {(total.member_id, total.indicator) for total in cells}
    since = sheet.changes.filter(edit__gt=edit, line__isnull=False).select_related("line__member")
    taken = [one.line for one in since if one.line and (one.line.member_id, one.line.indicator) in sent]
    if taken:
        said = "、".join(dict.fromkeys(f"{line.member.name} {line.indicator}" for line in taken))
        raise DomainError(
            "edited_meanwhile",
            f"您打开以后，另一位同志改了这几格：{said}。没有写入。请核对现在的数，再决定是否用您填的。",
        )


def _write(actor: AnyActor, found: Cells, total: Total, member: Member) -> Line:
    line = found.lines.get((total.member_id, total.indicator))
    if total.amount is None:
        assert line is not None
        return writing.strike_line(line, why="结转累计改为空白", revision=found.sheet.revision)
    row = found.column(total.indicator)
    assert row is not None
    value, quantity = totals.value_of(row, total.amount)
    if line is not None:
        line.value, line.quantity = value, quantity
        line.edit += 1
        line.entered_by_number = actor.number
        line.save(update_fields=["value", "quantity", "edit", "entered_by_number"])
        return line
    sheet = found.sheet
    assert sheet.taken_over_on is not None
    return Line.objects.create(
        sheet=sheet,
        member=member,
        indicator=row.code,
        event_on=sheet.taken_over_on,
        value=value,
        quantity=quantity,
        carried=True,
        ground=sheet.reason,
        wording=f"{row.name}（结转至{sheet.taken_over_on.month}月{sheet.taken_over_on.day}日的累计）"[:200],
        added_in=sheet.revision,
        entered_by_number=actor.number,
        created_at=clock.now(),
    )
