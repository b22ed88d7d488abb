"""异议页 Finding one's objection again, going on to the township; for the branch, entering one on paper, answering."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from pioneer.accounts.policies import VISITOR, Act, may
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.publicity import notice, objection_queries, objections, queries
from pioneer.publicity.queries import Objection, Publication
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.publicity import AnswerForm, EscalateForm, PaperObjectForm, ReceiptForm, ReviewObjectForm
from pioneer.web.forms.trying import show_refusal, tried
from pioneer.web.publicity import day_before, quiet


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
        return objection_queries.by_receipt(form.cleaned_data["receipt"])
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


@never_cache
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """异议回执 What became of it; within days of the branch's answer it can go on to the township."""
    row = objection_queries.by_receipt(receipt)
    form = EscalateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]  # the receipt is enough: who holds it is not asked, and not written down
        if tried(form, lambda: objections.escalate_objection(actor=VISITOR, receipt=row.receipt, why=why)) is not None:
            return redirect("receipt", row.receipt)
    return quiet(render(request, "publicity/receipt.html", {**course(row), "form": form, "is_objector": True}))


def course(row: Objection) -> dict[str, Any]:
    """一条异议的经过 What the page of an objection needs, without any name."""
    can_escalate = (
        row.state in objection_queries.ANSWERED and row.escalate_until is not None and clock.now() < row.escalate_until
    )
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
    row = objection_queries.concerning(request.actor).filter(pk=objection_id).first()
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
    review = objection_queries.review_for(request.actor, review_id)
    form = ReviewObjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        made = tried(form, lambda: objections.object_to_review(actor=request.actor, review_id=review.pk, **fields))
        if made is not None:
            return redirect("receipt", made.receipt)
    return render(request, "publicity/object_review.html", {"form": form, "review": review})


# ------------------------------------------------------------------ for the branch


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
        for one in objection_queries.reviews_open_to_paper(found)
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


@signed_in
def objection(request: SignedIn, objection_id: int) -> HttpResponse:
    """一条异议 With the objector's name where one was given, for who answers; and the form of the answer."""
    actor = request.actor
    row = objection_queries.get_objection(actor, objection_id)
    branch = row.publication.sheet.branch
    final = row.state == Objection.State.TOWNSHIP
    act = Act.ANSWER_FINALLY if final else Act.ANSWER_OBJECTION
    may_answer = row.state in objection_queries.WAITING and may(actor, act, branch)
    form = AnswerForm(request.POST or None, about_claim=row.review_id is not None) if may_answer else None
    if form is not None and request.method == "POST" and form.is_valid():
        answer = objections.answer_finally if final else objections.answer_objection
        if tried(form, lambda: answer(actor=actor, objection_id=row.pk, **form.ruling)) is not None:
            messages.success(request, "已答复。异议人凭回执号、当事人在消息里都能看到。")
            return redirect("objection", row.pk)
    page = {**course(row), "form": form, "is_final": final, "shows_name": True}
    page["member"] = objection_queries.member_of(row)
    return render(request, "publicity/objection.html", page)
