"""积分存折的权限 Who runs a shop, who records at a merchant, who keeps the books. Nobody serves oneself."""

from collections.abc import Collection

from pioneer.accounts.policies import CLOCK, Act, AnyActor, may, paths, require
from pioneer.conduct.policies import is_self
from pioneer.kernel.errors import NotAllowed
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation
from pioneer.rewards.models import Account, Passbook

CLOCK_MAY = frozenset(
    {
        "rewards.credit_posting",
        "rewards.credit_waiting",
        "rewards.warn_of_expiry",
        "rewards.expire_points",
        "rewards.expire_reservation",
        "rewards.make_statement",
    }
)


def is_clock(actor: AnyActor, operation: str) -> bool:
    """是否时钟"""
    return actor == CLOCK and operation in CLOCK_MAY


def require_clock(actor: AnyActor, operation: str) -> None:
    """须由时钟"""
    if not is_clock(actor, operation):
        raise NotAllowed("这一步由系统按时办理，不用人办。")


def decides_at(actor: AnyActor, organisation: Organisation) -> bool:
    """可否开设、停办"""
    return may(actor, Act.OPEN_PASSBOOK, organisation)


def manages(actor: AnyActor, passbook: Passbook) -> bool:
    """可否管理 Shops, goods, merchants, money."""
    return may(actor, Act.MANAGE_PASSBOOK, passbook.organisation)


def runs_shop(actor: AnyActor, passbook: Passbook) -> bool:
    """可否在超市办理"""
    return may(actor, Act.RUN_SHOP, passbook.organisation)


def checks(actor: AnyActor, passbook: Passbook) -> bool:
    """可否复核月结"""
    return may(actor, Act.CHECK_PASSBOOK, passbook.organisation)


def sees_books(actor: AnyActor, passbook: Passbook) -> bool:
    """可否查看账"""
    return may(actor, Act.SEE_PASSBOOK, passbook.organisation)


def issues_cards(actor: AnyActor, passbook: Passbook, branch: Organisation | None) -> bool:
    """可否发卡 At the passbook's organisation, or in the member's branch."""
    if may(actor, Act.ISSUE_CARD, passbook.organisation):
        return True
    return branch is not None and may(actor, Act.ISSUE_CARD, branch)


def issues_cards_below(actor: AnyActor, passbook: Passbook) -> bool:
    """可否在其下发卡 At the passbook's organisation, or in a branch below it."""
    here = passbook.organisation.path
    return any(path.startswith(here) or here.startswith(path) for path in paths(actor, Act.ISSUE_CARD))


def owns(actor: AnyActor, account: Account) -> bool:
    """是否本人的存折"""
    return account.member is not None and is_self(actor, account.member)


def require_decides(actor: AnyActor, organisation: Organisation) -> None:
    """须可开设"""
    require(actor, Act.OPEN_PASSBOOK, organisation)


def require_manages(actor: AnyActor, passbook: Passbook) -> None:
    """须可管理"""
    require(actor, Act.MANAGE_PASSBOOK, passbook.organisation)


def require_runs_shop(actor: AnyActor, passbook: Passbook) -> None:
    """须可在超市办理"""
    require(actor, Act.RUN_SHOP, passbook.organisation)


def require_checks(actor: AnyActor, passbook: Passbook) -> None:
    """须可复核"""
    require(actor, Act.CHECK_PASSBOOK, passbook.organisation)


def require_issues_cards(actor: AnyActor, passbook: Passbook, branch: Organisation | None) -> None:
    """须可发卡"""
    if not issues_cards(actor, passbook, branch):
        require(actor, Act.ISSUE_CARD, passbook.organisation)


def require_records_at(actor: AnyActor, passbook: Passbook, people: Collection[int]) -> None:
    """须为商户的人 With the role, and entered at this very merchant."""
    if actor.number not in people or not may(actor, Act.SERVE_MERCHANT, passbook.organisation):
        raise NotAllowed("这里由本商户登记的经办人办理。请用商户自己的账号登录，或请村（社区）把您登记为经办人。")


def require_not_aside(reason: str | None) -> None:
    """须不回避"""
    if reason is not None:
        raise NotAllowed(reason, code="step_aside")


def require_another(actor: AnyActor, number: int | None, sentence: str) -> None:
    """须另一人"""
    if actor.number is None or actor.number == number:
        raise NotAllowed(sentence, code="same_person")


def require_own(actor: AnyActor, member: Member | None, sentence: str) -> None:
    """须为本人"""
    if member is None or not is_self(actor, member):
        raise NotAllowed(sentence)
