"""支部补充页 What branches add to the rulebook: proposing, deciding, ending it, and the annex to the regulation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, may, paths
from pioneer.files.policies import LIMIT
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.members import queries as members
from pioneer.rulebook import supplement_queries as queries
from pioneer.rulebook import supplements as services
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.supplements import (
    EndByBranchForm,
    EndForm,
    MinutesForm,
    ReturnForm,
    RowForms,
    as_typed,
    one_more,
    typed,
)
from pioneer.web.forms.trying import tried
from pioneer.web.todo import Todo

PER_PAGE = 30


def todo(actor: Actor) -> list[Todo]:
    """待办 What branches proposed and the township is to decide."""
    if not paths(actor, Act.APPROVE_SUPPLEMENT):
        return []
    waiting = queries.to_decide(actor)
    if not waiting:
        return []
    address = reverse("supplement", args=[waiting[0].pk]) if len(waiting) == 1 else reverse("supplements")
    return [Todo("支部补充指标待批准", len(waiting), address)]


def annexes_for(actor: Actor, version: Any) -> list[Any]:
    """附录 To the regulation as somebody of a branch reads it: what its branch added under this version."""
    if not queries.allows(version):
        return []
    own = members.member_of(actor.number)
    branches = {held.organisation for held in actor.grants}
    branches |= set(members.branches_on([own.pk], clock.today()).values()) if own else set()
    return queries.annexes(version, branches)


@signed_in
def listed(request: SignedIn) -> HttpResponse:
    """支部补充 Of the branches in the actor's reach: what waits first, then all, the latest first."""
    if not paths(request.actor, Act.SEE_SHEET):
        raise NotVisible
    page = Paginator(queries.visible_to(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": queries.to_decide(request.actor),
        "page": page,
        "rows": [(one, queries.standing_of(one)) for one in page.object_list],
        "branches": queries.branches_to_propose(request.actor),
    }
    return render(request, "rulebook/supplements.html", context)


@signed_in
def propose(request: SignedIn, branch_id: int) -> HttpResponse:
    """提出补充 With as many rows as are asked for; a further one comes by a button of the form."""
    branch = queries.branch_for(request.actor, branch_id)
    version = queries.version_allowing(branch.district_number, clock.today())
    if version is None:
        return render(request, "rulebook/supplement_new.html", {"branch": branch})
    rule, tracks = queries.rule_of(version), queries.tracks_of(version)
    data = request.POST if request.method == "POST" else None
    if data is not None and "more" in data:
        minutes = MinutesForm(initial=typed(data, MinutesForm))
        rows = RowForms(tracks=tracks, most=rule.indicators, initial=one_more(data, rule.indicators))
    else:
        minutes = MinutesForm(data, request.FILES or None, initial={"effective_on": clock.today()})
        rows = RowForms(tracks=tracks, most=rule.indicators, data=data, initial=_beginning(request, branch))
        if data is not None and (made := _proposed(request, branch, minutes, rows)):
            messages.success(request, "已提出，等乡镇（街道）批准。批准或退回时会有消息告诉支部。")
            return redirect("supplement", made.pk)
    context = {"branch": branch, "version": version, "rule": rule, "minutes": minutes, "rows": rows}
    context |= {"limits": queries.limits_of(version), "used": queries.used_by(branch, version, clock.today())}
    status = 422 if data is not None and "more" not in data else 200
    return render(request, "rulebook/supplement_new.html", context, status=status)


def _proposed(request: SignedIn, branch: Any, minutes: MinutesForm, rows: RowForms) -> Any:
    are_valid = [minutes.is_valid(), rows.is_valid()]
    if not all(are_valid):
        return None
    said = dict(minutes.cleaned_data)
    file = said.pop("scan")
    scan = (file.name, file.read(LIMIT + 1)) if file else None
    written = [form.row for form in rows.written]
    try:
        return services.propose_supplement(actor=request.actor, branch_id=branch.pk, rows=written, scan=scan, **said)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        rows.show_refusal(minutes, refusal)
        return None


def _beginning(request: SignedIn, branch: Any) -> list[dict[str, Any]]:
    """The rows of an earlier proposal of the branch, where one is named, else an empty one."""
    number = request.GET.get("from", "")
    if number.isdecimal() and len(number) < 18:
        earlier = queries.get(request.actor, int(number))
        if earlier.branch_id == branch.pk:
            return [as_typed(row) for row in queries.written_rows(earlier)]
    return [{}]


@signed_in
def supplement(request: SignedIn, supplement_id: int) -> HttpResponse:
    """一份支部补充 With its minutes, what became of it, and what this person may do now."""
    return _page(request, supplement_id)


def _page(request: SignedIn, supplement_id: int, bound: forms.Form | None = None) -> HttpResponse:
    actor = request.actor
    shown = queries.get(actor, supplement_id)
    approves = may(actor, Act.APPROVE_SUPPLEMENT, shown.branch)
    proposes = may(actor, Act.PROPOSE_SUPPLEMENT, shown.branch)
    waits = shown.state == "proposed"
    offered: dict[str, forms.Form] = {}
    if waits and approves and shown.proposed_by_number != actor.number:
        offered["give_back"] = ReturnForm()
    if shown.state == "approved" and shown.ended_at is None and (proposes or approves):
        offered["end"] = EndByBranchForm() if proposes else EndForm()
    for name, form in offered.items():
        if type(form) is type(bound):
            offered[name] = bound
    context = {
        "supplement": shown,
        "standing": queries.standing_of(shown),
        "rows": queries.rows_of(shown),
        "minutes": queries.minutes_of(shown),
        "people": queries.names_behind(shown),
        "offered": offered,
        "is_own_proposal": waits and approves and not offered,
        "may_again": proposes and shown.state == "returned",
    }
    return render(request, "rulebook/supplement.html", context, status=422 if bound is not None else 200)


@require_POST
@signed_in
def approve(request: SignedIn, supplement_id: int) -> HttpResponse:
    """批准"""
    made = services.approve_supplement(actor=request.actor, supplement_id=supplement_id)
    begins = f"{made.valid_from:%Y}年{made.valid_from.month}月{made.valid_from.day}日" if made.valid_from else ""
    messages.success(request, f"已批准，自{begins}起施行，支部已被告知。")
    return redirect("supplement", supplement_id)


@require_POST
@signed_in
def give_back(request: SignedIn, supplement_id: int) -> HttpResponse:
    """退回"""
    form = ReturnForm(request.POST)
    if form.is_valid():
        act = services.return_supplement
        if tried(form, lambda: act(actor=request.actor, supplement_id=supplement_id, **form.cleaned_data)):
            messages.success(request, "已退回，支部会看到理由。")
            return redirect("supplement", supplement_id)
    return _page(request, supplement_id, form)


@require_POST
@signed_in
def end(request: SignedIn, supplement_id: int) -> HttpResponse:
    """终止"""
    shown = queries.get(request.actor, supplement_id)
    proposes = may(request.actor, Act.PROPOSE_SUPPLEMENT, shown.branch)
    form: forms.Form = EndByBranchForm(request.POST) if proposes else EndForm(request.POST)
    if form.is_valid():
        act = services.end_supplement
        if tried(form, lambda: act(actor=request.actor, supplement_id=supplement_id, **form.cleaned_data)):
            messages.success(request, "已定终止日期；在此以前做的事仍可以按它申报。")
            return redirect("supplement", supplement_id)
    return _page(request, supplement_id, form)


@signed_in
def scan(request: SignedIn, supplement_id: int) -> HttpResponse:
    """会议记录的扫描件"""
    shown = queries.get(request.actor, supplement_id)
    if shown.scan is None:
        raise Http404
    return attachment(shown.scan)  # type: ignore[return-value]


@signed_in
def text(request: SignedIn, supplement_id: int) -> HttpResponse:
    """补充的文本 The file that `pioneer score --supplement` reads."""
    shown = queries.get(request.actor, supplement_id)
    response = HttpResponse(shown.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="supplement-{shown.number}.toml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
