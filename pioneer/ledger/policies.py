"""台账的权限 Who may post, reorganise, erase, and who reads a member's entries."""

from pioneer.accounts.policies import Act, AnyActor, Clock, may, require
from pioneer.kernel.errors import NotAllowed
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation

CLOCK_MAY = frozenset({"ledger.post_sheet"})


def may_post(actor: AnyActor, branch: Organisation) -> bool:
    """可否入账 The clock, or the branch's leads."""
    return isinstance(actor, Clock) or may(actor, Act.POST, branch)


def require_post(actor: AnyActor, branch: Organisation) -> None:
    """须可入账"""
    if not isinstance(actor, Clock):
        require(actor, Act.POST, branch)


def require_reorganise(actor: AnyActor, organisation: Organisation) -> None:
    """须可合并、分设、撤销 By the level above, never by the branch itself."""
    require(actor, Act.REORGANISE, organisation)


def require_erase(actor: AnyActor, member: Member, district: Organisation) -> None:
    """须可抹除 By the security administrator, and never its own file."""
    require(actor, Act.ERASE, district)
    if member.user_id is not None and member.user_id == actor.number:
        raise NotAllowed("本人的档案不能由本人抹除，请由另一位安全管理员办理。", code="recusal")
