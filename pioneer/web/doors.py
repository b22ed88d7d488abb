"""门 Who may come in at all: the decorator every page of a signed-in person wears."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from pioneer.accounts.policies import Actor

P = ParamSpec("P")


class SignedIn(HttpRequest):
    """已登录的请求 A request of a person: `actor` is who acts, with the grants of today."""

    actor: Actor
    htmx: HtmxDetails


def signed_in(
    view: Callable[Concatenate[SignedIn, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """须登录 Leads who is not signed in to the sign-in page and back afterwards; what is shown is never cached."""

    @wraps(view)
    @never_cache
    def enter(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "actor", None) is None:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return enter
