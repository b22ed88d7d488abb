"""账号的写入 Accounts, what each may do where, and the first set-up. Slips stand in `slips.py`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Q

from pioneer.accounts import policies, queries
from pioneer.accounts.models import Grant, Role, Slip, User
from pioneer.accounts.policies import Act, Actor, AnyActor, Clock
from pioneer.accounts.slips import check_password_rules, draw, locked
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotAllowed, NotVisible
from pioneer.kernel.operations import operation
from pioneer.organisations.models import Organisation, OrganisationChange
from pioneer.organisations.queries import visible_to
from pioneer.organisations.reorganisation import plant, record

PHONE = re.compile(r"1\d{10}")
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,39}")


def clean_phone(text: str) -> str:
    """手机号整理 Narrow digits, without the spaces and hyphens people put into a number."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c not in " -–—\u3000")


def new_user(organisation: Organisation, name: str, phone: str = "", login: str = "") -> User:
    """新账号 Called inside the operation that needs one. Without a password: a slip lets the person in. `login` is
    the member number, or where there is none the phone number."""
    name, phone, login = name.strip(), clean_phone(phone), clean_phone(login)
    faults = _faults(name, phone, login)
    if faults:
        raise BadInput(faults)
    user = User(login=login or phone, phone=phone or None, name=name, organisation=organisation, created_at=clock.now())
    user.set_unusable_password()
    user.save()
    return user


def _faults(name: str, phone: str, login: str, besides: int | None = None) -> list[Fault]:
    faults = []
    if not 2 <= len(name) <= 60:
        faults.append(Fault("姓名", "请填写姓名，2至60个字。"))
    if not phone and not login:
        faults.append(Fault("手机号", "请填写手机号；没有手机的，填写党员编号，用它登录。"))
    if phone and not PHONE.fullmatch(phone):
        faults.append(Fault("手机号", f"手机号应为11位数字、以1开头，这里是“{phone}”，请核对后重填。"))
    if login and not LOGIN.fullmatch(login):
        faults.append(Fault("党员编号", "编号只能用字母、数字和连字符，3至40位。"))
    taken = User.objects.exclude(pk=besides or 0)
    for field, number in (("手机号", phone), ("党员编号", login)):
        if number and taken.filter(Q(login=number) | Q(phone=number)).exists():
            faults.append(Fault(field, "这个号码已有账号在用。请核对；如是同一人，请直接在原账号上办理任职。"))
    return faults


@operation("accounts.create_user")
def create_user(*, actor: AnyActor, organisation_id: int, name: str, phone: str = "", login: str = "") -> User:
    """建账号 For an officer or a branch worker who belongs to the organisation; a slip lets the person in."""
    organisation = _organisation(actor, organisation_id)
    policies.require(actor, Act.MAKE_USERS, organisation)
    return new_user(organisation, name, phone, login)


@operation("accounts.change_user")
def change_user(*, actor: AnyActor, user_id: int, name: str, phone: str) -> User:
    """改账号 A new phone number, or a name that was misspelt."""
    user = _above(actor, user_id)
    name, phone = name.strip(), clean_phone(phone)
    faults = _faults(name, phone, "" if phone else user.login, besides=user.pk)
    if faults:
        raise BadInput(faults)
    if user.login == user.phone and phone:
        user.login = phone
    user.name, user.phone = name, phone or None
    user.save(update_fields=["name", "phone", "login"])
    return user


@operation("accounts.deactivate_user")
def deactivate_user(*, actor: AnyActor, user_id: int) -> User:
    """停用账号 At once: whoever is signed in is out, an open slip no longer works. Grants stay on record."""
    user = _above(actor, user_id)
    if not user.is_active:
        raise DomainError("user_inactive", f"{user.name}的账号已经停用。")
    user.is_active = False
    user.save(update_fields=["is_active"])
    Slip.objects.filter(user=user, used_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=clock.now())
    return user


