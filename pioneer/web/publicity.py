"""公示页 The public notice and its objections; for branch and township, what is to be shown, answered, closed."""

from datetime import date, datetime, timedelta
from typing import Any

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import VISITOR, Act, Actor, may, paths
from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.ledger import queries as ledger
from pioneer.publicity import notice, objections, queries, revising, services
from pioneer.publicity.queries import Objection, Publication
from pioneer.rulebook.queries import current_rulebook
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.publicity import (
    AnswerForm,
    EscalateForm,
    ObjectForm,
    PaperObjectForm,
    ReceiptForm,
    ReviewObjectForm,
)
from pioneer.web.forms.trying import show_refusal, tried
from pioneer.web.todo import Todo

PER_PAGE = 30


def sees_publications(actor: Actor) -> bool:
    """可否看公示办理页"""
    return bool(paths(actor, Act.SEE_SHEET))


def todo(actor: Actor) -> list[Todo]:
    """待办 Sheets to show, objections to answer, notices to close."""
    found = []
    for sheet in queries.unpublished_sheets(actor):
        if last_day(sheet.year, sheet.month) < clock.today():
            text = f"{sheet.branch.name}{sheet.month}月考评表待公示"
            found.append(Todo(text, 1, reverse("publications"), urgent=True))
    for row in queries.to_answer(actor):
        township = row.state == Objection.State.TOWNSHIP
        text = "异议待最终答复" if township else "异议待答复"
        due = day_before(row.due_at)
        url = reverse("objection", args=[row.pk])
        found.append(Todo(text, 1, url, due, urgent=True, note=row.publication.sheet.branch.name))
    for one in revising.to_revise(actor):
        url, where = reverse("publication", args=[one.pk]), one.sheet.branch.name
        found.append(Todo("异议成立，待更正并再次公示", 1, url, urgent=True, note=where))
    ready = queries.ready_to_close(actor)
    if ready:
        found.append(Todo("公示期满，可以办结", len(ready), reverse("publications")))
    return found


def last_day(year: int, month: int) -> date:
    """月末"""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def day_before(moment: datetime) -> date:
    """期限的最后一天 A limit ends at 24:00 of it."""
    return moment.astimezone(clock.SHANGHAI).date() - timedelta(days=1)


def qr(request: HttpRequest, path: str) -> SafeString:
    """二维码 To the absolute address, as SVG in the page."""
    code = segno.make(request.build_absolute_uri(path), error="m")
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title="公示页二维码")
    return mark_safe(drawn)  # noqa: S308


# ------------------------------------------------------------------ the public page


@never_cache
def public(request: HttpRequest, token: str) -> HttpResponse:
    """公示页 Without sign-in, found by its address; ends some days after posting and leaves the fingerprint."""
    publication = queries.by_token(token)
    if publication.token != token:
        return redirect("notice", publication.token)
    posting = ledger.posting_of(publication.pk)
    page = {"publication": publication, "posting": posting, "heading": publication.heading}
    if posting is not None and has_ended(publication, posting.posted_at):
        page["fingerprint"] = publication.digest
        return quiet(render(request, "publicity/ended.html", page))
    shown = notice.notice_of(publication)
    path = reverse("notice", args=[publication.token])
    page |= {"notice": shown, "qr": qr(request, path), "address": request.build_absolute_uri(path)}
    page["window"] = current_rulebook(publication.sheet.branch.district_number, opened_on(publication)).procedure
    return quiet(render(request, "publicity/notice.html", page))


def opened_on(publication: Publication) -> date:
    """公示日"""
    return publication.published_at.astimezone(clock.SHANGHAI).date()


def has_ended(publication: Publication, posted_at: datetime) -> bool:
    """是否已到期"""
    on = posted_at.astimezone(clock.SHANGHAI).date()
    keep = current_rulebook(publication.sheet.branch.district_number, on).procedure.public_page
    return clock.today() > on + timedelta(days=keep.value)


def is_standing(publication: Publication) -> bool:
    """公示页是否还在 The one that its address leads to: of the latest revision. A constant number of queries."""
    latest = queries.by_token(publication.token)
    posting = ledger.posting_of(latest.pk)
    return posting is None or not has_ended(latest, posting.posted_at)


