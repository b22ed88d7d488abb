"""消息页 The inbox."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Actor
from pioneer.messages import queries, services
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.todo import Todo

PER_PAGE = 20


def todo(actor: Actor) -> list[Todo]:
    """待办"""
    unread = queries.unread_count(actor)
    return [Todo("未读消息", unread, reverse("inbox"))] if unread else []


@signed_in
def inbox(request: SignedIn) -> HttpResponse:
    """消息 Newest first."""
    page = Paginator(queries.visible_to(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "messages/inbox.html", {"page": page})


@signed_in
def _read(request: SignedIn, message_id: int) -> HttpResponse:
    message = services.mark_read(actor=request.actor, message_id=message_id)
    return redirect(message.link if _own(request, message.link) else reverse("inbox"))


@signed_in
def _read_all(request: SignedIn) -> HttpResponse:
    services.mark_all_read(actor=request.actor)
    return redirect("inbox")


def _own(request: HttpRequest, link: str) -> bool:
    return bool(link) and url_has_allowed_host_and_scheme(link, {request.get_host()})


read = require_POST(_read)
read_all = require_POST(_read_all)
