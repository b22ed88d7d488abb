"""从考勤和党费提议页 What a branch's attendance and dues propose for its open sheet; what is ticked is entered."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pioneer.accounts.policies import Act, may
from pioneer.assessments import proposals, queries
from pioneer.kernel.errors import BadInput, DomainError, NotVisible
from pioneer.web.doors import SignedIn, signed_in


class TickForm(forms.Form):
    """勾选"""

    request_key = forms.UUIDField(widget=forms.HiddenInput)


@signed_in
def proposed(request: SignedIn, sheet_id: int) -> HttpResponse:
    """提议 Listed by indicator; only on an open sheet is anything to be ticked."""
    sheet = queries.get_sheet(request.actor, sheet_id)
    if not may(request.actor, Act.EVALUATE, sheet.branch):
        raise NotVisible
    form = TickForm(request.POST or None, initial={"request_key": uuid4()})
    ticked = request.POST.getlist("facts")
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            done = proposals.enter_proposals(
                actor=request.actor,
                sheet_id=sheet.pk,
                ticked=ticked,
                request_key=form.cleaned_data["request_key"],
            )
        except DomainError as refusal:
            if refusal.status in {403, 404}:
                raise
            refused = [str(one) for one in (refusal.faults if isinstance(refusal, BadInput) else [refusal])]
        else:
            messages.success(request, _said(done))
            return redirect("sheet", sheet.pk)
    shown = {"sheet": sheet, "form": form, "refused": refused, "is_open": sheet.state == "open"}
    context = {**shown, "groups": _groups(request, sheet, ticked)}
    return render(request, "assessments/proposals.html", context, status=422 if request.method == "POST" else 200)


def _groups(request: SignedIn, sheet: queries.Sheet, ticked: list[str]) -> list[tuple[Any, list[Any], list[Any]]]:
    """By indicator: what may be ticked with whether it is, and what may not."""
    is_open = sheet.state == "open"
    return [
        (
            group.row,
            [(one, _is_on(one, ticked, request.method)) for one in group.proposals if is_open and not one.why_not],
            [one for one in group.proposals if one.why_not or not is_open],
        )
        for group in proposals.grouped(proposals.proposals(request.actor, sheet))
    ]


def _said(done: list[queries.Line]) -> str:
    untold = [line.member.name for line in done if queries.is_told(line) and line.told_at is None]
    more = f"{'、'.join(dict.fromkeys(untold))}没有账号，扣分请书面告知后登记回执。" if untold else ""
    return f"已记入{len(done)}条。{more}"


def _is_on(one: proposals.Proposal, ticked: list[str], method: str | None) -> bool:
    """What came back with a refusal stands as it was ticked."""
    return one.key in ticked if method == "POST" else one.is_ticked
