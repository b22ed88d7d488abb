"""积分存折页 A member's own: what there is, what it came from, the card with its code, goods to reserve."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Actor
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.points import show
from pioneer.rewards import cards, merchant_queries, policies, queries, reserving, shop_queries
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.rewards import ReserveForm
from pioneer.web.forms.trying import say, status_of, tried
from pioneer.web.rewards_history import tables_of, told
from pioneer.workbooks.writing import write_workbook

PER_PAGE = 30
LATEST = 5
EVERY, TURNS = 10, 60  # seconds between two looks at the card, and how many: it does not lie open for ever
JUST_NOW = timedelta(minutes=5)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def square(text: str, title: str) -> SafeString:
    """方块码 As SVG in the page."""
    drawn = segno.make(text, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title=title)
    return mark_safe(drawn)  # noqa: S308


def own_account(actor: Actor, account_id: int) -> Any:
    """本人的存折 Nobody else's, whoever may see it at the counter."""
    account = queries.account_for(actor, account_id)
    if not policies.owns(actor, account):
        raise NotVisible
    return account


# ------------------------------------------------------------------ what there is


@signed_in
@require_safe
def passbook(request: SignedIn) -> HttpResponse:
    """我的存折 Each passbook with what it holds, why it cannot be used, and what happened last."""
    return render(request, "rewards/passbook.html", {"books": books_of(request.actor)})


def books_of(actor: Actor) -> list[dict[str, Any]]:
    """每个存折"""
    books = []
    for standing in queries.accounts_of(actor):
        account = standing.account
        transfers = list(_transfers(actor, account)[: LATEST + 1])
        books.append(
            {
                "standing": standing,
                "card": queries.card_of(actor, account.pk),
                "reserved": shop_queries.reservations_of(account),
                "rows": told(actor, account, transfers[:LATEST]),
                "more": len(transfers) > LATEST,
                "has_goods": shop_queries.shops_visible_to(actor).filter(passbook=account.passbook).exists(),
            }
        )
    return books


def _transfers(actor: Actor, account: Any) -> Any:
    rows = queries.history_of(actor, account.pk)
    return rows.select_related(
        "from_account__merchant", "to_account__merchant", "from_account__shop", "to_account__shop", "line__version"
    )


@signed_in
@require_safe
def history(request: SignedIn, account_id: int) -> HttpResponse:
    """存折明细"""
    account = own_account(request.actor, account_id)
    page = Paginator(_transfers(request.actor, account), PER_PAGE).get_page(request.GET.get("page"))
    context = {"account": account, "page": page, "rows": told(request.actor, account, list(page.object_list))}
    return render(request, "rewards/history.html", context)


