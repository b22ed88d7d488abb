"""试算页 A draft tried out on what stands posted: asked for, waited for, and read."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRefresh

from pioneer.kernel.errors import NotVisible
from pioneer.results import queries, services, telling
from pioneer.results.policies import may_simulate
from pioneer.rulebook.queries import version_for
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.results import SimulateForm
from pioneer.web.forms.trying import tried
from pioneer.web.tier_flow import flow

FEW = 20  # past dry runs that are listed


@signed_in
def simulate(request: SignedIn, version_id: int) -> HttpResponse:
    """试算一部草案 The form, and what was tried before."""
    version = version_for(request.actor, version_id)
    if not may_simulate(request.actor, version.district):
        raise NotVisible
    places = queries.places(version)
    top = version.district.path.count("/")
    choices = [(one.pk, "　" * (one.path.count("/") - top) + one.name) for one in places]
    form = SimulateForm(request.POST or None, places=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(
            form,
            lambda: services.simulate_version(
                actor=request.actor,
                version_id=version_id,
                organisation_id=given["organisation"],
                year=given["year"],
            ),
        )
        if made is not None:
            return redirect("dry-run", version_id, made.pk)
    runs = [(run, queries.is_busy(run)) for run in queries.dry_runs(request.actor, version)[:FEW]]
    context = {"version": version, "form": form, "runs": runs}
    return render(request, "results/simulate.html", context, status=422 if form.is_bound else 200)


@signed_in
def dry_run(request: SignedIn, version_id: int, run_id: int) -> HttpResponse:
    """一次试算 On its way, come to nothing, or with its figures."""
    run = queries.get_dry_run(request.actor, version_id, run_id)
    if queries.is_busy(run) or run.task.state != "done":
        return _waiting(request, run)
    if request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "results/dry_run.html", {"run": run, **_shown(request, run.task.result)})


def _waiting(request: SignedIn, run: Any) -> HttpResponse:
    busy = queries.is_busy(run)
    if request.htmx and not busy:
        return HttpResponseClientRefresh()
    share = run.task.done * 100 // run.task.total if run.task.total else 0
    return render(request, "results/waiting.html", {"run": run, "busy": busy, "share": share})


def _shown(request: SignedIn, figures: dict[str, Any]) -> dict[str, Any]:
    """What the page says of the figures. Two queries, for the names."""
    names = (telling.tier_names(figures, 0), telling.tier_names(figures, 1))
    table = telling.matrix(figures)
    up, down = telling.changed(figures)
    return {
        "figures": figures,
        "cycle": telling.span(figures["cycles"][1]),
        "same_ladder": telling.is_same_ladder(figures),
        "up": up,
        "down": down,
        "columns": _columns(names[1], table),
        "rows": [
            (name, list(zip(names[1], row, strict=True)), sum(row))
            for name, row in zip(names[0], table, strict=True)
            if sum(row)
        ],
        "flow": flow(names[0], names[1], table, telling.is_same_ladder(figures)),
        "tracks": [_track(track, names) for track in figures["tracks"]],
        "bites": telling.bites(figures),
        "idle": telling.idle_limits(figures),
        "pools": telling.pools(figures),
        "silent": telling.silent(figures, is_new=False),
        "fresh": telling.silent(figures, is_new=True),
        "fit": telling.fit(figures),
        "cautions": telling.cautions(figures),
        "movers": _movers(request, figures, names),
    }


def _columns(names: list[str], table: list[list[int]]) -> list[tuple[str, int]]:
    return [(name, sum(row[place] for row in table)) for place, name in enumerate(names)]


def _track(track: dict[str, Any], names: tuple[list[str], list[str]]) -> dict[str, Any]:
    """Each tier's share before and after, in whole per cent. Before and after may have different tiers."""
    shares = [
        [(name, round(number * 100 / track["members"])) for name, number in zip(own, tiers, strict=True)]
        for own, tiers in zip(names, track["tiers"], strict=True)
    ]
    return {**track, "shares": shares}


def _movers(request: SignedIn, figures: dict[str, Any], names: tuple[list[str], list[str]]) -> list[dict[str, Any]]:
    known = queries.members_behind(request.actor, [row["member"] for row in figures["movers"]])
    return [
        {
            "who": known[row["member"]],
            "was": row["was"],
            "now": row["now"],
            "difference": row["now"] - row["was"],
            "tiers": [names[0][_place(row["was_tier"])], names[1][_place(row["now_tier"])]],
        }
        for row in figures["movers"]
        if row["member"] in known
    ]


def _place(tier: int | None) -> int:
    return -1 if tier is None else tier
