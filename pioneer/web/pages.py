"""公共页 Pages of no station."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pioneer.accounts import services

PRINT_COOKIE = "print"
YEAR = 60 * 60 * 24 * 365


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """表单过期"""
    return render(request, "csrf.html", status=403)


def is_large(request: HttpRequest) -> bool:
    """是否大字版 What this browser was last told; on a new one, what the account says."""
    kept = request.COOKIES.get(PRINT_COOKIE)
    if kept in {"large", "normal"}:
        return kept == "large"
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated and user.large_print)


@require_POST
def print_size(request: HttpRequest) -> HttpResponse:
    """大字版开关 Kept in this browser and, for who is signed in, on the account."""
    large = request.POST.get("size") == "large"
    actor = getattr(request, "actor", None)
    if actor is not None:
        services.set_print_size(actor=actor, large=large)
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    answer = redirect(target)
    answer.set_cookie(
        PRINT_COOKIE, "large" if large else "normal", max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
    )
    return answer
