"""账号页 Accounts, grants, slips, and one's own account."""

import base64
import time
from typing import Any

import segno
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from pioneer.accounts import policies, queries, services, slips
from pioneer.accounts.policies import Act, Actor
from pioneer.kernel import clock, encryption
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.organisations import queries as organisations
from pioneer.rulebook.queries import current_rulebook
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.accounts import ChangeUserForm, EndGrantForm, GrantForm, PasswordForm, UserForm
from pioneer.web.forms.trying import tried
from pioneer.web.todo import Todo

PER_PAGE = 50
SHOWN_FOR = 600  # seconds in which a fresh slip can still be printed from the session that drew it


def todo(actor: Actor) -> list[Todo]:
    """待办 For who makes accounts or grants roles."""
    found = []
    if policies.paths(actor, Act.MAKE_USERS) and (count := queries.officers_without_access(actor).count()):
        found.append(
            Todo("任职人员还没有登录码", count, reverse("users") + "?only=new", note="开出登录码，打印后当面交给本人")
        )
    if policies.paths(actor, Act.GRANT_OFFICER_ROLES) and (count := queries.without_posts(actor).count()):
        found.append(
            Todo("账号等待授予任职", count, reverse("users") + "?only=idle", note="没有任职的账号什么也办不了")
        )
    if policies.has_role(actor, {policies.Role.SYSTEM_ADMIN}) and queries.district_accounts(actor).count() < 2:
        note = "积分办法由一人起草、另一人采用；建好账号，由安全管理员授予任职"
        found.append(Todo("建两位区委组织部工作人员的账号", 1, reverse("new-user"), urgent=True, note=note))
    return found


@signed_in
def users(request: SignedIn) -> HttpResponse:
    """账号 Searchable; who has no right over any account finds only the own."""
    words, only = request.GET.get("q", ""), request.GET.get("only", "")
    if only == "new":
        found = queries.officers_without_access(request.actor)
    elif only == "idle":
        found = queries.without_posts(request.actor)
    elif only in {"all", "off"} or words:
        found = queries.search_users(request.actor, words, active=only != "off")
    else:
        found = queries.with_posts(request.actor)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    titles = queries.titles_of([user.pk for user in page])
    rows = [(user, titles.get(user.pk, [])) for user in page]
    makes = bool(policies.paths(request.actor, Act.MAKE_USERS))
    return render(
        request, "accounts/users.html", {"page": page, "rows": rows, "words": words, "only": only, "makes": makes}
    )


@signed_in
def user(request: SignedIn, user_id: int) -> HttpResponse:
    """一个账号 Its roles, its slip, and what may be done with it."""
    shown = queries.user_for(request.actor, user_id)
    posts = queries.posts_of(shown.pk)
    grants = [
        (grant, queries.holding(grant, clock.today()), _may_end(request.actor, grant))
        for grant in queries.grants_of(shown)
    ]
    context = {
        "shown": shown,
        "grants": grants,
        "slip": queries.open_slip(shown),
        "now": clock.now(),
        "may_hand": policies.may_hand(request.actor, shown.pk, posts, shown.organisation),
        "may_grant": shown.pk != request.actor.number and shown.is_active and bool(_grant_choices(request.actor)[0]),
        "second_factor": queries.has_second_factor(shown.pk),
        "may_reset": shown.pk != request.actor.number and bool(policies.paths(request.actor, Act.GRANT_OFFICER_ROLES)),
    }
    return render(request, "accounts/user.html", context)


def _may_end(actor: Actor, grant: Any) -> bool:
    act = policies.grant_act(grant.role)
    return grant.user_id != actor.number and policies.may(actor, act, grant.organisation)


def _where(actor: Actor, act: Act) -> list[Any]:
    """The organisations at which the actor has the act."""
    standing = organisations.visible_to(actor).filter(closed_on__isnull=True)
    return [place for place in organisations.in_tree_order(standing) if policies.may(actor, act, place)]


def _places(found: list[Any]) -> list[tuple[int, str]]:
    """Indented by level, for a list to choose from."""
    return [(place.pk, "　" * (place.path.count("/") - 2) + place.name) for place in found]


def _grant_choices(actor: Actor) -> tuple[list[tuple[int, str]], list[tuple[str, str]]]:
    places: dict[int, str] = {}
    roles: set[policies.Role] = set()  # those that exist at one of the places
    for act, group in (
        (Act.GRANT_OFFICER_ROLES, policies.OFFICER_ROLES),
        (Act.GRANT_BRANCH_ROLES, policies.BRANCH_ROLES),
    ):
        found = _where(actor, act)
        places.update(_places(found))
        roles |= {role for role in group if any(policies.fits(role, place) for place in found)}
    return list(places.items()), [(role.value, str(role.label)) for role in policies.Role if role in roles]


@signed_in
def new_user(request: SignedIn) -> HttpResponse:
    """建账号"""
    places = _places(_where(request.actor, Act.MAKE_USERS))
    if not places:
        raise NotAllowed("建账号由系统管理员或上级党务工作者办理，您目前没有这项任职。")
    form = UserForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(
            form,
            lambda: services.create_user(
                actor=request.actor,
                organisation_id=given["organisation"],
                name=given["name"],
                phone=given["phone"],
                login=given["login"],
            ),
        )
        if made is not None:
            return redirect("user", made.pk)
    return render(request, "accounts/user_form.html", {"form": form})


