"""公共页 Pages of no station."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """表单过期"""
    return render(request, "csrf.html", status=403)
