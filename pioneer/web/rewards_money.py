"""存折经费页 Money month by month, donors, the month counted and confirmed, and whether everything comes out."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.points import show
from pioneer.rewards import book_queries, books_papers, counting, money, money_queries, policies
from pioneer.rewards.merchant_queries import yuan
from pioneer.rewards.reconciliation import CENTS, POINTS, Finding, reconcile
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms import rewards_money as given
from pioneer.web.forms.rewards_books import month_of
from pioneer.web.forms.trying import say, say_unshown, status_of, tried


def month_asked(request: SignedIn) -> tuple[int, int]:
    """所问的月份 From the address, else the month of today."""
    return month_of(request.GET.get("month", "")) or (clock.today().year, clock.today().month)


def _beside(year: int, month: int, step: int) -> str:
    place = year * 12 + month - 1 + step
    return f"{place // 12}-{place % 12 + 1:02d}"


@signed_in
@require_safe
def money_page(request: SignedIn, passbook_id: int) -> HttpResponse:
    """经费台账 Of a month, with the month's count."""
    return _month_page(request, passbook_id, *month_asked(request))


def _month_page(request: SignedIn, passbook_id: int, year: int, month: int, bound: Any = None) -> HttpResponse:
    actor = request.actor
    found = money_queries.books_for(actor, passbook_id)
    counts = book_queries.counts_of(actor, found)
    ended = money_queries.last_day(year, month) < clock.today()
    here = next((one for one in counts if (one.month.year, one.month.month) == (year, month)), None)
    shown = money_queries.money_of(found, year, month)
    context = {
        "passbook": found, "year": year, "month": month, "money": shown, "went": -shown.went,
        "entries": [(one, books_papers.what_of(one), -one.cents) for one in shown.entries],
        "before": _beside(year, month, -1), "after": "" if not ended else _beside(year, month, 1),
        "this": f"{year}-{month:02d}", "counts": counts, "here": here, "corrected": book_queries.corrected(found),
        "manages": policies.manages(actor, found), "by_hand": [str(kind) for kind in money.BY_HAND],
        "may_count": policies.manages(actor, found) and ended and not (here and here.month.confirmed_at)
        and money_queries.last_day(year, month) >= found.decided_on,
    }  # fmt: skip
    waits = here is not None and here.month.confirmed_at is not None and here.month.paper_id is None
    scan_form = (bound or given.ScanForm()) if waits and policies.manages(actor, found) else None
    context["scan_form"] = scan_form
    say_unshown(request, bound, [scan_form])
    return render(request, "rewards/money_month.html", context, status=422 if bound is not None else 200)


@signed_in
def record(request: SignedIn, passbook_id: int) -> HttpResponse:
    """记经费"""
    found = _managed(request, passbook_id)
    form = given.MoneyForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: money.record_money(actor=request.actor, passbook_id=found.pk, **form.cleaned_data))
        if made is not None:
            messages.success(request, f"已记第{made.number}号。")
            return redirect(_month_url(found.pk, made.on))
    return _form_page(request, form, found, "记经费", "记账")


@signed_in
def correct(request: SignedIn, entry_id: int) -> HttpResponse:
    """更正经费"""
    entry = book_queries.entry_for(request.actor, entry_id)
    policies.require_manages(request.actor, entry.passbook)
    form = given.CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = tried(form, lambda: money.correct_money(actor=request.actor, entry_id=entry.pk, reason=reason))
        if made is not None:
            messages.success(request, f"第{entry.number}号已冲销，写在今天。请再记一笔正确的。")
            return redirect(_month_url(entry.passbook_id, made.on))
    return _form_page(request, form, entry.passbook, "更正经费", "冲销这一笔", entry)


@signed_in
@require_safe
def donations(request: SignedIn, passbook_id: int) -> HttpResponse:
    """捐赠台账"""
    found = money_queries.books_for(request.actor, passbook_id)
    rows = money_queries.donations_of(found)
    manages = policies.manages(request.actor, found)
    return render(request, "rewards/money_donations.html", {"passbook": found, "rows": rows, "manages": manages})


@signed_in
def donate(request: SignedIn, passbook_id: int) -> HttpResponse:
    """记捐赠"""
    found = _managed(request, passbook_id)
    form = given.DonationForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        act = money.record_donation
        made = tried(form, lambda: act(actor=request.actor, passbook_id=found.pk, **form.cleaned_data))
        if made is not None:
            goods = "。请在积分超市入库时选这一笔" if made.kind == "goods" else ""
            messages.success(request, f"已记第{made.number}号捐赠{goods}。")
            return redirect("passbook-donations", found.pk)
    return _form_page(request, form, found, "记捐赠", "登记")


