"""考评页 The branch's sheets: the grid with one member's side, claims, lines, submission and confirmation."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, may, paths
from pioneer.assessments import changes, grid, queries, roster, services
from pioneer.assessments.grid import Grid, Row
from pioneer.assessments.queries import Sheet
from pioneer.declarations import queries as declarations
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.ledger import queries as ledger
from pioneer.organisations.queries import along_tree, in_tree_order
from pioneer.publicity import queries as publicity
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.assessments import OpenForm, ReasonForm
from pioneer.web.forms.trying import say
from pioneer.web.todo import Todo

FILTERS = [
    ("", "全部"),
    ("waiting", "待核定"),
    ("doubtful", "有疑点"),
    ("none", "没有申报"),
    ("statement", "有申辩"),
    ("hinted", "有提示"),
    ("untold", "待书面告知"),
]
ALWAYS = 5  # of these are shown with a count of nought too
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
        month = f"{work.sheet.branch.name}{_short(work.sheet)}"
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


def _short(sheet: Sheet) -> str:
    return roster.title_of(sheet) if sheet.kind == "takeover" else f"{sheet.month}月考评表"


# ------------------------------------------------------------------ the list


@signed_in
def sheets(request: SignedIn) -> HttpResponse:
    """考评表 Of the branches the actor sees, the newest first; those that can be opened now."""
    if not sees_sheets(request.actor):
        raise NotVisible
    latest = queries.visible_to(request.actor).order_by("-year", "-month", "branch__path", "sequence")[:120]
    found = along_tree(latest, lambda one: one.branch)
    found.sort(key=lambda one: (one.year, one.month), reverse=True)
    own = in_tree_order(queries.branches_evaluated_by(request.actor))
    return render(
        request,
        "assessments/sheets.html",
        {
            "sheets": found,
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
    """考评表 The grid in roster order, one member's row open, what is left and what comes next.

    Asked for by htmx it answers with that one row, the head, the filters and the totals.
    """
    shown = queries.get_sheet(request.actor, sheet_id)
    whole = grid.grid(request.actor, shown)
    _add_totals(whole)
    picked = _picked(whole, request.GET)
    one = _one(whole, request.GET) if request.htmx else None
    context = {
        "sheet": shown,
        "grid": whole,
        **_filters(request, whole),
        "picked": picked,
        "row": one,
        "described": declarations.described([c.declaration for c in picked.waiting]) if picked else [],
        "recusals": _recusals(request.actor, shown, whole),
        "may_step_in": picked is not None and grid.may_step_in(request.actor, shown, picked),
        "may_tell": may(request.actor, Act.EVALUATE, shown.branch),
        **_head(request, shown),
        **_seen(request, shown),
    }
    if one is None:
        return render(request, "assessments/sheet.html", context)
    answer = render(request, "assessments/sheet_answer.html", context)
    answer["HX-Replace-Url"] = request.get_full_path()
    return answer


def kept(request: SignedIn) -> str:
    """只看哪些 The filter in the address, as a query to put behind the next one."""
    which = request.GET.get("show", "")
    return f"?show={which}" if which in dict(FILTERS) and which else ""


def _filters(request: SignedIn, whole: Grid) -> dict[str, Any]:
    which = request.GET.get("show", "")
    counted = [(code, text, len(whole.only(code))) for code, text in FILTERS]
    always = 1 if whole.sheet.kind == "takeover" else ALWAYS
    shown = [one for place, one in enumerate(counted) if place < always or one[0] == which or (one[2] and always > 1)]
    return {"rows": whole.only(which), "which": which, "filters": shown, "keep": kept(request)}


def _recusals(actor: Actor, sheet: Sheet, whole: Grid) -> dict[str, roster.Recusal]:
    """For whom the reader steps aside, by the member's name; nothing for who evaluates nobody here."""
    if not grid.may_evaluate(actor, sheet):
        return {}
    names = {row.entry.id: row.entry.name for row in whole.rows}
    found = roster.recusals(actor, sheet.branch, list(names))
    return {names[one.member_id]: one for one in found}


def _head(request: SignedIn, sheet: Sheet) -> dict[str, Any]:
    """What the head says: where the sheet stands, and the next step with who may take it."""
    actor = request.actor
    second = queries.second_person(sheet) if sheet.state == "submitted" else None
    return {
        "second": second,
        "outstanding": second.outstanding(second.left) if second else "",
        "last": roster.last_day(sheet.year, sheet.month),
        "is_over": clock.today() > roster.last_day(sheet.year, sheet.month),
        "title": roster.title_of(sheet),
        "may_evaluate": grid.may_evaluate(actor, sheet),
        "may_enter": grid.may_evaluate(actor, sheet) and sheet.kind != "takeover",
        "may_publish": sheet.state == "confirmed" and may(actor, Act.PUBLISH, sheet.branch),
        "may_return": sheet.state == "submitted" and may(actor, Act.EVALUATE, sheet.branch),
        "may_confirm": sheet.state == "submitted" and _confirms(actor, sheet),
        "is_theirs": second is not None and bool(second.share_of(actor)),
        **_steps(sheet),
    }


