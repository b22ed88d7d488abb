"""商户柜台页 A card shown at the merchant, the offer recorded, taken back; the month's statement on both sides. The
merchant learns that the card is good and whose it might be ("王*"): no score, no balance, no full name."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.points import show
from pioneer.rewards import book_queries, cards, merchant_queries, offers, policies, statements
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms import rewards_books as given
from pioneer.web.forms.rewards import TypedForm
from pioneer.web.forms.trying import say, say_unshown, status_of, tried
from pioneer.web.rewards_merchants import offer_row


def _served(request: SignedIn, merchant_id: int) -> Any:
    """The merchant, if the actor records there."""
    found = next((one for one in merchant_queries.my_merchants(request.actor) if one.pk == merchant_id), None)
    if found is None:
        raise NotVisible
    policies.require_records_at(request.actor, found.passbook, merchant_queries.people_of(found))
    return found


# ------------------------------------------------------------------ the counter


@signed_in
def counter(request: SignedIn, merchant_id: int) -> HttpResponse:
    """商户柜台 A card to be typed; what was recorded today; statements."""
    found = _served(request, merchant_id)
    form = TypedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["typed"]
        shown = tried(form, lambda: cards.present_card(actor=request.actor, typed=typed, merchant_id=found.pk))
        if shown is not None:
            return redirect("merchant-use", shown.pk)
    today = clock.today()
    agreement = merchant_queries.agreement_on(found, today)
    uses = book_queries.uses_at(found)
    context = {
        "merchant": found, "form": form, "agreement": agreement, "today": today,
        "offers": [offer_row(one) for one in merchant_queries.offers_on(agreement)] if agreement else [],
        "uses": _rows(uses.filter(on=today)), "earlier": _rows(uses.exclude(on=today)[:20]),
        "statements": merchant_queries.statements_visible_to(request.actor).filter(merchant=found)[:12],
        "others": [one for one in merchant_queries.my_merchants(request.actor) if one.pk != found.pk],
    }  # fmt: skip
    return render(request, "rewards/merchant_counter.html", context, status=status_of(request))


def _rows(uses: Any) -> list[tuple[Any, str, int, bool]]:
    """Each use with the masked name, what is paid in money, whether it may be taken back."""
    return [
        (
            one,
            book_queries.whose(one),
            one.bill_cents - one.saved_cents - one.point_cents,
            one.cancelled_at is None and (one.statement is None or bool(one.statement.dispute)),
        )
        for one in uses
    ]


@signed_in
def use(request: SignedIn, presentation_id: int) -> HttpResponse:
    """记优惠 Valid, what is off, and the amount to enter."""
    seen = merchant_queries.counter(request.actor, presentation_id)
    _served(request, seen.merchant.pk)
    usable = [one for one in seen.offers if not one.why_not]
    form = given.UseForm(request.POST or None, offers=usable, takes_points=seen.takes_points)
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "points": form.cleaned_data.get("points") or 0}
        made = tried(form, lambda: offers.use_offer(actor=request.actor, presentation_id=presentation_id, **data))
        if made is not None:
            messages.success(request, _said(made))
            return redirect("merchant-counter", seen.merchant.pk)
    shown = seen.presentation
    over = "used" if shown.used_at else "late" if clock.now() > shown.expires_at else ""
    context = {"seen": seen, "form": form, "usable": usable, "over": over, "back": seen.merchant.pk}
    return render(request, "rewards/merchant_use.html", context, status=status_of(request))


def _said(made: Any) -> str:
    yuan = merchant_queries.yuan
    pay = made.bill_cents - made.saved_cents - made.point_cents
    points = f"，{show(made.points)}积分抵{yuan(made.point_cents)}元" if made.points else ""
    return f"已记下：应收{yuan(pay)}元（原价{yuan(made.bill_cents)}元，优惠{yuan(made.saved_cents)}元{points}）。"


@signed_in
def cancel(request: SignedIn, use_id: int) -> HttpResponse:
    """撤销使用 By the merchant, or by who manages the passbook."""
    found = merchant_queries.use_for(request.actor, use_id)
    serves = request.actor.number in merchant_queries.people_of(found.merchant)
    if not (serves or policies.manages(request.actor, found.merchant.passbook)):
        raise NotVisible
    back = reverse("merchant-counter" if serves else "merchant", args=[found.merchant_id])
    form = given.CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = tried(form, lambda: offers.cancel_use(actor=request.actor, use_id=found.pk, reason=reason))
        if made is not None:
            messages.success(request, "已撤销，党员已收到消息。")
            return redirect(back)
    context = {"use": found, "masked": book_queries.whose(found), "form": form, "back": back}
    return render(request, "rewards/merchant_cancel.html", context, status=status_of(request))


# ------------------------------------------------------------------ the month's statement


@signed_in
@require_safe
def statement(request: SignedIn, statement_id: int) -> HttpResponse:
    """结算单 The month's uses, what is owed, and what is for whom to do."""
    return statement_page(request, merchant_queries.statement_for(request.actor, statement_id))


