"""考评条目页 Adding, changing, removing, correcting a line; telling on paper; the member's statement."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pioneer.accounts.policies import Act, Actor, may
from pioneer.assessments import grid, lines, queries, roster
from pioneer.assessments.queries import Line, Sheet
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.rulebook.queries import current_rulebook, engine_for
from pioneer.rulebook.supplement_queries import rules_for
from pioneer.scoring import Rulebook
from pioneer.web.assessment_claims import overtaken
from pioneer.web.assessments import in_row, kept, to_sheet
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.assessments import CorrectionForm, EditForm, LineForm, NoticeForm, ReasonForm, StatementForm
from pioneer.web.forms.comparing import of_line
from pioneer.web.forms.trying import status_of, tried


@signed_in
def new_line(request: SignedIn, sheet_id: int) -> HttpResponse:
    """加一条 For one member or several."""
    sheet = queries.get_sheet(request.actor, sheet_id)
    if not may(request.actor, Act.EVALUATE, sheet.branch):
        raise NotVisible
    people = [(entry.id, entry.name) for entry in roster.roster(sheet)]
    one = request.GET.get("member", "")
    chosen = [(number, name) for number, name in people if str(number) == one]
    form = LineForm(
        request.POST or None,
        book=_book(sheet, [number for number, _ in chosen or people]),
        people=chosen or people,
        claims=_claims_of(sheet, chosen),
        days=_days(sheet),
        initial={"members": [one] if chosen else [], "event_on": _days(sheet)[1]},
    )
    _apart(request, form, f"n{one}")
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        ids = [int(number) for number in said.pop("members")]
        done = tried(form, lambda: _enter(request.actor, sheet.pk, ids, said))
        if done is not None:
            messages.success(request, _entered(done))
            return to_sheet(request, sheet.pk, ids[0] if len(ids) == 1 else None)
    context = {"sheet": sheet, "form": form, "one": chosen[0][1] if chosen else "", "keep": kept(request)}
    answer = render(request, "assessments/line_form.html", context, status=status_of(request))
    return in_row(request, answer, chosen[0][0]) if chosen else answer


def _enter(actor: Actor, sheet_id: int, ids: list[int], said: dict[str, Any]) -> list[Line]:
    if len(ids) == 1:
        return [lines.enter_line(actor=actor, sheet_id=sheet_id, member_id=ids[0], **said)]
    said.pop("void_declaration_id", None)
    said.pop("words", None)
    return lines.enter_lines(actor=actor, sheet_id=sheet_id, member_ids=ids, **said)


def _entered(done: list[Line]) -> str:
    told = [line for line in done if queries.is_told(line)]
    untold = [line.member.name for line in told if line.told_at is None]
    said = f"已记下{len(done)}条。"
    if told and not untold:
        said += "已发消息告知本人。"
    if untold:
        said += f"{'、'.join(untold)}没有账号，请书面告知后登记回执。"
    return said


def _book(sheet: Sheet, member_ids: list[int]) -> Rulebook:
    """The rules of the sheet's day, with what the branches of these members added and held within the month."""
    last = roster.day_of(sheet)
    first = last.replace(year=sheet.year, month=sheet.month, day=1)
    branches = members.branches_during(member_ids, first, last)
    return rules_for(sheet.branch.district_number, branches, last, since=first)


def _days(sheet: Sheet) -> tuple[str, str]:
    last = roster.last_day(sheet.year, sheet.month)
    first = engine_for(sheet.branch.district_number).cycle_of(last).first_on
    return first.isoformat(), roster.day_of(sheet).isoformat()


def _claims_of(sheet: Sheet, chosen: list[tuple[int, str]]) -> list[tuple[int, str]]:
    if not chosen:
        return []
    found = queries.claims_for_voiding(sheet, chosen[0][0])
    return [(c.pk, f"{c.event_on.month}月{c.event_on.day}日　{c.matter[:24]}") for c in found]


@signed_in
def edit_line(request: SignedIn, line_id: int) -> HttpResponse:
    """改一条"""
    line = _editable(request.actor, line_id)
    context: dict[str, Any] = {"line": line, "edit": request.POST.get("edit", line.edit), "keep": kept(request)}
    form = EditForm(
        request.POST or None,
        book=current_rulebook(line.sheet.branch.district_number, line.event_on),
        people=[],
        days=_days(line.sheet),
        fixed=True,
        initial={
            "edit": line.edit,
            "event_on": line.event_on,
            "quantity": grid.written(line.quantity),
            "level": line.level,
            "multiplier": line.multiplier,
            "decided": grid.written(abs(line.value)) if line.decision else "",
            "ground": line.ground,
            "decision": line.decision,
            "words": line.words,
            "wording": line.wording,
            "event": line.event,
        },
    )
    _apart(request, form, f"e{line.pk}")
    if request.method == "POST" and form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if key != "request_key"}
        done, first = overtaken(form, lambda: _edit(request.actor, line.pk, said), "edited_meanwhile")
        if done is not None:
            messages.success(
                request, "已改好。" + ("已重新告知本人，申辩期重新计算。" if queries.is_told(done) else "")
            )
            return to_sheet(request, line.sheet_id, line.member_id)
        if first:
            context |= _overtaken(request.actor, line_id, said)
    answer = render(request, "assessments/line_edit.html", {**context, "form": form}, status=status_of(request))
    return in_row(request, answer, line.member_id)