def _seen(request: SignedIn, sheet: Sheet) -> dict[str, Any]:
    """The edit number that the open page goes on with: the newest, unless somebody else changed something meanwhile,
    which it is then told; and, after a refusal, what had been changed by then."""
    told = request.headers.get("X-Seen", "") if request.htmx else request.GET.get("since", "")
    before = int(told) if told.isdecimal() and len(told) < 10 else sheet.edit
    news = changes.since(sheet, before, but_by=request.actor.number) if before < sheet.edit else []
    return {"news": news, "edit": before if news and request.htmx else sheet.edit}


def _confirms(actor: Actor, sheet: Sheet) -> bool:
    return any(may(actor, act, sheet.branch) for act in (Act.CONFIRM, Act.CONFIRM_ABOVE))


def _steps(sheet: Sheet) -> dict[str, Any]:
    """Where the sheet stands on its way."""
    is_over = clock.today() > roster.last_day(sheet.year, sheet.month)
    notice = publicity.live(sheet.pk) if sheet.state == "confirmed" else None
    posting = ledger.posting_of(notice.pk) if notice else None
    at = {"open": "考评" if is_over else "收申报", "submitted": "复核", "confirmed": "入账" if posting else "公示"}
    steps = STEPS[1:] if sheet.kind == "takeover" else STEPS
    return {"steps": steps, "step": at[sheet.state], "notice": notice, "posting": posting}


def _picked(whole: Grid, asked: QueryDict) -> Row | None:
    """Whose row is open: the one asked for, else the first that waits; none where one was just closed."""
    if asked.get("closed"):
        return None
    if asked.get("member"):
        return _one(whole, asked)
    pressing = next((row for row in whole.rows if row.waiting and not row.kin), None)
    return pressing or next((row for row in whole.rows if row.lines), None)


def _one(whole: Grid, asked: QueryDict) -> Row:
    text = asked.get("member") or asked.get("closed") or ""
    row = whole.row(int(text)) if text.isdecimal() and len(text) < 18 else None
    if row is None:
        raise NotVisible
    return row


def _add_totals(whole: Grid) -> None:
    """累计 The posted score of each, from the ledger."""
    totals = ledger.totals_of([row.entry.id for row in whole.rows], whole.sheet.year)
    for row in whole.rows:
        row.total = totals.get(row.entry.id)


# ------------------------------------------------------------------ back to it


def to_sheet(request: SignedIn, sheet_id: int, member_id: int | None = None, since: int | None = None) -> HttpResponse:
    """回到考评表 To the grid as it was filtered, with the member's row open; `since`: and with what was changed."""
    asked = {"show": request.GET.get("show"), "member": member_id, "since": since}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    anchor = f"#m-{member_id}" if member_id else ""
    return redirect(f"{reverse('sheet', args=[sheet_id])}{'?' if query else ''}{query}{anchor}")


def in_row(request: SignedIn, answer: HttpResponse, member_id: int) -> HttpResponse:
    """在这一行里 Where htmx asked, the form of a page opens in the member's row, with what is wrong with it."""
    if request.htmx:
        answer["HX-Retarget"], answer["HX-Reselect"] = f"#slot-{member_id}", "#part"
        answer["HX-Reswap"] = "innerHTML show:none ignoreTitle:true"
        answer["HX-Push-Url"] = "false"
    return answer


# ------------------------------------------------------------------ the way of a sheet


@signed_in
@require_POST
def submit(request: SignedIn, sheet_id: int) -> HttpResponse:
    """送复核"""
    try:
        services.submit_sheet(actor=request.actor, sheet_id=sheet_id, edit=_edit_of(request))
        messages.success(request, "已送复核。复核人会在首页看到这张表。")
    except DomainError as refusal:
        say(request, refusal)
        if refusal.code == "edited_meanwhile":
            return to_sheet(request, sheet_id, since=_edit_of(request))
    return to_sheet(request, sheet_id)


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
            return to_sheet(request, sheet.pk)
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            messages.error(request, str(refusal))
            stale = f"?since={_edit_of(request)}" if refusal.code == "edited_meanwhile" else ""
            return redirect(reverse("confirm-sheet", args=[sheet.pk]) + stale)
    context = {
        "sheet": sheet,
        "parts": grid.confirmation(request.actor, sheet),
        "unready": queries.unready(sheet),
        "submitted_by": queries.names_of([sheet.submitted_by_number]).get(sheet.submitted_by_number or 0, ""),
        "form": ReasonForm(),
        "title": roster.title_of(sheet),
        **_seen(request, sheet),
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
        say(request, refusal)
    return to_sheet(request, sheet_id)
