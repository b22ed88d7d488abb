"""外部成绩的写入 Marks from outside the points: entered by one person, confirmed by a second, changed by a revision."""

from collections.abc import Mapping
from datetime import date

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct.queries import those_to_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.kernel.points import show
from pioneer.members.models import ClosedCycle, Member
from pioneer.messages.services import tell
from pioneer.organisations.models import Organisation
from pioneer.results import mark_queries as queries
from pioneer.results.cycles import cycle_text
from pioneer.results.mark_queries import Grid, Row
from pioneer.results.models import OutsideMark
from pioneer.scoring.model import Component
from pioneer.workbooks.marks_book import read_marks


@operation("results.enter_marks", tell=("component",))
def enter_marks(
    *,
    actor: AnyActor,
    branch_id: int,
    first_on: date,
    component: str,
    on: date,
    basis: str,
    marks: Mapping[int, int],
) -> int:
    """录入外部成绩 Of one day, by member; who is not named stays as it is. They count once a second person has
    confirmed them; until then they are entered anew to correct them. Answers how many were entered or changed."""
    grid = _locked(actor, branch_id, first_on, component)
    return _enter(actor, grid, on, basis, {number: (value, "") for number, value in marks.items()}, [])


@operation("results.import_marks", tell=("component",))
def import_marks(
    *,
    actor: AnyActor,
    branch_id: int,
    first_on: date,
    component: str,
    on: date,
    basis: str,
    name: str,
    content: bytes,
) -> int:
    """导入外部成绩 From a filled-in workbook: all of it or nothing, every mistake listed with sheet, row and column."""
    grid = _locked(actor, branch_id, first_on, component)
    read = read_marks(content, name)
    faults = [Fault(one.place, one.message) for one in read.mistakes]
    marks: dict[int, tuple[int, str]] = {}
    for row in read.rows:
        found = _person(grid, row.number, row.name)
        if isinstance(found, str):
            faults.append(Fault(row.place, found))
        elif found in marks:
            faults.append(Fault(row.place, f"{row.name}写了两次，另一次在{marks[found][1]}，请删去其一。"))
        else:
            marks[found] = (row.value, row.place)
    if not faults and not marks:
        faults.append(Fault("", "表里还没有填写成绩，没有可以录入的内容。"))
    return _enter(actor, grid, on, basis, marks, faults)


@operation("results.correct_mark")
def correct_mark(*, actor: AnyActor, mark_id: int, value: int | None, reason: str) -> OutsideMark:
    """更正外部成绩 By a new revision with its reason, which counts once a second person has confirmed it; without a
    value the mark is taken back. Not after the cycle was filed. What waits already is refused: it is entered anew."""
    seen = queries.mark_for(actor, mark_id)
    _require_component(seen)
    branch = Organisation.objects.select_for_update().get(pk=seen.branch_id)
    require(actor, Act.ENTER_MARKS, branch)
    if seen.confirmed_at is None:
        raise DomainError("not_confirmed", "这次成绩还没有核对，请在录入页直接改正。")
    alike = OutsideMark.objects.filter(
        member=seen.member_id, component=seen.component, first_on=seen.first_on, on=seen.on
    )
    last = alike.latest("revision")
    if last.pk != seen.pk:
        raise DomainError("corrected_already", "这次成绩已经有更正，请从录入页打开最新的一次。")
    _, one = queries.component_for(branch, seen.first_on, seen.component)
    faults = [Fault("更正理由", "请写明更正的理由。")] if not reason.strip() else []
    faults += [Fault("成绩", said) for said in _value_faults(one, value)]
    if value == seen.value:
        faults.append(Fault("成绩", "与现在的成绩相同，没有要更正的。"))
    if seen.member_id in _closed([seen.member_id], seen.first_on):
        faults.append(Fault("", _closed_sentence(seen.member)))
    if faults:
        raise BadInput(faults)
    return OutsideMark.objects.create(
        member=seen.member,
        branch=branch,
        component=seen.component,
        first_on=seen.first_on,
        last_on=seen.last_on,
        on=seen.on,
        value=value,
        revision=last.revision + 1,
        basis=seen.basis,
        reason=reason.strip(),
        entered_by_number=_number(actor),
        entered_at=clock.now(),
    )


