"""路由表：积分存折: a member's own passbook, the shop and its counter."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.passbooks import jpeg
from tests.web.doors import (
    AUDITOR,
    COMMUNITY,
    DISTRICT,
    EVERYBODY,
    ISSUERS,
    SECOND_BRANCH,
    SHOPKEEPER,
    TOWNSHIP,
    Row,
    act,
    form,
    page,
    who,
)
from tests.world import TODAY

DAY = f"{TODAY:%Y-%m-%d}"
OWN = who("guilan")
KEEPS = SHOPKEEPER | COMMUNITY
RUNS_ANYWHERE = KEEPS | who("secretary", "deputy", "second_secretary", "village_secretary", "other_secretary")
KEY = "00000000-0000-4000-8000-000000000001"


def picture(_things: Mapping[str, Any]) -> dict[str, Any]:
    return {"picture": SimpleUploadedFile("洗衣液.jpg", jpeg(), content_type="image/jpeg")}


def scan(_things: Mapping[str, Any]) -> dict[str, Any]:
    return {"scan": SimpleUploadedFile("签收单.jpg", jpeg(), content_type="image/jpeg")}


def wanted(things: Mapping[str, Any]) -> dict[str, Any]:
    return {f"good-{things['good'].pk}": "1", "how": "present", "request_key": KEY}


def brought_back(things: Mapping[str, Any]) -> dict[str, Any]:
    line = f"line-{things['redemption'].items.get().pk}"
    return {line: "1", "reason": "漏液", "restocked": "on", "request_key": KEY}


ROUTES: dict[str, Row] = {
    "passbook": page(EVERYBODY),
    "passbook-history": page(OWN, account_id="account"),
    "passbook-workbook": page(OWN, account_id="account"),
    "own-card": page(OWN, account_id="account"),
    "catalogue": page(OWN, account_id="account"),
    "reserve-good": form(OWN, data={"quantity": "1", "request_key": KEY}, account_id="account", good_id="good"),
    "release-reservation": act(OWN | KEEPS, reservation_id="reservation"),
    "report-lost": form(OWN | KEEPS | ISSUERS, card_id="card"),
    "passbook-cards": page(KEEPS | ISSUERS | SECOND_BRANCH, passbook_id="passbook"),
    "all-card-papers": page(KEEPS | ISSUERS | SECOND_BRANCH, passbook_id="passbook"),
    "issue-card": act(KEEPS | ISSUERS, passbook_id="passbook", member_id="cardless_member"),
    "card-paper": page(KEEPS | ISSUERS, passbook_id="passbook", member_id="member"),
    "shops": page(RUNS_ANYWHERE),
    "shop": page(KEEPS, shop_id="shop"),
    "edit-shop": form(COMMUNITY, data={"name": "槐园爱心超市", "place": "党群服务中心二层"}, shop_id="shop"),
    "set-shop-open": act(KEEPS, {"do": "close", "note": "盘点，4月3日恢复"}, shop_id="shop"),
    "counter": form(KEEPS, data=lambda things: {"typed": things["card"].number}, shop_id="shop"),
    "serve": form(SHOPKEEPER, data=wanted, presentation_id="presentation"),
    "reserve-by-name": page(KEEPS, "?q=李桂兰", shop_id="shop"),
    "reserve-for": form(
        KEEPS,
        data=lambda things: {
            "good_id": str(things["good"].pk),
            "quantity": "1",
            "asked": "phone",
            "asked_by": "解小妹",
            "request_key": KEY,
        },
        shop_id="shop",
        account_id="account",
    ),
    "shop-goods": page(KEEPS, shop_id="shop"),
    "new-good": form(COMMUNITY, data={"name": "毛巾", "price": "5", "unit": "条", "is_listed": "on"}, shop_id="shop"),
    "new-hand-over": form(
        KEEPS,
        data=lambda things: {"to_user_id": str(things["next_shopkeeper"].pk)},
        shop_id="second_shop",
    ),
    "hand-over": form(KEEPS, COMMUNITY, data={"do": "accept"}, shop_id="shop", hand_over_id="hand_over"),
    "good": page(KEEPS, good_id="good"),
    "edit-good": form(
        COMMUNITY, data={"name": "洗衣液", "price": "18", "unit": "瓶", "is_listed": "on"}, good_id="good"
    ),
    "good-picture": page(OWN | KEEPS | TOWNSHIP | DISTRICT | AUDITOR, good_id="good"),
    "set-good-picture": act(COMMUNITY, picture, good_id="second_good"),
    "receive-goods": act(
        KEEPS, {"quantity": "5", "unit_yuan": "12.5", "received_on": DAY, "document": "发票0002"}, good_id="good"
    ),
    "count-stock": act(KEEPS, {"counted": "7", "witness": "王保国", "reason": "破损一瓶"}, good_id="good"),
    "redemption": page(OWN | KEEPS, redemption_id="redemption"),
    "sign-redemption": act(KEEPS, scan, redemption_id="redemption"),
    "return-redemption": act(KEEPS, brought_back, redemption_id="redemption"),
    "return": page(OWN | KEEPS, return_id="return"),
    "signed-paper": page(OWN | KEEPS, redemption_id="signed_redemption"),
}
