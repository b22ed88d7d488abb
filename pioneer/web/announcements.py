"""年底通报页 What is to be announced, the papers for the meeting, who was there and was handed the statement, and what
each answered; and the member's own answer."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pioneer.accounts.policies import Act, Actor, paths
from pioneer.assessments.queries import names_of
from pioneer.filings.queries import latest_filings
from pioneer.kernel.errors import NotVisible
from pioneer.organisations.queries import in_tree_order
from pioneer.results import announcing, settlement_queries
from pioneer.results import announcing_queries as queries
from pioneer.results.announcement_book import workbook
from pioneer.results.announcing_papers import has_score
from pioneer.results.cycles import cycle_text, cycles_of
from pioneer.results.policies import may_announce, may_record_told
from pioneer.scoring import Cycle
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX, download
from pioneer.web.forms.announcements import AnnounceForm, AnswerForForm, TellForm
from pioneer.web.forms.trying import status_of, tried
from pioneer.web.todo import Todo

PER_PAGE = 60


def todo(actor: Actor) -> list[Todo]:
    """待办 What is to be announced, who still has to be told, and who dissents; the own result to be answered."""
    return [*_own_todo(actor), *_unit_todo(actor)]


def _own_todo(actor: Actor) -> list[Todo]:
    waiting = [one for one in queries.own_told(actor.number).values() if not one.answer]
    note = "没有意见点“无异议”，有不同意见的写下来"
    return [Todo("您的年度评定已通报，请核对", len(waiting), reverse("own-results"), note=note)] if waiting else []


def _unit_todo(actor: Actor) -> list[Todo]:
    """Of the last cycle that is over: the unit's announcers, the leads of a branch for its own members, and of dissents
    the township too."""
    announces, amends = paths(actor, Act.ANNOUNCE), paths(actor, Act.APPROVE_AMENDMENT)
    if not announces and not amends:
        return []
    units = [
        one
        for one in in_tree_order(queries.units_visible_to(actor))
        if any(one.path.startswith(path) for path in (*announces, *amends))
        or any(path.startswith(one.path) for path in announces)
    ]
    cycles = cycles_of(units[0].district_number) if units else []
    found, filed = [], _received(units, cycles)
    for one in queries.standings(actor, units, cycles[1].first_on) if len(cycles) > 1 else []:
        if one.unit.pk in filed:  # what was recorded then stays
            continue
        found += _todo_of(one, may_announce(actor, one.unit), bool(amends), bool(announces))
    return found


def _received(units: list[Any], cycles: list[Cycle]) -> set[int]:
    """Units whose filing of the last cycle that is over was received."""
    found = latest_filings([one.pk for one in units], cycles[1].first_on) if len(cycles) > 1 else {}
    return {number for number, one in found.items() if one.state == "received"}


def _todo_of(one: queries.Standing, announces: bool, amends: bool, hands: bool) -> list[Todo]:
    found, name = [], one.unit.name
    if one.is_due and announces and one.made is not None:
        address = reverse("announce-results", args=[one.made.pk, one.unit.pk])
        found.append(Todo(f"{name}年度评定待通报", 1, address, note="开组织生活会，打印材料和告知单"))
    if one.held is None or one.is_due:
        return found
    address = reverse("announcement", args=[one.held.pk])
    if hands and one.counts.get("missing"):
        found.append(Todo(f"{name}年度评定尚未告知到人", one.counts["missing"], address, note="把告知单交给本人或寄去"))
    if (announces or amends) and one.counts.get("dissents"):
        found.append(Todo(f"{name}有党员对年度评定有不同意见", one.counts["dissents"], address, note="备案以前听取"))
    return found


# ------------------------------------------------------------------ which units


@signed_in
def announcements(request: SignedIn) -> HttpResponse:
    """年底通报 Every unit the actor sees, and how far it has come in a cycle."""
    units = in_tree_order(queries.units_visible_to(request.actor))
    if not units:
        raise NotVisible
    cycles = cycles_of(units[0].district_number)
    usual = next(iter(cycles[1:2]), next(iter(cycles), None))
    cycle = next((one for one in cycles if one.first_on.isoformat() == request.GET.get("cycle")), usual)
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.standings(request.actor, list(page.object_list), cycle.first_on) if cycle else []
    context = {
        "cycle": cycle,
        "cycles": [(one, cycle_text(one)) for one in cycles],
        "cycle_text": cycle_text(cycle) if cycle else "",
        "page": page,
        "rows": rows,
    }
    return render(request, "results/announcements.html", context)


@signed_in
def prepare(request: SignedIn, settlement_id: int, unit_id: int) -> HttpResponse:
    """会议材料和登记通报 The papers before the meeting; after it, that it was held."""
    made, unit = queries.get_settled(request.actor, settlement_id, unit_id)
    form = AnnounceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        held = tried(
            form,
            lambda: announcing.announce(
                actor=request.actor, settlement_id=made.pk, unit_id=unit.pk, **form.cleaned_data
            ),
        )
        if held is not None:
            messages.success(request, "已登记通报，有账号的党员都收到了消息。请接着登记到会和送达。")
            return redirect("announcement", held.pk)
    rows = list(queries.results_for(request.actor, unit, made))
    latest = settlement_queries.latest_for(unit, made.first_on)
    held = queries.announced_for(unit, made.first_on)
    context = {
        "made": made,
        "unit": unit,
        "form": form,
        "cycle_text": cycle_text(Cycle(made.first_on, made.last_on)),
        "branches": _branches(rows),
        "members": len(rows),
        "whole": queries.sees_whole(request.actor, unit),
        "announces": may_announce(request.actor, unit),
        "held": held,
        "latest": latest if latest is not None and latest.pk != made.pk else None,
        "busy": queries.being_settled(unit, made.first_on),
        "is_told": held is not None and held.settlement_id == made.pk,
        "anew": _anew(request.actor, unit, made, held),
    }
    return render(request, "results/prepare.html", context, status=status_of(request))


def _branches(rows: Any) -> list[tuple[Any, int]]:
    counted: dict[int, int] = {}
    names: dict[int, Any] = {}
    for one in rows:
        names[one.branch_id] = one.branch
        counted[one.branch_id] = counted.get(one.branch_id, 0) + 1
    return [(names[number], count) for number, count in counted.items()]


def _anew(actor: Actor, unit: Any, made: Any, held: Any) -> list[tuple[Any, str, str]]:
    """Who must be told something else than was announced: name, before, now."""
    if held is None or held.settlement_id == made.pk or not queries.sees_whole(actor, unit):
        return []
    names = settlement_queries.tier_names(made)
    return [
        (
            one.result,
            announcing.outcome_text(one.was, names) if one.was else "没有列入",
            announcing.outcome_text(one.result, names),
        )
        for one in queries.to_tell_anew(unit, made, held.settlement)
    ]


# ------------------------------------------------------------------ one announcement


@signed_in
def announcement(request: SignedIn, announcement_id: int) -> HttpResponse:
    """一次通报 The meeting, who is still to be told, who dissents, and each branch with how far it is."""
    held = queries.get_announcement(request.actor, announcement_id)
    rows = list(queries.told_of(request.actor, held))
    before = queries.announced_before(held)
    standing = queries.standing_of(request.actor, held.unit, held.first_on)
    context = {
        "held": held,
        "cycle_text": cycle_text(Cycle(held.first_on, held.last_on)),
        "rows": rows,
        "branches": _progress(rows),
        "missing": [one for one in rows if queries.is_missing(one)],
        "dissents": [one for one in rows if one.answer == "dissents"],
        "present": sum(1 for one in rows if one.was_present),
        "expected": sum(bool(getattr(one, "is_owed", 0)) for one in rows),
        "confirmed": sum(1 for one in rows if one.answer == "confirmed"),
        "whole": queries.sees_whole(request.actor, held.unit),
        "newer": standing.made if standing.is_due and queries.is_latest(held) else None,
        "later": standing.held if standing.held and standing.held.pk != held.pk else None,
        "anew": _anew(request.actor, held.unit, held.settlement, before),
        "by": names_of([held.by_number]).get(held.by_number or 0, ""),
        "filed": _filed(held, rows),
    }
    return render(request, "results/announcement.html", context)


def _filed(held: Any, rows: Any) -> str:
    found = queries.closed_among([one.result.member_id for one in rows], Cycle(held.first_on, held.last_on))
    return next(iter(found.values()), "")


def _progress(rows: Any) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for one in rows:
        branch = one.result.branch
        kept = found.setdefault(
            branch.pk, {"branch": branch, "listed": 0, "present": 0, "handed": 0, "answered": 0, "missing": 0}
        )
        kept["listed"] += 1
        kept["present"] += bool(one.was_present)
        kept["handed"] += one.handed_on is not None
        kept["answered"] += bool(one.answer)
        kept["missing"] += queries.is_missing(one)
    return list(found.values())


@signed_in
def branch(request: SignedIn, announcement_id: int, branch_id: int) -> HttpResponse:
    """一个支部的到会、送达和答复 In the order of the roster."""
    held = queries.get_announcement(request.actor, announcement_id)
    rows = [one for one in queries.told_of(request.actor, held) if one.result.branch_id == branch_id]
    if not rows:
        raise NotVisible
    at, names = rows[0].result.branch, settlement_queries.tier_names(held.settlement)
    form = TellForm(
        request.POST or None,
        rows=rows,
        said={one.pk: announcing.outcome_text(one.result, names) for one in rows},
        initial={"seal": queries.seal_of(held, [branch_id])},
        held_on=held.held_on,
    )
    writes = may_record_told(request.actor, held.unit, at)
    if request.method == "POST" and form.is_valid():
        marks = form.marks()
        if not marks and writes:
            messages.info(request, "没有改动。")
            return redirect("announcement-branch", held.pk, branch_id)
        done = tried(
            form,
            lambda: announcing.record_told(
                actor=request.actor,
                announcement_id=held.pk,
                seal=form.cleaned_data["seal"],
                marks=marks or {one.pk: announcing.Mark() for one in rows},
            ),
        )
        if done is not None:
            messages.success(request, f"已登记{len(marks)}人。")
            return redirect("announcement", held.pk)
    context = {
        "held": held,
        "branch": at,
        "cycle_text": cycle_text(Cycle(held.first_on, held.last_on)),
        "form": form,
        "open": writes and queries.is_latest(held) and not _filed(held, rows),
    }
    return render(request, "results/announcement_branch.html", context, status=status_of(request))


@signed_in
def announcement_workbook(request: SignedIn, announcement_id: int) -> HttpResponse:
    """通报登记的 Excel"""
    held = queries.get_announcement(request.actor, announcement_id)
    title = f"{held.unit.name}{cycle_text(Cycle(held.first_on, held.last_on))}通报登记"
    return download(workbook(held, queries.told_of(request.actor, held), title), XLSX, f"{title}.xlsx")


@signed_in
def answer_for(request: SignedIn, told_id: int) -> HttpResponse:
    """据回执代登 What a member wrote on its signed slip."""
    one = queries.get_told(request.actor, told_id)
    held = one.announcement
    if not may_record_told(request.actor, held.unit, one.result.branch):
        raise NotVisible
    start = {"answer": one.answer, "words": one.words, "answered_on": one.answered_on} if one.answer else None
    form = AnswerForForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: announcing.answer_result(actor=request.actor, told_id=told_id, **form.cleaned_data))
        if done is not None:
            messages.success(request, f"已登记{done.result.member.name}的答复。")
            return redirect("announcement-branch", held.pk, one.result.branch_id)
    names = settlement_queries.tier_names(held.settlement)
    context = {
        "one": one,
        "held": held,
        "form": form,
        "outcome": announcing.outcome_text(one.result, names),
        "itself": one.answer and one.entered_by_number is None,
        "scored": has_score(one.result),
    }
    return render(request, "results/answer_for.html", context, status=status_of(request))