@signed_in
@require_safe
def history_workbook(request: SignedIn, account_id: int) -> HttpResponse:
    """明细 Excel Every transfer and every receipt."""
    account = own_account(request.actor, account_id)
    rows = told(request.actor, account, list(_transfers(request.actor, account)))
    receipts = shop_queries.redemptions_visible_to(request.actor).filter(account=account)
    response = HttpResponse(write_workbook(tables_of(rows, list(receipts))), content_type=XLSX)
    name = quote(f"{account.passbook.organisation.name}积分存折.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


# ------------------------------------------------------------------ the card


@signed_in
@require_safe
def card(request: SignedIn, account_id: int) -> HttpResponse:
    """我的积分卡 The number, and the code that changes; the part with the code asks for the next by itself, for ten
    minutes, and says what was just spent."""
    account = own_account(request.actor, account_id)
    found = queries.card_of(request.actor, account_id)
    turn = int(said) if (said := request.GET.get("turn", "")).isdecimal() and len(said) < 4 else 0
    context: dict[str, Any] = {"account": account, "card": found, "why_not": queries.why_not_usable(account)}
    if found is not None and turn < TURNS:
        shown = queries.code_of(request.actor, found.pk)
        latest = list(_transfers(request.actor, account).filter(at__gte=clock.now() - JUST_NOW)[:1])
        context |= {"shown": shown, "square": square(shown.text, f"积分卡{shown.number}的动态码")}
        context |= {"latest": told(request.actor, account, latest), "turn": turn + 1}
        context["seconds"] = min(shown.seconds, EVERY)
    return render(request, "rewards/card.html", context)


@signed_in
def lost(request: SignedIn, card_id: int) -> HttpResponse:
    """挂失 Asks once more before the card is dead."""
    actor = request.actor
    found = queries.card_for(actor, card_id)
    own = policies.owns(actor, found.account)
    if request.method == "POST":
        try:
            cards.report_lost(actor=actor, card_id=card_id)
        except DomainError as refusal:
            say(request, refusal)
        else:
            messages.success(request, "已挂失，卡号从现在起作废。新卡请到积分超市或所在支部领取，积分不受影响。")
        return redirect("passbook") if own else redirect("passbook-cards", found.account.passbook_id)
    context = {"card": found, "own": own}
    return render(request, "rewards/lost.html", context)


# ------------------------------------------------------------------ goods


@signed_in
@require_safe
def catalogue(request: SignedIn, account_id: int) -> HttpResponse:
    """商品目录 Of every shop of the passbook, with the reason where one cannot be had; and merchants' offers."""
    account = own_account(request.actor, account_id)
    shops = shop_queries.shops_visible_to(request.actor).filter(passbook=account.passbook)
    context = {
        "account": account,
        "standing": queries.standing_of(account),
        "shops": [
            (shop, [(one, one.good.price - account.balance) for one in shop_queries.catalogue(shop, account)])
            for shop in shops
        ],
        "offers": merchant_queries.offers_for(account),
    }
    return render(request, "rewards/catalogue.html", context)


@signed_in
def reserve(request: SignedIn, account_id: int, good_id: int) -> HttpResponse:
    """预订一种商品"""
    actor = request.actor
    account = own_account(actor, account_id)
    good = shop_queries.good_for(actor, good_id)
    if good.shop.passbook_id != account.passbook_id:
        raise NotVisible
    form = ReserveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: reserving.reserve(actor=actor, good_id=good_id, account_id=account_id, **given))
        if made is not None:
            until = made.expires_at.astimezone(clock.SHANGHAI).date()
            messages.success(request, f"已预订，请在{queries.day(until)}以前带积分卡到{good.shop.name}领取。")
            return redirect("passbook")
    why = queries.why_not_usable(account) or shop_queries.why_not(good, account, 1)
    context = {
        "form": form,
        "account": account,
        "good": good,
        "available": good.stock - good.reserved,
        "limit": shop_queries.limit_text(good),
        "why_not": why[1] if why else "",
        "conditions": conditions(good),
    }
    return render(request, "rewards/reserve.html", context, status=status_of(request))


def conditions(good: Any) -> list[str]:
    """兑换条件"""
    said = []
    if good.min_balance is not None:
        said.append(f"存折余额不低于{show(good.min_balance)}")
    if good.min_score is not None:
        said.append(f"先锋指数得分不低于{show(good.min_score)}")
    if good.needs_no_objection:
        said.append("没有未了结的异议")
    return said


@require_POST
@signed_in
def release(request: SignedIn, reservation_id: int) -> HttpResponse:
    """取消预订 By the member, or for it at the shop."""
    actor = request.actor
    try:
        ended = reserving.release_reservation(actor=actor, reservation_id=reservation_id)
    except DomainError as refusal:
        say(request, refusal)
        return redirect("passbook")
    messages.success(request, "预订已取消，预留的积分已退回存折。")
    if policies.owns(actor, ended.account):
        return redirect("passbook")
    return redirect("shop", ended.good.shop_id)


@signed_in
@require_safe
def picture(request: SignedIn, good_id: int) -> HttpResponse:
    """商品图片 For who sees the good."""
    good = shop_queries.good_for(request.actor, good_id)
    if good.picture is None:
        raise NotVisible
    return attachment(good.picture)  # type: ignore[return-value]
