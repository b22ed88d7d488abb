"""首页 The first page answers: what is for me to do now? Each station says its part, in station order."""

from collections.abc import Callable
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render

from pioneer.accounts.policies import Actor
from pioneer.kernel import clock
from pioneer.kernel.asking import asked_once
from pioneer.web import (
    accounts,
    announcements,
    assessments,
    conduct,
    disposals,
    erasure,
    filings,
    followups,
    ledger,
    marks,
    meetings,
    members,
    messages,
    nominations,
    organisations,
    overview,
    publicity,
    rewards_books,
    rewards_shop,
    rulebook,
    supplements,
)
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.todo import Todo

TODO: list[Callable[[Actor], list[Todo]]] = [
    organisations.todo,
    accounts.todo,
    messages.todo,
    members.todo,
    rulebook.todo,
    supplements.todo,
    conduct.todo,
    meetings.todo,
    assessments.todo,
    publicity.todo,
    ledger.todo,
    marks.todo,
    announcements.todo,
    nominations.todo,
    erasure.todo,
    filings.todo,
    followups.todo,
    disposals.todo,
    rewards_shop.todo,
    rewards_books.todo,
    overview.todo,
]


@signed_in
def home(request: SignedIn) -> HttpResponse:
    """首页 What waits for this person; a member without a role is led to its own page."""
    actor = request.actor
    if not actor.grants:
        return redirect("member-home")
    with asked_once():
        waiting = [todo for station in TODO for todo in station(actor)]
        waiting.sort(key=_order)
        return render(request, "home.html", {"waiting": waiting, "today": clock.today()})


def _order(todo: Todo) -> tuple[bool, date]:
    """Urgent first, then by the day it is due; within that, station order."""
    return not todo.urgent, todo.due or date.max
