"""申报的权限 Whose claim is it, and who may enter or withdraw it?"""

from pioneer.accounts.policies import CONSOLE, Act, AnyActor, may, require
from pioneer.declarations.models import Declaration
from pioneer.kernel.errors import NotAllowed, NotVisible
from pioneer.kernel.operations import running
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


def is_self(actor: AnyActor, member: Member) -> bool:
    """是否本人 Whether the account belongs to this member."""
    return actor.number is not None and member.user_id == actor.number


def require_declare(actor: AnyActor, member: Member, branch: Organisation | None) -> bool:
    """须可申报 The member itself, or who enters for it (代报); answers whether it is by proxy."""
    if is_self(actor, member):
        return False
    if branch is None or not (may(actor, Act.SEE_ROSTER, branch) or may(actor, Act.DECLARE_FOR, branch)):
        raise NotVisible
    require(actor, Act.DECLARE_FOR, branch)
    return True


def require_withdraw(actor: AnyActor, declaration: Declaration) -> None:
    """须可撤回 The member itself; what was entered by proxy also the person who entered it."""
    entered_by_actor = declaration.is_proxy and declaration.entered_by_number == actor.number
    if not (is_self(actor, declaration.member) or entered_by_actor):
        raise NotAllowed("申报由本人撤回；代报的也可由代报人撤回。如内容有误，请在考评时调整或不予认可。")


CONSOLE_MAY = frozenset({"declarations.print_weekly_forms"})


def require_enter(actor: AnyActor, branch: Organisation) -> None:
    """须可为支部代报 Who enters claims for members of this branch."""
    if not (may(actor, Act.SEE_ROSTER, branch) or may(actor, Act.DECLARE_FOR, branch)):
        raise NotVisible
    require(actor, Act.DECLARE_FOR, branch)


def require_print(actor: AnyActor, branch: Organisation) -> None:
    """须可打印申报表 Who enters claims for the branch; and who has the server's shell."""
    if actor != CONSOLE or (running() and running() not in CONSOLE_MAY):
        require_enter(actor, branch)
