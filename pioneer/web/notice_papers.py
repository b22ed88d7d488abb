"""张贴与传达 A published notice to take away: for the board, the meeting, an account and a group."""

import json

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.ledger.public_page import is_standing
from pioneer.papers import notice
from pioneer.papers.notice_kinds import KINDS, PNG
from pioneer.publicity import queries
from pioneer.publicity.printing import shown_of
from pioneer.publicity.queries import Publication
from pioneer.publicity.sheet_files import sheet_of
from pioneer.web.doors import SignedIn, signed_in


@signed_in
@require_safe
def paper(request: SignedIn, publication_id: int, kind: str) -> HttpResponse:
    """下载一种纸面 Who sees the notice's own page may; what is passed on, only as long as the public page stands."""
    found = queries.get_publication(request.actor, publication_id)
    if kind not in KINDS:
        raise NotVisible("没有这种纸面，请回到公示办理页重新选择。")
    if KINDS[kind].is_passed_on:
        _require_standing(found)
    made = KINDS[kind].make(shown_of(found, _address(request, found)))
    return _saved(made.content, made.content_type, f"{_name(found, kind)}.{made.suffix}")


@signed_in
@require_safe
def picture(request: SignedIn, publication_id: int, number: int) -> HttpResponse:
    """下载长图的一张"""
    found = queries.get_publication(request.actor, publication_id)
    _require_standing(found)
    try:
        content = notice.picture_part(shown_of(found, _address(request, found)), number)
    except LookupError as missing:
        raise NotVisible(f"{missing}，请回到公示办理页重新选择。") from None
    return _saved(content, PNG, f"{_name(found, 'picture')}-{number:02}.png")


def _require_standing(found: Publication) -> None:
    if not is_standing(found):
        raise DomainError("notice_ended", "公示页已到期，只留指纹，不再向群里、公众号上传达。")


@signed_in
@require_safe
def sheet_file(request: SignedIn, publication_id: int) -> HttpResponse:
    """公示文件 For `pioneer verify --sheet`: what was shown, with all that its fingerprint is made of."""
    found = queries.get_publication(request.actor, publication_id)
    content = json.dumps(sheet_of(found), ensure_ascii=False, indent=1).encode()
    return _saved(content, "application/json", f"{_name(found, 'sheet')}.json")


def _saved(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _address(request: HttpRequest, found: Publication) -> str:
    return request.build_absolute_uri(reverse("notice", args=[found.token]))


def _name(found: Publication, kind: str) -> str:
    sheet = found.sheet
    more = f"-{sheet.sequence}" if sheet.sequence else ""
    return f"notice-{sheet.year}-{sheet.month:02}{more}-{found.revision}-{kind}"
