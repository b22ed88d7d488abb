"""没有网络时的申报 An installable page whose form opens without a connection, and the door the phone sends through.

What a browser keeps of these pages belongs to nobody: the shell is drawn without a request, so without a person. What
the phone must know of the person signed in is asked at one address and never cached.
"""

import hashlib
import json
from functools import cache

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from pioneer.declarations import queries, services
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotVisible
from pioneer.members import queries as members
from pioneer.web.declarations import received
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.declarations import DayInput, DeclareForm
from pioneer.web.pages import is_large

FILES = (
    "pioneer/tokens.css",
    "pioneer/pioneer.css",
    "pioneer/pages.css",
    "pioneer/print.css",
    "pioneer/sheets.css",
    "pioneer/declaring.css",
    "pioneer/kept.js",
    "pioneer/pioneer.js",
    "pioneer/tapping.js",
    "pioneer/smaller.js",
    "pioneer/declaring.js",
    "django_htmx/htmx-2.min.js",
    "pioneer/icon.svg",
    "pioneer/icon-192.png",
)
NAME = "先锋指数"


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """没有网络时的申报页 The same for everybody, signed in or not."""
    return HttpResponse(_shell())


def _shell() -> str:
    """Without a day in it either: the phone knows which day it is when it opens the page."""
    form = DeclareForm(offer=None, today=clock.today())
    form.initial = {}
    form.days = []
    form.fields["event_on"].widget = DayInput()
    return render_to_string("declarations/offline.html", {"form": form})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """离线脚本 The service worker, for the pages under /declarations/ alone; a browser asks for it anew every time."""
    context = {
        "version": _version(),
        "shell": json.dumps(reverse("offline-form")),
        "pages": json.dumps([reverse("declarations"), reverse("new-declaration")]),
        "files": json.dumps([static(name) for name in FILES]),
    }
    response = HttpResponse(render_to_string("declarations/worker.js", context), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _version() -> str:
    """A digest of all that is kept: whatever changes in it makes the browser fetch all of it anew."""
    digest = hashlib.sha256(_shell().encode())
    for name in FILES:
        path = finders.find(name)
        assert isinstance(path, str), name
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:16]


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """安装说明 With it the page can be put on the phone's screen."""
    content = {
        "id": reverse("declarations"),
        "name": NAME,
        "short_name": NAME,
        "lang": "zh-CN",
        "start_url": reverse("new-declaration"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf8f3",
        "theme_color": "#a8161b",
        "icons": [
            {"src": static("pioneer/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("pioneer/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("pioneer/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@signed_in
def phone(request: SignedIn) -> HttpResponse:
    """手机的收发口 What the phone keeps for the person signed in; and, with POST, one claim that it sends."""
    member = members.member_of(request.actor.number)
    if member is None:
        raise NotVisible
    offer = queries.offer(member)
    if request.method == "POST":
        return _sent(request, offer)
    return JsonResponse(
        {
            "account": request.actor.number,
            "member": member.pk,
            "name": member.name,
            "branch": offer.branch.name if offer.branch else "",
            "large": is_large(request),
            "earliest": offer.earliest.isoformat(),
            "latest": [choice.code for choice in offer.recent],
            "places": offer.places,
            "choices": [
                {
                    "code": choice.code,
                    "name": choice.name,
                    "aspect": choice.aspect,
                    "worth": choice.worth,
                    "unit": choice.unit,
                    "levels": choice.levels,
                }
                for choice in offer.choices
            ],
            "csrf": get_token(request),
        }
    )


def _sent(request: SignedIn, offer: queries.Offer) -> HttpResponse:
    """The answer is for the phone's script: a sentence where it is refused, so that nothing is lost there."""
    member = offer.member
    if request.POST.get("member") != str(member.pk):
        return _refused("这条申报不是现在登录的人填的，没有收。请由填写的本人登录后再发。", 409)
    others = queries.recent_open(member)
    form = DeclareForm(request.POST, request.FILES, offer=offer, today=clock.today(), others=others)
    if not form.is_valid():
        said = [f"{_label(form, name)}{text}" for name, texts in form.errors.items() for text in texts]
        return _refused(" ".join(said), 422)
    try:
        made = services.declare(actor=request.actor, member_id=member.pk, **form.spoken())
    except BadInput as refusal:
        return _refused(" ".join(str(fault) for fault in refusal.faults), refusal.status)
    except DomainError as refusal:
        return _refused(refusal.message, refusal.status)
    messages.success(request, received("", made.event_on))
    return JsonResponse({"declaration": made.pk})


def _label(form: DeclareForm, name: str) -> str:
    return f"{form[name].label}：" if name in form.fields and form[name].label else ""


def _refused(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"said": sentence}, status=status, json_dumps_params={"ensure_ascii": False})
