"""合并、分设、撤销页 Opened from the organisation's page, by the level above."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pioneer.accounts.policies import Act, Actor, may, require
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.ledger import queries, reorganisation
from pioneer.members.queries import roster
from pioneer.organisations import queries as organisations
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.reorganisation import STAYS, CloseForm, MergeForm, SplitForm
from pioneer.web.forms.trying import tried


@signed_in
def merge(request: SignedIn, organisation_id: int) -> HttpResponse:
    """合并支部"""
    shown = _branch(request.actor, organisation_id)
    form = MergeForm(
        request.POST or None, shown=shown, others=_others(request.actor, shown), initial={"on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        stays = given["goes_on"] == STAYS
        goes_on = tried(
            form,
            lambda: reorganisation.merge_branches(
                actor=request.actor,
                branch_ids=[shown.pk, *given["branches"]],
                into_id=shown.pk if stays else None,
                name="" if stays else given["name"],
                on=given["on"],
                document=given["document"],
            ),
        )
        if goes_on is not None:
            messages.success(request, f"已合并为“{goes_on.name}”，党员随之编入。请核对它的书记、记录员任职。")
            return redirect("organisation", goes_on.pk)
    return _page(request, "merge", shown, form)


@signed_in
def split(request: SignedIn, organisation_id: int) -> HttpResponse:
    """分设支部"""
    shown = _branch(request.actor, organisation_id)
    people = [(row.id, f"{row.name}（{row.hint}）" if row.hint else row.name) for row in roster(shown, clock.today())]
    form = SplitForm(request.POST or None, shown=shown, people=people, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(
            form,
            lambda: reorganisation.split_branch(
                actor=request.actor,
                branch_id=shown.pk,
                groups=form.groups(),
                on=given["on"],
                document=given["document"],
            ),
        )
        if made is not None:
            names = "、".join(f"“{one.name}”" for one in made)
            messages.success(request, f"已分设{names}。下一步：给新支部的书记、记录员授予任职。")
            return redirect("organisation", shown.pk)
    return _page(request, "split", shown, form)


@signed_in
def close(request: SignedIn, organisation_id: int) -> HttpResponse:
    """撤销组织"""
    shown = _standing(request.actor, organisation_id)
    form = CloseForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        gone = tried(form, lambda: reorganisation.close_branch(actor=request.actor, organisation_id=shown.pk, **given))
        if gone is not None:
            messages.success(request, f"“{gone.name}”已撤销；沿革和入过账的都保留。")
            return redirect("organisation", gone.pk)
    return _page(request, "close", shown, form)


def may_reorganise(actor: Actor, shown: Any) -> bool:
    """可否合并、分设、撤销"""
    return shown.closed_on is None and shown.parent_id is not None and may(actor, Act.REORGANISE, shown)


def _standing(actor: Actor, organisation_id: int) -> Any:
    shown = organisations.organisation_for(actor, organisation_id)
    require(actor, Act.REORGANISE, shown)
    if shown.closed_on is not None or shown.parent_id is None:
        raise NotVisible
    return shown


def _branch(actor: Actor, organisation_id: int) -> Any:
    shown = _standing(actor, organisation_id)
    if not shown.is_branch:
        raise NotVisible
    return shown


def _others(actor: Actor, shown: Any) -> list[tuple[int, str]]:
    """The branches of the district that could end in this one, those nearby first."""
    below = organisations.visible_to(actor).filter(
        level="branch", closed_on__isnull=True, path__startswith=f"/{shown.district_number}/"
    )
    found = [one for one in below.exclude(pk=shown.pk).select_related("parent") if may(actor, Act.REORGANISE, one)]
    found = sorted(organisations.in_tree_order(found), key=lambda one: one.parent_id not in {shown.parent_id, shown.pk})
    return [(one.pk, f"{one.name}（{one.parent.name if one.parent else ''}）") for one in found]


def _page(request: SignedIn, act: str, shown: Any, form: Any) -> HttpResponse:
    context = {"shown": shown, "form": form, "unposted": queries.unposted_sheets(shown.pk)}
    return render(request, f"organisations/{act}.html", context)
