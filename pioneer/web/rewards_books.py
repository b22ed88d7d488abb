"""积分存折管理页 Passbooks opened and closed, one passbook with its figures, its members' accounts, its shops."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pioneer.accounts.policies import Actor
from pioneer.kernel import clock
from pioneer.kernel.errors import NotVisible
from pioneer.rewards import book_queries, money_queries, policies, queries, services, shops
from pioneer.rewards.door_queries import doors
from pioneer.rewards.reconciliation import reconcile
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.rewards_books import CloseForm, OpenForm, ShopForm
from pioneer.web.forms.trying import status_of, tried
from pioneer.web.todo import Todo


def todo(actor: Actor) -> list[Todo]:
    """待办 Statements on both sides, agreements that end soon, months to count and to confirm."""
    found = []
    for one in book_queries.statements_to_confirm(actor):
        text = f"{one.merchant.name}{one.year}年{one.month}月的结算单待确认"
        found.append(Todo(text, 1, reverse("merchant-statement", args=[one.pk])))
    if not doors(actor).books:
        return found
    passbooks = list(book_queries.books_visible_to(actor))
    managed = book_queries.managed(actor, passbooks)
    for one in book_queries.statements_to_settle(managed):
        what = "有异议" if one.dispute else "待确认" if one.organisation_at is None else "待付款"
        text = f"{one.merchant.name}{one.year}年{one.month}月的结算单{what}"
        if one.organisation_at is None or one.merchant_at is not None:
            found.append(Todo(text, 1, reverse("merchant-statement", args=[one.pk]), urgent=bool(one.dispute)))
    for agreement in book_queries.agreements_ending(managed):
        url = reverse("merchant", args=[agreement.merchant_id])
        found.append(
            Todo(f"{agreement.merchant.name}的协议快到期", 1, url, note=f"到{queries.day(agreement.until_on)}")
        )
    for passbook in managed:
        month = book_queries.uncounted_month(passbook)
        if month is not None:
            url = f"{reverse('passbook-money', args=[passbook.pk])}?month={month:%Y-%m}"
            text = f"积分存折{month.year}年{month.month}月待月结"
            found.append(Todo(text, 1, url, note=passbook.organisation.name))
    for close in book_queries.months_to_confirm(actor, passbooks):
        url = f"{reverse('passbook-money', args=[close.passbook_id])}?month={close.year}-{close.month:02d}"
        found.append(Todo(f"积分存折{close.year}年{close.month}月的月结待复核", 1, url))
    return found


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """积分存折 Those whose books one sees, or for whose members one issues cards; and where one may be opened."""
    rows = [(one, money_queries.figures(one)) for one in book_queries.books_visible_to(request.actor)]
    to_open = queries.passbooks_to_open(request.actor)
    context = {"rows": rows, "outlined": book_queries.outlined_to(request.actor), "to_open": to_open}
    return render(request, "rewards/books_index.html", context | {"today": clock.today()})


@signed_in
def open_new(request: SignedIn) -> HttpResponse:
    """开设积分存折"""
    organisations = queries.passbooks_to_open(request.actor)
    if not organisations:
        raise NotVisible
    form = OpenForm(request.POST or None, organisations=organisations, initial={"opened_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: services.open_passbook(actor=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, "积分存折已开设。接着设立积分超市、登记商户，再记拨款或捐赠。")
            return redirect("passbook-books", made.pk)
    return render(request, "rewards/books_open.html", {"form": form}, status=status_of(request))


@signed_in
@require_safe
def passbook(request: SignedIn, passbook_id: int) -> HttpResponse:
    """一个积分存折 How it stands, and what belongs to it; without the books for who issues cards in a branch."""
    actor = request.actor
    seen = queries.passbook_for(actor, passbook_id)
    if not policies.sees_books(actor, seen) and policies.issues_cards_below(actor, seen):
        return _outline(request, seen)
    found = money_queries.books_for(actor, passbook_id)
    result = reconcile(found)
    merchants = book_queries.merchants_of(found)
    context = {
        "passbook": found, "figures": money_queries.figures(found), "result": result, "today": clock.today(),
        "shops": book_queries.shops_of(found), "merchants": merchants,
        "manages": policies.manages(actor, found), "decides": policies.decides_at(actor, found.organisation),
        "sees_members": policies.manages(actor, found) or policies.runs_shop(actor, found),
        "rule": queries.rule_on(found.organisation.district_number, clock.today()),
    }  # fmt: skip
    return render(request, "rewards/books_passbook.html", context)


def _outline(request: SignedIn, passbook: Any) -> HttpResponse:
    """What every member with an account reads of it, and the cards of the own branch. No figure, no account."""
    people = queries.cards_to_issue(request.actor, passbook.pk)
    context = {
        "passbook": passbook, "today": clock.today(), "shops": book_queries.shops_of(passbook),
        "offers": book_queries.offers_at(passbook), "all": len(people),
        "having": sum(card is not None for _, card in people),
        "rule": queries.rule_on(passbook.organisation.district_number, clock.today()),
    }  # fmt: skip
    return render(request, "rewards/books_outline.html", context)


@signed_in
def close(request: SignedIn, passbook_id: int) -> HttpResponse:
    """停办积分存折"""
    found = money_queries.books_for(request.actor, passbook_id)
    policies.require_decides(request.actor, found.organisation)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = services.close_passbook
        made = tried(form, lambda: act(actor=request.actor, passbook_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, f"已登记停办，最后使用日为{queries.day(made.closes_on)}。有余额的党员已被告知。")
            return redirect("passbook-books", found.pk)
    context = {"form": form, "passbook": found, "figures": money_queries.figures(found)}
    return render(request, "rewards/books_close.html", context, status=status_of(request))


@signed_in
@require_safe
def accounts(request: SignedIn, passbook_id: int) -> HttpResponse:
    """党员账户 For who runs the shop or manages the passbook."""
    found = money_queries.books_for(request.actor, passbook_id)
    if not (policies.manages(request.actor, found) or policies.runs_shop(request.actor, found)):
        raise NotVisible
    rows = book_queries.member_accounts(request.actor, found)
    return render(request, "rewards/books_accounts.html", {"passbook": found, "rows": rows})


@signed_in
def add_shop(request: SignedIn, passbook_id: int) -> HttpResponse:
    """设立积分超市"""
    found = money_queries.books_for(request.actor, passbook_id)
    policies.require_manages(request.actor, found)
    form = ShopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: shops.add_shop(actor=request.actor, passbook_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, f"{made.name}已设立。")
            return redirect("passbook-books", found.pk)
    context = {"form": form, "passbook": found, "title": "设立积分超市", "act": "设立"}
    return render(request, "rewards/books_form.html", context, status=status_of(request))
