"""考评页 The branch's sheets: the grid with one member's side, claims, lines, submission and confirmation."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, may, paths
from pioneer.assessments import claims, grid, queries, roster, services
from pioneer.assessments.grid import Grid, Row
from pioneer.assessments.queries import Sheet
from pioneer.declarations import queries as declarations
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, NotVisible
from pioneer.ledger import queries as ledger
from pioneer.members import queries as members
from pioneer.publicity import queries as publicity
from pioneer.rulebook.supplement_queries import rules_for
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.assessments import ClaimForm, OpenForm, ReasonForm
from pioneer.web.forms.trying import tried
from pioneer.web.todo import Todo

FILTERS = [("", "全部"), ("waiting", "未评"), ("flagged", "有提示"), ("statement", "有申辩"), ("none", "没有申报")]
STEPS = ["收申报", "考评", "复核", "公示", "入账"]


def sees_sheets(actor: Actor) -> bool:
    """可否看考评表"""
    return bool(paths(actor, Act.SEE_SHEET))


BY_HAND = "系统每月1日自动开立；急用时可以在上面手工开立。"
BY_THE_BRANCH = "系统每月1日为各支部自动开立，急用时由支部手工开立；开立以后就会出现在这里。"


def todo(actor: Actor) -> list[Todo]:
    """待办 Claims to decide, sheets to submit and to confirm, and what waits for one's own statement."""
    found = []
    for line in queries.awaiting_statement(actor):
        until = queries.answer_by(line)
        found.append(
            Todo("有一条扣分等您说明", 1, reverse("statement", args=[line.pk]), until, urgent=True, note=line.wording)
        )
    for work in queries.work_of(actor):
        month = f"{work.sheet.branch.name}{work.sheet.month}月考评表"
        url = reverse("sheet", args=[work.sheet.pk])
        if work.kind == "review":
            found.append(Todo(f"{month}：申报待考评", work.count, url))
        elif work.kind == "submit":
            found.append(Todo(f"{month}可以送复核", 1, url))
        elif work.kind == "later":
            found.append(Todo(f"{month}已送复核，还要等一等", work.count, url, note=work.note))
        elif work.kind == "waits":
            found.append(Todo(f"{month}还没有复核完", work.count, url, note=work.note))
        else:
            url = reverse("confirm-sheet", args=[work.sheet.pk])
            found.append(Todo(f"{month}待复核", work.count, url, urgent=True, note=work.note))
    return found


# ------------------------------------------------------------------ the list


@signed_in
def sheets(request: SignedIn) -> HttpResponse:
    """考评表 Of the branches the actor sees, the newest first; those that can be opened now."""
    if not sees_sheets(request.actor):
        raise NotVisible
    found = queries.visible_to(request.actor).order_by("-year", "-month", "branch__path", "sequence")
    own = list(queries.branches_evaluated_by(request.actor))
    return render(
        request,
        "assessments/sheets.html",
        {
            "sheets": found[:120],
            "openable": queries.openable(own),
            "branches": own,
            "confirmed": "confirmed",
            "none_yet": BY_HAND if own else BY_THE_BRANCH,
        },
    )


@signed_in
@require_POST
def open_sheet(request: SignedIn) -> HttpResponse:
    """开立"""
    form = OpenForm(request.POST)
    if not form.is_valid():
        raise NotVisible
    year, month = (int(part) for part in form.cleaned_data["month"].split("-"))
    branch = form.cleaned_data["branch"]
    if request.POST.get("kind") == "supplementary":
        sheet = services.open_supplementary_sheet(
            actor=request.actor, branch_id=branch, year=year, month=month, reason=form.cleaned_data["reason"]
        )
    else:
        sheet = services.open_sheet(actor=request.actor, branch_id=branch, year=year, month=month)
    return redirect("sheet", sheet.pk)


# ------------------------------------------------------------------ the grid


