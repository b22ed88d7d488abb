"""年度评定页 An organisation and a cycle are chosen; what stands in the way comes first, then the settlement, its table
in the order of the roster, what changed since the one before, and the member's own result."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from pioneer.assessments.queries import names_of
from pioneer.kernel import sealing
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.points import show
from pioneer.overview.year import year
from pioneer.results import settlement_queries as queries
from pioneer.results import settling
from pioneer.results.cycles import Ruled, cycle_text, cycles_of, ruled
from pioneer.results.former_cycles import asks_for_formers, unrecorded
from pioneer.results.hindrances import Hindrance, hindrances
from pioneer.results.policies import may_settle
from pioneer.results.result_book import workbook
from pioneer.scoring import Cycle
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX, download
from pioneer.web.forms.results import ChooseCycleForm, SettleForm
from pioneer.web.year_pictures import pictures

PER_PAGE, FEW = 200, 30
LINKS = {
    "sheet": ("sheet", "打开考评表"),
    "publication": ("publication", "打开公示"),
    "objection": ("objection", "打开异议"),
    "transfer": ("transfer", "打开转接"),
    "zeroing": ("zeroing", "打开清零"),
    "exemption": ("exemption", "打开免评"),
}
GENERAL = {
    "no_sheet": ("sheets", "打开考评"),
    "claims": ("sheets", "打开考评"),
    "marks": ("marks", "打开外部成绩"),
}


@signed_in
def settlements(request: SignedIn) -> HttpResponse:
    """年度评定 Choose, see what stands in the way, settle; and what was settled before."""
    if not queries.scope(request.actor):
        raise NotVisible
    places = queries.places_to_settle(request.actor)
    if not places:
        return render(request, "results/no_settlements.html")
    top = min(one.path.count("/") for one in places)
    offered = [(one.pk, "　" * (one.path.count("/") - top) + one.name) for one in places]
    at = next((one for one in places if str(one.pk) == request.GET.get("at")), places[0])
    cycles = cycles_of(at.district_number)
    days = [(one.first_on.isoformat(), cycle_text(one)) for one in cycles]
    usual = next((one for one in cycles[1:2]), next(iter(cycles), None))  # the one that is over, if there is one
    cycle = next((one for one in cycles if one.first_on.isoformat() == request.GET.get("cycle")), usual)
    chosen = cycle.first_on.isoformat() if cycle else ""
    form = ChooseCycleForm(initial={"at": at.pk, "cycle": chosen}, places=offered, cycles=days)
    context = {"form": form, "at": at, "cycle": cycle, **(_standing(request, at, cycle) if cycle else {})}
    return render(request, "results/settlements.html", context)


def _standing(request: SignedIn, at: Any, cycle: Cycle) -> dict[str, Any]:
    rules = ruled(at.district_number, cycle.first_on)
    found = hindrances(at, rules)
    runs = [
        (run, queries.is_working(run), getattr(run, "settlement", None)) for run in queries.runs_of(at, cycle)[:FEW]
    ]
    return {
        "cycle_text": cycle_text(cycle),
        "hindrances": [(one, *_link(one)) for one in found[:FEW]],
        "more": max(0, len(found) - FEW),
        "may": may_settle(request.actor, at),
        "streaks": rules.rules.closing.streaks,
        "components": rules.rules.closing.components,
        "unrecorded": _unrecorded(at, rules),
        "runs": runs,
        "above": queries.settlements_above(request.actor, at, cycle),
    }


def _unrecorded(at: Any, rules: Ruled) -> tuple[int, str]:
    """How many have nothing on record of the cycle before, where the rules look back at it."""
    if not asks_for_formers(rules.rules):
        return 0, ""
    found = unrecorded(at, rules)
    return found.members, cycle_text(found.cycle)


def _link(one: Hindrance) -> tuple[str, str]:
    if one.subject is not None and one.kind in LINKS:
        name, text = LINKS[one.kind]
        return reverse(name, args=[one.subject]), text
    if one.kind in GENERAL:
        name, text = GENERAL[one.kind]
        return reverse(name), text
    if one.kind == "formers":
        return f"{reverse('formers')}?at={one.subject}", "打开以往结果"
    return "", ""


@require_POST
@signed_in
def settle(request: SignedIn) -> HttpResponse:
    """开始评定 In earnest, or as a trial."""
    form = SettleForm(request.POST)
    if not form.is_valid():
        raise NotVisible
    given = form.cleaned_data
    run = settling.settle_cycle(
        actor=request.actor,
        organisation_id=given["organisation"],
        first_on=given["first_on"],
        is_trial=given["is_trial"],
    )
    return redirect("settlement-run", run.pk)


@signed_in
def settlement_run(request: SignedIn, run_id: int) -> HttpResponse:
    """一次评定任务 On its way, come to nothing, or done: then its table."""
    run = queries.get_run(request.actor, run_id)
    made = getattr(run, "settlement", None)
    if made is not None and run.task.state == "done":
        address = reverse("settlement", args=[made.pk])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    share = run.task.done * 100 // run.task.total if run.task.total else 0
    text = cycle_text(Cycle(run.first_on, run.last_on))
    context = {"run": run, "busy": queries.is_working(run), "share": share, "cycle_text": text}
    return render(request, "results/settling.html", context)


@signed_in
def settlement(request: SignedIn, settlement_id: int) -> HttpResponse:
    """评定结果 In the order of the roster; the tiers as numbers and as a picture."""
    made = queries.get_settlement(request.actor, settlement_id)
    results = queries.results_of(request.actor, made)
    names = {**queries.tier_names(made), "": "不定等次"}
    page = Paginator(results, PER_PAGE).get_page(request.GET.get("page"))
    counts = queries.tier_counts(made, results)
    reached = queries.reached_by(made, page.object_list)
    most = max((one.members for one in counts), default=0)
    context = {
        **_heading(made),
        "page": page,
        "rows": [
            (one, names.get(one.tier, one.tier), names.get(one.earned, one.earned), reached.get(one.pk, ()))
            for one in page.object_list
        ],
        "streaks": queries.streak_counts(made, results),
        "has_outside": results.exclude(outside=0).exists(),
        "bars": [(one, one.members * 300 // most if most else 0, 30 * place) for place, one in enumerate(counts)],
        "height": 30 * len(counts),
        "members": page.paginator.count,
        "changes": queries.changes_of(request.actor, made).count() if made.replaces_id else 0,
        "fingerprint": sealing.short(made.digest),
        "by": names_of([made.by_number]).get(made.by_number or 0, ""),
        "pictures": pictures(year(made, results, made.organisation, whole=True)),
    }
    return render(request, "results/settlement.html", context)


def _heading(made: Any) -> dict[str, Any]:
    return {"made": made, "cycle_text": cycle_text(Cycle(made.first_on, made.last_on))}


@signed_in
def settlement_changes(request: SignedIn, settlement_id: int) -> HttpResponse:
    """与上次的变动 Line by line, and because of which correction, where that can be told."""
    made = queries.get_settlement(request.actor, settlement_id)
    if made.replaces_id is None:
        raise NotVisible
    page = Paginator(queries.changes_of(request.actor, made), PER_PAGE).get_page(request.GET.get("page"))
    names = queries.tier_names(made)
    rows = [(one, _told(one, one.was, names), _told(one, one.now, names)) for one in page.object_list]
    return render(request, "results/changes.html", {**_heading(made), "page": page, "rows": rows})


def _told(one: Any, value: str, names: dict[str, str]) -> str:
    if one.what == "score":
        return f"{show(int(value))}分"
    if one.what == "tier":
        return names.get(value, value) or "不定等次"
    if one.what == "why":
        return queries.WHY.get(value, value) or "定等次"
    return ""


@signed_in
def settlement_workbook(request: SignedIn, settlement_id: int) -> HttpResponse:
    """评定结果的 Excel"""
    made = queries.get_settlement(request.actor, settlement_id)
    text = cycle_text(Cycle(made.first_on, made.last_on))
    title = f"{made.organisation.name}{text}{'试算' if made.is_trial else '评定结果'}（第{made.number}次）"
    return download(workbook(request.actor, made, title), XLSX, f"{title}.xlsx")
