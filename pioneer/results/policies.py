"""年度评定的权限 Who may try out a draft: whoever drafts or adopts rulebooks in the district."""

from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.organisations.models import Organisation
from pioneer.rulebook.policies import sees_drafts


def may_simulate(actor: AnyActor, district: Organisation) -> bool:
    """可否试算"""
    return sees_drafts(actor, district)


def require_simulate(actor: AnyActor, district: Organisation) -> None:
    """须可试算"""
    if not may_simulate(actor, district):
        require(actor, Act.DRAFT_RULEBOOK, district)
