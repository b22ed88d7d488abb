"""年度图页 The pictures of a cycle for an organisation, from the latest settlement in earnest."""

from django.http import HttpResponse
from django.shortcuts import render

from pioneer.accounts.policies import Act, paths
from pioneer.kernel.errors import NotVisible
from pioneer.overview import year
from pioneer.results.cycles import cycle_text, cycles_of
from pioneer.results.settlement_queries import latest_for
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.results import ChooseCycleForm
from pioneer.web.year_pictures import pictures


@signed_in
def year_overview(request: SignedIn) -> HttpResponse:
    """年度图 `at` an organisation one may look at, `cycle` the first day of a cycle."""
    seen = year.places(request.actor)
    if not seen and not paths(request.actor, Act.SEE_SHEET):
        raise NotVisible
    if not seen:
        return render(request, "overview/year.html")
    at = next((one for one in seen if str(one.organisation.pk) == request.GET.get("at")), seen[0])
    cycles = cycles_of(at.organisation.district_number)
    over = next((one for one in cycles[1:2]), next(iter(cycles), None))
    cycle = next((one for one in cycles if one.first_on.isoformat() == request.GET.get("cycle")), over)
    top = min(one.organisation.path.count("/") for one in seen)
    form = ChooseCycleForm(
        initial={"at": at.organisation.pk, "cycle": cycle.first_on.isoformat() if cycle else ""},
        places=[
            (one.organisation.pk, "　" * (one.organisation.path.count("/") - top) + one.organisation.name)
            for one in seen
        ],
        cycles=[(one.first_on.isoformat(), cycle_text(one)) for one in cycles],
    )
    made = latest_for(at.organisation, cycle.first_on) if cycle else None
    context = {"form": form, "at": at, "cycle_text": cycle_text(cycle) if cycle else "", "made": made}
    if made is not None:
        rows = year.rows_below(made, at.organisation)
        context["members"] = rows.count()
        context["pictures"] = pictures(year.year(made, rows, at.organisation, whole=at.whole))
    elif cycle is not None:
        context["below"] = year.settled_below(seen, at.organisation, cycle.first_on)
        context["cycle"] = cycle
    return render(request, "overview/year.html", context)
