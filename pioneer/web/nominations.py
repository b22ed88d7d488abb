"""推荐页 What is called for, who of a branch is eligible, who is proposed, and the person itself; and one's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Act, Actor, may, paths
from pioneer.kernel import clock
from pioneer.kernel.errors import NotAllowed, NotVisible
from pioneer.members import queries as members
from pioneer.nominations import books, calling, eligibility, papers, policies, queries, services
from pioneer.organisations.queries import along_tree
from pioneer.rulebook.queries import current_rulebook
from pioneer.scoring.tiers import best_first
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX, download
from pioneer.web.forms.nominations import CallForm, ProposeNominationForm, ShowForm, WithdrawForm
from pioneer.web.forms.trying import say_unshown, status_of, tried
from pioneer.web.papers import paper
from pioneer.web.todo import Todo


def todo(actor: Actor) -> list[Todo]:
    """待办 Lists to decide, calls to answer, opinions, objections, notices and decisions; one's own answers."""
    found = []
    for shown in queries.lists_to_issue(actor):
        found.append(Todo(f"{shown.unit.name}的表扬名单待审定", 1, reverse("commendation", args=[shown.pk])))
    for call in queries.calls_to_answer(actor):
        found.append(Todo(f"“{call.title}”等您推荐", 1, reverse("nomination-call", args=[call.pk]), due=call.closes_on))
    for one in queries.waiting_for_opinion(actor):
        found.append(
            Todo(f"{one.member.name}的推荐待提意见", 1, reverse("nomination", args=[one.pk]), note=one.call.title)
        )
    for objection in queries.objections_waiting_for(actor):
        found.append(
            Todo(
                f"对{objection.nomination.member.name}推荐的异议待答复",
                1,
                reverse("nomination", args=[objection.nomination_id]),
                urgent=True,
            )
        )
    for call in queries.waiting_for_decision(actor):
        found.append(Todo(f"“{call.title}”待公示或决定", 1, reverse("nomination-call", args=[call.pk])))
    return found + _own_todo(actor)


def _own_todo(actor: Actor) -> list[Todo]:
    proposed = queries.own(actor.number).filter(state="proposed", call__withdrawn_at__isnull=True)
    listed = queries.own_commended(actor.number).filter(answer="", commendation__state="draft")
    waiting = proposed.order_by().values("pk").union(listed.order_by().values("pk"), all=True).count()
    return [Todo("推荐或表扬等您本人答复", waiting, reverse("own-nominations"))] if waiting else []


@signed_in
def index(request: SignedIn) -> HttpResponse:
    """推荐 Calls, commendation lists, and what can be begun."""
    actor = request.actor
    if not queries.reading(actor):
        raise NotAllowed("推荐由支部书记、副书记和上级党务工作者办理；您本人的，见“我的推荐”。")
    context = {
        "calls": queries.calls_visible_to(actor),
        "lists": queries.commendations_visible_to(actor),
        "announcements": queries.announcements_to_commend(actor),
        "may_call": bool(queries.call_places(actor)),
        "today": clock.today(),
    }
    return render(request, "nominations/index.html", context)


@signed_in
def own(request: SignedIn) -> HttpResponse:
    """我的推荐 Everything of oneself: lists one stands on, and nominations."""
    member = members.member_of(request.actor.number)
    if member is None:
        return render(request, "ledger/nobody.html", status=404)
    commended = [
        (one, papers.cycle_of(one.commendation), queries.last_day(one.commendation))
        for one in queries.own_commended(request.actor.number)
    ]
    context = {"commended": commended, "nominations": queries.own(request.actor.number)}
    return render(request, "nominations/own.html", context)


# ------------------------------------------------------------------ calls


