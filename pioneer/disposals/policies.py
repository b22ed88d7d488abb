"""组织处置的权限 Who takes which step, and who reads: the branch's lead and committee, the township, the district, the
member itself; the auditor without texts. Recusal follows the person."""

from pioneer.accounts.policies import TABLE, Act, AnyActor, Clock, Role, may, require
from pioneer.disposals.models import Finding
from pioneer.disposals.order import Desk
from pioneer.kernel.errors import NotAllowed
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation

CLOCK_MAY = frozenset({"disposals.remind_case"})
DESKS: dict[Desk, str] = {
    "branch": "支部的书记、副书记、委员",
    "township": "乡镇（街道）党务工作者",
    "district": "区委组织部工作人员",
    "member": "党员本人",
}


def is_self(actor: AnyActor, member: Member) -> bool:
    """是否本人"""
    return actor.number is not None and member.user_id == actor.number


def may_at(actor: AnyActor, desk: Desk, branch: Organisation) -> bool:
    """可否办理 Whether the actor sits at this desk for the branch."""
    if desk == "branch":
        return may(actor, Act.HANDLE_CASE, branch)
    if desk == "township":
        return may(actor, Act.REVIEW_CASE, branch)
    return desk == "district" and any(
        held.role == Role.DISTRICT_OFFICER
        and held.role in TABLE[Act.APPROVE_CASE]
        and branch.path.startswith(held.path)
        for held in actor.grants
    )


def require_at(actor: AnyActor, desk: Desk, branch: Organisation) -> None:
    """须可办理"""
    if not may_at(actor, desk, branch):
        raise NotAllowed(f"这一步由{branch.name}所属的{DESKS[desk]}办理，您目前没有这项任职。")


def reads_texts(actor: AnyActor, branch: Organisation) -> bool:
    """可否看文字 Who handles, reviews or approves; not the auditor."""
    acts = (Act.HANDLE_CASE, Act.PROPOSE_UNQUALIFIED, Act.REVIEW_CASE, Act.APPROVE_CASE)
    return any(may(actor, act, branch) for act in acts)


def require_not_aside(reason: str | None) -> None:
    """须不回避"""
    if reason is not None:
        raise NotAllowed(reason, code="step_aside")


def require_propose(actor: AnyActor, branch: Organisation) -> None:
    """须可提出不合格认定"""
    require(actor, Act.PROPOSE_UNQUALIFIED, branch)


def require_decide(actor: AnyActor, found: Finding) -> None:
    """须可审批认定 The township, another person than who proposed it or recorded the meeting."""
    require_at(actor, "township", found.branch)
    if actor.number in (found.proposed_by_number, found.met_by_number):
        raise NotAllowed("这项认定是您提出或记录的，须由乡镇（街道）的另一位党务工作者审批。", code="two_people")


def can_decide(actor: AnyActor, found: Finding) -> bool:
    """可否审批认定"""
    try:
        require_decide(actor, found)
    except NotAllowed:
        return False
    return True


def require_own_or_take_down(actor: AnyActor, member: Member, branch: Organisation) -> None:
    """须是本人，或可代录"""
    if not is_self(actor, member) and not may_at(actor, "branch", branch):
        raise NotAllowed(f"意见由党员本人提出，或由{branch.name}的书记、副书记、委员代录，您目前没有这项任职。")


def may_lead(actor: AnyActor, branch: Organisation) -> bool:
    """可否终止 The branch that handles the case, or a committee above it."""
    return any(may_at(actor, desk, branch) for desk in ("branch", "township", "district"))


def require_lead(actor: AnyActor, branch: Organisation) -> None:
    """须可终止"""
    if not may_lead(actor, branch):
        raise NotAllowed(f"处置由{branch.name}的书记、副书记、委员，或上级的党务工作者终止，您目前没有这项任职。")


def require_clock(actor: AnyActor, operation: str) -> None:
    """须是时钟"""
    if not isinstance(actor, Clock) or operation not in CLOCK_MAY:
        raise NotAllowed("这一步由系统到期自动办理，不需要人操作。")