@operation("results.drop_mark")
def drop_mark(*, actor: AnyActor, mark_id: int) -> int:
    """撤去待核对的成绩 As long as nobody has confirmed it. Answers whose branch it stood in."""
    seen = queries.mark_for(actor, mark_id)
    branch = Organisation.objects.select_for_update().get(pk=seen.branch_id)
    require(actor, Act.ENTER_MARKS, branch)
    found = OutsideMark.objects.select_for_update().get(pk=seen.pk)
    if found.confirmed_at is not None:
        raise DomainError("confirmed", "这次成绩已经核对，不能撤去；有差错请更正，写明理由。")
    found.delete()
    return branch.pk


@operation("results.confirm_marks", tell=("component",))
def confirm_marks(
    *, actor: AnyActor, branch_id: int, first_on: date, component: str, seen: Mapping[int, int | None]
) -> int:
    """核对外部成绩 By a second natural person, never one's own or a declared relative's: exactly the marks that were
    seen, by number with their value. Each member concerned is told. Answers how many."""
    grid = _locked(actor, branch_id, first_on, component, Act.CONFIRM_MARKS)
    waiting = {one.pk: one for one in grid.waiting}
    if not seen or any(number not in waiting or waiting[number].value != value for number, value in seen.items()):
        raise DomainError("changed_meanwhile", "您打开这一页以后，成绩有改动，没有核对。请重新打开，对照原表再核对。")
    chosen = [waiting[number] for number in sorted(seen)]
    aside = those_to_step_aside(actor, [one.member_id for one in chosen])
    closed = _closed([one.member_id for one in chosen], first_on)
    names = {row.number: row for row in grid.rows}
    faults = []
    for one in chosen:
        who = names[one.member_id].who
        if one.entered_by_number == actor.number:
            faults.append(Fault(who, "是您录入的，须由另一位同志核对。"))
        elif one.member_id in aside:
            faults.append(Fault(who, aside[one.member_id]))
        if one.member_id in closed:
            faults.append(Fault(who, "本周期的结果已经备案，不能再核对成绩。"))
    if faults:
        raise BadInput(faults)
    for one in chosen:
        one.confirmed_by_number, one.confirmed_at = _number(actor), clock.now()
        one.save(update_fields=["confirmed_by_number", "confirmed_at"])
    _tell(grid, chosen)
    return len(chosen)


# ------------------------------------------------------------------ in common


def _number(actor: AnyActor) -> int:
    if actor.number is None:
        raise DomainError("nobody", "外部成绩须由有账号的同志录入和核对。")
    return actor.number


def _require_component(seen: OutsideMark) -> None:
    if not any(one.cycle.first_on == seen.first_on for one in queries.ruled_cycles(seen.branch.district_number)):
        raise DomainError("too_late", "这个周期已经过去太久，不再更正外部成绩；确有差错的，请对备案的结果提出更正。")


def _locked(actor: AnyActor, branch_id: int, first_on: date, code: str, act: Act = Act.ENTER_MARKS) -> Grid:
    """The branch's marks of a component, one writer after another."""
    seen = queries.branch_for(actor, branch_id)
    branch = Organisation.objects.select_for_update().get(pk=seen.pk)
    require(actor, act, branch)
    rules, component = queries.component_for(branch, first_on, code)
    return queries.grid_of(branch, rules, component)


def _person(grid: Grid, number: str, name: str) -> int | str:
    """Whose row it is: by number, which the name must fit; else by a name that stands once. Or the sentence."""
    if number:
        row = next((one for one in grid.rows if one.code == number), None)
        if row is None:
            return f"本支部没有编号为“{number[:20]}”的参评党员，请核对编号。"
        return row.number if row.name == name else f"编号{number}是{row.name}，这一行写的是“{name[:20]}”，请改正其一。"
    alike = [one for one in grid.rows if one.name == name]
    if len(alike) == 1:
        return alike[0].number
    return (
        f"本支部有{len(alike)}位“{name[:20]}”，请填写党员编号。"
        if alike
        else f"本支部没有参评党员“{name[:20]}”，请核对姓名。"
    )


