"""日常纪实页 Education records, reminders, relations, and zeroing cases with their steps."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, may, require
from pioneer.conduct import dues_queries, meeting_queries, policies, queries, services, zeroing, zeroing_papers
from pioneer.files.policies import LIMIT
from pioneer.filings.zeroed import filing_of
from pioneer.kernel import clock
from pioneer.members import queries as members
from pioneer.organisations.queries import in_tree_order
from pioneer.results.mark_queries import has_components
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.conduct import (
    AnswerForm,
    ApproveForm,
    BranchRelationForm,
    ProposeForm,
    RecordForm,
    RefuseForm,
    RelationForm,
    ReverseForm,
    TakeDownForm,
)
from pioneer.web.forms.trying import say_unshown, tried
from pioneer.web.todo import Todo

SHOWN = 36
KINDS = {"education": services.write_education_record, "reminder": services.write_reminder}


def todo(actor: Actor) -> list[Todo]:
    """待办 Zeroing cases to answer or to decide."""
    found = []
    for case in queries.zeroings_waiting_for(actor):
        url, due = reverse("zeroing", args=[case.pk]), None
        if policies.is_self(actor, case.member):
            due = (case.answer_until - timedelta(seconds=1)).astimezone(clock.SHANGHAI).date()
            text = "支部对您提出清零，等您申辩"
        else:
            text = f"{case.member.name}的清零待审批"
        found.append(Todo(text, 1, url, due=due, urgent=True, note=case.branch.name))
    return found


# ------------------------------------------------------------------ the lists


@signed_in
def index(request: SignedIn) -> HttpResponse:
    """日常纪实 The branches one may read, and the cases that wait; with a single branch, its page at once."""
    branches = in_tree_order(queries.branches_for(request.actor))
    waiting = queries.zeroings_waiting_for(request.actor)
    if len(branches) == 1 and not waiting:
        return redirect("conduct-branch", branches[0].pk)
    return render(request, "conduct/index.html", {"branches": branches, "waiting": waiting})


@signed_in
def branch(request: SignedIn, branch_id: int) -> HttpResponse:
    """支部的日常纪实 Records, relations and cases of one branch, as far as the actor may read them."""
    shown = queries.branch_for(request.actor, branch_id)
    here = members.roster(shown, clock.today())
    ids = {row.id for row in here}
    relations = [
        (one, not any(policies.is_self(request.actor, person) for person in (one.member, one.relative)))
        for one in queries.relations_visible_to(request.actor)
        if one.member_id in ids or one.relative_id in ids
    ]
    context = {
        "branch": shown,
        "records": queries.records_visible_to(request.actor).filter(branch=shown),
        "cases": queries.zeroings_visible_to(request.actor).filter(branch=shown),
        "relations": relations,
        "writes": policies.writes_at(request.actor, shown),
        "proposes": may(request.actor, Act.PROPOSE_ZEROING, shown),
        "folds_in_marks": has_components(request.actor),
    }
    return render(request, "conduct/branch.html", context)


@signed_in
def own(request: SignedIn) -> HttpResponse:
    """我的日常纪实 All that is held of oneself here, and one's relations."""
    member = members.member_of(request.actor.number)
    if member is None:
        raise Http404
    context = {
        "member": member,
        "records": queries.records_visible_to(request.actor).filter(member=member),
        "cases": queries.zeroings_visible_to(request.actor).filter(member=member),
        "relations": queries.relations_of(member),
        "ahead": meeting_queries.meetings_ahead(member),
        "attendance": meeting_queries.attendance_of(member)[:SHOWN],
        "dues": dues_queries.dues_of(member)[:SHOWN],
    }
    return render(request, "conduct/own.html", context)


# ------------------------------------------------------------------ records


