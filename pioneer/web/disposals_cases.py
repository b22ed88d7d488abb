"""组织处置案页 A case as a sequence of steps with the next one open; each step is one operation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Actor
from pioneer.conduct.queries import must_step_aside, relatives_of
from pioneer.disposals import appeals, case_steps, cases, grounds, order, papers, policies, queries, showing
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle
from pioneer.web.disposals import require_texts, voters
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.disposals import (
    AnnounceForm,
    AnswerForm,
    AppealAnswerForm,
    AppealForForm,
    AppealForm,
    DiscontinueForm,
    InvestigateForm,
    OpenForm,
    ReplyForForm,
    ReplyForm,
    RespondForm,
    TalkForm,
    VoteForm,
)
from pioneer.web.forms.trying import say_unshown, status_of, tried
from pioneer.web.papers import paper

CORRECTION, ADVICE, REMOVAL = "correction", "advice", "removal"


@dataclass(frozen=True, slots=True)
class Act:
    """一步怎么办 Its form and its operation."""

    form: type[forms.Form]
    operation: Callable[..., Any]


ACTS = {
    "prior_filed": Act(AnswerForm, case_steps.answer_prior_filing),
    "investigated": Act(InvestigateForm, case_steps.record_investigation),
    "talked": Act(TalkForm, case_steps.record_talk),
    "reviewed": Act(AnswerForm, case_steps.review_case),
    "reviewed_above": Act(AnswerForm, case_steps.review_case_above),
    "voted": Act(VoteForm, case_steps.record_vote),
    "approved": Act(AnswerForm, case_steps.approve_case),
    "approved_above": Act(AnswerForm, case_steps.approve_case_above),
    "announced": Act(AnnounceForm, case_steps.announce_case),
    "responded": Act(RespondForm, case_steps.record_response),
    "appealed": Act(AppealForm, appeals.appeal_case),
    "appeal_answered": Act(AppealAnswerForm, appeals.answer_appeal),
}


# ------------------------------------------------------------------ opening


@signed_in
def open_case(request: SignedIn, member_id: int) -> HttpResponse:
    """提出组织处置"""
    actor = request.actor
    member = members.get_visible(actor, member_id)
    branch = members.branch_on(member, clock.today())
    if branch is None:
        raise NotVisible
    policies.require_at(actor, "branch", branch)
    policies.require_not_aside(must_step_aside(actor, member))
    kinds = [(CORRECTION, "限期改正"), (ADVICE, "劝其退党")]
    if queries.refused_advice(member) is not None:
        kinds = [(REMOVAL, "除名（劝其退党，本人坚持不退）")]
    form = OpenForm(request.POST or None, kinds=kinds, initial={"kind": kinds[0][0]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: cases.open_case(actor=actor, member_id=member_id, **given))
        if made is not None:
            messages.success(request, "已提出并报预审，本人已被告知。")
            return redirect("disposal-case", made.pk)
    found = next(iter(grounds.unbroken([member])), None)
    questions = []
    if found is not None:
        cycle = Cycle(found.latest.first_on, found.latest.last_on)
        asked = grounds.exemption_questions(member, cycle)
        questions = [f"{cycle_text(cycle)}：{grounds.question_text(member, one)}" for one in asked]
    context = {"form": form, "member": member, "branch": branch, "found": found, "questions": questions}
    return render(request, "disposals/open.html", context, status=status_of(request))


# ------------------------------------------------------------------ the case


@signed_in
@require_safe
def case(request: SignedIn, case_id: int) -> HttpResponse:
    """一件组织处置"""
    return _page(request, queries.case_for(request.actor, case_id))


def _page(request: SignedIn, found: Any, bound: forms.Form | None = None, at: str = "") -> HttpResponse:
    actor = request.actor
    own = policies.is_self(actor, found.member)
    reads = own or policies.reads_texts(actor, found.branch)
    aside = None if own else must_step_aside(actor, found.member)
    steps = showing.steps_of(found, with_texts=reads, in_full=reads and not own)
    offered = _offered(actor, found, own, steps) if aside is None else {}
    if bound is not None and at in offered:
        offered[at] = bound
    say_unshown(request, bound, offered.values())
    rows = [(step, offered.get(step.kind) if step.state == "now" else None) for step in steps]
    announced = next((step for step in steps if step.kind == "announced" and step.state == "done"), None)
    context = {
        "case": found,
        "what": papers.what_of(found),
        "own": own,
        "reads": reads,
        "rows": rows,
        "grounds": [grounds.ground_text(one.former) for one in found.grounds.select_related("former")],
        "reply": offered.get("reply"),
        "discontinue": offered.get("discontinue"),
        "aside": aside if reads else None,
        "papers": papers.CASE_PAPERS if reads else (),
        "correct_until": queries.correction_ends(found, announced.on) if announced and announced.on else None,
        "appeal_until": queries.appeal_ends(found) if found.state == "in_effect" else None,
        "roster": _roster(found, steps) if reads and not own else None,
        "barred": order.BARRED_YEARS,
        "handles": policies.may_at(actor, "branch", found.branch),
        "refused": found.kind == ADVICE and any(s.kind == "responded" and s.outcome == "不接受劝告" for s in steps),
    }
    return render(request, "disposals/case.html", context, status=422 if bound is not None else 200)


def _offered(actor: Actor, found: Any, own: bool, steps: list[showing.Shown]) -> dict[str, forms.Form]:
    offered: dict[str, forms.Form] = {}
    for step in steps:
        if step.state == "now" and _may_take(actor, found, own, step.kind):
            offered[step.kind] = _form(step.kind, found, own)
    done = [step for step in steps if step.state == "done"]
    if found.state == "open" and done[-1].reply is None and (own or policies.may_at(actor, "branch", found.branch)):
        kind = ReplyForm if own else ReplyForForm
        offered["reply"] = kind(initial={"step": done[-1].number}, auto_id="reply_%s")
    if found.state == "open" and not own and policies.may_lead(actor, found.branch):
        offered["discontinue"] = DiscontinueForm(auto_id="end_%s")
    return offered


def _may_take(actor: Actor, found: Any, own: bool, kind: str) -> bool:
    if kind == "appealed":
        return own or policies.may_lead(actor, found.branch)
    return not own and policies.may_at(actor, order.DESK[kind], found.branch)


def _form(kind: str, found: Any, own: bool, given: Any = None) -> forms.Form:
    name = f"{kind}_%s"
    if kind == "talked":
        kin = relatives_of(found.member_id)
        here = queries.full_members(found.branch, clock.today())
        people = [(row.id, row.name) for row in here if row.id != found.member_id and row.id not in kin]
        return TalkForm(given, people=people, auto_id=name)
    if kind == "voted":
        return VoteForm(given, **voters(found.branch), auto_id=name)
    form = AppealForForm if kind == "appealed" and not own else ACTS[kind].form
    return form(given, auto_id=name)


def _roster(found: Any, steps: list[showing.Shown]) -> str | None:
    """What a person now enters in the roster; nothing is written by itself."""
    if found.state != "in_effect":
        return None
    number = next(
        (text for step in steps if step.kind == "approved_above" for label, text in step.facts if label == "文号"), ""
    )
    if found.kind == REMOVAL:
        return f"请在花名册登记：状态“已除名”，文号“{number}”，日期为批准的一天。"
    if found.kind == ADVICE and any(step.outcome == "接受劝告" for step in steps):
        return f"请在花名册登记：状态“已退党”，文号“{number}”，日期为本人答复的一天。"
    return None


# ------------------------------------------------------------------ acts


@require_POST
@signed_in
def take_step(request: SignedIn, case_id: int, kind: str) -> HttpResponse:
    """办一步"""
    found = queries.case_for(request.actor, case_id)
    if kind not in ACTS:
        raise NotVisible
    own = policies.is_self(request.actor, found.member)
    form = _form(kind, found, own, request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        if kind == "talked":
            given["talkers"] = [given.pop("first"), given.pop("second")]
        act = ACTS[kind].operation
        if tried(form, lambda: act(actor=request.actor, case_id=case_id, **given)) is not None:
            messages.success(request, "这一步已记下，本人已被告知。" if not own else "申诉已提交，由上级答复。")
            return redirect("disposal-case", case_id)
    return _page(request, queries.case_for(request.actor, case_id), form, kind)


@require_POST
@signed_in
def reply(request: SignedIn, case_id: int) -> HttpResponse:
    """本人意见"""
    found = queries.case_for(request.actor, case_id)
    kind = ReplyForm if policies.is_self(request.actor, found.member) else ReplyForForm
    form = kind(request.POST, auto_id="reply_%s")
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: cases.reply_to_step(actor=request.actor, case_id=case_id, **given)) is not None:
            messages.success(request, "意见已记下，与这一步放在一起。")
            return redirect("disposal-case", case_id)
    return _page(request, found, form, "reply")


@require_POST
@signed_in
def discontinue(request: SignedIn, case_id: int) -> HttpResponse:
    """终止"""
    found = queries.case_for(request.actor, case_id)
    form = DiscontinueForm(request.POST, auto_id="end_%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        made = tried(form, lambda: cases.discontinue_case(actor=request.actor, case_id=case_id, reason=reason))
        if made is not None:
            messages.success(request, "处置已终止，本人已被告知。")
            return redirect("disposal-case", case_id)
    return _page(request, found, form, "discontinue")


@signed_in
@require_safe
def case_paper(request: SignedIn, case_id: int, kind: str) -> HttpResponse:
    """下载一份处置文书"""
    found = queries.case_for(request.actor, case_id)
    require_texts(request.actor, found)
    try:
        content = papers.case_pdf(found, kind)
    except LookupError as missing:
        raise NotVisible(f"{missing}，请回到这件处置的页面重新选择。") from None
    title = next(one.title for one in papers.CASE_PAPERS if one.kind == kind)
    return paper(content, f"{title}-{found.pk}")
