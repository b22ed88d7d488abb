"""核对指纹页 For whoever holds a paper: was it published, and what became of it? No sign-in, no names."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.ledger import sheets_in_hand
from pioneer.web.forms.publicity import FingerprintForm
from pioneer.web.forms.trying import tried
from pioneer.web.publicity import day_before, quiet

PER_MINUTE = 120  # of everybody together: no address is kept to count by, and there is no puzzle


@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """核对指纹 Which notice it is of, until when it was shown, what replaced it, whether the ledger agrees."""
    form = FingerprintForm(request.GET or None)
    page: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["fingerprint"]
        found = tried(form, lambda: _held(text))
        if found is not None:
            page["asked"] = True
            page["found"] = [(one, day_before(one.publication.closes_at)) for one in found]
    return quiet(render(request, "publicity/fingerprint.html", page))


def _held(text: str) -> list[sheets_in_hand.Held]:
    _require_pace()
    return sheets_in_hand.held(text)


def _require_pace() -> None:
    minute = f"fingerprints:{clock.now():%Y%m%d%H%M}"
    cache.add(minute, 0, 120)
    if cache.incr(minute) > PER_MINUTE:
        raise DomainError("too_many", "现在查的人太多，请过一分钟再查。")
