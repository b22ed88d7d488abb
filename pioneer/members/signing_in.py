"""党员的账号 A member signs in by its number or its mobile phone; the slip itself is printed by the accounts."""

from pioneer.accounts.models import User
from pioneer.accounts.policies import Act, AnyActor, require
from pioneer.accounts.queries import by_number
from pioneer.accounts.services import new_user
from pioneer.kernel.errors import DomainError, bad
from pioneer.kernel.operations import operation
from pioneer.members import policies, queries
from pioneer.members.models import Member
from pioneer.members.particulars import MOBILE
from pioneer.members.services import locked, require_present


@operation("members.open_account")
def open_account(*, actor: AnyActor, member_id: int, without_phone: bool = False) -> User:
    """开通账号 Signs in by the member number, and by the mobile phone where there is one. A slip lets the person in."""
    member, branch = locked(actor, member_id)
    require(actor, Act.HAND_SLIPS, branch)
    require_present(member)
    if member.user is not None:
        raise DomainError("has_account", f"{member.name}已有账号，无须再开。忘记密码的，请打印重设密码的登录纸条。")
    phone = member.phone if MOBILE.fullmatch(member.phone) and not without_phone else ""
    if phone and by_number(phone) is not None:
        raise DomainError(
            "phone_taken",
            f"{member.name}的手机号已有账号在用。如果就是本人（例如已有任职账号），请办理“关联已有账号”；"
            "如果是家人共用一个号码，请选“只用党员编号登录”。",
        )
    member.user = new_user(branch, member.name, phone, member.number)
    member.save(update_fields=["user"])
    return member.user


@operation("members.link_account")
def link_account(*, actor: AnyActor, member_id: int, login: str) -> Member:
    """关联已有账号 An officer who is also a member is one natural person with one account."""
    member, branch = locked(actor, member_id)
    require(actor, Act.HAND_SLIPS, branch)
    policies.require_link(actor, member)
    require_present(member)
    if member.user is not None:
        raise DomainError("has_account", f"{member.name}已有账号，不能再关联另一个。")
    user = by_number(login)
    if user is None or user.name != member.name or queries.member_of(user.pk) is not None:
        raise bad("登录号码", f"没有找到姓名为{member.name}、尚未关联的账号。请填写该账号登录用的手机号或编号。")
    member.user = user
    member.save(update_fields=["user"])
    return member
