"""审计页 What was done, by which role, when: numbers and codes only, no names."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from pioneer.accounts import policies, queries
from pioneer.accounts.policies import Act, Role
from pioneer.kernel.errors import NotAllowed
from pioneer.kernel.operations import REGISTRY
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.accounts import AuditForm

PER_PAGE = 50
ROLES = {
    **{role.value: str(role.label) for role in Role},
    "member": "党员",
    "clock": "系统时钟",
    "setup": "安装程序",
    "console": "控制台",
    "visitor": "未登录者",
}


def title_of(name: str) -> str:
    """事项名 The Chinese term an operation's own docstring opens with."""
    run = REGISTRY.get(name)
    return (run.__doc__ or "").split(maxsplit=1)[0] if run is not None and run.__doc__ else ""


def _roles(joined: str) -> str:
    return "、".join(ROLES.get(role, role) for role in joined.split("+"))


@signed_in
def audit(request: SignedIn) -> HttpResponse:
    """审计 For auditors and security administrators."""
    if not policies.paths(request.actor, Act.READ_AUDIT):
        raise NotAllowed("审计记录由审计员和安全管理员查看，您目前没有这项任职。")
    form = AuditForm(request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    found = queries.search_audit(request.actor, given.get("operation", ""), given.get("on"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(event, title_of(event.operation), _roles(event.actor_role)) for event in page]
    return render(request, "accounts/audit.html", {"page": page, "rows": rows, "form": form})