def quiet(response: HttpResponse) -> HttpResponse:
    """不被收录 No search engine keeps the page, and its address goes nowhere else."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"  # "no-referrer" would hide the origin of the objection's own form
    return response


@never_cache
def object_to(request: HttpRequest, token: str, line_id: int) -> HttpResponse:
    """提异议 One line, one form; answers with a receipt number."""
    publication = queries.by_token(token)
    posting = ledger.posting_of(publication.pk)
    if posting is not None and has_ended(publication, posting.posted_at):
        raise NotVisible
    shown = notice.notice_of(publication)
    found = [(row.person, line) for row in shown.rows for line in row.lines if line.line.line_id == line_id]
    if not found:
        raise NotVisible("公示上没有这一条，请回到公示页重新选择。")
    person, line = found[0]
    if not line.can_object:
        raise DomainError(
            "window_over", "这一条的公示期已过，不再收异议。发现错误可以告诉党支部，由支部在下一张考评表上冲正。"
        )
    form = ObjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        actor: Any = (getattr(request, "actor", None) if fields["name"].strip() else None) or VISITOR
        made = tried(form, lambda: objections.object_to_line(actor=actor, token=token, line_id=line_id, **fields))
        if made is not None:
            return redirect("receipt", made.receipt)
    page = {"form": form, "publication": publication, "person": person, "line": line, "notice": shown}
    return quiet(render(request, "publicity/object.html", page))


@never_cache
def receipts(request: HttpRequest) -> HttpResponse:
    """查异议 By the number on the receipt."""
    form = ReceiptForm(request.GET or None)
    if form.is_bound and form.is_valid():
        found = tried_receipt(form)
        if found is not None:
            return redirect("receipt", found.receipt)
    return quiet(render(request, "publicity/receipts.html", {"form": form}))


def tried_receipt(form: ReceiptForm) -> Objection | None:
    """按回执号查 None with the sentence in the form where there is none."""
    try:
        return queries.by_receipt(form.cleaned_data["receipt"])
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


@never_cache
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """异议回执 What became of it; within days of the branch's answer it can go on to the township."""
    row = queries.by_receipt(receipt)
    form = EscalateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]  # the receipt is enough: who holds it is not asked, and not written down
        if tried(form, lambda: objections.escalate_objection(actor=VISITOR, receipt=row.receipt, why=why)) is not None:
            return redirect("receipt", row.receipt)
    return quiet(render(request, "publicity/receipt.html", {**course(row), "form": form, "is_objector": True}))


def course(row: Objection) -> dict[str, Any]:
    """一条异议的经过 What the page of an objection needs, without any name."""
    can_escalate = row.state in queries.ANSWERED and row.escalate_until is not None and clock.now() < row.escalate_until
    return {
        "row": row,
        "wording": row.line.wording if row.line else "不予认可的申报",
        "due": day_before(row.due_at),
        "until": day_before(row.escalate_until) if row.escalate_until else None,
        "can_escalate": can_escalate,
        "branch": row.publication.sheet.branch,
    }


# ------------------------------------------------------------------ for the member concerned


@signed_in
def concerning(request: SignedIn, objection_id: int) -> HttpResponse:
    """涉及我的异议 What was said and answered, never by whom; the member may go to the township, too."""
    row = queries.concerning(request.actor).filter(pk=objection_id).first()
    if row is None:
        raise NotVisible
    form = EscalateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        done = tried(form, lambda: objections.escalate_objection(actor=request.actor, receipt=row.receipt, why=why))
        if done is not None:
            messages.success(request, "已提请乡镇（街道）答复。")
            return redirect("objection-concerning", row.pk)
    return render(request, "publicity/receipt.html", {**course(row), "form": form, "is_objector": False})


@signed_in
def object_to_review(request: SignedIn, review_id: int) -> HttpResponse:
    """对不予认可提出异议"""
    review = queries.review_for(request.actor, review_id)
    form = ReviewObjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        made = tried(form, lambda: objections.object_to_review(actor=request.actor, review_id=review.pk, **fields))
        if made is not None:
            return redirect("receipt", made.receipt)
    return render(request, "publicity/object_review.html", {"form": form, "review": review})


# ------------------------------------------------------------------ for the branch


@signed_in
def publications(request: SignedIn) -> HttpResponse:
    """公示 What is to be shown, what is being shown, what to close and post, what has been."""
    actor = request.actor
    if not sees_publications(actor):
        raise NotVisible
    sheets = [(sheet, last_day(sheet.year, sheet.month) < clock.today()) for sheet in queries.unpublished_sheets(actor)]
    running = [(one, day_before(one.closes_at), one.closes_at <= clock.now()) for one in queries.running(actor)]
    past = Paginator(queries.closed(actor), PER_PAGE).get_page(request.GET.get("page"))
    posted = ledger.posted_at([one.pk for one in past.object_list])
    page = {
        "sheets": sheets,
        "running": running,
        "page": past,
        "past": [(one, posted.get(one.pk)) for one in past.object_list],
        "may_publish": bool(paths(actor, Act.PUBLISH)),
    }
    return render(request, "publicity/publications.html", page)


@signed_in
@require_POST
def publish(request: SignedIn, sheet_id: int) -> HttpResponse:
    """公示一张考评表"""
    made = services.publish_sheet(actor=request.actor, sheet_id=sheet_id)
    last = day_before(made.closes_at)
    messages.success(
        request, f"已公示，公示期到{last.month}月{last.day}日24时。请打印张贴，并把链接发到党员群、居民群。"
    )
    return redirect("publication", made.pk)