@operation("accounts.reactivate_user")
def reactivate_user(*, actor: AnyActor, user_id: int) -> User:
    """恢复账号 With the password and the grants it had."""
    user = _above(actor, user_id)
    if user.is_active:
        raise DomainError("user_active", f"{user.name}的账号正在使用，无须恢复。")
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


@operation("accounts.change_password")
def change_password(*, actor: Actor, old: str, new: str) -> User:
    """改密码 By the person, who knows the old one."""
    user = locked(actor.number)
    if not user.check_password(old):
        raise BadInput([Fault("现在的密码", "现在的密码不对，请重新输入。忘记了请找支部书记或上一级开登录码重设。")])
    check_password_rules(new, user)
    user.set_password(new)
    user.save(update_fields=["password"])
    return user


@operation("accounts.set_print_size")
def set_print_size(*, actor: Actor, large: bool) -> User:
    """大字版 Kept on the account, so that it is the same on every device."""
    user = locked(actor.number)
    user.large_print = large
    user.save(update_fields=["large_print"])
    return user


@operation("accounts.record_sign_in")
def record_sign_in(*, actor: Actor) -> None:
    """登录留痕 Who came in, when; failed attempts are counted by axes."""


@operation("accounts.record_second_factor")
def record_second_factor(*, actor: Actor, on: bool) -> None:
    """二次验证留痕 The person set it up or gave it up."""


@operation("accounts.reset_second_factor")
def reset_second_factor(*, actor: AnyActor, user_id: int) -> User:
    """清除二次验证 For who lost the phone and the recovery codes: by a security administrator, never one's own."""
    queries.user_for(actor, user_id)
    user = locked(user_id)
    if actor.number == user.pk:
        raise NotAllowed("本人的二次验证不能由本人清除，请找另一位安全管理员。")
    places = queries.posts_of(user.pk)
    mine = policies.paths(actor, Act.GRANT_OFFICER_ROLES)
    home = [user.organisation.path] if user.organisation else []
    reach = [held.path for held in places] or home
    if not reach or not all(any(path.startswith(own) for own in mine) for path in reach):
        raise NotAllowed("清除二次验证由本区的安全管理员办理，您目前没有这项任职。")
    if not Authenticator.objects.filter(user=user).exists():
        raise DomainError("no_second_factor", f"{user.name}没有设置二次验证，无须清除。")
    Authenticator.objects.filter(user=user).delete()
    return user


@operation("accounts.grant_role", tell=("role",))
def grant_role(*, actor: AnyActor, user_id: int, role: str, organisation_id: int, from_on: date | None = None) -> Grant:
    """授予任职 A role at an organisation, from today or a later day."""
    queries.user_for(actor, user_id)
    user = locked(user_id)
    organisation = _organisation(actor, organisation_id)
    if role not in Role.values:
        raise BadInput([Fault("职务", "请从列表中选择职务。")])
    wanted = Role(role)
    policies.require_grant(actor, user.pk, wanted, organisation)
    _check_grant(user, wanted, organisation)
    start = from_on or clock.today()
    if start < clock.today():
        raise BadInput([Fault("起始日期", "任职从今天或以后的日期起，不能追溯：已办的事以当时的任职为准。")])
    return Grant.objects.create(
        user=user, role=wanted, organisation=organisation, from_on=start, granted_by_number=actor.number
    )


def _check_grant(user: User, role: Role, organisation: Organisation) -> None:
    if not user.is_active:
        raise DomainError("user_inactive", f"{user.name}的账号已停用，请先恢复账号再授予任职。")
    if not policies.fits(role, organisation):
        raise DomainError(
            "role_does_not_fit",
            f"“{organisation.name}”是{organisation.get_level_display()}，不设“{role.label}”。请选择与职务相应的组织。",
        )
    open_grants = list(Grant.objects.filter(_not_over(), user=user))
    if any(grant.role == role and grant.organisation_id == organisation.pk for grant in open_grants):
        raise DomainError("already_granted", f"{user.name}在“{organisation.name}”已经是{role.label}，无须重复授予。")
    clash = next((grant for grant in open_grants if {Role(grant.role), role} <= policies.SEPARATE), None)
    if clash is not None:
        raise DomainError(
            "roles_separate",
            f"{user.name}已是{clash.get_role_display()}；系统管理、安全管理、审计三者须分属不同的人，请另选他人。",
        )


