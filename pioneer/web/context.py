"""每页都有的 What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pioneer.accounts.policies import Actor
from pioneer.messages.queries import unread_count
from pioneer.web import navigation
from pioneer.web.pages import is_large


def page(request: HttpRequest) -> dict[str, Any]:
    """页面背景 The actor with its title, its entries, its unread messages (one query, where shown), the print size."""
    actor: Actor | None = getattr(request, "actor", None)
    known: dict[str, Any] = {"actor": actor, "large_print": is_large(request), "demo": settings.DEMO}
    if actor is not None:
        known["actor_title"] = title_of(actor)
        known["navigation"] = SimpleLazyObject(lambda: navigation.shown(request, actor))
        known["unread"] = SimpleLazyObject(lambda: unread_count(actor))
    return known


def title_of(actor: Actor) -> str:
    """职务 The first role and where; how many more."""
    if not actor.grants:
        return "党员"
    first = actor.grants[0]
    more = f"，另有{len(actor.grants) - 1}项任职" if len(actor.grants) > 1 else ""
    return f"{first.name}　{first.role.label}{more}"
