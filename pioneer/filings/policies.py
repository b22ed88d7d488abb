"""备案的权限 Who files is of the unit, who receives of the level above, and never the same person. Recusal follows the
person."""

from pioneer.accounts.policies import Act, AnyActor, Clock, may, require
from pioneer.conduct.policies import is_self
from pioneer.filings.models import Amendment, Filing
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.organisations.models import Organisation

CLOCK_MAY = frozenset({"filings.remind_late"})


def may_file(actor: AnyActor, unit: Organisation) -> bool:
    """可否报备案"""
    return may(actor, Act.FILE, unit)


def require_file(actor: AnyActor, unit: Organisation) -> None:
    """须可报备案"""
    require(actor, Act.FILE, unit)


def may_receive(actor: AnyActor, filing: Filing) -> bool:
    """可否接收 At the level above, another person than who sent."""
    return receives_at(actor, filing.to) and actor.number != filing.sent_by_number


def receives_at(actor: AnyActor, to: Organisation) -> bool:
    """可否接收报到此处的备案 A township's officer receives at the township, a district's at the district."""
    return any(held.organisation == to.pk for held in actor.grants) and may(actor, Act.RECEIVE_FILING, to)


def require_receive(actor: AnyActor, filing: Filing) -> None:
    """须可接收"""
    if not receives_at(actor, filing.to):
        raise NotAllowed(f"这份备案由{filing.to.name}的党务工作者接收或退回，您目前没有这项任职。")
    if actor.number == filing.sent_by_number:
        raise DomainError("same_person", f"这份备案是您报送的，须由{filing.to.name}的另一位工作人员接收或退回。")


def require_clock(actor: object, operation: str) -> None:
    """须是时钟"""
    if not isinstance(actor, Clock) or operation not in CLOCK_MAY:
        raise NotAllowed("这一步由系统到期自动办理，不需要人操作。")


def may_propose(actor: AnyActor, unit: Organisation) -> bool:
    """可否提出更正"""
    return may(actor, Act.PROPOSE_AMENDMENT, unit)


def may_decide(actor: AnyActor, amendment: Amendment) -> bool:
    """可否审批更正 But for recusal, which asks who is related to whom."""
    return (
        may(actor, Act.APPROVE_AMENDMENT, amendment.filing.unit)
        and actor.number != amendment.proposed_by_number
        and not is_self(actor, amendment.member)
    )


def require_decide(actor: AnyActor, amendment: Amendment) -> None:
    """须可审批 Another person than who proposed."""
    require(actor, Act.APPROVE_AMENDMENT, amendment.filing.unit)
    if actor.number == amendment.proposed_by_number:
        raise DomainError("same_person", "这项更正是您提出的，须由乡镇（街道）的另一位工作人员审批。")


def may_take_down(actor: AnyActor, amendment: Amendment) -> bool:
    """可否代录答复 Of the unit or its branches, not who proposed."""
    return (
        may(actor, Act.PROPOSE_AMENDMENT, amendment.filing.unit) or may(actor, Act.EVALUATE, amendment.result.branch)
    ) and actor.number != amendment.proposed_by_number