def _not_over() -> Q:
    return Q(ended_at__isnull=True) & (Q(until_on__isnull=True) | Q(until_on__gte=clock.today()))


@operation("accounts.end_grant")
def end_grant(*, actor: AnyActor, grant_id: int, last_day: date | None = None) -> Grant:
    """结束任职 On the spot, or on a last day to come."""
    grant = _grant(actor, grant_id)
    policies.require_grant(actor, grant.user_id, Role(grant.role), grant.organisation)
    today = clock.today()
    if not queries.holding(grant, today) and not (grant.ended_at is None and grant.from_on > today):
        raise DomainError("grant_over", "这项任职已经结束。")
    if last_day is not None and last_day < max(today, grant.from_on):
        raise BadInput([Fault("最后一天", "最后一天不能早于今天和任职起始日；要立即结束，请不填日期。")])
    if last_day is None:
        grant.ended_at = clock.now()
        grant.until_on = max(grant.from_on, today - timedelta(days=1))
    else:
        grant.until_on = last_day
    grant.ended_by_number = actor.number
    grant.save(update_fields=["ended_at", "until_on", "ended_by_number"])
    return grant


@dataclass(frozen=True, slots=True)
class SetUp:
    """初次设置的结果 The district and the two slips to be handed over."""

    district: Organisation
    system_admin: Slip
    security_admin: Slip


@operation("accounts.set_up")
def set_up(*, actor: Clock, district: str, system_admin: tuple[str, str], security_admin: tuple[str, str]) -> SetUp:
    """初次设置 On an empty database, once: the district and its two administrators (name, phone), two people."""
    if actor is not policies.SETUP:
        raise NotAllowed("初次设置只能在服务器上用 pioneer setup 办理。")
    if queries.is_set_up():
        raise DomainError("already_set_up", "本系统已经设置过，不再重复设置。请用原来的管理员账号登录。")
    district = district.strip()
    faults = [] if 2 <= len(district) <= 80 else [Fault("区名", "请填写区的全称，2至80个字。")]
    if clean_phone(system_admin[1]) == clean_phone(security_admin[1]) or system_admin[0] == security_admin[0]:
        faults.append(Fault("管理员", "系统管理员和安全管理员必须是两个人，手机号也不能相同。"))
    if faults:
        raise BadInput(faults)
    level = Organisation.Level.DISTRICT
    made = plant(parent=None, name=district, level=level, setting="", on=clock.today(), is_branch=False)
    record(made, OrganisationChange.Kind.CREATED, clock.today(), by_number=None)
    return SetUp(
        made,
        _administrator(made, Role.SYSTEM_ADMIN, *system_admin),
        _administrator(made, Role.SECURITY_ADMIN, *security_admin),
    )


def _administrator(district: Organisation, role: Role, name: str, phone: str) -> Slip:
    user = new_user(district, name, phone)
    Grant.objects.create(user=user, role=role, organisation=district, from_on=clock.today())
    return draw(user, None)


def _organisation(actor: AnyActor, organisation_id: int) -> Organisation:
    open_ones = visible_to(actor).filter(closed_on__isnull=True).select_for_update(of=("self",))
    found = open_ones.filter(pk=organisation_id).first()
    if found is None:
        raise NotVisible
    return found


def _above(actor: AnyActor, user_id: int) -> User:
    """The account, locked, of somebody the actor stands above."""
    queries.user_for(actor, user_id)
    user = locked(user_id)
    policies.require_hand(actor, user.pk, queries.posts_of(user.pk), user.organisation)
    return user


def _grant(actor: AnyActor, grant_id: int) -> Grant:
    grant = (
        Grant.objects.select_for_update(of=("self",)).select_related("organisation", "user").filter(pk=grant_id).first()
    )
    if grant is None:
        raise NotVisible
    queries.user_for(actor, grant.user_id)
    return grant
