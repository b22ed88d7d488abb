"""总览的权限 Officers and auditors, each over what lies below them."""

from pioneer.accounts.policies import Act, AnyActor, paths
from pioneer.kernel.errors import NotAllowed


def scope(actor: AnyActor) -> list[str]:
    """可看的范围 The subtrees an actor may look over; NotAllowed where there are none."""
    found = paths(actor, Act.SEE_OVERVIEW)
    if not found:
        raise NotAllowed("总览由村（社区）、乡镇（街道）、区级党务工作者和审计员查看，您目前没有这项任职。")
    return [path for path in found if not any(path != other and path.startswith(other) for other in found)]