@signed_in
def change_user(request: SignedIn, user_id: int) -> HttpResponse:
    """改账号"""
    shown = queries.user_for(request.actor, user_id)
    form = ChangeUserForm(request.POST or None, initial={"name": shown.name, "phone": shown.phone})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: services.change_user(actor=request.actor, user_id=user_id, **given)) is not None:
            return redirect("user", user_id)
    return render(request, "accounts/user_form.html", {"form": form, "shown": shown})


@signed_in
def grant_role(request: SignedIn, user_id: int) -> HttpResponse:
    """授予任职"""
    shown = queries.user_for(request.actor, user_id)
    places, roles = _grant_choices(request.actor)
    if not places:
        raise NotAllowed("授予任职由安全管理员或上一级的党务工作者办理，您目前没有这项任职。")
    start = {"organisation": shown.organisation_id}
    form = GrantForm(request.POST or None, places=places, roles=roles, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(
            form,
            lambda: services.grant_role(
                actor=request.actor,
                user_id=user_id,
                role=given["role"],
                organisation_id=given["organisation"],
                from_on=given["from_on"],
            ),
        )
        if made is not None:
            return redirect("user", user_id)
    return render(request, "accounts/grant_form.html", {"form": form, "shown": shown})


@signed_in
def end_grant(request: SignedIn, user_id: int, grant_id: int) -> HttpResponse:
    """结束任职 On the spot, or on a day to come."""
    shown = queries.user_for(request.actor, user_id)
    grant = next((one for one in queries.grants_of(shown) if one.pk == grant_id), None)
    if grant is None:
        raise NotVisible
    form = EndGrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["last_day"]
        if tried(form, lambda: services.end_grant(actor=request.actor, grant_id=grant_id, last_day=day)) is not None:
            return redirect("user", user_id)
    return render(request, "accounts/end_grant.html", {"form": form, "shown": shown, "grant": grant})


@require_POST
@signed_in
def deactivate(request: SignedIn, user_id: int) -> HttpResponse:
    """停用"""
    services.deactivate_user(actor=request.actor, user_id=user_id)
    return redirect("user", user_id)


@require_POST
@signed_in
def reactivate(request: SignedIn, user_id: int) -> HttpResponse:
    """恢复"""
    services.reactivate_user(actor=request.actor, user_id=user_id)
    return redirect("user", user_id)


@require_POST
@signed_in
def reset_second_factor(request: SignedIn, user_id: int) -> HttpResponse:
    """清除二次验证"""
    services.reset_second_factor(actor=request.actor, user_id=user_id)
    return redirect("user", user_id)


@require_POST
@signed_in
def issue_slip(request: SignedIn, user_id: int) -> HttpResponse:
    """开登录码 The code can be printed from this session for ten minutes, then by nobody."""
    shown = queries.user_for(request.actor, user_id)
    slip = slips.issue_slip(actor=request.actor, user_id=user_id, valid_days=slip_days(shown.organisation))
    keep_code(request, slip)
    return redirect("slip", slip.pk)


def slip_days(organisation: Any) -> int | None:
    """有效天数 As the rulebook of the district says; None where there is none yet."""
    if organisation is None:
        return None
    try:
        rulebook = current_rulebook(organisation.district_number, clock.today())
    except DomainError:
        return None
    return int(rulebook.procedure.slip_validity.value)


def keep_code(request: SignedIn, slip: Any) -> None:
    """留作打印 The code, encrypted, in the session of who drew the slip; every page that draws slips calls this."""
    sealed = base64.b64encode(encryption.encrypt(slip.code)).decode()
    request.session["slip"] = {"number": slip.pk, "code": sealed, "until": int(time.time()) + SHOWN_FOR}


def _kept_code(request: SignedIn, number: int) -> str:
    kept = request.session.get("slip") or {}
    if kept.get("until", 0) < time.time():
        request.session.pop("slip", None)
        return ""
    return encryption.decrypt(base64.b64decode(kept["code"])) if kept.get("number") == number else ""


@signed_in
def slip(request: SignedIn, slip_id: int) -> HttpResponse:
    """纸条 To be printed on A5 and handed over."""
    shown = queries.slip_for(request.actor, slip_id)
    code = _kept_code(request, shown.pk)
    address = request.build_absolute_uri(reverse("use-slip"))
    square = segno.make(f"{address}?n={shown.user.login}", error="m")
    context = {
        "slip": shown,
        "code": code,
        "address": address,
        "square": mark_safe(square.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)),  # noqa: S308
        "issuer": queries.name_of(shown.issued_by_number),
        "is_open": shown.used_at is None and shown.cancelled_at is None and shown.expires_at > clock.now(),
    }
    return render(request, "accounts/slip.html", context)


@require_POST
@signed_in
def cancel_slip(request: SignedIn, slip_id: int) -> HttpResponse:
    """作废登录码"""
    cancelled = slips.cancel_slip(actor=request.actor, slip_id=slip_id)
    request.session.pop("slip", None)
    return redirect("user", cancelled.user_id)


@signed_in
def own(request: SignedIn) -> HttpResponse:
    """我的账号 What is kept, the password, the second factor."""
    shown = queries.user_for(request.actor, request.actor.number)
    context = {
        "shown": shown,
        "second_factor": queries.has_second_factor(shown.pk),
        "must": policies.needs_second_factor(request.actor),
    }
    return render(request, "accounts/own.html", context)


@sensitive_post_parameters("old", "password", "again")
@signed_in
def change_password(request: SignedIn) -> HttpResponse:
    """改密码 Other devices are signed out, this one stays."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["password"]
        changed = tried(form, lambda: services.change_password(actor=request.actor, old=old, new=new))
        if changed is not None:
            update_session_auth_hash(request, changed)
            return redirect("own-account")
    return render(request, "accounts/password.html", {"form": form})
