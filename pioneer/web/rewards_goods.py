"""商品页 What a shop offers and what is on its shelf: goods, pictures, receiving, stock-taking."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pioneer.accounts.policies import Actor
from pioneer.accounts.queries import name_of
from pioneer.kernel import clock
from pioneer.kernel.points import show
from pioneer.rewards import goods, money_queries, policies, shop_queries, stock
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.rewards import CountForm, GoodsForm, PictureForm, ReceiveForm
from pioneer.web.forms.trying import status_of, tried
from pioneer.web.rewards_shop import shop_to_run

SHOWN = 30
FIELDS = ("name", "unit", "description", "is_listed", "limit_count", "limit_period", "needs_no_objection")
POINTS = ("price", "min_balance", "min_score")


@signed_in
@require_safe
def shop_goods(request: SignedIn, shop_id: int) -> HttpResponse:
    """商品和库存"""
    found = shop_to_run(request.actor, shop_id)
    context = {
        "shop": found,
        "offered": shop_queries.catalogue(found, with_unlisted=True),
        "manages": policies.manages(request.actor, found.passbook),
    }
    return render(request, "rewards/goods.html", context)


@signed_in
def new_good(request: SignedIn, shop_id: int) -> HttpResponse:
    """添加商品"""
    found = shop_to_run(request.actor, shop_id)
    policies.require_manages(request.actor, found.passbook)
    form = GoodsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: goods.add_good(actor=request.actor, shop_id=shop_id, form=form.content()))
        if made is not None:
            messages.success(request, "商品已添加。下一步：办理入库，可再配一张图片。")
            return redirect("good", made.pk)
    return render(request, "rewards/good_edit.html", {"form": form, "shop": found}, status=status_of(request))


def good_to_run(actor: Actor, good_id: int) -> Any:
    """所管的商品"""
    found = shop_queries.good_for(actor, good_id)
    shop_to_run(actor, found.shop_id)
    return found


@signed_in
@require_safe
def good(request: SignedIn, good_id: int) -> HttpResponse:
    """一种商品 Its stock with every movement, and the forms to receive and to count."""
    return _page(request, good_id)


def _page(request: SignedIn, good_id: int, bound: Any = None) -> HttpResponse:
    found = good_to_run(request.actor, good_id)
    manages = policies.manages(request.actor, found.shop.passbook)
    forms: dict[str, Any] = {
        "receive": ReceiveForm(
            auto_id="receive_%s", initial={"received_on": clock.today()}, donations=donations_of(found)
        ),
        "count": CountForm(auto_id="count_%s"),
        "picture": PictureForm(auto_id="picture_%s") if manages else None,
    }
    for name, form in forms.items():
        if type(form) is type(bound):
            forms[name] = bound
    context = {
        "good": found,
        "shop": found.shop,
        "available": found.stock - found.reserved,
        "limit": shop_queries.limit_text(found),
        "manages": manages,
        "batches": shop_queries.batches_of(found)[:SHOWN],
        "moves": shop_queries.moves_of(found)[:SHOWN],
        "counts": [(one, name_of(one.by_number)) for one in shop_queries.counts_of(found)[:SHOWN]],
        "forms": forms,
    }
    return render(request, "rewards/good.html", context, status=422 if bound is not None else 200)


def donations_of(found: Any) -> list[tuple[int, str]]:
    """可入库的捐物"""
    rows = money_queries.donations_of(found.shop.passbook).filter(kind="goods")[:SHOWN]
    return [(one.pk, f"{one.on:%Y-%m-%d} {one.what}") for one in rows]


@signed_in
def edit_good(request: SignedIn, good_id: int) -> HttpResponse:
    """修改商品"""
    found = good_to_run(request.actor, good_id)
    policies.require_manages(request.actor, found.shop.passbook)
    initial = {name: getattr(found, name) for name in FIELDS}
    initial |= {name: show(value) for name in POINTS if (value := getattr(found, name)) is not None}
    form = GoodsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: goods.change_good(actor=request.actor, good_id=good_id, form=form.content()))
        if made is not None:
            messages.success(request, "商品已修改，从现在起按新的内容兑换。")
            return redirect("good", good_id)
    context = {"form": form, "shop": found.shop, "good": found}
    return render(request, "rewards/good_edit.html", context, status=status_of(request))


@require_POST
@signed_in
def set_picture(request: SignedIn, good_id: int) -> HttpResponse:
    """商品图片"""
    form = PictureForm(request.POST, request.FILES, auto_id="picture_%s")
    if form.is_valid():
        brought = form.cleaned_data["picture"]
        made = tried(
            form,
            lambda: goods.set_picture(actor=request.actor, good_id=good_id, content=brought, name=brought.name),
        )
        if made is not None:
            messages.success(request, "图片已换上。")
            return redirect("good", good_id)
    return _page(request, good_id, form)


@require_POST
@signed_in
def receive(request: SignedIn, good_id: int) -> HttpResponse:
    """入库"""
    found = good_to_run(request.actor, good_id)
    form = ReceiveForm(request.POST, auto_id="receive_%s", donations=donations_of(found))
    if form.is_valid():
        given = form.cleaned_data
        made = tried(
            form,
            lambda: stock.receive_goods(
                actor=request.actor, good_id=good_id, quantity=given["quantity"], unit_cents=given["unit_yuan"],
                received_on=given["received_on"], document=given["document"], donation_id=given.get("donation"),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, f"已入库{made.quantity}{found.unit}，第{made.number}批。")
            return redirect("good", good_id)
    return _page(request, good_id, form)


@require_POST
@signed_in
def count(request: SignedIn, good_id: int) -> HttpResponse:
    """盘点"""
    found = good_to_run(request.actor, good_id)
    form = CountForm(request.POST, auto_id="count_%s")
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: stock.count_stock(actor=request.actor, good_id=good_id, **given))
        if made is not None:
            even = made.counted == made.expected
            messages.success(request, "盘点相符。" if even else f"差异已记账，现有{made.counted}{found.unit}。")
            return redirect("good", good_id)
    return _page(request, good_id, form)
