"""台账页 The member's own page with every point and its reason, the same for the branch, and a branch's postings."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts.policies import Actor
from pioneer.archives.policies import may_archive
from pioneer.archives.queries import last_cycle
from pioneer.conduct import queries as conduct
from pioneer.kernel import sealing
from pioneer.kernel.errors import NotVisible
from pioneer.ledger import queries, services
from pioneer.ledger.account import Account, account_of
from pioneer.members import queries as members
from pioneer.results.beyond import beyond_of
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.todo import Todo

PER_PAGE = 24
WIDE = 340


def todo(actor: Actor) -> list[Todo]:
    """待办 Closed notices to post."""
    waiting = queries.to_post_by(actor)
    return [Todo("公示已结束，待入账", len(waiting), reverse("publication", args=[waiting[0].pk]))] if waiting else []


@dataclass(frozen=True, slots=True)
class Band:
    """一档 A stretch of the scale, in its units."""

    left: float
    width: float
    label: str
    shade: int


@dataclass(frozen=True, slots=True)
class Scale:
    """标尺 Drawn as SVG attributes: tiers as bands, the score as a mark."""

    bands: list[Band]
    mark: float
    text: str


def scale_of(account: Account) -> Scale | None:
    """标尺 Up to the greater of 100 points and the score."""
    score = account.score
    if score is None or len(account.tiers) < 2:
        return None
    top = max(10000, -(-score.score // 1000) * 1000)
    edges = [max(0, tier.lower) for tier in account.tiers] + [top]
    bands = []
    for place, tier in enumerate(account.tiers):
        left, right = (WIDE * edge / top for edge in (edges[place], edges[place + 1]))
        label = f"{tier.lower // 100}" if tier.lower > 0 else ""
        bands.append(Band(round(left, 1), round(right - left, 1), label, place * 3 // max(1, len(account.tiers) - 1)))
    mark = WIDE * min(score.score, top) / top
    reached = account.tier
    return Scale(bands, round(min(max(mark, 2), WIDE - 2), 1), reached.name if reached else "")


@signed_in
def home(request: SignedIn) -> HttpResponse:
    """我的积分"""
    member = members.member_of(request.actor.number)
    if member is None:
        return render(request, "ledger/nobody.html", status=404)
    account = account_of(member, beyond_of)
    asked = [line for line in account.lines if line.statement]
    cases = [
        case for case in conduct.zeroings_waiting_for(request.actor) if case.member.user_id == request.actor.number
    ]
    page = {"account": account, "scale": scale_of(account), "asked": asked, "cases": cases, "is_own": True}
    return render(request, "ledger/score.html", page)


@signed_in
def score(request: SignedIn, member_id: int) -> HttpResponse:
    """党员的积分 As the member sees it, for who keeps the roster."""
    member = members.get_visible(request.actor, member_id)
    if member.user_id is not None and member.user_id == request.actor.number:
        return redirect("member-home")
    account = account_of(member, beyond_of)
    return render(request, "ledger/score.html", {"account": account, "scale": scale_of(account), "is_own": False})


@signed_in
def branch(request: SignedIn, branch_id: int) -> HttpResponse:
    """支部台账 Its postings in their chain, the latest first, each with its fingerprint."""
    found = queries.branch_for(request.actor, branch_id)
    page = Paginator(queries.postings_of(request.actor, found), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, sealing.short(row.digest), sealing.short(row.publication.digest)) for row in page.object_list]
    context = {
        "branch": found,
        "page": page,
        "rows": rows,
        "cycle": last_cycle(found) if may_archive(request.actor, found) else None,
    }
    return render(request, "ledger/branch.html", context)


@signed_in
@require_POST
def post(request: SignedIn, publication_id: int) -> HttpResponse:
    """入账"""
    made = services.post_sheet(actor=request.actor, publication_id=publication_id)
    if made.publication_id != publication_id:
        raise NotVisible
    messages.success(request, f"已入账：第{made.number}号，指纹{sealing.short(made.digest)}。")
    return redirect("branch-ledger", made.branch_id)
