"""中间件 Who is asking, and how a refusal becomes a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pioneer.accounts.queries import actor_of
from pioneer.kernel.errors import DomainError

Respond = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """办事人 `request.actor`: the person signed in with its grants of today, or None."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = actor_of(user) if user.is_authenticated else None  # type: ignore[attr-defined, arg-type]
        return self.respond(request)


class RefusalMiddleware:
    """拒绝页 A DomainError is a full sentence; its page shows it and the way back."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return render(request, "refusal.html", {"refusal": error}, status=error.status)
