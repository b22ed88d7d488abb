"""党员的权限 Who sees a member's file and who keeps the roster."""

from collections.abc import Callable
from typing import Any

from pioneer.accounts.policies import Act, AnyActor, Clock, may, require
from pioneer.kernel.errors import NotAllowed
from pioneer.members.models import Exemption, Member, Transfer
from pioneer.organisations.models import Organisation

CLOCK_MAY: frozenset[str] = frozenset()


def is_self(actor: AnyActor, member: Member) -> bool:
    """是否本人"""
    return actor.number is not None and member.user_id == actor.number


def require_person(actor: AnyActor) -> None:
    """须是人 The roster is kept by people; the clock changes nothing in it."""
    if isinstance(actor, Clock):
        raise NotAllowed("花名册由有任职的人办理，系统时钟不改动党员档案。")


def require_edit(actor: AnyActor, branch: Organisation) -> None:
    """须可维护花名册"""
    require_person(actor)
    require(actor, Act.EDIT_ROSTER, branch)


def require_other(actor: AnyActor, member: Member, what: str) -> None:
    """须非本人 Nobody rules on what is its own."""
    if is_self(actor, member):
        raise NotAllowed(f"{what}须由他人办理：这是您本人的事项，请由党组织的另一位同志办理。", code="recusal")


def require_status(actor: AnyActor, branch: Organisation, member: Member) -> None:
    """须可登记状态变动 Who keeps the roster, for somebody else."""
    require_edit(actor, branch)
    require_other(actor, member, "党员状态的登记")


def require_link(actor: AnyActor, member: Member) -> None:
    """须可关联账号 Nobody links an account that is one's own: that would decide who may rule on whom."""
    if member.name == actor.name:
        raise NotAllowed("本人的账号须由他人关联：请由支部的另一位同志或上一级的党务工作者办理。", code="recusal")


def may_apply(actor: AnyActor, member: Member, branch: Organisation) -> bool:
    """可否申请免评 The member itself, or for it whoever keeps the roster."""
    return is_self(actor, member) or may(actor, Act.EDIT_ROSTER, branch)


def require_apply(actor: AnyActor, member: Member, branch: Organisation) -> None:
    """须可申请免评"""
    require_person(actor)
    if not may_apply(actor, member, branch):
        raise NotAllowed(f"免评由党员本人申请，或由{branch.name}的书记、副书记、记录员代为申请。")


def receives(actor: AnyActor, transfer: Transfer) -> bool:
    """可否接收 The receiving branch's leads or above; for a transfer outside, those it leaves."""
    return may(actor, Act.PROPOSE_TRANSFER, transfer.to_branch or transfer.from_branch)


def require_receive(actor: AnyActor, transfer: Transfer) -> None:
    """须可接收转接 Not the member itself, and a transfer outside not by who proposed it."""
    require_person(actor)
    where = transfer.to_branch or transfer.from_branch
    require(actor, Act.PROPOSE_TRANSFER, where)
    require_other(actor, transfer.member, "组织关系的接收")
    if transfer.to_branch is None and transfer.proposed_by_number == actor.number:
        raise NotAllowed("转出区外须由另一个人核实回执后确认，不能由提出转接的人自己确认。", code="two_people")


def require_refuse(actor: AnyActor, transfer: Transfer) -> None:
    """须可退回转接 Who receives, or who proposed it and takes it back; not the member itself."""
    require_person(actor)
    if not may(actor, Act.PROPOSE_TRANSFER, transfer.from_branch):
        require(actor, Act.PROPOSE_TRANSFER, transfer.to_branch or transfer.from_branch)
    require_other(actor, transfer.member, "组织关系转接的退回")


def require_end(actor: AnyActor, exemption: Exemption, branch: Organisation) -> None:
    """须可终止免评 The member itself, the branch, or the township."""
    require_person(actor)
    if is_self(actor, exemption.member) or may(actor, Act.AGREE_EXEMPTION, branch):
        return
    require(actor, Act.APPROVE_EXEMPTION, branch)


def require_agree(actor: AnyActor, exemption: Exemption, branch: Organisation, *, others: bool) -> None:
    """须可审核免评 The branch, by somebody else than the member; by the level above where it has nobody else."""
    require_person(actor)
    if others or not may(actor, Act.CONFIRM_ABOVE, branch):
        require(actor, Act.AGREE_EXEMPTION, branch)
    require_other(actor, exemption.member, "免评的审核")


def require_approve(actor: AnyActor, exemption: Exemption, branch: Organisation) -> None:
    """须可批准免评 The township, by a third person."""
    require_person(actor)
    require(actor, Act.APPROVE_EXEMPTION, branch)
    require_other(actor, exemption.member, "免评的批准")
    if actor.number in (exemption.branch_by_number, exemption.applied_by_number):
        raise NotAllowed(
            "免评的批准须由另一个人办理：您已经办过这份申请的前一步。请由本乡镇（街道）的另一位党务工作者批准。",
            code="two_people",
        )


def can(require_it: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
    """可否 Whether one of the questions above would let the actor through; for showing a button or not."""
    try:
        require_it(*args, **kwargs)
    except NotAllowed:
        return False
    return True
