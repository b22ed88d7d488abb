"""组织生活页 Meetings of a branch, their attendance and leave; and leave asked for by the member."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Act, Actor, require
from pioneer.conduct import leaves, meeting_queries, meetings, policies, queries
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError
from pioneer.members import queries as members
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.meetings import (
    AskLeaveForm,
    AttendanceForm,
    CancelForm,
    ChangeMeetingForm,
    EnterLeaveForm,
    MeetingForm,
)
from pioneer.web.forms.trying import say, status_of, tried
from pioneer.web.todo import Todo

SHOWN = 60


def todo(actor: Actor) -> list[Todo]:
    """待办 Leave that waits for an answer."""
    return [
        Todo(
            f"{one.member.name}请假，等支部答复",
            1,
            reverse("meeting", args=[one.meeting_id]),
            due=one.meeting.on,
            note=meeting_queries.titled(one.meeting),
        )
        for one in meeting_queries.leaves_waiting_for(actor)
    ]


# ------------------------------------------------------------------ meetings


@signed_in
def listed(request: SignedIn, branch_id: int) -> HttpResponse:
    """支部的组织生活 The latest first, with who came."""
    branch = queries.branch_for(request.actor, branch_id)
    found = list(meeting_queries.visible_to(request.actor).filter(branch=branch)[:SHOWN])
    counts = meeting_queries.counts_of(found)
    context = {
        "branch": branch,
        "meetings": [(one, _counted(counts.get(one.pk, {})), meeting_queries.begins(one)) for one in found],
        "writes": policies.writes_at(request.actor, branch),
        "now": clock.now(),
    }
    return render(request, "conduct/meetings.html", context)


def _counted(counts: dict[str, int]) -> str:
    names = {"present": "到会", "late": "迟到早退", "leave": "请假", "absent": "无故缺席"}
    return "，".join(f"{name}{counts[code]}人" for code, name in names.items() if counts.get(code))


@signed_in
def new_meeting(request: SignedIn, branch_id: int) -> HttpResponse:
    """登记组织生活"""
    branch = queries.branch_for(request.actor, branch_id)
    require(request.actor, Act.WRITE_CONDUCT, branch)
    form = MeetingForm(request.POST or None, initial={"on": clock.today(), "starts_at": "09:00"})
    if request.method == "POST" and form.is_valid():
        made = tried(
            form, lambda: meetings.enter_meeting(actor=request.actor, branch_id=branch.pk, **form.cleaned_data)
        )
        if made is not None:
            ahead = meeting_queries.begins(made) > clock.now()
            messages.success(request, "已登记，应到的党员会收到通知。" if ahead else "已登记，请接着登记考勤。")
            return redirect("meeting", made.pk)
    return render(request, "conduct/meeting_form.html", {"form": form, "branch": branch}, status=status_of(request))


@signed_in
def meeting(request: SignedIn, meeting_id: int) -> HttpResponse:
    """一次组织生活 Its attendance in one grid, and the leave that waits."""
    shown = meeting_queries.get_meeting(request.actor, meeting_id)
    if request.method == "POST":
        require(request.actor, Act.WRITE_CONDUCT, shown.branch)
    people = meeting_queries.expected(shown)
    form = AttendanceForm(
        request.POST or None,
        rows=people.rows,
        states=meeting_queries.states_for(shown),
        granters=_granters(request.actor, shown),
        initial={"edit": shown.edit},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = tried(
            form,
            lambda: meetings.record_attendance(
                actor=request.actor,
                meeting_id=shown.pk,
                edit=given["edit"],
                marks=form.marks(),
                granted_by=given["granted_by"],
            ),
        )
        if done is not None:
            messages.success(request, "考勤已登记。记入考评表，请在考评表上打开“从考勤和党费提议”。")
            return redirect("meeting", shown.pk)
    context = {"meeting": shown, "people": people, "form": form, **_about(request.actor, shown, people)}
    return render(request, "conduct/meeting.html", context, status=status_of(request))


def _about(actor: Actor, shown: Any, people: meeting_queries.Expected) -> dict[str, Any]:
    """What else the page shows: the leave that waits and that was granted, and what may be done now."""
    names = meeting_queries.names_of(
        [shown.by_number, *(row.leave.decided_by_number for row in people.rows if row.leave)]
    )
    aside = queries.those_to_step_aside(actor, list(people.ids))
    waiting = [row for row in people.rows if row.leave and row.leave.state == "asked"]
    return {
        "asked": [(row, aside.get(row.entry.id, "")) for row in waiting],
        "granted": [
            (row, names.get(row.leave.decided_by_number or 0, ""))
            for row in people.rows
            if row.leave and row.leave.state == "granted"
        ],
        "has_begun": meeting_queries.begins(shown) <= clock.now(),
        "writes": policies.writes_at(actor, shown.branch) and shown.cancelled_at is None,
        "by": names.get(shown.by_number or 0, ""),
    }


def _granters(actor: Actor, shown: Any) -> list[tuple[Any, str]]:
    """Oneself first, where one may."""
    people = meeting_queries.granters(shown.branch)
    return sorted(people, key=lambda person: person[0] != actor.number)


@signed_in
def change_meeting(request: SignedIn, meeting_id: int) -> HttpResponse:
    """修改组织生活"""
    shown = meeting_queries.get_meeting(request.actor, meeting_id)
    require(request.actor, Act.WRITE_CONDUCT, shown.branch)
    names = ("kind", "on", "starts_at", "place", "theme", "edit")
    form = ChangeMeetingForm(request.POST or None, initial={name: getattr(shown, name) for name in names})
    if request.method == "POST" and form.is_valid():
        done = tried(
            form, lambda: meetings.change_meeting(actor=request.actor, meeting_id=shown.pk, **form.cleaned_data)
        )
        if done is not None:
            messages.success(request, "已改好。")
            return redirect("meeting", shown.pk)
    context = {"form": form, "branch": shown.branch, "meeting": shown, "cancel": CancelForm()}
    return render(request, "conduct/meeting_form.html", context, status=status_of(request))


@require_POST
@signed_in
def cancel_meeting(request: SignedIn, meeting_id: int) -> HttpResponse:
    """撤销组织生活"""
    try:
        meetings.cancel_meeting(actor=request.actor, meeting_id=meeting_id, reason=request.POST.get("reason", ""))
        messages.success(request, "已撤销这次会议。")
    except DomainError as refusal:
        say(request, refusal)
    return redirect("meeting", meeting_id)


# ------------------------------------------------------------------ leave


@signed_in
def enter_leave(request: SignedIn, meeting_id: int) -> HttpResponse:
    """代登请假 By the branch."""
    shown = meeting_queries.get_meeting(request.actor, meeting_id)
    require(request.actor, Act.WRITE_CONDUCT, shown.branch)
    rows = [row for row in meeting_queries.expected(shown).rows if row.leave is None]
    form = EnterLeaveForm(
        request.POST or None,
        people=[(row.entry.id, meeting_queries.who(row.entry)) for row in rows],
        granters=_granters(request.actor, shown),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = tried(
            form,
            lambda: leaves.enter_leave(
                actor=request.actor,
                meeting_id=shown.pk,
                member_id=given["member"],
                reason=given["reason"],
                granted_by=given["granted_by"],
            ),
        )
        if done is not None:
            messages.success(request, f"已登记{done.member.name}的请假。")
            return redirect("meeting", shown.pk)
    return render(request, "conduct/leave_form.html", {"form": form, "meeting": shown}, status=status_of(request))


@signed_in
def ask_leave(request: SignedIn, meeting_id: int) -> HttpResponse:
    """请假 By the member, for a meeting still to come."""
    member = members.member_of(request.actor.number)
    ahead = meeting_queries.meetings_ahead(member) if member is not None else []
    shown = next((one for one, _ in ahead if one.pk == meeting_id), None)
    if shown is None:
        raise Http404
    form = AskLeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: leaves.ask_leave(actor=request.actor, meeting_id=shown.pk, **form.cleaned_data))
        if done is not None:
            messages.success(request, "请假已交给支部，答复会发消息告诉您。")
            return redirect("own-conduct")
    context = {"form": form, "meeting": shown, "own": True}
    return render(request, "conduct/leave_form.html", context, status=status_of(request))


@require_POST
@signed_in
def grant_leave(request: SignedIn, leave_id: int) -> HttpResponse:
    """准假"""
    done = leaves.grant_leave(actor=request.actor, leave_id=leave_id)
    messages.success(request, f"已准{done.member.name}的假，本人会收到消息。")
    return redirect("meeting", done.meeting_id)


@require_POST
@signed_in
def refuse_leave(request: SignedIn, leave_id: int) -> HttpResponse:
    """不准假"""
    try:
        done = leaves.refuse_leave(actor=request.actor, leave_id=leave_id, reason=request.POST.get("reason", ""))
        messages.success(request, f"没有准{done.member.name}的假，理由已告诉本人。")
        return redirect("meeting", done.meeting_id)
    except BadInput as refusal:
        say(request, refusal)
        return redirect("meeting", meeting_queries.leaves_visible_to(request.actor).get(pk=leave_id).meeting_id)


@require_POST
@signed_in
def withdraw_leave(request: SignedIn, leave_id: int) -> HttpResponse:
    """撤回请假"""
    done = leaves.withdraw_leave(actor=request.actor, leave_id=leave_id)
    messages.success(request, "请假已撤回。")
    return (
        redirect("own-conduct")
        if policies.is_self(request.actor, done.member)
        else redirect("meeting", done.meeting_id)
    )
