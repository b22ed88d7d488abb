"""备案包核验页 A package from a stick or a mail, checked by what is in it; nothing of it is kept."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from pioneer.filings import queries
from pioneer.filings.checking import MOST, check
from pioneer.kernel import sealing
from pioneer.kernel.errors import NotVisible
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.filings import CheckPackageForm
from pioneer.web.forms.trying import status_of, tried_with_file


@signed_in
def check_package(request: SignedIn) -> HttpResponse:
    """核验备案包 Says what it is and whether it is the very one on record here, or which document is wrong."""
    if not queries.scope(request.actor):
        raise NotVisible
    form = CheckPackageForm(request.POST or None, request.FILES or None)
    found = tried_with_file(form, "package", MOST, check)
    context: dict[str, Any] = {"form": form, "found": found}
    if found is not None:
        context |= {
            "fingerprint": sealing.short(found.digest),
            "known": queries.visible_to(request.actor).filter(package_digest=found.digest).first(),
        }
    return render(request, "filings/check.html", context, status=200 if found is not None else status_of(request))
