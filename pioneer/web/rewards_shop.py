"""积分超市页 The counter on a phone: whose card it is, what is wanted, the receipt; the shop's day; hand-overs."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Act, Actor, paths
from pioneer.accounts.queries import name_of
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotAllowed, NotVisible
from pioneer.rewards import cards, hand_overs, policies, redeeming, shop_queries, shops
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.rewards import (
    AcceptForm,
    HandOverForm,
    OpenForm,
    RedeemForm,
    RefuseForm,
    ShopForm,
    TypedForm,
)
from pioneer.web.forms.trying import say, say_unshown, status_of, tried
from pioneer.web.todo import Todo

SHOWN = 20


def todo(actor: Actor) -> list[Todo]:
    """待办 A hand-over that waits for this person, and what is reserved at its shops."""
    if not paths(actor, Act.RUN_SHOP):
        return []
    found = []
    for shop in shop_queries.shops_visible_to(actor):
        if not policies.runs_shop(actor, shop.passbook):
            continue
        for one in shop_queries.hand_overs_of(shop).filter(to_number=actor.number, accepted_at=None, refused_at=None):
            where = reverse("hand-over", args=[shop.pk, one.pk])
            found.append(Todo("交接单待确认", 1, where, urgent=True, note=shop.name))
        waiting = list(waiting_at(actor, shop))
        if waiting:
            due = waiting[0].expires_at.astimezone(clock.SHANGHAI).date()
            found.append(Todo("预订待领取", len(waiting), reverse("shop", args=[shop.pk]), due=due, note=shop.name))
    return found


def waiting_at(actor: Actor, shop: Any) -> Any:
    """待领取的预订 The first to expire first."""
    rows = shop_queries.reservations_visible_to(actor).filter(good__shop=shop, state="held")
    return rows.order_by("expires_at")


def shop_to_run(actor: Actor, shop_id: int) -> Any:
    """所办的超市 For who works in it; a member sees the goods on its own page."""
    shop = shop_queries.shop_for(actor, shop_id)
    if not policies.runs_shop(actor, shop.passbook):
        raise NotAllowed("这里由积分超市的人办理。看商品请到“我的存折”。")
    return shop


@signed_in
@require_safe
def shops_page(request: SignedIn) -> HttpResponse:
    """积分超市"""
    if not paths(request.actor, Act.RUN_SHOP):
        raise NotAllowed("这里由积分超市的人办理。看商品请到“我的存折”。")
    found = [
        one for one in shop_queries.shops_visible_to(request.actor) if policies.runs_shop(request.actor, one.passbook)
    ]
    return render(request, "rewards/shops.html", {"shops": found})


@signed_in
@require_safe
def shop(request: SignedIn, shop_id: int) -> HttpResponse:
    """一个超市 What waits, what was handed out last, and the ways to everything else."""
    found = shop_to_run(request.actor, shop_id)
    context = {
        "shop": found,
        "manages": policies.manages(request.actor, found.passbook),
        "reserved": waiting_at(request.actor, found),
        "receipts": [
            (one, shop_queries.return_state(one))
            for one in shop_queries.redemptions_visible_to(request.actor).filter(shop=found)[:SHOWN]
        ],
        "hand_overs": [
            (one, name_of(one.from_number), name_of(one.to_number)) for one in shop_queries.hand_overs_of(found)[:5]
        ],
        "form": OpenForm(),
    }
    return render(request, "rewards/shop.html", context)


@require_POST
@signed_in
def set_open(request: SignedIn, shop_id: int) -> HttpResponse:
    """开门、暂停"""
    form = OpenForm(request.POST)
    opening = request.POST.get("do") == "open"
    if form.is_valid():
        try:
            shops.set_shop_open(actor=request.actor, shop_id=shop_id, is_open=opening, note=form.cleaned_data["note"])
        except DomainError as refusal:
            say(request, refusal)
        else:
            messages.success(request, "超市已恢复兑换。" if opening else "超市已暂停兑换，党员会看到原因。")
    say_unshown(request, form, ())
    return redirect("shop", shop_id)


@signed_in
def edit(request: SignedIn, shop_id: int) -> HttpResponse:
    """修改超市"""
    found = shop_to_run(request.actor, shop_id)
    policies.require_manages(request.actor, found.passbook)
    form = ShopForm(request.POST or None, initial={"name": found.name, "place": found.place, "hours": found.hours})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: shops.change_shop(actor=request.actor, shop_id=shop_id, **given)) is not None:
            messages.success(request, "超市已修改。")
            return redirect("shop", shop_id)
    return render(request, "rewards/shop_edit.html", {"form": form, "shop": found}, status=status_of(request))


# ------------------------------------------------------------------ the counter


@signed_in
def counter(request: SignedIn, shop_id: int) -> HttpResponse:
    """柜台 The card is scanned or typed; a refusal is a sentence above the field."""
    found = shop_to_run(request.actor, shop_id)
    form = TypedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["typed"]
        shown = _presented(request, form, typed, shop_id)
        if shown is not None:
            return redirect("serve", shown.pk)
    context = {"form": form, "shop": found}
    return render(request, "rewards/counter.html", context, status=status_of(request))


def _presented(request: SignedIn, form: TypedForm, typed: str, shop_id: int) -> Any:
    """A member set aside for the shopkeeper is a refusal at this very card: it stands in the form as well."""
    try:
        return tried(form, lambda: cards.present_card(actor=request.actor, typed=typed, shop_id=shop_id))
    except NotAllowed as refusal:
        if refusal.code != "step_aside":
            raise
        form.add_error(None, refusal.message)
        return None


@signed_in
def serve(request: SignedIn, presentation_id: int) -> HttpResponse:
    """办理兑换 First the goods (a plain address), then the confirmation, which writes."""
    shown = shop_queries.presentation_for(request.actor, presentation_id)
    given = request.POST if request.method == "POST" else request.GET
    reserved = shop_queries.reservations_of(shown.card.account, shown.shop)
    taking = next((one for one in reserved if str(one.pk) == given.get("reservation")), None)
    wanted = {taking.good_id: taking.quantity} if taking else wanted_of(given)
    form = RedeemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = given.get("reservation", "")
        made = tried(
            form,
            lambda: redeeming.redeem(
                actor=request.actor, presentation_id=presentation_id, items=list(wanted.items()),
                reservation_id=int(number) if _is_small(number) else None, **form.cleaned_data,
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, "兑换已办好，积分已支出。请党员在收据上签字。")
            return redirect("redemption", made.pk)
    context = {"shown": shown, "shop": shown.shop, "member": shown.card.account.member, "account": shown.card.account}
    return _asking(request, context | {"reserved": reserved, "taking": taking, "form": form}, wanted)


def _asking(request: SignedIn, context: dict[str, Any], wanted: dict[int, int]) -> HttpResponse:
    """What is wanted, or whether what was chosen is right."""
    account, taking = context["account"], context["taking"]
    offered = shop_queries.catalogue(context["shop"], account)
    lines = [(one.good, wanted[one.good.pk]) for one in offered if one.good.pk in wanted]
    if taking:
        lines = [(taking.good, taking.quantity)]
    if not lines:
        context |= {"offered": offered, "asked": request.method == "POST" or "next" in request.GET}
        return render(request, "rewards/serve.html", context, status=status_of(request))
    total = taking.points if taking else sum(good.price * many for good, many in lines)
    context |= {"lines": lines, "total": total, "after": account.balance - (0 if taking else total)}
    context["why_not"] = _why_not(account, lines, total, taking)
    return render(request, "rewards/confirm.html", context, status=status_of(request))


def wanted_of(given: Any) -> dict[int, int]:
    """要的商品 From the fields `good-12=2`; what is no number is none."""
    wanted = {}
    for name, many in given.items():
        number = name.removeprefix("good-")
        if name != number and _is_small(number) and _is_small(many) and int(many) > 0:
            wanted[int(number)] = int(many)
    return wanted


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9


def _why_not(account: Any, lines: list[tuple[Any, int]], total: int, taking: Any) -> list[str]:
    """What stands against it, before anybody confirms."""
    if taking is not None:
        return []
    found = [shop_queries.why_not(good, account, many) for good, many in lines]
    said = [one[1] for one in found if one is not None]
    if account.balance < total:
        said.append("积分不够：余额少于所选商品要的积分，请少选一些或改选别的。")
    return said


# ------------------------------------------------------------------ hand-overs


@signed_in
def new_hand_over(request: SignedIn, shop_id: int) -> HttpResponse:
    """开交接单"""
    found = shop_to_run(request.actor, shop_id)
    people = [(one.pk, one.name) for one in shop_queries.colleagues(request.actor, found)]
    form = HandOverForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: hand_overs.make_hand_over(actor=request.actor, shop_id=shop_id, **given))
        if made is not None:
            messages.success(request, "交接单已开，已告诉接收人。请一起清点。")
            return redirect("hand-over", shop_id, made.pk)
    offered = shop_queries.catalogue(found, with_unlisted=True)
    context = {"form": form, "shop": found, "people": people, "offered": offered}
    return render(request, "rewards/hand_over_new.html", context, status=status_of(request))


@signed_in
def hand_over(request: SignedIn, shop_id: int, hand_over_id: int) -> HttpResponse:
    """交接单 And its answer, by the one it is handed to."""
    actor = request.actor
    found = shop_queries.hand_over_for(actor, hand_over_id)
    if found.shop_id != shop_id or not policies.runs_shop(actor, found.shop.passbook):
        raise NotVisible
    accepting = request.POST.get("do") == "accept"
    form = AcceptForm(request.POST) if accepting else RefuseForm(request.POST or None, auto_id="refuse_%s")
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        made = tried(
            form,
            lambda: hand_overs.answer_hand_over(
                actor=actor, hand_over_id=hand_over_id, accepted=accepting, answer=answer
            ),
        )
        if made is not None:
            messages.success(request, "交接已确认。" if accepting else "交接单已退回。")
            return redirect("hand-over", shop_id, hand_over_id)
    waits = found.accepted_at is None and found.refused_at is None
    mine = waits and actor.number == found.to_number
    refuse = form if isinstance(form, RefuseForm) else RefuseForm(auto_id="refuse_%s")
    accept = form if isinstance(form, AcceptForm) else AcceptForm()
    context: dict[str, Any] = {
        "hand_over": found,
        "shop": found.shop,
        "from_name": name_of(found.from_number),
        "to_name": name_of(found.to_number),
        "waits": waits,
        "accept": accept if mine else None,
        "refuse": refuse if mine else None,
    }
    if request.method == "POST":
        say_unshown(request, form, [context["accept"], context["refuse"]])
    return render(request, "rewards/hand_over.html", context, status=status_of(request))
