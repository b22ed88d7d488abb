"""导入花名册页 Upload, columns, check, answers, confirm; each step one screen, found again from the list."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed
from pioneer.members import confirming, imports
from pioneer.members import import_queries as queries
from pioneer.organisations.queries import branches_under, in_tree_order
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.roster_import import AnswerForm, ColumnsForm, ConfirmForm, UploadForm
from pioneer.web.forms.trying import tried

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILTERS = (
    ("ask", "待确认"),
    ("wrong", "有误"),
    ("changed", "变更"),
    ("new", "新增"),
    ("same", "相同"),
    ("left_out", "不导入"),
)


def _places(request: SignedIn) -> list[tuple[int, str]]:
    """The organisations to choose from, set in by their level."""
    found = in_tree_order(queries.organisations_for(request.actor))
    if not found:
        raise NotAllowed("花名册由支部的书记、副书记、记录员或上级党务工作者导入，您目前没有这项任职。")
    top = min(one.path.count("/") for one in found)
    return [(one.pk, "　" * (one.path.count("/") - top) + one.name) for one in found]


@signed_in
def listed(request: SignedIn) -> HttpResponse:
    """历次导入 What was brought in, and what still waits."""
    _places(request)
    page = Paginator(queries.imports_for(request.actor), 20).get_page(request.GET.get("page"))
    rows = [(one, queries.uploaded_by(one), queries.state_name(one)) for one in page]
    return render(request, "members/import_list.html", {"page": page, "rows": rows})


@signed_in
def new(request: SignedIn) -> HttpResponse:
    """上传花名册"""
    places = _places(request)
    at = request.GET.get("at", "")
    initial = {"organisation": int(at)} if at.isdecimal() and len(at) < 18 else {}
    form = UploadForm(request.POST or None, request.FILES or None, places=places, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        made = tried(
            form,
            lambda: imports.upload_roster(
                actor=request.actor, organisation_id=given["organisation"], name=file.name or "", content=file.read()
            ),
        )
        if made is not None:
            return redirect("roster-import-columns", made.pk)
    only = places[0][1] if len(places) == 1 else ""
    return render(request, "members/import_new.html", {"form": form, "only": only, "kept": queries.KEPT.days})


@signed_in
def columns(request: SignedIn, import_id: int) -> HttpResponse:
    """对应各列 Guessed; a person has the last word, and is remembered."""
    found = queries.import_for(request.actor, import_id)
    if found.state in ("confirmed", "discarded") or queries.is_busy(found):
        return redirect("roster-import", import_id)
    branches = branches_under(found.organisation, clock.today())
    form = ColumnsForm(request.POST or None, sheets=queries.columns_of(found), branches=branches)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        done = tried(form, lambda: imports.map_columns(actor=request.actor, import_id=import_id, sheets=chosen))
        if done is not None:
            imports.check_roster(actor=request.actor, import_id=import_id)
            return redirect("roster-import", import_id)
    return render(request, "members/import_columns.html", {"found": found, "form": form, "sheets": form.shown()})


@signed_in
def roster_import(request: SignedIn, import_id: int) -> HttpResponse:
    """一次导入 Where it stands: being checked, to be confirmed, being written, done."""
    found = queries.import_for(request.actor, import_id)
    if found.state == "uploaded":
        return redirect("roster-import-columns", import_id)
    busy = queries.is_busy(found)
    if busy or (found.state == "checking" and not request.htmx):
        return _progress(request, found, busy)
    if request.htmx:
        return HttpResponseClientRefresh()
    if found.state in ("checked", "confirming"):
        return _checked(request, found)
    return render(request, "members/import_over.html", {"found": found, "by": queries.uploaded_by(found)})


def _progress(request: SignedIn, found: Any, busy: bool) -> HttpResponse:
    """A check, or a confirmation; of a check that has come to nothing also why."""
    task = found.task
    context = {
        "found": found,
        "task": task,
        "busy": busy,
        "confirming": found.state == "confirming",
        "share": task.done * 100 // task.total if task is not None and task.total else 0,
        "note": queries.waiting_note(found),
        "failure": queries.failure_of(found),
    }
    return render(request, "members/import_progress.html", context)


def _checked(request: SignedIn, found: Any) -> HttpResponse:
    """The rows, and why a confirmation has come to nothing."""
    counts = found.counts
    filters = [(code, label, counts.get(code, 0)) for code, label in FILTERS]
    known = {code for code, _, count in filters if count}
    show = request.GET.get("show", "")
    if show not in known:
        show = next((code for code, _, count in filters if count), "new")
    page = Paginator(queries.rows_of(found, show), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "failure": queries.failure_of(found) if found.state == "confirming" else "",
        "counts": counts,
        "filters": filters,
        "show": show,
        "page": page,
        "rows": queries.shown(found, list(page.object_list)),
        "left": counts.get("wrong", 0) + counts.get("ask", 0),
        "writes": counts.get("new", 0) + counts.get("changed", 0),
    }
    return render(request, "members/import_rows.html", context)


@require_POST
@signed_in
def check(request: SignedIn, import_id: int) -> HttpResponse:
    """重新核对"""
    queries.import_for(request.actor, import_id)
    imports.check_roster(actor=request.actor, import_id=import_id)
    return redirect("roster-import", import_id)


@require_POST
@signed_in
def answer(request: SignedIn, import_id: int, row_id: int) -> HttpResponse:
    """回答一行 And back to the rows one was looking at."""
    queries.import_for(request.actor, import_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise DomainError("no_such_answer", "没有收到选项，请回到上一页重新选择。")
    given = form.cleaned_data
    imports.answer_row(actor=request.actor, import_id=import_id, row_id=row_id, decision=given["decision"])
    kept = urlencode({"show": given["show"], "page": given["page"] or 1})
    return redirect(f"{reverse('roster-import', args=[import_id])}?{kept}#rows")


@require_POST
@signed_in
def confirm(request: SignedIn, import_id: int) -> HttpResponse:
    """确认导入 Written behind the page, which shows how far it is."""
    queries.import_for(request.actor, import_id)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise DomainError("counts_changed", "没有收到要写入的行数，请回到上一页看过数目后再确认。")
    confirming.begin_confirmation(actor=request.actor, import_id=import_id, **form.cleaned_data)
    return redirect("roster-import", import_id)


@require_POST
@signed_in
def discard(request: SignedIn, import_id: int) -> HttpResponse:
    """放弃导入"""
    queries.import_for(request.actor, import_id)
    imports.discard_roster(actor=request.actor, import_id=import_id)
    return redirect("roster-imports")


@require_POST
@signed_in
def wrong_rows(request: SignedIn, import_id: int) -> HttpResponse:
    """下载没有导入的行"""
    queries.import_for(request.actor, import_id)
    content = imports.take_wrong_rows(actor=request.actor, import_id=import_id)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''roster-{import_id}-to-correct.xlsx"
    response["Cache-Control"] = "private, no-store"
    return response