def _edit(actor: Actor, line_id: int, said: dict[str, Any]) -> Line:
    return lines.edit_line(actor=actor, line_id=line_id, **said)


def _overtaken(actor: Actor, line_id: int, said: dict[str, Any]) -> dict[str, Any]:
    """How the line stands by now, beside what was typed; to save that one goes on from the line's newest edit."""
    now = queries.get_line(actor, line_id)
    by = queries.names_of([now.entered_by_number]).get(now.entered_by_number or 0, "另一位同志")
    return {"line": now, "edit": now.edit, "compared": of_line(now, said), "by": by}


def _apart(request: SignedIn, form: Form, name: str) -> None:
    """Several rows may have a form open: no two fields of one page have the same name for the eye or the ear."""
    if request.htmx:
        form.auto_id = f"{name}-%s"


def _editable(actor: Actor, line_id: int) -> Line:
    line = queries.get_line(actor, line_id)
    if not may(actor, Act.EVALUATE, line.sheet.branch):
        raise NotVisible
    return line


@signed_in
def remove_line(request: SignedIn, line_id: int) -> HttpResponse:
    """撤下一条"""
    line = _editable(request.actor, line_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: lines.remove_line(actor=request.actor, line_id=line.pk, **form.cleaned_data))
        if done is not None:
            messages.success(request, "已撤下这一条。")
            return to_sheet(request, line.sheet_id, line.member_id)
    context = {
        "line": line,
        "form": form,
        "title": "撤下这一条",
        "act": "撤下",
        "warning": "撤下后不再计分，记录保留。",
    }
    return _act(request, line, form, context)


def _act(request: SignedIn, line: Line, form: Form, context: dict[str, Any]) -> HttpResponse:
    _apart(request, form, f"a{line.pk}")
    context |= {"keep": kept(request)}
    return in_row(
        request, render(request, "assessments/line_act.html", context, status=status_of(request)), line.member_id
    )


@signed_in
def paper_notice(request: SignedIn, line_id: int) -> HttpResponse:
    """登记书面告知"""
    line = _editable(request.actor, line_id)
    entered_on = line.created_at.astimezone(clock.SHANGHAI).date()
    form = NoticeForm(request.POST or None, days=(entered_on.isoformat(), clock.today().isoformat()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = tried(
            form,
            lambda: lines.record_paper_notice(
                actor=request.actor,
                line_id=line.pk,
                told_on=said["told_on"],
                receipt=said["how"] == "receipt",
                witnesses=[said["first"], said["second"]],
            ),
        )
        if done is not None:
            messages.success(request, "已登记书面告知。")
            return to_sheet(request, line.sheet_id, line.member_id)
    context = {"line": line, "form": form, "title": "登记书面告知", "act": "登记", "warning": ""}
    return _act(request, line, form, context)


@signed_in
def statement(request: SignedIn, line_id: int) -> HttpResponse:
    """说明 The member's own; or what it wrote on paper, entered by the branch."""
    line = queries.get_line(request.actor, line_id)
    is_own = line.member.user_id == request.actor.number
    if not is_own and not may(request.actor, Act.EVALUATE, line.sheet.branch):
        raise NotVisible
    form = StatementForm(request.POST or None, initial={"statement": line.statement})
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: lines.answer_line(actor=request.actor, line_id=line.pk, by_proxy=not is_own, **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, "说明已交给支部，和这一条放在一起，复核人会看到。")
            return redirect("statement", line.pk) if is_own else to_sheet(request, line.sheet_id, line.member_id)
    context = {
        "line": line,
        "form": form,
        "keep": kept(request),
        "is_own": is_own,
        "effect": queries.effect(line),
        "until": queries.answer_by(line),
        "may_answer": queries.may_be_answered(line),
        "name": grid.name_of(line),
    }
    _apart(request, form, f"s{line.pk}")
    answer = render(request, "assessments/statement.html", context, status=status_of(request))
    return answer if is_own else in_row(request, answer, line.member_id)


@signed_in
def new_correction(request: SignedIn, sheet_id: int) -> HttpResponse:
    """冲正 Choose the line of an earlier sheet, then say what was wrong."""
    sheet = queries.get_sheet(request.actor, sheet_id)
    if not may(request.actor, Act.EVALUATE, sheet.branch):
        raise NotVisible
    text = request.GET.get("line", "")
    if not text:
        context = {"sheet": sheet, "lines": queries.correctable(sheet, request.GET.get("member", ""))}
        return render(request, "assessments/correction_choose.html", context)
    if not text.isdecimal() or len(text) > 17:
        raise NotVisible
    line = queries.get_line(request.actor, int(text))
    branches = members.branches_during([line.member_id], line.event_on, line.event_on)
    book = rules_for(sheet.branch.district_number, branches, line.event_on)
    form = CorrectionForm(request.POST or None, book=book)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: lines.enter_correction(
                actor=request.actor, sheet_id=sheet.pk, line_id=line.pk, **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, "已登记冲正。" + ("已告知本人。" if done.told_at else ""))
            return to_sheet(request, sheet.pk, line.member_id)
    context = {"sheet": sheet, "line": line, "form": form, "name": grid.name_of(line)}
    return render(request, "assessments/correction.html", context, status=status_of(request))
