"""路由表：商户、经费和存折管理"""

from tests.passbooks import key
from tests.web.doors import (
    AUDITOR,
    COMMUNITY,
    EVERYBODY,
    ISSUERS,
    MERCHANT,
    OFFICERS,
    SECOND_BRANCH,
    SHOPKEEPER,
    TOWNSHIP,
    Row,
    act,
    form,
    page,
    who,
)
from tests.web.routes_rewards import scan
from tests.world import TODAY

BOOKS = SHOPKEEPER | OFFICERS | AUDITOR  # who sees the community's books
DAY = f"{TODAY:%Y-%m-%d}"
BOTH = MERCHANT | COMMUNITY

ROUTES: dict[str, Row] = {
    "passbooks": page(EVERYBODY),
    "open-passbook": form(
        who("village_secretary"),
        data=lambda s: {
            "organisation_id": s["village"].pk, "opened_on": DAY, "decided_on": DAY, "decided_by": "村党支部大会",
            "document": "柳村党〔2026〕3号",
        },
    ),
    "passbook-books": page(BOOKS | ISSUERS | SECOND_BRANCH, passbook_id="passbook"),
    "close-passbook": form(
        COMMUNITY,
        data={
            "closes_on": "2026-06-30", "decided_on": DAY, "decided_by": "社区党委会", "document": "槐社党〔2026〕9号",
            "reason": "经费用完",
        },
        passbook_id="passbook",
    ),
    "passbook-accounts": page(SHOPKEEPER | COMMUNITY, passbook_id="passbook"),
    "add-shop": form(COMMUNITY, data={"name": "东门积分超市", "place": "东门"}, passbook_id="passbook"),
    "add-merchant": form(
        COMMUNITY, data={"name": "槐园理发店", "trade": "service", "address": "槐园路8号"}, passbook_id="passbook"
    ),
    "passbook-money": page(BOOKS, "?month=2026-03", passbook_id="passbook"),
    "record-money": form(
        COMMUNITY,
        data={"kind": "grant", "cents": "300.50", "on": DAY, "text": "区级拨款", "document": "拨款单2"},
        passbook_id="passbook",
    ),
    "count-month": form(
        COMMUNITY, data={"month": "2026-03", "counted_cents": "125", "note": ""}, query="?month=2026-03",
        passbook_id="passbook",
    ),
    "passbook-month-paper": page(BOOKS, "?month=2026-04", passbook_id="passbook"),
    "passbook-month-workbook": page(BOOKS, "?month=2026-04", passbook_id="passbook"),
    "passbook-donations": page(BOOKS, passbook_id="passbook"),
    "record-donation": form(
        COMMUNITY, data={"kind": "goods", "donor": "槐园粮油店", "on": DAY, "what": "大米20袋"}, passbook_id="passbook"
    ),
    "passbook-reconciliation": page(BOOKS, passbook_id="passbook"),
    "correct-money": form(COMMUNITY, data={"reason": "记重了"}, entry_id="entry"),
    "confirm-month": act(TOWNSHIP, month_close_id="month_close"),  # the community's officer counted
    "sign-month": act(COMMUNITY, scan, month_close_id="confirmed_month"),
    "signed-month": page(BOOKS, month_close_id="signed_month"),
    "donation-receipt": page(COMMUNITY, donation_id="donation"),
    "merchants": page(EVERYBODY),
    "merchant": page(BOOKS, merchant_id="merchant"),
    "change-merchant": form(
        COMMUNITY, data={"name": "槐园面馆", "trade": "restaurant", "address": "槐园路7号"}, merchant_id="merchant"
    ),
    "add-merchant-person": act(
        COMMUNITY, lambda s: {"user_id": s["spare_merchant"].pk}, merchant_id="merchant"
    ),
    "sign-agreement": form(
        COMMUNITY,
        data={
            "document": "协议2027-1", "signed_on": DAY, "signed_by": "双方", "from_on": "2027-01-01",
            "until_on": "2027-12-31", "cents_per_point": "0.5",
        },
        merchant_id="merchant",
    ),
    "make-merchant-statement": act(COMMUNITY, {"month": "2026-3"}, merchant_id="merchant"),
    "merchant-counter": form(MERCHANT, data=lambda s: {"typed": s["card"].number}, merchant_id="merchant"),
    "merchant-use": form(
        MERCHANT,
        data=lambda s: {"offer_id": s["offer"].pk, "bill_cents": "68", "points": "", "request_key": str(key())},
        presentation_id="merchant_presentation",
    ),
    "cancel-offer-use": form(BOTH, data={"reason": "记错了"}, use_id="offer_use"),
    "end-merchant-person": act(COMMUNITY, person_id="merchant_person"),
    "end-agreement": form(COMMUNITY, data={"ended_on": DAY, "reason": "停业"}, agreement_id="agreement"),
    "add-offer": form(
        COMMUNITY,
        data={
            "title": "满减", "kind": "amount", "from_cents": "100", "cents": "20", "limit_count": "1",
            "limit_period": "month", "for_whom": "all",
        },
        agreement_id="agreement",
    ),
    "end-offer": act(COMMUNITY, offer_id="offer"),
    "merchant-statement": page(BOOKS | MERCHANT, statement_id="statement_of_month"),
    "confirm-merchant-statement": act(BOTH, statement_id="statement_of_month"),
    "dispute-merchant-statement": act(BOTH, {"text": "少了一笔"}, statement_id="statement_of_month"),
    "pay-merchant-statement": act(
        COMMUNITY, {"paid_on": DAY, "document": "转账凭证7"}, statement_id="confirmed_statement"
    ),
    "merchant-statement-paper": page(BOOKS | MERCHANT, statement_id="statement_of_month"),
    "merchant-statement-workbook": page(BOOKS | MERCHANT, statement_id="statement_of_month"),
}  # fmt: skip
