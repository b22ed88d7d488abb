"""纸条 The printed one-time code that lets a person in: issued, used once, cancelled.

The table keeps a keyed digest of the code. Who hands a slip over is audited; so is its use.
"""

import secrets
import unicodedata
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from pioneer.accounts import policies, queries
from pioneer.accounts.models import Slip, User
from pioneer.accounts.policies import AnyActor, Visitor
from pioneer.kernel import clock, encryption
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.organisations.models import Organisation

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads as something else: no 0 O 1 I L
WRONG = "号码或一次性登录码不对。请对照纸条重新输入；登录码有12位，不含数字0、1和字母O、I、L。"


def new_code() -> str:
    """一次性登录码 Twelve characters in three groups: "7F3A-K9C2-B5EM"."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def code_digest(code: str) -> str:
    """登录码摘要 Spaces, hyphens, full width and small letters make no difference."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return encryption.lookup("slip:" + "".join(c for c in plain if c.isascii() and c.isalnum()))


def draw(user: User, by_number: int | None, valid_days: int | None = None) -> Slip:
    """开一张 Called inside the operation that lets somebody in. A former slip of the account no longer works; the new
    one holds to the end of its last day. Its `code` is known to the caller now and to nobody later."""
    days = settings.SLIP_DAYS if valid_days is None else valid_days
    now = clock.now()
    Slip.objects.filter(user=user, used_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=now)
    code = new_code()
    slip = Slip.objects.create(
        user=user,
        purpose=Slip.Purpose.RESET if user.has_usable_password() else Slip.Purpose.ACTIVATION,
        code_digest=code_digest(code),
        issued_by_number=by_number,
        created_at=now,
        expires_at=clock.end_of(clock.today() + timedelta(days=days)),
    )
    slip.code = code  # type: ignore[misc]
    return slip


def hand(actor: AnyActor, user: User, at: Organisation | None, valid_days: int | None = None) -> Slip:
    """开给某人 For a later station that knows where the person belongs today: `at` is that organisation."""
    policies.require_hand(actor, user.pk, queries.posts_of(user.pk), at)
    if not user.is_active:
        raise DomainError("user_inactive", f"{user.name}的账号已停用，不能开登录码。请先恢复账号。")
    return draw(user, actor.number, valid_days)


@operation("accounts.issue_slip")
def issue_slip(*, actor: AnyActor, user_id: int, valid_days: int | None = None) -> Slip:
    """开纸条 For first sign-in or a new password; `slip.code` is to be printed now, it cannot be shown again."""
    queries.user_for(actor, user_id)
    user = locked(user_id)
    return hand(actor, user, user.organisation, valid_days)


@operation("accounts.cancel_slip")
def cancel_slip(*, actor: AnyActor, slip_id: int) -> Slip:
    """作废纸条 A slip that was lost, or printed for the wrong person."""
    queries.slip_for(actor, slip_id)
    slip = Slip.objects.select_for_update(of=("self",)).select_related("user__organisation").get(pk=slip_id)
    policies.require_hand(actor, slip.user_id, queries.posts_of(slip.user_id), slip.user.organisation)
    if slip.used_at is not None:
        raise DomainError("slip_used", "这张登录码已经用过，无须作废。如非本人使用，请立即另开一张重设密码。")
    if slip.cancelled_at is None:
        slip.cancelled_at = clock.now()
        slip.save(update_fields=["cancelled_at"])
    return slip


@operation("accounts.use_slip")
def use_slip(*, actor: Visitor, login: str, code: str, password: str) -> User:
    """使用纸条 The number and the code together let a person choose a password, once."""
    user = queries.by_number(login)
    slip = Slip.objects.select_for_update().filter(user=user, code_digest=code_digest(code)).first() if user else None
    if user is None or slip is None or not user.is_active:
        raise DomainError("slip_wrong", WRONG)
    again = "请向开出纸条的人另要一张。"
    if slip.used_at is not None:
        raise DomainError("slip_used", f"这张登录码已经用过。如果不是您本人用的，{again}")
    if slip.cancelled_at is not None:
        raise DomainError("slip_cancelled", f"这张登录码已作废，可能后来又开了一张。请用最新的一张，或{again}")
    if clock.now() >= slip.expires_at:
        raise DomainError("slip_expired", f"这张登录码已过有效期。{again}")
    check_password_rules(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    slip.used_at = clock.now()
    slip.save(update_fields=["used_at"])
    return user


def check_password_rules(password: str, user: User) -> None:
    """密码规则 BadInput with every rule the password breaks."""
    try:
        validate_password(password, user)
    except ValidationError as broken:
        raise BadInput([Fault("新密码", sentence) for sentence in broken.messages]) from None


def locked(user_id: int) -> User:
    """锁定账号 The row, for who is about to change it."""
    user = User.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=user_id).first()
    if user is None:
        raise NotVisible
    return user