@signed_in
def count(request: SignedIn, passbook_id: int) -> HttpResponse:
    """月结 The cash counted beside the books."""
    found = _managed(request, passbook_id)
    year, month = month_asked(request)
    if "month" not in request.GET:
        year, month = month_of(_beside(year, month, -1)) or (year, month)
    form = given.CountForm(request.POST or None, initial={"month": f"{year}-{month:02d}"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        at = {"year": data["month"][0], "month": data["month"][1]}
        what = {"counted_cents": data["counted_cents"], "note": data["note"], **at}
        made = tried(form, lambda: counting.close_month(actor=request.actor, passbook_id=found.pk, **what))
        if made is not None:
            messages.success(request, f"{made.year}年{made.month}月已月结，请另一位同志复核。")
            return redirect(_month_url(found.pk, date(made.year, made.month, 1)))
    context = {
        "passbook": found, "form": form, "books": money_queries.money_of(found, year, month), "year": year,
        "month": month, "result": reconcile(found),
    }  # fmt: skip
    return render(request, "rewards/money_count.html", context, status=status_of(request))


@require_POST
@signed_in
def confirm(request: SignedIn, month_close_id: int) -> HttpResponse:
    """复核月结"""
    found = book_queries.month_for(request.actor, month_close_id)
    try:
        made = counting.confirm_month(actor=request.actor, month_close_id=found.pk)
        messages.success(request, f"{made.year}年{made.month}月的月结已复核，这个月不再记账。")
    except DomainError as refusal:
        say(request, refusal)
    return redirect(_month_url(found.passbook_id, date(found.year, found.month, 1)))


@require_POST
@signed_in
def keep_scan(request: SignedIn, month_close_id: int) -> HttpResponse:
    """存签字的月报"""
    found = book_queries.month_for(request.actor, month_close_id)
    form = given.ScanForm(request.POST, request.FILES)
    if form.is_valid():
        scan = form.cleaned_data["scan"]
        act = counting.attach_month_paper
        made = tried(form, lambda: act(actor=request.actor, month_close_id=found.pk, content=scan, name=scan.name))
        if made is not None:
            messages.success(request, "签字的月报已存好。")
            return redirect(_month_url(found.passbook_id, date(found.year, found.month, 1)))
    return _month_page(request, found.passbook_id, found.year, found.month, form)


@signed_in
@require_safe
def kept_scan(request: SignedIn, month_close_id: int) -> HttpResponse:
    """下载签字的月报"""
    found = book_queries.month_for(request.actor, month_close_id)
    if found.paper is None:
        raise NotVisible
    return attachment(found.paper)  # type: ignore[return-value]


@signed_in
@require_safe
def reconciliation(request: SignedIn, passbook_id: int) -> HttpResponse:
    """对账 Every book against the others: zero, or where it is not."""
    found = money_queries.books_for(request.actor, passbook_id)
    result = reconcile(found)
    rows = [(check, [said(one) for one in check.findings]) for check in result.checks]
    context = {"passbook": found, "result": result, "rows": rows, "at": clock.now()}
    return render(request, "rewards/money_reconciliation.html", context)


def said(one: Finding) -> tuple[str, str, str, str]:
    """一处不符的写法 Where, expected, found, difference, in the unit people use."""

    def text(value: int, signed: bool = False) -> str:
        plus = "+" if signed and value > 0 else ""
        if one.unit == POINTS:
            return plus + show(value)
        return f"{plus}{yuan(value)}元" if one.unit == CENTS else plus + str(value).replace("-", "−")

    return one.where, text(one.expected), text(one.found), text(one.difference, True)


# ------------------------------------------------------------------ inside


def _managed(request: SignedIn, passbook_id: int) -> Any:
    found = money_queries.books_for(request.actor, passbook_id)
    policies.require_manages(request.actor, found)
    return found


def _month_url(passbook_id: int, on: date) -> str:
    return f"{reverse('passbook-money', args=[passbook_id])}?month={on:%Y-%m}"


def _form_page(
    request: SignedIn, form: object, passbook: Any, title: str, act: str, entry: object = None
) -> HttpResponse:
    context = {"form": form, "passbook": passbook, "title": title, "act": act, "entry": entry}
    return render(request, "rewards/money_form.html", context, status=status_of(request))
