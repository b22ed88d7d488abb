"""表扬名单页 Drafted from an announcement, each person's word, decided by a second person; its papers, its wording."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Act, may
from pioneer.kernel.errors import NotVisible
from pioneer.nominations import commending, papers, policies, queries
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.nominations import IssueForm, NamedForm, TakenNamedForm
from pioneer.web.forms.trying import say_unshown, tried
from pioneer.web.papers import paper


@require_POST
@signed_in
def draft(request: SignedIn, announcement_id: int) -> HttpResponse:
    """拟定表扬名单"""
    made = commending.draft_commendation(actor=request.actor, announcement_id=announcement_id)
    messages.success(request, "名单已拟定，名单上的人已被告知，等他们答复是否公布姓名。")
    return redirect("commendation", made.pk)


@signed_in
def commendation(request: SignedIn, commendation_id: int) -> HttpResponse:
    """一份表扬名单"""
    return _page(request, queries.get_commendation(request.actor, commendation_id))


def _page(request: SignedIn, shown: Any, bound: forms.Form | None = None) -> HttpResponse:
    actor = request.actor
    people = list(queries.people_of(shown))
    drafting = shown.state == "draft"
    if not drafting and not _reads(request, shown):  # who stands below the unit sees who is named, and nobody else
        people = [one for one in people if one.is_named]
    elif drafting and not _reads(request, shown):
        raise NotVisible
    offered: dict[str, forms.Form] = {}
    aside = policies.those_to_step_aside(actor, [one.member_id for one in people])
    open_to = [(one.pk, one.member.name) for one in people if one.member_id not in aside]
    if drafting and open_to and (policies.may_second(actor, shown.unit) or may(actor, Act.NOMINATE, shown.unit)):
        offered["taken"] = TakenNamedForm(people=open_to)
    if drafting and policies.can(policies.require_issue, actor, shown) and queries.is_answered(shown):
        willing = [(one.pk, _said(one)) for one in people if one.answer != "declined"]
        offered["issue"] = IssueForm(people=willing, initial={"named": [number for number, _ in willing]})
    for name, form in offered.items():
        if type(form) is type(bound):
            offered[name] = bound
    say_unshown(request, bound, offered.values())
    has_names = not drafting and any(one.is_named for one in people)
    context = {
        "shown": shown,
        "cycle_text": papers.cycle_of(shown),
        "people": people,
        "reads": _reads(request, shown),
        "last_day": queries.last_day(shown),
        "names": queries.names_behind([shown.drafted_by_number, shown.issued_by_number]),
        "papers": papers.LISTS.items() if has_names else (),
        "wordings": papers.wordings(shown) if has_names else (),
        "offered": offered,
    }
    return render(request, "nominations/commendation.html", context, status=422 if bound is not None else 200)


def _reads(request: SignedIn, shown: Any) -> bool:
    return any(shown.unit.path.startswith(path) for path in queries.reading(request.actor))


def _said(one: Any) -> str:
    answered = "本人同意" if one.answer else "本人没有答复"
    return f"{one.member.name}（{answered}）"


@require_POST
@signed_in
def answer(request: SignedIn, commended_id: int) -> HttpResponse:
    """本人答复是否公布姓名"""
    one = queries.get_own_commended(request.actor, commended_id)
    form = NamedForm(request.POST)
    if not form.is_valid() or not policies.is_self(request.actor, one.member):
        raise NotVisible
    commending.answer_commendation(
        actor=request.actor, commended_id=commended_id, is_willing=form.cleaned_data["is_willing"]
    )
    messages.success(request, "答复已记入，名单发布以前可以改。")
    return redirect("own-nominations")


@require_POST
@signed_in
def take_down(request: SignedIn, commendation_id: int) -> HttpResponse:
    """代录答复"""
    shown = queries.get_commendation(request.actor, commendation_id)
    people = [(one.pk, one.member.name) for one in queries.people_of(shown)]
    form = TakenNamedForm(request.POST, people=people)
    if form.is_valid():
        given = form.cleaned_data
        done = tried(
            form,
            lambda: commending.answer_commendation(
                actor=request.actor,
                commended_id=given["commended"],
                is_willing=given["is_willing"],
                how=given["how"],
            ),
        )
        if done is not None:
            messages.success(request, "答复已代为录入。")
            return redirect("commendation", commendation_id)
    return _page(request, shown, form)


@require_POST
@signed_in
def issue(request: SignedIn, commendation_id: int) -> HttpResponse:
    """审定发布"""
    shown = queries.get_commendation(request.actor, commendation_id)
    people = [(one.pk, one.member.name) for one in queries.people_of(shown)]
    form = IssueForm(request.POST, people=people)
    if form.is_valid():
        given = form.cleaned_data
        done = tried(
            form,
            lambda: commending.issue_commendation(
                actor=request.actor, commendation_id=commendation_id, named=given["named"], reason=given["reason"]
            ),
        )
        if done is not None:
            messages.success(request, "名单已发布，可以打印张贴。")
            return redirect("commendation", commendation_id)
    return _page(request, shown, form)


@signed_in
@require_safe
def commendation_paper(request: SignedIn, commendation_id: int, kind: str) -> HttpResponse:
    """打印名单"""
    shown = queries.get_commendation(request.actor, commendation_id)
    try:
        content = papers.list_pdf(shown, kind)
    except LookupError as missing:
        raise NotVisible(f"{missing}，请回到名单页重新选择。") from None
    return paper(content, f"表扬名单-{shown.pk}-{kind}")
