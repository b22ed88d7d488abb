"""预警页 Whom postings brought across an alarm line in the running cycle, for the branch and those above."""

from django.http import HttpResponse
from django.shortcuts import render

from pioneer.results import alarm_queries as queries
from pioneer.web.doors import SignedIn, signed_in


@signed_in
def alarms(request: SignedIn, branch_id: int) -> HttpResponse:
    """支部的预警"""
    branch, rows = queries.alarmed_in(request.actor, branch_id)
    context = {"branch": branch, "rows": rows, "has_lines": bool(queries.lines_of(branch.district_number))}
    return render(request, "results/alarms.html", context)
