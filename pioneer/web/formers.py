"""以往结果页 What was filed of former cycles: by organisation and by member, and brought in from a workbook."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pioneer.accounts.policies import Act, may, require
from pioneer.kernel.errors import BadInput, DomainError, NotVisible
from pioneer.members.queries import get_visible, last_branch
from pioneer.results import former_queries as queries
from pioneer.results import imports
from pioneer.results.mark_queries import marks_of
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX, download
from pioneer.web.forms.results import ChoosePlaceForm, FormersFileForm
from pioneer.workbooks.formers_book import LIMITS, NOTES, formers_template

PER_PAGE = 100


@signed_in
def formers(request: SignedIn) -> HttpResponse:
    """以往结果 Of everybody at an organisation, in the order of the roster."""
    places = queries.places_of_formers(request.actor)
    if not places:
        raise NotVisible
    top = min(one.path.count("/") for one in places)
    offered = [(one.pk, "　" * (one.path.count("/") - top) + one.name) for one in places]
    at = next((one for one in places if str(one.pk) == request.GET.get("at")), places[0])
    page = Paginator(queries.members_at(at), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": ChoosePlaceForm(initial={"at": at.pk}, places=offered),
        "at": at,
        "page": page,
        "rows": [(row, _named(row.results)) for row in queries.rows_of(page.object_list)],
        "may_import": may(request.actor, Act.IMPORT_FORMERS, at),
    }
    return render(request, "results/formers.html", context)


def _named(found: list[Any]) -> list[tuple[Any, str]]:
    return [(one, queries.cycle_name(one)) for one in found]


@signed_in
def member_results(request: SignedIn, member_id: int) -> HttpResponse:
    """一名党员的以往结果 And its marks from outside the points."""
    member = get_visible(request.actor, member_id)
    context = {
        "member": member,
        "branch": last_branch(member),
        "formers": _named(queries.formers_of(member)),
        "marks": marks_of(member),
    }
    return render(request, "results/member.html", context)


@signed_in
def template(request: SignedIn, organisation_id: int) -> HttpResponse:
    """空表 To be filled in and brought back."""
    at = queries.place_of_formers(request.actor, organisation_id)
    require(request.actor, Act.IMPORT_FORMERS, at)
    title = f"{at.name}以往结果"
    return download(formers_template(title, queries.tiers_of(at.district_number).names), XLSX, f"{title}.xlsx")


@signed_in
def bring_in(request: SignedIn, organisation_id: int) -> HttpResponse:
    """导入以往结果 What is wrong in the file is listed together, and nothing is written."""
    at = queries.place_of_formers(request.actor, organisation_id)
    require(request.actor, Act.IMPORT_FORMERS, at)
    form = FormersFileForm(request.POST or None, request.FILES or None)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            content = file.read(LIMITS.file_bytes + 1)
            done = imports.import_formers(
                actor=request.actor, organisation_id=at.pk, name=file.name or "", content=content
            )
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = error
        else:
            same = f"另有{done.same}条与已登记的相同。" if done.same else ""
            kept = f"已登记{done.members}名党员的{done.results}条以往结果。" if done.results else "没有新的内容。"
            messages.success(request, kept + same)
            return redirect(f"{reverse('formers')}?at={at.pk}")
    faults = refusal.faults if isinstance(refusal, BadInput) else []
    context = {"at": at, "form": form, "refusal": refusal, "faults": faults, "notes": NOTES}
    return render(request, "results/formers_import.html", context, status=422 if request.method == "POST" else 200)
