"""存折文书页 A merchant's statement and a month of the passbook's money, on paper and as Excel."""

from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from pioneer.accounts.queries import name_of
from pioneer.kernel.points import show
from pioneer.rewards import book_queries, books_papers, merchant_queries, money_queries, policies
from pioneer.rewards.reconciliation import reconcile
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.drafts import XLSX
from pioneer.web.papers import paper
from pioneer.web.rewards_money import month_asked, said
from pioneer.workbooks.writing import Heading, Table, write_workbook

MONEY = {"收入", "支出", "原价", "优惠金额", "应付", "金额", "账面", "实有"}


def _yuan(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _headings(*titles: str) -> list[Heading]:
    days = {"日期"}
    wide = {"摘要", "在哪里", "捐赠物品"}
    return [
        Heading(one, "date" if one in days else "number" if one in MONEY else "wrapped" if one in wide else "text",
                36 if one in wide else 0)
        for one in titles
    ]  # fmt: skip


def _book(tables: list[Table], name: str) -> HttpResponse:
    response = HttpResponse(write_workbook(tables), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response


@signed_in
@require_safe
def statement_paper(request: SignedIn, statement_id: int) -> HttpResponse:
    """结算单 PDF"""
    found = merchant_queries.statement_for(request.actor, statement_id)
    return paper(books_papers.statement_pdf(found), f"商户结算单-{found.merchant.name}-{found.year}-{found.month:02d}")


@signed_in
@require_safe
def statement_workbook(request: SignedIn, statement_id: int) -> HttpResponse:
    """结算单 Excel"""
    found = merchant_queries.statement_for(request.actor, statement_id)
    rows = [
        (
            one.on, book_queries.whose(one), one.offer.title, _yuan(one.bill_cents),
            _yuan(one.saved_cents), show(one.points) if one.points else "", _yuan(one.point_cents),
        )
        for one in book_queries.uses_on(found)
    ]  # fmt: skip
    sums = (
        None, "", f"合计{found.uses}次", "", _yuan(found.saved_cents), show(found.points), _yuan(found.cents)
    )  # fmt: skip
    name = f"{found.merchant.name}{found.year}年{found.month}月结算单"
    headings = _headings("日期", "党员", "优惠", "原价", "优惠金额", "积分", "应付")
    return _book([Table("结算单", headings, [*rows, sums], title=name)], name)


@signed_in
@require_safe
def month_paper(request: SignedIn, passbook_id: int) -> HttpResponse:
    """经费月报 PDF"""
    found = money_queries.books_for(request.actor, passbook_id)
    year, month = month_asked(request)
    counts = book_queries.counts_of(request.actor, found)
    here: Any = next((one for one in counts if (one.month.year, one.month.month) == (year, month)), None)
    content = books_papers.month_pdf(
        found, year, month, here.month if here else None, here.by if here else "", here.confirmed_by if here else ""
    )
    return paper(content, f"积分存折经费月报-{found.organisation.name}-{year}-{month:02d}")


@signed_in
@require_safe
def donation_paper(request: SignedIn, donation_id: int) -> HttpResponse:
    """捐赠收据 PDF, by who manages the passbook."""
    found = book_queries.donation_for(request.actor, donation_id)
    policies.require_manages(request.actor, found.passbook)
    return paper(books_papers.donation_pdf(found, name_of(found.by_number)), f"捐赠收据-{found.number:05d}")


@signed_in
@require_safe
def month_workbook(request: SignedIn, passbook_id: int) -> HttpResponse:
    """经费月报 Excel The month's money, donors, how everything stands, and what was compared."""
    found = money_queries.books_for(request.actor, passbook_id)
    year, month = month_asked(request)
    money = money_queries.money_of(found, year, month)
    entries = [
        (
            str(one.number), one.on, one.get_kind_display(), books_papers.what_of(one), one.document,
            _yuan(one.cents) if one.cents > 0 else "", _yuan(-one.cents) if one.cents < 0 else "",
        )
        for one in money.entries
    ]  # fmt: skip
    first = ("", None, "", "上月结余", "", _yuan(money.before), "")
    last = ("", None, "", "月末结余", "", _yuan(money.after), "")
    name = f"{found.organisation.name}{year}年{month}月积分存折经费"
    given = [
        (str(one.number), one.on, one.get_kind_display(), books_papers.donor_of(one), one.what, _yuan(one.cents),
         one.document)
        for one in money_queries.donations_of(found)
    ]  # fmt: skip
    counts = [
        (f"{one.month.year}年{one.month.month}月", _yuan(one.month.book_cents), _yuan(one.month.counted_cents),
         _yuan(one.difference), one.month.note, one.by, one.confirmed_by or "待复核",
         f"已存，编号{one.month.paper.digest[:8]}" if one.month.paper else "没有存")
        for one in book_queries.counts_of(request.actor, found)
    ]  # fmt: skip
    result = reconcile(found)
    checks = [(check.name, str(check.compared), "相符" if not check.findings else "不符") for check in result.checks]
    tables = [
        Table(
            "经费", _headings("号", "日期", "类别", "摘要", "凭证", "收入", "支出"), [first, *entries, last], title=name
        ),
        Table("捐赠", _headings("号", "日期", "类别", "捐赠人", "捐赠物品", "金额", "凭证"), given),
        Table("月结", _headings("月份", "账面", "实有", "相差", "差异说明", "经办人", "复核人", "签字的月报"), counts),
        Table("概况", _headings("项目", "数"), books_papers.figure_rows(money_queries.figures(found))),
        Table("对账", _headings("项目", "核对处数", "结果"), checks),
        Table("不符", _headings("在哪里", "应为", "实为", "相差"), [said(one) for one in result.findings]),
    ]
    return _book(tables, name)
