"""兑换收据页 The receipt for the member and the shop, signed on the screen or on paper; what was brought back of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.queries import name_of
from pioneer.kernel.errors import NotVisible
from pioneer.rewards import policies, redeeming, returning, shop_queries
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.rewards import ReceiptForm, ReturnForm
from pioneer.web.forms.trying import say_unshown, tried


@signed_in
@require_safe
def redemption(request: SignedIn, redemption_id: int) -> HttpResponse:
    """收据 For the member and the shop."""
    return _receipt(request, redemption_id)


def _receipt(request: SignedIn, redemption_id: int, bound: Any = None) -> HttpResponse:
    actor = request.actor
    found = shop_queries.redemption_for(actor, redemption_id)
    own = policies.owns(actor, found.account)
    runs = policies.runs_shop(actor, found.shop.passbook)
    kept = shop_queries.kept_of(found)
    state = shop_queries.return_state(found)
    takes_back = runs and not own and not state.is_all
    return_form = bound if isinstance(bound, ReturnForm) else ReturnForm(kept=kept, auto_id="return_%s")
    receipt_form = bound if isinstance(bound, ReceiptForm) else ReceiptForm()
    context: dict[str, Any] = {
        "receipt": found,
        "number": shop_queries.receipt_number(found),
        "kept": kept,
        "state": state,
        "returns": [(one, shop_queries.return_number(one)) for one in reversed(list(found.returns.all()))],
        "own": own,
        "by": name_of(found.by_number),
        "return_form": return_form if takes_back else None,
        "receipt_form": receipt_form if runs and found.paper_id is None else None,
    }
    say_unshown(request, bound, [context["return_form"], context["receipt_form"]])
    return render(request, "rewards/redemption.html", context, status=422 if bound is not None else 200)


@require_POST
@signed_in
def take_back(request: SignedIn, redemption_id: int) -> HttpResponse:
    """退货"""
    kept = shop_queries.kept_of(shop_queries.redemption_for(request.actor, redemption_id))
    form = ReturnForm(request.POST, kept=kept, auto_id="return_%s")
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: returning.return_goods(actor=request.actor, redemption_id=redemption_id, **given))
        if made is not None:
            messages.success(request, "已退货，积分已退回存折。")
            return redirect("return", made.pk)
    return _receipt(request, redemption_id, form)


@signed_in
@require_safe
def returned(request: SignedIn, return_id: int) -> HttpResponse:
    """退货单 For the member and the shop."""
    found = shop_queries.return_for(request.actor, return_id)
    context = {
        "returned": found,
        "number": shop_queries.return_number(found),
        "receipt_number": shop_queries.receipt_number(found.redemption),
        "by": name_of(found.by_number),
    }
    return render(request, "rewards/returned.html", context)


@require_POST
@signed_in
def sign(request: SignedIn, redemption_id: int) -> HttpResponse:
    """签收单 The signature from the screen, or a scan."""
    form = ReceiptForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["scan"] or form.cleaned_data["drawn"]
        name = form.cleaned_data["scan"].name if form.cleaned_data["scan"] else "签名.png"
        made = tried(
            form,
            lambda: redeeming.attach_receipt(
                actor=request.actor, redemption_id=redemption_id, content=content, name=name
            ),
        )
        if made is not None:
            messages.success(request, "签收单已存好。")
            return redirect("redemption", redemption_id)
    return _receipt(request, redemption_id, form)


@signed_in
@require_safe
def signed_paper(request: SignedIn, redemption_id: int) -> HttpResponse:
    """下载签收单"""
    found = shop_queries.redemption_for(request.actor, redemption_id)
    if found.paper is None:
        raise NotVisible
    return attachment(found.paper)  # type: ignore[return-value]
