"""公示的权限 Who may publish, object, answer, and who must step aside."""

from collections.abc import Collection

from pioneer.accounts.policies import Act, Actor, AnyActor, Clock, Visitor, may, require
from pioneer.kernel.errors import NotAllowed
from pioneer.organisations.models import Organisation

CLOCK_MAY = frozenset(
    {
        "publicity.close_publication",
        "publicity.escalate_overdue_objections",
        "publicity.refresh_publication",
        "publicity.remind_due",
    }
)


def require_publish(actor: AnyActor, branch: Organisation) -> None:
    """须可公示 The branch's own people."""
    require(actor, Act.PUBLISH, branch)


def require_close(actor: AnyActor, branch: Organisation) -> None:
    """须可结束公示 The clock, or the branch's own people."""
    if not isinstance(actor, Clock):
        require(actor, Act.PUBLISH, branch)


def require_clock(actor: object, operation: str) -> None:
    """须是时钟"""
    if not isinstance(actor, Clock) or operation not in CLOCK_MAY:
        raise NotAllowed("这一步由系统到期自动办理，不需要人操作。")


def require_paper(actor: Actor | Clock | Visitor, branch: Organisation) -> None:
    """须可登记书面异议 The branch's own people, for who came in person or on paper."""
    if not isinstance(actor, Actor):
        raise NotAllowed("书面异议由党支部登记，请把异议单交给党支部。")
    require(actor, Act.PUBLISH, branch)


def require_not_concerned(aside: str | None) -> None:
    """须非当事人 Who enters a paper objection sees the name on it: never the person concerned or a relative."""
    if aside:
        raise NotAllowed("这条异议涉及您本人或您申明的亲属，请由党支部的另一位同志接收和登记。", code="recusal")


def require_answer(actor: AnyActor, branch: Organisation, aside: str | None) -> None:
    """须可答复 An answerer of the branch who need not step aside."""
    require(actor, Act.ANSWER_OBJECTION, branch)
    if aside:
        raise NotAllowed(aside, code="recusal")


def require_final_answer(actor: AnyActor, branch: Organisation, aside: str | None) -> None:
    """须可作最终答复 An officer of the township who need not step aside."""
    require(actor, Act.ANSWER_FINALLY, branch)
    if aside:
        raise NotAllowed(aside, code="recusal")


def require_second(actor: AnyActor, branch: Organisation, proposers: Collection[int | None]) -> None:
    """须是第二个人 Who publishes the next revision is not who ruled on the objection."""
    if not (may(actor, Act.CONFIRM, branch) or may(actor, Act.CONFIRM_ABOVE, branch)):
        require(actor, Act.CONFIRM, branch)
    if actor.number in proposers:
        raise NotAllowed("认定异议成立的人不能自己出下一次公示，请另一位有复核任职的同志办理。", code="two_people")
