"""取一次导入来办 The import an operation works on: visible, locked, still open. Plain functions."""

from pioneer.accounts.policies import CLOCK, CONSOLE, AnyActor
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.members import import_bundles, import_queries
from pioneer.members.import_policies import require_import
from pioneer.members.models import RosterImport
from pioneer.organisations.models import Organisation

State = RosterImport.State


def standing(organisation_id: int) -> Organisation:
    """现存的组织"""
    found = Organisation.objects.filter(pk=organisation_id, closed_on__isnull=True).first()
    if found is None:
        raise NotVisible
    return found


def require_visible(actor: AnyActor, organisation: Organisation) -> None:
    """须看得到 From a post at the organisation or above it."""
    if actor not in (CONSOLE, CLOCK) and not any(organisation.path.startswith(held.path) for held in actor.grants):
        raise NotVisible


def locked(actor: AnyActor, import_id: int) -> RosterImport:
    """锁定 With its organisation. One whose confirmation has come to nothing waits to be confirmed, as before."""
    found = (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("organisation", "task")
        .filter(pk=import_id)
        .first()
    )
    if found is None:
        raise NotVisible
    require_visible(actor, found.organisation)
    require_import(actor, found.organisation)
    if found.state == State.CONFIRMING and not import_queries.is_busy(found):
        found.state = State.CHECKED
    return found


def require_open(found: RosterImport) -> None:
    """须未结束 And nothing is going on with it."""
    if found.state in (State.CONFIRMED, State.DISCARDED):
        raise DomainError("import_over", "这次导入已经结束。要再导入，请重新上传文件。")
    if found.state == State.CONFIRMING:
        raise DomainError("confirming", "已经确认，正在写入，请等它完成。页面可以离开，稍后再回来看。")
    if import_queries.is_busy(found):
        raise DomainError("checking", "正在核对，请等它完成。页面可以离开，稍后再回来看。")


def blank(found: RosterImport) -> None:
    """不再保留 Nothing that the file said is kept any longer."""
    found.content = found.samples = None
    found.layout = {}
    found.save()
    import_bundles.forget(found)