@signed_in
def new_call(request: SignedIn) -> HttpResponse:
    """发推荐通知"""
    places = queries.call_places(request.actor)
    if not places:
        raise NotAllowed("推荐通知由乡镇（街道）或区委的党务工作者发出，您目前没有这项任职。")
    rules = current_rulebook(places[0].district_number, clock.today())
    tracks = members.track_names(places[0].district_number, clock.today())
    form = CallForm(
        request.POST or None,
        places_to_call=[(one.pk, one.name) for one in places],
        tiers=[(tier.code, tier.name) for tier in best_first(rules)],
        tracks=list(tracks.items()),
        initial={"opens_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _issued(request, dict(form.cleaned_data)))
        if made is not None:
            messages.success(request, "通知已发出，支部在首页看得到。")
            return redirect("nomination-call", made.pk)
    return render(request, "nominations/call_form.html", {"form": form}, status=status_of(request))


def _issued(request: SignedIn, given: dict[str, Any]) -> Any:
    organisation = given.pop("organisation")
    given["checks"] = given["checks"].splitlines()
    return calling.issue_call(actor=request.actor, organisation_id=organisation, terms=calling.Terms(**given))


@signed_in
def call(request: SignedIn, call_id: int) -> HttpResponse:
    """一份推荐通知 Its terms, who is proposed, and what may be done now."""
    return _call_page(request, queries.get_call(request.actor, call_id))


def _call_page(request: SignedIn, shown: Any, bound: Any = None) -> HttpResponse:
    actor = request.actor
    rows = along_tree(queries.of_call(actor, shown), lambda one: one.branch)
    decides = may(actor, Act.DECIDE_NOMINATION, shown.organisation) and shown.withdrawn_at is None
    ready = [one for one in rows if one.state == "agreed" and one.notice_id is None and not _missing(one)]
    offered: dict[str, Any] = {}
    if decides and ready:
        people = [(one.pk, f"{one.member.name}（{one.branch.name}）") for one in ready]
        offered["show"] = ShowForm(people=people, initial={"nominations": [one.pk for one in ready]})
    if decides and not queries.chosen_number(shown):
        offered["withdraw"] = WithdrawForm()
    if bound is not None:
        offered = {name: bound if type(form) is type(bound) else form for name, form in offered.items()}
    say_unshown(request, bound, offered.values())
    proposes = paths(actor, Act.NOMINATE)
    context = {
        "call": shown,
        "label": papers.label_of(shown),
        "rules": eligibility.rules_in_words(shown),
        "rows": rows,
        "branches": queries.branches_of(actor, shown),
        "notices": shown.notices.all(),
        "chosen": queries.chosen_number(shown),
        "is_open": queries.is_open(shown),
        "proposes": bool(proposes),
        "offered": offered,
    }
    return render(request, "nominations/call.html", context, status=422 if bound is not None else 200)


def _missing(one: Any) -> list[Any]:
    return [asked for asked in queries.opinions_of(one) if asked.opinion is None]


@require_POST
@signed_in
def withdraw_call(request: SignedIn, call_id: int) -> HttpResponse:
    """撤回推荐通知"""
    shown = queries.get_call(request.actor, call_id)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = tried(form, lambda: calling.withdraw_call(actor=request.actor, call_id=call_id, reason=reason))
        if done is not None:
            messages.success(request, "通知已撤回，人选本人已被告知。")
            return redirect("nomination-call", call_id)
    return _call_page(request, shown, form)


@require_POST
@signed_in
def show(request: SignedIn, call_id: int) -> HttpResponse:
    """公示人选"""
    shown = queries.get_call(request.actor, call_id)
    policies.require_call(request.actor, shown.organisation)
    rows = queries.of_call(request.actor, shown)
    form = ShowForm(request.POST, people=[(one.pk, one.member.name) for one in rows])
    if form.is_valid():
        numbers = form.cleaned_data["nominations"]
        notice = tried(
            form, lambda: calling.show_nominations(actor=request.actor, call_id=call_id, nominations=numbers)
        )
        if notice is not None:
            messages.success(request, "公示已开始，请打印张贴。")
            return redirect("nomination-call", call_id)
    return _call_page(request, shown, form)


@signed_in
@require_safe
def notice_paper(request: SignedIn, call_id: int, notice_id: int) -> HttpResponse:
    """打印公示"""
    shown = queries.get_call(request.actor, call_id)
    found = shown.notices.filter(pk=notice_id).first()
    if found is None:
        raise NotVisible
    return paper(papers.notice_pdf(found), f"推荐人选公示-{shown.pk}-{found.pk}")


@signed_in
@require_safe
def proposals_workbook(request: SignedIn, call_id: int) -> HttpResponse:
    """推荐人选的 Excel"""
    shown = queries.get_call(request.actor, call_id)
    return download(books.proposals_book(request.actor, shown), XLSX, f"推荐人选-{shown.title}.xlsx")


# ------------------------------------------------------------------ the pool and a proposal


@signed_in
def pool(request: SignedIn, call_id: int, branch_id: int) -> HttpResponse:
    """推荐资格 Everybody of the branch in the order of the roster: eligible, or why not."""
    shown = queries.get_call(request.actor, call_id)
    branch = queries.branch_for(request.actor, shown, branch_id)
    found = eligibility.pool(shown, branch)
    standing = {one.member_id: one for one in queries.of_call(request.actor, shown) if one.state in queries.LISTED}
    proposes = may(request.actor, Act.NOMINATE, branch) and queries.is_open(shown)
    aside = policies.those_to_step_aside(request.actor, [one.entry.id for one in found])
    rows = [
        (one, standing.get(one.entry.id), proposes and one.is_eligible and one.entry.id not in aside) for one in found
    ]
    eligible = sum(one.is_eligible for one in found)
    context = {"call": shown, "branch": branch, "rows": rows, "eligible": eligible, "proposes": proposes}
    return render(request, "nominations/pool.html", context)


@signed_in
@require_safe
def pool_workbook(request: SignedIn, call_id: int, branch_id: int) -> HttpResponse:
    """推荐资格的 Excel"""
    shown = queries.get_call(request.actor, call_id)
    branch = queries.branch_for(request.actor, shown, branch_id)
    return download(books.pool_book(shown, branch), XLSX, f"推荐资格-{branch.name}.xlsx")


@signed_in
def propose(request: SignedIn, call_id: int, member_id: int) -> HttpResponse:
    """提出推荐人选"""
    shown = queries.get_call(request.actor, call_id)
    member = members.get_visible(request.actor, member_id)
    branch = members.branch_on(member, clock.today())
    if branch is None or not branch.path.startswith(shown.organisation.path):
        raise NotVisible
    policies.require_propose(request.actor, member, branch)
    form = ProposeNominationForm(request.POST or None, initial={"meeting_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(
            form,
            lambda: services.propose_nomination(actor=request.actor, call_id=call_id, member_id=member_id, **given),
        )
        if made is not None:
            messages.success(request, f"已提出，{member.name}已被告知，等本人答复。")
            return redirect("nomination", made.pk)
    against = eligibility.reasons_against(shown, member)
    context = {"form": form, "call": shown, "member": member, "branch": branch, "against": against}
    return render(request, "nominations/propose.html", context, status=status_of(request))
