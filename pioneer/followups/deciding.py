"""帮教的了结 The branch decides, another person confirms or returns it; who has left is closed with the reason."""

from datetime import date

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.conduct.queries import must_step_aside
from pioneer.followups.entries import (
    LONGEST,
    add,
    check_day,
    check_texts,
    locked,
    refuse,
    require_active,
    require_state,
    tell_member,
    told_how,
)
from pioneer.followups.models import Entry, FollowUp
from pioneer.followups.policies import Kind, State, require_confirms, require_not_aside
from pioneer.followups.queries import OUTCOMES, day, is_gone, standing
from pioneer.followups.services import check_until, start
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.members import queries as members

Outcome = FollowUp.Outcome


@operation("followups.decide_outcome", tell=("outcome",))
def decide_outcome(
    *, actor: AnyActor, follow_up_id: int, outcome: str, on: date, people: str, text: str, due_on: date | None = None
) -> Entry:
    """作出结论 What the branch decided, when and who: corrected, continued until `due_on`, or handed over. Corrected
    only after at least one visit. Another person confirms it."""
    found = locked(actor, follow_up_id)
    require(actor, Act.FOLLOW_UP, found.branch)
    require_active(actor, found)
    require_state(found, State.PLANNED)
    faults = check_day(found, on) + check_texts({"作出结论的会议或人员": (people, 200), "理由": (text, LONGEST)})
    if outcome not in dict(OUTCOMES):
        faults.append(Fault("结论", "请选择结论。"))
    if outcome == Outcome.CONTINUED:
        faults += [Fault("期限", "继续帮教的，请写明新的期限。")] if due_on is None else check_until(found, on, due_on)
    refuse(faults)
    if outcome == Outcome.CORRECTED and not any(one.kind == Kind.VISIT for one in standing(found)):
        raise DomainError("no_visit", "还没有走访记录，不能认定已经改正。请先走访并登记。")
    found.state, found.outcome, found.decided_by_number = State.DECIDED, outcome, actor.number
    found.save(update_fields=["state", "outcome", "decided_by_number"])
    until = due_on if outcome == Outcome.CONTINUED else None
    return add(
        found, Kind.DECIDED, actor, on, people=people.strip(), text=text.strip(), outcome=outcome, due_on=until
    )  # fmt: skip


@operation("followups.confirm_outcome")
def confirm_outcome(*, actor: AnyActor, follow_up_id: int, how: str = "") -> Entry:
    """确认结论 By another person than who entered it, of the branch or above. The member is told; `how`, where it has
    no account."""
    found, decided = _to_confirm(actor, follow_up_id)
    told = told_how(found.member, how)
    made = add(found, Kind.CONFIRMED, actor, clock.today(), outcome=decided.outcome, told_how=told)
    label = str(Outcome(decided.outcome).label)
    if decided.outcome == Outcome.CONTINUED:
        found.outcome, found.decided_by_number = "", None
        found.save(update_fields=["outcome", "decided_by_number"])
        start(found, decided.on, decided.due_on)
        label = f"{label}，期限到{day(decided.due_on)}"
    else:
        _close(found, decided.outcome)
    tell_member(found, "decided", str(made.number), f"帮教的结论：{label}", decided.text)
    return made


@operation("followups.return_outcome")
def return_outcome(*, actor: AnyActor, follow_up_id: int, reason: str) -> Entry:
    """退回结论 With the reason; it runs on, and the branch decides again."""
    found, _ = _to_confirm(actor, follow_up_id)
    refuse(check_texts({"理由": (reason, LONGEST)}))
    made = add(found, Kind.RETURNED, actor, clock.today(), text=reason.strip())
    found.state, found.outcome, found.decided_by_number = State.PLANNED, "", None
    found.save(update_fields=["state", "outcome", "decided_by_number"])
    return made


@operation("followups.end_follow_up")
def end_follow_up(*, actor: AnyActor, follow_up_id: int, reason: str) -> Entry:
    """终止帮教 Of a member who has died, left or gone outside; by the branch that kept its file. Nobody is told."""
    found = locked(actor, follow_up_id)
    require(actor, Act.FOLLOW_UP, members.last_branch(found.member) or found.branch)
    require_not_aside(must_step_aside(actor, found.member))
    if found.state == State.CLOSED:
        raise DomainError("closed", f"这项帮教已于{day(found.closed_on)}了结，不用再办理。")
    if not is_gone(found.member):
        raise DomainError("still_here", f"{found.member.name}还在花名册上，帮教不能终止。已经改正的，请作出结论。")
    refuse(check_texts({"原因": (reason, LONGEST)}))
    made = add(found, Kind.ENDED, actor, clock.today(), text=reason.strip(), outcome=Outcome.ENDED)
    _close(found, Outcome.ENDED)
    return made


def _to_confirm(actor: AnyActor, follow_up_id: int) -> tuple[FollowUp, Entry]:
    found = locked(actor, follow_up_id)
    require_confirms(actor, found)
    require_active(actor, found)
    require_state(found, State.DECIDED)
    return found, found.entries.filter(kind=Kind.DECIDED).order_by("-number")[0]


def _close(found: FollowUp, outcome: str) -> None:
    found.state, found.outcome, found.closed_on = State.CLOSED, outcome, clock.today()
    found.save(update_fields=["state", "outcome", "closed_on"])
