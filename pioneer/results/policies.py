"""年度评定的权限 Who may try out a draft: whoever drafts or adopts rulebooks in the district. Who may settle a cycle:
the community's officer, the secretary of a branch that is a community, the officers above, the server's shell."""

from pioneer.accounts.policies import CLOCK, CONSOLE, Act, AnyActor, may, require
from pioneer.kernel.errors import NotAllowed
from pioneer.organisations.models import Organisation
from pioneer.rulebook.policies import sees_drafts

CLOCK_MAY = frozenset({"results.look_for_alarms"})


def may_simulate(actor: AnyActor, district: Organisation) -> bool:
    """可否试算"""
    return sees_drafts(actor, district)


def require_simulate(actor: AnyActor, district: Organisation) -> None:
    """须可试算"""
    if not may_simulate(actor, district):
        require(actor, Act.DRAFT_RULEBOOK, district)


def may_settle(actor: AnyActor, at: Organisation) -> bool:
    """可否评定"""
    return actor == CONSOLE or may(actor, Act.SETTLE, at)


def require_settle(actor: AnyActor, at: Organisation) -> None:
    """须可评定"""
    if not may_settle(actor, at):
        require(actor, Act.SETTLE, at)


def may_announce(actor: AnyActor, unit: Organisation) -> bool:
    """可否通报 The community's officer; where the branch is one, its leads."""
    return may(actor, Act.ANNOUNCE, unit)


def require_announce(actor: AnyActor, unit: Organisation) -> None:
    """须可通报"""
    require(actor, Act.ANNOUNCE, unit)


def may_record_told(actor: AnyActor, unit: Organisation, branch: Organisation) -> bool:
    """可否登记到会、送达和答复 Who announces; of its own members a branch's leads too."""
    return may(actor, Act.ANNOUNCE, unit) or may(actor, Act.ANNOUNCE, branch)


def require_record_told(actor: AnyActor, unit: Organisation, branch: Organisation) -> None:
    """须可登记"""
    if not may_record_told(actor, unit, branch):
        require(actor, Act.ANNOUNCE, unit)


def require_clock(actor: AnyActor, operation: str) -> None:
    """须由时钟办理"""
    if actor != CLOCK or operation not in CLOCK_MAY:
        raise NotAllowed("预警由系统在入账以后自动查看，不用人工办理。")
