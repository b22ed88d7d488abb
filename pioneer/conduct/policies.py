"""日常纪实的权限 Private matters: seen by the branch, the level above and the member. Recusal follows the person."""

from pioneer.accounts.policies import Act, AnyActor, may
from pioneer.conduct.models import ZeroingCase
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation

OWN = "这是您本人的事项"
NOT_FINAL = {
    "suspicion": "涉嫌线索、举报材料或调查通知",
    "detention": "拘留、留置或逮捕通知书（案件尚未处理完毕）",
    "open_case": "立案决定书或起诉书（案件尚未审结）",
    "notice": "处罚或处分的事先告知书",
}
State = ZeroingCase.State


def is_self(actor: AnyActor, member: Member) -> bool:
    """是否本人"""
    return actor.number is not None and member.user_id == actor.number


def writes_at(actor: AnyActor, branch: Organisation) -> bool:
    """可否记录 Education records, reminders and relations of a branch."""
    return may(actor, Act.WRITE_CONDUCT, branch)


def sees_records_at(actor: AnyActor, branch: Organisation) -> bool:
    """可否查看 The branch, and the level above that is its second person."""
    return writes_at(actor, branch) or may(actor, Act.CONFIRM_ABOVE, branch)


def sees_zeroing_at(actor: AnyActor, branch: Organisation) -> bool:
    """可否查看清零 The branch, and the township that decides."""
    return writes_at(actor, branch) or may(actor, Act.APPROVE_ZEROING, branch)


def require_not_aside(reason: str | None) -> None:
    """须不回避"""
    if reason is not None:
        raise NotAllowed(reason, code="step_aside")


def require_other_than_proposer(actor: AnyActor, case: ZeroingCase) -> None:
    """须为第二人 Who proposed doesn't decide, whatever the role."""
    if actor.number == case.proposed_by_number:
        raise DomainError("same_person", "这项清零是您提出的，须由乡镇（街道）的另一位工作人员审批。")
