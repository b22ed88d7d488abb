"""党费的写入 Who paid in full and on time, by branch and month: entered in a grid or brought in from a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct import dues_queries as queries
from pioneer.conduct.dues_queries import Month, Row
from pioneer.conduct.meeting_queries import who
from pioneer.conduct.models import Dues
from pioneer.conduct.queries import branches_for, those_to_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.organisations.models import Organisation
from pioneer.workbooks.dues import DuesRow, read_dues

State = Dues.State


@dataclass(frozen=True, slots=True)
class DuesMark:
    """一人的党费 `fen` where the amount is kept; a waiver says by what it was approved."""

    state: str
    fen: int | None = None
    note: str = ""


@operation("conduct.record_dues")
def record_dues(
    *, actor: AnyActor, branch_id: int, year: int, month: int, edit: int, marks: Mapping[int, DuesMark]
) -> int:
    """登记党费 Of those who are known; the others stay open. Again to correct it, not what a sheet stands on, and of
    oneself or a declared relative by somebody else. Answers how many rows changed."""
    shown = _locked(actor, branch_id, year, month)
    if shown.edit != edit:
        raise DomainError("edited_meanwhile", "您打开这一页以后，别人登记过，您的没有写入。请重新打开，核对后再提交。")
    if set(marks) - {row.entry.id for row in shown.rows}:
        raise DomainError("not_on_roster", "名单刚刚有变动，有人已不在册。请重新打开这一页，核对后再登记。")
    return _record(actor, shown, {number: (mark, "") for number, mark in marks.items()})


@operation("conduct.import_dues")
def import_dues(*, actor: AnyActor, branch_id: int, year: int, month: int, name: str, content: bytes) -> int:
    """导入党费 From a filled-in workbook: all of it or nothing, every mistake listed with sheet, row and column."""
    shown = _locked(actor, branch_id, year, month)
    read = read_dues(content, name, {label: code for code, label in queries.STATES})
    faults = [Fault(one.place, one.message) for one in read.mistakes]
    marks: dict[int, tuple[DuesMark, str]] = {}
    for row in read.rows:
        found = _person(shown, row)
        if isinstance(found, Fault):
            faults.append(found)
        elif found in marks:
            faults.append(Fault(row.place, f"{row.name}写了两次，另一次在{marks[found][1]}，请删去其一。"))
        else:
            marks[found] = (DuesMark(row.state, row.fen, row.note), row.place)
    if not faults and not marks:
        faults.append(Fault("", "表里还没有填写缴纳情况，没有可以登记的内容。"))
    return _record(actor, shown, marks, faults)


# ------------------------------------------------------------------ in common


def _locked(actor: AnyActor, branch_id: int, year: int, month: int) -> Month:
    """The branch's month, one writer after another."""
    seen = branches_for(actor).order_by().values("pk")
    branch = Organisation.objects.select_for_update().filter(pk=branch_id, pk__in=seen).first()
    if branch is None:
        raise NotVisible
    require(actor, Act.WRITE_CONDUCT, branch)
    if not queries.is_open(year, month):
        raise DomainError("not_this_month", "党费按月登记，只登记本月和以前两年内的月份，请核对月份。")
    list(Dues.objects.select_for_update().filter(branch=branch, year=year, month=month))  # a sheet may take one
    return queries.month_of(branch, year, month)


def _person(shown: Month, row: DuesRow) -> int | Fault:
    """Whose row it is: by number, which the name must fit; else by a name that stands once."""
    alike = [one.entry for one in shown.rows if one.entry.name == row.name]
    if row.number:
        numbered = next((one.entry for one in shown.rows if one.entry.number == row.number), None)
        if numbered is None:
            return Fault(row.place, f"本支部当月没有编号为“{row.number[:20]}”的党员，请核对编号。")
        if numbered.name != row.name:
            return Fault(row.place, f"编号{row.number}是{numbered.name}，这一行写的是“{row.name[:20]}”，请改正其一。")
        return numbered.id
    if len(alike) == 1:
        return alike[0].id
    if alike:
        return Fault(row.place, f"本支部有{len(alike)}位“{row.name[:20]}”，请填写党员编号。")
    return Fault(row.place, f"本支部当月名册上没有“{row.name[:20]}”，请核对姓名。")


def _record(
    actor: AnyActor, shown: Month, marks: Mapping[int, tuple[DuesMark, str]], faults: list[Fault] | None = None
) -> int:
    rows = {row.entry.id: row for row in shown.rows}
    found = list(faults or [])
    changed = [number for number, (mark, _) in marks.items() if _is_changed(rows[number], mark)]
    corrected = [number for number in changed if (was := rows[number].dues) and was.state != marks[number][0].state]
    aside = those_to_step_aside(actor, corrected)
    elsewhere = dict(
        Dues.objects.filter(member__in=changed, year=shown.year, month=shown.month)
        .exclude(branch=shown.branch)
        .values_list("member_id", "branch__name")
    )
    for number in changed:
        mark, place = marks[number]
        name = who(rows[number].entry)
        where = f"{place} {name}" if place else name
        for message in _faults(rows[number], mark, aside.get(number, ""), elsewhere.get(number, "")):
            found.append(Fault(where, message))
    if found:
        raise BadInput(found)
    for number in changed:
        _write(actor, shown, rows[number], marks[number][0])
    return len(changed)


def _is_changed(row: Row, mark: DuesMark) -> bool:
    was = row.dues
    return was is None or (was.state, was.fen, was.note) != (mark.state, mark.fen, mark.note.strip())


def _faults(row: Row, mark: DuesMark, aside: str, elsewhere: str) -> list[str]:
    found = []
    if mark.state not in State.values:
        found.append("请从所列情况中选择。")
    if mark.state == State.WAIVED and not mark.note.strip():
        found.append("经批准缓缴、免缴的，请在备注里写明哪天、由谁批准。")
    if len(mark.note) > 120:
        found.append("备注最多120个字。")
    if elsewhere:
        found.append(f"这个月的党费已由{elsewhere}登记，一人一月只登记一次。")
    if row.dues is not None and row.dues.taken_at is not None and row.dues.state != mark.state:
        found.append(
            f"“{row.dues.get_state_display()}”已记入考评表，这里不能再改。"
            "请在考评表上撤下那一条；已公示入账的，在下一张考评表上冲正。"
        )
    elif aside:
        found.append(f"更正党费：{aside}")
    return found


def _write(actor: AnyActor, shown: Month, row: Row, mark: DuesMark) -> None:
    kept = row.dues or Dues(
        branch=shown.branch,
        member_id=row.entry.id,
        year=shown.year,
        month=shown.month,
        created_at=clock.now(),
        edit=0,
    )
    kept.state, kept.fen, kept.note, kept.by_number = mark.state, mark.fen, mark.note.strip(), actor.number
    kept.edit += 1
    kept.save(update_fields=["state", "fen", "note", "by_number", "edit"] if kept.pk else None)
