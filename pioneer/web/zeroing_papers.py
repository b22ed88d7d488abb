"""清零文书页 A case's papers to sign and keep, for who sees the case."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from pioneer.conduct import queries, zeroing_papers
from pioneer.kernel.errors import NotVisible
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.papers import paper


@signed_in
@require_safe
def zeroing_paper(request: SignedIn, case_id: int, kind: str) -> HttpResponse:
    """下载一份清零文书"""
    case = queries.zeroing_for(request.actor, case_id)
    try:
        content = zeroing_papers.zeroing_pdf(case, kind)
    except LookupError as missing:
        raise NotVisible(f"{missing}，请回到这件清零的页面重新选择。") from None
    title = next(one.title for one in zeroing_papers.PAPERS if one.kind == kind)
    return paper(content, f"{title}-{case.pk}")
