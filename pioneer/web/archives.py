"""年度档案页 Which branches have an archive of a cycle; of one branch what is still open, the editions, and the button
that makes one; what is being made; one edition with its documents; and a bundle in hand checked."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from pioneer.archives import notes, policies, queries, services
from pioneer.archives.checking import MOST, check
from pioneer.assessments.queries import names_of
from pioneer.files import packages
from pioneer.files.queries import open_file
from pioneer.filings import queries as filings
from pioneer.kernel import sealing
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.results.announcing_queries import scope as announcing_scope
from pioneer.results.cycles import cycle_text
from pioneer.results.settlement_queries import scope as settling_scope
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.archives import CheckArchiveForm, ChooseArchiveCycleForm, MakeArchiveForm
from pioneer.web.forms.trying import status_of, tried_with_file

FEW = 30
LINKS = {
    "sheet": ("sheet", "打开考评表"),
    "publication": ("publication", "打开公示"),
    "amendment": ("amendment", "打开更正"),
}
WORDS = (
    *(("roster", "花名册", "人"), ("notices", "公示", "次"), ("objections", "异议", "件"), ("postings", "入账", "次")),
    *(
        ("entries", "台账", "条"),
        ("results", "评定结果", "人"),
        ("filings", "备案", "次"),
        ("amendments", "更正", "项"),
    ),
    *(("zeroings", "清零", "件"), ("encouragements", "勉励", "人"), ("follow_ups", "帮教", "件")),
    *(("commendations", "公开表扬", "人"), ("nominations", "推荐", "件"), ("findings", "不合格的认定", "件")),
    ("cases", "组织处置", "件"),
)


@signed_in
@require_safe
def archives(request: SignedIn) -> HttpResponse:
    """年度档案 The branches one makes archives of, with the latest edition of a cycle; of a single branch, its page."""
    if not queries.scope(request.actor):
        raise NotVisible
    branches = queries.branches_for(request.actor)
    cycles = queries.cycles_of(branches[0]) if branches else []
    usual = queries.last_cycle(branches[0]) if branches else None
    cycle = next((one for one in cycles if one.first_on.isoformat() == request.GET.get("cycle")), usual)
    if len(branches) == 1 and cycle is not None:
        return redirect("branch-archives", branches[0].pk, cycle.first_on.isoformat())
    context: dict[str, Any] = {"cycle": cycle}
    if cycle is not None:
        offered = [(one.first_on.isoformat(), cycle_text(one)) for one in cycles]
        latest = queries.latest_of(branches, cycle.first_on)
        rows = [(one, latest.get(one.pk)) for one in branches if one.opened_on <= cycle.last_on]
        context |= {
            "form": ChooseArchiveCycleForm(initial={"cycle": cycle.first_on.isoformat()}, cycles=offered),
            "cycle_text": cycle_text(cycle),
            "rows": rows,
            "whole": sum(1 for _, made in rows if made is not None and not made.is_provisional),
            "provisional": sum(1 for _, made in rows if made is not None and made.is_provisional),
        }
    return render(request, "archives/index.html", context)


@signed_in
def branch(request: SignedIn, branch_id: int, cycle: str) -> HttpResponse:
    """一个支部一个周期的档案 What is still open, the editions, and the form that makes one."""
    place = queries.branch_for(request.actor, branch_id)
    try:
        found = queries.cycle_for(place, date.fromisoformat(cycle))
    except ValueError:
        raise NotVisible from None
    if request.method == "POST":
        return _asked(request, place, found)
    waiting = queries.unfinished(place, found)
    cycles = queries.cycles_of(place)
    context = {
        "branch": place,
        "unit": queries.unit_of(place),
        "cycle": found,
        "cycle_text": cycle_text(found),
        "others": [(one, cycle_text(one)) for one in cycles if one != found],
        "unfinished": [(one, *_link(request, place, found, one)) for one in waiting[:FEW]],
        "more": max(0, len(waiting) - FEW),
        "editions": [(one, sealing.short(one.list_digest)) for one in queries.editions_of(place, found.first_on)],
        "running": queries.working_on(place, found.first_on),
        "several": len(queries.branches_for(request.actor)) > 1,
        "is_over": filings.is_over(found),
    }
    return render(request, "archives/branch.html", context)


def _asked(request: SignedIn, place: Any, cycle: Any) -> HttpResponse:
    policies.require_archive(request.actor, place)
    form = MakeArchiveForm(request.POST)
    is_provisional = form.is_valid() and form.cleaned_data["is_provisional"]
    run = services.ask_archive(
        actor=request.actor, branch_id=place.pk, first_on=cycle.first_on, is_provisional=is_provisional
    )
    return redirect("archive-run", run.pk)


def _link(request: SignedIn, place: Any, cycle: Any, one: Any) -> tuple[str, str]:
    """Where it is dealt with, as far as the actor gets there."""
    unit, day = queries.unit_of(place), cycle.first_on.isoformat()
    if one.kind in LINKS:
        name, text = LINKS[one.kind]
        return reverse(name, args=[one.subject]), text
    if one.kind == "settlement" and _within(settling_scope(request.actor), unit):
        return f"{reverse('settlements')}?at={unit.pk}&cycle={day}", "打开年度评定"
    if one.kind == "announcement" and _within(announcing_scope(request.actor), unit):
        return f"{reverse('announcements')}?cycle={day}", "打开年底通报"
    if one.kind == "filing" and _within(filings.scope(request.actor), unit):
        return reverse("filing-unit", args=[unit.pk, day]), "打开备案"
    return "", ""


def _within(subtrees: list[str], unit: Any) -> bool:
    return any(unit.path.startswith(path) for path in subtrees)


# ------------------------------------------------------------------ what is being made


@signed_in
@require_safe
def archive_run(request: SignedIn, run_id: int) -> HttpResponse:
    """正在做的档案 How far it is; done, the edition; come to nothing, why."""
    run = queries.get_run(request.actor, run_id)
    busy = queries.is_working(run)
    if not busy and run.task.result.get("archive") is not None:
        made = queries.made_by(run)
        if made.made_at < run.created_at:
            messages.info(request, f"与第{made.edition}版相比没有变化，没有另做一版。")
        address = reverse("archive", args=[made.pk])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    share = run.task.done * 100 // run.task.total if run.task.total else 0
    context = {"run": run, "busy": busy, "share": share, "cycle_text": queries.text_of(run)}
    return render(request, "archives/making.html", context)


# ------------------------------------------------------------------ one edition


@signed_in
@require_safe
def archive(request: SignedIn, archive_id: int) -> HttpResponse:
    """一版档案 What it holds, its fingerprint, what changed since the one before, and its documents."""
    found = queries.get_archive(request.actor, archive_id)
    editions = list(queries.editions_of(found.branch, found.first_on))
    context = {
        "archive": found,
        "cycle": found.first_on.isoformat(),
        "cycle_text": queries.text_of(found),
        "figures": [(name, found.figures[key], unit) for key, name, unit in WORDS if found.figures.get(key)],
        "differing": found.figures.get("results", 0) - found.figures.get("recounted", 0),
        "documents": _documents(found),
        "others": [one for one in editions if one.pk != found.pk],
        "is_latest": editions[0].pk == found.pk,
        "by": names_of([found.made_by_number]).get(found.made_by_number or 0, ""),
        "size": max(1, found.size // 1024),
    }
    return render(request, "archives/archive.html", context)


def _documents(found: Any) -> list[tuple[str, str]]:
    """Empty also where the content is gone from where it was kept: the page is shown all the same, and says so."""
    if found.package is None:
        return []
    try:
        with open_file(found.package) as file:
            names = [one for one in packages.names(file.read()) if one != packages.MANIFEST]
    except DomainError:
        return []
    return [(name, notes.note_of(name)) for name in names]


@signed_in
@require_safe
def package(request: SignedIn, archive_id: int) -> HttpResponse:
    """下载年度档案"""
    found = queries.get_archive(request.actor, archive_id)
    if found.package is None:
        raise NotVisible("这一版里有人的文字已按规定抹除，档案不再保留，只留下指纹。请另做一版。")
    response = attachment(found.package)
    kind = "（暂存）" if found.is_provisional else ""
    name = f"{found.branch.name}{queries.text_of(found)}档案第{found.edition}版{kind}.zip"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response  # type: ignore[return-value]


@signed_in
def check_archive(request: SignedIn) -> HttpResponse:
    """核验年度档案 Says what it is and whether it is the very one on record here, or which document is wrong."""
    if not queries.scope(request.actor):
        raise NotVisible
    form = CheckArchiveForm(request.POST or None, request.FILES or None)
    found = tried_with_file(form, "archive", MOST, check)
    context: dict[str, Any] = {"form": form, "found": found}
    if found is not None:
        context["known"] = queries.visible_to(request.actor).filter(package_digest=found.digest).first()
    return render(request, "archives/check.html", context, status=200 if found is not None else status_of(request))
