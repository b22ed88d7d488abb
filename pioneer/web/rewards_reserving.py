"""电话预订页 At the shop, for a member who telephones or came without its card: whose card, then what is wanted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.points import show
from pioneer.rewards import queries, reservation_queries, reserving, shop_queries
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.rewards import ReserveForForm
from pioneer.web.forms.trying import status_of, tried
from pioneer.web.rewards_shop import shop_to_run

TOO_FEW = "积分不够预订这么多，请少订一些或改订别的。余额由本人查看，电话里不报。"


@signed_in
@require_safe
def named(request: SignedIn, shop_id: int) -> HttpResponse:
    """谁要预订 By the card's number or the name, with what the caller is asked to make sure."""
    shop = shop_to_run(request.actor, shop_id)
    sought = request.GET.get("q", "").strip()
    context = {"shop": shop, "sought": sought, "rows": reservation_queries.named(shop, sought)}
    return render(request, "rewards/reserve_named.html", context)


@signed_in
def reserve_for(request: SignedIn, shop_id: int, account_id: int) -> HttpResponse:
    """代为预订 Checked as the member's own would be; the member is told at once, and may give it up."""
    shop = shop_to_run(request.actor, shop_id)
    account: Any = queries.account_for(request.actor, account_id)
    if account.passbook_id != shop.passbook_id:
        raise NotVisible
    can, cannot = _goods(shop, account)
    form = ReserveForForm(request.POST or None, goods=can)
    if request.method == "POST" and form.is_valid():
        made = _reserved(request, form, account_id)
        if made is not None:
            messages.success(request, _done(made))
            return redirect("shop", shop_id)
    why = queries.why_not_usable(account)
    context = {"form": form, "shop": shop, "member": account.member, "can": can, "cannot": cannot}
    context |= {"why_not": why[1] if why else "", "who": reservation_queries.who(account)}
    return render(request, "rewards/reserve_for.html", context, status=status_of(request))


def _goods(shop: Any, account: Any) -> tuple[list[tuple[int, str]], list[tuple[str, str]]]:
    """What can be had, and what cannot, with the reason; how many points there are is not said."""
    can, cannot = [], []
    for one in shop_queries.catalogue(shop, account):
        good = one.good
        why = one.why_not or ("" if account.balance >= good.price else "积分不够。")
        if why:
            cannot.append((good.name, why))
        else:
            limit = f"　{one.limit}" if one.limit else ""
            can.append(
                (good.pk, f"{good.name}　{show(good.price)}分／{good.unit}　还有{one.available}{good.unit}{limit}")
            )
    return can, cannot


def _reserved(request: SignedIn, form: ReserveForForm, account_id: int) -> Any:
    """Who has to step aside is told in the form, as at the counter; of points that are too few, not how many."""

    def act() -> Any:
        try:
            return reserving.reserve(actor=request.actor, account_id=account_id, **form.cleaned_data)
        except DomainError as refusal:
            if refusal.code in ("not_enough", "below_zero"):
                raise DomainError(refusal.code, TOO_FEW) from refusal
            if refusal.code == "step_aside":
                raise DomainError(refusal.code, refusal.message) from refusal
            raise

    return tried(form, act)


def _done(made: Any) -> str:
    member, good = made.account.member, made.good
    until = queries.day(made.expires_at.astimezone(clock.SHANGHAI).date())
    told = "本人已收到消息" if member.user_id else "本人没有账号，收不到消息，请当面或在电话里说清楚"
    return f"已为{member.name}预订{good.name}{made.quantity}{good.unit}，{until}以前来领。{told}。"
