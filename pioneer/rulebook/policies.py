"""积分办法的权限 Who may draft, who may adopt, who reads."""

from collections.abc import Collection
from typing import Literal

from pioneer.accounts.policies import Act, AnyActor, may, require
from pioneer.kernel.errors import DomainError
from pioneer.organisations.models import Organisation


def sees_drafts(actor: AnyActor, district: Organisation) -> bool:
    """能否看草案 Only who drafts or adopts; everybody of the district reads what was adopted."""
    return may(actor, Act.DRAFT_RULEBOOK, district) or may(actor, Act.ADOPT_RULEBOOK, district)


def districts_of(actor: AnyActor) -> set[int]:
    """所在的区 The districts in which the actor holds a role."""
    return {int(held.path.split("/")[1]) for held in actor.grants}


def is_second_person(actor: AnyActor, drafters: Collection[int]) -> None:
    """须为第二人 Who had a hand in a version does not adopt it."""
    if actor.number in drafters:
        raise DomainError("same_person", "这个版本是您起草或参与起草的，须由区委组织部的另一位工作人员核对后采用。")


def is_other_than_proposer(actor: AnyActor, proposed_by: int | None) -> None:
    """须为第二人 Who proposed a branch's supplement does not decide on it, whatever the role."""
    if actor.number == proposed_by:
        raise DomainError("same_person", "这份支部补充是您提出的，须由乡镇（街道）的另一位工作人员审批。")


def ends_for(actor: AnyActor, branch: Organisation) -> Literal["branch", "township"]:
    """以谁的名义终止 For the branch, which minutes it, or from above with a reason; NotAllowed for anybody else."""
    if may(actor, Act.PROPOSE_SUPPLEMENT, branch):
        return "branch"
    require(actor, Act.APPROVE_SUPPLEMENT, branch, "终止由支部书记、副书记或乡镇（街道）办理，您目前没有这项任职。")
    return "township"
