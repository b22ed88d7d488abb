"""导入的权限 Who brings in rosters: whoever may at the organisation, and whoever has the server's shell."""

from pioneer.accounts.policies import CLOCK, CONSOLE, Act, AnyActor, may, require
from pioneer.kernel.errors import NotAllowed
from pioneer.kernel.operations import running
from pioneer.organisations.models import Organisation

CONSOLE_MAY = frozenset(
    {"members.upload_roster", "members.record_check", "members.confirm_roster", "members.discard_roster"}
)
CLOCK_MAY = frozenset({"members.discard_roster"})


def may_import(actor: AnyActor, organisation: Organisation) -> bool:
    """可否导入"""
    return actor == CONSOLE or may(actor, Act.IMPORT_ROSTER, organisation)


def require_import(actor: AnyActor, organisation: Organisation) -> None:
    """须可导入 The shell and the clock do what CONSOLE_MAY and CLOCK_MAY list, and nothing else."""
    if actor == CLOCK:
        if running() not in CLOCK_MAY:
            raise NotAllowed("系统时钟只清除长期没有确认的花名册，其余由人办理。")
    elif actor != CONSOLE:
        require(actor, Act.IMPORT_ROSTER, organisation)
    elif running() and running() not in CONSOLE_MAY:
        raise NotAllowed("控制台只上传、核对、确认或放弃花名册，其余请在网页上办理。")
