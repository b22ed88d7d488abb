"""申诉的写入 Filed by the member or for it, once, within the time the rulebook sets; answered by the level above.
Upheld it ends the case without effect."""

from datetime import date

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside
from pioneer.disposals import policies, queries
from pioneer.disposals.models import Case, Step
from pioneer.disposals.writing import (
    Said,
    end,
    locked,
    require_here,
    require_reason,
    require_turn,
    take,
    tell_member,
    tell_next,
    to_take,
)
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, bad
from pioneer.kernel.operations import operation
from pioneer.members import spells

Kind = Step.Kind


@operation("disposals.appeal_case")
def appeal_case(*, actor: AnyActor, case_id: int, content: str, how: str = "") -> Step:
    """申诉 By the member, or entered for it by the branch or a committee above, saying how it was handed in."""
    case = locked(actor, case_id)
    own = policies.is_self(actor, case.member)
    if not own:
        policies.require_lead(actor, case.branch)
        policies.require_not_aside(must_step_aside(actor, case.member))
    require_turn(case, Kind.APPEALED)
    until = queries.appeal_ends(case)
    if until is not None and clock.today() > until:
        raise DomainError("appeal_over", f"申诉期限到{spells.said(until)}为止。仍然不服的，可以直接向上级党组织反映。")
    if not own and not how.strip():
        raise bad("如何代录", "请写明申诉是怎样提出的，例如“本人书面申诉，2027年3月1日收到”。")
    said = Said(
        people="" if own else f"代录：{how.strip()}"[:200], opinion=require_reason(content, "申诉", "请写明申诉的理由")
    )
    step = take(actor, case, Kind.APPEALED, clock.today(), said, {})
    tell_member(case, step, "申诉已经收到，由上级答复。")
    tell_next(case)
    return step


@operation("disposals.answer_appeal")
def answer_appeal(*, actor: AnyActor, case_id: int, on: date, upheld: bool, content: str, document: str) -> Step:
    """答复申诉 By the level above, by somebody who took no other step. Upheld, the case ends without effect."""
    case = to_take(actor, case_id, Kind.APPEAL_ANSWERED)
    require_here(case)
    if case.steps.exclude(kind=Kind.APPEALED).filter(entered_by_number=actor.number).exists():
        raise NotAllowed("您办过这件处置的步骤，申诉须由另一位同志答复。", code="two_people")
    said = Said(content=content, document=document)
    step = take(
        actor, case, Kind.APPEAL_ANSWERED, on, said, {"content": "答复的理由", "document": "文号"}, agreed=upheld
    )
    if upheld:
        end(case, Case.State.REVOKED, on, actor.number)
        tell_member(case, step, "申诉成立，处置撤销，不产生任何影响。")
    else:
        tell_member(case, step, "申诉不成立，维持原决定。")
    return step