@signed_in
def new_record(request: SignedIn, branch_id: int, kind: str) -> HttpResponse:
    """写教育记录、提醒"""
    if kind not in KINDS:
        raise Http404
    shown = queries.branch_for(request.actor, branch_id)
    require(request.actor, Act.WRITE_CONDUCT, shown)
    rows = queries.indicators_needing(kind, shown.district_number, clock.today())
    form = RecordForm(
        request.POST or None,
        people=_people(request.actor, shown),
        indicators=[(row.code, f"{row.code} {row.name}") for row in rows],
        initial={"on": clock.today(), "member": request.GET.get("member", "")},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        write = KINDS[kind]
        made = tried(
            form,
            lambda: write(
                actor=request.actor,
                member_id=given["member"],
                indicator=given["indicator"],
                on=given["on"],
                content=given["content"],
                shown_how=given["shown_how"],
            ),
        )
        if made is not None:
            messages.success(request, f"已写入{made.get_kind_display()}，并已出示给本人。")
            return redirect("conduct-branch", shown.pk)
    return render(request, "conduct/record_form.html", {"form": form, "branch": shown, "kind": kind, "rows": rows})


def _people(actor: Actor, branch: Any) -> list[tuple[Any, str]]:
    """The branch's members on today's roster without those the actor steps aside for."""
    here = members.roster(branch, clock.today())
    aside = queries.those_to_step_aside(actor, [row.id for row in here])
    return [(row.id, f"{row.name}（{row.hint}）" if row.hint else row.name) for row in here if row.id not in aside]


# ------------------------------------------------------------------ relations


@signed_in
def new_relation(request: SignedIn, branch_id: int) -> HttpResponse:
    """登记亲属关系 By the branch, for one of its members."""
    shown = queries.branch_for(request.actor, branch_id)
    require(request.actor, Act.WRITE_CONDUCT, shown)
    here = members.roster(shown, clock.today())
    people = [(row.id, f"{row.name}（{row.hint}）" if row.hint else row.name) for row in here]
    form = BranchRelationForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        member = members.get_visible(request.actor, form.cleaned_data["member"])
        if _declare(request, form, member):
            return redirect("conduct-branch", shown.pk)
    return render(request, "conduct/relation_form.html", {"form": form, "branch": shown})


@signed_in
def own_relation(request: SignedIn) -> HttpResponse:
    """申明亲属关系 By the member."""
    member = members.member_of(request.actor.number)
    if member is None:
        raise Http404
    form = RelationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _declare(request, form, member):
        return redirect("own-conduct")
    return render(request, "conduct/relation_form.html", {"form": form})


def _declare(request: SignedIn, form: RelationForm, member: Any) -> bool:
    given = form.cleaned_data
    relative = tried(form, lambda: queries.person_named(member, given["relative_name"], given["relative_number"]))
    if relative is None:
        return False
    made = tried(
        form,
        lambda: services.declare_relation(
            actor=request.actor, member_id=member.pk, relative_id=relative.pk, kind=given["kind"]
        ),
    )
    if made is None:
        return False
    messages.success(request, f"已申明：{member.name}和{relative.name}是{made.kind}，今后彼此的事项互相回避。")
    return True


@require_POST
@signed_in
def withdraw_relation(request: SignedIn, relation_id: int) -> HttpResponse:
    """撤回亲属关系"""
    services.withdraw_relation(actor=request.actor, relation_id=relation_id)
    messages.success(request, "亲属关系已撤回。")
    return redirect("conduct")


# ------------------------------------------------------------------ zeroing


@signed_in
def propose(request: SignedIn, branch_id: int) -> HttpResponse:
    """提出清零"""
    shown = queries.branch_for(request.actor, branch_id)
    require(request.actor, Act.PROPOSE_ZEROING, shown)
    rows = queries.zeroing_indicators(shown.district_number, clock.today())
    form = ProposeForm(
        request.POST or None,
        request.FILES or None,
        people=_people(request.actor, shown),
        indicators=[(row.code, f"{row.code} {row.name}") for row in rows],
    )
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _propose(request, dict(form.cleaned_data)))
        if made is not None:
            messages.success(request, "清零已提出，本人已被告知。下一步：等本人申辩。")
            return redirect("zeroing", made.pk)
    return render(request, "conduct/propose.html", {"form": form, "branch": shown})


