"""账号的读取 Every read of accounts."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from pioneer.accounts.models import Grant, Role, Slip, User
from pioneer.accounts.policies import SEPARATE, Act, Actor, AnyActor, Held, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.organisations.models import Organisation

SEEING = (Act.MAKE_USERS, Act.GRANT_BRANCH_ROLES, Act.GRANT_OFFICER_ROLES, Act.HAND_SLIPS)


def actor_of(user: User) -> Actor:
    """办事人 The person behind an account with the grants that hold today. One query."""
    return Actor(number=user.pk, name=user.name, grants=posts_of(user.pk))


def posts_of(user_id: int) -> tuple[Held, ...]:
    """现任职务 What the account may do today, where. One query."""
    found = Grant.objects.filter(holds_on(clock.today()), user_id=user_id, organisation__closed_on__isnull=True)
    rows = found.values_list("role", "organisation_id", "organisation__path", "organisation__name")
    return tuple(Held(Role(role), number, path, name) for role, number, path, name in rows)


def holds_on(day: date) -> Q:
    """某日有效 The condition under which a grant holds on a day."""
    return Q(from_on__lte=day, ended_at__isnull=True) & (Q(until_on__isnull=True) | Q(until_on__gte=day))


def users_visible_to(actor: AnyActor) -> QuerySet[User]:
    """看得到的账号 Of who belongs, or holds a role, below the actor's organisations; and the actor's own."""
    subtrees = sorted({path for act in SEEING for path in paths(actor, act)})
    seen: Any = Q(pk=actor.number) if actor.number is not None else Q(pk__in=[])
    for path in subtrees:
        held = Grant.objects.filter(user=OuterRef("pk"), organisation__path__startswith=path)
        seen |= Q(organisation__path__startswith=path) | Exists(held)
    return User.objects.filter(seen).select_related("organisation").order_by("name", "id")


def search_users(actor: AnyActor, words: str = "", active: bool | None = True) -> QuerySet[User]:
    """查账号 By a part of the name, the phone number or the member number."""
    found = users_visible_to(actor)
    if active is not None:
        found = found.filter(is_active=active)
    words = words.strip()
    if words:
        found = found.filter(Q(name__contains=words) | Q(login__startswith=words) | Q(phone__startswith=words))
    return found


def user_for(actor: AnyActor, user_id: int) -> User:
    """一个账号 NotVisible where it is outside the actor's organisations."""
    user = users_visible_to(actor).filter(pk=user_id).first()
    if user is None:
        raise NotVisible
    return user


def grants_of(user: User) -> list[Grant]:
    """任职经历 All grants of an account, those that hold first."""
    grants = list(Grant.objects.filter(user=user).select_related("organisation"))
    today = clock.today()
    return sorted(grants, key=lambda grant: (not holding(grant, today), grant.from_on), reverse=False)


def holding(grant: Grant, day: date) -> bool:
    """是否在任 Whether one grant holds on a day."""
    open_end = grant.until_on is None or grant.until_on >= day
    return grant.ended_at is None and grant.from_on <= day and open_end


def titles_of(user_ids: Iterable[int]) -> dict[int, list[str]]:
    """职务 Of several accounts, for lists: "槐园社区第一党支部 支部书记". One query."""
    rows = (
        Grant.objects.filter(holds_on(clock.today()), user__in=list(user_ids))
        .order_by("organisation__path", "id")
        .values_list("user_id", "organisation__name", "role")
    )
    titles: dict[int, list[str]] = {}
    for number, place, role in rows:
        titles.setdefault(number, []).append(f"{place} {Role(role).label}")
    return titles


def open_slip(user: User) -> Slip | None:
    """未用的纸条 At most one; it may have run out meanwhile."""
    return Slip.objects.filter(user=user, used_at__isnull=True, cancelled_at__isnull=True).first()


def slip_for(actor: AnyActor, slip_id: int) -> Slip:
    """一张纸条 NotVisible where its account is, unless the actor issued it."""
    slip = Slip.objects.select_related("user", "user__organisation").filter(pk=slip_id).first()
    if slip is None:
        raise NotVisible
    if slip.issued_by_number != actor.number:
        user_for(actor, slip.user_id)
    return slip


def name_of(number: int | None) -> str:
    """姓名 Of the account with this number."""
    if number is None:
        return ""
    return User.objects.filter(pk=number).values_list("name", flat=True).first() or ""


def by_number(number: str) -> User | None:
    """按号码找 The account that signs in with this phone or member number."""
    number = number.strip()
    return User.objects.filter(Q(login=number) | Q(phone=number)).first() if number else None


def has_second_factor(user_id: int) -> bool:
    """有无二次验证 Whether the account has an authenticator app set up."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists())


def is_set_up() -> bool:
    """是否已设置 Whether there is a district yet."""
    return Organisation.objects.filter(level=Organisation.Level.DISTRICT).exists()


def audit_visible_to(actor: AnyActor) -> QuerySet[AuditEvent]:
    """审计记录 What people of the actor's district did, and what the clock did; newest first."""
    subtrees = paths(actor, Act.READ_AUDIT)
    if not subtrees:
        return AuditEvent.objects.none()
    people: Any = Q()
    for path in subtrees:
        held = Grant.objects.filter(user=OuterRef("pk"), organisation__path__startswith=path)
        people |= Q(organisation__path__startswith=path) | Exists(held)
    numbers = User.objects.filter(people).order_by().values("pk")
    return AuditEvent.objects.filter(Q(actor_number__in=numbers) | Q(actor_number__isnull=True)).order_by("-id")


def search_audit(actor: AnyActor, operation: str = "", on: date | None = None) -> QuerySet[AuditEvent]:
    """查审计 By the name of the operation (or its station) and by day."""
    found = audit_visible_to(actor)
    if operation:
        found = found.filter(operation__startswith=operation)
    if on is not None:
        start = datetime.combine(on, time(), tzinfo=clock.SHANGHAI)
        found = found.filter(at__gte=start, at__lt=clock.end_of(on))
    return found


def with_posts(actor: AnyActor) -> QuerySet[User]:
    """任职人员 Of the accounts the actor sees, those that hold a role today."""
    posts = Grant.objects.filter(holds_on(clock.today()), user=OuterRef("pk"))
    return search_users(actor).filter(Exists(posts))


def officers_without_access(actor: AnyActor) -> QuerySet[User]:
    """没有登录过的任职人员 Of those the actor makes accounts for: no password yet, and no slip that still works."""
    posts = Grant.objects.filter(holds_on(clock.today()), user=OuterRef("pk"))
    slips = Slip.objects.filter(
        user=OuterRef("pk"), used_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=clock.now()
    )
    never = search_users(actor).filter(Q(password="") | Q(password__startswith="!"))  # noqa: S106
    return never.filter(Exists(posts), ~Exists(slips)).exclude(pk=actor.number or 0)


def district_accounts(actor: AnyActor) -> QuerySet[User]:
    """区级的账号 Made at the district itself, without the three administrators."""
    apart = Grant.objects.filter(holds_on(clock.today()), user=OuterRef("pk"), role__in=SEPARATE)
    return search_users(actor).filter(~Exists(apart), organisation__level=Organisation.Level.DISTRICT)


def without_posts(actor: AnyActor) -> QuerySet[User]:
    """没有任职的账号 Made for somebody at an office, where only a role lets the person do anything."""
    posts = Grant.objects.filter(user=OuterRef("pk"), ended_at__isnull=True)
    return search_users(actor).filter(~Exists(posts), organisation__is_branch=False)
