"""党费页 A branch's month in one grid, or brought in from a workbook."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from pioneer.accounts.policies import Act, require
from pioneer.conduct import dues, dues_queries, policies, queries
from pioneer.kernel.errors import DomainError
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX, download
from pioneer.web.forms.meetings import DuesFileForm, DuesForm, yuan
from pioneer.web.forms.trying import tried
from pioneer.workbooks.dues import LIMITS, dues_template


@signed_in
def latest(request: SignedIn, branch_id: int) -> HttpResponse:
    """支部的党费 Led on to the month that runs."""
    branch = queries.branch_for(request.actor, branch_id)
    this = dues_queries.months_until_today(1)[0]
    return redirect("dues-month", branch.pk, this.year, this.month)


@signed_in
def month(request: SignedIn, branch_id: int, year: int, month: int) -> HttpResponse:
    """一个月的党费"""
    shown = _shown(request, branch_id, year, month)
    if request.method == "POST":
        require(request.actor, Act.WRITE_CONDUCT, shown.branch)
    form = DuesForm(request.POST or None, shown=shown)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: dues.record_dues(
                actor=request.actor,
                branch_id=branch_id,
                year=year,
                month=month,
                edit=form.cleaned_data["edit"],
                marks=form.marks(),
            ),
        )
        if done is not None:
            messages.success(request, f"已登记{done}人的党费。" if done else "没有改动。")
            return redirect("dues-month", branch_id, year, month)
    context = {
        "shown": shown,
        "form": form,
        "sum": yuan(shown.fen) if shown.fen else "",
        "months": dues_queries.months_until_today(),
        "writes": policies.writes_at(request.actor, shown.branch),
    }
    return render(request, "conduct/dues.html", context, status=422 if request.method == "POST" else 200)


@signed_in
def template(request: SignedIn, branch_id: int, year: int, month: int) -> HttpResponse:
    """空表 To be filled in and brought back."""
    shown = _shown(request, branch_id, year, month)
    require(request.actor, Act.WRITE_CONDUCT, shown.branch)
    title = f"{shown.branch.name}{year}年{month}月党费"
    people = [(row.entry.number, row.entry.name) for row in shown.rows]
    return download(dues_template(title, people, [name for _, name in dues_queries.STATES]), XLSX, f"{title}.xlsx")


@signed_in
def bring_in(request: SignedIn, branch_id: int, year: int, month: int) -> HttpResponse:
    """导入党费 What is wrong in the file is listed together, and nothing is written."""
    shown = _shown(request, branch_id, year, month)
    require(request.actor, Act.WRITE_CONDUCT, shown.branch)
    form = DuesFileForm(request.POST or None, request.FILES or None)
    mistakes: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        month_asked = {"branch_id": branch_id, "year": year, "month": month}
        try:
            content = file.read(LIMITS.file_bytes + 1)
            done = dues.import_dues(actor=request.actor, **month_asked, name=file.name or "", content=content)
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            mistakes = refusal
        else:
            messages.success(request, f"已登记{done}人的党费。" if done else "与已登记的相同，没有改动。")
            return redirect("dues-month", branch_id, year, month)
    context = {"shown": shown, "form": form, "mistakes": mistakes}
    return render(request, "conduct/dues_import.html", context, status=422 if request.method == "POST" else 200)


def _shown(request: SignedIn, branch_id: int, year: int, month: int) -> dues_queries.Month:
    branch = queries.branch_for(request.actor, branch_id)
    if not dues_queries.is_open(year, month):
        raise Http404
    return dues_queries.month_of(branch, year, month)
