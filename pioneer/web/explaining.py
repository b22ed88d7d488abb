"""一分怎么来的 A member's score as a tree that opens down to the single entry: on the page, to take away, on paper."""

import json
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render

from pioneer.kernel.errors import NotVisible
from pioneer.ledger.explaining import Explained, Supposed, choices, explained, suppose
from pioneer.members import queries as members
from pioneer.papers.rendering import render as print_paper
from pioneer.results.beyond import beyond_of
from pioneer.results.formers import former_results
from pioneer.scoring.explanation import as_json
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.explaining import SupposeForm
from pioneer.web.papers import paper

PLAIN = {"basic", "positive", "reverse", "outside", "aspect"}  # the figures beside them say all their sentence says
OPEN = {"basic", "positive", "reverse", "outside", "zeroing", "aspect", "pool", "periods", "unusable"}


@signed_in
def explain(request: SignedIn, member_id: int) -> HttpResponse:
    """一分怎么来的 With a form at its end: what one more thing would bring."""
    member = members.get_visible(request.actor, member_id)
    found = explained(member, _asked_cycle(request), beyond_of)
    is_own = member.user_id is not None and member.user_id == request.actor.number
    form = supposed = None
    if found.tree is not None and not found.is_past:
        form, supposed = _supposing(request, found)
    context = {
        "found": found,
        "is_own": is_own,
        "parts": [node for node in found.tree.children if node.points is not None] if found.tree else [],
        "follows": [node for node in found.tree.children if node.points is None] if found.tree else [],
        "open": OPEN,
        "plain": PLAIN,
        "form": form,
        "filed": _filed_otherwise(found),
        "supposed": supposed,
    }
    return render(request, "ledger/explain.html", context)


def _asked_cycle(request: SignedIn) -> date | None:
    """A day of the cycle that is asked for; what is no day asks for none."""
    try:
        return date.fromisoformat(request.GET.get("cycle", ""))
    except ValueError:
        return None


def _filed_otherwise(found: Explained) -> Any:
    """What was filed of the cycle, where it is not what the books make of it: amended since, or settled from paper."""
    if found.tree is None or not found.is_past:
        return None
    filed = former_results([found.member.pk]).get(found.member.pk, [])
    one = next((row for row in filed if row.first_on == found.cycle.first_on), None)
    return one if one is not None and one.score is not None and one.score != found.tree.points else None


def _supposing(request: SignedIn, found: Explained) -> tuple[SupposeForm, Supposed | None]:
    asked = "indicator" in request.GET
    form = SupposeForm(
        request.GET if asked else None,
        offer=choices(found.member),
        cycle=found.cycle,
        initial={"event_on": found.on},
    )
    return form, suppose(found, form.fact()) if asked and form.is_valid() else None


@signed_in
def explain_json(request: SignedIn, member_id: int) -> HttpResponse:
    """可带走的说明 The same tree as a file."""
    found = _found(request, member_id)
    response = HttpResponse(
        json.dumps(_content(found), ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_name(found))}.json"
    return response


@signed_in
def explain_pdf(request: SignedIn, member_id: int) -> HttpResponse:
    """纸面的说明 The same tree on paper."""
    found = _found(request, member_id)
    return paper(print_paper("explanation", _content(found)), _name(found))


def _found(request: SignedIn, member_id: int) -> Explained:
    found = explained(members.get_visible(request.actor, member_id), _asked_cycle(request), beyond_of)
    if found.tree is None:
        raise NotVisible
    return found


def _name(found: Explained) -> str:
    return f"得分说明-{found.member.name}-{found.cycle.first_on.year}年"


def _content(found: Explained) -> dict[str, Any]:
    """What the file and the paper hold."""
    assert found.tree is not None
    cycle = found.cycle
    return {
        "member": found.member.name,
        "number": found.member.number,
        "branch": found.branch.name if found.branch else "",
        "cycle": {"first_on": cycle.first_on.isoformat(), "last_on": cycle.last_on.isoformat()},
        "as_of": found.on.isoformat(),
        "tier": found.tier.name if found.tier else None,
        "versions": found.versions,
        "score": as_json(found.tree),
    }
