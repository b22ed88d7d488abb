"""跟进页 Who is to be encouraged and followed up, one follow-up with its steps, and one's own."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Act, Actor, paths, require
from pioneer.conduct.policies import is_self
from pioneer.conduct.queries import must_step_aside, relatives_of, those_to_step_aside
from pioneer.followups import papers, policies, progress, queries, services
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms import followups as given
from pioneer.web.forms.trying import status_of, tried
from pioneer.web.todo import Todo

State = policies.State
NEXT_ACT = {
    State.OPENED: "assign", State.ASSIGNED: "talk", State.TALKED: "pair", State.PAIRED: "plan",
    State.PLANNED: "visit", State.DECIDED: "confirm",
}  # fmt: skip
BESIDES = {State.ASSIGNED: ("assign",), State.PAIRED: ("pair",), State.PLANNED: ("decide", "extend", "pair"),
           State.DECIDED: ("return",)}  # fmt: skip
FORMS: dict[str, type[forms.Form]] = {
    "assign": given.AssignForm, "talk": given.TalkForm, "pair": given.PairForm, "plan": given.PlanForm,
    "visit": given.VisitForm, "extend": given.ExtendForm, "decide": given.DecideForm, "confirm": given.ConfirmForm,
    "return": given.ReturnForm, "end": given.EndForm,
}  # fmt: skip
TITLES = {
    "assign": "确定谈话人", "talk": "登记谈话", "pair": "确定帮带人", "plan": "定帮教计划", "visit": "登记走访",
    "extend": "延长期限", "decide": "作出结论", "confirm": "确认结论", "return": "退回结论", "end": "终止帮教",
}  # fmt: skip
AGAIN = {"assign": "换谈话人", "pair": "换帮带人"}


def todo(actor: Actor) -> list[Todo]:
    """待办 Follow-ups to open, hopes to write, outcomes to confirm, what is late, and what one was entrusted with."""
    found = []
    for row, first_on in progress.waiting_for(actor):
        url = f"{reverse('branch-follow-ups', args=[row.branch.pk])}?cycle={first_on}"
        for text, count, urgent in (
            ("党员的帮教待开展", row.to_open, True),
            ("党员的勉励待写", row.hopes - row.hopes_told, False),
            ("帮教逾期", row.late, True),
        ):
            if count:
                found.append(Todo(text, count, url, urgent=urgent, note=row.branch.name))
    for case in progress.to_confirm(actor):
        found.append(Todo(f"{case.member.name}的帮教结论待确认", 1, reverse("follow-up", args=[case.pk])))
    for case in queries.entrusted_to(actor.number):
        if case.state == State.ASSIGNED:
            what, due = f"请您与{case.member.name}谈话", case.talk_due_on
        else:
            what, due = f"请您走访{case.member.name}", case.visit_due_on
        found.append(Todo(what, 1, reverse("follow-up", args=[case.pk]), due=due))
    return found


# ------------------------------------------------------------------ who oversees


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """跟进 The branches below with how far they are; with a single branch, its page at once."""
    actor = request.actor
    branches = list(queries.branches_for(actor)[:2])
    entrusted = queries.entrusted_to(actor.number)
    if len(branches) == 1 and not entrusted:
        return redirect("branch-follow-ups", branches[0].pk)
    cycles = progress.cycles_seen(actor)
    first_on = _cycle(request, cycles)
    rows = progress.progress_of(actor, first_on) if first_on else []
    shown = [row for row in rows if row.has_any and (request.GET.get("show") != "open" or not row.is_done)]
    context = {
        "cycles": cycles, "first_on": first_on, "groups": progress.grouped(shown), "total": progress.total(rows),
        "entrusted": entrusted, "branches": branches, "show": request.GET.get("show", ""),
        "states": queries.STATES,
    }  # fmt: skip
    return render(request, "followups/index.html", context)


@signed_in
@require_safe
def below(request: SignedIn) -> HttpResponse:
    """下级的帮教 One by one, by state, or only what is late."""
    actor = request.actor
    if not paths(actor, Act.OVERSEE_FOLLOW_UPS):
        raise NotVisible
    cycles = progress.cycles_seen(actor)
    first_on = _cycle(request, cycles)
    state, only_late = request.GET.get("state", ""), request.GET.get("late") == "1"
    state = state if state in dict(queries.STATES) else ""
    cases = progress.cases_below(actor, first_on, state, only_late) if first_on else []
    rows = [(one, queries.lateness_of(one)) for one in cases]
    context = {
        "cycles": cycles, "first_on": first_on, "rows": rows, "states": queries.STATES, "state": state,
        "only_late": only_late,
    }  # fmt: skip
    return render(request, "followups/below.html", context)


def _cycle(request: SignedIn, cycles: list[tuple[date, date]]) -> date | None:
    """The cycle asked for, else the latest."""
    try:
        wanted = date.fromisoformat(request.GET.get("cycle", ""))
    except ValueError:
        wanted = None
    known = [first for first, _ in cycles]
    return wanted if wanted in known else known[0] if known else None


# ------------------------------------------------------------------ a branch


@signed_in
@require_safe
def branch(request: SignedIn, branch_id: int) -> HttpResponse:
    """支部的跟进 What to do next for each."""
    shown = queries.branch_for(request.actor, branch_id)
    cycles = queries.cycles_of(shown)
    first_on = _cycle(request, cycles)
    near = queries.near_days(shown.district_number)
    to_open, hopes, cases = [], [], []
    if first_on:
        to_open = [one for one in queries.called(shown, first_on, queries.HELP) if one.follow_up is None]
        hopes = queries.called(shown, first_on, queries.ENCOURAGE)
        cases = [
            (one, queries.NEXT[State(one.state)], queries.lateness_of(one, near))
            for one in queries.cases_of(request.actor, shown, first_on)
        ]
    context = {
        "branch": shown, "cycles": cycles, "first_on": first_on, "to_open": to_open, "cases": cases, "hopes": hopes,
        "writes": policies.writes_at(request.actor, shown),
        "aside": those_to_step_aside(request.actor, [one.person.id for one in hopes]),
    }  # fmt: skip
    return render(request, "followups/branch.html", context)


@require_POST
@signed_in
def open_all(request: SignedIn, branch_id: int) -> HttpResponse:
    """开展帮教"""
    shown = queries.branch_for(request.actor, branch_id)
    try:
        first_on = date.fromisoformat(request.POST.get("first_on", ""))
    except ValueError:
        raise Http404 from None
    made = services.open_follow_ups(actor=request.actor, branch_id=shown.pk, first_on=first_on)
    said = f"已为{len(made)}名党员开展帮教，本人已被告知。" if made else "应当帮教的都已开展。"
    messages.success(request, said)
    return redirect(f"{reverse('branch-follow-ups', args=[shown.pk])}?cycle={first_on}")


@signed_in
def encourage(request: SignedIn, branch_id: int, member_id: int) -> HttpResponse:
    """写勉励"""
    shown = queries.branch_for(request.actor, branch_id)
    require(request.actor, Act.FOLLOW_UP, shown)
    first_on = _cycle(request, queries.cycles_of(shown))
    hopes = queries.called(shown, first_on, queries.ENCOURAGE) if first_on else []
    one = next((one for one in hopes if one.person.id == member_id), None)
    if one is None or first_on is None:
        raise NotVisible
    policies.require_not_aside(must_step_aside(request.actor, one.told.result.member))
    before = one.encouragement
    initial: dict[str, Any] = {"spoken_by": request.actor.name, "spoken_on": clock.today()}
    if before is not None:
        initial = {"text": before.text, "spoken_by": before.spoken_by, "spoken_on": before.spoken_on}
    form = given.EncourageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: services.write_encouragement(
                actor=request.actor, member_id=member_id, first_on=first_on, **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, f"已写勉励，{one.person.name}已被告知。")
            return redirect(f"{reverse('branch-follow-ups', args=[shown.pk])}?cycle={first_on}")
    context = {"branch": shown, "one": one, "form": form, "first_on": first_on, "tier": queries.tier_of(one.told)}
    return render(request, "followups/encourage.html", context, status=status_of(request))


# ------------------------------------------------------------------ one follow-up


@signed_in
@require_safe
def case(request: SignedIn, follow_up_id: int) -> HttpResponse:
    """一件帮教 What was done, and the next step."""
    return case_page(request, queries.follow_up_for(request.actor, follow_up_id))


def case_page(request: SignedIn, found: Any, bound: tuple[str, forms.Form] | None = None) -> HttpResponse:
    """帮教页 A form that came back with a refusal stands where it was: of an act, or of an entry ("answer-7")."""
    actor = request.actor
    moved = queries.branch_now(found)
    if moved is not None and moved.pk != found.branch_id and found.state != State.CLOSED:
        before, found.branch = found.branch, moved
    else:
        before = None
    own = is_self(actor, found.member)
    aside = None if own else must_step_aside(actor, found.member)
    acts = [] if own or aside else offered(actor, found)
    shown = [(name, AGAIN.get(name, TITLES[name]) if place else TITLES[name], form_for(found, name, actor))
             for place, name in enumerate(acts)]  # fmt: skip
    if bound is not None:
        shown = [(name, title, bound[1] if name == bound[0] else form) for name, title, form in shown]
    answering = given.AnswerForm if own else given.TakeDownForm
    may_answer = own or (aside is None and policies.writes_at(actor, found.branch))
    rows = []
    for one in queries.entries_of(found):
        key = f"answer-{one.entry.pk}"
        form = bound[1] if bound is not None and bound[0] == key else answering(auto_id=f"{key}-%s")
        correctable = bool(acts) and one.corrected_by is None and policies.corrects(actor, found, one.entry.kind)
        rows.append((one, form if may_answer else None, correctable))
    context = {
        "case": found, "own": own, "aside": aside, "rows": rows, "acts": shown, "before": before,
        "bound": bound[0] if bound else "", "refused": _refused(bound, acts),
        "tier": queries.tier_of(found.told), "result": found.told.result,
        "next": queries.NEXT[State(found.state)], "gone": queries.is_gone(found.member),
        "late": queries.lateness_of(found, queries.near_days(found.member.district_id)),
        "oversees": policies.oversees_at(actor, found.branch), "papers": not own,
        "paper_kinds": [(one.kind, one.title) for one in papers.PAPERS],
    }  # fmt: skip
    return render(request, "followups/case.html", context, status=422 if bound is not None else 200)


def _refused(bound: tuple[str, forms.Form] | None, acts: list[str]) -> list[str]:
    """What was said of a form that has no place on the page any more."""
    if bound is None or bound[0] in acts or bound[0].startswith("answer-"):
        return []
    return [str(said) for errors in bound[1].errors.values() for said in errors]


def offered(actor: Actor, found: Any) -> list[str]:
    """现在可办的 The next step first."""
    if found.state == State.CLOSED:
        return []
    writes = policies.writes_at(actor, found.branch)
    if queries.is_gone(found.member):
        return ["end"] if writes else []
    confirms = policies.confirms_at(actor, found.branch) and actor.number != found.decided_by_number
    allowed = {"talk": policies.talks(actor, found), "visit": policies.visits(actor, found), "confirm": confirms,
               "return": confirms}  # fmt: skip
    names = [NEXT_ACT[found.state], *BESIDES.get(found.state, ())]
    return [name for name in names if allowed.get(name, writes)]


def form_for(found: Any, name: str, actor: Actor, post: Any = None) -> forms.Form:
    """一步的表单"""
    kind = FORMS[name]
    more: dict[str, Any] = {}
    if issubclass(kind, given.AssignForm):
        people = queries.people_for(found, relatives_of(found.member_id))
        more["people"] = [(one.number, one.name) for one in people]
    if "on" in kind.base_fields:
        more["initial"] = {"on": clock.today()}
    return kind(post, auto_id=f"{name}-%s", **more)


# ------------------------------------------------------------------ one's own


@signed_in
@require_safe
def own(request: SignedIn) -> HttpResponse:
    """我的勉励和帮教 All that the branch has on record."""
    return own_page(request)


def own_page(request: SignedIn, bound: tuple[int, forms.Form] | None = None) -> HttpResponse:
    """本人的页 With the form of an answer that came back."""
    if members.member_of(request.actor.number) is None:
        raise Http404
    cases, hopes = queries.own(request.actor.number)
    rows = [
        (
            one,
            list(one.replies.all()),
            bound[1] if bound and bound[0] == one.pk else given.AnswerForm(auto_id=f"hope-{one.pk}-%s"),
        )
        for one in hopes
    ]
    entrusted = queries.entrusted_to(request.actor.number)
    context = {"cases": cases, "hopes": rows, "entrusted": entrusted}
    return render(request, "followups/own.html", context, status=422 if bound else 200)
