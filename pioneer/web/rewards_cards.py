"""发卡页 Who has a card that works; issuing one, printing it, reporting it lost for who comes without a phone."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Actor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.papers.passbook_card import Face, passbook_card
from pioneer.rewards import cards, policies, queries
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.trying import say
from pioneer.web.papers import paper


def _seen(actor: Actor, passbook_id: int) -> tuple[Any, list[tuple[Any, Any]]]:
    passbook = queries.passbook_for(actor, passbook_id)
    if not policies.issues_cards_below(actor, passbook):
        raise NotAllowed("积分卡由积分超市、所在支部和村（社区）发放。自己的卡请看“我的存折”。")
    return passbook, queries.cards_to_issue(actor, passbook_id)


@signed_in
@require_safe
def passbook_cards(request: SignedIn, passbook_id: int) -> HttpResponse:
    """发卡 Everybody on the rosters, with the card that works."""
    passbook, people = _seen(request.actor, passbook_id)
    sought = request.GET.get("q", "").strip()
    shown = [(one, card) for one, card in people if sought in one.name] if sought else people
    context = {"passbook": passbook, "people": shown, "all": len(people), "sought": sought}
    context["having"] = sum(card is not None for _, card in people)
    return render(request, "rewards/cards.html", context)


@require_POST
@signed_in
def issue(request: SignedIn, passbook_id: int, member_id: int) -> HttpResponse:
    """发一张卡"""
    try:
        made = cards.issue_card(actor=request.actor, passbook_id=passbook_id, member_id=member_id)
    except DomainError as refusal:
        say(request, refusal)
    else:
        messages.success(request, f"新卡已发，卡号{made.number}。请打印后交给本人。")
    return redirect("passbook-cards", passbook_id)


@signed_in
@require_safe
def card_paper(request: SignedIn, passbook_id: int, member_id: int) -> HttpResponse:
    """打印积分卡 The card that works, on a sheet to fold."""
    passbook, people = _seen(request.actor, passbook_id)
    found = next(((one, card) for one, card in people if one.pk == member_id and card is not None), None)
    if found is None:
        raise NotVisible
    return paper(passbook_card([_face(passbook, *found)]), f"积分卡-{found[1].number}")


@signed_in
@require_safe
def all_papers(request: SignedIn, passbook_id: int) -> HttpResponse:
    """打印全部积分卡 Every card that works, four on a sheet."""
    passbook, people = _seen(request.actor, passbook_id)
    faces = [_face(passbook, member, card) for member, card in people if card is not None]
    if not faces:
        raise DomainError("no_cards", "还没有发出的积分卡。请先在名单中发卡，再来打印。")
    return paper(passbook_card(faces), f"{passbook.organisation.name}积分卡")


def _face(passbook: Any, member: Any, card: Any) -> Face:
    on = card.issued_at.astimezone(clock.SHANGHAI).date()
    return Face(member.name, card.number, passbook.organisation.name, queries.day(on))
