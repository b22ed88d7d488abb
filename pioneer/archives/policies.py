"""年度档案的权限 Who makes an archive takes it, too: the branch's lead, and above it the township and the district. It
holds findings and disposal decisions, so whoever does not read those does not read it."""

from pioneer.accounts.policies import CONSOLE, Act, AnyActor, may, require
from pioneer.kernel.errors import NotAllowed
from pioneer.organisations.models import Organisation


def may_archive(actor: AnyActor, branch: Organisation) -> bool:
    """可否做、取年度档案 The server's shell may for every branch."""
    return actor == CONSOLE or may(actor, Act.ARCHIVE, branch)


def require_archive(actor: AnyActor, branch: Organisation) -> None:
    """须可做年度档案"""
    if actor == CONSOLE:
        return
    if actor.number is None:
        raise NotAllowed("年度档案由人办理，请登录后再做。")
    require(actor, Act.ARCHIVE, branch)
