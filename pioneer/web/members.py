"""党员页 The branch roster, the member's file, one's own file. What changes them stands in `roster_changes.py`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts import policies as accounts
from pioneer.accounts.policies import Act, Actor
from pioneer.conduct import queries as conduct
from pioneer.declarations import queries as declarations
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import proceedings, queries, services
from pioneer.members.dossier import Dossier, dossier
from pioneer.members.queries import RosterEntry
from pioneer.organisations.queries import in_tree_order
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.todo import Todo

FILTERS: dict[str, tuple[str, Callable[[RosterEntry], bool]]] = {
    "": ("全部", lambda row: True),
    "full": ("正式", lambda row: row.status == "full"),
    "probationary": ("预备", lambda row: row.probationary),
    "floating": ("流动", lambda row: row.floating),
    "exempt": ("免评", lambda row: row.exempt),
    "lost": ("失联", lambda row: row.status == "out_of_contact"),
    "no-identity": ("缺身份证号", lambda row: not row.identity_shown),
    "no-account": ("没有账号", lambda row: row.user_id is None),
}


def todo(actor: Actor) -> list[Todo]:
    """待办 Transfers to accept, exemptions to agree and to approve."""
    here = reverse("members-waiting")
    waiting = [
        ("组织关系转接待接收", len(proceedings.transfers_waiting(actor))),
        ("免评申请待支部审核", len(proceedings.exemptions_to_agree(actor))),
        ("免评申请待批准", len(proceedings.exemptions_to_approve(actor))),
    ]
    return [*_rosters_to_fill(actor), *(Todo(text, count, here) for text, count in waiting if count)]


def _rosters_to_fill(actor: Actor) -> list[Todo]:
    """A branch begins with its roster."""
    bare = queries.without_members(actor)
    if not bare:
        return []
    url = reverse("roster", args=[bare[0].pk]) if len(bare) == 1 else reverse("rosters")
    text = f"{bare[0].name}的花名册还是空的" if len(bare) == 1 else "花名册还是空的支部"
    return [Todo(text, len(bare), url, note="从 Excel 导入，或逐个添加")]


@signed_in
def waiting(request: SignedIn) -> HttpResponse:
    """待办的转接和免评"""
    context = {
        "transfers": proceedings.transfers_waiting(request.actor),
        "to_agree": proceedings.exemptions_to_agree(request.actor),
        "to_approve": proceedings.exemptions_to_approve(request.actor),
    }
    return render(request, "members/waiting.html", context)


@signed_in
def rosters(request: SignedIn) -> HttpResponse:
    """花名册 The branches whose roster the actor sees, and a search over all of them."""
    words = request.GET.get("q", "").strip()
    branches = in_tree_order(queries.branches_for(request.actor).select_related("parent"))
    if not branches and not accounts.paths(request.actor, Act.SEE_ROSTER):
        if queries.member_of(request.actor.number) is not None:
            return redirect("own-file")
        raise NotVisible
    if len(branches) == 1 and not words:
        return redirect("roster", branches[0].pk)
    counts = queries.headcounts([branch.pk for branch in branches], clock.today())
    context = {
        "branches": [(branch, counts.get(branch.pk, 0)) for branch in branches],
        "words": words,
        "may_import": bool(accounts.paths(request.actor, Act.IMPORT_ROSTER)),
        "is_member": queries.member_of(request.actor.number) is not None,
        "found": queries.found(request.actor, words),
    }
    return render(request, "members/rosters.html", context)


@signed_in
def roster(request: SignedIn, branch_id: int) -> HttpResponse:
    """支部花名册 In roster order, as of today."""
    branch = queries.branch_for(request.actor, branch_id)
    today, only = clock.today(), request.GET.get("only", "")
    everyone = queries.roster(branch, today)
    tracks = {**queries.TRACK_NAMES, **queries.track_names(branch.district_number, today)}
    if only == "gone":
        rows = queries.gone_from(branch)
    else:
        rows = [row for row in everyone if FILTERS.get(only, FILTERS[""])[1](row)]
    context = {
        "branch": branch,
        "today": today,
        "rows": [(row, tracks.get(row.track or "", "")) for row in rows],
        "only": only,
        "is_member": queries.member_of(request.actor.number) is not None,
        "everyone": len(everyone),
        "filters": [(code, name, sum(map(test, everyone))) for code, (name, test) in FILTERS.items()],
        "may_edit": accounts.may(request.actor, Act.EDIT_ROSTER, branch),
        "may_import": accounts.may(request.actor, Act.IMPORT_ROSTER, branch),
        "several": len(request.actor.grants) > 1 or not accounts.may(request.actor, Act.EVALUATE, branch),
    }
    return render(request, "members/roster.html", context)


@signed_in
def member(request: SignedIn, member_id: int) -> HttpResponse:
    """党员档案 What each role sees; what may be done stands beside it."""
    found = queries.get_visible(request.actor, member_id)
    if found.user_id is not None and found.user_id == request.actor.number:
        return redirect("own-file")
    return _file(request, dossier(found), own=False)


@signed_in
def own_file(request: SignedIn) -> HttpResponse:
    """本人档案 All that is held about the person, to read and to take away."""
    found = queries.member_of(request.actor.number)
    if found is None:
        raise NotVisible("您的账号没有关联到花名册上的党员。如果您是党员，请找所在支部的书记关联账号。")
    return _file(request, dossier(found), own=True)


def _file(request: SignedIn, file: Dossier, *, own: bool) -> HttpResponse:
    actor, number = request.actor, file.member.pk
    relations = conduct.relations_visible_to(actor)
    context = {
        "file": file,
        "member": file.member,
        "own": own,
        "may": _permissions(actor, file, own),
        "records": list(conduct.records_visible_to(actor).filter(member=number).order_by("-on", "-id")),
        "relations": [
            (one.relative if one.member_id == number else one.member, one.kind)
            for one in [*relations.filter(member=number), *relations.filter(relative=number)]
        ],
        "declared": declarations.visible_to(actor).filter(member=number).count(),
    }
    return render(request, "members/file.html", context)


def _permissions(actor: Actor, file: Dossier, own: bool) -> dict[str, bool]:
    """What may be done from this page; the operations ask again."""
    branch = file.branch
    if branch is None or file.member.erased_at is not None:
        return {}
    edits = accounts.may(actor, Act.EDIT_ROSTER, branch)
    hands = accounts.may(actor, Act.HAND_SLIPS, branch)
    moves = accounts.may(actor, Act.PROPOSE_TRANSFER, branch)
    has_account = file.member.user_id is not None
    return {
        "edit": edits,
        "correct": edits and not own,
        "status": edits and not own and file.status != "transferred_out",
        "track": edits and not own and not file.is_gone,
        "transfer": moves and not file.is_gone and file.open_transfer is None,
        "back": moves and not own and file.status == "transferred_out",
        "exemption": (edits or own) and not file.is_gone and file.open_exemption is None,
        "reveal": file.member.identity_sealed is not None and (own or accounts.may(actor, Act.SEE_IDENTITY, branch)),
        "open": hands and not has_account and not file.is_gone,
        "account": hands and has_account and not own,
    }


@require_POST
@signed_in
def reveal(request: SignedIn, member_id: int) -> HttpResponse:
    """查看身份证号 Shown once, on a page of its own that is not kept."""
    found = queries.get_visible(request.actor, member_id)
    number = services.reveal_identity(actor=request.actor, member_id=member_id)
    context: dict[str, Any] = {"member": found, "number": number, "own": found.user_id == request.actor.number}
    return render(request, "members/revealed.html", context)
