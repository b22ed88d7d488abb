"""跟进的权限 Who may follow up whom. The branch of today writes; recusal follows the person."""

from pioneer.accounts.policies import CLOCK, Act, AnyActor, may, require
from pioneer.conduct.policies import is_self
from pioneer.followups.models import Entry, FollowUp
from pioneer.kernel.errors import NotAllowed
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation

CLOCK_MAY = frozenset({"followups.remind_person"})
State, Kind = FollowUp.State, Entry.Kind
CORRECTABLE = frozenset({Kind.TALK, Kind.VISIT, Kind.PLAN})


def require_clock(actor: AnyActor, operation: str) -> None:
    """须由时钟"""
    if actor != CLOCK or operation not in CLOCK_MAY:
        raise NotAllowed("帮教提醒由系统按时发出，不用人办理。")


def writes_at(actor: AnyActor, branch: Organisation) -> bool:
    """可否跟进 Of this branch's members."""
    return may(actor, Act.FOLLOW_UP, branch)


def confirms_at(actor: AnyActor, branch: Organisation) -> bool:
    """可否确认结论 The branch's second person, or the level above where the branch is too small."""
    return may(actor, Act.CONFIRM, branch) or may(actor, Act.CONFIRM_ABOVE, branch)


def oversees_at(actor: AnyActor, branch: Organisation) -> bool:
    """可否查看 Of a branch below."""
    return writes_at(actor, branch) or may(actor, Act.OVERSEE_FOLLOW_UPS, branch)


def is_person(actor: AnyActor, person: Member | None) -> bool:
    """是否其人 Who was assigned, or helps."""
    return person is not None and is_self(actor, person)


def talks(actor: AnyActor, found: FollowUp) -> bool:
    """可否登记谈话 The branch, or who was assigned."""
    return writes_at(actor, found.branch) or is_person(actor, found.assigned)


def visits(actor: AnyActor, found: FollowUp) -> bool:
    """可否登记走访 The branch, who was assigned, or who helps."""
    return talks(actor, found) or is_person(actor, found.helper)


def corrects(actor: AnyActor, found: FollowUp, kind: str) -> bool:
    """可否更正 Whoever may enter an entry of this kind."""
    if kind == Kind.TALK:
        return talks(actor, found)
    return visits(actor, found) if kind == Kind.VISIT else kind == Kind.PLAN and writes_at(actor, found.branch)


def require_talks(actor: AnyActor, found: FollowUp) -> None:
    """须可登记谈话"""
    if not talks(actor, found):
        require(actor, Act.FOLLOW_UP, found.branch, "谈话由确定的谈话人，或支部的书记、副书记、委员、记录员登记。")


def require_visits(actor: AnyActor, found: FollowUp) -> None:
    """须可登记走访"""
    if not visits(actor, found):
        require(actor, Act.FOLLOW_UP, found.branch, "走访由谈话人、帮带人，或支部的书记、副书记、委员、记录员登记。")


def require_writes_at(actor: AnyActor, branch: Organisation) -> None:
    """须可跟进"""
    require(actor, Act.FOLLOW_UP, branch)


def require_writes(actor: AnyActor, found: FollowUp) -> None:
    """须可跟进此人"""
    require_writes_at(actor, found.branch)


def require_confirms(actor: AnyActor, found: FollowUp) -> None:
    """须可确认结论"""
    if not confirms_at(actor, found.branch):
        raise NotAllowed(
            "结论由支部另一位书记、副书记或委员确认；支部没有第二人的，由村（社区）或乡镇（街道）的党务工作者确认。"
        )
    if actor.number == found.decided_by_number:
        raise NotAllowed("这项结论是您登记的，须由另一位同志确认。", code="same_person")


def require_not_aside(reason: str | None) -> None:
    """须不回避"""
    if reason is not None:
        raise NotAllowed(reason, code="step_aside")
