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
from pioneer.ledger.public_page import has_ended, is_standing
from pioneer.papers.notice import passes_on, picture_parts
from pioneer.publicity import (
    lateness,
    notice,
    objection_queries,
    objections,
    proof_queries,
    queries,
    revising,
    services,
)
from pioneer.publicity.due_days import Months
from pioneer.publicity.printing import shown_of
from pioneer.publicity.queries import Objection, Publication
from pioneer.rulebook.queries import current_rulebook
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.publicity import (
    ObjectForm,
)
from pioneer.web.forms.trying import tried
from pioneer.web.todo import Todo

PER_PAGE = 30


def sees_publications(actor: Actor) -> bool:
    """可否看公示办理页"""
    return bool(paths(actor, Act.SEE_SHEET))


def todo(actor: Actor) -> list[Todo]:
    """待办 Sheets to show, objections to answer, notices to close."""
    found, months = [], Months()
    for late in lateness.late_of(actor):
        if late.step in (lateness.Step.SUBMIT, lateness.Step.CONFIRM):
            text = f"{late.month}逾期{late.days_late}天未{lateness.Step(late.step).label}"
            found.append(Todo(text, 1, reverse("sheet", args=[late.sheet.pk]), late.due_on, urgent=True))
    for sheet in queries.unpublished_sheets(actor):
        if last_day(sheet.year, sheet.month) < clock.today():
            text = f"{sheet.branch.name}{sheet.month}月考评表待公示"
            days = None if sheet.sequence else months.of(sheet.branch.district_number, sheet.year, sheet.month)
            found.append(Todo(text, 1, reverse("publications"), days.published if days else None, urgent=True))
    for row in objection_queries.to_answer(actor):
        township = row.state == Objection.State.TOWNSHIP
        text = "异议待最终答复" if township else "异议待答复"
        due = day_before(row.due_at)
        url = reverse("objection", args=[row.pk])
        found.append(Todo(text, 1, url, due, urgent=True, note=row.publication.sheet.branch.name))
    for one in revising.to_revise(actor):
        url, where = reverse("publication", args=[one.pk]), one.sheet.branch.name
        found.append(Todo("异议成立，待更正并再次公示", 1, url, urgent=True, note=where))
    for one in proof_queries.to_prove(actor):
        url, where = reverse("publication", args=[one.pk]), one.sheet.branch.name
        found.append(Todo(f"{one.sheet.month}月公示待上传公示栏照片", 1, url, day_before(one.closes_at), note=where))
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
    branch, changes = found.sheet.branch, objection_queries.to_carry_out_on(found)
    shown = notice.notice_of(found)
    on_paper = shown_of(found, "", shown)
    path = reverse("notice", args=[found.token])
    page = {
        "publication": found,
        "may_pass_on": is_standing(found),
        "notice": shown,
        "revisions": queries.revisions_of(found),
        "objections": [(row, _may_open(actor, row)) for row in objection_queries.objections_of(found.sheet)],
        "hindrances": objection_queries.standing_in_the_way(found.sheet),
        "changes": changes,
        "posting": ledger.posting_of(found.pk),
        "is_over": clock.now() >= found.closes_at,
        "figures_moved": queries.figures_moved(found),
        "may_publish": may(actor, Act.PUBLISH, branch),
        "may_revise": revising.may_carry_out(actor, branch, changes),
        "may_post": may(actor, Act.POST, branch),
        "address": request.build_absolute_uri(path),
        "qr": qr(request, path),
        "proofs": proof_queries.by_channel(found),
        "pictures": range(1, len(picture_parts(on_paper)) + 1),
        "passes_on": passes_on(on_paper),
    }
    return render(request, "publicity/publication.html", page)


def _may_open(actor: Actor, row: Objection) -> bool:
    branch = row.publication.sheet.branch
    answers = may(actor, Act.ANSWER_OBJECTION, branch) or may(actor, Act.ANSWER_FINALLY, branch)
    return answers and must_step_aside(actor, objection_queries.member_of(row)) is None


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