def statement_page(request: SignedIn, found: Any, bound: tuple[str, Any] | None = None) -> HttpResponse:
    """结算单页 With the form that came back, if one did."""
    actor = request.actor
    serves = actor.number in merchant_queries.people_of(found.merchant)
    manages = not serves and policies.manages(actor, found.merchant.passbook)
    settled = bool(found.merchant_at and found.organisation_at)
    own_at = found.merchant_at if serves else found.organisation_at
    context = {
        "statement": found, "merchant": found.merchant, "serves": serves, "manages": manages, "settled": settled,
        "rows": _rows(book_queries.uses_on(found)),
        "may_confirm": (serves or manages) and own_at is None and not found.dispute,
        "may_dispute": (serves or manages) and not settled and not found.dispute,
        "may_make": manages and bool(found.dispute),
        "may_pay": manages and settled and found.paid_on is None and bool(found.cents),
        "dispute_form": given.DisputeForm(), "pay_form": given.PayForm(initial={"paid_on": clock.today()}),
        "back": reverse("merchant-counter" if serves else "merchant", args=[found.merchant_id]),
    }  # fmt: skip
    if bound is not None:
        context[bound[0]] = bound[1]
        has_place = context["may_pay" if bound[0] == "pay_form" else "may_dispute"]
        say_unshown(request, bound[1], [bound[1]] if has_place else [])
    return render(request, "rewards/merchant_statement.html", context, status=422 if bound else 200)


@require_POST
@signed_in
def confirm(request: SignedIn, statement_id: int) -> HttpResponse:
    """确认结算单"""
    found = merchant_queries.statement_for(request.actor, statement_id)
    try:
        made = statements.confirm_statement(actor=request.actor, statement_id=found.pk)
        both = made.merchant_at and made.organisation_at
        messages.success(request, "双方都已确认。" if both else "已确认，等另一方确认。")
    except DomainError as refusal:
        say(request, refusal)
    return redirect("merchant-statement", found.pk)


@require_POST
@signed_in
def dispute(request: SignedIn, statement_id: int) -> HttpResponse:
    """对结算单提出异议"""
    found = merchant_queries.statement_for(request.actor, statement_id)
    form = given.DisputeForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        made = tried(form, lambda: statements.dispute_statement(actor=request.actor, statement_id=found.pk, text=text))
        if made is not None:
            messages.success(request, "异议已登记。撤销有误的使用以后，由村（社区）重出结算单。")
            return redirect("merchant-statement", found.pk)
    return statement_page(request, found, ("dispute_form", form))


@require_POST
@signed_in
def pay(request: SignedIn, statement_id: int) -> HttpResponse:
    """付款"""
    found = merchant_queries.statement_for(request.actor, statement_id)
    policies.require_manages(request.actor, found.merchant.passbook)
    form = given.PayForm(request.POST)
    if form.is_valid():
        act = statements.pay_statement
        made = tried(form, lambda: act(actor=request.actor, statement_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, f"已登记付款{merchant_queries.yuan(found.cents)}元，记入经费台账。")
            return redirect("merchant-statement", found.pk)
    return statement_page(request, found, ("pay_form", form))
