"""年度评定的权限 Who may try out a draft: whoever drafts or adopts rulebooks in the district. Who may settle a cycle:
the community's officer, the secretary of a branch that is a community, the officers above, the server's shell."""

from pioneer.accounts.policies import CONSOLE, Act, AnyActor, may, require
from pioneer.organisations.models import Organisation
from pioneer.rulebook.policies import sees_drafts


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