@signed_in
def sheet(request: SignedIn, sheet_id: int) -> HttpResponse:
    """考评表 The grid in roster order, one member at the side, what is left and what comes next."""
    shown = queries.get_sheet(request.actor, sheet_id)
    whole = grid.grid(request.actor, shown)
    _add_totals(whole)
    which = request.GET.get("show", "")
    picked = _picked(whole, request.GET.get("member", ""))
    second = queries.second_person(shown) if shown.state == "submitted" else None
    context = {
        "sheet": shown,
        "second": second,
        "outstanding": second.outstanding(second.left) if second else "",
        "grid": whole,
        "rows": whole.only(which),
        "which": which,
        "filters": [(code, text, len(whole.only(code))) for code, text in FILTERS],
        "picked": picked,
        "is_chosen": bool(request.GET.get("member")),
        "described": declarations.described([c.declaration for c in picked.waiting]) if picked else [],
        "last": roster.last_day(shown.year, shown.month),
        "is_over": clock.today() > roster.last_day(shown.year, shown.month),
        "may_evaluate": grid.may_evaluate(request.actor, shown),
        "may_step_in": picked is not None and grid.may_step_in(request.actor, shown, picked),
        "may_tell": may(request.actor, Act.EVALUATE, shown.branch),
        "may_publish": shown.state == "confirmed" and may(request.actor, Act.PUBLISH, shown.branch),
        "may_return": shown.state == "submitted" and may(request.actor, Act.EVALUATE, shown.branch),
        "may_confirm": shown.state == "submitted" and _confirms(request.actor, shown),
        "is_theirs": second is not None and bool(second.share_of(request.actor)),
        **_steps(shown),
    }
    return render(request, "assessments/sheet.html", context)


def _confirms(actor: Actor, sheet: Sheet) -> bool:
    return any(may(actor, act, sheet.branch) for act in (Act.CONFIRM, Act.CONFIRM_ABOVE))


def _steps(sheet: Sheet) -> dict[str, Any]:
    """Where the sheet stands on its way."""
    is_over = clock.today() > roster.last_day(sheet.year, sheet.month)
    notice = publicity.live(sheet.pk) if sheet.state == "confirmed" else None
    posting = ledger.posting_of(notice.pk) if notice else None
    at = {"open": "考评" if is_over else "收申报", "submitted": "复核", "confirmed": "入账" if posting else "公示"}
    return {"steps": STEPS, "step": at[sheet.state], "notice": notice, "posting": posting}


def _picked(whole: Grid, text: str) -> Row | None:
    if text:
        row = whole.row(int(text)) if text.isdecimal() and len(text) < 18 else None
        if row is None:
            raise NotVisible
        return row
    pressing = next((row for row in whole.rows if row.waiting and not row.kin), None)
    return pressing or next((row for row in whole.rows if row.lines), None)


def _add_totals(whole: Grid) -> None:
    """累计 The posted score of each, from the ledger."""
    totals = ledger.totals_of([row.entry.id for row in whole.rows], whole.sheet.year)
    for row in whole.rows:
        row.total = totals.get(row.entry.id)


# ------------------------------------------------------------------ claims


def to_sheet(sheet_id: int, member_id: int | None = None) -> HttpResponse:
    """回到考评表 To the grid, with the member's side open."""
    url = reverse("sheet", args=[sheet_id])
    return redirect(f"{url}?member={member_id}#side" if member_id else url)


def _say(request: SignedIn, refusal: DomainError) -> None:
    """The refusal as a note on the page one comes back to; who may not or sees nothing gets the page for that."""
    if refusal.status in {403, 404}:
        raise refusal
    faults = refusal.faults if isinstance(refusal, BadInput) else [refusal]
    for fault in faults:
        messages.error(request, str(fault))


@signed_in
@require_POST
def accept_claim(request: SignedIn, sheet_id: int, declaration_id: int) -> HttpResponse:
    """核准一条 As declared."""
    claim = declarations.get(request.actor, declaration_id)
    try:
        claims.review_declaration(
            actor=request.actor, sheet_id=sheet_id, declaration_id=declaration_id, outcome="accepted"
        )
    except DomainError as refusal:
        _say(request, refusal)
    return to_sheet(sheet_id, claim.member_id)


@signed_in
@require_POST
def accept_claims(request: SignedIn, sheet_id: int) -> HttpResponse:
    """批量核准"""
    chosen = [int(text) for text in request.POST.getlist("claims") if text.isdecimal() and len(text) < 18]
    try:
        done = claims.accept_declarations(actor=request.actor, sheet_id=sheet_id, declaration_ids=chosen)
        messages.success(request, f"已核准{len(done)}条申报。")
    except DomainError as refusal:
        _say(request, refusal)
    return to_sheet(sheet_id)


