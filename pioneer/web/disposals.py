"""组织处置页 What waits, what may be proposed, the finding "unqualified" with its steps, and a member's own."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Actor, Role, has_role
from pioneer.conduct.queries import must_step_aside
from pioneer.disposals import grounds, papers, policies, queries, services, showing
from pioneer.kernel import clock
from pioneer.kernel.errors import NotAllowed, NotVisible
from pioneer.members import queries as members
from pioneer.results.cycles import cycle_text
from pioneer.scoring import Cycle
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.disposals import (
    ApproveForm,
    ExemptionForm,
    FindingAnswerForm,
    FindingTakeDownForm,
    FindingVoteForm,
    ProposeForm,
    SendBackForm,
)
from pioneer.web.forms.trying import say_unshown, status_of, tried
from pioneer.web.papers import paper
from pioneer.web.todo import Todo

SHOWN = 60


def todo(actor: Actor) -> list[Todo]:
    """待办 What waits at this person's desk, and what the filed and announced results let its branch propose."""
    if not queries.scope(actor):
        return []
    found = [
        Todo(one.what, 1, address(one), due=one.due_on, urgent=True, note=one.branch)
        for one in queries.waiting_for(actor)
    ]
    proposable = len(queries.results_to_propose(actor))
    if proposable:
        note = "已通报的不合格等次，由支部决定是否提出认定"
        found.append(Todo("结果可提出不合格认定", proposable, reverse("disposals"), note=note))
    on_end = len(queries.members_to_propose(actor))
    if on_end:
        note = "已备案的结果连续不合格，由支部委员会决定是否提出"
        found.append(Todo("党员可提出组织处置", on_end, reverse("disposals"), note=note))
    return found


def address(one: queries.Waiting) -> str:
    """所在的页"""
    if one.case is not None:
        return reverse("disposal-case", args=[one.case.pk])
    assert one.finding is not None
    return reverse("unqualified", args=[one.finding.pk])


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """组织处置 What waits, what may be proposed, what is in hand, what is over."""
    actor = request.actor
    if not queries.scope(actor):
        raise NotAllowed("组织处置由支部的书记、副书记、委员和上级党组织办理，您目前没有这项任职。")
    cases = list(queries.cases_visible_to(actor)[:SHOWN])
    context = {
        "waiting": [(one, address(one)) for one in queries.waiting_for(actor)],
        "results": [
            (row, cycle_text(Cycle(row.settlement.first_on, row.settlement.last_on)))
            for row in queries.results_to_propose(actor)
        ],
        "on_end": queries.members_to_propose(actor),
        "open": [case for case in cases if case.state == "open"],
        "over": [case for case in cases if case.state != "open"],
        "findings": list(queries.findings_visible_to(actor)[:SHOWN]),
        "only_reads": has_role(actor, {Role.AUDITOR}),
        "today": clock.today(),
    }
    return render(request, "disposals/index.html", context)


@signed_in
@require_safe
def own(request: SignedIn) -> HttpResponse:
    """对我的认定和组织处置"""
    member = members.member_of(request.actor.number)
    if member is None:
        raise NotVisible
    found = queries.own_findings(request.actor.number)
    context = {
        "findings": [(one, cycle_text(Cycle(one.first_on, one.last_on))) for one in found],
        "cases": queries.own_cases(request.actor.number),
        "not_counted": queries.not_counted(member),
    }
    return render(request, "disposals/own.html", context)


# ------------------------------------------------------------------ proposing


@signed_in
def propose(request: SignedIn, result_id: int) -> HttpResponse:
    """提出不合格认定"""
    actor = request.actor
    result = queries.result_to_propose(actor, result_id)
    policies.require_not_aside(must_step_aside(actor, result.member))
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: services.propose_unqualified(actor=actor, result_id=result_id, **given))
        if made is not None:
            messages.success(request, "不合格认定已提出，本人已被告知。下一步：等本人答复。")
            return redirect("unqualified", made.pk)
    cycle = Cycle(result.settlement.first_on, result.settlement.last_on)
    asked = grounds.exemption_questions(result.member, cycle)
    context = {
        "form": form,
        "result": result,
        "cycle": cycle_text(cycle),
        "causes": grounds.causes_of(actor, result),
        "questions": [grounds.question_text(result.member, one) for one in asked],
    }
    return render(request, "disposals/propose.html", context, status=status_of(request))


@signed_in
def exemption(request: SignedIn, member_id: int) -> HttpResponse:
    """免评不适用"""
    actor = request.actor
    member = members.get_visible(actor, member_id)
    branch = members.branch_on(member, clock.today())
    if branch is None:
        raise NotVisible
    policies.require_propose(actor, branch)
    policies.require_not_aside(must_step_aside(actor, member))
    questions = {}
    for cycle, ground in queries.open_questions(actor, member):
        said = f"{cycle_text(cycle)}：{grounds.question_text(member, ground)}"
        questions[f"{cycle.first_on}/{cycle.last_on}/{ground.value}"] = said
    form = ExemptionForm(request.POST or None, questions=list(questions.items()))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        first, last, ground = given.pop("question").split("/")
        made = tried(
            form,
            lambda: services.answer_exemption(
                actor=actor,
                member_id=member_id,
                first_on=date.fromisoformat(first),
                last_on=date.fromisoformat(last),
                ground=ground,
                **given,
            ),
        )
        if made is not None:
            if queries.open_questions(actor, member):
                messages.success(request, "已记下，本人已被告知。还有一个免评问题，也请弄清。")
                return redirect("answer-exemption-question", member_id)
            messages.success(request, "已记下“免评不适用”，本人已被告知。现在可以提出。")
            return redirect("disposals")
    context = {"form": form, "member": member, "branch": branch, "any": bool(questions)}
    return render(request, "disposals/exemption.html", context, status=status_of(request))


