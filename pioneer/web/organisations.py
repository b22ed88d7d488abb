"""组织页与节假日页"""

from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, may, paths
from pioneer.kernel import clock
from pioneer.organisations import holidays, queries, services
from pioneer.organisations.policies import may_anywhere, require, require_anywhere
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.organisations import (
    DayForm,
    EnterYearForm,
    LoadYearForm,
    MoveForm,
    OrganisationForm,
    RenameForm,
)
from pioneer.web.forms.trying import tried
from pioneer.web.reorganisation import may_reorganise
from pioneer.web.todo import Todo

LAST_QUARTER = 10


def todo(actor: Actor) -> list[Todo]:
    """待办 A tree to begin; the holiday table of this year, and from October on that of the next, announced then."""
    return [*_tree_to_begin(actor), *_holidays_to_enter(actor)]


def _tree_to_begin(actor: Actor) -> list[Todo]:
    """For who holds an office over an organisation under which nothing stands yet."""
    return [
        Todo(
            f"在{one.name}下设立{_below(one.level)}",
            1,
            reverse("organisation", args=[one.pk]),
            note="先有组织，才有花名册",
        )
        for one in (queries.bare(actor) if paths(actor, Act.EDIT_TREE) else [])
        if may(actor, Act.EDIT_TREE, one)
    ]


def _holidays_to_enter(actor: Actor) -> list[Todo]:
    if not paths(actor, Act.EDIT_HOLIDAYS):
        return []
    today = clock.today()
    wanted = [today.year] + ([today.year + 1] if today.month >= LAST_QUARTER else [])
    missing = [year for year in wanted if year not in {one.year for one in queries.holiday_years()}]
    return [
        Todo(f"录入{year}年的节假日", 1, reverse("holidays"), urgent=year == today.year, note="没有它就算不出公示期限")
        for year in missing
    ]


@signed_in
def tree(request: SignedIn) -> HttpResponse:
    """组织树 Whoever holds no role finds the page empty and is told why."""
    with_closed = request.GET.get("closed") == "1"
    roots = queries.tree_for(request.actor, with_closed=with_closed)
    rows = [(row, may(request.actor, Act.EDIT_TREE, row.organisation)) for row in queries.flat(roots)]
    return render(request, "organisations/tree.html", {"rows": rows, "with_closed": with_closed})


@signed_in
def organisation(request: SignedIn, organisation_id: int) -> HttpResponse:
    """一个组织 What it is, what happened to it, what stands below it."""
    shown = queries.organisation_for(request.actor, organisation_id)
    below = queries.visible_to(request.actor).filter(parent=shown).order_by("closed_on", "position", "pk")
    edits = may(request.actor, Act.EDIT_TREE, shown) and shown.closed_on is None
    context = {
        "shown": shown,
        "above": queries.above(shown),
        "below": below,
        "history": queries.history_of(shown),
        "merged_in": queries.merged_into(shown),
        "edits": edits,
        "may_add": edits and not shown.is_branch,
        "may_move": edits and bool(_parents(request.actor, shown)),
        "below_level": _below(shown.level),
        "may_reorganise": may_reorganise(request.actor, shown),
        "may_read": shown.is_branch and may(request.actor, Act.SEE_ROSTER, shown),
    }
    return render(request, "organisations/organisation.html", context)


