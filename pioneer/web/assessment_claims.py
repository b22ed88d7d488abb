"""考评申报页 One claim, accepted as it stands or with everything that can be altered; taken back; many at once."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, may
from pioneer.assessments import changes, claims, grid, queries, roster
from pioneer.assessments.queries import Sheet
from pioneer.declarations import queries as declarations
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.members import queries as members
from pioneer.rulebook.supplement_queries import rules_for
from pioneer.scoring import Rulebook
from pioneer.web.assessments import in_row, kept, to_sheet
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.assessments import ClaimForm
from pioneer.web.forms.comparing import Compared, of_claim
from pioneer.web.forms.trying import say, status_of, tried

R = TypeVar("R")


def overtaken(form: forms.Form, act: Callable[[], R], *codes: str) -> tuple[R | None, bool]:
    """试办并看有没有被抢先 What `tried` does, and whether it was refused because somebody else was first."""
    first = False

    def watched() -> R:
        nonlocal first
        try:
            return act()
        except DomainError as refusal:
            first = refusal.code in codes
            raise

    return tried(form, watched), first


@signed_in
@require_POST
def accept_claim(request: SignedIn, sheet_id: int, declaration_id: int) -> HttpResponse:
    """核准一条 As declared."""
    claim = declarations.get(request.actor, declaration_id)
    try:
        claims.review_declaration(
            actor=request.actor, sheet_id=sheet_id, declaration_id=declaration_id, outcome="accepted"
        )
    except DomainError as refusal:
        say(request, refusal)
    return to_sheet(request, sheet_id, claim.member_id)


@signed_in
@require_POST
def accept_claims(request: SignedIn, sheet_id: int) -> HttpResponse:
    """批量核准"""
    chosen = [int(text) for text in request.POST.getlist("claims") if text.isdecimal() and len(text) < 18]
    try:
        done = claims.accept_declarations(actor=request.actor, sheet_id=sheet_id, declaration_ids=chosen)
        messages.success(request, f"已核准{len(done)}条申报。")
    except DomainError as refusal:
        say(request, refusal)
    member = request.POST.get("member", "")
    return to_sheet(request, sheet_id, int(member) if member.isdecimal() and len(member) < 18 else None)


@signed_in
def claim(request: SignedIn, sheet_id: int, declaration_id: int) -> HttpResponse:
    """考评一条申报 With everything that can be altered; what was decided meanwhile stands beside what was typed."""
    sheet = queries.get_sheet(request.actor, sheet_id)
    if not may(request.actor, Act.EVALUATE, sheet.branch) and not may(request.actor, Act.CONFIRM_ABOVE, sheet.branch):
        raise NotVisible
    (shown,) = declarations.described([declarations.get(request.actor, declaration_id)])
    book, form = _form(request, sheet, shown)
    context: dict[str, Any] = {"instead_of": _number(request.POST.get("instead_of", ""))}
    if request.method == "POST" and form.is_valid():
        done, first = overtaken(form, lambda: _review(request, sheet, shown, form, context), "already_reviewed")
        if done is not None:
            messages.success(request, f"{shown.member.name}的申报：{done.get_outcome_display()}。")
            return to_sheet(request, sheet_id, shown.member_id)
        if first:
            context |= _overtaken(shown, form, book)
    row = book.indicators.get(shown.indicator)
    context |= {
        "sheet": sheet,
        "claim": shown,
        "form": form,
        "is_range": bool(row and row.value and row.value.shape == "range"),
        "keep": kept(request),
        "recusal": next(iter(_recusals(request.actor, sheet, shown.member_id)), None),
    }
    answer = render(request, "assessments/claim.html", context, status=status_of(request))
    return in_row(request, answer, shown.member_id)


def _form(request: SignedIn, sheet: Sheet, shown: Any) -> tuple[Rulebook, ClaimForm]:
    branches = members.branches_during([shown.member_id], shown.event_on, shown.event_on)
    book = rules_for(sheet.branch.district_number, branches, shown.event_on)
    start = {
        "outcome": request.GET.get("outcome", ""),
        "indicator": shown.indicator,
        "quantity": grid.written(shown.quantity),
        "level": shown.level,
        "event": shown.event,
    }
    flags = declarations.doubts_of([shown.pk]).get(shown.pk, [])
    asked = [flag for flag in flags if not flag.decision or f"doubt_{flag.pk}" in request.POST]
    track = members.track_on(shown.member, shown.event_on) or ""
    form = ClaimForm(request.POST or None, book=book, track=track, initial=start, flags=asked)
    if request.htmx:
        form.auto_id = f"c{shown.pk}-%s"
    return book, form


def _review(request: SignedIn, sheet: Sheet, shown: Any, form: ClaimForm, context: dict[str, Any]) -> Any:
    return claims.review_declaration(
        actor=request.actor,
        sheet_id=sheet.pk,
        declaration_id=shown.pk,
        instead_of=context["instead_of"],
        **form.spoken(),
    )


def _overtaken(shown: Any, form: ClaimForm, book: Rulebook) -> dict[str, Any]:
    """What was decided meanwhile, beside what was typed; and the number by which to decide otherwise."""
    review, line = changes.review_of(shown.pk)
    if review is None:
        return {}
    by = queries.names_of([review.by_number]).get(review.by_number or 0, "另一位同志")
    compared: list[Compared] = of_claim(shown, review, line, form.cleaned_data, book)
    is_open = review.sheet.state == "open"
    return {"compared": compared, "by": by, "instead_of": review.pk if is_open else None, "may_insist": is_open}


def _recusals(actor: Actor, sheet: Sheet, member_id: int) -> list[roster.Recusal]:
    return roster.recusals(actor, sheet.branch, [member_id])


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


@signed_in
@require_POST
def reopen_claim(request: SignedIn, sheet_id: int, declaration_id: int) -> HttpResponse:
    """撤回核定"""
    claim = claims.reopen_review(actor=request.actor, declaration_id=declaration_id)
    return to_sheet(request, sheet_id, claim.member_id)
