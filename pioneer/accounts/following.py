"""账号随人 What becomes of an account when the person behind it changes. Plain functions, called inside operations."""

from django.db.models import Q

from pioneer.accounts.models import Slip, User
from pioneer.kernel import clock
from pioneer.kernel.errors import bad
from pioneer.organisations.models import Organisation


def rename_user(user: User, name: str) -> None:
    """更名"""
    user.name = name
    user.save(update_fields=["name"])


def rephone_user(user: User, phone: str) -> None:
    """换手机号 The new number signs in from now on; a number another account has is refused."""
    if User.objects.filter(Q(login=phone) | Q(phone=phone)).exclude(pk=user.pk).exists():
        raise bad("电话", "这个手机号已是另一个账号的登录号码，请核对；家人共用一个号码的，请留空，用党员编号登录。")
    if user.login == user.phone:
        user.login = phone
    user.phone = phone
    user.save(update_fields=["login", "phone"])


def set_active(user: User, active: bool) -> None:
    """停用或恢复 An account that is stopped has no open slip."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        _cancel_slips(user)


def move_users(numbers: list[int], organisation: Organisation) -> None:
    """换所在组织 Whoever is above the new one hands over slips from now on."""
    User.objects.filter(pk__in=numbers).update(organisation=organisation)


def erase_user(user: User) -> None:
    """删除账号文字 The row and its number stay, since the books know the actor by it; nobody signs in with it again."""
    user.name, user.login, user.phone, user.is_active = "已删除", f"erased-{user.pk}", None, False
    user.set_unusable_password()
    user.save()
    _cancel_slips(user)


def _cancel_slips(user: User) -> None:
    Slip.objects.filter(user=user, used_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=clock.now())
