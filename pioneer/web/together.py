"""集体录入页 One event, many members, one press."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pioneer.accounts.policies import Actor
from pioneer.declarations import paper_queries, queries, together
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.members import queries as members
from pioneer.organisations.queries import in_tree_order
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.together import TogetherForm
from pioneer.web.forms.trying import status_of, tried


def branch_asked(actor: Actor, number: str) -> Any:
    """所选的支部 The one named, or the only one; None where there is a choice to be made first."""
    if number:
        if not number.isdecimal() or len(number) > 15:
            raise NotVisible
        return paper_queries.branch_for(actor, int(number))
    listed = list(paper_queries.branches_for(actor)[:2])
    if not listed:
        raise NotVisible
    return listed[0] if len(listed) == 1 else None


@signed_in
def declare(request: SignedIn) -> HttpResponse:
    """集体录入"""
    branch = branch_asked(request.actor, request.GET.get("branch", ""))
    if branch is None:
        listed = in_tree_order(paper_queries.branches_for(request.actor))
        return render(request, "declarations/branches.html", {"branches": listed})
    choices = queries.offer_of(branch)
    rows = members.roster(branch, clock.today(), unpublished=True)
    names = [(row.id, "　".join([row.name, *([row.hint] if row.hint else []), *row.marks])) for row in rows]
    form = TogetherForm(request.POST or None, request.FILES or None, choices=choices, roster=names, today=clock.today())
    if request.method == "POST" and form.is_valid():
        said = form.spoken()
        made = tried(form, lambda: together.declare_together(actor=request.actor, branch_id=branch.pk, **said))
        if made is not None:
            messages.success(request, f"已为{len(said['member_ids'])}位党员录入，考评时逐条核定；核定以前可以撤回。")
            return redirect("declarations-for")
    status = status_of(request)
    return render(request, "declarations/together.html", {"form": form, "branch": branch}, status=status)