def _enter(
    actor: AnyActor, grid: Grid, on: date, basis: str, marks: Mapping[int, tuple[int, str]], faults: list[Fault]
) -> int:
    rows = {row.number: row for row in grid.rows}
    if set(marks) - rows.keys():
        raise DomainError("not_on_roster", "名单刚刚有变动，有人已不在册。请重新打开这一页，核对后再录入。")
    if not grid.cycle.first_on <= on <= min(grid.cycle.last_on, clock.today()):
        faults.append(Fault("日期", f"请填写{cycle_text(grid.cycle)}之内、今天以前的日期。"))
    if not basis.strip():
        faults.append(Fault("依据", "请写明依据，如“2026年度民主评议测评汇总表”。"))
    closed = _closed(list(marks), grid.cycle.first_on)
    for number, (value, place) in marks.items():
        row = rows[number]
        found = [*_value_faults(grid.component, value), *_row_faults(row, grid.component, on, value)]
        if number in closed:
            found.append("本周期的结果已经备案，不能再录入成绩。")
        faults += [Fault(f"{place} {row.who}".strip(), said) for said in found]
    if faults:
        raise BadInput(faults)
    return sum(_write(actor, grid, rows[number], on, basis.strip(), value) for number, (value, _) in marks.items())


def _value_faults(component: Component, value: int | None) -> list[str]:
    if value is not None and not 0 <= value <= component.maximum:
        return [f"{component.name}在0至{show(component.maximum)}分之内，请改正。"]
    return []


def _row_faults(row: Row, component: Component, on: date, value: int) -> list[str]:
    same = next((one for one in row.standing if one.on == on), None)
    if same is not None and same.value != value:
        return [f"这一天已核对为{show(same.value or 0)}分。要更正，请点“更正”写明理由。"]
    others = sorted({one.on for one in (*row.standing, *row.waiting) if one.on != on})
    if component.several == "refuse" and others:
        return [f"本周期已有{others[0].month}月{others[0].day}日的{component.name}，只计一次，请核对日期。"]
    return []


def _write(actor: AnyActor, grid: Grid, row: Row, on: date, basis: str, value: int) -> bool:
    if any(one.on == on for one in row.standing):
        return False  # the same mark stands already
    waiting = next((one for one in row.waiting if one.on == on), None)
    if waiting is not None and (waiting.value, waiting.basis) == (value, basis):
        return False
    if waiting is None:
        last = OutsideMark.objects.filter(
            member=row.number, component=grid.component.code, first_on=grid.cycle.first_on, on=on
        ).order_by("-revision").first()  # fmt: skip
        waiting = OutsideMark(
            member_id=row.number,
            component=grid.component.code,
            first_on=grid.cycle.first_on,
            last_on=grid.cycle.last_on,
            on=on,
            revision=last.revision + 1 if last else 1,
        )
    waiting.branch, waiting.value, waiting.basis = grid.branch, value, basis
    waiting.entered_by_number, waiting.entered_at = _number(actor), clock.now()
    waiting.save()
    return True


def _closed(member_ids: list[int], first_on: date) -> set[int]:
    found = ClosedCycle.objects.filter(member__in=member_ids, first_on__lte=first_on, last_on__gte=first_on)
    return set(found.values_list("member_id", flat=True))


def _closed_sentence(member: Member) -> str:
    return f"{member.name}本周期的结果已经备案，成绩不再更正；确有差错的，请对备案的结果提出更正。"


def _tell(grid: Grid, chosen: list[OutsideMark]) -> None:
    told = queries.alive([one.member_id for one in chosen])
    users = dict(Member.objects.filter(pk__in=told, user__isnull=False).values_list("pk", "user_id"))
    what = f"{cycle_text(grid.cycle)}{grid.component.name}"
    for one in chosen:
        day = f"{one.on.year}年{one.on.month}月{one.on.day}日"
        mark = f"{show(one.value)}分" if one.value is not None else "已撤销"
        why = f"，是对原成绩的更正，理由：{one.reason}" if one.revision > 1 and one.reason else ""
        tell(
            users.get(one.member_id),
            "outside_mark",
            str(one.pk),
            f"{what}：{mark}",
            f"{what}（{day}）{mark}{why}。按积分办法折算计入年度得分。有不同意见，请向所在支部提出。",
            "/me/results/",
        )
