"""帮教的各步页 One form, one operation, back to the page of the follow-up."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pioneer.conduct.policies import is_self
from pioneer.followups import answering, deciding, policies, queries, services
from pioneer.kernel.errors import NotVisible
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.followups import case_page, form_for, own_page
from pioneer.web.forms import followups as given
from pioneer.web.forms.trying import status_of, tried

ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "assign": (services.assign_talker, "已确定谈话人，两人都已被告知。"),
    "talk": (services.record_talk, "谈话已登记，本人可以核对。"),
    "pair": (services.pair_helper, "已确定帮带人，两人都已被告知。"),
    "plan": (services.set_plan, "帮教计划已定，本人已被告知。"),
    "visit": (services.record_visit, "走访已登记。"),
    "extend": (services.extend_plan, "期限已延长，本人已被告知。"),
    "decide": (deciding.decide_outcome, "结论已登记，等另一位同志确认。"),
    "confirm": (deciding.confirm_outcome, "结论已确认，本人已被告知。"),
    "return": (deciding.return_outcome, "结论已退回，帮教继续。"),
    "end": (deciding.end_follow_up, "帮教已终止。"),
}
CORRECTIONS: dict[str, type[forms.Form]] = {
    policies.Kind.TALK: given.CorrectTalkForm,
    policies.Kind.PLAN: given.CorrectPlanForm,
    policies.Kind.VISIT: given.CorrectVisitForm,
}


@require_POST
@signed_in
def act(request: SignedIn, follow_up_id: int, name: str) -> HttpResponse:
    """办理一步"""
    found = queries.follow_up_for(request.actor, follow_up_id)
    here = queries.branch_now(found)
    found.branch = here or found.branch
    form = form_for(found, name, request.actor, request.POST)
    operation, said = ACTS[name]
    if form.is_valid():
        made = tried(form, lambda: operation(actor=request.actor, follow_up_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, said)
            return redirect("follow-up", found.pk)
    return case_page(request, queries.follow_up_for(request.actor, follow_up_id), (name, form))


@signed_in
def correct(request: SignedIn, entry_id: int) -> HttpResponse:
    """更正一条记录 What was written stays to be seen."""
    entry = queries.entry_for(request.actor, entry_id)
    found = queries.follow_up_for(request.actor, entry.follow_up_id)
    found.branch = queries.branch_now(found) or found.branch
    if entry.kind not in CORRECTIONS:
        raise NotVisible
    check: dict[str, Callable[..., None]] = {
        policies.Kind.TALK: policies.require_talks,
        policies.Kind.VISIT: policies.require_visits,
    }
    check.get(entry.kind, policies.require_writes)(request.actor, found)
    names = ("on", "place", "people", "text", "words")
    form = CORRECTIONS[entry.kind](request.POST or None, initial={name: getattr(entry, name) for name in names})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: answering.correct_entry(actor=request.actor, entry_id=entry.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, "更正已登记，原来的记录仍看得到，本人已被告知。")
            return redirect("follow-up", found.pk)
    context = {"form": form, "entry": entry, "case": found}
    return render(request, "followups/correct.html", context, status=status_of(request))


@require_POST
@signed_in
def answer_entry(request: SignedIn, entry_id: int) -> HttpResponse:
    """说明情况 By the member, or taken down by the branch."""
    entry = queries.entry_for(request.actor, entry_id)
    own = is_self(request.actor, entry.follow_up.member)
    key = f"answer-{entry.pk}"
    form = (given.AnswerForm if own else given.TakeDownForm)(request.POST, auto_id=f"{key}-%s")
    if form.is_valid():
        made = tried(form, lambda: answering.answer_entry(actor=request.actor, entry_id=entry.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, "说明已记下，支部和上级看得到。")
            return redirect("follow-up", entry.follow_up_id)
    return case_page(request, queries.follow_up_for(request.actor, entry.follow_up_id), (key, form))


@signed_in
def answer_hope(request: SignedIn, encouragement_id: int) -> HttpResponse:
    """回应勉励 By the member from its own page, or taken down by the branch."""
    hope = queries.encouragement_for(request.actor, encouragement_id)
    own = is_self(request.actor, hope.member)
    form = (given.AnswerForm if own else given.TakeDownForm)(request.POST or None, auto_id=f"hope-{hope.pk}-%s")
    if not own:
        policies.require_writes_at(request.actor, hope.branch)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: answering.answer_encouragement(actor=request.actor, encouragement_id=hope.pk, **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, "回应已记下，支部和上级看得到。")
            return redirect("own-follow-ups") if own else redirect("branch-follow-ups", hope.branch_id)
    if own:
        return own_page(request, (hope.pk, form) if request.method == "POST" else None)
    context = {"form": form, "hope": hope, "replies": list(hope.replies.all())}
    return render(request, "followups/answer_hope.html", context, status=status_of(request))
