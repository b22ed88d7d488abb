"""商户页 Where members have something off; and, for who keeps them, people, agreements, offers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.rewards import book_queries, merchant_queries, merchants, money_queries, policies, queries, statements
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms import rewards_books as given
from pioneer.web.forms.trying import say, status_of, tried

USES_SHOWN = 20


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """商户 Who records at one merchant finds its counter at once; everybody else what is offered where."""
    actor = request.actor
    mine = merchant_queries.my_merchants(actor)
    if len(mine) == 1 and not book_queries.managed(actor):
        return redirect("merchant-counter", mine[0].pk)
    books = {one.pk for one in book_queries.books_visible_to(actor)}
    served = {one.pk for one in mine}
    rows = []
    for one in merchant_queries.merchants_visible_to(actor).order_by("passbook", "name"):
        agreement = merchant_queries.agreement_on(one, clock.today())
        texts = [offer_row(offer) for offer in merchant_queries.offers_on(agreement)] if agreement else []
        rows.append((one, agreement, texts, one.pk in served, one.passbook_id in books))
    context = {"rows": rows, "books": bool(books)}
    return render(request, "rewards/merchant_index.html", context)


def offer_row(offer: Any) -> tuple[Any, str]:
    """优惠和它的写法"""
    return offer, merchant_queries.offer_text(offer)


def kept(request: SignedIn, merchant_id: int) -> Any:
    """看得到账的商户 Not of who has but an account in the passbook, or records there."""
    found = merchant_queries.merchant_for(request.actor, merchant_id)
    if not policies.sees_books(request.actor, found.passbook):
        raise NotVisible
    return found


@signed_in
@require_safe
def merchant(request: SignedIn, merchant_id: int) -> HttpResponse:
    """一个商户 Agreements with offers, people, uses, statements."""
    return merchant_page(request, kept(request, merchant_id))


def merchant_page(request: SignedIn, found: Any, bound: Any = None) -> HttpResponse:
    """商户页 With the form that came back, if one did."""
    actor = request.actor
    manages = policies.manages(actor, found.passbook)
    agreements = []
    for one in book_queries.agreements_of(found):
        holds = one.ended_on is None and clock.today() <= one.until_on
        agreements.append((one, holds, [offer_row(offer) for offer in one.offers.all()]))
    uses = merchant_queries.uses_visible_to(actor).filter(merchant=found)[:USES_SHOWN] if manages else []
    people = bound or given.PersonForm(people=book_queries.may_serve(found))
    context = {
        "merchant": found, "manages": manages, "agreements": agreements, "today": clock.today(),
        "people": book_queries.people_at(found), "person_form": people if manages else None,
        "uses": [(one, book_queries.whose(one)) for one in uses],
        "statements": merchant_queries.statements_visible_to(actor).filter(merchant=found),
        "to_state": book_queries.unstated_months(found) if manages else [],
    }  # fmt: skip
    return render(request, "rewards/merchant_page.html", context, status=422 if bound else 200)


def _form_page(request: SignedIn, form: Any, title: str, act: str, back: str, back_text: str) -> HttpResponse:
    context = {"form": form, "title": title, "act": act, "back": back, "back_text": back_text}
    return render(request, "rewards/merchant_form.html", context, status=status_of(request))


# ------------------------------------------------------------------ set up


@signed_in
def add(request: SignedIn, passbook_id: int) -> HttpResponse:
    """登记商户"""
    passbook = money_queries.books_for(request.actor, passbook_id)
    policies.require_manages(request.actor, passbook)
    form = given.MerchantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = merchants.add_merchant
        made = tried(form, lambda: act(actor=request.actor, passbook_id=passbook.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, f"{made.name}已登记。接着登记经办人、签订协议、添加优惠。")
            return redirect("merchant", made.pk)
    back = reverse("passbook-books", args=[passbook.pk])
    return _form_page(request, form, "登记商户", "登记", back, passbook.organisation.name)


@signed_in
def change(request: SignedIn, merchant_id: int) -> HttpResponse:
    """修改商户"""
    found = kept(request, merchant_id)
    policies.require_manages(request.actor, found.passbook)
    initial = {"name": found.name, "trade": found.trade, "address": found.address, "phone": found.phone}
    form = given.MerchantForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        act = merchants.change_merchant
        made = tried(form, lambda: act(actor=request.actor, merchant_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, f"{made.name}已修改。")
            return redirect("merchant", found.pk)
    return _form_page(request, form, "修改商户", "保存", reverse("merchant", args=[found.pk]), found.name)


@require_POST
@signed_in
def add_person(request: SignedIn, merchant_id: int) -> HttpResponse:
    """登记经办人"""
    found = kept(request, merchant_id)
    policies.require_manages(request.actor, found.passbook)
    form = given.PersonForm(request.POST, people=book_queries.may_serve(found))
    if form.is_valid():
        act = merchants.add_person
        made = tried(form, lambda: act(actor=request.actor, merchant_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, "经办人已登记，用自己的账号登录就能记优惠。")
            return redirect("merchant", found.pk)
    return merchant_page(request, found, form)


@require_POST
@signed_in
def end_person(request: SignedIn, person_id: int) -> HttpResponse:
    """经办人离开"""
    person = book_queries.person_for(request.actor, person_id)
    merchants.end_person(actor=request.actor, person_id=person.pk)
    messages.success(request, f"{person.user.name}不再经办。")
    return redirect("merchant", person.merchant_id)


@signed_in
def sign_agreement(request: SignedIn, merchant_id: int) -> HttpResponse:
    """签订协议"""
    found = kept(request, merchant_id)
    policies.require_manages(request.actor, found.passbook)
    form = given.AgreementForm(request.POST or None, initial={"signed_on": clock.today(), "from_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        act = merchants.sign_agreement
        made = tried(form, lambda: act(actor=request.actor, merchant_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, "协议已登记。接着添加优惠。")
            return redirect("merchant", found.pk)
    title = f"与{found.name}签订协议"
    return _form_page(request, form, title, "登记协议", reverse("merchant", args=[found.pk]), found.name)


@signed_in
def end_agreement(request: SignedIn, agreement_id: int) -> HttpResponse:
    """终止协议"""
    found = book_queries.agreement_for(request.actor, agreement_id)
    policies.require_manages(request.actor, found.merchant.passbook)
    form = given.EndAgreementForm(request.POST or None, initial={"ended_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        act = merchants.end_agreement
        made = tried(form, lambda: act(actor=request.actor, agreement_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, f"协议从{queries.day(made.ended_on)}起终止。")
            return redirect("merchant", found.merchant_id)
    back = reverse("merchant", args=[found.merchant_id])
    return _form_page(request, form, "终止协议", "终止协议", back, f"{found.merchant.name}　{found.document}")


@signed_in
def add_offer(request: SignedIn, agreement_id: int) -> HttpResponse:
    """添加优惠"""
    found = book_queries.agreement_for(request.actor, agreement_id)
    policies.require_manages(request.actor, found.merchant.passbook)
    form = given.OfferBox(request.POST or None)
    if request.method == "POST" and form.is_valid():
        what = merchants.OfferForm(**form.cleaned_data)
        made = tried(form, lambda: merchants.add_offer(actor=request.actor, agreement_id=found.pk, form=what))
        if made is not None:
            messages.success(request, f"已添加“{made.title}”：{merchant_queries.offer_text(made)}。")
            return redirect("merchant", found.merchant_id)
    back = reverse("merchant", args=[found.merchant_id])
    return _form_page(request, form, "添加优惠", "添加", back, found.merchant.name)


@require_POST
@signed_in
def end_offer(request: SignedIn, offer_id: int) -> HttpResponse:
    """停止优惠"""
    found = book_queries.offer_for(request.actor, offer_id)
    try:
        merchants.end_offer(actor=request.actor, offer_id=found.pk)
        messages.success(request, f"“{found.title}”已停止。")
    except DomainError as refusal:
        say(request, refusal)
    return redirect("merchant", found.agreement.merchant_id)


@require_POST
@signed_in
def make_statement(request: SignedIn, merchant_id: int) -> HttpResponse:
    """出结算单 Of a month; anew after a dispute."""
    found = kept(request, merchant_id)
    policies.require_manages(request.actor, found.passbook)
    form = given.MonthForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选择月份，例如2026-04。")
        return redirect("merchant", found.pk)
    year, month = form.cleaned_data["month"]
    try:
        made = statements.make_statement(actor=request.actor, merchant_id=found.pk, year=year, month=month)
    except DomainError as refusal:
        say(request, refusal)
        return redirect("merchant", found.pk)
    messages.success(request, "结算单已出，商户的经办人已被告知。")
    return redirect("merchant-statement", made.pk)
