"""写一步 What every step of a case does alike: load and lock, may you, is it time, write, count the deadline, tell.

Plain functions, within operations.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside
from pioneer.disposals import order, policies, queries
from pioneer.disposals.models import Case, Step, StepText
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.members import queries as members
from pioneer.members import spells
from pioneer.members.matters import Kind as Matter
from pioneer.members.matters import end_matter
from pioneer.members.models import GONE, Status
from pioneer.messages.services import tell, tell_all

Kind = Step.Kind
LONGEST = 2000
MOST = {"people": 200, "content": LONGEST, "opinion": LONGEST, "document": 120}


@dataclass(frozen=True, slots=True)
class Said:
    """一步的文字 `people` who took part, `content` what was found or said, `opinion` the member's own, `document` the
    paper behind it with its number. `asked` names the fields by which each is asked for and must not be empty."""

    people: str = ""
    content: str = ""
    opinion: str = ""
    document: str = ""


def locked(actor: AnyActor, case_id: int) -> Case:
    """锁定一件处置 NotVisible to who may not see it."""
    found = queries.cases_visible_to(actor).select_for_update(of=("self",)).filter(pk=case_id).first()
    if found is None:
        raise NotVisible
    return found


def to_take(actor: AnyActor, case_id: int, kind: Kind) -> Case:
    """可办的一步 The case, where the actor sits at the desk of this step and it is this step's turn."""
    case = locked(actor, case_id)
    policies.require_at(actor, order.DESK[kind], case.branch)
    policies.require_not_aside(must_step_aside(actor, case.member))
    require_turn(case, kind)
    require_here(case)
    return case


def require_turn(case: Case, kind: Kind) -> None:
    """须轮到这一步 None is skipped, none is taken twice."""
    ahead = order.next_steps(case.kind, case.state, _taken(case))
    if kind in ahead:
        return
    if not ahead:
        raise DomainError("case_over", f"这件处置“{case.get_state_display()}”，没有要办的步骤了。")
    raise DomainError("not_its_turn", f"现在轮到的是“{ahead[0].label}”，各步须依次办理，不能跳过或重复。请先办这一步。")


def require_here(case: Case) -> None:
    """须仍是党员"""
    status = members.status_on(case.member, clock.today())
    if status in GONE or status == Status.PROBATIONARY:
        label = Status(status).label
        raise DomainError("not_full", f"{case.member.name}现在是“{label}”，处置不能继续。请写明理由终止这件处置。")


def take(actor: AnyActor, case: Case, kind: Kind, on: date, said: Said, asked: dict[str, str], **more: Any) -> Step:
    """写入一步 With its texts; the case's next deadline is counted from it. `asked`: field of `said` → its label."""
    last = case.steps.last()
    _check(last, kind, on, said, asked)
    step = Step.objects.create(
        case=case,
        number=last.number + 1 if last else 1,
        kind=kind,
        on=on,
        not_before=last.on if last else None,
        entered_by_number=actor.number,
        created_at=clock.now(),
        **more,
    )
    texts = {name: getattr(said, name).strip() for name in MOST}
    StepText.objects.create(step=step, **texts)
    case.due_on = queries.due_after(case, _taken(case), on)
    case.save()
    return step


def end(case: Case, state: Case.State, on: date, by_number: int | None, why: str = "") -> None:
    """了结一件处置"""
    case.state, case.ended_on, case.ended_by_number, case.ended_why = state, on, by_number, why
    case.due_on = None
    case.save()
    end_matter(Matter.DISPOSAL, case.pk, clock.today())


def tell_member(case: Case, step: Step, text: str) -> None:
    """告知本人 Each step at once."""
    title = f"{case.get_kind_display()}：{step.get_kind_display()}"
    kind = f"disposals.step_{step.number}"
    tell(case.member.user_id, kind, str(case.pk), title, f"{text}您可以打开查看，并说明意见。", link(case))


def tell_next(case: Case) -> None:
    """告知下一步的人"""
    ahead = order.next_steps(case.kind, case.state, _taken(case))
    if not ahead or order.DESK[ahead[0]] == "member":
        return
    due = f"请在{spells.said(case.due_on)}前办理。" if case.due_on else "请办理。"
    numbers = queries.tell_numbers(case.branch, order.DESK[ahead[0]], case.member)
    title = f"{case.branch.name}的组织处置待办：{ahead[0].label}"
    tell_all(numbers, f"disposals.next_{ahead[0].value}", str(case.pk), title, due, link(case))


def link(case: Case) -> str:
    """处置页的地址"""
    return f"/cases/{case.pk}/"


def _taken(case: Case) -> list[str]:
    return list(Step.objects.filter(case=case).order_by("number").values_list("kind", flat=True))


def _check(last: Step | None, kind: Kind, on: date, said: Said, asked: dict[str, str]) -> None:
    faults = [
        Fault(label, "不能为空，请如实填写。") for name, label in asked.items() if not getattr(said, name).strip()
    ]
    faults += [
        Fault(asked.get(name, name), f"最多{most}个字。")
        for name, most in MOST.items()
        if len(getattr(said, name)) > most
    ]
    if on > clock.today():
        faults.append(Fault("日期", "不能晚于今天。"))
    if last is not None and on < last.on:
        faults.append(Fault("日期", f"上一步“{last.get_kind_display()}”在{spells.said(last.on)}，这一步不能在它之前。"))
    if faults:
        raise BadInput(faults)


def require_reason(text: str, label: str, why: str) -> str:
    """须写明理由"""
    if not text.strip() or len(text) > LONGEST:
        raise bad(label, f"{why}，最多{LONGEST}个字。")
    return text.strip()
