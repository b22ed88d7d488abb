"""张贴与传达 A published notice to take away: for the board, the meeting, an account and a group."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.papers import notice
from pioneer.papers.notice import Shown
from pioneer.publicity import queries
from pioneer.publicity.printing import shown_of
from pioneer.publicity.queries import Publication
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.publicity import is_standing

Maker = Callable[[Shown], bytes]
PDF, HTML, TEXT, PNG = "application/pdf", "text/html; charset=utf-8", "text/plain; charset=utf-8", "image/png"
KINDS: dict[str, tuple[Maker, str, str]] = {
    "poster-a3": (partial(notice.poster, sheet="a3"), PDF, "pdf"),
    "poster-a4": (partial(notice.poster, sheet="a4"), PDF, "pdf"),
    "handout": (notice.handout, PDF, "pdf"),
    "article": (notice.article, HTML, "html"),
    "chat": (notice.chat, TEXT, "txt"),
    "picture": (notice.picture, PNG, "png"),
}
PASSED_ON = frozenset({"article", "chat", "picture"})


@signed_in
@require_safe
def paper(request: SignedIn, publication_id: int, kind: str) -> HttpResponse:
    """下载一种纸面 Who sees the notice's own page may; what is passed on, only as long as the public page stands."""
    found = queries.get_publication(request.actor, publication_id)
    if kind not in KINDS:
        raise NotVisible("没有这种纸面，请回到公示办理页重新选择。")
    if kind in PASSED_ON and not is_standing(found):
        raise DomainError("notice_ended", "公示页已到期，只留指纹，不再向群里、公众号上传达。")
    make, content_type, suffix = KINDS[kind]
    response = HttpResponse(make(shown_of(found, _address(request, found))), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{_name(found, kind)}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _address(request: HttpRequest, found: Publication) -> str:
    return request.build_absolute_uri(reverse("notice", args=[found.token]))


def _name(found: Publication, kind: str) -> str:
    sheet = found.sheet
    more = f"-{sheet.sequence}" if sheet.sequence else ""
    return f"notice-{sheet.year}-{sheet.month:02}{more}-{found.revision}-{kind}"
