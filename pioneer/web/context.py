"""每页都有的 What every page knows."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """页面背景 The actor and the print size."""
    return {"actor": getattr(request, "actor", None), "large_print": request.COOKIES.get("print") == "large"}