@signed_in
def claim(request: SignedIn, sheet_id: int, declaration_id: int) -> HttpResponse:
    """考评一条申报 With everything that can be altered."""
    sheet = queries.get_sheet(request.actor, sheet_id)
    if not may(request.actor, Act.EVALUATE, sheet.branch) and not may(request.actor, Act.CONFIRM_ABOVE, sheet.branch):
        raise NotVisible
    (shown,) = declarations.described([declarations.get(request.actor, declaration_id)])
    branches = members.branches_during([shown.member_id], shown.event_on, shown.event_on)
    book = rules_for(sheet.branch.district_number, branches, shown.event_on)
    track = members.track_on(shown.member, shown.event_on) or ""
    start = {
        "outcome": request.GET.get("outcome", ""),
        "indicator": shown.indicator,
        "quantity": grid.written(shown.quantity),
        "level": shown.level,
        "event": shown.event,
    }
    flags = [flag for flag in declarations.doubts_of([shown.pk]).get(shown.pk, []) if not flag.decision]
    form = ClaimForm(request.POST or None, book=book, track=track, initial=start, flags=flags)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: claims.review_declaration(
                actor=request.actor, sheet_id=sheet_id, declaration_id=declaration_id, **form.spoken()
            ),
        )
        if done is not None:
            messages.success(request, f"{shown.member.name}的申报：{done.get_outcome_display()}。")
            return to_sheet(sheet_id, shown.member_id)
    row = book.indicators.get(shown.indicator)
    is_range = bool(row and row.value and row.value.shape == "range")
    context = {"sheet": sheet, "claim": shown, "form": form, "is_range": is_range}
    return render(request, "assessments/claim.html", context, status=status_of(request))


@signed_in
@require_POST
def reopen_claim(request: SignedIn, sheet_id: int, declaration_id: int) -> HttpResponse:
    """撤回核定"""
    claim = claims.reopen_review(actor=request.actor, declaration_id=declaration_id)
    return to_sheet(sheet_id, claim.member_id)


def status_of(request: SignedIn) -> int:
    """页面状态码 A form that comes back was not accepted."""
    return 422 if request.method == "POST" else 200


# ------------------------------------------------------------------ the way of a sheet


@signed_in
@require_POST
def submit(request: SignedIn, sheet_id: int) -> HttpResponse:
    """送复核"""
    try:
        services.submit_sheet(actor=request.actor, sheet_id=sheet_id, edit=_edit_of(request))
        messages.success(request, "已送复核。复核人会在首页看到这张表。")
    except DomainError as refusal:
        _say(request, refusal)
    return to_sheet(sheet_id)


def _edit_of(request: SignedIn) -> int:
    text = request.POST.get("edit", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


@signed_in
def confirm(request: SignedIn, sheet_id: int) -> HttpResponse:
    """复核 Every line with its ground and wording; a second person confirms what it may, or returns the sheet."""
    sheet = queries.get_sheet(request.actor, sheet_id)
    if not _confirms(request.actor, sheet):
        raise NotVisible
    if request.method == "POST":
        try:
            done = services.confirm_sheet(actor=request.actor, sheet_id=sheet.pk, edit=_edit_of(request))
            is_over = done.state == "confirmed"
            messages.success(request, "已复核。下一步是公示。" if is_over else "您的部分已复核。")
            return to_sheet(sheet.pk)
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            messages.error(request, str(refusal))
            return redirect("confirm-sheet", sheet.pk)
    context = {
        "sheet": sheet,
        "parts": grid.confirmation(request.actor, sheet),
        "unready": queries.unready(sheet),
        "submitted_by": queries.names_of([sheet.submitted_by_number]).get(sheet.submitted_by_number or 0, ""),
        "form": ReasonForm(),
    }
    return render(request, "assessments/confirm.html", context)


@signed_in
@require_POST
def return_sheet(request: SignedIn, sheet_id: int) -> HttpResponse:
    """退回"""
    try:
        services.return_sheet(actor=request.actor, sheet_id=sheet_id, reason=request.POST.get("reason", ""))
        messages.success(request, "已退回，经办人会收到原因。")
    except DomainError as refusal:
        _say(request, refusal)
    return to_sheet(sheet_id)