@signed_in
def new_organisation(request: SignedIn, organisation_id: int) -> HttpResponse:
    """设立组织"""
    parent = queries.organisation_for(request.actor, organisation_id)
    require(request.actor, "edit_tree", parent)
    level = services.BELOW.get(services.Level(parent.level))
    form = OrganisationForm(request.POST or None, level=level or "", initial={"on": _usual_day(parent)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: services.create_organisation(actor=request.actor, parent_id=parent.pk, **given))
        if made is not None:
            then = (
                "导入花名册，再给书记、记录员开账号、授予任职" if made.is_branch else "为它的党务人员建账号、授予任职"
            )
            messages.success(request, f"已设立“{made.name}”。下一步：{then}。")
            return redirect("organisation", made.pk)
    context = {"form": form, "title": f"在{parent.name}下设立{_below(parent.level)}", "back": parent, "act": "设立"}
    return render(request, "organisations/form.html", context)


@signed_in
def rename_organisation(request: SignedIn, organisation_id: int) -> HttpResponse:
    """更名"""
    shown = queries.organisation_for(request.actor, organisation_id)
    require(request.actor, "edit_tree", shown)
    form = RenameForm(request.POST or None, initial={"name": shown.name, "on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: services.rename_organisation(actor=request.actor, organisation_id=shown.pk, **given))
        if made is not None:
            messages.success(request, f"已更名为“{made.name}”。")
            return redirect("organisation", made.pk)
    context = {"form": form, "title": f"{shown.name}更名", "back": shown, "act": "更名"}
    return render(request, "organisations/form.html", context)


@signed_in
def move_organisation(request: SignedIn, organisation_id: int) -> HttpResponse:
    """改隶"""
    shown = queries.organisation_for(request.actor, organisation_id)
    require(request.actor, "edit_tree", shown)
    form = MoveForm(request.POST or None, parents=_parents(request.actor, shown), initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(
            form,
            lambda: services.move_organisation(
                actor=request.actor,
                organisation_id=shown.pk,
                parent_id=given["parent"],
                on=given["on"],
                document=given["document"],
            ),
        )
        if made is not None:
            messages.success(request, f"“{made.name}”已改隶。")
            return redirect("organisation", made.pk)
    context = {"form": form, "title": f"{shown.name}改隶", "back": shown, "act": "改隶"}
    return render(request, "organisations/form.html", context)


def _usual_day(parent: Any) -> date:
    """What the form proposes: in the year a district begins, its organisations as they stood at New Year."""
    today = clock.today()
    district = next(iter(queries.above(parent)), parent)
    if district.opened_on.year != today.year:
        return today
    new_year = date(today.year, 1, 1)
    return new_year if parent == district else max(new_year, parent.opened_on)


def _parents(actor: Actor, shown: Any) -> list[tuple[int, str]]:
    """Where it could go: others of its parent's level in the district, over which the actor has the right."""
    if shown.parent is None:
        return []
    alike = queries.visible_to(actor).filter(
        level=shown.parent.level, path__startswith=f"/{shown.district_number}/", closed_on__isnull=True, is_branch=False
    )
    return [(one.pk, one.name) for one in alike.exclude(pk=shown.parent_id) if may(actor, Act.EDIT_TREE, one)]


def _below(level: str) -> str:
    found = services.BELOW.get(services.Level(level))
    return str(found.label) if found else ""


# ------------------------------------------------------------------ holidays


@signed_in
def holiday_years(request: SignedIn) -> HttpResponse:
    """节假日年度 Which years have been entered, and how to add one."""
    edits = may_anywhere(request.actor, "edit_holidays")
    years = queries.holiday_years()
    form = LoadYearForm(initial={"year": max([clock.today().year - 1, *(one.year for one in years)]) + 1})
    return render(request, "organisations/holidays.html", {"years": years, "edits": edits, "form": form})


@require_POST
@signed_in
def load_holidays(request: SignedIn) -> HttpResponse:
    """载入年度"""
    form = LoadYearForm(request.POST)
    if form.is_valid():
        year = form.cleaned_data["year"]
        if tried(form, lambda: holidays.load_holiday_year(actor=request.actor, year=year)) is not None:
            messages.success(request, f"已载入{year}年的节假日，请对照国务院办公厅的通知核对一遍。")
            return redirect("holiday-year", year)
    edits = may_anywhere(request.actor, "edit_holidays")
    years = queries.holiday_years()
    return render(request, "organisations/holidays.html", {"years": years, "edits": edits, "form": form})


@signed_in
def enter_holidays(request: SignedIn) -> HttpResponse:
    """录入年度"""
    require_anywhere(request.actor, "edit_holidays")
    form = EnterYearForm(request.POST or None, initial={"year": clock.today().year + 1})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: holidays.enter_holiday_year(actor=request.actor, **given)) is not None:
            messages.success(request, f"已录入{given['year']}年的节假日。")
            return redirect("holiday-year", given["year"])
    return render(request, "organisations/enter_holidays.html", {"form": form})


@signed_in
def holiday_year(request: SignedIn, year: int) -> HttpResponse:
    """一年的节假日 Every day that differs from its weekday, by month, and the form that changes one."""
    found = next((one for one in queries.holiday_years() if one.year == year), None)
    if found is None:
        raise Http404
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _set(request, form, given["on"], given["name"]) is not None:
            messages.success(request, f"{given['on'].month}月{given['on'].day}日的安排已更改；已经公示的期限不变。")
            return redirect("holiday-year", given["on"].year)
    months = [(month, list(days)) for month, days in groupby(queries.holidays_of(year), key=lambda day: day.on.month)]
    edits = may_anywhere(request.actor, "edit_holidays")
    return render(
        request, "organisations/holiday_year.html", {"year": found, "months": months, "form": form, "edits": edits}
    )


def _set(request: SignedIn, form: DayForm, on: date, name: str) -> Any:
    is_working = form.is_working
    return tried(form, lambda: holidays.set_holiday(actor=request.actor, on=on, is_working=is_working, name=name))
