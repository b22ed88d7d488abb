"""每周申报表页 Printing a branch's forms for a week; entering what stands on one, found by its code."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pioneer.declarations import paper_queries, queries, together, weekly_forms
from pioneer.declarations.weeks import monday_of, week_name
from pioneer.kernel import clock
from pioneer.organisations.queries import in_tree_order
from pioneer.papers.weekly_form import weekly_forms as printed
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.together import Deeds, ScanForm, deeds_of
from pioneer.web.forms.trying import status_of, tried
from pioneer.web.papers import paper
from pioneer.web.together import branch_asked

WEEKS = range(-4, 5)  # offered, before and after this one


def form_path() -> str:
    """录入页的地址 With "{}" where the code stands."""
    return reverse("weekly-form", args=["code"]).replace("code", "{}")


@signed_in
def listed(request: SignedIn) -> HttpResponse:
    """打印每周申报表 For which branch and week; sent, it answers with the paper."""
    branch = branch_asked(request.actor, request.POST.get("branch", ""))
    if request.method == "POST" and branch is not None:
        monday = monday_of(request.POST.get("week", ""))
        forms = weekly_forms.print_weekly_forms(actor=request.actor, branch_id=branch.pk, monday=monday)
        site = request.build_absolute_uri("/").rstrip("/")
        pages = paper_queries.pages(branch, forms, site, form_path())
        return paper(printed(pages), paper_queries.file_name(branch, monday))
    today = clock.today()
    this = today - timedelta(days=today.weekday())
    mondays = [this + timedelta(weeks=number) for number in WEEKS]
    weeks = [(week_name(one), one, one + timedelta(days=6), one == this) for one in mondays]
    context = {"branches": in_tree_order(paper_queries.branches_for(request.actor)), "weeks": weeks}
    return render(request, "declarations/weekly_forms.html", context)


@signed_in
def entered(request: SignedIn, code: str) -> HttpResponse:
    """录入一张表 Its member and week; what was entered from it already; empty rows for the rest."""
    form = paper_queries.form_by(request.actor, code)
    days = paper_queries.days_of(form)
    likely = paper_queries.likely(form.branch, [form.member_id], form.monday)[form.member_id]
    scan = ScanForm(request.POST or None, request.FILES or None)
    rows = Deeds(request.POST or None, prefix="row", form_kwargs={"choices": likely.choices, "days": days})
    if request.method == "POST" and scan.is_valid() and rows.is_valid():
        made = tried(
            scan,
            lambda: together.enter_weekly_form(
                actor=request.actor,
                form_id=form.pk,
                deeds=deeds_of(rows),
                request_key=scan.cleaned_data["request_key"],
                evidence=scan.scans(),
            ),
        )
        if made is not None:
            messages.success(request, f"已为{form.member.name}录入，考评时逐条核定；核定以前可以撤回。")
            return redirect("weekly-form", code=form.code)
    known = queries.described(paper_queries.entered_from(form))
    context = {"paper": form, "shown": paper_queries.shown(form.code), "days": days, "rows": rows, "scan": scan}
    status = status_of(request)
    context |= {"known": known, "last": form.monday + timedelta(days=6)}
    return render(request, "declarations/weekly_form.html", context, status=status)