def _propose(request: SignedIn, given: dict[str, Any]) -> Any:
    file, member = given.pop("file"), given.pop("member")
    scan = (file.name, file.read(LIMIT + 1)) if file else None
    return zeroing.propose_zeroing(actor=request.actor, member_id=member, scan=scan, **given)


@signed_in
def case(request: SignedIn, case_id: int) -> HttpResponse:
    """一件清零 Its steps, and what this person may do now."""
    return _case_page(request, queries.zeroing_for(request.actor, case_id))


def _case_page(request: SignedIn, shown: Any, bound: forms.Form | None = None) -> HttpResponse:
    """The page of a case; a form that came back with a refusal stands where it was."""
    actor = request.actor
    own = policies.is_self(actor, shown.member)
    answers = shown.state == "proposed" and clock.now() < shown.answer_until
    decides = may(actor, Act.APPROVE_ZEROING, shown.branch)
    aside = queries.must_step_aside(actor, shown.member)
    second = actor.number != shown.proposed_by_number
    ripe = shown.state == "answered" or (shown.state == "proposed" and not answers)
    offered: dict[str, forms.Form] = {}
    if answers and own:
        offered["answer"] = AnswerForm()
    elif answers and second and policies.writes_at(actor, shown.branch):
        offered["take_down"] = TakeDownForm()
    if decides and aside is None and second and ripe:
        offered |= {"approve": ApproveForm(), "refuse": RefuseForm()}
    if decides and aside is None and shown.state == "approved":
        offered["reverse"] = ReverseForm()
    for name, form in offered.items():
        if type(form) is type(bound):
            offered[name] = bound
    say_unshown(request, bound, offered.values())
    context = {
        "case": shown,
        "own": own,
        "steps": queries.steps_of(shown),
        "indicator": queries.name_of_indicator(shown.member.district_id, shown.indicator, shown.document_on),
        "offered": offered,
        "to_amend": None if own else filing_of(shown),
        "amends": any(may(actor, act, shown.branch) for act in (Act.PROPOSE_AMENDMENT, Act.APPROVE_AMENDMENT)),
        "aside": aside if decides and not own else None,
        "papers": zeroing_papers.papers_of(shown),
    }
    return render(request, "conduct/zeroing.html", context, status=422 if bound is not None else 200)


def _act(request: SignedIn, case_id: int, form: forms.Form, act: Callable[..., Any], said: str) -> HttpResponse:
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: act(actor=request.actor, case_id=case_id, **given)) is not None:
            messages.success(request, said)
            return redirect("zeroing", case_id)
    return _case_page(request, queries.zeroing_for(request.actor, case_id), form)


@require_POST
@signed_in
def answer(request: SignedIn, case_id: int) -> HttpResponse:
    """申辩"""
    shown = queries.zeroing_for(request.actor, case_id)
    own = policies.is_self(request.actor, shown.member)
    form = AnswerForm(request.POST) if own else TakeDownForm(request.POST)
    return _act(request, case_id, form, zeroing.answer_zeroing, "申辩已记入，交由乡镇（街道）审批。")


@require_POST
@signed_in
def approve(request: SignedIn, case_id: int) -> HttpResponse:
    """批准"""
    return _act(request, case_id, ApproveForm(request.POST), zeroing.approve_zeroing, "已批准清零，本人已被告知。")


@require_POST
@signed_in
def refuse(request: SignedIn, case_id: int) -> HttpResponse:
    """不批准"""
    return _act(request, case_id, RefuseForm(request.POST), zeroing.refuse_zeroing, "未批准清零，本人已被告知。")


@require_POST
@signed_in
def reverse_case(request: SignedIn, case_id: int) -> HttpResponse:
    """撤销"""
    return _act(request, case_id, ReverseForm(request.POST), zeroing.reverse_zeroing, "清零已撤销，得分恢复。")


@signed_in
def case_file(request: SignedIn, case_id: int) -> HttpResponse:
    """依据的文件"""
    shown = queries.zeroing_for(request.actor, case_id)
    if shown.file is None:
        raise Http404
    return attachment(shown.file)  # type: ignore[return-value]