@signed_in
def publication(request: SignedIn, publication_id: int) -> HttpResponse:
    """一次公示的办理 Its window, its objections, what stands in the way, the next step."""
    actor = request.actor
    found = queries.get_publication(actor, publication_id)
    branch, changes = found.sheet.branch, queries.to_carry_out_on(found)
    path = reverse("notice", args=[found.token])
    page = {
        "publication": found,
        "may_pass_on": is_standing(found),
        "notice": notice.notice_of(found),
        "revisions": queries.revisions_of(found),
        "objections": [(row, _may_open(actor, row)) for row in queries.objections_of(found.sheet)],
        "hindrances": queries.standing_in_the_way(found.sheet),
        "changes": changes,
        "posting": ledger.posting_of(found.pk),
        "is_over": clock.now() >= found.closes_at,
        "figures_moved": queries.figures_moved(found),
        "may_publish": may(actor, Act.PUBLISH, branch),
        "may_revise": revising.may_carry_out(actor, branch, changes),
        "may_post": may(actor, Act.POST, branch),
        "address": request.build_absolute_uri(path),
        "qr": qr(request, path),
    }
    return render(request, "publicity/publication.html", page)


def _may_open(actor: Actor, row: Objection) -> bool:
    branch = row.publication.sheet.branch
    answers = may(actor, Act.ANSWER_OBJECTION, branch) or may(actor, Act.ANSWER_FINALLY, branch)
    return answers and must_step_aside(actor, queries.member_of(row)) is None


@signed_in
@require_POST
def revise(request: SignedIn, sheet_id: int) -> HttpResponse:
    """再次公示"""
    made = services.publish_revision(actor=request.actor, sheet_id=sheet_id)
    messages.success(request, f"已按成立的异议更正，并第{made.revision}次公示。改动的条目重新起算公示期。")
    return redirect("publication", made.pk)


@signed_in
@require_POST
def close(request: SignedIn, publication_id: int) -> HttpResponse:
    """结束公示"""
    made = services.close_publication(actor=request.actor, publication_id=publication_id)
    messages.success(request, "公示已结束，现在可以入账。")
    return redirect("publication", made.pk)


@signed_in
@require_POST
def refresh(request: SignedIn, sheet_id: int) -> HttpResponse:
    """数字变动再公示"""
    made = services.refresh_publication(actor=request.actor, sheet_id=sheet_id)
    messages.success(request, f"已第{made.revision}次公示，变动的条目重新起算公示期。")
    return redirect("publication", made.pk)


@signed_in
def paper_objection(request: SignedIn, publication_id: int) -> HttpResponse:
    """登记书面异议 For who came in person or handed in a form."""
    found = queries.get_publication(request.actor, publication_id)
    shown = notice.notice_of(found)
    choices = [
        (
            f"line-{line.line.line_id}",
            f"{row.person.name}　{line.line.wording}（{line.line.event_on.month}月{line.line.event_on.day}日）",
        )
        for row in shown.rows
        for line in row.lines
        if line.can_object
    ]
    choices += [
        (f"review-{one.pk}", f"{one.declaration.member.name}　未获认可的申报：{one.declaration.matter[:24]}")
        for one in queries.reviews_open_to_paper(found)
    ]
    if not choices:
        raise DomainError("window_over", "公示期已过，不再收异议。")
    form = PaperObjectForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _enter_paper(request, found, dict(form.cleaned_data)))
        if made is not None:
            messages.success(request, f"已登记，回执号{made.receipt}。请抄给异议人，凭它可以查答复。")
            return redirect("publication", found.pk)
    return render(request, "publicity/paper.html", {"form": form, "publication": found})


def _enter_paper(request: SignedIn, found: Publication, fields: dict[str, Any]) -> Objection:
    """Against a line, by anybody; or against a claim not accepted, by the member whose claim it was."""
    kind, number = fields.pop("line").split("-")
    if kind == "line":
        return objections.object_to_line(
            actor=request.actor, token=found.token, line_id=int(number), on_paper=True, **fields
        )
    told = {name: fields[name] for name in ("text", "request_key")}
    return objections.object_to_review(actor=request.actor, review_id=int(number), on_paper=True, **told)


# ------------------------------------------------------------------ answering


@signed_in
def objection(request: SignedIn, objection_id: int) -> HttpResponse:
    """一条异议 With the objector's name where one was given, for who answers; and the form of the answer."""
    actor = request.actor
    row = queries.get_objection(actor, objection_id)
    branch = row.publication.sheet.branch
    final = row.state == Objection.State.TOWNSHIP
    act = Act.ANSWER_FINALLY if final else Act.ANSWER_OBJECTION
    may_answer = row.state in queries.WAITING and may(actor, act, branch)
    form = AnswerForm(request.POST or None, about_claim=row.review_id is not None) if may_answer else None
    if form is not None and request.method == "POST" and form.is_valid():
        answer = objections.answer_finally if final else objections.answer_objection
        if tried(form, lambda: answer(actor=actor, objection_id=row.pk, **form.ruling)) is not None:
            messages.success(request, "已答复。异议人凭回执号、当事人在消息里都能看到。")
            return redirect("objection", row.pk)
    page = {**course(row), "form": form, "is_final": final, "shows_name": True}
    page["member"] = queries.member_of(row)
    return render(request, "publicity/objection.html", page)