# ------------------------------------------------------------------ the finding


@signed_in
@require_safe
def finding(request: SignedIn, finding_id: int) -> HttpResponse:
    """一项不合格认定 Its steps, and what this person may do now."""
    return _page(request, queries.finding_for(request.actor, finding_id))


def _page(request: SignedIn, found: Any, bound: forms.Form | None = None) -> HttpResponse:
    actor = request.actor
    own = policies.is_self(actor, found.member)
    reads = own or policies.reads_texts(actor, found.branch)
    aside = None if own else must_step_aside(actor, found.member)
    offered = _offered(actor, found, own) if aside is None else {}
    for name, form in offered.items():
        if type(form) is type(bound):
            offered[name] = bound
    say_unshown(request, bound, offered.values())
    context = {
        "finding": found,
        "cycle": cycle_text(Cycle(found.first_on, found.last_on)),
        "own": own,
        "reads": reads,
        "steps": showing.finding_steps(found, with_texts=reads, in_full=reads and not own),
        "offered": offered,
        "aside": aside if policies.reads_texts(actor, found.branch) else None,
        "papers": papers.FINDING_PAPERS if reads else (),
    }
    return render(request, "disposals/finding.html", context, status=422 if bound is not None else 200)


def voters(branch: Any) -> dict[str, Any]:
    """表决表单的党员 Those with a vote today, and the grounds by which one may not be counted."""
    people = [
        (row.id, f"{row.name}（{row.hint}）" if row.hint else row.name)
        for row in queries.full_members(branch, clock.today())
    ]
    return {"people": people, "grounds": queries.GROUNDS}


def _offered(actor: Actor, found: Any, own: bool) -> dict[str, forms.Form]:
    waits = found.state == "proposed" and found.statement_on is None and clock.today() <= found.answer_until
    here = policies.may_at(actor, "branch", found.branch)
    if own:
        return {"answer": FindingAnswerForm(auto_id="answer_%s")} if waits else {}
    offered: dict[str, forms.Form] = {}
    if waits and here and actor.number != found.proposed_by_number:
        offered["take_down"] = FindingTakeDownForm(auto_id="answer_%s")
    if here and queries.is_ripe(found):
        offered["vote"] = FindingVoteForm(auto_id="vote_%s", **voters(found.branch))
    if found.state == "adopted" and policies.can_decide(actor, found):
        offered |= {"approve": ApproveForm(auto_id="approve_%s"), "send_back": SendBackForm(auto_id="back_%s")}
    return offered


def _act(request: SignedIn, finding_id: int, form: forms.Form, act: Callable[..., Any], said: str) -> HttpResponse:
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: act(actor=request.actor, finding_id=finding_id, **given)) is not None:
            messages.success(request, said)
            return redirect("unqualified", finding_id)
    return _page(request, queries.finding_for(request.actor, finding_id), form)


@require_POST
@signed_in
def answer(request: SignedIn, finding_id: int) -> HttpResponse:
    """本人答复"""
    found = queries.finding_for(request.actor, finding_id)
    kind = FindingAnswerForm if policies.is_self(request.actor, found.member) else FindingTakeDownForm
    form = kind(request.POST, auto_id="answer_%s")
    return _act(request, finding_id, form, services.answer_unqualified, "答复已记下，交支部党员大会讨论。")


@require_POST
@signed_in
def vote(request: SignedIn, finding_id: int) -> HttpResponse:
    """大会表决"""
    found = queries.finding_for(request.actor, finding_id)
    form = FindingVoteForm(request.POST, auto_id="vote_%s", **voters(found.branch))
    return _act(request, finding_id, form, services.vote_unqualified, "表决已记下，本人已被告知。")


@require_POST
@signed_in
def approve(request: SignedIn, finding_id: int) -> HttpResponse:
    """批准"""
    form = ApproveForm(request.POST, auto_id="approve_%s")
    return _act(request, finding_id, form, services.approve_unqualified, "已批准，本人已被告知。")


@require_POST
@signed_in
def send_back(request: SignedIn, finding_id: int) -> HttpResponse:
    """退回"""
    form = SendBackForm(request.POST, auto_id="back_%s")
    return _act(request, finding_id, form, services.send_back_unqualified, "已退回支部，本人已被告知。")


@signed_in
@require_safe
def finding_paper(request: SignedIn, finding_id: int, kind: str) -> HttpResponse:
    """下载一份认定文书"""
    found = queries.finding_for(request.actor, finding_id)
    require_texts(request.actor, found)
    try:
        content = papers.finding_pdf(found, kind)
    except LookupError as missing:
        raise NotVisible(f"{missing}，请回到这项认定的页面重新选择。") from None
    title = next(one.title for one in papers.FINDING_PAPERS if one.kind == kind)
    return paper(content, f"{title}-{found.pk}")


def require_texts(actor: Actor, about: Any) -> None:
    """须可看文字 The auditor sees that and when, not what."""
    if not (policies.is_self(actor, about.member) or policies.reads_texts(actor, about.branch)):
        raise NotAllowed("文书写有个人的情况，只由支部、上级党组织和本人查看。")
