"""推荐人选页 One nomination with its steps, and what this person may do now: answer, opine, check, receive an
objection, answer it, decide, withdraw."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.nominations import deciding, papers, policies, queries, services
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.nominations import (
    AnswerObjectionForm,
    CheckForm,
    DecideForm,
    OpinionForm,
    OwnAnswerForm,
    ReceiveForm,
    TakenAnswerForm,
    WithdrawForm,
)
from pioneer.web.forms.trying import say_unshown, tried
from pioneer.web.papers import paper


@signed_in
def nomination(request: SignedIn, nomination_id: int) -> HttpResponse:
    """一位推荐人选"""
    return _page(request, queries.get_nomination(request.actor, nomination_id))


def _page(request: SignedIn, one: Any, bound: forms.Form | None = None) -> HttpResponse:
    """The page; a form that came back with a refusal stands where it was."""
    offered = _offered(request, one)
    for name, form in offered.items():
        if type(form) is type(bound):
            offered[name] = bound
    replies = isinstance(bound, AnswerObjectionForm) and not bound.non_field_errors()
    say_unshown(request, bound, [*offered.values(), bound if replies else None])
    own = policies.is_self(request.actor, one.member)
    objections = queries.objections_of(request.actor, one)
    numbers = [one.proposed_by_number, one.answered_by_number, one.withdrawn_by_number, one.decided_by_number]
    context = {
        "one": one,
        "call": one.call,
        "label": papers.label_of(one.call),
        "own": own,
        "asked": queries.opinions_of(one),
        "checks": queries.checks_of(one),
        "objections": objections,
        "answering": bound if isinstance(bound, AnswerObjectionForm) else AnswerObjectionForm(),
        "may_answer": one.state in queries.OPEN and one.call.withdrawn_at is None,
        "window_over": queries.window_is_over(one),
        "names": queries.names_behind(numbers),
        "aside": None if own else must_step_aside(request.actor, one.member),
        "offered": offered,
    }
    return render(request, "nominations/nomination.html", context, status=422 if bound is not None else 200)


def _offered(request: SignedIn, one: Any) -> dict[str, forms.Form]:
    """What this person may do now, as forms."""
    actor, can = request.actor, policies.can
    if one.call.withdrawn_at is not None or one.state not in queries.OPEN:
        return {}
    offered: dict[str, forms.Form] = {}
    if policies.is_self(actor, one.member):
        offered["own"] = OwnAnswerForm(initial={"is_willing": "no"} if one.state == "agreed" else {})
    elif one.state == "proposed" and can(policies.require_record_answer, actor, one):
        offered["taken"] = TakenAnswerForm()
    agreed = one.state == "agreed"
    for asked in queries.opinions_of(one) if agreed else ():
        if asked.opinion is None and can(policies.require_opinion, actor, one, asked.organisation):
            offered["opinion"] = OpinionForm(initial={"organisation_id": asked.organisation.pk})
    if one.call.checks and can(policies.require_check, actor, one):
        offered["check"] = CheckForm(checks=list(enumerate(one.call.checks)))
    receivers = _receivers(request, one)
    if agreed and one.notice is not None and receivers:
        offered["receive"] = ReceiveForm(receivers=receivers)
    if can(policies.require_decide, actor, one):
        offered["decide"] = DecideForm(initial={"decided_on": clock.today()})
    if can(policies.require_withdraw, actor, one):
        offered["withdraw"] = WithdrawForm()
    return offered


def _receivers(request: SignedIn, one: Any) -> list[tuple[int, str]]:
    places = [one.branch, one.call.organisation]
    return [
        (place.pk, place.name) for place in places if policies.can(policies.require_receive, request.actor, one, place)
    ]


def _act(request: SignedIn, number: int, form: forms.Form, act: Callable[..., Any], said: str) -> HttpResponse:
    one = queries.get_nomination(request.actor, number)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: act(actor=request.actor, nomination_id=number, **given)) is not None:
            messages.success(request, said)
            return redirect("nomination", number)
    return _page(request, one, form)


@require_POST
@signed_in
def answer(request: SignedIn, nomination_id: int) -> HttpResponse:
    """本人答复"""
    one = queries.get_nomination(request.actor, nomination_id)
    own = policies.is_self(request.actor, one.member)
    form = OwnAnswerForm(request.POST) if own else TakenAnswerForm(request.POST)
    return _act(request, nomination_id, form, services.answer_nomination, "答复已记入。")


@require_POST
@signed_in
def opinion(request: SignedIn, nomination_id: int) -> HttpResponse:
    """提出意见"""
    form = OpinionForm(request.POST)
    return _act(request, nomination_id, form, deciding.give_opinion, "意见已记入，署您的姓名。")


@require_POST
@signed_in
def check(request: SignedIn, nomination_id: int) -> HttpResponse:
    """核实一项"""
    one = queries.get_nomination(request.actor, nomination_id)
    form = CheckForm(request.POST, checks=list(enumerate(one.call.checks)))
    return _act(request, nomination_id, form, deciding.confirm_check, "核实已记入，署您的姓名。")


@require_POST
@signed_in
def receive(request: SignedIn, nomination_id: int) -> HttpResponse:
    """登记异议"""
    one = queries.get_nomination(request.actor, nomination_id)
    places = [(place.pk, place.name) for place in (one.branch, one.call.organisation)]
    form = ReceiveForm(request.POST, receivers=places)
    return _act(request, nomination_id, form, deciding.record_objection, "异议已登记，等答复。")


@require_POST
@signed_in
def answer_objection(request: SignedIn, nomination_id: int, objection_id: int) -> HttpResponse:
    """答复异议"""
    one = queries.get_nomination(request.actor, nomination_id)
    if not one.objections.filter(pk=objection_id).exists():
        raise NotVisible
    form = AnswerObjectionForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        done = tried(form, lambda: deciding.answer_objection(actor=request.actor, objection_id=objection_id, **given))
        if done is not None:
            messages.success(request, "答复已记入，本人已被告知。")
            return redirect("nomination", nomination_id)
    return _page(request, one, form)


@require_POST
@signed_in
def decide(request: SignedIn, nomination_id: int) -> HttpResponse:
    """决定"""
    form = DecideForm(request.POST)
    return _act(request, nomination_id, form, deciding.decide_nomination, "决定已记入，本人已被告知。")


@require_POST
@signed_in
def withdraw(request: SignedIn, nomination_id: int) -> HttpResponse:
    """撤回推荐"""
    form = WithdrawForm(request.POST)
    return _act(request, nomination_id, form, services.withdraw_nomination, "已撤回，本人已被告知。")


@signed_in
@require_safe
def letter(request: SignedIn, nomination_id: int) -> HttpResponse:
    """打印通知书"""
    one = queries.get_nomination(request.actor, nomination_id)
    return paper(papers.letter_pdf(one), f"推荐人选通知书-{one.pk}")
