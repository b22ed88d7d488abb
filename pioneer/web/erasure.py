"""抹除页 For the security administrator: whose texts have been kept long enough, and the step itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pioneer.accounts.policies import Act, Actor, paths
from pioneer.kernel.errors import NotAllowed, NotVisible
from pioneer.ledger import erasure as operations
from pioneer.ledger import queries
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.reorganisation import EraseForm
from pioneer.web.forms.trying import tried
from pioneer.web.todo import Todo


def todo(actor: Actor) -> list[Todo]:
    """待办 Texts whose time is over."""
    due = [one for one in queries.leavers(actor) if one.is_due] if paths(actor, Act.ERASE) else []
    note = "离开满规定年限，文字不再保留"
    return [Todo("已离开党员的文字待抹除", len(due), reverse("erasure"), note=note)] if due else []


@signed_in
def erasure(request: SignedIn) -> HttpResponse:
    """抹除 Those who are due; of the others only how many, and when the first of them is."""
    _require(request.actor)
    found = queries.leavers(request.actor)
    waiting = [one for one in found if not one.is_due]
    context = {
        "due": [one for one in found if one.is_due],
        "waiting": len(waiting),
        "next_on": waiting[0].due_on if waiting else None,
    }
    return render(request, "ledger/erasure.html", context)


@signed_in
def erase(request: SignedIn, member_id: int) -> HttpResponse:
    """抹除一人"""
    _require(request.actor)
    shown = next((one for one in queries.leavers(request.actor) if one.is_due and one.member_id == member_id), None)
    if shown is None:
        raise NotVisible
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        erased = tried(form, lambda: operations.erase_member(actor=request.actor, member_id=member_id))
        if erased is not None:
            messages.success(request, f"编号{shown.number}的文字已抹除；台账的分值和指纹不变。")
            return redirect("erasure")
    return render(request, "ledger/erase.html", {"shown": shown, "form": form})


def _require(actor: Actor) -> None:
    if not paths(actor, Act.ERASE):
        raise NotAllowed("抹除由安全管理员办理，您目前没有这项任职。")
