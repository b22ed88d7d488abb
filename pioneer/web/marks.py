"""外部成绩页 A branch's marks of what the rulebook folds in from outside the points: entered, confirmed, corrected."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, may, paths, require
from pioneer.conduct.queries import those_to_step_aside
from pioneer.kernel.errors import BadInput, DomainError, NotVisible
from pioneer.kernel.points import show
from pioneer.results import mark_queries as queries
from pioneer.results import marks as operations
from pioneer.results.cycles import cycle_text
from pioneer.results.mark_queries import Grid
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX, download
from pioneer.web.forms.marks import CorrectMarkForm, MarksFileForm, MarksForm
from pioneer.web.forms.trying import say, status_of, tried
from pioneer.web.todo import Todo
from pioneer.workbooks.marks_book import LIMITS, marks_template


@signed_in
def marks(request: SignedIn) -> HttpResponse:
    """外部成绩 Branches by what is folded in: how many stand, wait and lack."""
    if not (branches := queries.branches_for(request.actor)):
        raise NotVisible
    cycles = queries.ruled_cycles(branches[0].district_number)
    chosen = next((one for one in cycles if one.cycle.first_on.isoformat() == request.GET.get("cycle")), None)
    chosen = chosen or next(iter(cycles), None)
    context = {
        "tallies": queries.tallies_for(request.actor, chosen) if chosen else [],
        "cycle": chosen.cycle if chosen else None,
        "cycle_text": cycle_text(chosen.cycle) if chosen else "",
        "cycles": [(one.cycle, cycle_text(one.cycle)) for one in cycles],
    }
    return render(request, "results/marks.html", context)


def _grid(request: SignedIn, branch_id: int, cycle: str, component: str) -> Grid:
    branch = queries.branch_for(request.actor, branch_id)
    try:
        first_on = date.fromisoformat(cycle)
    except ValueError:
        raise NotVisible from None
    return queries.grid_of(branch, *queries.component_for(branch, first_on, component))


@signed_in
def branch_marks(request: SignedIn, branch_id: int, cycle: str, component: str) -> HttpResponse:
    """一个支部的一项成绩 To be entered by one, and confirmed by another."""
    grid = _grid(request, branch_id, cycle, component)
    if request.method == "POST":
        require(request.actor, Act.ENTER_MARKS, grid.branch)
    form = MarksForm(request.POST or None, grid=grid)
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: operations.enter_marks(**_asked(request, grid), **form.given()))
        if done is not None:
            messages.success(request, f"已录入{done}名党员的成绩，等另一位同志核对。" if done else "没有改动。")
            return redirect("branch-marks", branch_id, cycle, component)
    aside = those_to_step_aside(request.actor, [one.member_id for one in grid.waiting])
    own = [one for one in grid.waiting if one.entered_by_number == request.actor.number]
    mine = [one for one in grid.waiting if one not in own and one.member_id not in aside]
    names = {row.number: row.who for row in grid.rows}
    context = {
        **_heading(grid),
        "form": form,
        "may_enter": may(request.actor, Act.ENTER_MARKS, grid.branch),
        "may_confirm": may(request.actor, Act.CONFIRM_MARKS, grid.branch),
        "waiting": [(one, names[one.member_id]) for one in mine],
        "own": len(own),
        "aside": [said for number, said in aside.items() if number not in {one.member_id for one in own}],
    }
    return render(request, "results/branch_marks.html", context, status=status_of(request))


def _heading(grid: Grid) -> dict[str, Any]:
    args = [grid.branch.pk, grid.cycle.first_on.isoformat(), grid.component.code]
    return {
        "grid": grid,
        "cycle_text": cycle_text(grid.cycle),
        "address": reverse("branch-marks", args=args),
        "args": args,
    }


def _asked(request: SignedIn, grid: Grid) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "branch_id": grid.branch.pk,
        "first_on": grid.cycle.first_on,
        "component": grid.component.code,
    }


@require_POST
@signed_in
def confirm(request: SignedIn, branch_id: int, cycle: str, component: str) -> HttpResponse:
    """核对 Exactly the marks that the page showed."""
    grid = _grid(request, branch_id, cycle, component)
    seen: dict[int, int | None] = {}
    for name, value in request.POST.items():
        number = name.removeprefix("mark-")
        if name.startswith("mark-") and number.isdecimal() and len(number) < 18:
            seen[int(number)] = int(str(value)) if str(value).isdecimal() and len(str(value)) < 10 else None
    try:
        done = operations.confirm_marks(**_asked(request, grid), seen=seen)
    except DomainError as refusal:
        say(request, refusal)
    else:
        messages.success(request, f"已核对{done}项成绩，并告知本人。")
    return redirect("branch-marks", branch_id, cycle, component)


@signed_in
def template(request: SignedIn, branch_id: int, cycle: str, component: str) -> HttpResponse:
    """空表 To be filled in and brought back."""
    grid = _grid(request, branch_id, cycle, component)
    require(request.actor, Act.ENTER_MARKS, grid.branch)
    title = f"{grid.branch.name}{cycle_text(grid.cycle)}{grid.component.name}"
    people = [(row.code, row.name, row.waiting[0].value if row.waiting else None) for row in grid.rows]
    notes = [
        f"成绩在0至{show(grid.component.maximum)}分之内，最多两位小数；还不知道的空着。",
        "党员编号和姓名不要改。上传后由另一位同志核对，核对以后才计入。",
    ]
    return download(marks_template(title, people, notes), XLSX, f"{title}.xlsx")


@signed_in
def bring_in(request: SignedIn, branch_id: int, cycle: str, component: str) -> HttpResponse:
    """从 Excel 录入 What is wrong in the file is listed together, and nothing is written."""
    grid = _grid(request, branch_id, cycle, component)
    require(request.actor, Act.ENTER_MARKS, grid.branch)
    form = MarksFileForm(request.POST or None, request.FILES or None)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        try:
            content = file.read(LIMITS.file_bytes + 1)
            done = operations.import_marks(
                **_asked(request, grid), on=given["on"], basis=given["basis"], name=file.name or "", content=content
            )
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = error
        else:
            messages.success(request, f"已录入{done}名党员的成绩，等另一位同志核对。" if done else "没有改动。")
            return redirect("branch-marks", branch_id, cycle, component)
    faults = refusal.faults if isinstance(refusal, BadInput) else []
    context = {**_heading(grid), "form": form, "refusal": refusal, "faults": faults}
    return render(request, "results/marks_import.html", context, status=status_of(request))


@signed_in
def correct(request: SignedIn, mark_id: int) -> HttpResponse:
    """更正一次成绩 By a new revision with its reason; left empty, the mark is taken back."""
    mark = queries.mark_for(request.actor, mark_id)
    require(request.actor, Act.ENTER_MARKS, mark.branch)
    args = [mark.branch_id, mark.first_on.isoformat(), mark.component]
    form = CorrectMarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: operations.correct_mark(
                actor=request.actor, mark_id=mark_id, value=form.value(), reason=form.cleaned_data["reason"]
            ),
        )
        if done is not None:
            messages.success(request, "已录入更正，等另一位同志核对；核对以前仍按原来的成绩。")
            return redirect("branch-marks", *args)
    names = queries.component_names(mark.branch.district_number)
    context = {
        "mark": mark,
        "form": form,
        "name": names.get(mark.component, mark.component),
        "address": reverse("branch-marks", args=args),
    }
    return render(request, "results/correct_mark.html", context, status=status_of(request))


@require_POST
@signed_in
def drop(request: SignedIn, mark_id: int) -> HttpResponse:
    """撤去待核对的成绩"""
    mark = queries.mark_for(request.actor, mark_id)
    args = [mark.branch_id, mark.first_on.isoformat(), mark.component]
    try:
        operations.drop_mark(actor=request.actor, mark_id=mark_id)
    except DomainError as refusal:
        say(request, refusal)
    else:
        messages.success(request, "已撤去。")
    return redirect("branch-marks", *args)


def todo(actor: Actor) -> list[Todo]:
    """待办 Marks that wait for a second person who may confirm them, and those still to be entered."""
    found = []
    if paths(actor, Act.CONFIRM_MARKS) and (count := queries.waiting_for(actor)):
        found.append(Todo("外部成绩待核对", count, reverse("marks")))
    if paths(actor, Act.ENTER_MARKS) and (count := queries.missing_for(actor)):
        found.append(Todo("外部成绩待录入", count, reverse("marks")))
    return found
