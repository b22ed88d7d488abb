"""积分办法的权限 Who may draft, who may adopt, who reads."""

from pioneer.accounts.policies import Act, AnyActor, may
from pioneer.kernel.errors import DomainError
from pioneer.organisations.models import Organisation
from pioneer.rulebook.models import RulebookVersion


def sees_drafts(actor: AnyActor, district: Organisation) -> bool:
    """能否看草案 Only who drafts or adopts; everybody of the district reads what was adopted."""
    return may(actor, Act.DRAFT_RULEBOOK, district) or may(actor, Act.ADOPT_RULEBOOK, district)


def districts_of(actor: AnyActor) -> set[int]:
    """所在的区 The districts in which the actor holds a role."""
    return {int(held.path.split("/")[1]) for held in actor.grants}


def is_second_person(actor: AnyActor, version: RulebookVersion) -> None:
    """须为第二人 Who drafted a version does not adopt it."""
    if actor.number == version.drafted_by_number:
        raise DomainError("same_person", "这个版本是您起草的，须由区委组织部的另一位工作人员核对后采用。")
