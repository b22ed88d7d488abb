"""中间件 Who is asking, for how long, with what proof; and how a refusal becomes a page."""

import hashlib
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from pioneer.accounts.policies import needs_second_factor
from pioneer.accounts.queries import actor_of, has_second_factor
from pioneer.kernel import once
from pioneer.kernel.errors import DomainError

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the field's name
Respond = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """办事人 `request.actor`: the person signed in with its grants of today, or None."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = actor_of(user) if user.is_authenticated else None  # type: ignore[attr-defined]
        return self.respond(request)


class TimeLimitMiddleware:
    """登录时限 A session ends after its eight hours, an officer's also after an hour without a click."""

    EVERY = 60  # seconds between two notes of "seen": a session is not written at every click

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        if actor is None:
            return self.respond(request)
        now, session = int(time.time()), request.session
        began, seen = session.get("began", now), session.get("seen", now)
        if now - began > settings.SESSION_COOKIE_AGE:
            return self._out(request, "登录已满8小时，为了安全已自动退出，请重新登录。")
        if actor.grants and now - seen > settings.SESSION_IDLE_SECONDS:
            return self._out(request, "较长时间没有操作，为了安全已自动退出，请重新登录。")
        if "began" not in session or now - seen >= self.EVERY:
            session["began"], session["seen"] = began, now
        return self.respond(request)

    def _out(self, request: HttpRequest, sentence: str) -> HttpResponse:
        logout(request)
        messages.warning(request, sentence)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


class SecondFactorMiddleware:
    """二次验证 An administrator without a second factor is led to set it up before anything else."""

    OPEN = ("/accounts/", "/static/", "/print-size/")

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        if (
            settings.SECOND_FACTOR_REQUIRED
            and actor is not None
            and needs_second_factor(actor)
            and not request.path.startswith(self.OPEN)
            and not has_second_factor(actor.number)
        ):
            return redirect("mfa_activate_totp")
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
        return render(request, "refusal.html", {"refusal": error, "back": way_back(request)}, status=error.status)


class OnceMiddleware:
    """一张表单只办一次 The very same form a second time (an impatient finger, a browser that asks again, two at once)
    is led where the first was led, and nothing is done again. Every page that is opened makes a form of its own: the
    token in it tells one from another. What was refused may be sent again, and so may what a killed server dropped."""

    ELSEWHERE = ("/accounts/", "/slip/", "/print-size/")  # what they do is in the answer itself: a cookie

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            answer = self.respond(request)
            if form := once.under_way():
                led_to = answer.headers.get("Location", "") if answer.status_code in (302, 303) else ""
                once.settle(form, led_to, refused=answer.status_code >= 400)
            return answer
        finally:
            once.leave()

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if request.method != "POST" or request.path.startswith(self.ELSEWHERE):
            return None
        if TOKEN not in request.POST:
            return None
        taken = once.take(_key_of(request))
        if isinstance(taken, once.Taken):
            once.begin(taken)
            return None
        if taken:
            messages.info(request, "这张表单刚才已经收到，没有再办一次；办理结果见本页。")
            return redirect(taken)
        refusal = once.still_under_way()
        return render(request, "refusal.html", {"refusal": refusal, "back": way_back(request)}, status=409)


def _key_of(request: HttpRequest) -> str:
    """The digest of who sends what where, the page's token and the files with it."""
    actor = request.actor  # type: ignore[attr-defined]
    said = hashlib.sha256(repr((actor and actor.number, request.get_full_path())).encode())
    said.update(repr(sorted(request.POST.lists())).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            said.update(repr((name, file.name, file.size)).encode())
            for part in file.chunks():
                said.update(part)
            file.seek(0)
    return said.hexdigest()


class PlainTextMiddleware:
    """只收文字 No address and no field holds the character NUL: nobody types it, PostgreSQL keeps none."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = [request.path, *_texts(request.GET), *_texts(request.POST)]
        if not any("\x00" in text for text in given):
            return self.respond(request)
        refusal = DomainError("not_text", "提交的内容里有看不见的控制字符，没有处理。请删去后重新输入。")
        return render(request, "refusal.html", {"refusal": refusal, "back": "/"}, status=400)


def _texts(given: QueryDict) -> list[str]:
    return [text for name, texts in given.lists() for text in (name, *texts)]


def way_back(request: HttpRequest) -> str:
    """回到哪里 The page the person came from, if it is one of ours; else the first page."""
    came_from = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    parts = urlsplit(came_from)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return "/" if path == request.get_full_path() and request.method == "GET" else path
